"""An invoice is dated after the contract that it is paid on had ended."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP45",
    title=Text("Faktura efter avtalets slut", "Invoice after the contract's end"),
    means=Text(
        "Fakturan är daterad mer än {grace_days} dagar efter att avtalet den betalas på tog slut. Beloppet är minst "
        "{floor_sek} kr.",
        "The invoice is dated more than {grace_days} days after the end of the contract that it is paid on. The amount "
        "is at least {floor_sek} kr.",
    ),
    measured=Measured(Text("Dagar efter avtalets slut", "Days after the contract's end")),
    innocent=(
        Text("Avtalet är förlängt, men förlängningen är inte inlagd.", "The contract was extended, but that is not registered."),
        Text("Fakturan avser tid före avtalets slut.", "The invoice is for time before the end."),
    ),
    do=Text(
        "Läs avtalet: slutdag, förlängning och uppsägning. Se vilken period fakturan gäller.",
        "Read the contract: last day, extension, notice. See which period the invoice is for.",
    ),
    evidence_class="R",
    family="contract",
    prior=Prior(1, 19, "detection notes: match lists 1-8 %; a stated end is firmer than a match"),
    review_minutes=20,
    scope=Scope(
        where="is_live",
        testable="contract_id IN (SELECT contract_id FROM core_contracts WHERE valid_to IS NOT NULL)",
        missing="contracts.valid_to", needs=("ap_postings.contract_id", "contracts"),
    ),
    params={
        "grace_days": Param(60, "days", "work done in the last month is invoiced in the next and may be disputed"),
        "floor_sek": Param(5000, "sek", "below it a review costs more than it can bring back"),
    },
    sql="""
        SELECT payment_id AS subject_key, booked_month AS service_month, amount_sek AS amount_at_risk_sek,
               coalesce(invoice_date, booking_date) - valid_to AS value, [payment_id, contract_id] AS evidence
        FROM core_payments JOIN core_contracts USING (contract_id)
        WHERE is_live AND amount_sek >= $floor_sek AND value > $grace_days
    """,
    example="""
        core_contracts
        contract_id | supplier_ref | valid_from | valid_to   | ceiling_sek
        K1          | 556000-0001  | 2025-01-01 |            | 100000
        K2          | 556000-0002  | 2025-01-01 | 2025-12-31 |
        core_payments
        payment_id | contract_id | booking_date | invoice_date | amount_sek
        F1         | K2          | 2026-03-05   | 2026-03-02   | 8000.00
        F2         | K2          | 2026-03-05   |              | 5000.00
        A2         | K2          | 2026-03-05   | 2026-03-01   | 8000.00
        A3         | K2          | 2026-03-20   | 2025-12-20   | 8000.00
        A4         | K2          | 2026-03-05   | 2026-03-02   | 4999.99
        A5         | K1          | 2026-03-05   | 2026-03-02   | 8000.00
        A6         | K9          | 2026-03-05   | 2026-03-02   | 8000.00
    """,
    flags={"F1": "8000.00", "F2": "5000.00"},
    shown={"F1": "61 | F1 K2", "F2": "64 | F2 K2"},
    source="Indicator catalogue SP25, its part on the end; the Open Contracting Partnership lists the flag",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
