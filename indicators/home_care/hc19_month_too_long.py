"""A carer's visits of a month add up to more hours than the employment allows."""

from datetime import date

from core.per_line import BY_VISIT, per_line
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC19",
    title=Text("För många timmar i månaden", "Too many hours a month"),
    means=Text(
        "Medarbetarens besök och tiden mellan dem blir mer än {most_hours} timmar på en månad, eller mer än både "
        "{over_contract} gånger anställningen och heltid ({full_time}), hos alla utförare sammanlagt.",
        "The carer's visits and the time between them come to more than {most_hours} hours in a month, or more than both "
        "{over_contract} times the employment and full time ({full_time}), all providers together.",
    ),
    measured=Measured(Text("Timmar i månaden", "Hours in the month")),
    innocent=(
        Text("Sommarvikarie med mycket övertid.", "A summer substitute with much overtime."),
        Text("Avlösning dygnet runt eller sovande jour.", "Respite round the clock, or nights on call."),
        Text("Gemensamt inlogg för timanställda.", "A shared log-in for hourly staff."),
    ),
    do=Text(
        "Jämför med utbetald lön och schema. Kan en person ha gjort besöken?",
        "Compare with pay and roster. Can one person have made the visits?",
    ),
    evidence_class="S",
    family="carer_time",
    prior=Prior(1, 19, "simulated municipality, development seed: 0.05 of hits; no published precision"),
    review_minutes=30,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="performed_count > 0",
        missing="visits.actual_start",
        needs=("visits", "visits.carer_ref"),
    ),
    limits=("full_time",),
    params={
        "most_hours": Param(240, "hours", "catalogue HC19"),
        "over_contract": Param(1.3, "ratio", "catalogue HC19"),
        "break": Param(120, "minutes", "a longer pause is a split shift"),
        "least_sek": Param(200, "sek", "less is not worth a review"),
    },
    sql=per_line(
        """
        WITH month AS (
            SELECT carer_ref, service_month, (minutes + coalesce(pauses, 0)) / 60 AS hours
            FROM (SELECT carer_ref, service_month, sum(registered_minutes) AS minutes FROM core_visits
                  WHERE status = 'performed' AND carer_ref IS NOT NULL GROUP BY ALL)
            LEFT JOIN (SELECT carer_ref, service_month, sum(gap_minutes) AS pauses FROM core_visit_neighbours
                  WHERE gap_minutes < $break GROUP BY ALL) USING (carer_ref, service_month)
        ), contract AS (  -- of those employed in the month; unknown where one of the employments is
            SELECT m.carer_ref, m.service_month, sum(fte) * any_value(l.hours) AS hours,
                   any_value(l.hours) AS full_time
            FROM (SELECT *, (service_month || '-01')::DATE AS first_day FROM month) m
              JOIN core_carers c ON c.carer_ref = m.carer_ref AND c.employed_from <= last_day(first_day)
              AND coalesce(c.employed_to >= first_day, TRUE)
              JOIN core_limits l ON l.kind = 'full_time' AND first_day >= l.valid_from
              AND coalesce(first_day <= l.valid_to, TRUE)
            GROUP BY ALL HAVING count(*) = count(fte)
        ), over AS (
            SELECT m.carer_ref, m.service_month, round(m.hours, 1) AS measured,
                   1 - least($most_hours, coalesce(c.hours * $over_contract, $most_hours)) / m.hours AS share
            FROM month m LEFT JOIN contract c USING (carer_ref, service_month)
            WHERE m.hours > least($most_hours, coalesce(greatest(c.hours * $over_contract, full_time), $most_hours))
        )
        SELECT visit_id, concat_ws('|', carer_ref, service_month) AS together, measured, share, NULL AS missing_field, NULL AS explained_by
        FROM core_visits JOIN over USING (carer_ref, service_month) WHERE status = 'performed'
        """,
        "$least_sek",
        paid_by="visit",
    ),
    example="""
        core_limits
        kind      | hours | valid_from | valid_to
        full_time | 120   | 2005-07-01 | 2026-02-28
        full_time | 165   | 2026-03-01 |
        core_carers
        carer_ref | provider_id | employed_from | employed_to | fte
        A | P1 | 2025-01-01 | | 1
        B | P1 | 2025-01-01 | | 1
        D | P1 | 2025-01-01 | 2025-12-31 | 0.5
        D | P1 | 2026-01-01 | | 0.5
        E | P1 | 2025-01-01 | | 0.5
        E | P2 | 2025-01-01 | |
        core_visits
        visit_id | client_ref | carer_ref | actual_start | actual_end
        A01 | C1 | A | 2026-03-01 07:00 | 2026-03-01 19:00
        A02 | C2 | A | 2026-03-02 07:00 | 2026-03-02 19:00
        A03 | C3 | A | 2026-03-03 07:00 | 2026-03-03 19:00
        A04 | C4 | A | 2026-03-04 07:00 | 2026-03-04 19:00
        A05 | C5 | A | 2026-03-05 07:00 | 2026-03-05 19:00
        A06 | C6 | A | 2026-03-06 07:00 | 2026-03-06 19:00
        A07 | C7 | A | 2026-03-07 07:00 | 2026-03-07 19:00
        A08 | C8 | A | 2026-03-08 07:00 | 2026-03-08 19:00
        A09 | C9 | A | 2026-03-09 07:00 | 2026-03-09 19:00
        A10 | C10 | A | 2026-03-10 07:00 | 2026-03-10 19:00
        A11 | C11 | A | 2026-03-11 07:00 | 2026-03-11 19:00
        A12 | C12 | A | 2026-03-12 07:00 | 2026-03-12 19:00
        A13 | C13 | A | 2026-03-13 07:00 | 2026-03-13 19:00
        A14 | C14 | A | 2026-03-14 07:00 | 2026-03-14 19:00
        A15 | C15 | A | 2026-03-15 07:00 | 2026-03-15 19:00
        A16 | C16 | A | 2026-03-16 07:00 | 2026-03-16 19:00
        A17 | C17 | A | 2026-03-17 07:00 | 2026-03-17 19:00
        A18 | C18 | A | 2026-03-18 07:00 | 2026-03-18 19:00
        A19 | C19 | A | 2026-03-19 07:00 | 2026-03-19 19:00
        A20 | C20 | A | 2026-03-20 07:00 | 2026-03-20 19:00
        A21 | C21 | A | 2026-03-21 07:00 | 2026-03-21 19:00
        A22 | C22 | A | 2026-03-22 07:00 | 2026-03-22 19:00
        A23 | C23 | A | 2026-03-23 07:00 | 2026-03-23 19:00
        A24 | C24 | A | 2026-03-24 07:00 | 2026-03-24 19:00
        A25 | C25 | A | 2026-03-25 07:00 | 2026-03-25 19:00
        B01 | C1 | B | 2026-03-01 07:00 | 2026-03-01 19:00
        B02 | C2 | B | 2026-03-02 07:00 | 2026-03-02 19:00
        B03 | C3 | B | 2026-03-03 07:00 | 2026-03-03 19:00
        B04 | C4 | B | 2026-03-04 07:00 | 2026-03-04 19:00
        B05 | C5 | B | 2026-03-05 07:00 | 2026-03-05 19:00
        B06 | C6 | B | 2026-03-06 07:00 | 2026-03-06 19:00
        B07 | C7 | B | 2026-03-07 07:00 | 2026-03-07 19:00
        B08 | C8 | B | 2026-03-08 07:00 | 2026-03-08 19:00
        B09 | C9 | B | 2026-03-09 07:00 | 2026-03-09 19:00
        B10 | C10 | B | 2026-03-10 07:00 | 2026-03-10 19:00
        B11 | C11 | B | 2026-03-11 07:00 | 2026-03-11 19:00
        B12 | C12 | B | 2026-03-12 07:00 | 2026-03-12 19:00
        B13 | C13 | B | 2026-03-13 07:00 | 2026-03-13 19:00
        D01 | C1 | D | 2026-03-02 00:30 | 2026-03-02 23:30
        D02 | C2 | D | 2026-03-04 00:30 | 2026-03-04 23:30
        D03 | C3 | D | 2026-03-06 00:30 | 2026-03-06 23:30
        D04 | C4 | D | 2026-03-08 00:30 | 2026-03-08 23:30
        D05 | C5 | D | 2026-03-10 00:30 | 2026-03-10 23:30
        D06 | C6 | D | 2026-03-12 00:30 | 2026-03-12 23:30
        D07 | C7 | D | 2026-03-14 00:30 | 2026-03-14 23:30
        D08 | C8 | D | 2026-03-16 00:30 | 2026-03-16 23:30
        E01 | C1 | E | 2026-03-02 00:30 | 2026-03-02 23:30
        E02 | C2 | E | 2026-03-04 00:30 | 2026-03-04 23:30
        E03 | C3 | E | 2026-03-06 00:30 | 2026-03-06 23:30
        E04 | C4 | E | 2026-03-08 00:30 | 2026-03-08 23:30
        E05 | C5 | E | 2026-03-10 00:30 | 2026-03-10 23:30
        E06 | C6 | E | 2026-03-12 00:30 | 2026-03-12 23:30
        E07 | C7 | E | 2026-03-14 00:30 | 2026-03-14 23:30
        E08 | C8 | E | 2026-03-16 00:30 | 2026-03-16 23:30
        core_visit_pay
        visit_id | line_id | paid_sek
        A01 | LA | 2000.00
        B01 | LB | 2000.00
        D01 | LD | 2000.00
        E01 | LE | 2000.00
    """,
    flags={"LA": "570.00", "LD": "834.24"},
    shown={"LD": "184 | D01 D02 D03 D04 D05 D06 D07 D08"},
    source="Indicator catalogue HC19",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
