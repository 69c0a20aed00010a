"""One payee is paid again on another day for the same invoice number and amount."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP02",
    title=Text("Dubblett annan dag", "Duplicate other day"),
    means=Text(
        "Samma mottagare har fått samma belopp för samma fakturanummer två gånger inom {near_days} dagar, "
        "eller inom {far_days} dagar om beloppet är minst {far_floor_sek} kr.",
        "The same payee got the same amount for the same invoice number twice within {near_days} days, "
        "or within {far_days} days if the amount is at least {far_floor_sek} kr.",
    ),
    measured=Measured(Text("Dagar mellan betalningarna", "Days between the payments")),
    innocent=(
        Text(
            "Den första betalningen kom i retur och gjordes om.",
            "The first payment bounced and was made again.",
        ),
        Text("Mottagaren använder samma nummer varje gång.", "The payee uses one number every time."),
    ),
    do=Text(
        "Jämför de två fakturabilderna. Se om den ena är krediterad, eller be mottagaren om ett kontoutdrag.",
        "Compare the two invoice images. See whether one is credited, or ask the payee for a statement.",
    ),
    evidence_class="R",
    family="duplicate",
    prior=Prior(5, 10, "lists hold 8-25 % true ones, Devon 0 of 109 (credited), simulated development seeds 30 of 30"),
    review_minutes=15,
    scope=Scope(
        where="is_live",
        testable="invoice_no IS NOT NULL",
        missing="ap_postings.invoice_no",
        needs=("ap_postings.invoice_no",),
    ),
    params={
        "floor_sek": Param(500, "sek", "below it a review costs more than it can bring back"),
        "near_days": Param(60, "days", "catalogue SP02: two payment terms of 30 days"),
        "far_days": Param(400, "days", "catalogue SP02: a year and a month, what the pairs reach"),
        "far_floor_sek": Param(5000, "sek", "an old repeat is weaker evidence, so more must be at stake"),
    },
    sql="""
        SELECT payment_id AS subject_key, booked_month AS service_month, earlier_id AS business_key,
               coalesce(days_apart, months_apart * 30) AS value, amount_sek AS amount_at_risk_sek,
               [payment_id, earlier_id] AS evidence
        FROM core_payment_pairs
        WHERE block = 'amount' AND ref_relation = 'equal' AND coalesce(days_apart, 1) > 0 AND NOT is_expected
          AND is_same_supplier_key AND is_same_buyer AND is_same_department AND amount_sek >= $floor_sek
          AND (value <= $near_days OR value <= $far_days AND amount_sek >= $far_floor_sek)
        QUALIFY row_number() OVER (PARTITION BY payment_id ORDER BY value, earlier_id) = 1
    """,
    example="""
        core_payment_pairs
        payment_id|earlier_id|ref_relation|days_apart|months_apart|amount_sek|is_same_supplier_key|is_same_department|is_expected
        F02       |P1        |equal       |60        |2           |500.00    |true                |true              |false
        F02       |P0        |equal       |90        |3           |500.00    |true                |true              |false
        A03       |P1        |equal       |61        |2           |4999.00   |true                |true              |false
        F04       |P1        |equal       |400       |13          |5000.00   |true                |true              |false
        A05       |P1        |equal       |401       |13          |5000.00   |true                |true              |false
        F06       |P1        |equal       |          |0           |900.00    |true                |true              |false
        A07       |P1        |equal       |          |3           |900.00    |true                |true              |false
        A08       |P1        |equal       |0         |0           |900.00    |true                |true              |false
        A09       |P1        |cleaned     |30        |1           |900.00    |true                |true              |false
        A10       |P1        |equal       |30        |1           |900.00    |false               |true              |false
        A11       |P1        |equal       |30        |1           |900.00    |true                |false             |false
        A12       |P1        |equal       |30        |1           |900.00    |true                |true              |true
        A13       |P1        |equal       |30        |1           |499.99    |true                |true              |false
    """,
    flags={"F02": "500.00", "F04": "5000.00", "F06": "900.00"},
    source="Indicator catalogue SP02; Inyett, Xelix and NFI describe the same test",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
