"""A carer's whole day has no time between visits although the homes lie apart."""

from datetime import date

from core.per_line import BY_VISIT, HIT_VISITS, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC17",
    title=Text("Ingen restid på hela dagen", "No travel all day"),
    means=Text(
        "Medarbetaren hade minst {least_visits} besök på en dag, för det mesta med mindre än {gap} minut emellan, fast "
        "hemmen i snitt ligger minst {distance} meter isär.",
        "The carer had at least {least_visits} visits in a day, mostly with less than {gap} minutes between, though "
        "homes lie at least {distance} metres apart on average.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text("Alla brukare bor i samma servicehus.", "All clients live in one service house."),
        Text("Systemet låter besöken sluta när nästa börjar.", "The system ends a visit when the next one begins."),
    ),
    do=Text(
        "Jämför med lås och taggar. Räknas resan in i besöken?",
        "Compare with locks and tags. Is travel counted into the visits?",
    ),
    evidence_class="C",
    family="carer_time",
    prior=Prior(1, 9, "simulated municipality: 0.3 of hits, nearly all of them one innocent outlier provider"),
    review_minutes=25,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="performed_count > 0",
        missing="visits.actual_start",
        needs=("visits", "visits.carer_ref", "clients.x_m"),
    ),
    params={
        "least_visits": Param(8, "visits", "catalogue HC17"),
        "gap": Param(1, "minutes", "catalogue HC17"),
        "distance": Param(1_000, "metre", "nearer, a minute is nearly enough"),
        "speed": Param(30, "km/h", "what a carer drives through a town, stops and parking in it"),
        "road_factor": Param(1.3, "ratio", "roads are about a third longer than the straight line"),
        "least_sek": Param(300, "sek", "smaller sums are not worth a review"),
    },
    sql=per_line(
        """
        WITH tight AS (
            SELECT carer_ref, visit_date FROM core_visit_neighbours WHERE NOT is_same_client GROUP BY ALL
            HAVING count(*) >= $least_visits - 1 AND avg(distance_m) >= $distance
               AND 2 * count(*) FILTER (gap_minutes < $gap) > count(*)
        ), day AS (
            SELECT carer_ref, visit_date,
                   sum(greatest(distance_m * $road_factor * 60 / (1000 * $speed) - greatest(gap_minutes, 0), 0)) AS lacking
            FROM core_visit_neighbours SEMI JOIN tight USING (carer_ref, visit_date) WHERE NOT is_same_client GROUP BY ALL
        )
        SELECT visit_id, beside, share, NULL AS missing_field, NULL AS explained_by FROM (
            SELECT visit_id, lacking / sum(registered_minutes) OVER (PARTITION BY carer_ref, visit_date) AS share
            FROM core_visits JOIN day USING (carer_ref, visit_date) WHERE status = 'performed'
        ) LEFT JOIN (
            SELECT unnest([visit_id, previous_id]) AS visit_id, unnest([previous_id, visit_id]) AS beside
            FROM core_visit_neighbours SEMI JOIN tight USING (carer_ref, visit_date)
        ) USING (visit_id)
        """,
        "$least_sek",
        paid_by="visit",
    ),
    example="""
        core_visits
        visit_id | client_ref | carer_ref | actual_start | actual_end
        A1 | C1 | W1 | 2026-03-10 08:00 | 2026-03-10 08:59
        A2 | C2 | W1 | 2026-03-10 09:00 | 2026-03-10 09:59
        A3 | C3 | W1 | 2026-03-10 10:00 | 2026-03-10 10:59
        A4 | C4 | W1 | 2026-03-10 11:00 | 2026-03-10 11:59
        A5 | C5 | W1 | 2026-03-10 12:00 | 2026-03-10 12:59
        A6 | C6 | W1 | 2026-03-10 13:00 | 2026-03-10 13:59
        A7 | C7 | W1 | 2026-03-10 14:00 | 2026-03-10 14:59
        A8 | C8 | W1 | 2026-03-10 15:00 | 2026-03-10 15:59
        B1 | C1 | W2 | 2026-03-10 08:00 | 2026-03-10 08:40
        B2 | C2 | W2 | 2026-03-10 09:00 | 2026-03-10 09:40
        B3 | C3 | W2 | 2026-03-10 10:00 | 2026-03-10 10:40
        B4 | C4 | W2 | 2026-03-10 11:00 | 2026-03-10 11:40
        B5 | C5 | W2 | 2026-03-10 12:00 | 2026-03-10 12:40
        B6 | C6 | W2 | 2026-03-10 13:00 | 2026-03-10 13:40
        B7 | C7 | W2 | 2026-03-10 14:00 | 2026-03-10 14:40
        B8 | C8 | W2 | 2026-03-10 15:00 | 2026-03-10 15:40
        core_visit_neighbours
        visit_id | previous_id | carer_ref | gap_minutes | distance_m
        A2 | A1 | W1 | 0.5 | 1500
        A3 | A2 | W1 | 0.5 | 1500
        A4 | A3 | W1 | 0.5 | 1500
        A5 | A4 | W1 | 0.5 | 1500
        A6 | A5 | W1 | 0.5 | 1500
        A7 | A6 | W1 | 0.5 | 1500
        A8 | A7 | W1 | 0.5 | 1500
        B2 | B1 | W2 | 20 | 1500
        B3 | B2 | W2 | 20 | 1500
        B4 | B3 | W2 | 20 | 1500
        B5 | B4 | W2 | 20 | 1500
        B6 | B5 | W2 | 20 | 1500
        B7 | B6 | W2 | 20 | 1500
        B8 | B7 | W2 | 20 | 1500
        core_visit_pay
        visit_id | line_id | paid_sek
        A1 | LA | 8000.00
        B1 | LB | 8000.00
    """,
    flags={"LA": "403.39"},
    shown={"LA": "1 | A1 A2"},
    source="Indicator catalogue HC17, there S: systems explain nearly all of it",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
