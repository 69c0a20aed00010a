"""One invoice number is paid twice, the second time with two digits swapped or the decimal sign moved."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP10",
    title=Text("Omkastade siffror i beloppet", "Digits of amount swapped"),
    means=Text(
        "Samma mottagare och fakturanummer har betalats två gånger. Det ena beloppet är det andra med två "
        "grannsiffror omkastade, eller tio eller hundra gånger större. Det mindre är minst {floor_sek} kr.",
        "The same payee and invoice number was paid twice. One amount is the other with two neighbouring digits "
        "swapped, or ten or a hundred times larger. The smaller is at least {floor_sek} kr.",
    ),
    measured=Measured(Text("Beloppet delat med det andra", "The amount divided by the other")),
    innocent=(
        Text("Två delbetalningar som råkar likna varandra.", "Two part payments that happen to look alike."),
        Text("Numret är ett kundnummer som återkommer.", "The number is a customer number that recurs."),
    ),
    do=Text(
        "Läs beloppet på fakturabilden. Är det ena fel, är det andra rättelsen, och är felet återbetalt?",
        "Read the amount on the invoice image. Is one wrong, the other its correction, and is it paid back?",
    ),
    evidence_class="R",
    family="amount",
    prior=Prior(1, 9, "as SP02: one number is paid twice, whichever amount is right; Devon 2015-16 has none by chance"),
    review_minutes=15,
    scope=Scope(
        where="is_live",
        testable="ref_clean IS NOT NULL",
        missing="ap_postings.invoice_no",
        needs=("ap_postings.invoice_no",),
    ),
    params={
        "floor_sek": Param(500, "sek", "below it a review costs more than it can bring back"),
    },
    sql="""
        WITH digits AS (
            SELECT payment_id, earlier_id, booked_month, amount_sek, earlier_amount_sek,
                   (amount_sek * 100)::BIGINT::VARCHAR AS a, (earlier_amount_sek * 100)::BIGINT::VARCHAR AS b
            FROM core_payment_pairs
            WHERE block = 'reference' AND ref_relation IN ('equal', 'cleaned') AND NOT is_expected
              AND least(amount_sek, earlier_amount_sek) >= $floor_sek
        )
        SELECT payment_id AS subject_key, booked_month AS service_month, earlier_id AS business_key,
               round(amount_sek / earlier_amount_sek, 3) AS value, [payment_id, earlier_id] AS evidence,
               least(amount_sek, greatest(abs(amount_sek - earlier_amount_sek), earlier_amount_sek)) AS amount_at_risk_sek
        FROM digits
        WHERE a IN (b || '0', b || '00') OR b IN (a || '0', a || '00')
           OR length(a) = length(b) AND levenshtein(a, b) = 2 AND damerau_levenshtein(a, b) = 1
    """,
    example="""
        core_payment_pairs
        payment_id | block     | ref_relation | earlier_amount_sek | amount_sek | is_expected
        F1         | reference | equal        | 12500.00           | 15200.00   | false
        F2         | reference | cleaned      | 1250.50            | 12505.00   | false
        F3         | reference | equal        | 125000.00          | 1250.00    | false
        A4         | reference | equal        | 12500.00           | 12600.00   | false
        A5         | reference | equal        | 12300.00           | 32100.00   | false
        A6         | reference | equal        | 1000.00            | 1000000.00 | false
        A7         | reference | equal        | 499.99             | 49999.00   | false
        F4         | reference | equal        | 12340.00           | 12430.00   | false
        A9         | reference | equal        | 12500.00           | 15200.00   | true
        B1         | reference | missing      | 12500.00           | 15200.00   | false
        B2         | amount    | equal        | 12500.00           | 15200.00   | false
    """,
    flags={"F1": "12500.00", "F2": "11254.50", "F3": "1250.00", "F4": "12340.00"},
    source="Indicator catalogue SP10, there S; R because the number itself is paid twice; ezrstats: transposed amounts",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
