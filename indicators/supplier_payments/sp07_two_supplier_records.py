"""One real payee is paid twice for the same invoice through two records of the supplier register."""

from datetime import date

from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP07",
    title=Text("Betald på två leverantörsposter", "Paid on two supplier records"),
    means=Text(
        "Samma fakturanummer och belopp har betalats två gånger inom {within_days} dagar till samma mottagare, "
        "som finns två gånger i leverantörsregistret. Beloppet är minst {floor_sek} kr.",
        "The same invoice number and amount was paid twice within {within_days} days to one payee that is in the "
        "supplier register twice. The amount is at least {floor_sek} kr.",
    ),
    innocent=(
        Text("Moderbolag och filial fakturerar var för sig.", "Parent and branch send their own invoices."),
        Text("Posten byttes och betalningen gjordes om.", "The record was replaced and the payment made again."),
    ),
    do=Text(
        "Jämför fakturabilderna och de två posterna i registret. Slå ihop posterna om de är samma mottagare.",
        "Compare the invoice images and the two records. Merge the records if they are one payee.",
    ),
    evidence_class="R",
    family="duplicate",
    prior=Prior(2, 12, "detection.md: duplicate lists hold 8-25 % true ones; Devon 2011-21: 2 of 18 credited later"),
    review_minutes=20,
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable="ref_clean IS NOT NULL",
        missing="ap_postings.invoice_no",
        needs=("ap_postings.invoice_no",),
    ),
    params={
        "floor_sek": Param(500, "sek", "below it a review costs more than it can bring back"),
        "within_days": Param(400, "days", "catalogue SP02: a year and a month, what the pairs reach"),
    },
    sql="""
        SELECT payment_id AS subject_key, booked_month AS service_month, earlier_id AS business_key,
               coalesce(days_apart, months_apart * 30) AS value, amount_sek AS amount_at_risk_sek,
               [payment_id, earlier_id] AS evidence
        FROM core_payment_pairs
        WHERE block IN ('amount', 'cross') AND ref_relation IN ('equal', 'cleaned') AND NOT is_expected
          AND is_same_payee AND NOT is_same_supplier_key AND value <= $within_days AND amount_sek >= $floor_sek
        QUALIFY row_number() OVER (PARTITION BY payment_id ORDER BY value, earlier_id) = 1
    """,
    example="""
        core_payment_pairs
        payment_id|block    |ref_relation|days_apart|amount_sek|is_same_payee|is_same_supplier_key|is_expected
        F1        |amount   |equal       |0         |500.00    |true         |false               |false
        F2        |cross    |cleaned     |400       |800.00    |true         |false               |false
        F2        |amount   |equal       |30        |800.00    |true         |false               |false
        A3        |cross    |equal       |401       |800.00    |true         |false               |false
        A4        |amount   |equal       |30        |800.00    |true         |true                |false
        A5        |cross    |equal       |30        |800.00    |false        |false               |false
        A6        |amount   |different   |30        |800.00    |true         |false               |false
        A7        |amount   |equal       |30        |800.00    |true         |false               |true
        A8        |reference|equal       |30        |800.00    |true         |false               |false
        A9        |amount   |equal       |30        |499.99    |true         |false               |false
    """,
    flags={"F1": "500.00", "F2": "800.00"},
    source="Indicator catalogue SP07; Inyett and Xelix describe records of one supplier",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
