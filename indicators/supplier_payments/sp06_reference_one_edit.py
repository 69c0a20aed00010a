"""One payee is paid an unusual amount twice for invoice numbers one typing error apart."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP06",
    title=Text("Fakturanummer ett skrivfel isär", "Invoice number one typo apart"),
    means=Text(
        "Samma mottagare har fått samma belopp två gånger inom {within_days} dagar. Fakturanumren skiljer ett "
        "tecken eller två tecken har bytt plats, utan att följa på varandra i en serie.",
        "The same payee got the same amount twice within {within_days} days. The invoice numbers differ by one "
        "character or two are swapped, and they do not follow each other in a series.",
    ),
    measured=Measured(Text("Dagar mellan betalningarna", "Days between the payments")),
    innocent=(
        Text("Två fakturor i en serie med fast avgift.", "Two invoices of a series with a fixed fee."),
        Text("Samma köp gjordes två gånger.", "The same purchase was made twice."),
    ),
    do=Text(
        "Öppna båda fakturorna. Har någon skrivit av numret fel, eller är det två olika köp?",
        "Open both invoices. Did somebody copy the number wrongly, or are they two purchases?",
    ),
    evidence_class="R",
    family="duplicate",
    prior=Prior(1, 49, "detection notes: match lists hold 1-8 % true ones; Devon 2011-21: 18 of 954 credited later"),
    review_minutes=15,
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable="ref_clean IS NOT NULL",
        missing="ap_postings.invoice_no",
        needs=("ap_postings.invoice_no",),
    ),
    params={
        "floor_sek": Param(500, "sek", "below it a review costs more than it can bring back"),
        "within_days": Param(60, "days", "two payment terms: a later like amount is mostly another purchase"),
        "most_before": Param(
            2, "payments", "uses of the amount on earlier days: with more it is a fee, unless a sign was added"
        ),
        "most_copies": Param(3, "payments", "more like payments on one day are a batch of fees"),
    },
    sql="""
        SELECT payment_id AS subject_key, q.booked_month AS service_month, earlier_id AS business_key,
               coalesce(q.days_apart, q.months_apart * 30) AS value, q.amount_sek AS amount_at_risk_sek,
               [payment_id, earlier_id] AS evidence
        FROM core_payment_pairs q JOIN core_payments p USING (payment_id)
             LEFT JOIN core_payments e ON e.payment_id = q.earlier_id
        WHERE q.block = 'amount' AND q.ref_relation = 'edit' AND NOT q.is_expected
          AND value <= $within_days AND q.amount_sek >= $floor_sek
          AND (p.same_amount_before <= $most_before OR starts_with(p.ref_clean, e.ref_clean)
               OR starts_with(e.ref_clean, p.ref_clean)) AND p.copies_same_day <= $most_copies
          AND NOT p.is_redacted AND NOT p.is_one_time
        QUALIFY row_number() OVER (PARTITION BY payment_id ORDER BY value, earlier_id) = 1
    """,
    example="""
        core_payments
        payment_id | booking_date | ref_clean | amount_sek | same_amount_before | copies_same_day | is_redacted | is_one_time
        F1         | 2026-03-15   |           | 500.00     | 2                  | 2               | false       | false
        F2         | 2026-03-15   |           | 1500.00    | 0                  | 3               | false       | false
        A3         | 2026-03-15   |           | 1500.00    | 3                  | 1               | false       | false
        A4         | 2026-03-15   |           | 1500.00    | 1                  | 1               | true        | false
        A5         | 2026-03-15   |           | 1500.00    | 1                  | 1               | false       | true
        A6         | 2026-03-15   |           | 1500.00    | 1                  | 1               | false       | false
        A7         | 2026-03-15   |           | 1500.00    | 1                  | 1               | false       | false
        A8         | 2026-03-15   |           | 1500.00    | 1                  | 1               | false       | false
        A9         | 2026-03-15   |           | 499.99     | 1                  | 1               | false       | false
        B1         | 2026-03-15   |           | 1500.00    | 0                  | 4               | false       | false
        P1         | 2026-02-15   | 4711      | 1500.00    | 8                  | 1               | false       | false
        F3         | 2026-03-15   | 4711A     | 1500.00    | 9                  | 1               | false       | false
        A3B        | 2026-03-15   | 4712      | 1500.00    | 9                  | 1               | false       | false
        core_payment_pairs
        payment_id | earlier_id | ref_relation | days_apart | months_apart | amount_sek | is_expected
        F1         | P1         | edit         | 60         | 2            | 500.00     | false
        F2         | P1         | edit         |            | 1            | 1500.00    | false
        F2         | P2         | edit         |            | 2            | 1500.00    | false
        A3         | P1         | edit         | 30         | 1            | 1500.00    | false
        F3         | P1         | edit         | 30         | 1            | 1500.00    | false
        A3B        | P1         | edit         | 30         | 1            | 1500.00    | false
        A4         | P1         | edit         | 30         | 1            | 1500.00    | false
        A5         | P1         | edit         | 30         | 1            | 1500.00    | false
        A6         | P1         | edit         | 61         | 2            | 1500.00    | false
        A7         | P1         | sequence     | 30         | 1            | 1500.00    | false
        A8         | P1         | edit         | 30         | 1            | 1500.00    | true
        A9         | P1         | edit         | 30         | 1            | 499.99     | false
        B1         | P1         | edit         | 0          | 0            | 1500.00    | false
    """,
    flags={"F1": "500.00", "F2": "1500.00", "F3": "1500.00"},
    source="Indicator catalogue SP06, there S; R as SP05, since the rule is the same: an invoice is paid once",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
