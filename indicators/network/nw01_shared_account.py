"""Two organisations with different numbers are paid into one account."""

from datetime import date

from core.company_facts import PAYEES
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="NW01",
    title=Text("Två mottagare, samma konto", "Two payees, one account"),
    means=Text(
        "Kontot har de senaste tolv månaderna använts för minst två och högst {most_payees} mottagare med olika "
        "organisationsnummer, och det är inget känt factoringkonto. Månadens betalningar dit är minst {floor_sek} kr.",
        "In the last twelve months the account was used for at least two and at most {most_payees} payees with different "
        "organisation numbers, and it is no known factoring account. The month's payments to it are at least {floor_sek} kr.",
    ),
    innocent=(
        Text("Bolag i samma koncern delar konto.", "Companies of one group share an account."),
        Text("Kontot tillhör ett factoringbolag eller en inkassobyrå.", "The account belongs to a factor or a collector."),
        Text("Bolaget har bytt organisationsnummer.", "The company has changed organisation number."),
    ),
    do=Text(
        "Ta reda på vem som äger kontot och hur bolagen hör ihop. Vem lade upp kontot, och när?",
        "Find out who owns the account and how the companies belong together. Who entered the account, and when?",
    ),
    evidence_class="R", family="account", review_minutes=20, subject="payee",
    prior=Prior(1, 24, "detection notes: match lists are right in 1-8 %; groups and factors explain most"),
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time", testable="""payee_account NOT IN (SELECT payee_account FROM core_payee_accounts WHERE is_factoring)
            AND entity_key IN (SELECT entity_key FROM core_payees WHERE org_no IS NOT NULL)""",
        missing="ap_postings.payee_account", needs=("ap_postings.payee_account",),
    ),
    params={
        "most_payees": Param(3, "payees", "an account of many belongs to a factor, a collector or a treasury"),
        "floor_sek": Param(10_000, "sek", "below it a review costs more than it can bring back"),
    },
    sql=f"""
        WITH used AS (
            SELECT payee_account, entity_key, org_no, booked_month, (booked_month || '-01')::DATE AS m,
                   sum(amount_sek) AS paid_sek,
                   list({{'payment_id': payment_id, 'amount_at_risk_sek': amount_sek}} ORDER BY payment_id) AS payments
            FROM core_payments JOIN ({PAYEES}) USING (entity_key)
            WHERE is_live AND NOT is_redacted AND NOT is_one_time AND payee_account IS NOT NULL
              AND payee_account NOT IN (SELECT payee_account FROM core_payee_accounts WHERE is_factoring)
            GROUP BY ALL
        ), shared AS (
            SELECT u.payee_account, u.booked_month FROM used u JOIN used o
              ON o.payee_account = u.payee_account AND o.m BETWEEN u.m - INTERVAL 11 MONTH AND u.m
            GROUP BY ALL HAVING count(DISTINCT o.org_no) BETWEEN 2 AND $most_payees
        )
        SELECT u.entity_key AS subject_key, u.booked_month AS service_month, payee_account AS business_key, 1 AS value,
               any_value(u.paid_sek) AS amount_at_risk_sek, any_value(u.payments) AS payments, list_transform(any_value(
                 u.payments)[:10] || flatten(list(o.payments[:3] ORDER BY o.m DESC, o.entity_key))[:10], lambda x: x.payment_id)
                 AS evidence
        FROM used u JOIN shared USING (payee_account, booked_month) JOIN used o USING (payee_account)
        WHERE u.paid_sek >= $floor_sek AND o.org_no <> u.org_no AND o.m BETWEEN u.m - INTERVAL 11 MONTH AND u.m
        GROUP BY ALL
    """,
    example="\n".join([
        "core_payee_accounts", "payee_account | is_factoring | as_of", "900-9000 | true | 2026-01-01",
        "core_payees", "supplier_key | entity_key | org_no",
        *(f"S{n} | E{n} | 556000-000{n}" for n in range(1, 9)), "S10 | E1 | 556000-0001",
        "core_payments", "payment_id | supplier_key | entity_key | booking_date | payee_account | amount_sek",
        "F1 | S1 | E1 | 2026-03-05 | 100-1000 | 20000.00", "A1 | S2 | E2 | 2026-01-05 | 100-1000 | 20000.00",
        "A2 | S2 | E2 | 2026-03-05 | 100-1000 | 2000.00",
        "A3 | S3 | E3 | 2026-03-05 | 300-3000 | 20000.00", "A4 | S4 | E4 | 2025-03-05 | 300-3000 | 20000.00",
        *(f"B{n} | S{n} | E{n} | 2026-03-05 | 500-5000 | 20000.00" for n in range(5, 9)),
        "C1 | S5 | E5 | 2026-03-05 | 900-9000 | 20000.00", "C2 | S6 | E6 | 2026-03-05 | 900-9000 | 20000.00",
        "D1 | S1 | E1 | 2026-03-05 | 700-7000 | 20000.00", "D2 | S10 | E1 | 2026-03-05 | 700-7000 | 20000.00",
    ]),
    flags={"E1": "20000.00"},
    shown={"E1": "1 | F1 A2 A1"},
    source="Indicator catalogue NW01; fraud initiatives in Britain match accounts the same way",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
