"""A visit was paid although no decision for the service held on the date."""

from datetime import date

from core.per_line import HIT_VISITS, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC08",
    title=Text("Besök utan beslut", "Visit without decision"),
    means=Text(
        "På besökets dag fanns inget gällande beslut om insatsen för brukaren.",
        "On the day of the visit no decision on the service held for the client.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text(
            "Muntligt eller tillfälligt beslut som registrerades sent.",
            "An oral or interim decision, registered late.",
        ),
        Text("Fel insats valdes vid registreringen.", "The wrong service was chosen at registration."),
    ),
    do=Text(
        "Fråga handläggaren om beslut fanns. Annars: rätta insatsen eller begär tillbaka ersättningen.",
        "Ask the case officer whether there was a decision. Otherwise correct the service or claim the pay back.",
    ),
    evidence_class="R",
    family="decision",
    prior=Prior(9, 5, "simulated municipality, development seeds: 0.93 of hits by half of the sum, 0.4 by 500 kr"),
    review_minutes=15,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="visit_count > 0",
        missing="visits",
        needs=("visits", "decisions"),
    ),
    params={
        "days": Param(14, "days", "decisions are registered up to two weeks after the first visits"),
        "least_sek": Param(200, "sek", "smaller sums are not worth a review"),
    },
    sql=per_line(
        """
        SELECT v.visit_id, 1 AS share, NULL AS missing_field,
               CASE WHEN bool_or(d.valid_from <= last_day(v.visit_date)) THEN 'beslut inom ' || $days || ' dagar' END
               AS explained_by
        FROM (
            FROM core_visits v ANTI JOIN core_decisions d ON d.client_ref = v.client_ref AND d.service = v.service
              AND v.visit_date BETWEEN d.valid_from AND coalesce(d.valid_to, DATE '9999-12-31')
            WHERE v.status <> 'cancelled'
        ) v LEFT JOIN core_decisions d ON d.client_ref = v.client_ref AND d.service = v.service
          AND d.valid_from BETWEEN v.visit_date AND v.visit_date + $days::INTEGER
        GROUP BY v.visit_id
        """,
        "$least_sek",
    ),
    example="""
        core_decisions
        decision_id | client_ref | service | valid_from | valid_to
        B1          | C1         | care    | 2026-01-01 | 2026-03-09
        B2          | C2         | care    | 2026-01-01 | 2026-03-10
        B3          | C3         | care    | 2026-03-14 |
        B4          | C4         | night   | 2026-01-01 |
        core_visits
        visit_id | client_ref | actual_start     | actual_end
        A1       | C1         | 2026-03-10 08:00 | 2026-03-10 09:00
        B1       | C2         | 2026-03-10 08:00 | 2026-03-10 09:00
        C1       | C3         | 2026-03-10 08:00 | 2026-03-10 09:00
        D1       | C4         | 2026-03-10 08:00 | 2026-03-10 09:00
        core_visit_pay
        visit_id | line_id | paid_sek
        A1       | LA      | 500.00
        B1       | LB      | 500.00
        C1       | LC      | 500.00
        D1       | LD      | 500.00
    """,
    flags={"LA": "500.00", "LC": "explained: beslut inom 14 dagar", "LD": "500.00"},
    source="Indicator catalogue HC08",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
