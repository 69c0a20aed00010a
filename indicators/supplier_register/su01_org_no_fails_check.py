"""A payee's organisation number cannot be right: a finding about the register, never a suspicion by itself."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SU01",
    title=Text("Organisationsnumret är felaktigt", "Organisation number is wrong"),
    means=Text(
        "Mottagarens organisationsnummer kan inte finnas: kontrollsiffran eller formen är fel. Det är ett datafel. "
        "Under månaden betalades minst {floor_sek} kr.",
        "The payee's organisation number cannot exist: its check digit or form is wrong. It is a data error. At "
        "least {floor_sek} kr was paid in the month.",
    ),
    measured=Measured(Text("Betalningar i månaden", "Payments in the month")),
    innocent=(
        Text("Numret är felskrivet i registret.", "The number is mistyped in the register."),
        Text("Numret är utländskt eller ett internt id.", "The number is foreign or an internal id."),
    ),
    do=Text(
        "Rätta numret efter fakturan. Går det inte att rätta: se om mottagaren finns på riktigt.",
        "Correct the number from the invoice. If it cannot be corrected, see whether the payee exists.",
    ),
    evidence_class="C",
    family="register",
    prior=Prior(
        1, 199,
        "domain notes 0.4: in some ledgers half of all suppliers have a wrong number, nearly all by mistake",
    ),
    review_minutes=5,
    subject="payee",
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable="""supplier_key IN (
            SELECT supplier_key FROM core_payees WHERE coalesce(org_no, org_no_problem) IS NOT NULL)""",
        missing="ap_postings.supplier_ref",
    ),
    params={"floor_sek": Param(10_000, "sek", "below it the error is left to the clean-up of the register")},
    sql="""
        WITH known AS (
            SELECT org_no, min(first_month) AS known_month FROM core_payees WHERE org_no_problem IS NULL GROUP BY 1
        )
        SELECT p.entity_key AS subject_key, p.booked_month AS service_month, p.supplier_key AS business_key,
               count(*) AS value, sum(p.amount_sek) AS amount_at_risk_sek,
               list({'payment_id': p.payment_id, 'amount_at_risk_sek': p.amount_sek}
                    ORDER BY p.payment_id) AS payments,
               if(bool_or(known_month <= p.booked_month), 'explained', 'contradiction') AS verdict,
               if(bool_or(known_month <= p.booked_month), 'felskrivet nummer', NULL) AS explained_by
        FROM core_payments p JOIN core_payees y USING (supplier_key) LEFT JOIN known k ON k.org_no = y.org_no_repair
        WHERE p.is_live AND NOT p.is_redacted AND NOT p.is_one_time AND NOT y.is_personal
          AND y.org_no_problem IN ('check_digit', 'third_digit', 'excel')
        GROUP BY 1, 2, 3 HAVING sum(p.amount_sek) >= $floor_sek
    """,
    example="""
        core_payees
        supplier_key | org_no      | org_no_problem | org_no_repair | first_month
        S1           |             | check_digit    |               | 2025-01
        S2           |             | check_digit    | 556000-0009   | 2025-01
        S3           |             | third_digit    | 556000-0008   | 2025-01
        S4           | 556000-0009 |                |               | 2025-01
        S5           | 556000-0008 |                |               | 2026-05
        S6           |             |                |               | 2025-01
        core_payments
        payment_id | supplier_key | booking_date | amount_sek
        F1         | S1           | 2026-03-05   | 8000.00
        F2         | S1           | 2026-03-06   | 8000.00
        X1         | S2           | 2026-03-06   | 18000.00
        F3         | S3           | 2026-03-06   | 18000.00
        A1         | S4           | 2026-03-06   | 18000.00
        A2         | S1           | 2026-02-06   | 8000.00
        A3         | S6           | 2026-03-06   | 18000.00
    """,
    flags={"S1": "16000.00", "S2": "explained: felskrivet nummer", "S3": "18000.00"},
    source="Indicator catalogue SU01, there R: domain notes 0.4, never alone a reason; an open mapping of municipal invoices (2023) and Serenata test the same",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
