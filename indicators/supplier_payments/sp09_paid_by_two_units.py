"""Two buyers or departments pay one payee for the same invoice number and amount."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP09",
    title=Text("Betald av två enheter", "Paid by two units"),
    means=Text(
        "Två köpare eller förvaltningar har betalat samma fakturanummer och belopp till samma mottagare inom "
        "{within_days} dagar. Beloppet är minst {floor_sek} kr.",
        "Two buyers or departments paid one payee for the same invoice number and amount within "
        "{within_days} days. The amount is at least {floor_sek} kr.",
    ),
    measured=Measured(Text("Dagar mellan betalningarna", "Days between the payments")),
    innocent=(
        Text("Enheterna delar fakturan lika enligt avtal.", "The units share the invoice equally by agreement."),
        Text("Kostnaden flyttades till en annan enhet.", "The cost was moved to another unit."),
    ),
    do=Text(
        "Fråga båda enheterna vad de betalade för och se fakturans hela belopp.",
        "Ask both units what they paid for and see the invoice's whole amount.",
    ),
    evidence_class="R",
    family="duplicate",
    prior=Prior(1, 19, "detection notes: match lists hold 1-8 % true ones; Devon 2011-21: 0 of 4 credited later"),
    review_minutes=20,
    scope=Scope(
        where="is_live",
        testable="ref_clean IS NOT NULL AND (buyer_id IS NOT NULL OR department IS NOT NULL)",
        missing="ap_postings.invoice_no",
        needs=("ap_postings.invoice_no",),
    ),
    params={
        "floor_sek": Param(500, "sek", "below it a review costs more than it can bring back"),
        "within_days": Param(120, "days", "four payment terms: two units pay one invoice in the same weeks"),
    },
    sql="""
        SELECT payment_id AS subject_key, booked_month AS service_month, earlier_id AS business_key,
               coalesce(days_apart, months_apart * 30) AS value, amount_sek AS amount_at_risk_sek,
               [payment_id, earlier_id] AS evidence
        FROM core_payment_pairs
        WHERE block IN ('amount', 'cross') AND ref_relation IN ('equal', 'cleaned') AND NOT is_expected
          AND is_same_supplier_key AND NOT (is_same_buyer AND is_same_department)
          AND value <= $within_days AND amount_sek >= $floor_sek
        QUALIFY row_number() OVER (PARTITION BY payment_id ORDER BY value, earlier_id) = 1
    """,
    example="""
        core_payment_pairs
        payment_id|block    |ref_relation|days_apart|amount_sek|is_same_supplier_key|is_same_buyer|is_same_department|is_expected
        F1        |amount   |equal       |0         |500.00    |true                |true         |false             |false
        F2        |cross    |cleaned     |120       |800.00    |true                |false        |true              |false
        F3        |amount   |equal       |30        |800.00    |true                |false        |false             |false
        A4        |amount   |equal       |30        |800.00    |true                |true         |true              |false
        A5        |amount   |equal       |121       |800.00    |true                |true         |false             |false
        A6        |cross    |equal       |30        |800.00    |false               |false        |true              |false
        A7        |amount   |different   |30        |800.00    |true                |true         |false             |false
        A8        |reference|equal       |30        |800.00    |true                |true         |false             |false
        A9        |amount   |equal       |30        |800.00    |true                |true         |false             |true
        B1        |amount   |equal       |30        |499.99    |true                |true         |false             |false
    """,
    flags={"F1": "500.00", "F2": "800.00", "F3": "800.00"},
    source="Indicator catalogue SP09; Inyett and NFI compare across payers",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
