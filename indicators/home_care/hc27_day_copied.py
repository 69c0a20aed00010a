"""A carer registers the same clients at exactly the same minutes as on an earlier day."""

from datetime import date

from core.per_line import HIT_VISITS, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC27",
    title=Text("Samma dag en gång till", "A day copied"),
    means=Text(
        "Medarbetaren har en dag med minst {least_visits} besök där brukare, starttider och sluttider på "
        "minuten är desamma som en tidigare dag samma månad.",
        "The carer has a day of at least {least_visits} visits in which each client, start and end "
        "equals an earlier day of the same month to the minute.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text("Tiderna fylls i från planen av systemet.", "The system fills in the times from the plan."),
        Text("Nattpatrull med fast tur.", "A night patrol with a fixed round."),
    ),
    do=Text(
        "Hur registrerades besöken? Jämför med låshändelser och med planen för de båda dagarna.",
        "How were the visits registered? Compare with lock events and with the plan of the two days.",
    ),
    evidence_class="R",
    family="plan_copy",
    prior=Prior(2, 8, "judgement: systems that fill in the plan copy days; no published precision"),
    review_minutes=20,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="performed_count > 0",
        missing="visits.actual_start",
        needs=("visits", "visits.carer_ref"),
    ),
    params={
        "least_visits": Param(4, "visits", "two or three visits may agree by chance"),
        "least_sek": Param(100, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        """
        WITH day AS (
            SELECT carer_ref, service_month, visit_date, count(*) AS visits, bool_and(service = 'night') AS is_night,
                   sum(hash(client_ref, epoch(actual_start) - epoch(visit_date), epoch(actual_end) - epoch(visit_date)))
                   AS picture
            FROM core_visits WHERE start_utc IS NOT NULL AND carer_ref IS NOT NULL
            GROUP BY ALL HAVING count(*) >= $least_visits
        ), copied AS (
            SELECT carer_ref, service_month, visits, picture, min(visit_date) AS first_date FROM day
            GROUP BY ALL HAVING count(*) > 1
        )
        SELECT v.visit_id, w.visit_id AS beside, 1 AS share, NULL AS missing_field, CASE WHEN d.is_night THEN 'nattpatrull' END AS explained_by
        FROM copied c JOIN day d USING (carer_ref, service_month, visits, picture)
        JOIN core_visits v ON v.carer_ref = d.carer_ref AND v.visit_date = d.visit_date
        LEFT JOIN core_visits w ON w.carer_ref = d.carer_ref AND w.visit_date = c.first_date AND w.client_ref = v.client_ref
          AND w.actual_start - w.visit_date = v.actual_start - v.visit_date AND w.start_utc IS NOT NULL
        WHERE d.visit_date > c.first_date AND v.start_utc IS NOT NULL
        """,
        "$least_sek",
    ),
    example="""
        core_visits
        visit_id | client_ref | carer_ref | service | actual_start     | actual_end
        A1       | C1         | W1        | care    | 2026-03-10 08:01 | 2026-03-10 08:22
        A2       | C2         | W1        | care    | 2026-03-10 08:31 | 2026-03-10 08:44
        A3       | C3         | W1        | care    | 2026-03-10 09:02 | 2026-03-10 09:27
        A4       | C4         | W1        | care    | 2026-03-10 09:40 | 2026-03-10 10:03
        F1       | C1         | W1        | care    | 2026-03-17 08:01 | 2026-03-17 08:22
        F2       | C2         | W1        | care    | 2026-03-17 08:31 | 2026-03-17 08:44
        F3       | C3         | W1        | care    | 2026-03-17 09:02 | 2026-03-17 09:27
        F4       | C4         | W1        | care    | 2026-03-17 09:40 | 2026-03-17 10:03
        B1       | C1         | W1        | care    | 2026-03-18 08:01 | 2026-03-18 08:22
        B2       | C2         | W1        | care    | 2026-03-18 08:31 | 2026-03-18 08:44
        B3       | C3         | W1        | care    | 2026-03-18 09:02 | 2026-03-18 09:27
        B4       | C4         | W1        | care    | 2026-03-18 09:41 | 2026-03-18 10:03
        N1       | C1         | W2        | night   | 2026-03-10 23:01 | 2026-03-10 23:08
        N2       | C2         | W2        | night   | 2026-03-10 23:15 | 2026-03-10 23:22
        N3       | C3         | W2        | night   | 2026-03-10 23:30 | 2026-03-10 23:37
        N4       | C4         | W2        | night   | 2026-03-10 23:45 | 2026-03-10 23:52
        X1       | C1         | W2        | night   | 2026-03-11 23:01 | 2026-03-11 23:08
        X2       | C2         | W2        | night   | 2026-03-11 23:15 | 2026-03-11 23:22
        X3       | C3         | W2        | night   | 2026-03-11 23:30 | 2026-03-11 23:37
        X4       | C4         | W2        | night   | 2026-03-11 23:45 | 2026-03-11 23:52
        core_visit_pay
        visit_id | line_id | paid_sek
        A1       | L1      | 100.00
        F1       | L1      | 110.00
        F2       | L2      | 120.00
        F3       | L3      | 130.00
        F4       | L4      | 140.00
        B1       | L1      | 100.00
        B4       | L4      | 100.00
        N1       | L5      | 150.00
        X1       | L5      | 150.00
    """,
    flags={"L1": "110.00", "L2": "120.00", "L3": "130.00", "L4": "140.00", "L5": "explained: nattpatrull"},
    shown={"L1": "1 | F1 A1"},
    source="Indicator catalogue HC27, there S and within a minute: a copy is exact; typology T06",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
