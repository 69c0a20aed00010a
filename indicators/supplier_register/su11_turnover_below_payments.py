"""A company reported less turnover than the municipality alone paid it."""

from datetime import date

from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SU11",
    title=Text("Omsättning lägre än betalt", "Turnover below payments"),
    means=Text(
        "Kommunen betalade bolaget mer än {ratio} gånger den omsättning bolaget redovisat för samma räkenskapsår.",
        "The municipality paid the company more than {ratio} times the turnover it reported for the same accounting "
        "year.",
    ),
    innocent=(
        Text("Förlängt eller brutet räkenskapsår.", "An accounting year that was extended or moved."),
        Text("Verksamheten togs över från ett annat bolag.", "The business was taken over from another company."),
    ),
    do=Text(
        "Hämta årsredovisningen. Redovisas kommunens betalningar någon annanstans?",
        "Get the annual report. Are the payments of the municipality stated elsewhere?",
    ),
    evidence_class="S",
    family="register",
    prior=Prior(1, 9, "judgement: a contradiction of registers, seldom of the single payment"),
    review_minutes=30,
    subject="payee",
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="TRUE",
        missing="company_register.turnover_sek",
        needs=("company_register.turnover_sek", "providers"),
    ),
    params={
        "ratio": Param(1.1, "ratio", "catalogue SU11"),
        "floor_sek": Param(100_000, "sek", "small suppliers round and shift years"),
    },
    sql="""
        WITH paid AS (
            SELECT payment_id, org_no, booked_month, amount_sek FROM core_payments
              JOIN (SELECT supplier_key, min(org_no) AS org_no FROM core_payees GROUP BY ALL) k USING (supplier_key)
              ANTI JOIN (SELECT DISTINCT invoice_id FROM core_compensation_lines) c USING (invoice_id)
            WHERE is_live AND org_no IS NOT NULL
            UNION ALL
            SELECT line_id, org_no, booked_month, amount_sek FROM core_compensation_lines JOIN core_providers
              USING (provider_id) WHERE is_delivered
        ), year AS (
            SELECT r.org_no, r.as_of, r.turnover_sek, sum(p.amount_sek) AS paid_sek
            FROM core_company_register r JOIN paid p ON p.org_no = r.org_no
              AND p.booked_month BETWEEN strftime(r.period_from, '%Y-%m') AND strftime(r.period_to, '%Y-%m')
            WHERE r.turnover_sek > 0 AND r.as_of > r.period_to
            GROUP BY ALL HAVING sum(p.amount_sek) > $ratio * r.turnover_sek AND sum(p.amount_sek) >= $floor_sek
        )
        SELECT y.org_no AS subject_key, p.booked_month AS service_month, max(y.paid_sek / y.turnover_sek) AS value,
               round(sum(p.amount_sek * (1 - y.turnover_sek / y.paid_sek)), 2)::DECIMAL(14,2) AS amount_at_risk_sek,
               list({'payment_id': p.payment_id, 'amount_at_risk_sek': round(p.amount_sek * (1 - y.turnover_sek
                     / y.paid_sek), 2)} ORDER BY p.payment_id) AS payments
        FROM year y JOIN paid p ON p.org_no = y.org_no AND p.booked_month = strftime(y.as_of, '%Y-%m')
        WHERE p.amount_sek > 0 GROUP BY y.org_no, p.booked_month
    """,
    example="""
        core_company_register
        org_no      | as_of      | status | turnover_sek | period_from | period_to
        559900-0001 | 2026-03-01 | active | 100000       | 2025-01-01  | 2025-12-31
        559900-0002 | 2026-03-01 | active | 500000       | 2025-01-01  | 2025-12-31
        core_providers
        provider_id | org_no      | name | regime  | valid_from
        P1          | 559900-0001 | A    | private | 2020-01-01
        P2          | 559900-0002 | B    | private | 2020-01-01
        core_compensation_lines
        line_id | provider_id | booked_month | amount_sek
        LA1     | P1          | 2025-06      | 200000.00
        LA2     | P1          | 2026-03      | 50000.00
        LB1     | P2          | 2025-06      | 200000.00
        LB2     | P2          | 2026-03      | 50000.00
    """,
    flags={"559900-0001": "25000.00"},
    source="Indicator catalogue SU11, there H: accounts and calendar years seldom meet; annual reports as the company register has them",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
