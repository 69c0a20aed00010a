"""One invoice number and amount is paid to two different payees."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP41",
    title=Text("Faktura betald till två", "Invoice paid to two payees"),
    means=Text(
        "Samma fakturanummer och belopp har betalats till två olika mottagare inom {within_days} dagar. Numret har "
        "minst {least_digits} siffror och ingen annan mottagare har använt det. Beloppet är minst {floor_sek} kr.",
        "The same invoice number and amount was paid to two different payees within {within_days} days. The number "
        "has at least {least_digits} digits and no other payee has used it. The amount is at least {floor_sek} kr.",
    ),
    measured=Measured(Text("Dagar mellan betalningarna", "Days between the payments")),
    innocent=(
        Text(
            "Numret är betalarens eget, till exempel ett bidragsbeslut.", "The number is the payer's own, as a grant."
        ),
        Text("Fordran är överlåten, eller firman har bytt namn.", "The claim was sold, or the firm changed name."),
    ),
    do=Text(
        "Läs avsändaren på fakturan. Vem av de två skulle ha betalt, och har den andra betalat tillbaka?",
        "Read who sent the invoice. Which of the two was to be paid, and has the other paid back?",
    ),
    evidence_class="R",
    family="duplicate",
    prior=Prior(1, 12, "detection notes: duplicate lists hold 8-25 % true ones; Devon 2015-16: 3 of 50 credited later"),
    review_minutes=20,
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable="regexp_matches(ref_clean, '([0-9][^0-9]*){' || $least_digits::INT || '}')",
        missing="ap_postings.invoice_no",
        needs=("ap_postings.invoice_no",),
    ),
    params={
        "floor_sek": Param(500, "sek", "below it a review costs more than it can bring back"),
        "within_days": Param(120, "days", "as SP09: a claim and its reminders; later two numbers meet by chance"),
        "least_digits": Param(6, "digits", "shorter numbers are used by many firms at once"),
    },
    sql="""
        WITH pairs AS (
            SELECT payment_id, earlier_id, q.booked_month, q.amount_sek, l.ref_clean,
                   coalesce(q.days_apart, q.months_apart * 30) AS days
            FROM core_payment_pairs q JOIN core_payments l USING (payment_id)
                 JOIN core_payments e ON e.payment_id = q.earlier_id
            WHERE q.block = 'cross' AND q.ref_relation IN ('equal', 'cleaned') AND NOT q.is_expected
              AND NOT q.is_same_payee AND q.amount_sek >= $floor_sek AND days <= $within_days
              AND regexp_matches(l.ref_clean, '([0-9][^0-9]*){' || $least_digits::INT || '}')
              AND NOT l.is_redacted AND NOT e.is_redacted AND NOT l.is_one_time AND NOT e.is_one_time
        ), users AS (
            SELECT q.payment_id, count(DISTINCT p.entity_key) AS payees
            FROM pairs q JOIN core_payments p ON p.ref_clean = q.ref_clean AND p.booked_month <= q.booked_month
            GROUP BY 1
        )
        SELECT payment_id AS subject_key, booked_month AS service_month, earlier_id AS business_key, days AS value,
               amount_sek AS amount_at_risk_sek, [payment_id, earlier_id] AS evidence
        FROM pairs JOIN users USING (payment_id) WHERE payees = 2
    """,
    example="""
        core_payments
        payment_id | entity_key | booking_date | ref_clean | amount_sek | is_redacted | is_one_time
        P1         | E1         | 2026-02-05   | 100496747 | 500.00     | false       | false
        F1         | E2         | 2026-03-05   | 100496747 | 500.00     | false       | false
        P2         | E1         | 2026-02-05   | 201512    | 800.00     | false       | false
        A2         | E2         | 2026-03-05   | 201512    | 800.00     | false       | false
        B2         | E3         | 2026-03-06   | 201512    | 900.00     | false       | false
        P3         | E1         | 2026-02-05   | 12345     | 800.00     | false       | false
        A3         | E2         | 2026-03-05   | 12345     | 800.00     | false       | false
        P4         | E1         | 2026-02-05   | 7654321   | 499.99     | false       | false
        A4         | E2         | 2026-03-05   | 7654321   | 499.99     | false       | false
        P5         | E1         | 2026-02-05   | 8654321   | 800.00     | true        | false
        A5         | E2         | 2026-03-05   | 8654321   | 800.00     | false       | false
        P6         | E1         | 2025-10-05   | 9654321   | 800.00     | false       | false
        A6         | E2         | 2026-03-05   | 9654321   | 800.00     | false       | false
        P7         | E1         | 2026-02-05   | 6654321   | 800.00     | false       | false
        A7         | E1         | 2026-03-05   | 6654321   | 800.00     | false       | false
        P8         | E1         | 2026-02-05   | 5654321   | 800.00     | false       | false
        F8         | E2         | 2026-03-05   | 5654321   | 800.00     | false       | false
        B8         | E3         | 2026-04-05   | 5654321   | 900.00     | false       | false
        core_payment_pairs
        payment_id | earlier_id | block | ref_relation | days_apart | amount_sek | is_same_payee | is_expected
        F1         | P1         | cross | equal        | 28         | 500.00     | false         | false
        A2         | P2         | cross | equal        | 28         | 800.00     | false         | false
        A3         | P3         | cross | equal        | 28         | 800.00     | false         | false
        A4         | P4         | cross | equal        | 28         | 499.99     | false         | false
        A5         | P5         | cross | equal        | 28         | 800.00     | false         | false
        A6         | P6         | cross | equal        | 151        | 800.00     | false         | false
        A7         | P7         | cross | equal        | 28         | 800.00     | true          | false
        F8         | P8         | cross | cleaned      | 28         | 800.00     | false         | false
    """,
    flags={"F1": "500.00", "F8": "800.00"},
    source="Recovery auditors' test of equal number and amount at different vendors; beside catalogue SP07 and SP08",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
