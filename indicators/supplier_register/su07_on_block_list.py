"""A company that the municipality has excluded sent an invoice afterwards and was paid."""

from datetime import date

from core.company_facts import PAYEES
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SU07",
    title=Text("Utesluten men betald", "Excluded but paid"),
    means=Text(
        "Mottagaren står på kommunens lista över uteslutna, och fakturan är daterad mer än {grace_days} dagar efter "
        "beslutet. Beloppet är minst {floor_sek} kr.",
        "The payee is on the municipality's list of excluded companies and the invoice is dated more than {grace_days} days "
        "after the decision. The amount is at least {floor_sek} kr.",
    ),
    measured=Measured(Text("Dagar efter uteslutningen", "Days after the exclusion")),
    innocent=(
        Text("Beslutet har upphävts eller gäller en annan verksamhet.", "The decision was lifted or is about another business."),
        Text("Slutreglering av arbete före beslutet.", "Final settlement of work done before the decision."),
    ),
    do=Text(
        "Läs beslutet: vad gäller det och till när? Vem beställde, och när gjordes arbetet?",
        "Read the decision: what does it cover, and until when? Who ordered, and when was the work done?",
    ),
    evidence_class="R", family="register", review_minutes=20,
    prior=Prior(3, 7, "judgement: a decision of one's own was passed over, or was about something else"),
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable="entity_key IN (SELECT entity_key FROM core_payees WHERE org_no IS NOT NULL)",
        missing="suppliers.supplier_ref", needs=("exclusions.org_no",),
    ),
    params={
        "grace_days": Param(60, "days", "what was ordered before is billed and paid within two months"),
        "floor_sek": Param(2000, "sek", "below it a review costs more than it can bring back"),
    },
    sql=f"""
        SELECT payment_id AS subject_key, booked_month AS service_month,
               coalesce(p.invoice_date, p.booking_date) - x.decided AS value, amount_sek AS amount_at_risk_sek
        FROM core_payments p JOIN ({PAYEES}) USING (entity_key)
        JOIN (SELECT org_no, min(decided_date) AS decided FROM core_exclusions WHERE org_no IS NOT NULL GROUP BY 1) x
          USING (org_no)
        WHERE p.is_live AND NOT p.is_redacted AND NOT p.is_one_time AND amount_sek >= $floor_sek
          AND coalesce(p.invoice_date, p.booking_date) > x.decided + $grace_days
    """,
    example="""
        core_exclusions
        org_no      | reason    | decided_date
        556000-0001 | cancelled | 2026-01-01
        core_payees
        supplier_key | entity_key | org_no
        S1           | E1         | 556000-0001
        S2           | E2         | 556000-0002
        core_payments
        payment_id | entity_key | booking_date | invoice_date | amount_sek
        A1         | E1         | 2026-03-20   | 2026-03-02   | 9000.00
        F1         | E1         | 2026-03-20   | 2026-03-03   | 9000.00
        F2         | E1         | 2026-03-20   |              | 9000.00
        A2         | E1         | 2026-03-20   | 2026-03-12   | 1000.00
        A3         | E2         | 2026-03-20   | 2026-03-12   | 9000.00
    """,
    flags={"F1": "9000.00", "F2": "9000.00"},
    source="Indicator catalogue SU07",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
