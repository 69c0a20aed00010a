"""A payment is far above what the payee usually gets and larger than anything it got in two years."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

_HISTORY = "\n".join(
    f"H{payee}{n} | {payee} | {year}-0{1 + n // 4}-10 | {amounts[n % len(amounts)]}.00 | true | false | false"
    for payee, year, count, amounts in (
        ("E1", 2025, 20, (4000, 5000, 6000, 8000)), ("E2", 2025, 19, (4000, 5000, 6000, 8000)),
        ("E3", 2025, 20, (5000,)), ("E5", 2025, 20, (4000, 5000, 6000, 8000)),
        ("E6", 2023, 20, (4000, 5000, 6000, 8000)),
    )
    for n in range(count)
)  # fmt: skip

INDICATOR = Indicator(
    code="SP18",
    title=Text("Belopp över det vanliga", "Amount above normal"),
    means=Text(
        "Betalningen ligger långt över mottagarens vanliga belopp och är tydligt större än alla andra de "
        "senaste {months} månaderna, mer än en årlig uppräkning förklarar. Minst {least_excess_sek} kr ligger "
        "över den övre gränsen för det vanliga.",
        "The payment lies far above the payee's usual amounts and is clearly larger than all others of the "
        "last {months} months, by more than a yearly index explains. At least {least_excess_sek} kr lie above "
        "the upper fence of what is usual.",
    ),
    measured=Measured(Text("Mottagarens vanliga belopp", "The payee's usual amount"), "sek"),
    innocent=(
        Text("En beställning av ett annat slag än vanligt.", "An order of another kind than usual."),
        Text("En årsfaktura eller slutfaktura.", "A yearly or final invoice."),
    ),
    do=Text(
        "Läs fakturan: är antal, pris och decimaltecken rätt, och finns beställningen?",
        "Read the invoice: are quantity, price and decimal sign right, and is there an order?",
    ),
    evidence_class="S",
    family="amount",
    prior=Prior(1, 149, "domain notes 0: low precision is normal; Devon 2011-21: 4 of 654 credited later"),
    review_minutes=20,
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable="""entity_key IN (
            SELECT entity_key FROM core_payments WHERE is_live GROUP BY 1 HAVING count(*) > $history)""",
    ),
    params={
        "least_excess_sek": Param(20_000, "sek", "below it a review costs more than it can bring back"),
        "months": Param(24, "months", "two years hold a yearly invoice twice, so that season is not flagged"),
        "growth": Param(0.1, "share", "a yearly invoice is raised by an index: a year later it is the largest again"),
        "history": Param(20, "payments", "fences need a group of 20"),
        "fence": Param(3.5, "robust z", "catalogue SP18: median and 1.4826 MAD of log amounts"),
    },
    sql="""
        WITH highest AS (
            SELECT entity_key, booked_month, max(amount_sek) AS top,
                   left(booked_month, 4)::INT * 12 + right(booked_month, 2)::INT AS month
            FROM core_payments
            WHERE is_live AND NOT is_redacted AND NOT is_one_time AND amount_sek >= $least_excess_sek GROUP BY ALL
        ), records AS (
            SELECT entity_key, booked_month, coalesce(max(top) OVER (PARTITION BY entity_key ORDER BY month
                   RANGE BETWEEN $months PRECEDING AND 1 PRECEDING), 0) AS largest,
                   strftime((booked_month || '-01')::DATE - to_months($months), '%Y-%m') AS since
            FROM highest QUALIFY top > largest * (1 + $growth)
        ), usual AS (
            SELECT r.entity_key, r.booked_month, largest, median(ln(amount_sek::DOUBLE)) AS middle,
                   1.4826 * mad(ln(amount_sek::DOUBLE)) AS spread,
                   max({'sek': amount_sek, 'payment_id': payment_id}, 5) AS before
            FROM records r JOIN core_payments p ON p.entity_key = r.entity_key
                 AND p.booked_month >= since AND p.booked_month < r.booked_month
            WHERE is_live GROUP BY ALL HAVING count(*) >= $history AND spread > 0
        )
        SELECT payment_id AS subject_key, booked_month AS service_month,
               round(exp(middle), 2) AS value, [payment_id] || list_transform(before, lambda x: x.payment_id) AS evidence,
               round(amount_sek - exp(middle + $fence * spread), 2) AS amount_at_risk_sek
        FROM core_payments JOIN usual USING (entity_key, booked_month)
        WHERE is_live AND NOT is_expected AND amount_sek > largest * (1 + $growth) AND amount_at_risk_sek >= $least_excess_sek
    """,
    example=f"""
        core_payments
        payment_id | entity_key | booking_date | amount_sek | is_live | is_expected | is_redacted
        {_HISTORY}
        A0         | E1         | 2025-08-31   | 900000.00  | false   | false       | false
        F1         | E1         | 2025-09-15   | 200000.00  | true    | false       | false
        F2         | E1         | 2025-09-16   | 50000.00   | true    | false       | false
        A3         | E1         | 2025-09-17   | 30000.00   | true    | false       | false
        A4         | E1         | 2025-09-18   | 300000.00  | true    | true        | false
        A5         | E1         | 2025-09-19   | 900000.00  | false   | false       | false
        A6         | E1         | 2026-09-15   | 290000.00  | true    | false       | false
        F7         | E1         | 2026-09-16   | 400000.00  | true    | false       | false
        B4         | E1         | 2026-09-17   | 320000.00  | true    | false       | false
        A7         | E2         | 2025-09-15   | 200000.00  | true    | false       | false
        A8         | E2         | 2025-10-15   | 5000.00    | true    | false       | false
        A9         | E3         | 2025-09-15   | 200000.00  | true    | false       | false
        B1         | E4         | 2025-09-15   | 200000.00  | true    | false       | false
        B2         | E5         | 2025-09-15   | 200000.00  | true    | false       | true
        B3         | E6         | 2025-09-15   | 200000.00  | true    | false       | false
    """,
    flags={"F1": "184316.67", "F2": "34316.67", "F7": "373302.48"},
    shown={"F1": "5477.23 | F1 HE17 HE13 HE119 HE115 HE111"},
    source="Indicator catalogue SP18; MindBridge and Inyett compare with the payee's own history",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
