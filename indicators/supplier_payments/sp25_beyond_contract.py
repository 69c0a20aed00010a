"""Payments on a contract pass its ceiling, or the invoice is dated after the contract's end."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP25",
    title=Text("Utöver avtalets tak eller tid", "Beyond contract ceiling or end"),
    means=Text(
        "Betalningarna på avtalet har passerat avtalets tak, eller så är fakturan daterad mer än {grace_days} dagar "
        "efter att avtalet tog slut. Det gäller minst {floor_sek} kr.",
        "Payments on the contract passed its ceiling, or the invoice is dated more than {grace_days} days after the "
        "contract's end. At least {floor_sek} kr is concerned.",
    ),
    measured=Measured(Text("Dagar efter avtalets slut, annars betalt delat med taket", "Days after the contract's end, else paid divided by its ceiling")),
    innocent=(
        Text("En förlängning eller tilläggsbeställning är inte inlagd.", "An extension or option is not registered."),
        Text("Fakturan avser tid före avtalets slut.", "The invoice is for time before the end."),
    ),
    do=Text(
        "Läs avtalet: tak, förlängning och option. Se vilken period fakturan gäller.",
        "Read the contract: ceiling, extension, option. See which period the invoice is for.",
    ),
    evidence_class="R",
    family="contract",
    prior=Prior(1, 19, "detection notes: match lists 1-8 %; a stated ceiling or end is firmer than a match"),
    review_minutes=25,
    scope=Scope(
        where="is_live",
        testable="""contract_id IN (
            SELECT contract_id FROM core_contracts WHERE ceiling_sek IS NOT NULL OR valid_to IS NOT NULL)""",
        missing="ap_postings.contract_id", needs=("ap_postings.contract_id", "contracts"),
    ),
    params={
        "grace_days": Param(60, "days", "work done in the last month is invoiced in the next and may be disputed"),
        "floor_sek": Param(5000, "sek", "below it a review costs more than it can bring back"),
    },
    sql="""
        WITH on_contract AS (
            SELECT p.payment_id, p.booked_month, p.booking_date, p.amount_sek, p.is_live, c.contract_id, c.ceiling_sek,
                   coalesce(p.invoice_date, p.booking_date) - c.valid_to AS days_after
            FROM core_payments p JOIN core_contracts c USING (contract_id)
        ), spent AS (
            SELECT contract_id, booked_month,
                   sum(sum(amount_sek)) OVER (PARTITION BY contract_id ORDER BY booked_month) AS end_sek,
                   end_sek - sum(amount_sek) AS start_sek, end_sek > any_value(ceiling_sek) AS is_over
            FROM on_contract GROUP BY 1, 2
        ), judged AS (
            SELECT *, start_sek + sum(amount_sek) OVER (PARTITION BY contract_id, booked_month
                                                        ORDER BY booking_date, payment_id) AS paid_sek,
                   if(days_after > $grace_days, amount_sek, least(amount_sek, paid_sek - ceiling_sek)) AS risk_sek
            FROM on_contract JOIN spent USING (contract_id, booked_month)
            WHERE is_over OR days_after > $grace_days
        )
        SELECT payment_id AS subject_key, booked_month AS service_month, risk_sek AS amount_at_risk_sek,
               if(days_after > $grace_days, days_after, round(paid_sek / ceiling_sek, 3)) AS value,
               [payment_id, contract_id] AS evidence
        FROM judged WHERE is_live AND risk_sek >= $floor_sek
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
        F7         | K2          | 2026-03-05   | 2026-03-02   | 8000.00
        A8         | K2          | 2026-03-05   | 2026-03-01   | 8000.00
        A9         | K2          | 2026-03-20   | 2025-12-20   | 8000.00
        A10        | K3          | 2026-03-05   | 2026-03-01   | 80000.00
        A11        | K9          | 2026-03-05   | 2026-03-01   | 80000.00
    """,
    flags={"F4": "30000.00", "F5": "6000.00", "F7": "8000.00"},
    source="Indicator catalogue SP25; the Open Contracting Partnership lists both flags",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
