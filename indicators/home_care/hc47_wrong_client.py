"""A visit hangs on no decision and was registered away from the client's home: another client's visit, it seems."""

from datetime import date

from core.per_line import BY_VISIT, HIT_VISITS, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

_LINKED = "\n".join(
    f"        V{n:02d} | B1 | 1000 | 1000 | 1000 | 1000 | meal | 2026-03-10 08:00" for n in range(1, 28)
)

INDICATOR = Indicator(
    code="HC47",
    title=Text("Registrerat på fel brukare", "Registered on another client"),
    means=Text(
        "Besöket hör inte till något beslut, fast utföraren annars knyter sina besök till beslut, och positionen är mer "
        "än {far_m} meter från brukarens hem.",
        "The visit hangs on no decision, although the provider ties its visits to decisions, and its position is more "
        "than {far_m} metres from the client's home.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text("Ett akut besök hos brukaren, på annan plats.", "An urgent visit to the client, elsewhere."),
        Text("Brukaren bodde tillfälligt på annan adress.", "The client stayed at another address for a while."),
    ),
    do=Text(
        "Vem bor där besöket registrerades, och saknas ett besök där den tiden? Flytta besöket till rätt brukare.",
        "Who lives where the visit was registered, and is a visit missing there then? Move the visit to that client.",
    ),
    evidence_class="R",
    family="client_time",
    prior=Prior(17, 3, "simulated municipality, development seeds: 0.92 of hits by half of the sum; nothing published"),
    review_minutes=15,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="performed_count > 0",
        missing="visits.decision_id",
        needs=("visits", "visits.decision_id", "visits.start_x_m", "clients.x_m"),
    ),
    params={
        "far_m": Param(300, "metre", "positions are known to 100 metres, and drift"),
        "linked_share": Param(0.9, "share", "a provider that ties its visits to decisions seldom leaves one out"),
        "least_sek": Param(500, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        """
        SELECT visit_id, 1 AS share, NULL AS explained_by, NULL AS missing_field
        FROM core_visits JOIN (
            SELECT provider_id, service_month FROM core_visits WHERE status = 'performed' AND service <> 'alarm'
            GROUP BY ALL HAVING avg((decision_id IS NOT NULL)::INTEGER) >= $linked_share
        ) USING (provider_id, service_month)
        WHERE status = 'performed' AND decision_id IS NULL AND service <> 'alarm'
          AND sqrt((start_x_m - x_m) ** 2 + (start_y_m - y_m) ** 2) > $far_m
          AND coalesce(task, '') NOT IN ('shopping', 'laundry', 'walk', 'escort')
        """,
        "$least_sek",
        paid_by="visit",
    ),
    example=f"""
        core_visits
        visit_id | decision_id | start_x_m | x_m  | start_y_m | y_m  | task     | actual_start
{_LINKED}
        W1       |             | 5000      | 1000 | 1000      | 1000 | meal     | 2026-03-10 08:00
        W2       |             | 1100      | 1000 | 1000      | 1000 | meal     | 2026-03-10 08:00
        W3       |             | 5000      | 1000 | 1000      | 1000 | shopping | 2026-03-10 08:00
        W4       | B1          | 5000      | 1000 | 1000      | 1000 | meal     | 2026-03-10 08:00
        core_visit_pay
        visit_id | line_id | paid_sek
        W1       | L1      | 600.00
        W2       | L2      | 600.00
        W3       | L3      | 600.00
        W4       | L4      | 600.00
    """,
    flags={"L1": "600.00"},
    source="Simulated honest error 'wrong client'; visit verification asks that position and client agree",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
