"""The same invoice is paid to the supplier and to the factoring company that took over its claim."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP08",
    title=Text("Betald till leverantör och factoring", "Paid to supplier and factor"),
    means=Text(
        "Samma fakturanummer och belopp har betalats två gånger inom {within_days} dagar: en gång till ett "
        "factoringbolags konto och en gång till ett annat konto. Beloppet är minst {floor_sek} kr.",
        "The same invoice number and amount was paid twice within {within_days} days: once to a factoring "
        "company's account and once to another account. The amount is at least {floor_sek} kr.",
    ),
    measured=Measured(Text("Dagar mellan betalningarna", "Days between the payments")),
    innocent=(
        Text("Fel mottagare rättades med en kreditfaktura.", "The wrong payee was corrected with a credit note."),
        Text("Två leverantörer har råkat få samma nummer.", "Two suppliers happen to use the same number."),
    ),
    do=Text(
        "Läs fakturans text om överlåtelse: bara factoringbolaget ska ha betalt. Begär tillbaka den andra.",
        "Read the invoice's note of assignment: only the factor should be paid. Claim the other one back.",
    ),
    evidence_class="R",
    family="duplicate",
    prior=Prior(2, 14, "detection notes: duplicate lists hold 8-25 % true ones"),
    review_minutes=20,
    scope=Scope(
        where="is_live",
        testable="ref_clean IS NOT NULL AND payee_account IS NOT NULL",
        missing="ap_postings.payee_account",
        needs=("ap_postings.invoice_no", "ap_postings.payee_account", "payee_accounts"),
    ),
    params={
        "floor_sek": Param(500, "sek", "below it a review costs more than it can bring back"),
        "within_days": Param(120, "days", "a claim is sold within weeks; later like numbers are coincidence"),
    },
    sql="""
        WITH pairs AS (
            SELECT payment_id, earlier_id, q.booked_month, q.amount_sek,
                   coalesce(q.days_apart, q.months_apart * 30) AS days,
                   l.payee_account AS later_account, e.payee_account AS earlier_account,
                   last_day((q.booked_month || '-01')::DATE) AS month_end
            FROM core_payment_pairs q JOIN core_payments l USING (payment_id)
                 JOIN core_payments e ON e.payment_id = q.earlier_id
            WHERE q.block IN ('amount', 'cross') AND q.ref_relation IN ('equal', 'cleaned') AND NOT q.is_expected
              AND q.amount_sek >= $floor_sek AND days <= $within_days AND later_account <> earlier_account
        )
        SELECT payment_id AS subject_key, booked_month AS service_month, earlier_id AS business_key,
               days AS value, amount_sek AS amount_at_risk_sek, [payment_id, earlier_id] AS evidence
        FROM pairs p
             ASOF LEFT JOIN core_payee_accounts l ON l.payee_account = later_account AND month_end >= l.as_of
             ASOF LEFT JOIN core_payee_accounts e ON e.payee_account = earlier_account AND month_end >= e.as_of
        WHERE coalesce(l.is_factoring, false) <> coalesce(e.is_factoring, false)
        QUALIFY row_number() OVER (PARTITION BY payment_id ORDER BY days, earlier_id) = 1
    """,
    example="""
        core_payee_accounts
        payee_account | is_factoring | as_of
        K1            | true         | 2026-01-31
        K2            | true         | 2026-04-01
        K3            | false        | 2026-01-31
        K4            | true         | 2026-03-31
        core_payments
        payment_id | booking_date | payee_account | amount_sek
        P1         | 2026-03-15   | K1            | 500.00
        P2         | 2026-03-15   | K3            | 500.00
        P3         | 2026-03-15   |               | 500.00
        F1         | 2026-03-15   | K3            | 500.00
        F2         | 2026-03-15   | K1            | 500.00
        A3         | 2026-03-15   | K1            | 500.00
        A4         | 2026-03-15   | K2            | 500.00
        A5         | 2026-03-15   | K4            | 500.00
        A6         | 2026-03-15   | K3            | 500.00
        A7         | 2026-03-15   | K3            | 500.00
        A8         | 2026-03-15   | K3            | 500.00
        A9         | 2026-03-15   | K3            | 499.99
        B1         | 2026-03-15   | K1            | 500.00
        B2         | 2026-03-15   | K3            | 500.00
        core_payment_pairs
        payment_id | earlier_id | block     | ref_relation | days_apart | months_apart | amount_sek | is_expected
        F1         | P1         | cross     | equal        | 120        | 4            | 500.00     | false
        F2         | P2         | amount    | cleaned      |            | 4            | 500.00     | false
        A3         | P1         | cross     | equal        | 10         | 0            | 500.00     | false
        A4         | P2         | cross     | equal        | 10         | 0            | 500.00     | false
        A5         | P1         | cross     | equal        | 10         | 0            | 500.00     | false
        A6         | P1         | cross     | equal        | 121        | 4            | 500.00     | false
        A7         | P1         | cross     | equal        | 10         | 0            | 500.00     | true
        A8         | P1         | reference | equal        | 10         | 0            | 500.00     | false
        A9         | P1         | cross     | equal        | 10         | 0            | 499.99     | false
        B1         | P3         | cross     | equal        | 10         | 0            | 500.00     | false
        B2         | P1         | cross     | missing      | 10         | 0            | 500.00     | false
    """,
    flags={"F1": "500.00", "F2": "500.00"},
    source="Indicator catalogue SP08; Inyett describes payment to supplier and factor",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
