"""An invoice charges VAT although the register says that the payee is not registered for it."""

from datetime import date

from core.company_facts import at_payment, is_stated
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP44",
    title=Text("Moms utan registrering", "VAT without registration"),
    means=Text(
        "Fakturan tar ut moms, minst {least_sek} kr, men mottagaren var inte momsregistrerad enligt registret den "
        "dag betalningen bokfördes.",
        "The invoice charges VAT, at least {least_sek} kr, but by the register the payee was not registered for it on "
        "the day the payment was booked.",
    ),
    measured=Measured(Text("Momsen på fakturan", "VAT of the invoice"), "sek"),
    innocent=(
        Text("Mottagaren hör till en momsgrupp som är registrerad.", "The payee is in a VAT group that is registered."),
        Text("Registret släpar, eller registreringen är ny.", "The register lags, or the registration is new."),
        Text("Fakturan är utställd av ett annat bolag.", "The invoice was issued by another company."),
    ),
    do=Text(
        "Slå upp momsregistreringen hos Skatteverket för fakturans dag. Saknas den: begär en faktura utan moms.",
        "Look the registration up with the tax agency for the invoice's day. Without one, ask for an invoice without VAT.",
    ),
    evidence_class="R",
    family="register",
    prior=Prior(
        6, 6, "judgement, as SU18: lags and groups explain about half; the simulated municipality has no such case"
    ),
    review_minutes=15,
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time AND vat_sek > 0",
        testable=is_stated("vat_registered"),
        missing="company_register.vat_registered",
        needs=("ap_postings.vat_sek", "company_register.vat_registered"),
    ),
    params={"least_sek": Param(500, "sek", "smaller sums are not worth an officer's time")},
    sql=f"""
        SELECT payment_id AS subject_key, booked_month AS service_month, vat_sek AS value, vat_sek AS amount_at_risk_sek
        FROM ({at_payment("vat_registered")}) WHERE NOT vat_registered AND vat_sek >= $least_sek
    """,
    example="""
        core_company_register
        org_no      | as_of      | status | vat_registered
        556000-0001 | 2025-06-01 | active | true
        556000-0001 | 2026-02-01 | active | false
        556000-0001 | 2026-05-01 | active | true
        556000-0002 | 2026-02-01 | active | true
        556000-0003 | 2026-02-01 | active |
        core_payees
        supplier_key | entity_key | org_no
        S1           | E1         | 556000-0001
        S2           | E2         | 556000-0002
        S3           | E3         | 556000-0003
        core_payments
        payment_id | entity_key | booking_date | amount_sek | vat_sek | is_live
        A1         | E1         | 2026-01-15   | 4000.00    | 1000.00 | true
        F1         | E1         | 2026-02-15   | 4000.00    | 1000.00 | true
        F2         | E1         | 2026-04-15   | 4000.00    | 1000.00 | true
        A2         | E1         | 2026-05-15   | 4000.00    | 1000.00 | true
        A3         | E1         | 2026-03-15   | 4000.00    | 0.00    | true
        A4         | E1         | 2026-03-16   | 400.00     | 100.00  | true
        A5         | E1         | 2026-03-17   | 4000.00    | 1000.00 | false
        A6         | E2         | 2026-03-15   | 4000.00    | 1000.00 | true
        A7         | E3         | 2026-03-15   | 4000.00    | 1000.00 | true
        A8         | E4         | 2026-03-15   | 4000.00    | 1000.00 | true
    """,
    flags={"F1": "1000.00", "F2": "1000.00"},
    source="Indicator catalogue SP40, its part on registration",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
