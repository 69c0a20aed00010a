"""Features of a payee's year: rates are fair to the small, over-dispersion is allowed for, nothing looks ahead."""

from collections.abc import Iterator

import duckdb
import polars as pl
import pytest

from features import supplier_year
from features.peers import funnel_z, over_peers, robust_z, shrunk_rate
from fut.feature import collect_features, feature_matrix, refused_columns
from fut.period import months_between

FEATURES = collect_features(supplier_year)
PAY = """
    INSERT INTO core_payments BY NAME SELECT concat_ws('-', payee, month, i) AS payment_id, month AS booked_month,
    (month || '-10')::DATE AS booking_date, 'day' AS date_precision, payee AS supplier_key, payee AS entity_key,
    payee AS supplier_name, false AS is_redacted, false AS is_one_time, concat(payee, month, i) AS voucher_no,
    CASE WHEN NOT $unnumbered THEN concat(payee, month, i) END AS invoice_no,
    coalesce($amount, 900 + 37 * ((n * 7 + j * 3 + i * 5) % 11)) AS amount_sek, 1 AS posting_count,
    'D' || (i % $departments) AS department, 'Goods' AS category, true AS is_live, false AS is_expected,
    0 AS same_amount_before, 1 AS copies_same_day, 1 AS payee_month_count
    FROM (SELECT 'S' || n AS payee, n, $months[j] AS month, j, i FROM range($first, $last) p(n),
    range(1, len($months) + 1) m(j), range($count) c(i))
"""


def pay(core: duckdb.DuckDBPyConnection, payees: tuple[int, int], months: list[str], **more: object) -> None:
    given = {"unnumbered": False, "amount": None, "departments": 2, "count": 4} | more
    core.execute(PAY, given | {"months": months, "first": payees[0], "last": payees[1] + 1})


@pytest.fixture
def ledger(core: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Thirty payees, four payments a month each through 2025 and three months of 2026, in two departments."""
    core.execute("BEGIN")
    pay(core, (1, 30), months_between("2025-01", "2026-03"))
    yield core
    core.execute("ROLLBACK")


def values(core: duckdb.DuckDBPyConnection, *months: str) -> pl.DataFrame:
    frame = supplier_year.history(core, months or ["2026-03"])
    return pl.concat([frame.select("entity_key", "month"), feature_matrix(frame, FEATURES)], how="horizontal")


def test_the_year_to_date_is_counted_from_january(ledger: duckdb.DuckDBPyConnection) -> None:
    frame = supplier_year.history(ledger, ["2025-12", "2026-03"]).filter(entity_key="S1")
    assert set(frame.columns) == {"entity_key", *supplier_year.COLUMNS}
    assert frame["payment_count"].to_list() == [48, 12]
    assert frame["paid_months"].to_list() == [12, 3]
    assert frame["department_squares"].to_list() == [2 * 24**2, 2 * 6**2]
    assert not set(frame.columns) & (refused_columns() - {"entity_key"})


@pytest.mark.parametrize(
    ("feature", "more", "at_least"),
    [
        ("round_share_excess", {"amount": 1_000}, 0.2),
        ("unnumbered_share_funnel", {"unnumbered": True}, 3),
        ("usual_amount_against_peers", {"amount": 50_001}, 3),
        ("payments_per_month_against_peers", {"count": 40}, 0),
        ("department_concentration_excess", {"departments": 1, "count": 8}, 0.2),
    ],
)
def test_what_is_unusual_among_peers_stands_out(
    ledger: duckdb.DuckDBPyConnection, feature: str, more: dict[str, object], at_least: float
) -> None:
    pay(ledger, (99, 99), ["2026-01", "2026-02", "2026-03"], **more)
    found = values(ledger)
    assert found.filter(entity_key="S99")[feature][0] >= at_least
    assert abs(found.filter(entity_key="S2")[feature][0]) < 1.5


def test_growth_and_largest_share_need_a_history(ledger: duckdb.DuckDBPyConnection) -> None:
    pay(ledger, (1, 1), ["2026-03"], amount=900_000, count=1)
    pay(ledger, (99, 99), ["2026-03"], amount=900_000, count=1)
    found = values(ledger)
    known, new = (found.filter(entity_key=k).row(0, named=True) for k in ("S1", "S99"))
    assert known["growth_against_year_before"] > 3
    assert known["largest_share"] > 0.9
    assert new["growth_against_year_before"] is None
    assert new["largest_share"] is None
    assert found.filter(entity_key="S2")["largest_share"][0] < 0.1


def test_nothing_later_changes_a_month_and_a_range_equals_its_months(ledger: duckdb.DuckDBPyConnection) -> None:
    before = values(ledger, "2025-08")
    whole = values(ledger, *months_between("2025-06", "2025-10"))
    pay(ledger, (1, 5), ["2025-09", "2025-12"], amount=70_000)
    assert values(ledger, "2025-08").equals(before)
    assert whole.filter(month="2025-08").equals(before)


def rates(hits: list[int], exposure: list[int]) -> pl.DataFrame:
    return pl.DataFrame({"k": hits, "n": exposure, "month": "2026-03", "peer_group": "x"})


def test_a_small_payee_with_the_same_rate_is_less_abnormal_than_a_large_one() -> None:
    frame = rates([2] * 30 + [2, 200], [20] * 30 + [4, 400])
    z, excess = frame.select(z=funnel_z(pl.col("k"), pl.col("n")), e=shrunk_rate(pl.col("k"), pl.col("n"), 20))
    assert 0 < z[30] < z[31]
    assert 0 < excess[30] < excess[31]


def test_over_dispersion_lowers_what_binomial_limits_would_flag() -> None:
    dispersed = rates([10, 90] * 15 + [95], [100] * 31)
    alike = rates([50, 50] * 15 + [95], [100] * 31)
    z = [frame.select(funnel_z(pl.col("k"), pl.col("n"))).to_series()[-1] for frame in (dispersed, alike)]
    assert z[0] < 2
    assert z[1] > 8


def test_rates_without_hits_and_values_without_spread_flag_nobody() -> None:
    frame = rates([0] * 30, [20] * 30).with_columns(x=pl.lit(3.0))
    assert frame.select(funnel_z(pl.col("k"), pl.col("n"))).to_series().to_list() == [0.0] * 30
    assert frame.select(robust_z(pl.col("x"))).to_series().to_list() == [0.0] * 30


def test_a_group_of_fewer_than_twenty_is_compared_with_all() -> None:
    frame = pl.DataFrame({"month": ["m"] * 40, "peer_group": ["a"] * 21 + ["b"] * 19, "x": range(40)})
    means = frame.select(over_peers(pl.col("x").mean())).to_series()
    assert (means[0], means[39]) == (10.0, 19.5)
