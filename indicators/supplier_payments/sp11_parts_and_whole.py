"""One invoice number is paid in two parts and also as a whole: two of three amounts add up to the third."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP11",
    title=Text("Delar och helhet betalda", "Parts and whole paid"),
    means=Text(
        "Samma mottagare och fakturanummer har betalats tre gånger inom {within_days} dagar, och två av beloppen "
        "är tillsammans lika med det tredje. Summan är minst {floor_sek} kr.",
        "The same payee and invoice number was paid three times within {within_days} days, and two of the "
        "amounts add up to the third. The sum is at least {floor_sek} kr.",
    ),
    measured=Measured(Text("Dagar mellan första och sista betalningen", "Days from the first to the last payment")),
    innocent=(
        Text("En kvartalsfaktura och månader i samma serie.", "A quarterly invoice and months of one series."),
        Text("Tre delar av ett större köp.", "Three parts of a larger purchase."),
    ),
    do=Text(
        "Lägg de tre fakturabilderna bredvid varandra och räkna ihop vad som faktiskt beställdes.",
        "Lay the three invoice images side by side and add up what was really ordered.",
    ),
    evidence_class="S",
    family="duplicate",
    prior=Prior(1, 24, "detection notes: match lists hold 1-8 % true ones"),
    review_minutes=20,
    scope=Scope(
        where="is_live",
        testable="ref_clean IS NOT NULL",
        missing="ap_postings.invoice_no",
        needs=("ap_postings.invoice_no",),
    ),
    params={
        "floor_sek": Param(1000, "sek", "below it a review costs more than it can bring back"),
        "within_days": Param(45, "days", "catalogue SP11: parts and whole are sent in one payment term"),
    },
    sql="""
        WITH pairs AS (
            SELECT *, coalesce(days_apart, months_apart * 30) AS days FROM core_payment_pairs
            WHERE block IN ('reference', 'amount') AND ref_relation IN ('equal', 'cleaned') AND NOT is_expected
        ), triples AS (
            SELECT l.payment_id, l.booked_month, l.days + e.days AS days, l.amount_sek AS third_sek,
                   l.earlier_id AS second_id, l.earlier_amount_sek AS second_sek,
                   e.earlier_id AS first_id, e.earlier_amount_sek AS first_sek,
                   greatest(third_sek, second_sek, first_sek) AS whole_sek
            FROM pairs l JOIN pairs e ON e.payment_id = l.earlier_id
                 JOIN core_payments f ON f.payment_id = e.earlier_id
            WHERE l.block = 'reference' AND (f.netted_month IS NULL OR f.netted_month > l.booked_month)
        )
        SELECT payment_id AS subject_key, booked_month AS service_month, second_id AS business_key, days AS value,
               whole_sek AS amount_at_risk_sek, [payment_id, second_id, first_id] AS evidence,
               list_filter([
                   {'payment_id': payment_id, 'amount_at_risk_sek': third_sek},
                   {'payment_id': second_id, 'amount_at_risk_sek': second_sek},
                   {'payment_id': first_id, 'amount_at_risk_sek': first_sek}
               ], p -> (p.amount_at_risk_sek = whole_sek) = (third_sek = whole_sek)) AS payments
        FROM triples
        WHERE third_sek + second_sek + first_sek = 2 * whole_sek AND days <= $within_days
          AND whole_sek >= $floor_sek
        QUALIFY row_number() OVER (PARTITION BY payment_id ORDER BY days, second_id, first_id) = 1
    """,
    example="""
        core_payments
        payment_id | booking_date | amount_sek | netted_month
        P1         | 2026-01-20   | 400.00     |
        P2         | 2026-02-05   | 600.00     |
        F3         | 2026-03-05   | 1000.00    |
        P4         | 2026-02-20   | 1000.00    |
        P5         | 2026-02-25   | 300.00     |
        F6         | 2026-03-05   | 700.00     |
        P7         | 2026-02-20   | 500.00     | 2026-03
        P8         | 2026-02-25   | 500.00     |
        A9         | 2026-03-05   | 1000.00    |
        B1         | 2026-02-20   | 500.00     | 2026-04
        B2         | 2026-02-25   | 500.00     |
        F4         | 2026-03-05   | 1000.00    |
        P9         | 2026-02-20   | 400.00     |
        core_payment_pairs
        payment_id | earlier_id | block     | ref_relation | days_apart | earlier_amount_sek | amount_sek | is_expected
        P2         | P1         | reference | equal        | 17         | 400.00             | 600.00     | false
        F3         | P2         | reference | cleaned      | 28         | 600.00             | 1000.00    | false
        A3         | P2         | reference | equal        | 30         | 600.00             | 1000.00    | false
        A4         | P2         | reference | equal        | 28         | 600.00             | 1000.01    | false
        P5         | P4         | reference | equal        | 5          | 1000.00            | 300.00     | false
        F6         | P5         | reference | equal        | 8          | 300.00             | 700.00     | false
        P8         | P7         | amount    | equal        | 5          | 500.00             | 500.00     | false
        A9         | P8         | reference | equal        | 8          | 500.00             | 1000.00    | false
        B2         | B1         | amount    | equal        | 5          | 500.00             | 500.00     | false
        F4         | B2         | reference | equal        | 8          | 500.00             | 1000.00    | false
        A5         | P5         | amount    | equal        | 8          | 300.00             | 700.00     | false
        A6         | P5         | reference | missing      | 8          | 300.00             | 700.00     | false
        B6         | P2         | reference | equal        | 29         | 600.00             | 1000.00    | false
        C6         | P2         | reference | equal        | 10         | 600.00             | 1000.00    | true
        C7         | P9         | cross     | equal        | 5          | 400.00             | 600.00     | false
        D7         | C7         | reference | equal        | 5          | 600.00             | 1000.00    | false
        C8         | P9         | reference | equal        | 5          | 400.00             | 599.99     | false
        D8         | C8         | reference | equal        | 5          | 599.99             | 999.99     | false
    """,
    flags={"F3": "1000.00", "F6": "1000.00", "F4": "1000.00"},
    source="Indicator catalogue SP11; Automated Auditors describe sums of two",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
