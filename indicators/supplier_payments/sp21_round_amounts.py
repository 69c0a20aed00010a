"""Round amounts make up far more of a payee's payments than of other payees' in the same kinds of purchase."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

_FEBRUARY = "\n".join(
    f"{payee}{kind}{n} | {payee} | {kind} | 2026-02-10 | {amount if n < round_ones else amount + n + 1}.00 | true | false | false"
    for payee, kind, amount, count, round_ones in (
        ("E1", "K", 5000, 18, 18), ("E2", "K", 5000, 18, 18), ("E4", "K", 1000, 19, 19), ("P1", "K", 3001, 80, 0),
        ("E3", "M", 6000, 39, 18), ("P2", "M", 3001, 60, 0), ("E5", "G", 5000, 20, 20), ("E7", "H", 5000, 19, 19),
        ("P3", "H", 3001, 1, 0), *(("E8", f"S{s}", 5000, 5, 5) for s in range(4)),
        *(("P4", f"S{s}", 3001, 10, 0) for s in range(4)),
    )
    for n in range(count)
)  # fmt: skip

INDICATOR = Indicator(
    code="SP21",
    title=Text("Runda belopp", "Round amounts"),
    means=Text(
        "De senaste tolv månaderna var minst {least_percent} % av mottagarens betalningar jämna {unit_sek}-tal, "
        "långt fler än hos andra mottagare för samma slags inköp.",
        "In the last twelve months at least {least_percent} % of the payee's payments were whole multiples of "
        "{unit_sek}, far more than other payees' for the same kinds of purchase.",
    ),
    measured=Measured(Text("Andel jämna belopp", "Share of round amounts"), "share"),
    innocent=(
        Text("Fast arvode eller förskott enligt avtal.", "A fixed fee or an advance by contract."),
        Text("Bidrag beslutas i jämna belopp.", "Grants are decided in round amounts."),
    ),
    do=Text(
        "Se om fakturorna visar antal och pris, eller bara en rund summa.",
        "See whether the invoices state quantity and price, or only a round sum.",
    ),
    evidence_class="C",
    family="amount",
    prior=Prior(1, 99, "typology T45: digit tests are weak, fixed prices dominate in municipalities"),
    review_minutes=15,
    subject="payee",
    scope=Scope(
        where="is_live AND NOT is_expected AND NOT is_redacted AND NOT is_one_time AND amount_sek >= $unit_sek",
        testable="""entity_key IN (SELECT entity_key FROM core_payments WHERE is_live AND NOT is_expected AND
            amount_sek >= $unit_sek GROUP BY 1 HAVING count(*) >= $history)""",
    ),
    params={
        "unit_sek": Param(1000, "sek", "catalogue SP21: payments of x000"),
        "floor_sek": Param(50_000, "sek", "round payments in twelve months: below it the context is not worth a line"),
        "history": Param(20, "payments", "fences need a group of 20, of the payee's and of its peers' payments"),
        "least_percent": Param(50, "percent", "below half, round amounts are not the payee's habit"),
        "fence": Param(4.0, "standard deviations", "leaves room for payees being more unlike than chance makes them"),
    },
    sql="""
        WITH paid AS (
            SELECT payment_id, entity_key, booked_month, coalesce(category, '') AS kind, amount_sek,
                   left(booked_month, 4)::INT * 12 + right(booked_month, 2)::INT AS month,
                   (amount_sek % $unit_sek = 0)::INT AS is_round FROM core_payments
            WHERE is_live AND NOT is_expected AND NOT is_redacted AND NOT is_one_time AND amount_sek >= $unit_sek
        ), kinds AS (
            SELECT kind, month, sum(count(*)) OVER w AS n, (sum(sum(is_round)) OVER w / n)::DECIMAL(9,6) AS share
            FROM paid GROUP BY kind, month
            WINDOW w AS (PARTITION BY kind ORDER BY month RANGE BETWEEN 11 PRECEDING AND CURRENT ROW)
        ), mine AS MATERIALIZED (
            SELECT * FROM paid SEMI JOIN (SELECT entity_key FROM paid WHERE is_round = 1 GROUP BY 1
                                          HAVING sum(amount_sek) >= $floor_sek) USING (entity_key)
        ), payees AS (
            SELECT entity_key, month, count(*) AS n, sum(is_round) AS k, sum(share) AS e,
                   sum((share * (1 - share))::DECIMAL(9,6)) AS v, sum(amount_sek * is_round) AS round_sek
            FROM mine JOIN kinds USING (kind, month) WHERE kinds.n >= $history GROUP BY ALL
        ), year AS (
            SELECT entity_key, month, sum(n) OVER w AS n, sum(k) OVER w AS k, sum(e) OVER w AS e, sum(v) OVER w AS v,
                   sum(round_sek) OVER w AS year_sek
            FROM payees
            WINDOW w AS (PARTITION BY entity_key ORDER BY month RANGE BETWEEN 11 PRECEDING AND CURRENT ROW)
        )
        SELECT y.entity_key AS subject_key, max(booked_month) AS service_month, round(k / n, 3) AS value, sum(amount_sek) FILTER (m.month = y.month) AS amount_at_risk_sek,
               list_transform(max({'month': m.month, 'payment_id': payment_id}, 20), lambda x: x.payment_id) AS evidence,
               list({'payment_id': payment_id, 'amount_at_risk_sek': amount_sek} ORDER BY payment_id) FILTER (m.month = y.month) AS payments
        FROM mine m JOIN year y ON y.entity_key = m.entity_key AND m.month BETWEEN y.month - 11 AND y.month WHERE is_round = 1 AND n >= $history
         AND 100 * k >= $least_percent * n AND v > 0 AND k - e >= $fence * sqrt(v) AND year_sek >= $floor_sek
        GROUP BY y.entity_key, y.month, k, n HAVING amount_at_risk_sek > 0
    """,
    example=f"""
        core_payments
        payment_id | entity_key | category | booking_date | amount_sek | is_live | is_expected | is_redacted
        {_FEBRUARY}
        F1         | E1         | K        | 2026-03-10   | 5000.00    | true    | false       | false
        A1         | E1         | K        | 2026-03-10   | 5000.50    | true    | false       | false
        A2         | E2         | K        | 2026-03-10   | 5000.00    | true    | false       | false
        B2         | E2         | K        | 2026-03-10   | 5000.00    | false   | false       | false
        C2         | E2         | K        | 2026-03-10   | 5000.00    | true    | true        | false
        D2         | E2         | K        | 2026-03-10   | 5000.00    | true    | false       | true
        G2         | E2         | K        | 2026-03-10   | 999.00     | true    | false       | false
        A3         | E3         | M        | 2026-03-10   | 6000.00    | true    | false       | false
        A4         | E4         | K        | 2026-03-10   | 1000.00    | true    | false       | false
        B4         | E4         | K        | 2025-03-10   | 99000.00   | true    | false       | false
        A5         | E5         | G        | 2026-03-10   | 5000.00    | true    | false       | false
        A7         | E7         | H        | 2026-03-10   | 5000.00    | true    | false       | false
    """,
    flags={"E1": "5000.00"},
    shown={
        "E1": "0.95 | F1 E1K9 E1K8 E1K7 E1K6 E1K5 E1K4 E1K3 E1K2 E1K17 E1K16 E1K15 E1K14 E1K13 E1K12 E1K11 E1K10 E1K1 E1K0"
    },
    source="Indicator catalogue SP21; MindBridge looks at the last three digits",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
