"""One device registers visits of several carers in different homes within minutes."""

from datetime import date

from core.per_line import HIT_VISITS, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC23",
    title=Text("Flera medarbetare på samma telefon", "Several carers, one phone"),
    means=Text(
        "En telefon registrerar besök av olika medarbetare i skilda hem inom {within_minutes} "
        "minuter, minst {least_visits} gånger i månaden.",
        "One phone registers visits of different carers in separate homes within {within_minutes} "
        "minutes, at least {least_visits} times in the month.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text("En lånad eller gemensam telefon.", "A borrowed or shared phone."),
        Text("Två medarbetare åker tillsammans.", "Two carers travel together."),
    ),
    do=Text("Vem hade telefonen? Jämför med schema och lön.", "Who had the phone? Compare with roster and pay."),
    evidence_class="S",
    family="presence",
    prior=Prior(6, 14, "simulated municipality, development seed: 0.32 of 182 hits by 500 kr, 0.74 by half of the sum"),
    review_minutes=30,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="performed_count > 0",
        missing="visits.device_ref",
        needs=("visits", "visits.device_ref"),
    ),
    params={
        "within_minutes": Param(10, "minutes", "catalogue HC23"),
        "least_visits": Param(3, "visits", "a phone is lent now and then"),
        "least_sek": Param(100, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        """
        WITH held AS (
            SELECT device_ref, service_month, carer_ref, count(*) AS visits FROM core_visits
            WHERE start_utc IS NOT NULL AND device_ref IS NOT NULL AND carer_ref IS NOT NULL GROUP BY ALL
        ), guest AS (  -- everyone but the one who uses the device most
            SELECT * FROM held
            QUALIFY row_number() OVER (PARTITION BY device_ref, service_month ORDER BY visits DESC, carer_ref) > 1
        ), pair AS (
            SELECT device_ref, g.service_month, g.visit_id, h.visit_id AS other_id
            FROM core_visits g SEMI JOIN guest USING (device_ref, service_month, carer_ref)
            JOIN core_visits h USING (device_ref, visit_date)
            WHERE h.carer_ref <> g.carer_ref AND h.client_ref <> g.client_ref
              AND h.start_utc BETWEEN g.start_utc - to_minutes($within_minutes) AND g.start_utc + to_minutes($within_minutes)
              AND NOT coalesce(h.building_ref = g.building_ref, false) AND NOT coalesce(h.household_ref = g.household_ref, false)
        )
        SELECT unnest([visit_id, other_id]) AS visit_id, unnest([other_id, visit_id]) AS beside, 1 AS share,
               NULL AS missing_field, NULL AS explained_by
        FROM pair SEMI JOIN (SELECT device_ref, service_month FROM pair GROUP BY ALL
                             HAVING count(DISTINCT visit_id) >= $least_visits) USING (device_ref, service_month)
        """,
        "$least_sek",
    ),
    example="""
        core_visits
        visit_id | client_ref | carer_ref | device_ref | building_ref | actual_start
        A1       | C1         | W1        | D1         |              | 2026-03-10 08:00
        G1       | C2         | W2        | D1         |              | 2026-03-10 08:09
        A2       | C3         | W1        | D1         |              | 2026-03-11 08:00
        G2       | C2         | W2        | D1         |              | 2026-03-11 08:10
        A3       | C4         | W1        | D1         |              | 2026-03-12 08:00
        G3       | C2         | W3        | D1         |              | 2026-03-12 07:55
        G4       | C2         | W3        | D1         |              | 2026-03-12 12:00
        A5       | C4         | W1        | D1         | B1           | 2026-03-13 08:00
        G5       | C5         | W3        | D1         | B1           | 2026-03-13 08:05
        A6       | C6         | W4        | D2         |              | 2026-03-10 08:00
        A7       | C6         | W4        | D2         |              | 2026-03-11 08:00
        G6       | C7         | W5        | D2         |              | 2026-03-10 08:05
        core_visit_pay
        visit_id | line_id | paid_sek
        A1       | L1      | 200.00
        A2       | L1      | 200.00
        A3       | L1      | 200.00
        A5       | L1      | 200.00
        G1       | L2      | 150.00
        G2       | L2      | 150.00
        G3       | L2      | 150.00
        G4       | L2      | 150.00
        G5       | L3      | 150.00
        A6       | L4      | 200.00
        A7       | L4      | 200.00
        G6       | L5      | 150.00
    """,
    flags={"L1": "600.00", "L2": "450.00"},
    shown={"L2": "3 | G1 G2 G3 A1 A2 A3"},
    source="Indicator catalogue HC23; typology T03 and T05",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
