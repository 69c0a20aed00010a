"""One real payee is paid twice for the same invoice through two records of the supplier register."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP07",
    title=Text("Betald på två leverantörsposter", "Paid on two supplier records"),
    means=Text(
        "Samma fakturanummer och belopp har betalats två gånger inom {within_days} dagar till en mottagare som "
        "finns på två leverantörsposter, med samma eller liknande namn. Beloppet är minst {floor_sek} kr.",
        "The same invoice number and amount was paid twice within {within_days} days to a payee on two supplier "
        "records, of the same or a like name. The amount is at least {floor_sek} kr.",
    ),
    measured=Measured(Text("Dagar mellan betalningarna", "Days between the payments")),
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
    prior=Prior(1, 14, "detection notes: duplicate lists hold 8-25 % true ones; Devon 2011-21: 3 of 86 credited later"),
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
        "similarity": Param(0.85, "share", "with number and amount equal, a name need only be like: town, form, unit"),
    },
    sql="""
        WITH pairs AS (
            SELECT payment_id, earlier_id, q.booked_month, q.amount_sek, is_same_payee,
                   nullif(l.name_key, '') AS name_key, nullif(e.name_key, '') AS earlier_name,
                   coalesce(q.days_apart, q.months_apart * 30) AS days
            FROM core_payment_pairs q JOIN core_payments l USING (payment_id)
                 JOIN core_payments e ON e.payment_id = q.earlier_id
            WHERE block IN ('amount', 'cross') AND ref_relation IN ('equal', 'cleaned') AND NOT q.is_expected
              AND NOT is_same_supplier_key AND q.amount_sek >= $floor_sek
        )
        SELECT payment_id AS subject_key, booked_month AS service_month, earlier_id AS business_key, days AS value,
               amount_sek AS amount_at_risk_sek, [payment_id, earlier_id] AS evidence
        FROM pairs
        WHERE days <= $within_days AND (is_same_payee OR starts_with(name_key, earlier_name)
              OR starts_with(earlier_name, name_key)
              OR jaro_winkler_similarity(name_key, earlier_name) >= $similarity)
        QUALIFY row_number() OVER (PARTITION BY payment_id ORDER BY value, earlier_id) = 1
    """,
    example="""
        core_payments
        payment_id | booking_date | name_key
        P0         | 2026-03-15   | NORDVIKS VÄRME
        P1         | 2026-03-15   | NORDVIKS VÄRME
        F1         | 2026-03-15   | NORDVIKS VÄRME
        F2         | 2026-03-15   | NORDVIKS VÄRME
        A3         | 2026-03-15   | NORDVIKS VÄRME
        A4         | 2026-03-15   | NORDVIKS VÄRME
        A5         | 2026-03-15   | SÖDERÅS TAXI
        A6         | 2026-03-15   | NORDVIKS VÄRME
        A7         | 2026-03-15   | NORDVIKS VÄRME
        A8         | 2026-03-15   | NORDVIKS VÄRME
        A9         | 2026-03-15   | NORDVIKS VÄRME
        F10        | 2026-03-15   | NORDVIKS VÄRME SKÖVDE
        F11        | 2026-03-15   | NORDVIK VÄRME
        core_payment_pairs
        payment_id|earlier_id|block    |ref_relation|days_apart|amount_sek|is_same_payee|is_same_supplier_key|is_expected
        F1        |P1        |amount   |equal       |0         |500.00    |true         |false               |false
        F2        |P0        |cross    |cleaned     |400       |800.00    |true         |false               |false
        F2        |P1        |amount   |equal       |30        |800.00    |true         |false               |false
        A3        |P1        |cross    |equal       |401       |800.00    |true         |false               |false
        A4        |P1        |amount   |equal       |30        |800.00    |true         |true                |false
        A5        |P1        |cross    |equal       |30        |800.00    |false        |false               |false
        A6        |P1        |amount   |different   |30        |800.00    |true         |false               |false
        A7        |P1        |amount   |equal       |30        |800.00    |true         |false               |true
        A8        |P1        |reference|equal       |30        |800.00    |true         |false               |false
        A9        |P1        |amount   |equal       |30        |499.99    |true         |false               |false
        F10       |P1        |cross    |equal       |30        |800.00    |false        |false               |false
        F11       |P1        |cross    |equal       |30        |800.00    |false        |false               |false
    """,
    flags={"F1": "500.00", "F2": "800.00", "F10": "800.00", "F11": "800.00"},
    source="Indicator catalogue SP07; Inyett and Xelix describe records of one supplier",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
