"""One payee is paid twice on one day for the same reference and amount."""

from datetime import date

from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP01",
    title=Text("Dubblett samma dag", "Duplicate same day"),
    means=Text(
        "Samma mottagare, fakturanummer och belopp har betalats två gånger samma dag, lägst {floor_sek} kr.",
        "The same payee, invoice number and amount were paid twice on one day, at least {floor_sek} kr.",
    ),
    innocent=(
        Text("En faktura delad på två kostnadsställen.", "One invoice split on two cost centres."),
        Text("Numret är en text som återkommer, inte ett fakturanummer.", "The number is a recurring text."),
    ),
    do=Text(
        "Jämför de två fakturabilderna och se om den ena är krediterad eller makulerad.",
        "Compare the two invoice images and see whether one is credited or cancelled.",
    ),
    evidence_class="R",
    family="duplicate",
    prior=Prior(5, 10, "detection notes: mixed lists hold 8-25 % true ones; here number, amount and day are all the same"),
    review_minutes=15,
    scope=Scope(
        testable="invoice_no IS NOT NULL", missing="ap_postings.invoice_no",
        needs=("ap_postings.invoice_no",), day_precision=True,
    ),
    params={"floor_sek": Param(500, "sek", "below it a review costs more than it can bring back")},
    sql="""
        SELECT payment_id AS subject_key, booked_month AS service_month, earlier_id AS business_key,
               1 AS value, amount_sek AS amount_at_risk_sek, [payment_id, earlier_id] AS evidence
        FROM core_payment_pairs
        WHERE block = 'amount' AND ref_relation = 'equal' AND days_apart = 0 AND NOT is_expected
          AND amount_sek >= $floor_sek
    """,
    example="""
        core_payment_pairs
        payment_id | earlier_id | block  | ref_relation | days_apart | amount_sek | is_expected
        F2         | P1         | amount | equal        | 0          | 1200.00    | false
        P4         | P3         | amount | equal        | 0          | 480.00     | false
        P6         | P5         | amount | different    | 0          | 1200.00    | false
        P8         | P7         | amount | equal        | 0          | 1200.00    | true
    """,
    flags={"F2": "1200.00"},
    source="Indicator catalogue SP01; Inyett, SAP and NFI describe the same test",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
