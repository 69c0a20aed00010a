"""A payee was bankrupt, deregistered or in liquidation when it was paid."""

from datetime import date

from core.company_facts import at_payment, is_stated
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SU05",
    title=Text("Konkurs eller avregistrerad", "Bankrupt or deregistered"),
    means=Text(
        "Mottagaren var i konkurs eller avregistrerad enligt registret den dag betalningen bokfördes. Beloppet är minst "
        "{floor_sek} kr.",
        "By the register the payee was bankrupt or deregistered on the day the payment was booked. The amount is at least "
        "{floor_sek} kr.",
    ),
    measured=Measured(Text("Dagar sedan registrets uppgift", "Days since the register said so")),
    innocent=(
        Text("Konkursförvaltaren driver vidare och betalningen gick till konkursboet.", "The receiver runs the business and the estate was paid."),
        Text("Fakturan är äldre än konkursen.", "The invoice is older than the bankruptcy."),
        Text("Bolaget har gått upp i ett annat.", "The company was merged into another."),
    ),
    do=Text(
        "Se på vilket konto betalningen gick in och när arbetet gjordes. Fråga konkursförvaltaren vem som ska ha betalt.",
        "See which account was paid and when the work was done. Ask the receiver who is to be paid.",
    ),
    evidence_class="R", family="register", review_minutes=20,
    prior=Prior(1, 9, "judgement: estates are paid lawfully more often than not; the simulated municipality has no such case"),
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time", testable=is_stated("status"),
        missing="company_register.status", needs=("company_register.status",),
    ),
    params={"floor_sek": Param(2000, "sek", "below it a review costs more than it can bring back")},
    sql=f"""
        SELECT payment_id AS subject_key, booked_month AS service_month, booking_date - as_of AS value,
               amount_sek AS amount_at_risk_sek,
               CASE WHEN status = 'liquidation' THEN 'likvidator sköter bolaget'
                    WHEN invoice_date < as_of THEN 'fakturan är äldre' END AS explained_by,
               if(explained_by IS NULL, 'contradiction', 'explained') AS verdict
        FROM ({at_payment("status")}) WHERE status <> 'active' AND amount_sek >= $floor_sek
    """,
    example="""
        core_company_register
        org_no      | as_of      | status
        556000-0001 | 2026-01-01 | active
        556000-0001 | 2026-03-10 | bankrupt
        556000-0002 | 2026-01-01 | deregistered
        556000-0003 | 2026-01-01 | liquidation
        556000-0004 | 2026-01-01 | bankrupt
        556000-0004 | 2026-02-01 | active
        core_payees
        supplier_key | entity_key | org_no
        S1           | E1         | 556000-0001
        S2           | E2         | 556000-0002
        S3           | E3         | 556000-0003
        S4           | E4         | 556000-0004
        core_payments
        payment_id | entity_key | booking_date | invoice_date | amount_sek
        A1         | E1         | 2026-03-09   | 2026-02-20   | 40000.00
        F1         | E1         | 2026-03-10   | 2026-03-10   | 40000.00
        X1         | E1         | 2026-03-20   | 2026-03-09   | 40000.00
        A2         | E1         | 2026-03-20   | 2026-03-11   | 1000.00
        F2         | E2         | 2026-03-20   |              | 9000.00
        X2         | E3         | 2026-03-20   | 2026-03-11   | 9000.00
        A3         | E4         | 2026-03-20   | 2026-03-11   | 9000.00
    """,
    flags={
        "F1": "40000.00", "F2": "9000.00", "X1": "explained: fakturan är äldre", "X2": "explained: likvidator sköter bolaget"
    },
    source="Indicator catalogue SU05; typology T44",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
