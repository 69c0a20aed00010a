"""Money went to an account for which the account register knows no owner."""

from datetime import date

from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP15",
    title=Text("Konto utan känd ägare", "Account without known owner"),
    means=Text(
        "Kontoregistret känner ingen ägare till kontot, som fått minst {floor_sek} kr under månaden.",
        "The account register knows no owner of the account, which was paid at least {floor_sek} kr in the month.",
    ),
    innocent=(
        Text("Kontot ligger i en bank som registret inte täcker.", "The register does not cover the bank."),
        Text("Kontot är så nytt att registret inte hunnit med.", "The account is too new for the register."),
    ),
    do=Text(
        "Be om bankens intyg på vem som äger kontot, och jämför med avtal och faktura.",
        "Ask for the bank's statement of who owns the account; compare it with contract and invoice.",
    ),
    evidence_class="R",
    family="account",
    prior=Prior(1, 49, "domain notes 3.2: Inyett says about 10 % of larger account transfers need a closer look"),
    review_minutes=20,
    subject="payee",
    scope=Scope(
        where="is_live AND NOT is_redacted AND (NOT is_one_time OR entity_key LIKE 'org:%')",
        testable="""payee_account IS NOT NULL
            AND NOT (payee_account NOT LIKE 'SE%' AND (coalesce(payee_account_kind, '') = 'iban'
                OR regexp_matches(payee_account, '^[A-Z]{2}[0-9]{2}[0-9A-Z ]{11,}$')))
            AND supplier_key NOT IN (SELECT supplier_key FROM core_payees WHERE is_personal)
            AND booked_month >= (SELECT strftime(min(as_of), '%Y-%m') FROM core_payee_accounts)""",
        missing="payee_accounts.owner_org_no", needs=("ap_postings.payee_account", "payee_accounts"),
    ),
    params={"floor_sek": Param(15_000, "sek", "domain notes 3.2: the size from which transfers are worth a check")},
    sql="""
        WITH register AS (
            SELECT payee_account, strftime(as_of, '%Y-%m') AS month, max_by(owner_org_no, as_of) AS owner_org_no,
                   min(month) OVER () AS first_month
            FROM core_payee_accounts GROUP BY 1, 2
        ), owned AS (
            SELECT payee_account FROM register
            GROUP BY 1 HAVING count(*) = count(owner_org_no) AND min(month) = any_value(first_month)
        ), used AS (
            SELECT payment_id, payee_account, entity_key, booked_month, amount_sek,
                   min(booked_month) OVER (PARTITION BY payee_account) AS account_month
            FROM core_payments ANTI JOIN owned USING (payee_account)
            WHERE is_live AND payee_account IS NOT NULL AND NOT is_redacted AND (NOT is_one_time OR entity_key LIKE 'org:%')
              AND NOT (payee_account NOT LIKE 'SE%' AND (coalesce(payee_account_kind, '') = 'iban'
                OR regexp_matches(payee_account, '^[A-Z]{2}[0-9]{2}[0-9A-Z ]{11,}$')))
              AND supplier_key NOT IN (SELECT supplier_key FROM core_payees WHERE is_personal)
        )
        SELECT u.entity_key AS subject_key, booked_month AS service_month, u.payee_account AS business_key,
               1 AS value, sum(u.amount_sek) AS amount_at_risk_sek,
               list({'payment_id': u.payment_id, 'amount_at_risk_sek': u.amount_sek}
                    ORDER BY u.payment_id) AS payments,
               if(bool_or(r.month IS NULL AND account_month > m.month), 'needs_field', 'contradiction') AS verdict,
               if(bool_or(r.month IS NULL AND account_month > m.month), 'payee_accounts.as_of', NULL) AS missing_field
        FROM used u ASOF JOIN (SELECT DISTINCT month FROM register) m ON u.booked_month >= m.month
        ASOF LEFT JOIN register r ON r.payee_account = u.payee_account AND u.booked_month >= r.month
        WHERE r.owner_org_no IS NULL
        GROUP BY 1, 2, 3 HAVING sum(u.amount_sek) >= $floor_sek
    """,
    example="""
        core_payee_accounts
        payee_account | owner_org_no | as_of
        100-1000      | 556000-0001  | 2026-01-31
        200-2000      |              | 2026-01-31
        300-3000      |              | 2026-01-31
        300-3000      | 556000-0003  | 2026-02-28
        600-6000      | 556000-0006  | 2026-04-30
        core_payees
        supplier_key | is_personal
        PERSON       | true
        OWNED        | false
        core_payments
        payment_id | supplier_key | booking_date | payee_account | payee_account_kind | amount_sek | is_redacted | is_one_time | entity_key
        A1         | OWNED        | 2026-03-05   | 100-1000      | bankgiro           | 40000.00     | false       | false       | OWNED
        F1         | NOBODY       | 2026-03-05   | 200-2000      | account            | 10000.00     | false       | false       | NOBODY
        F2         | NOBODY       | 2026-03-06   | 200-2000      | account            | 9000.00      | false       | false       | NOBODY
        A2         | SMALL        | 2026-03-06   | 200-2000      | account            | 9000.00      | false       | false       | SMALL
        A3         | SETTLED      | 2026-03-06   | 300-3000      | account            | 90000.00     | false       | false       | SETTLED
        A4         | PERSON       | 2026-03-06   | 400-4000      | account            | 90000.00     | false       | false       | PERSON
        A5         | ABROAD       | 2026-03-06   | DE00500       | iban               | 90000.00     | false       | false       | ABROAD
        A6         | EARLY        | 2025-12-06   | 200-2000      | account            | 90000.00     | false       | false       | EARLY
        F3         | LATE         | 2026-01-06   | 600-6000      | account            | 50000.00     | false       | false       | LATE
        A7         | HIDDEN       | 2026-03-06   | 200-2000      | account            | 90000.00   | true        | false       | hidden:V1
        A8         | ONCE         | 2026-03-06   | 200-2000      | account            | 90000.00   | false       | true        | once:PERSON
        F4         | FIRM         | 2026-03-06   | 700-7000      | account            | 90000.00   | false       | true        | org:556000-0007
        A9         | ABROAD2      | 2026-03-06   | DK5000400440116243 |               | 90000.00   | false       | false       | ABROAD2
    """,
    flags={"NOBODY": "19000.00", "LATE": "50000.00", "org:556000-0007": "90000.00"},
    shown={"NOBODY": "1 | F1 F2"},
    source="Indicator catalogue SP15; Inyett describes the same test",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
