"""An invoice charges VAT at a higher rate than the payee always has on that account."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

_HISTORY = "\n".join(
    f"H{payee}{n} | {payee} | 2025-{1 + n:02d}-10 | {account} | 1000.00 | {vats[n % len(vats)]}.00 | true"
    for payee, account, count, vats in (
        ("E1", "4600", 9, (60,)), ("E2", "4600", 7, (60,)), ("E3", "4600", 9, (60, 250)),
        ("E4", "4010", 9, (120,)), ("E5", "4010", 9, (120,)), ("E6", "4010", 9, (120,)),
    )
    for n in range(count)
)  # fmt: skip

INDICATOR = Indicator(
    code="SP40",
    title=Text("Högre momssats än vanligt", "Higher VAT rate than usual"),
    means=Text(
        "Momsen är högre än den sats som mottagaren nästan alltid har på kontot ({usual_share} av minst "
        "{least_payments} betalningar de senaste {months} månaderna). Skillnaden är minst {least_sek} kr.",
        "VAT is above the rate the payee nearly always has on the account ({usual_share} of at least {least_payments} "
        "payments of the last {months} months). The difference is at least {least_sek} kr.",
    ),
    measured=Measured(Text("Momssats i procent", "VAT rate in per cent")),
    innocent=(
        Text("Den här gången är det en annan vara eller tjänst.", "Other goods or another service this time."),
        Text("Skattesatsen har ändrats.", "The rate of the tax has changed."),
        Text(
            "Köpet är bokfört på ett konto som annars används till annat.",
            "The purchase is booked on an account that is otherwise used for something else.",
        ),
    ),
    do=Text(
        "Läs fakturan: vad är köpt, och vilken sats gäller för det? Begär en ny faktura om satsen är fel.",
        "Read the invoice: what was bought, and which rate holds for it? Ask for a new invoice if the rate is wrong.",
    ),
    evidence_class="R",
    family="price",
    prior=Prior(3, 9, "judgement: other goods explain most; 5 of 5 when simulated, where a payee sells one kind"),
    review_minutes=15,
    scope=Scope(
        where="is_live AND amount_sek > 0 AND NOT is_redacted AND NOT is_one_time",
        testable="""vat_sek IS NOT NULL AND entity_key IN (SELECT entity_key FROM core_payments WHERE is_live
            AND vat_sek IS NOT NULL GROUP BY entity_key, account_no HAVING count(*) > $least_payments)""",
        missing="ap_postings.vat_sek",
        needs=("ap_postings.vat_sek",),
    ),
    params={
        "months": Param(24, "months", "a rate is for years; two of them show what a payee sells"),
        "least_payments": Param(8, "payments", "fewer say little of what a payee usually sells"),
        "usual_share": Param(0.95, "share", "payees that sell goods of several rates are left alone"),
        "others": Param(3, "payees", "so many payees that change to one rate in a month: the tax has changed"),
        "least_sek": Param(500, "sek", "smaller sums are not worth an officer's time"),
    },
    sql="""
        WITH rated AS (
            SELECT payment_id, entity_key, coalesce(account_no, '') AS account, booked_month, amount_sek, vat_sek,
                   round(100 * vat_sek / amount_sek)::INTEGER AS percent
            FROM core_payments WHERE is_live AND amount_sek > 0 AND vat_sek >= 0 AND NOT is_redacted AND NOT is_one_time
        ), tallied AS (
            SELECT entity_key, account, booked_month, percent, count(*) AS n FROM rated SEMI JOIN (SELECT entity_key,
              account FROM rated GROUP BY ALL HAVING max(percent) > min(percent)) USING (entity_key, account) GROUP BY ALL
        ), before AS (
            SELECT m.entity_key, m.account, m.booked_month, h.percent, sum(h.n) AS n
            FROM (SELECT DISTINCT entity_key, account, booked_month FROM tallied) m JOIN tallied h
              ON h.entity_key = m.entity_key AND h.account = m.account AND h.booked_month < m.booked_month
              AND h.booked_month >= strftime((m.booked_month || '-01')::DATE - to_months($months), '%Y-%m') GROUP BY ALL
        ), usual AS (
            SELECT entity_key, account, booked_month, arg_max(percent, n) AS usual_percent FROM before GROUP BY ALL
            HAVING sum(n) >= $least_payments AND max(n) >= $usual_share * sum(n)), higher AS (
            SELECT *, round(vat_sek - amount_sek * usual_percent / 100, 2)::DECIMAL(14,2) AS beyond_sek,
                   count(DISTINCT entity_key) OVER (PARTITION BY account, booked_month, usual_percent, percent) AS payees
            FROM rated JOIN usual USING (entity_key, account, booked_month) WHERE percent > usual_percent
        )
        SELECT payment_id AS subject_key, booked_month AS service_month, percent AS value, beyond_sek AS amount_at_risk_sek,
               CASE WHEN payees >= $others THEN 'satsen ändrad för flera mottagare' END AS explained_by,
               CASE WHEN explained_by IS NULL THEN 'contradiction' ELSE 'explained' END AS verdict
        FROM higher WHERE beyond_sek >= $least_sek
    """,
    example=f"""
        core_payments
        payment_id | entity_key | booking_date | account_no | amount_sek | vat_sek  | is_live
        {_HISTORY}
        F1         | E1         | 2025-11-10   | 4600       | 10000.00   | 2500.00  | true
        A1         | E1         | 2025-11-11   | 4600       | 2600.00    | 650.00   | true
        A2         | E1         | 2025-11-12   | 4600       | 90000.00   | 0.00     | true
        A3         | E1         | 2025-11-13   | 6070       | 90000.00   | 22500.00 | true
        A4         | E1         | 2025-11-14   | 4600       | 90000.00   |          | true
        A5         | E1         | 2025-11-15   | 4600       | 90000.00   | 22500.00 | false
        A6         | E2         | 2025-11-10   | 4600       | 10000.00   | 2500.00  | true
        A7         | E3         | 2025-11-10   | 4600       | 10000.00   | 2500.00  | true
        X1         | E4         | 2025-11-10   | 4010       | 10000.00   | 2500.00  | true
        X2         | E5         | 2025-11-10   | 4010       | 10000.00   | 2500.00  | true
        X3         | E6         | 2025-11-10   | 4010       | 10000.00   | 2500.00  | true
    """,
    flags={"F1": "1900.00"} | dict.fromkeys(("X1", "X2", "X3"), "explained: satsen ändrad för flera mottagare"),
    source="Indicator catalogue SP40, its part on rates",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
