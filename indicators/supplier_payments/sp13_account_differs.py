"""A payee whose latest payments all went to one account is paid to another, never used before."""

from datetime import date

from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP13",
    title=Text("Nytt konto hos mottagaren", "New account for the payee"),
    means=Text(
        "De {earlier_payments} senaste betalningarna gick till ett och samma konto. Nu går minst {floor_sek} kr "
        "till ett konto där mottagaren aldrig fått pengar.",
        "The latest {earlier_payments} payments went to one account. Now at least {floor_sek} kr goes to an account "
        "on which the payee was never paid.",
    ),
    innocent=(
        Text("Mottagaren har bytt bank och meddelat det.", "The payee changed bank and told us."),
        Text("Fakturan är såld till ett factoringbolag.", "The invoice was sold to a factoring company."),
    ),
    do=Text(
        "Ring mottagaren på ett nummer ni redan har, inte det på fakturan, och fråga om kontot.",
        "Call the payee on a number you already hold, not the one on the invoice, and ask about the account.",
    ),
    evidence_class="S",
    family="account",
    prior=Prior(1, 24, "typology T39: takeovers are rare beside the 4 % of suppliers that change bank a year"),
    review_minutes=20,
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time", testable="payee_account IS NOT NULL",
        missing="ap_postings.payee_account", needs=("ap_postings.payee_account",),
    ),
    params={
        "earlier_payments": Param(5, "payments", "catalogue SP13: the last five tell the usual account"),
        "floor_sek": Param(15_000, "sek", "domain notes 3.2: the size from which transfers are worth a check"),
    },
    sql="""
        WITH moved AS (
            SELECT entity_key FROM core_payments WHERE is_live AND NOT is_redacted AND NOT is_one_time
            GROUP BY 1 HAVING min(payee_account) <> max(payee_account)
        ), paid AS (
            SELECT payment_id, entity_key, supplier_key, booked_month, amount_sek, payee_account,
                   list(payment_id) OVER latest AS before_ids, count(*) OVER latest AS n,
                   min(payee_account) OVER latest AS usual, max(payee_account) OVER latest AS other,
                   row_number() OVER (PARTITION BY entity_key, payee_account
                                      ORDER BY booked_month, booking_date, payment_id) AS use
            FROM core_payments SEMI JOIN moved USING (entity_key)
            WHERE is_live AND payee_account IS NOT NULL
            WINDOW in_order AS (PARTITION BY entity_key ORDER BY booked_month, booking_date, payment_id),
                   latest AS (in_order ROWS BETWEEN $earlier_payments PRECEDING AND 1 PRECEDING)
        ), switched AS (
            SELECT entity_key, payee_account, booked_month, before_ids FROM paid
            WHERE use = 1 AND n = $earlier_payments AND usual = other
        )
        SELECT p.payment_id AS subject_key, booked_month AS service_month, 1 AS value,
               p.amount_sek AS amount_at_risk_sek, [p.payment_id] || s.before_ids AS evidence,
               CASE WHEN r.is_factoring THEN 'fakturan såld till factoring'
                    WHEN r.owner_org_no = y.org_no THEN 'kontot är mottagarens' END AS explained_by,
               if(r.is_factoring OR r.owner_org_no = y.org_no, 'explained', 'contradiction') AS verdict
        FROM switched s JOIN paid p USING (entity_key, payee_account, booked_month)
        LEFT JOIN core_payees y USING (supplier_key)
        LEFT JOIN core_payee_accounts r
          ON r.payee_account = p.payee_account AND strftime(r.as_of, '%Y-%m') <= p.booked_month
        WHERE p.amount_sek >= $floor_sek
        QUALIFY row_number() OVER (PARTITION BY p.payment_id ORDER BY r.as_of DESC NULLS LAST) = 1
    """,
    example="""
        core_payments
        payment_id | entity_key | booking_date | payee_account | amount_sek
        A1         | moved      | 2026-01-05   | 111-1111      | 20000.00
        A2         | moved      | 2026-01-12   | 111-1111      | 20000.00
        A3         | moved      | 2026-01-19   | 111-1111      | 20000.00
        A4         | moved      | 2026-02-05   | 111-1111      | 20000.00
        A5         | moved      | 2026-02-12   | 111-1111      | 20000.00
        F6         | moved      | 2026-03-05   | 222-2222      | 90000.00
        F7         | moved      | 2026-03-05   | 222-2222      | 30000.00
        A8         | moved      | 2026-03-06   | 222-2222      | 9000.00
        A9         | moved      | 2026-04-06   | 222-2222      | 20000.00
        B1         | varied     | 2026-01-05   | 111-1111      | 20000.00
        B2         | varied     | 2026-01-12   | 333-3333      | 20000.00
        B3         | varied     | 2026-01-19   | 111-1111      | 20000.00
        B4         | varied     | 2026-02-05   | 333-3333      | 20000.00
        B5         | varied     | 2026-02-12   | 111-1111      | 20000.00
        B6         | varied     | 2026-03-05   | 444-4444      | 90000.00
        C1         | young      | 2026-02-05   | 111-1111      | 20000.00
        C2         | young      | 2026-03-05   | 444-4444      | 90000.00
        D1         | sold       | 2026-01-05   | 555-5555      | 20000.00
        D2         | sold       | 2026-01-12   | 555-5555      | 20000.00
        D3         | sold       | 2026-01-19   | 555-5555      | 20000.00
        D4         | sold       | 2026-02-05   | 555-5555      | 20000.00
        D5         | sold       | 2026-02-12   | 555-5555      | 20000.00
        X6         | sold       | 2026-03-05   | 666-6666      | 90000.00
        E1         | confirmed  | 2026-01-05   | 555-5555      | 20000.00
        E2         | confirmed  | 2026-01-12   | 555-5555      | 20000.00
        E3         | confirmed  | 2026-01-19   | 555-5555      | 20000.00
        E4         | confirmed  | 2026-02-05   | 555-5555      | 20000.00
        E5         | confirmed  | 2026-02-12   | 555-5555      | 20000.00
        X7         | confirmed  | 2026-03-05   | 777-7777      | 90000.00
        core_payees
        supplier_key | org_no
        S1           | 556000-0001
        core_payee_accounts
        payee_account | owner_org_no | is_factoring | as_of
        666-6666      | 556000-0009  | true         | 2026-03-01
        777-7777      | 556000-0001  | false        | 2026-03-01
        222-2222      | 556000-0001  | false        | 2026-04-30
    """,
    flags={"F6": "90000.00", "F7": "30000.00",
           "X6": "explained: fakturan såld till factoring", "X7": "explained: kontot är mottagarens"},
    source="Indicator catalogue SP13; Inyett describes the same test",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
