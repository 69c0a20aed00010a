"""The account register names another owner of the account than the payee."""

from datetime import date

from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP16",
    title=Text("Kontot tillhör någon annan", "Account belongs to another"),
    means=Text(
        "Enligt kontoregistret äger en annan organisation än mottagaren kontot, och den är inget factoringbolag. "
        "Kontot fick minst {floor_sek} kr under månaden.",
        "By the account register another organisation than the payee owns the account, and it is no factoring "
        "company. It was paid at least {floor_sek} kr in the month.",
    ),
    innocent=(
        Text("Koncernen betalar genom ett gemensamt bolag.", "The group has a common treasury company."),
        Text("Bolaget har bytt organisationsnummer.", "The company has changed organisation number."),
    ),
    do=Text(
        "Fråga mottagaren varför någon annan äger kontot och begär fullmakt eller uppgift om koncernen.",
        "Ask the payee why another owns the account; request a mandate or proof of the group.",
    ),
    evidence_class="R",
    family="account",
    prior=Prior(1, 32, "detection notes: match lists are right in 1-8 %; a named other owner is the upper end"),
    review_minutes=20,
    subject="payee",
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable="""payee_account IN (
            SELECT payee_account FROM core_payee_accounts WHERE owner_org_no IS NOT NULL)
            AND booked_month >= (SELECT strftime(min(as_of), '%Y-%m') FROM core_payee_accounts)
            AND supplier_key IN (SELECT supplier_key FROM core_payees WHERE org_no IS NOT NULL AND org_no_problem IS NULL)""",
        missing="payee_accounts.owner_org_no", needs=("ap_postings.payee_account", "payee_accounts"),
    ),
    params={"floor_sek": Param(10_000, "sek", "below it a review costs more than it can bring back")},
    sql="""
        WITH register AS (
            SELECT payee_account, strftime(as_of, '%Y-%m') AS month, max_by(owner_org_no, as_of) AS owner_org_no,
                   max_by(coalesce(is_factoring, FALSE), as_of) AS is_factoring
            FROM core_payee_accounts GROUP BY 1, 2
        ), used AS (
            SELECT payee_account, supplier_key, entity_key, booked_month, sum(amount_sek) AS paid_sek
            FROM core_payments
            WHERE is_live AND payee_account IS NOT NULL AND NOT is_redacted AND NOT is_one_time
            GROUP BY 1, 2, 3, 4 HAVING paid_sek >= $floor_sek
        ), other AS (
            SELECT u.*, r.owner_org_no FROM used u JOIN core_payees y USING (supplier_key)
            ASOF JOIN register r ON r.payee_account = u.payee_account AND u.booked_month >= r.month
            WHERE NOT r.is_factoring AND y.org_no_problem IS NULL AND r.owner_org_no <> y.org_no
        )
        SELECT p.entity_key AS subject_key, p.booked_month AS service_month, p.payee_account AS business_key,
               1 AS value, sum(p.amount_sek) AS amount_at_risk_sek,
               list({'payment_id': p.payment_id, 'amount_at_risk_sek': p.amount_sek}
                    ORDER BY p.payment_id) AS payments
        FROM core_payments p JOIN other o USING (payee_account, supplier_key, entity_key, booked_month)
        ANTI JOIN core_payees g ON g.org_no = o.owner_org_no AND g.entity_key = p.entity_key
        WHERE p.is_live
        GROUP BY 1, 2, 3
    """,
    example="""
        core_payees
        supplier_key | entity_key | org_no      | org_no_problem
        S1           | E1         | 556000-0001 |
        S2           | E2         | 556000-0002 |
        S3           | E3         | 556000-0003 |
        S4           | E4         | 556000-0009 | check_digit
        S5           | E5         | 556000-0005 |
        S6           | E5         | 556000-0006 |
        core_payee_accounts
        payee_account | owner_org_no | is_factoring | as_of
        100-1000      | 556000-0001  | false        | 2026-01-31
        200-2000      | 556000-0007  | false        | 2026-01-31
        300-3000      | 556000-0008  | true         | 2026-01-31
        500-5000      | 556000-0006  | false        | 2026-01-31
        core_payments
        payment_id | supplier_key | entity_key | booking_date | payee_account | amount_sek
        A1         | S1           | E1         | 2026-03-05   | 100-1000      | 40000.00
        F1         | S2           | E2         | 2026-03-05   | 200-2000      | 40000.00
        A2         | S1           | E1         | 2026-03-05   | 200-2000      | 4000.00
        A3         | S3           | E3         | 2026-03-05   | 300-3000      | 40000.00
        A4         | S4           | E4         | 2026-03-05   | 200-2000      | 40000.00
        A5         | S5           | E5         | 2026-03-05   | 500-5000      | 40000.00
        A6         | S2           | E2         | 2025-12-05   | 200-2000      | 40000.00
    """,
    flags={"E2": "40000.00"},
    source="Indicator catalogue SP16; Inyett describes the same test",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
