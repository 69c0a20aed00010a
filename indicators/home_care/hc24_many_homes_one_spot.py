"""One device registers visits in several homes from one spot away from all of them."""

from datetime import date

from core.per_line import per_line
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC24",
    title=Text("Många hem från samma plats", "Many homes, one spot"),
    means=Text(
        "En telefon registrerar besök i minst {least_homes} hem under månaden från en och samma "
        "plats, mer än {far_m} meter från hemmen.",
        "One phone registers visits in at least {least_homes} homes during the month from one and "
        "the same spot, more than {far_m} metres from the homes.",
    ),
    measured=Measured(Text("Hem som registrerats från platsen", "Homes registered from the spot")),
    innocent=(
        Text(
            "Besöken loggades in från kontoret därför att täckning saknades.",
            "The visits were logged from the office because there was no coverage.",
        ),
        Text("Hemmens koordinater är fel.", "The homes' coordinates are wrong."),
    ),
    do=Text(
        "Vad finns på platsen? Fråga varför taggar lästs av där, och fråga brukarna om besöken.",
        "What is at the spot? Ask why tags were read there, and ask the clients about the visits.",
    ),
    evidence_class="R",
    family="presence",
    prior=Prior(14, 6, "simulated municipality, development seed: 0.24 of 781 hits by 500 kr, 0.83 by half of the sum"),
    review_minutes=45,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="performed_count > 0",
        missing="visits.start_x_m",
        needs=("visits", "visits.device_ref", "visits.start_x_m", "visits.distance_start_m"),
    ),
    params={
        "least_homes": Param(3, "homes", "drifting positions rarely meet on the same 100 m square twice"),
        "far_m": Param(200, "metre", "as HC22"),
        "least_sek": Param(100, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        """
        WITH spot AS (
            SELECT concat_ws('|', device_ref, service_month, start_x_m, start_y_m) AS together, list(visit_id) AS hits,
                   count(DISTINCT coalesce(building_ref, client_ref)) AS measured
            FROM core_visits
            WHERE status = 'performed' AND distance_start_m > $far_m AND device_ref IS NOT NULL AND start_x_m IS NOT NULL
              AND service <> 'alarm' AND coalesce(task, '') NOT IN ('shopping', 'laundry', 'walk', 'escort')
            GROUP BY device_ref, service_month, start_x_m, start_y_m
            HAVING measured >= $least_homes
        )
        SELECT unnest(hits) AS visit_id, together, measured, 1 AS share, NULL AS missing_field, NULL AS explained_by FROM spot
        """,
        "$least_sek",
    ),
    example="""
        core_visits
        visit_id | client_ref | device_ref | building_ref | task     | start_x_m | start_y_m | distance_start_m | actual_start
        F1       | C1         | D1         |              | meal     | 5000      | 7000      | 900              | 2026-03-10 08:00
        F2       | C2         | D1         |              | meal     | 5000      | 7000      | 1200             | 2026-03-12 08:00
        F3       | C3         | D1         |              | meal     | 5000      | 7000      | 400              | 2026-03-20 08:00
        A1       | C4         | D1         |              | meal     | 5000      | 7000      | 150              | 2026-03-20 09:00
        A2       | C5         | D1         |              | shopping | 5000      | 7000      | 800              | 2026-03-20 10:00
        A3       | C1         | D2         | B1           | meal     | 6000      | 7000      | 900              | 2026-03-10 08:00
        A4       | C2         | D2         | B1           | meal     | 6000      | 7000      | 900              | 2026-03-12 08:00
        A5       | C3         | D2         |              | meal     | 6000      | 7000      | 400              | 2026-03-20 08:00
        A6       | C1         | D3         |              | meal     | 5000      | 7000      | 900              | 2026-03-11 08:00
        core_visit_pay
        visit_id | line_id | paid_sek
        F1       | L1      | 200.00
        F2       | L2      | 200.00
        F3       | L3      | 200.00
        A1       | L4      | 200.00
        A2       | L5      | 200.00
        A3       | L1      | 200.00
        A4       | L2      | 200.00
        A5       | L3      | 200.00
        A6       | L6      | 200.00
    """,
    flags={"L1": "200.00", "L2": "200.00", "L3": "200.00"},
    shown={"L1": "3 | F1 F2 F3"},
    source="Indicator catalogue HC24 (S there, share of a day's events); typology T03: tags copied or "
    "kept in the office",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
