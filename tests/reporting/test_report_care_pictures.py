"""A payment beside its peers, and a home-care line day by day."""

import datetime as dt
from decimal import Decimal

import pytest

from reporting import svg
from reporting.format import NBSP, kr, share
from tests.reporting.pictured import HOSTILE, drawn, kept, said

HIGH = svg.PeerValue("short_visits", "Andel korta besök", "share", 0.42, 0.15, 0.12, 0.31, 0.24)
CALM = svg.PeerValue("amount_against_peers", "Belopp mot jämförbara", "standard deviations", 0.5, 0.2, 0.1, 1.7)
ALONE = svg.PeerValue("hours_a_day", "Timmar per dag", "hours", 14.5)
OCTOBER = [
    svg.VisitDay(
        dt.date(2026, 10, i), 4, 4 - (i == 12), Decimal(150), Decimal(150 - i), Decimal(150), Decimal("1412.50"),
        2 if i == 3 else 0, "hospital" if i in (18, 19) else "",
    )
    for i in range(1, 32)
    if i != 8
]  # fmt: skip
BY_VISIT = [svg.VisitDay(dt.date(2026, 2, 1), 12, 12, 300, 290, 0, Decimal("1407.54"))]
PICTURES = {
    "peers": lambda w: svg.peer_dots([HIGH, CALM, ALONE], width=w),
    "peers-empty": lambda w: svg.peer_dots([], width=w),
    "peers-alike": lambda w: svg.peer_dots([svg.PeerValue("x", "Allt lika", "count", 2, 2, 2, 2)], width=w),
    "peers-odd": lambda w: svg.peer_dots(
        [svg.PeerValue("x", HOSTILE, HOSTILE, float("nan"), float("inf"), None, -1e12), HIGH] * 9, width=w
    ),
    "days": lambda w: svg.visit_timeline(OCTOBER, width=w),
    "days-empty": lambda w: svg.visit_timeline([], width=w),
    "days-one": lambda w: svg.visit_timeline(OCTOBER[:1], width=w),
    "days-by-visit": lambda w: svg.visit_timeline(BY_VISIT, width=w),
    "days-credit": lambda w: svg.visit_timeline(
        [svg.VisitDay(dt.date(2026, 10, 1), 0, 0, 0, 0, 0, Decimal("-80.25"), absence=HOSTILE)], width=w
    ),
    "days-nothing": lambda w: svg.visit_timeline(
        [svg.VisitDay(dt.date(2026, 10, 1), 0, 0, 0, 0, 0, Decimal(0))], width=w
    ),
    "days-two-months": lambda w: svg.visit_timeline([*OCTOBER, *BY_VISIT], width=w),
}


@pytest.mark.parametrize("width", [svg.WIDE, svg.NARROW])
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_keeps_the_house_rules(name, width):
    kept(PICTURES[name], width)


def test_peers_are_told_in_their_unit_beside_and_in_the_picture():
    text = PICTURES["peers"](svg.WIDE)
    for shown in (share(0.42), share(0.15), share(0.12), share(0.31), f"14{NBSP}tim{NBSP}30{NBSP}min"):
        assert shown in said(text)
        assert shown in drawn(text)
    assert "Belopp mot jämförbara (standardavvikelser): nu 0,5" in said(text)


def test_what_is_unusual_differs_in_shape_ground_and_words():
    text = PICTURES["peers"](svg.WIDE)
    assert text.count('class="p2 pedge"') == 1
    assert text.count('class="p1 pedge"') == 2
    assert "högre än 95 av 100" in said(text)
    assert HIGH.is_unusual
    at_the_fence = svg.PeerValue("x", "X", "share", 0.31, 0.15, 0.12, 0.31)
    assert not at_the_fence.is_unusual, "the 95th percentile itself is not above it"
    assert (at_the_fence.verdict, CALM.verdict) == ("över medianen", "över medianen")
    assert svg.PeerValue("x", "X", "share", 0.1, None, 0.12, 0.31).verdict == "under medianen"
    assert ALONE.verdict == "inget att jämföra med"


def test_features_without_a_label_have_their_columns_name():
    assert "Short visits" in said(svg.peer_dots([svg.PeerValue("short_visits", "", "share", 0.1)]))


def test_more_features_than_there_is_room_for_are_owned_up_to():
    text = PICTURES["peers-odd"](svg.WIDE)
    assert "De 8 tyngsta av 18 mått" in drawn(text)
    assert "De 8" not in drawn(PICTURES["peers"](svg.WIDE))
    assert "<script" not in text


@pytest.mark.parametrize("width", [svg.WIDE, svg.NARROW])
def test_every_day_is_drawn_and_told(width):
    text = svg.visit_timeline(OCTOBER, width=width)
    assert text.count('class="ppaid"') == len(OCTOBER) + 1, "one for each day and the legend"
    assert text.count('class="pab"') == 3, "two days and the legend"
    assert said(text).count("planerat") == len(OCTOBER)
    assert f"2026-10-12: planerat 2{NBSP}tim{NBSP}30{NBSP}min, registrerat 2{NBSP}tim{NBSP}18{NBSP}min" in said(text)
    assert f"1{NBSP}besök ej utfört" in said(text)
    assert f"2{NBSP}besök för hand" in said(text)
    assert "frånvaro: sjukhus" in said(text)
    assert kr(Decimal("1412.50"), ore=True) in said(text)
    assert f"Planerat 75{NBSP}tim" in drawn(text)


def test_a_calm_month_explains_no_signs_it_lacks():
    text = drawn(PICTURES["days-one"](svg.WIDE))
    assert not [word for word in ("Frånvaro", "för hand", "ej utfört") if word in text]


def test_a_line_not_paid_by_minutes_shows_no_paid_minutes():
    text = PICTURES["days-by-visit"](svg.WIDE)
    assert "ppaid" not in text
    assert "ersatt tid finns inte per dag" in said(text)
    assert "ersatt 0" not in said(text)


def test_days_may_come_in_any_order():
    assert svg.visit_timeline(OCTOBER[::-1]) == svg.visit_timeline(OCTOBER)


def test_rows_of_the_published_tables_become_values_and_days():
    row = {"feature": "x", "label_sv": None, "unit": "share", "value": 0.1, "peer_p95": 0.2, "payment_id": "L1"}
    assert svg.PeerValue.of(row) == svg.PeerValue("x", "", "share", 0.1, peer_p95=0.2)
    day = OCTOBER[16]
    published = {name: getattr(day, name) for name in day.__slots__} | {"carers": 3, "first_start": None}
    assert svg.VisitDay.of(published) == day
    assert svg.VisitDay.of(published | {"absence": None}).away == ""
