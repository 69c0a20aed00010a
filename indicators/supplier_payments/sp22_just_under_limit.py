"""A payee's or department's amounts gather just under a limit, more than chance puts there."""

from datetime import date

from core.limits import known_in
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

_ELEVEN = "\n".join(
    f"{case}{n} | {case if by == 'payee' else f'{case}{n}'} | {case if by == 'unit' else f'{case}{n}'} | "
    f"{day} | {amount + n}.00 | 0 | true | false"
    for case, by, day, amount in (
        ("E1", "payee", "2026-02-10", 95_000), ("U2", "unit", "2026-02-10", 95_000),
        ("E3", "payee", "2026-02-10", 95_000), ("E4", "payee", "2025-05-31", 95_000),
        ("E5", "payee", "2026-02-10", 95_000), ("E6", "payee", "2026-02-10", 190_000),
        ("E7", "payee", "2025-03-31", 285_000), ("E8", "payee", "2026-02-10", 4_750),
        ("E9", "payee", "2026-02-10", 380_000), ("E0", "payee", "2026-02-10", 285_000),
    )
    for n in range(11)
)  # fmt: skip

INDICATOR = Indicator(
    code="SP22",
    title=Text("Strax under gränsen", "Just under the limit"),
    means=Text(
        "Betalningen ligger strax under en gräns för attest ({approval}) eller direktupphandling ({direct_award}). De senaste tolv månaderna har "
        "mottagaren eller förvaltningen klart fler belopp strax under gränsen än strax över.",
        "The payment lies just under a limit for approval ({approval}) or direct award ({direct_award}). In the last twelve months the payee or "
        "the department has clearly more amounts just under the limit than just over it.",
    ),
    measured=Measured(Text("Andel strax under gränsen", "Share just under the limit"), "share"),
    innocent=(
        Text("Priset är satt efter gränsen och öppet redovisat.", "The price is set by the limit, in the open."),
        Text("Vanliga prispunkter hamnar under jämna belopp.", "Usual price points lie under round amounts."),
    ),
    do=Text(
        "Lista mottagarens fakturor i tidsföljd. Hör de till samma köp, och vem beställde och attesterade?",
        "List the payee's invoices in order of time. Are they one purchase, and who ordered and approved them?",
    ),
    evidence_class="S",
    family="splitting",
    prior=Prior(1, 49, "typology T45: tests just below limits are weak alone, natural prices dominate"),
    review_minutes=40,
    scope=Scope(
        where="is_live AND NOT is_expected AND same_amount_before = 0",
        testable=known_in("approval", "direct_award"),
        missing="limits.valid_from",
    ),
    limits=("approval", "direct_award"),
    params={
        "band": Param(0.05, "share of the limit", "catalogue SP22: 0.95 to 1 against 1 to 1.05"),
        "expected_share": Param(0.55, "share", "measured at 27 arbitrary amounts, Devon 2011-21: 0.52 lie under"),
        "alpha": Param(0.001, "probability", "hundreds of payees and departments are tested each month"),
        "floor_sek": Param(5000, "sek", "below it a review costs more than it can bring back"),
    },
    sql="""
        WITH near AS (
            SELECT DISTINCT payment_id, entity_key, department, booked_month, p.amount_sek, l.amount_sek AS limit_sek,
                   p.amount_sek < l.amount_sek AS is_under,
                   left(booked_month, 4)::INT * 12 + right(booked_month, 2)::INT AS month
            FROM core_payments p JOIN core_limits l ON p.amount_sek >= l.amount_sek * (1 - $band)
                 AND p.amount_sek <= l.amount_sek * (1 + $band)
                 AND booking_date >= valid_from AND (valid_to IS NULL OR booking_date <= valid_to)
            WHERE is_live AND NOT is_expected AND same_amount_before = 0 AND p.amount_sek >= $floor_sek
              AND kind IN ('approval', 'direct_award')
        ), grouped AS (
            SELECT *, unnest(['payee ' || entity_key, 'unit ' || coalesce(department, '')]) AS side FROM near
        ), counted AS (
            SELECT *, count(*) FILTER (is_under) OVER recent AS k, count(*) OVER recent AS n FROM grouped
            WINDOW recent AS (PARTITION BY side, limit_sek ORDER BY month RANGE BETWEEN 11 PRECEDING AND CURRENT ROW)
        ), tested AS (
            SELECT k, n, list_sum(list_transform(range(k, least(n, k + 99) + 1), i -> exp(lgamma(n + 1) - lgamma(i + 1)
                   - lgamma(n - i + 1) + i * ln($expected_share) + (n - i) * ln(1 - $expected_share)))) AS p
            FROM (SELECT DISTINCT k, n FROM counted WHERE is_under AND k > $expected_share * n)
        )
        SELECT h.payment_id AS subject_key, h.booked_month AS service_month, limit_sek::BIGINT AS business_key,
               round(k / n, 3) AS value, h.amount_sek AS amount_at_risk_sek, list_prepend(h.payment_id, list_transform(
                 max({'month': q.month, 'payment_id': q.payment_id}, 20) FILTER (q.payment_id <> h.payment_id),
                 lambda x: x.payment_id)) AS evidence
        FROM (FROM counted JOIN tested USING (k, n) WHERE is_under AND p <= $alpha
              QUALIFY row_number() OVER (PARTITION BY payment_id ORDER BY p, limit_sek, side) = 1) h
        JOIN grouped q USING (side, limit_sek) WHERE q.is_under AND q.month BETWEEN h.month - 11 AND h.month
        GROUP BY h.payment_id, h.booked_month, limit_sek, k, n, h.amount_sek
    """,
    example=f"""
        core_limits
        kind          | amount_sek | valid_from | valid_to
        approval      | 100000.00  | 2025-06-01 |
        direct_award  | 100000.00  | 2026-01-01 | 2026-03-31
        documentation | 200000.00  | 2025-01-01 |
        approval      | 300000.00  | 2025-01-01 |
        approval      | 400000.00  | 2025-01-01 | 2026-01-31
        approval      | 5000.00    | 2025-01-01 |
        core_payments
        payment_id | entity_key | department | booking_date | amount_sek | same_amount_before | is_live | is_expected
        {_ELEVEN}
        F1         | E1         | E1x        | 2026-03-10   | 99999.99   | 0                  | true    | false
        B1         | E1         | E1y        | 2026-03-10   | 105000.01  | 0                  | true    | false
        F2         | U2x        | U2         | 2026-03-10   | 95000.00   | 0                  | true    | false
        A3         | E3         | E3x        | 2026-03-10   | 99000.00   | 0                  | true    | false
        B3         | E3         | E3y        | 2026-03-10   | 105000.00  | 0                  | true    | false
        A4         | E4         | E4x        | 2026-03-10   | 99000.00   | 0                  | true    | false
        A5         | E5         | E5x        | 2026-03-10   | 99000.00   | 1                  | true    | false
        B5         | E5         | E5y        | 2026-03-10   | 99000.00   | 0                  | true    | true
        C5         | E5         | E5z        | 2026-03-10   | 99000.00   | 0                  | false   | false
        D5         | E5         | E5w        | 2026-03-10   | 94999.99   | 0                  | true    | false
        A6         | E6         | E6x        | 2026-03-10   | 199000.00  | 0                  | true    | false
        A7         | E7         | E7x        | 2026-03-10   | 299000.00  | 0                  | true    | false
        F31        | E0         | E0a        | 2026-03-10   | 298000.00  | 0                  | true    | false
        F32        | E0         | E0b        | 2026-03-10   | 298100.00  | 0                  | true    | false
        F33        | E0         | E0c        | 2026-03-10   | 298200.00  | 0                  | true    | false
        F34        | E0         | E0d        | 2026-03-10   | 298300.00  | 0                  | true    | false
        F35        | E0         | E0e        | 2026-03-10   | 298400.00  | 0                  | true    | false
        B0         | E0         | E0f        | 2026-03-10   | 300000.00  | 0                  | true    | false
        A8         | E8         | E8x        | 2026-03-10   | 4900.00    | 0                  | true    | false
        A9         | E9         | E9x        | 2026-03-10   | 399000.00  | 0                  | true    | false
    """,
    flags={"F1": "99999.99", "F2": "95000.00"} | {f"F3{n}": f"298{n - 1}00.00" for n in range(1, 6)},
    shown={"F2": "1 | F2 U29 U28 U27 U26 U25 U24 U23 U22 U210 U21 U20"},
    source="Indicator catalogue SP22; SAP, ID and AP Recovery describe bunching under limits",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
