"""More time was paid than the client was granted, beyond what the rules allow."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC07",
    title=Text("Över beviljad tid", "Over granted time"),
    means=Text(
        "Betald tid för brukaren och insatsen är över {tolerance} gånger månadens beviljade tid hos utföraren.",
        "Paid time for client and service is above {tolerance} times the month's granted time with the provider.",
    ),
    measured=Measured(Text("Betald tid delad med beviljad", "Time paid divided by time granted")),
    innocent=(
        Text("Ett utökat beslut kom in i efterhand.", "A larger grant was entered afterwards."),
        Text("Godkänd överskriden tid.", "Overrun that was approved."),
        Text("Tillfälligt större behov, som efter sjukhusvård.", "A greater need for a while, as after hospital."),
    ),
    do=Text(
        "Se om beslutet ändrats och om överskridandet godkänts. Annars: begär tillbaka tiden över taket.",
        "See whether the grant changed and the overrun was approved. Otherwise claim back the time above the ceiling.",
    ),
    evidence_class="R",
    family="grant",
    prior=Prior(2, 12, "simulated, development seeds: 0.1 of hits that nothing else supports, 0.98 of the others"),
    review_minutes=20,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0 AND unit = 'hour'",
        testable="granted_minutes > 0",
        missing="decisions",
        needs=("decisions", "orders"),
    ),
    params={
        "tolerance": Param(1.2, "ratio", "price lists cap at 1.1 to 1.15; a month above 1.1 is common by chance"),
        "least_sek": Param(500, "sek", "smaller sums are not worth an officer's time"),
    },
    sql="""
        WITH client AS (
            SELECT provider_id, client_ref, service, service_month, booked_month, sum(minutes) AS minutes,
                   any_value(granted_minutes) AS granted_minutes, sum(amount_sek) AS amount_sek,
                   CASE WHEN sum(visit_count) > 0 THEN least(sum(minutes), sum(registered_minutes)) ELSE sum(minutes) END AS done_minutes
            FROM core_compensation_lines WHERE is_delivered AND unit = 'hour' AND amount_sek > 0 GROUP BY ALL
        ), even AS (
            SELECT client.*, sum(done_minutes) OVER three <= $tolerance * sum(granted_minutes) OVER three AND count(*) OVER three >= 2 AS is_even
            FROM client WINDOW three AS (PARTITION BY provider_id, client_ref, service ORDER BY
              left(booked_month, 4)::INTEGER * 12 + right(booked_month, 2)::INTEGER RANGE BETWEEN 2 PRECEDING AND CURRENT ROW)
        ), started AS (
            SELECT DISTINCT provider_id, o.client_ref, service, strftime(o.valid_from, '%Y-%m') AS service_month
            FROM core_orders o JOIN core_decisions d USING (decision_id)
        ), over AS (
            SELECT c.*, done_minutes <= granted_minutes * $tolerance AS is_flat, 1 - granted_minutes * $tolerance / minutes AS share,
                   s.service IS NOT NULL AND minutes - granted_minutes * $tolerance <= r.new_client_minutes AS is_new
            FROM even c CROSS JOIN (SELECT max(new_client_minutes) AS new_client_minutes FROM core_compensation_rules) r
              LEFT JOIN started s USING (provider_id, client_ref, service, service_month)
            WHERE minutes > granted_minutes * $tolerance
        )
        SELECT l.line_id AS subject_key, l.booked_month AS service_month, o.minutes / nullif(o.granted_minutes, 0) AS value,
               [l.line_id] || list_filter(list_sort(list(l.line_id) OVER (PARTITION BY l.provider_id, l.client_ref, l.service, l.service_month, l.booked_month)), lambda x: x <> l.line_id)[:20] AS evidence,
               round(l.amount_sek * share, 2)::DECIMAL(14,2) AS amount_at_risk_sek,
               CASE WHEN is_new OR is_flat OR is_even THEN 'explained' ELSE 'contradiction' END AS verdict,
               CASE WHEN is_new THEN 'ny brukare' WHEN is_flat THEN 'schablontid enligt reglerna' WHEN is_even THEN 'jämnt över tre månader' END AS explained_by
        FROM over o JOIN core_compensation_lines l USING (provider_id, client_ref, service, service_month, booked_month)
        WHERE l.is_delivered AND l.unit = 'hour' AND o.amount_sek * share >= $least_sek AND amount_at_risk_sek > 0
    """,
    example="""
        core_compensation_lines
        line_id | client_ref | minutes | granted_minutes | registered_minutes | visit_count | amount_sek | booked_month
        LA1     | C1         | 1200    | 1000            | 1150               | 9           | 10000.00   | 2026-03
        LA2     | C1         | 400     | 1000            | 400                | 9           | 3000.00    | 2026-03
        LB      | C2         | 1100    | 1000            | 1100               | 9           | 10000.00   | 2026-03
        LC      | C3         | 1400    | 1000            | 1400               | 9           | 10000.00   | 2026-03
        LD      | C4         | 1400    |                 | 1400               | 9           | 10000.00   | 2026-03
        LE0     | C5         | 900     | 1000            | 900                | 9           | 9000.00    | 2026-02
        LE      | C5         | 1400    | 1000            | 1400               | 9           | 10000.00   | 2026-03
        LF      | C6         | 1400    | 1000            | 1100               | 9           | 10000.00   | 2026-03
        LG      | C7         | 1500    | 1000            | 0                  | 0           | 10000.00   | 2026-03
        core_decisions
        decision_id | client_ref | service | valid_from
        B3          | C3         | care    | 2026-03-02
        core_orders
        order_id | client_ref | provider_id | decision_id | valid_from
        O3       | C3         | P1          | B3          | 2026-03-02
        core_compensation_rules
        rule_id | basis     | new_client_minutes | valid_from
        R1      | performed | 240                | 2025-01-01
    """,
    flags={
        "LA1": "2500.00",
        "LA2": "750.00",
        "LC": "explained: ny brukare",
        "LE": "explained: jämnt över tre månader",
        "LF": "explained: schablontid enligt reglerna",
        "LG": "2000.00",
    },
    shown={"LA1": "1.6 | LA1 LA2"},
    source="Indicator catalogue HC07; chance alone brings 10 % of client-months above 110 % of the grant",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
