"""A provider's invoice was paid with more, or less, than the compensation lines it pays come to."""

from datetime import date

from core.paid_by_lines import PAID_BY_LINES
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC48",
    title=Text("Fakturan skiljer från raderna", "Invoice differs from its lines"),
    means=Text(
        "Fakturan är betald med minst {least_sek} kr mer eller mindre än summan av de ersättningsrader den avser. Beloppet "
        "här är skillnaden; ett minustecken betyder för lite betalt.",
        "The invoice was paid with at least {least_sek} kr more or less than the compensation lines it pays come to. The "
        "amount here is the difference; a minus sign means too little paid.",
    ),
    measured=Measured(Text("Fakturan utöver sina rader", "The invoice beyond its lines"), "sek"),
    innocent=(
        Text("Moms eller momskompensation ingår i betalningen.", "VAT or compensation for VAT is part of the payment."),
        Text("Fakturan gäller även annat än hemtjänst.", "The invoice is for more than home care."),
        Text("Rättelse för tidigare månader, eller indexuppräkning.", "A correction of earlier months, or an index."),
        Text("Rader saknas i leveransen eller har satts undan.", "Lines are missing or were set aside."),
        Text(
            "Mindre betalt: avdrag enligt avtal, kvittning, eller resten betalas för sig.",
            "Less paid: a deduction by contract, a set-off, or the rest is paid apart.",
        ),
    ),
    do=Text(
        "Lägg fakturan bredvid raderna: vad avser mellanskillnaden, och vem har godkänt den?",
        "Lay the invoice beside the lines: what is the difference for, and who approved it?",
    ),
    evidence_class="R",
    family="duplicate",
    prior=Prior(3, 9, "judgement: additions outside the lines are common; no such invoice on 3 development seeds"),
    review_minutes=20,
    scope=Scope(
        where="amount_sek > 0 AND entity_key IN (SELECT entity_key FROM core_payees SEMI JOIN core_providers USING (org_no))",
        testable="invoice_id IN (SELECT invoice_id FROM core_compensation_lines) "
        "OR invoice_no IN (SELECT invoice_id FROM core_compensation_lines)",
        missing="compensation_lines.invoice_id",
        needs=("ap_postings", "compensation_lines", "compensation_lines.invoice_id", "providers"),
    ),
    params={"least_sek": Param(500, "sek", "smaller sums are not worth an officer's time")},
    sql=f"""
        WITH booked AS (SELECT payment_id, account_no, sum(amount_sek) AS sek FROM core_postings GROUP BY ALL),
        apart AS (SELECT payment_id, list(sek) AS accounts FROM booked GROUP BY 1 HAVING count(*) > 1)
        SELECT payment_id AS subject_key, i.booked_month AS service_month, beyond_sek AS value,
               beyond_sek AS amount_at_risk_sek, list_prepend(payment_id, line_ids) AS evidence,
               CASE WHEN abs(beyond_sek - vat_sek) < 1 THEN 'moms'
                    WHEN list_contains(accounts, beyond_sek) THEN 'bokfört på eget konto' END AS explained_by,
               CASE WHEN explained_by IS NULL THEN 'contradiction' ELSE 'explained' END AS verdict
        FROM ({PAID_BY_LINES}) i JOIN core_payments USING (payment_id) LEFT JOIN apart USING (payment_id)
        WHERE is_known AND amount_sek > 0 AND abs(beyond_sek) >= $least_sek
    """,
    example="""
        core_providers
        provider_id | org_no
        P1          | 556000-1111
        core_payees
        supplier_key | entity_key | org_no
        S1           | E1         | 556000-1111
        S2           | E2         | 556000-2222
        core_compensation_lines
        line_id | provider_id | booked_month | amount_sek | invoice_id | is_delivered
        L1      | P1          | 2026-03      | 9000.00    | I1         | true
        L2      | P1          | 2026-03      | 1000.00    | I1         | true
        L3      | P1          | 2026-03      | 10000.00   | I3         | true
        L4      | P1          | 2026-03      | 10000.00   | I4         | true
        L5      | P1          | 2026-03      | 10000.00   | I5         | true
        L6      | P1          | 2026-03      | 10000.00   | I6         | true
        L7      | P1          | 2026-03      | 10000.00   | 77         | true
        L8      | P1          | 2026-04      | 10000.00   | I8         | true
        L9      | P1          | 2026-03      | 10000.00   | I9         | true
        LA      | P1          | 2026-03      | 10000.00   | IA         | true
        LB      | P1          | 2026-04      | 4000.00    | IA         | true
        LC      | P1          | 2026-03      | 10000.00   | IC         | true
        LD      | P1          | 2026-03      | 10000.00   | ID         | true
        LE      | P1          | 2026-03      | 10000.00   | IE         | true
        core_payments
        payment_id | entity_key | booked_month | invoice_id | invoice_no | amount_sek | vat_sek | booking_date
        F1         | E1         | 2026-03      | I1         | 71         | 10500.00   |         | 2026-03-20
        A2         | E1         | 2026-03      | I2         | 72         | 99999.00   |         | 2026-03-20
        A3         | E1         | 2026-03      | I3         | 73         | 10499.99   |         | 2026-03-20
        X4         | E1         | 2026-03      | I4         | 74         | 12500.00   | 2500.00 | 2026-03-20
        X5         | E1         | 2026-03      | I5         | 75         | 11000.00   |         | 2026-03-20
        A6         | E1         | 2026-03      | I6         | 76         | 6000.00    |         | 2026-03-10
        F6         | E1         | 2026-03      | I6         | 76         | 6000.00    |         | 2026-03-20
        F7         | E1         | 2026-03      |            | 77         | 12000.00   |         | 2026-03-20
        A7         | E2         | 2026-03      |            | 77         | 12000.00   |         | 2026-03-20
        A8         | E1         | 2026-03      | I8         | 78         | 12000.00   |         | 2026-03-20
        A9         | E1         | 2026-03      | I9         | 79         | 12000.00   |         | 2026-03-10
        C9         | E1         | 2026-03      | I9         | 79         | -2000.00   |         | 2026-03-20
        FA         | E1         | 2026-03      | IA         | 80         | 14000.00   |         | 2026-03-20
        AA         | E1         | 2026-04      | IA         | 80         | 0.50       |         | 2026-04-20
        FC         | E1         | 2026-03      | IC         | 82         | 8500.00    |         | 2026-03-20
        CC         | E1         | 2026-04      | IC         | 82         | -100.00    |         | 2026-04-20
        AD         | E1         | 2026-03      | ID         | 83         | 4000.00    |         | 2026-03-10
        AE         | E1         | 2026-03      | ID         | 83         | 6000.00    |         | 2026-03-20
        AF         | E1         | 2026-03      | IE         | 84         | 9500.01    |         | 2026-03-20
        core_postings
        posting_id | payment_id | account_no | amount_sek
        X5-1       | X5         | 4641       | 10000.00
        X5-2       | X5         | 4642       | 400.00
        X5-3       | X5         | 4642       | 600.00
        F1-1       | F1         | 4641       | 10000.00
        F1-2       | F1         | 4641       | 500.00
    """,
    flags={"F1": "500.00", "F6": "2000.00", "F7": "2000.00", "FA": "4000.00", "FC": "-1500.00"}
    | {"X4": "explained: moms", "X5": "explained: bokfört på eget konto"},
    source="Payments laid against the basis they pay: contract follow-up, domain notes 1.2; new code beside SP25",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
