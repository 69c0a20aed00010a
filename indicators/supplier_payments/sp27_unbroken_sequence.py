"""A payee's invoice numbers run on from month to month without a gap, as if it had no other customer."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP27",
    title=Text("Fakturanummer utan luckor", "Invoice numbers without gaps"),
    means=Text(
        "På tolv månader har vi fått minst {our_share} av alla nummer i mottagarens serie och betalat minst "
        "{floor_sek} kr: vi verkar vara enda kunden.",
        "We received at least {our_share} of all numbers in the payee's series in twelve months: we seem "
        "to be its only customer. At least {floor_sek} kr was paid.",
    ),
    measured=Measured(Text("Andel av seriens nummer som vi fått", "Share of the series' numbers that we got"), "share"),
    innocent=(
        Text("Ett litet lokalt företag som mest arbetar åt oss.", "A small local firm that mostly works for us."),
        Text("Numren är en egen serie för kommunen eller självfakturor.", "The series is for us only, or self-billed."),
    ),
    do=Text(
        "Se om företaget har andra kunder och anställda, och vem hos oss som beställer.",
        "See whether the firm has other customers and staff, and who orders from it.",
    ),
    evidence_class="S",
    family="sequence",
    prior=Prior(1, 32, "typology T50: also the trace of every small firm that works for one municipality"),
    review_minutes=25,
    subject="payee",
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable="ref_number IS NOT NULL AND channel IS DISTINCT FROM 'self_billing'",
        missing="ap_postings.invoice_no", needs=("ap_postings.invoice_no",),
    ),
    params={
        "our_share": Param(0.8, "share", "leaves room for a few cancelled or late invoices"),
        "lowest_number": Param(100, "number", "lower ones count months or instalments"),
        "invoices": Param(8, "invoices", "fewer numbers may follow each other by chance"),
        "active_months": Param(5, "months", "a single job is often invoiced in a row"),
        "floor_sek": Param(100_000, "sek", "a year of invoices below it is not worth a visit"),
    },
    sql="""
        WITH month AS MATERIALIZED (
            SELECT entity_key, booked_month, min(ref_number) AS low, max(ref_number) AS high,
                   left(booked_month, 4)::INT * 12 + right(booked_month, 2)::INT AS month
            FROM core_payments
            WHERE is_live AND NOT is_redacted AND NOT is_one_time AND ref_number >= $lowest_number
              AND channel IS DISTINCT FROM 'self_billing' GROUP BY ALL
        ), numbered AS MATERIALIZED (
            SELECT *, low - lag(high) OVER (PARTITION BY entity_key ORDER BY month) BETWEEN 1 AND 3 AS is_next
            FROM month SEMI JOIN (FROM month SELECT entity_key GROUP BY 1 HAVING count(*) >= $active_months)
            USING (entity_key)), counted AS (
            SELECT entity_key, booked_month, count(DISTINCT ref_number) AS n, sum(amount_sek) AS paid_sek,
                   avg((abs(ref_number % 100 - month(booking_date)) IN (0, 1, 11)
                        AND ref_number // 100 % 100 - year(booking_date) % 100 IN (-1, 0, 1))::INT) AS date_share,
                   list({'payment_id': payment_id, 'amount_at_risk_sek': amount_sek}) AS payments
            FROM core_payments
            SEMI JOIN (SELECT entity_key FROM numbered GROUP BY 1 HAVING sum(is_next::INT) >= 3) USING (entity_key)
            WHERE is_live AND ref_number >= $lowest_number AND channel IS DISTINCT FROM 'self_billing'
            GROUP BY 1, 2
        ), year AS (
            SELECT *, sum(n) OVER recent AS n_year, max(high) OVER recent - min(low) OVER recent + 1 AS span,
                   count(*) OVER recent AS months, sum(is_next::INT) OVER recent AS links,
                   sum(paid_sek) OVER recent AS year_sek, avg(date_share) OVER recent AS date_like
            FROM counted JOIN numbered USING (entity_key, booked_month)
            WINDOW recent AS (PARTITION BY entity_key ORDER BY month RANGE BETWEEN 11 PRECEDING AND CURRENT ROW)
        )
        SELECT y.entity_key AS subject_key, y.booked_month AS service_month, round(n_year / span, 3) AS value, y.paid_sek AS amount_at_risk_sek, list_sort(any_value(y.payments)) AS payments, list_transform(
                 flatten(list(list_sort(c.payments) ORDER BY c.booked_month DESC))[:20], lambda x: x.payment_id) AS evidence
        FROM year y JOIN counted c ON c.entity_key = y.entity_key AND c.booked_month <= y.booked_month AND c.booked_month > strftime((y.booked_month || '-01')::DATE - INTERVAL 1 YEAR, '%Y-%m')
        WHERE n_year BETWEEN $our_share * span AND span AND n_year >= $invoices AND months >= $active_months
          AND links >= 3 AND year_sek >= $floor_sek AND date_like < 0.5 GROUP BY ALL
    """,
    example="""
        core_payments
        payment_id | entity_key | booking_date | ref_number | amount_sek | channel
        A1         | only       | 2026-01-10   | 1001       | 12000.00   |
        A2         | only       | 2026-01-11   | 1002       | 12000.00   |
        A3         | only       | 2026-02-10   | 1003       | 12000.00   |
        A4         | only       | 2026-03-10   | 1004       | 12000.00   |
        A5         | only       | 2026-03-11   | 1006       | 12000.00   |
        A6         | only       | 2026-04-10   | 1007       | 12000.00   |
        A7         | only       | 2026-05-10   | 1008       | 12000.00   |
        A8         | only       | 2026-05-11   | 1009       | 12000.00   |
        A9         | only       | 2026-06-10   | 1010       | 12000.00   |
        A10        | self       | 2026-01-10   | 1001       | 12000.00   | self_billing
        A11        | self       | 2026-01-11   | 1002       | 12000.00   | self_billing
        A12        | self       | 2026-02-10   | 1003       | 12000.00   | self_billing
        A13        | self       | 2026-03-10   | 1004       | 12000.00   | self_billing
        A14        | self       | 2026-03-11   | 1005       | 12000.00   | self_billing
        A15        | self       | 2026-04-10   | 1006       | 12000.00   | self_billing
        A16        | self       | 2026-05-10   | 1007       | 12000.00   | self_billing
        A17        | self       | 2026-05-11   | 1008       | 12000.00   | self_billing
        A18        | self       | 2026-06-10   | 1009       | 12000.00   | self_billing
        A19        | others     | 2026-01-10   | 1001       | 12000.00   |
        A20        | others     | 2026-01-11   | 1004       | 12000.00   |
        A21        | others     | 2026-02-10   | 1007       | 12000.00   |
        A22        | others     | 2026-03-10   | 1010       | 12000.00   |
        A23        | others     | 2026-03-11   | 1013       | 12000.00   |
        A24        | others     | 2026-04-10   | 1016       | 12000.00   |
        A25        | others     | 2026-05-10   | 1019       | 12000.00   |
        A26        | others     | 2026-05-11   | 1022       | 12000.00   |
        A27        | others     | 2026-06-10   | 1025       | 12000.00   |
        A28        | small      | 2026-01-10   | 1001       | 2000.00    |
        A29        | small      | 2026-01-11   | 1002       | 2000.00    |
        A30        | small      | 2026-02-10   | 1003       | 2000.00    |
        A31        | small      | 2026-03-10   | 1004       | 2000.00    |
        A32        | small      | 2026-03-11   | 1005       | 2000.00    |
        A33        | small      | 2026-04-10   | 1006       | 2000.00    |
        A34        | small      | 2026-05-10   | 1007       | 2000.00    |
        A35        | small      | 2026-05-11   | 1008       | 2000.00    |
        A36        | small      | 2026-06-10   | 1009       | 2000.00    |
        A37        | dates      | 2026-01-10   | 202601     | 12000.00   |
        A38        | dates      | 2026-02-10   | 202602     | 12000.00   |
        A39        | dates      | 2026-03-10   | 202603     | 12000.00   |
        A40        | dates      | 2026-04-10   | 202604     | 12000.00   |
        A41        | dates      | 2026-05-10   | 202605     | 12000.00   |
        A42        | dates      | 2026-06-10   | 202606     | 12000.00   |
        A43        | dates      | 2026-07-10   | 202607     | 12000.00   |
        A44        | dates      | 2026-08-10   | 202608     | 12000.00   |
        A45        | dates      | 2026-09-10   | 202609     | 12000.00   |
        A46        | batch      | 2026-01-10   | 5001       | 12000.00   |
        A47        | batch      | 2026-01-10   | 5002       | 12000.00   |
        A48        | batch      | 2026-02-10   | 10001      | 12000.00   |
        A49        | batch      | 2026-02-10   | 10002      | 12000.00   |
        A50        | batch      | 2026-03-10   | 15001      | 12000.00   |
        A51        | batch      | 2026-03-10   | 15002      | 12000.00   |
        A52        | batch      | 2026-04-10   | 20001      | 12000.00   |
        A53        | batch      | 2026-04-10   | 20002      | 12000.00   |
        A54        | batch      | 2026-05-10   | 25001      | 12000.00   |
        A55        | batch      | 2026-05-10   | 25002      | 12000.00   |
        A56        | batch      | 2026-06-10   | 30001      | 12000.00   |
        A57        | batch      | 2026-06-10   | 30002      | 12000.00   |
    """,
    flags={"only": "12000.00"},
    shown={"only": "0.9 | A9 A7 A8 A6 A4 A5 A3 A1 A2"},
    source="Indicator catalogue SP27; AP Recovery lists the same sign",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
