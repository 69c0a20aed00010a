"""Visits were registered much longer than planned and paid by the minute."""

from datetime import date

from core.per_line import BY_VISIT, HIT_VISITS, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC05",
    title=Text("Längre än planerat", "Longer than planned"),
    means=Text(
        "Besöken registrerades till mer än {least_times} gånger planerad tid, minst {least_minutes} minuter över den, "
        "och tiden betalades.",
        "Visits were registered as more than {least_times} times the planned time, at least {least_minutes} minutes "
        "beyond it, and were paid for it.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text("Akut behov som finns noterat i journalen.", "An acute need, noted in the record."),
        Text("Planen var gammal: beslutet hade utökats.", "The plan was old: the grant had grown."),
    ),
    do=Text(
        "Glömd utloggning? Jämför med medarbetarens nästa besök, låset och journalen.",
        "A forgotten log-out? Compare with the carer's next visit, the lock and the record.",
    ),
    evidence_class="R",
    family="duration",
    prior=Prior(18, 2, "simulated municipality, development seeds: 0.94 of hits by half of the sum; nothing published"),
    review_minutes=15,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="performed_count > 0 AND planned_minutes > 0",
        missing="visits.planned_end",
        needs=("visits", "visits.planned_end"),
    ),
    params={
        "least_minutes": Param(30, "minutes", "catalogue HC05 says 15: a plan of some minutes is soon doubled"),
        "least_times": Param(
            2.5, "ratio", "catalogue HC05 says 1.3: below twice the plan care varies as much by itself"
        ),
        "least_sek": Param(500, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        """
        SELECT visit_id, 1 - planned_minutes / registered_minutes AS share, NULL AS missing_field,
               CASE WHEN service = 'alarm' THEN 'larm' END AS explained_by
        FROM core_visits
        WHERE status = 'performed' AND planned_minutes > 0
          AND registered_minutes >= planned_minutes + $least_minutes AND registered_minutes > planned_minutes * $least_times
        """,
        "$least_sek",
        paid_by="minutes",
    ),
    example="""
        core_visits
        visit_id | service | planned_start    | planned_end      | actual_start     | actual_end
        A1       | care    | 2026-03-10 08:00 | 2026-03-10 08:30 | 2026-03-10 08:00 | 2026-03-10 10:00
        B1       | care    | 2026-03-10 08:00 | 2026-03-10 08:30 | 2026-03-10 08:00 | 2026-03-10 08:50
        C1       | alarm   | 2026-03-10 08:00 | 2026-03-10 08:30 | 2026-03-10 08:00 | 2026-03-10 10:00
        D1       | care    | 2026-03-10 08:00 | 2026-03-10 08:30 | 2026-03-10 08:00 | 2026-03-10 10:00
        E1       | care    | 2026-03-10 08:00 | 2026-03-10 08:30 | 2026-03-10 08:00 | 2026-03-10 10:00
        F1       | night   | 2026-03-10 01:00 | 2026-03-10 01:30 | 2026-03-10 01:00 | 2026-03-10 03:00
        G1       | care    | 2026-03-10 08:00 | 2026-03-10 09:00 | 2026-03-10 08:00 | 2026-03-10 10:20
        core_compensation_rules
        rule_id | basis     | valid_from
        R1      | performed | 2025-01-01
        R2      | granted   | 2025-01-01
        core_visit_pay
        visit_id | line_id | rule_id | basis_minutes | after_flat | paid_sek
        A1       | LA      | R1      | 120           | 120        | 1000.00
        B1       | LB      | R1      | 50            | 50         | 1000.00
        C1       | LC      | R1      | 120           | 120        | 1000.00
        D1       | LD      | R1      | 120           | 60         | 1000.00
        E1       | LE      | R2      | 120           | 120        | 1000.00
        F1       | LF      | R1      | 120           | 120        | 1000.00
        G1       | LG      | R1      | 140           | 140        | 1200.00
        core_compensation_lines
        line_id | service | unit
        LF      | night   | visit
    """,
    flags={"LA": "750.00", "LC": "explained: larm"},
    source="Indicator catalogue HC05",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
