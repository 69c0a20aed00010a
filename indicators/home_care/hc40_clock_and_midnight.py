"""A visit's length cannot be right: its end before its start, longer than a day, or paid an hour more by a clock change."""

from datetime import date

from core.per_line import BY_VISIT, HIT_VISITS, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC40",
    title=Text("Omöjlig längd på besök", "Impossible visit length"),
    means=Text(
        "Sluttiden ligger före starttiden, besöket är längre än {most_hours} timmar, eller så begärs "
        "en timme mer än den verkliga längden natten då klockan ställdes om.",
        "The end lies before the start, the visit is longer than {most_hours} hours, or an hour more "
        "than its true length is claimed for the night on which the clock changed.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text(
            "Midnatt eller klockbyte hanterades fel av systemet.",
            "The system handled midnight or the change of clock wrongly.",
        ),
        Text("Utloggningen glömdes.", "The log-out was forgotten."),
    ),
    do=Text(
        "Rätta tiden med utföraren och räkna om raden.", "Correct the time with the provider and recalculate the line."
    ),
    evidence_class="R",
    family="duration",
    prior=Prior(5, 5, "judgement: the length is certainly wrong, the sum paid may not be"),
    review_minutes=10,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="performed_count > 0",
        missing="visits.actual_start",
        needs=("visits",),
    ),
    params={
        "most_hours": Param(16, "hours", "catalogue HC40 cuts at 25 hours; nobody is on a visit for 16"),
        "least_sek": Param(100, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        """
        SELECT visit_id, NULL AS missing_field, CASE WHEN service = 'respite' AND registered_minutes > 0 AND NOT is_changed
               THEN 'avlösning dygnet runt' END AS explained_by,
               CASE WHEN is_changed THEN 1 - registered_minutes / billable_minutes
                    WHEN actual_end < actual_start THEN 1 ELSE greatest(1 - planned_minutes / registered_minutes, 0) END AS share
        FROM (
            SELECT *, coalesce(registered_minutes > 0 AND billable_minutes > registered_minutes + 30 AND abs(
                   date_diff('minute', actual_start, actual_end) - registered_minutes) BETWEEN 59 AND 61, false) AS is_changed
            FROM core_visits
            WHERE status = 'performed'
              AND (actual_end < actual_start OR registered_minutes > 60 * $most_hours OR billable_minutes > 0)
        )
        WHERE actual_end < actual_start AND registered_minutes = 0 OR registered_minutes > 60 * $most_hours OR is_changed
        """,
        "$least_sek",
        paid_by="visit",
    ),
    example="""
        core_visits
        visit_id | actual_start     | actual_end       | planned_start    | planned_end      | registered_minutes | billable_minutes | service
        F1       | 2026-03-10 23:50 | 2026-03-10 00:20 | 2026-03-10 23:50 | 2026-03-11 00:20 | 0                  |                  | care
        A1       | 2026-03-10 23:50 | 2026-03-11 00:20 | 2026-03-10 23:50 | 2026-03-11 00:20 | 30                 |                  | care
        F2       | 2026-03-11 08:00 | 2026-03-12 09:00 | 2026-03-11 08:00 | 2026-03-11 08:30 | 1500               |                  | care
        X1       | 2026-03-13 08:00 | 2026-03-14 08:00 | 2026-03-13 08:00 | 2026-03-13 14:00 | 1440               |                  | respite
        A4       | 2026-03-14 08:00 | 2026-03-15 01:00 | 2026-03-14 08:00 | 2026-03-15 08:00 | 1020               |                  | care
        F3       | 2026-03-29 01:30 | 2026-03-29 03:30 | 2026-03-29 01:30 | 2026-03-29 03:30 | 60                 | 120              | night
        A2       | 2026-03-29 01:30 | 2026-03-29 03:30 | 2026-03-29 01:30 | 2026-03-29 03:30 | 60                 | 60               | night
        A5       | 2026-03-16 08:00 | 2026-03-17 09:00 | 2026-03-16 08:00 | 2026-03-16 08:30 | 1500               |                  | care
        A3       | 2026-03-29 12:00 | 2026-03-29 12:10 | 2026-03-29 12:00 | 2026-03-29 12:30 | 10                 | 60               | care
        core_visit_pay
        visit_id | line_id | paid_sek | rule_id
        F1       | L1      | 200.00   |
        A1       | L2      | 200.00   |
        F2       | L2      | 9000.00  |
        A4       | L2      | 9000.00  |
        X1       | L3      | 9000.00  |
        F3       | L4      | 800.00   |
        A2       | L5      | 400.00   |
        A3       | L5      | 400.00   |
        A5       | L6      | 9000.00  | R1
        core_compensation_rules
        rule_id | basis   | valid_from
        R1      | granted | 2020-01-01
    """,
    flags={"L1": "200.00", "L2": "8820.00", "L3": "explained: avlösning dygnet runt", "L4": "400.00"},
    source="Indicator catalogue HC40; visit verification systems cut at 25 hours",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
