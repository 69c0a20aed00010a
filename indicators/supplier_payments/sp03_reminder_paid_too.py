"""An invoice is paid, and then once more with what looks like a reminder fee on top."""

from datetime import date

from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP03",
    title=Text("Påminnelse också betald", "Reminder paid too"),
    means=Text(
        "Samma mottagare och fakturanummer har betalats igen inom {within_days} dagar, med {least_fee_sek} till "
        "{largest_fee_sek} kr mer än första gången. Det liknar en påminnelseavgift.",
        "The same payee and invoice number was paid again within {within_days} days, for {least_fee_sek} to "
        "{largest_fee_sek} kr more than the first time. That looks like a reminder fee.",
    ),
    innocent=(
        Text("Tillägget är en egen faktura med samma nummer.", "The extra is an invoice with the same number."),
        Text("Numret är ett avtalsnummer, inte ett fakturanummer.", "The number is a contract, not an invoice."),
    ),
    do=Text(
        "Se om den senare fakturan är en påminnelse eller ett inkassokrav. Då är grundbeloppet betalt två gånger.",
        "See whether the later invoice is a reminder or a collection claim. Then the principal was paid twice.",
    ),
    evidence_class="R",
    family="duplicate",
    prior=Prior(1, 19, "detection.md: match lists hold 1-8 % true ones; Devon 2011-21: 1 of 40 credited later"),
    review_minutes=15,
    scope=Scope(
        where="is_live",
        testable="invoice_no IS NOT NULL",
        missing="ap_postings.invoice_no",
        needs=("ap_postings.invoice_no",),
    ),
    params={
        "floor_sek": Param(500, "sek", "below it a review costs more than it can bring back"),
        "within_days": Param(60, "days", "catalogue SP03: reminders and collection come within two months"),
        "least_fee_sek": Param(50, "sek", "catalogue SP03: just under the lawful reminder fee"),
        "largest_fee_sek": Param(250, "sek", "catalogue SP03: reminder and collection fee together"),
    },
    sql="""
        SELECT payment_id AS subject_key, booked_month AS service_month, earlier_id AS business_key,
               amount_sek - earlier_amount_sek AS value, earlier_amount_sek AS amount_at_risk_sek,
               [payment_id, earlier_id] AS evidence
        FROM core_payment_pairs
        WHERE block = 'reference' AND ref_relation IN ('equal', 'cleaned') AND NOT is_expected
          AND coalesce(days_apart, months_apart * 30) <= $within_days AND earlier_amount_sek >= $floor_sek
          AND amount_sek - earlier_amount_sek BETWEEN $least_fee_sek AND $largest_fee_sek
    """,
    example="""
        core_payment_pairs
        payment_id|block    |ref_relation|days_apart|months_apart|earlier_amount_sek|amount_sek|is_expected
        F1        |reference|equal       |35        |1           |500.00            |560.00    |false
        F2        |reference|cleaned     |          |2           |4000.00           |4250.00   |false
        F3        |reference|equal       |60        |2           |4000.00           |4050.00   |false
        A4        |reference|equal       |61        |2           |4000.00           |4060.00   |false
        A5        |reference|equal       |          |3           |4000.00           |4060.00   |false
        A6        |reference|equal       |35        |1           |4000.00           |4049.99   |false
        A7        |reference|equal       |35        |1           |4000.00           |4250.01   |false
        A8        |reference|equal       |35        |1           |4060.00           |4000.00   |false
        A9        |reference|equal       |35        |1           |499.99            |559.99    |false
        B1        |reference|equal       |35        |1           |4000.00           |4060.00   |true
        B2        |reference|missing     |35        |1           |4000.00           |4060.00   |false
        B3        |amount   |equal       |35        |1           |4000.00           |4060.00   |false
    """,
    flags={"F1": "500.00", "F2": "4000.00", "F3": "4000.00"},
    source="Indicator catalogue SP03; Inyett describes reminders paid beside their invoice",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
