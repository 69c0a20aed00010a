"""A carer came to the next home faster than the way there can be driven."""

from datetime import date

from core.per_line import BY_VISIT, per_line
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC16",
    title=Text("Omöjlig restid", "Impossible travel"),
    means=Text(
        "Tiden mellan två besök är under {least_share} av den snabbaste resan mellan hemmen, som tar minst "
        "{least_minutes} minuter i {speed} km/h.",
        "The time between two visits is below {least_share} of the fastest trip between the homes, which takes at "
        "least {least_minutes} minutes at {speed} km/h.",
    ),
    measured=Measured(Text("Meter mellan hemmen, fågelvägen", "Metres between the homes, as the crow flies")),
    innocent=(
        Text("Hemmets läge i registret är fel.", "The home's position in the register is wrong."),
        Text("Fel brukare valdes vid inloggningen.", "The wrong client was chosen at log-in."),
        Text("Brukaren vistades på annan adress.", "The client stayed at another address."),
        Text("Två medarbetare delade inlogg.", "Two carers shared a log-in."),
    ),
    do=Text(
        "Se registreringssätt, avstånd och lås för båda besöken. Vilket av dem gjordes inte på plats?",
        "Look at method, distance and lock of both visits. Which of them was not made on the spot?",
    ),
    evidence_class="S",
    family="carer_time",
    prior=Prior(1, 16, "simulated municipality, development seed: 0.06 of hits are wrong pay, a third wrong records"),
    review_minutes=25,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="performed_count > 0",
        missing="visits.actual_start",
        needs=("visits", "visits.carer_ref", "clients.x_m"),
    ),
    params={
        "least_share": Param(0.8, "share", "catalogue HC16"),
        "speed": Param(60, "km/h", "catalogue HC16: faster than anyone drives between homes"),
        "road_factor": Param(1.3, "ratio", "roads are about a third longer than the straight line"),
        "least_minutes": Param(4, "minutes", "nearer, minutes and the 100 m grid decide"),
        "least_sek": Param(200, "sek", "less is not worth a review"),
    },
    sql=per_line(
        """
        SELECT v.registered_minutes <= p.registered_minutes OR p.service_month < v.service_month AS is_later,
               if(is_later, v.visit_id, p.visit_id) AS visit_id, if(is_later, p.visit_id, v.visit_id) AS beside,
               distance_m AS measured, 1 AS share, NULL AS missing_field,
               CASE WHEN v.task IN ('shopping', 'laundry', 'walk', 'escort')
                      OR p.task IN ('shopping', 'laundry', 'walk', 'escort') THEN 'utanför bostaden' END AS explained_by
        FROM (SELECT *, distance_m * $road_factor * 60 / (1000 * $speed) AS travel_minutes FROM core_visit_neighbours
              WHERE NOT is_overlapping AND NOT is_same_client AND NOT is_same_building) n
          JOIN core_visits v ON v.visit_id = n.visit_id JOIN core_visits p ON p.visit_id = n.previous_id
        WHERE travel_minutes >= $least_minutes AND gap_minutes < travel_minutes * $least_share
        """,
        "$least_sek",
        paid_by="visit",
    ),
    example="""
        core_visits
        visit_id | client_ref | task     | actual_start     | actual_end
        A1       | C1         | meal     | 2026-03-10 08:00 | 2026-03-10 08:40
        A2       | C2         | meal     | 2026-03-10 08:42 | 2026-03-10 09:00
        B1       | C3         | meal     | 2026-03-10 10:00 | 2026-03-10 10:30
        B2       | C4         | meal     | 2026-03-10 10:42 | 2026-03-10 11:00
        D1       | C5         | shopping | 2026-03-10 12:00 | 2026-03-10 12:30
        D2       | C6         | meal     | 2026-03-10 12:31 | 2026-03-10 12:50
        E1       | C7         | meal     | 2026-03-31 23:40 | 2026-03-31 23:55
        E2       | C8         | meal     | 2026-04-01 00:01 | 2026-04-01 00:40
        core_visit_neighbours
        visit_id | previous_id | gap_minutes | distance_m
        A2       | A1          | 2           | 8000
        B2       | B1          | 12          | 8000
        D2       | D1          | 1           | 8000
        E2       | E1          | 6           | 8000
        core_visit_pay
        visit_id | line_id | paid_sek
        A1       | LA1     | 400.00
        A2       | LA2     | 300.00
        B2       | LB2     | 300.00
        D2       | LD2     | 300.00
        E1       | LE1     | 300.00
        E2       | LE2     | 500.00
    """,
    flags={"LA2": "300.00", "LE2": "500.00", "LD2": "explained: utanför bostaden"},
    shown={"LA2": "8000 | A2 A1"},
    source="Indicator catalogue HC16, there H: homes and clocks err too often; straight line between homes times a road factor",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
