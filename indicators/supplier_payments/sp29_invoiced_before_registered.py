"""An invoice is dated before its company was registered."""

from datetime import date

from core.company_facts import at_payment, is_stated
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP29",
    title=Text("Fakturerad före registreringen", "Invoiced before registration"),
    means=Text(
        "Fakturan är daterad mer än {grace_days} dagar innan bolaget registrerades. Beloppet är minst {floor_sek} kr.",
        "The invoice is dated more than {grace_days} days before the company was registered. The amount is at least "
        "{floor_sek} kr.",
    ),
    measured=Measured(Text("Dagar före registreringen", "Days before the registration")),
    innocent=(
        Text("Verksamheten fanns före bolaget, i annan form.", "The business existed before the company, in another form."),
        Text("Fakturadatumet är felskrivet.", "The invoice date is mistyped."),
        Text("Numret är det nya bolagets efter en omregistrering.", "The number is the new company's after a re-registration."),
    ),
    do=Text(
        "Se på fakturan vem som ställt ut den och när. Fanns bolaget då, och vem gjorde arbetet?",
        "See on the invoice who issued it and when. Did the company exist then, and who did the work?",
    ),
    evidence_class="R", family="register", review_minutes=15,
    prior=Prior(1, 9, "judgement: a contradiction of dates, most often of a mistyped one"),
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable=f"invoice_date IS NOT NULL AND {is_stated('registered_date')}",
        missing="company_register.registered_date", needs=("company_register.registered_date", "ap_postings.invoice_date"),
    ),
    params={
        "grace_days": Param(31, "days", "a company may begin while its registration is handled"),
        "floor_sek": Param(2000, "sek", "below it a review costs more than it can bring back"),
    },
    sql=f"""
        SELECT payment_id AS subject_key, booked_month AS service_month, registered_date - invoice_date AS value,
               amount_sek AS amount_at_risk_sek
        FROM ({at_payment("registered_date")}) WHERE registered_date - invoice_date > $grace_days AND amount_sek >= $floor_sek
    """,
    example="""
        core_company_register
        org_no      | as_of      | status | registered_date
        556000-0001 | 2026-01-01 | active | 2025-12-15
        556000-0002 | 2026-01-01 | active | 2015-12-15
        core_payees
        supplier_key | entity_key | org_no
        S1           | E1         | 556000-0001
        S2           | E2         | 556000-0002
        core_payments
        payment_id | entity_key | booking_date | invoice_date | amount_sek
        F1         | E1         | 2026-03-20   | 2025-11-13   | 9000.00
        A1         | E1         | 2026-03-20   | 2025-11-14   | 9000.00
        A2         | E1         | 2026-03-20   |              | 9000.00
        A3         | E1         | 2026-03-20   | 2025-10-13   | 1000.00
        A4         | E2         | 2026-03-20   | 2025-11-13   | 9000.00
    """,
    flags={"F1": "9000.00"},
    source="Indicator catalogue SP29, its part on registration, there H: dates are mistyped",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
