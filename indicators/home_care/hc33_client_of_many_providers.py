"""A client has had many providers within a year."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC33",
    title=Text("Brukare med många utförare", "Client with many providers"),
    means=Text(
        "Brukaren har haft minst {least_providers} utförare för samma insats under {months} månader.",
        "The client has had at least {least_providers} providers of the same service within {months} months.",
    ),
    measured=Measured(Text("Utförare", "Providers")),
    innocent=(
        Text("Brukaren var missnöjd och valde om.", "The client was dissatisfied and chose again."),
        Text("En utförare lade ned.", "A provider closed down."),
    ),
    do=Text(
        "Vem föreslog bytena, och betalades startersättning varje gång?",
        "Who proposed the changes, and was a starting fee paid each time?",
    ),
    evidence_class="C",
    family="provider_level",
    prior=Prior(1, 12, "simulated municipality, development seed: 0.09 of 117 hits, against 0.04 of all lines"),
    review_minutes=15,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="is_delivered",
        missing="compensation_lines.provider_id",
        needs=("compensation_lines",),
    ),
    params={
        "least_providers": Param(3, "providers", "catalogue HC33"),
        "months": Param(12, "months", "catalogue HC33"),
        "least_sek": Param(100, "sek", "smaller sums are not worth an officer's time"),
    },
    sql="""
        WITH held AS (
            SELECT client_ref, service, coalesce(org_no, provider_id) AS provider, (booked_month || '-01')::DATE AS month,
                   min(line_id) AS line_id
            FROM core_compensation_lines LEFT JOIN core_providers USING (provider_id)  -- units of one organisation are one
            WHERE is_delivered AND amount_sek > 0 GROUP BY ALL
        ), restless AS (
            SELECT client_ref, service FROM held GROUP BY ALL HAVING count(DISTINCT provider) >= $least_providers
        ), seen AS (
            SELECT h.client_ref, h.service, strftime(h.month, '%Y-%m') AS booked_month, count(DISTINCT e.provider) AS providers,
                   max({'month': e.month, 'line_id': e.line_id}, 20) AS lines
            FROM (SELECT DISTINCT client_ref, service, month FROM held SEMI JOIN restless USING (client_ref, service)) h
            JOIN held e ON e.client_ref = h.client_ref AND e.service = h.service
              AND e.month BETWEEN h.month - to_months($months - 1) AND h.month
            GROUP BY ALL HAVING providers >= $least_providers
        )
        SELECT line_id AS subject_key, l.booked_month AS service_month, providers AS value, amount_sek AS amount_at_risk_sek,
               [line_id] || list_filter(list_transform(lines, lambda x: x.line_id), lambda x: x <> l.line_id) AS evidence
        FROM core_compensation_lines l JOIN seen USING (client_ref, service, booked_month)
        WHERE is_delivered AND amount_sek >= $least_sek
    """,
    example="""
        core_compensation_lines
        line_id | client_ref | service | provider_id | booked_month | amount_sek
        A1      | C1         | care    | P1          | 2025-05      | 9000.00
        A2      | C1         | care    | P2          | 2025-09      | 9000.00
        F1      | C1         | care    | P3          | 2026-04      | 9000.00
        A3      | C1         | care    | P3          | 2026-05      | 9000.00
        A4      | C1         | night   | P4          | 2026-04      | 9000.00
        A5      | C2         | care    | P1          | 2026-02      | 9000.00
        A6      | C2         | care    | M1          | 2026-03      | 9000.00
        A7      | C2         | care    | M2          | 2026-04      | 9000.00
        core_providers
        provider_id | org_no
        M1          | 212000-0001
        M2          | 212000-0001
    """,
    flags={"F1": "9000.00"},
    shown={"F1": "3 | F1 A2 A1"},
    source="Indicator catalogue HC33, there S: choosing anew is lawful; typology T22",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
