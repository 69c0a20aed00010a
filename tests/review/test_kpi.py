"""Key figures against small cases worked out by hand, and what must hold for any."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.svg import wilson
from review.work import kpi
from review.work.estimate import Drawn, estimate, weighted_share
from review.work.kpi import Decided

CODES = st.sets(st.sampled_from(["SP01", "HC12", "SP22"])).map(lambda s: tuple(sorted(s)))
VERDICTS = st.sampled_from([*kpi.ERRORS, *kpi.DISMISSED, "undecidable"])


def decided(verdict="explained", error=None, **more):
    return Decided("2026-10", more.pop("arm", "risk"), verdict, 100_00, error, **more)


def test_precision_counts_every_review_and_has_wilsons_interval():
    rows = (
        [decided("error_recovery", 500)] * 3
        + [decided(), decided("undecidable"), decided("data_error")]
        + [decided()] * 4
    )
    found = kpi.precision(rows)
    assert (found.hits, found.cases, found.value, found.is_small) == (3, 10, 0.3, True)
    # (0.3 + 3.8415/20 -+ 1.96 sqrt(0.3*0.7/10 + 3.8415/400)) / (1 + 3.8415/10)
    assert (found.lower, found.upper) == (pytest.approx(0.1078, abs=1e-4), pytest.approx(0.6032, abs=1e-4))
    assert kpi.precision([]) == kpi.Share(0, 0)


def test_precision_by_indicator_and_by_rank():
    rows = [
        decided("suspected_crime", codes=("HC12", "SP01"), rank=1),
        decided(codes=("SP01",), rank=10),
        decided("error_no_recovery", codes=("SP01",), rank=11),
        decided(codes=(), rank=300),
        decided(codes=()),
    ]
    assert [(code, s.hits, s.cases) for code, s in kpi.by_indicator(rows)] == [("SP01", 2, 3), ("HC12", 1, 1)]
    assert [(a, b, s.hits, s.cases) for a, b, s in kpi.by_rank(rows)] == [
        (1, 10, 1, 2),
        (11, 25, 1, 1),
        (101, None, 0, 1),
    ]


def test_worth_looking_at_is_counted_apart_from_being_wrong():
    rows = [
        decided("error_recovery", 500, codes=("SP01",), was_worth_looking=True),
        decided(codes=("SP01", "HC12"), was_worth_looking=True),
        decided(codes=("HC12",)),
        decided("data_error"),
    ]
    found = kpi.worth(rows)
    assert (found.hits, found.cases, found.value) == (2, 4, 0.5)
    assert (found.lower, found.upper) == pytest.approx(wilson(2, 4))
    assert [(code, s.hits, s.cases) for code, s in kpi.by_indicator(rows, kpi.worth)] == [
        ("HC12", 1, 2),
        ("SP01", 2, 2),
    ]
    assert kpi.worth([]).value is None


def test_sums_spread_and_counts():
    rows = [decided("error_recovery", 700, cause="provider"), decided("error_no_recovery", -200, cause="municipality"),
            decided("suspected_crime", None, cause="provider"), decided("explained", 900)]  # fmt: skip
    assert kpi.sums_ore(rows) == (700, -200, 3)
    assert kpi.counted(rows, lambda row: row.cause) == [("provider", 2), ("municipality", 1)]
    assert kpi.spread([]) == kpi.Spread(0)
    assert kpi.spread([30, 10, 20]) == kpi.Spread(3, 20, 30)
    assert kpi.spread(range(1, 11)) == kpi.Spread(10, 5.5, 9)


def test_dismissed_by_indicator_leaves_out_those_never_dismissed():
    rows = [
        decided(codes=("SP01", "HC12")),
        decided("data_error", codes=("SP01",)),
        decided("error_recovery", codes=("SP22",)),
    ]
    assert [(c, s.hits, s.cases) for c, s in kpi.dismissed_by_indicator(rows)] == [("SP01", 2, 2), ("HC12", 1, 1)]


def test_the_control_arm_weighs_each_payment_by_what_it_stands_for():
    # 100 small payments, 2 drawn and reviewed, one wrong by all of it; 10 large, 5 drawn, none wrong.
    small = [Drawn(1, 0.02, 100_00, "error_recovery", 100_00), Drawn(1, 0.02, 100_00, "explained")]
    large = [Drawn(4, 0.5, 1000_00, "explained")] * 5
    found = estimate(small + large)
    assert found.count.value == pytest.approx(50 / 110)  # 50 of 100 small and none of 10 large
    assert found.gross.value == found.net.value == found.over == pytest.approx(50 * 100 / (100 * 100 + 10 * 1000))
    assert found.under == 0
    assert (found.drawn, found.count.hits, found.count.cases, found.count.is_small) == (7, 1, 7, True)
    # residuals of the small: 50 x (1 - 0.25) and 50 x -0.25 hundreds of kronor, sd^2 x 2 x (1 - 2/100)
    # the large have equal residuals: no variance
    spread = math.sqrt(0.98 * 2 / 1 * 2 * (25 * 100_00) ** 2) / 2_000_000
    assert found.gross.upper == pytest.approx(0.25 + 1.959964 * spread)
    assert found.gross.lower == 0


def test_reviewed_payments_stand_for_all_that_were_drawn():
    rows = [Drawn(1, 0.1, 100, "error_recovery", 100), Drawn(1, 0.1, 100), Drawn(1, 0.1, 100, "undecidable")]
    rows += [Drawn(2, 1.0, 100), Drawn(3, 0.5, 100, "explained")]
    found = estimate(rows)
    # 30 of the first stratum, 1 of the second (which joins the first), 2 of the third
    assert found.count.value == pytest.approx(31 / 33)
    assert (found.drawn, found.count.cases) == (5, 2)


def test_no_error_found_has_no_upper_end_in_kronor_but_one_in_payments():
    found = estimate([Drawn(1, 0.1, 100, "explained")] * 12)
    assert (found.gross.value, found.gross.lower, found.gross.upper) == (0, 0, None)
    assert found.count.lower == 0
    assert 0.2 < found.count.upper < 0.3
    nothing = estimate([Drawn(1, 0.1, 100)] * 3)
    assert (nothing.drawn, nothing.count, nothing.gross.value) == (3, kpi.Share(0, 0), None)


DRAWN = st.builds(
    lambda stratum, probability, amount, verdict, part: Drawn(
        stratum, probability, amount, verdict, round(amount * part) if verdict in kpi.ERRORS[:2] else None
    ),
    st.integers(1, 4),
    st.floats(0.001, 1),
    st.integers(1, 10**9),
    st.none() | VERDICTS,
    st.floats(-1, 1),
)


@given(st.lists(DRAWN, max_size=40))
def test_an_estimate_lies_within_its_interval_and_its_parts_add_up(rows):
    found = estimate(rows)
    for share in (found.count, found.gross, found.net):
        if share.value is not None:
            assert share.lower is None or share.lower <= share.value + 1e-12
            assert share.upper is None or share.upper >= share.value - 1e-12
    if found.gross.value is not None:
        assert found.over - found.under == pytest.approx(found.gross.value)
        assert found.over + found.under == pytest.approx(found.net.value)
        assert 0 <= found.gross.value <= 1 + 1e-9
    backwards = weighted_share(rows[::-1])
    assert (backwards.hits, backwards.value) == (found.count.hits, found.count.value)


@given(st.lists(st.builds(Decided, st.just("2026-10"), st.just("risk"), VERDICTS, st.just(100), codes=CODES,
                          rank=st.none() | st.integers(1, 500)), max_size=60))  # fmt: skip
def test_bands_and_indicators_never_lose_or_invent_a_review(rows):
    assert sum(s.cases for _, _, s in kpi.by_rank(rows)) == sum(row.rank is not None for row in rows)
    assert sum(s.cases for _, s in kpi.by_indicator(rows)) == sum(len(row.codes) for row in rows)
    for _, share in kpi.by_indicator(rows):
        assert 0 <= share.lower <= share.value <= share.upper <= 1
