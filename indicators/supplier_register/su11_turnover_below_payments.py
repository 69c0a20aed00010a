"""A company reported less turnover than the municipality alone paid it."""

from datetime import date

from core.paid_by_lines import PAID_BY_LINES
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SU11",
    title=Text("Omsättning lägre än betalt", "Turnover below payments"),
    means=Text(
        "Kommunen betalade bolaget mer än {ratio} gånger den omsättning bolaget redovisat för samma räkenskapsår.",
        "The municipality paid the company more than {ratio} times the turnover it reported for the same accounting "
        "year.",
    ),
    measured=Measured(Text("Betalt delat med omsättningen", "Paid divided by turnover")),
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
        testable="""(provider_id, booked_month) IN (SELECT (provider_id, strftime(as_of, '%Y-%m')) FROM core_providers
            JOIN core_company_register USING (org_no) WHERE turnover_sek > 0 AND as_of > period_to)""",
        missing="company_register.turnover_sek",
        needs=("company_register.turnover_sek", "providers"),
    ),
    params={
        "ratio": Param(1.1, "ratio", "catalogue SU11"),
        "floor_sek": Param(100_000, "sek", "small suppliers round and shift years"),
    },
    sql=f"""
        WITH paid AS (
            SELECT p.payment_id, org_no, p.booked_month, p.amount_sek, FALSE AS is_line, is_live AND l.payment_id IS NULL AS is_shown
            FROM core_payments p JOIN core_payees USING (supplier_key)
              LEFT JOIN (SELECT payment_id FROM ({PAID_BY_LINES})) l ON l.payment_id = p.payment_id WHERE org_no IS NOT NULL
            UNION ALL
            SELECT line_id, org_no, booked_month, amount_sek, TRUE, amount_sek > 0
            FROM core_compensation_lines JOIN core_providers USING (provider_id) WHERE is_delivered
        ), report AS (
            SELECT *, strftime(as_of, '%Y-%m') AS known_month FROM core_company_register
            WHERE turnover_sek > 0 AND as_of > period_to
            QUALIFY row_number() OVER (PARTITION BY org_no, known_month ORDER BY as_of DESC) = 1
        ), year AS (  -- a provider's invoices and its lines are the same money: the larger sum of the two
            SELECT r.org_no, known_month AS booked_month, r.turnover_sek,
                   greatest(sum(amount_sek) FILTER (is_line), sum(amount_sek) FILTER (NOT is_line)) AS paid_sek
            FROM report r JOIN paid p ON p.org_no = r.org_no
              AND p.booked_month BETWEEN strftime(r.period_from, '%Y-%m') AND strftime(r.period_to, '%Y-%m')
            GROUP BY ALL HAVING paid_sek > $ratio * r.turnover_sek AND paid_sek >= $floor_sek
        ), shown AS (
            SELECT p.*, paid_sek / turnover_sek AS value, round(amount_sek * (1 - turnover_sek / paid_sek), 2) AS risk_sek
            FROM year JOIN paid p USING (org_no, booked_month) WHERE is_shown
            QUALIFY is_line OR NOT bool_or(is_line) OVER (PARTITION BY org_no, booked_month)
        )
        SELECT org_no AS subject_key, booked_month AS service_month, max(value) AS value,
               sum(risk_sek)::DECIMAL(14,2) AS amount_at_risk_sek,
               list({{'payment_id': payment_id, 'amount_at_risk_sek': risk_sek}} ORDER BY payment_id) AS payments
        FROM shown GROUP BY 1, 2
    """,
    example="""
        core_company_register
        org_no      | as_of      | status | turnover_sek | period_from | period_to
        559900-0001 | 2026-03-01 | active | 100000       | 2025-01-01  | 2025-12-31
        559900-0001 | 2026-03-09 | active | 100000       | 2025-01-01  | 2025-12-31
        559900-0002 | 2026-03-01 | active | 500000       | 2025-01-01  | 2025-12-31
        559900-0003 | 2026-03-01 | active | 200000       | 2025-01-01  | 2025-12-31
        559900-0004 | 2026-03-01 | active | 100000       | 2025-01-01  | 2025-12-31
        559900-0005 | 2026-03-01 | active | 100000       | 2025-01-01  | 2025-12-31
        core_payees
        supplier_key | org_no
        S3           | 559900-0003
        S4           | 559900-0004
        S5           | 559900-0005
        core_payments
        payment_id | supplier_key | booked_month | amount_sek | invoice_no | booking_date
        A1         | S3           | 2025-06      | 200000.00  | 17         | 2025-06-20
        A2         | S3           | 2026-03      | 50000.00   | 18         | 2026-03-20
        A3         | S4           | 2025-06      | 180000.00  |            | 2025-06-20
        A4         | S4           | 2025-07      | -80000.00  |            | 2025-07-20
        A5         | S4           | 2026-03      | 50000.00   |            | 2026-03-20
        A6         | S5           | 2025-06      | 200000.00  |            | 2025-06-20
        F1         | S5           | 2026-03      | 50000.00   |            | 2026-03-20
        core_providers
        provider_id | org_no      | name | regime  | valid_from
        P1          | 559900-0001 | A    | private | 2020-01-01
        P2          | 559900-0002 | B    | private | 2020-01-01
        P3          | 559900-0003 | C    | private | 2020-01-01
        core_compensation_lines
        line_id | provider_id | booked_month | amount_sek | invoice_id
        LA1     | P1          | 2025-06      | 200000.00  |
        LA2     | P1          | 2026-03      | 50000.00   |
        LB1     | P2          | 2025-06      | 200000.00  |
        LB2     | P2          | 2026-03      | 50000.00   |
        LC1     | P3          | 2025-06      | 200000.00  | 17
        LC2     | P3          | 2026-03      | 50000.00   | 18
    """,
    flags={"559900-0001": "25000.00", "559900-0005": "25000.00"},
    source="Indicator catalogue SU11, there H: accounts and calendar years seldom meet; annual reports as the company register has them",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
