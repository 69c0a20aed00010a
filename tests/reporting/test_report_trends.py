"""A rate in its interval month by month, and a payee's months."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting import svg
from reporting.format import NBSP, kr, share
from tests.reporting.pictured import HOSTILE, drawn, kept, said

RATES = [svg.wilson_point(f"2026-{m:02d}", hits, of) for m, hits, of in ((1, 12, 40), (2, 9, 38), (5, 0, 0), (6, 3, 9))]
MONTHS = [
    svg.ProviderMonth("2026-01", Decimal("512300.50"), 4, 3, 1, is_listed=True),
    svg.ProviderMonth("2026-02", Decimal(-4000), 0, 0, 0),
    svg.ProviderMonth("2026-04", Decimal(630000), 9, 2, 2, is_listed=True, is_decided=True),
]
PICTURES = {
    "trend": lambda w: svg.interval_trend(RATES, "Andel fel", "Slumpurvalet", target=0.25, width=w),
    "trend-empty": lambda w: svg.interval_trend([], "Andel fel", width=w),
    "trend-one": lambda w: svg.interval_trend(RATES[:1], "Andel fel", width=w),
    "trend-no-data": lambda w: svg.interval_trend(RATES[2:3], "Andel fel", width=w),
    "trend-bare": lambda w: svg.interval_trend(
        [svg.TrendPoint("2025-12", -120.0), svg.TrendPoint("2026-01", 80.0)], HOSTILE, HOSTILE, str, 5, HOSTILE, width=w
    ),
    "trend-long": lambda w: svg.interval_trend(
        [svg.TrendPoint(f"{2020 + i // 12}-{i % 12 + 1:02d}", i / 100) for i in range(60)], "Andel fel", width=w
    ),
    "months": lambda w: svg.provider_months(MONTHS, HOSTILE, width=w),
    "months-empty": lambda w: svg.provider_months([], width=w),
    "months-one": lambda w: svg.provider_months(MONTHS[:1], width=w),
    "months-unknown": lambda w: svg.provider_months([svg.ProviderMonth("2026-01", None)], width=w),
}


@pytest.mark.parametrize("width", [svg.WIDE, svg.NARROW])
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_keeps_the_house_rules(name, width):
    kept(PICTURES[name], width)
    assert "<script" not in PICTURES[name](width)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_stays_between_none_and_all(drawn_share):
    hits, cases = drawn_share
    lower, upper = svg.wilson(hits, cases)
    assert 0 <= lower <= hits / cases <= upper <= 1
    assert lower < upper
    mirrored = svg.wilson(cases - hits, cases)
    assert mirrored == pytest.approx((1 - upper, 1 - lower))


def test_wilson_is_the_published_one():
    assert svg.wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert svg.wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)  # Newcombe, Stat. Med. 17, 1998, table I


@pytest.mark.parametrize(("hits", "cases"), [(1, 0), (0, 0), (3, 2), (-1, 2)])
def test_wilson_refuses_what_is_no_share(hits, cases):
    with pytest.raises(ValueError, match="no share"):
        svg.wilson(hits, cases)


def test_a_month_without_data_parts_the_line_and_is_named():
    text = PICTURES["trend"](svg.WIDE)
    assert text.count('class="pdot"') == 3
    assert text.count('<polygon class="pband"') == 1, "only January and February hang together"
    assert text.count('<rect class="pband"') == 2, "June alone, and the legend"
    told = said(text)
    assert [f"2026-0{m}: uppgift saknas" in told for m in (2, 3, 4, 5)] == [False, True, True, True]
    lower, upper = svg.wilson(12, 40)
    assert f"2026-01: {share(0.3)}, intervall {share(lower)} till {share(upper)}, av 40" in told
    assert told.endswith(f"Mål: {share(0.25)}.")


def test_a_target_is_drawn_only_when_there_is_one():
    assert PICTURES["trend"](svg.WIDE).count('class="pcap"') == 2
    assert "pcap" not in PICTURES["trend-one"](svg.WIDE)
    assert "intervall" not in drawn(PICTURES["trend-bare"](svg.WIDE))


def test_a_payees_months_are_told_and_marked():
    text = PICTURES["months"](svg.WIDE)
    told = said(text)
    assert f"2026-01: {kr(Decimal('512300.50'))}, 4{NBSP}urvalsträffar, 3 utfall, varav 1 fel, på listan" in told
    assert f"2026-02: {kr(-4000)}, 0{NBSP}urvalsträffar" in told
    assert "2026-03: uppgift saknas" in told
    assert told.endswith("på listan, beslutad.")
    assert text.count('class="pyes"') == 2, "one month decided, and the legend"
    assert "–" in drawn(text)


def test_months_may_come_in_any_order():
    assert svg.provider_months(MONTHS[::-1]) == svg.provider_months(MONTHS)
    assert svg.interval_trend(RATES[::-1], "T") == svg.interval_trend(RATES, "T")
