"""A payee was not approved for F-tax when it was paid: the payer had to deduct tax."""

from datetime import date

from core.company_facts import at_payment, is_stated
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SU03",
    title=Text("F-skatt saknas", "No F-tax"),
    means=Text(
        "Mottagaren var inte godkänd för F-skatt enligt registret när betalningen gjordes. Gäller den arbete skulle "
        "kommunen ha dragit skatt ({tax_deduction}); det är beloppet i risk. Betalningen är minst {floor_sek} kr.",
        "By the register the payee was not approved for F-tax when it was paid. If the payment is for work, the "
        "municipality had to deduct tax ({tax_deduction}); that is the sum at risk. The payment is at least {floor_sek} kr.",
    ),
    measured=Measured(Text("Betalt", "Paid"), "sek"),
    innocent=(
        Text("Betalningen gäller varor, hyra eller ränta, inte arbete.", "The payment is for goods, rent or interest, not for work."),
        Text("Mottagaren är en förening, ett dödsbo eller utländsk.", "The payee is an association, an estate, or foreign."),
        Text("Registret släpar, eller godkännandet är nytt.", "The register lags, or the approval is new."),
    ),
    do=Text(
        "Slå upp F-skatten hos Skatteverket för betalningsdagen. Saknas den och gäller det arbete: gör avdraget eller rätta det.",
        "Look the F-tax up with the tax agency for the day of payment. Without it, and for work: deduct, or correct.",
    ),
    evidence_class="R", family="register", review_minutes=15,
    prior=Prior(2, 8, "judgement: goods, associations and lag explain most; the simulated municipality has no such case"),
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time", testable=is_stated("f_tax"),
        missing="company_register.f_tax", needs=("company_register.f_tax",),
    ),
    limits=("tax_deduction",),
    params={
        "not_work_accounts": Param("4[56].*|60.*", "pattern", "grants (45), welfare (46) and rents (60) pay no work"),
       "floor_sek": Param(5000, "sek", "below it a review costs more than it can bring back")},
    sql=f"""
        SELECT payment_id AS subject_key, booked_month AS service_month, p.amount_sek AS value,
               round(p.amount_sek * l.share, 2) AS amount_at_risk_sek,
               CASE WHEN starts_with(org_no, '2') THEN 'offentlig organisation'
                    WHEN starts_with(org_no, '8') THEN 'förening eller stiftelse'
                    WHEN account_no SIMILAR TO $not_work_accounts THEN 'hyra eller bidrag' END AS explained_by,
               if(explained_by IS NULL, 'contradiction', 'explained') AS verdict
        FROM ({at_payment("f_tax")}) p JOIN core_limits l ON l.kind = 'tax_deduction'
          AND p.booking_date BETWEEN l.valid_from AND coalesce(l.valid_to, DATE '9999-12-31')
        WHERE NOT f_tax AND p.amount_sek >= $floor_sek
    """,
    example="""
        core_limits
        kind          | share | valid_from | valid_to
        tax_deduction | 0.25  | 2012-01-01 | 2026-03-31
        tax_deduction | 0.30  | 2026-04-01 |
        core_company_register
        org_no             | as_of      | status | f_tax
        556000-0001        | 2026-01-01 | active | false
        556000-0001        | 2026-05-01 | active | true
        556000-0002        | 2026-01-01 | active | true
        802000-0003        | 2026-01-01 | active | false
        P-0123456789abcdef | 2026-01-01 | active | false
        556000-0005        | 2026-01-01 | active |
        core_payees
        supplier_key | entity_key | org_no
        S1           | E1         | 556000-0001
        S2           | E2         | 556000-0002
        S3           | E3         | 802000-0003
        S4           | E4         | P-0123456789abcdef
        S5           | E5         | 556000-0005
        core_payments
        payment_id | entity_key | booking_date | amount_sek | account_no
        A0         | E1         | 2025-12-15   | 40000.00 | 7410
        F1         | E1         | 2026-03-15   | 40000.00 | 7410
        F2         | E1         | 2026-04-15   | 40000.00 | 7410
        A1         | E1         | 2026-05-15   | 40000.00 | 7410
        A2         | E1         | 2026-04-16   | 4000.00 | 7410
        A3         | E2         | 2026-04-15   | 40000.00 | 7410
        X1         | E3         | 2026-04-15   | 40000.00 | 7410
        F3         | E4         | 2026-04-15   | 10000.00 | 7410
        A4         | E5         | 2026-04-15   | 40000.00 | 7410
        X2         | E1         | 2026-04-15   | 40000.00   | 6011
    """,
    flags={"F1": "10000.00", "F2": "12000.00", "F3": "3000.00", "X1": "explained: förening eller stiftelse", "X2": "explained: hyra eller bidrag"},
    source="Indicator catalogue SU03; domain notes 1.5: checked at the payment, not when the payee is added; typology T44",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
