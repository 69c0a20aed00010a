"""One payee is paid twice for invoice numbers that are equal once signs, zeros and look-alike letters are cleaned."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP05",
    title=Text("Samma nummer, skrivet annorlunda", "Same number, written differently"),
    means=Text(
        "Samma mottagare har fått samma belopp två gånger. Fakturanumren är lika när tecken, inledande nollor och "
        "förväxlade bokstäver (O/0, I/1, B/8) räknats bort. Högst {near_days} dagar emellan, eller högst "
        "{far_days} dagar från {far_floor_sek} kr.",
        "The same payee got the same amount twice. The invoice numbers are equal once signs, leading zeros and "
        "look-alike letters (O/0, I/1, B/8) are cleaned. At most {near_days} days apart, or at most "
        "{far_days} days from {far_floor_sek} kr.",
    ),
    measured=Measured(Text("Dagar mellan betalningarna", "Days between the payments")),
    innocent=(
        Text("Två serier som bara skiljer sig i förledet.", "Two series that differ only by their prefix."),
        Text("En kreditfaktura saknas i underlaget.", "A credit note is missing in the data."),
    ),
    do=Text(
        "Jämför fakturabilderna. En skannad och en elektronisk faktura för samma köp är det vanliga felet.",
        "Compare the invoice images. One scanned and one electronic invoice of a purchase is the usual error.",
    ),
    evidence_class="R",
    family="duplicate",
    prior=Prior(5, 10, "lists hold 8-25 % true ones, Devon 8 of 137 (credited), simulated development seeds 28 of 28"),
    review_minutes=15,
    scope=Scope(
        where="is_live",
        testable="ref_clean IS NOT NULL",
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
        WHERE block = 'amount' AND ref_relation = 'cleaned' AND NOT is_expected AND amount_sek >= $floor_sek
          AND is_same_supplier_key AND is_same_buyer AND is_same_department
          AND (value <= $near_days OR value <= $far_days AND amount_sek >= $far_floor_sek)
        QUALIFY row_number() OVER (PARTITION BY payment_id ORDER BY value, earlier_id) = 1
    """,
    example="""
        core_payment_pairs
        payment_id | earlier_id | ref_relation | days_apart | amount_sek | is_same_supplier_key | is_expected
        F1         | P1         | cleaned      | 0          | 500.00     | true                 | false
        F2         | P1         | cleaned      | 60         | 800.00     | true                 | false
        F2         | P2         | cleaned      | 90         | 800.00     | true                 | false
        F3         | P1         | cleaned      | 400        | 5000.00    | true                 | false
        A4         | P1         | cleaned      | 61         | 4999.99    | true                 | false
        A5         | P1         | cleaned      | 401        | 5000.00    | true                 | false
        A6         | P1         | equal        | 30         | 800.00     | true                 | false
        A7         | P1         | different    | 30         | 800.00     | true                 | false
        A8         | P1         | cleaned      | 30         | 800.00     | false                | false
        A9         | P1         | cleaned      | 30         | 800.00     | true                 | true
        B1         | P1         | cleaned      | 30         | 499.99     | true                 | false
    """,
    flags={"F1": "500.00", "F2": "800.00", "F3": "5000.00"},
    source="Indicator catalogue SP05; Inyett (ID), Xelix and ACL clean numbers before they compare",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
