"""Payments on a contract add up to more than its ceiling."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP25",
    title=Text("Utöver avtalets tak", "Beyond the contract's ceiling"),
    means=Text(
        "Betalningarna på avtalet är tillsammans mer än avtalets tak. Minst {floor_sek} kr av betalningen ligger över taket.",
        "Payments on the contract add up to more than its ceiling. At least {floor_sek} kr of the payment lie above it.",
    ),
    measured=Measured(Text("Betalt på avtalet hittills", "Paid on the contract so far"), "sek", Text("avtalets tak", "its ceiling")),
    innocent=(
        Text("En option eller tilläggsbeställning är inte inlagd.", "An option or an additional order is not registered."),
        Text("Taket gäller per år men är inlagt för hela avtalet.", "The ceiling is a year's but is registered as the contract's."),
    ),
    do=Text(
        "Läs avtalet: tak, option och tillägg. Räkna ihop det som är betalt på det.",
        "Read the contract: ceiling, option, additions. Add up what was paid on it.",
    ),
    evidence_class="R",
    family="contract",
    prior=Prior(1, 19, "detection notes: match lists 1-8 %; a stated ceiling is firmer than a match"),
    review_minutes=25,
    scope=Scope(
        where="is_live",
        testable="contract_id IN (SELECT contract_id FROM core_contracts WHERE ceiling_sek IS NOT NULL)",
        missing="contracts.ceiling_sek", needs=("ap_postings.contract_id", "contracts", "contracts.ceiling_sek"),
    ),
    params={"floor_sek": Param(5000, "sek", "below it a review costs more than it can bring back")},
    sql="""
        WITH on_contract AS (
            SELECT p.payment_id, p.booked_month, p.booking_date, p.amount_sek, p.is_live, c.contract_id, c.ceiling_sek
            FROM core_payments p JOIN core_contracts c USING (contract_id) WHERE c.ceiling_sek IS NOT NULL
        ), spent AS (
            SELECT contract_id, booked_month,
                   sum(sum(amount_sek)) OVER (PARTITION BY contract_id ORDER BY booked_month) AS end_sek,
                   end_sek - sum(amount_sek) AS start_sek, end_sek > any_value(ceiling_sek) AS is_over
            FROM on_contract GROUP BY 1, 2
        ), judged AS (
            SELECT *, start_sek + sum(amount_sek) OVER (PARTITION BY contract_id, booked_month
                                                        ORDER BY booking_date, payment_id) AS paid_sek,
                   least(amount_sek, paid_sek - ceiling_sek) AS risk_sek
            FROM on_contract JOIN spent USING (contract_id, booked_month) WHERE is_over
        )
        SELECT j.payment_id AS subject_key, j.booked_month AS service_month, risk_sek AS amount_at_risk_sek,
               paid_sek AS value, j.ceiling_sek AS compared, [j.payment_id, contract_id] || list_transform(
                 max({'month': q.booked_month, 'payment_id': q.payment_id}, 20) FILTER (q.payment_id <> j.payment_id),
                 lambda x: x.payment_id) AS evidence
        FROM judged j JOIN on_contract q USING (contract_id)
        WHERE j.is_live AND risk_sek >= $floor_sek AND q.booked_month <= j.booked_month
        GROUP BY j.payment_id, j.booked_month, contract_id, risk_sek, paid_sek, j.ceiling_sek
    """,
    example="""
        core_contracts
        contract_id | supplier_ref | valid_from | valid_to   | ceiling_sek
        K1          | 556000-0001  | 2025-01-01 |            | 100000
        K2          | 556000-0002  | 2025-01-01 | 2025-12-31 |
        K3          | 556000-0003  | 2025-01-01 | 2026-12-31 | 500000
        core_payments
        payment_id | contract_id | booking_date | invoice_date | amount_sek
        A1         | K1          | 2026-01-05   | 2026-01-01   | 90000.00
        A2         | K1          | 2026-01-15   | 2026-01-05   | -10000.00
        A3         | K1          | 2026-01-25   | 2026-01-15   | 20000.00
        F4         | K1          | 2026-02-05   | 2026-02-01   | 30000.00
        F5         | K1          | 2026-03-05   | 2026-03-01   | 6000.00
        A6         | K1          | 2026-03-06   | 2026-03-01   | 4999.00
        A7         | K2          | 2026-03-05   | 2026-03-02   | 800000.00
        A10        | K3          | 2026-03-05   | 2026-03-01   | 80000.00
        A11        | K9          | 2026-03-05   | 2026-03-01   | 80000.00
    """,
    flags={"F4": "30000.00", "F5": "6000.00"},
    shown={"F4": "130000 (100000) | F4 K1 A3 A2 A1", "F5": "136000 (100000) | F5 K1 A6 F4 A3 A2 A1"},
    source="Indicator catalogue SP25, its part on the ceiling; the Open Contracting Partnership lists the flag",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
