"""A payee beside its peers in words and as a picture: what deviates and what does not, side by side."""

from dataclasses import replace

import pytest

from fut.contract import load_contracts
from models.payee_profile import FEATURES
from reporting import svg
from reporting.format import NBSP
from reporting.html import render_html
from reporting.model import load_snapshot
from reporting.words import COUNTED, GRAINS, NOT_COMPARED, PEERS, PROFILE_SENTENCE
from tests.reporting.pictured import HOSTILE, drawn, kept, said
from tests.reporting.sample import MONTH, write_sample
from tests.reporting.sample_profile import payee_profile

ROWS = [svg.ProfileValue.of(row) for row in payee_profile("org-01", MONTH)]
ODD, USUAL, NONE = ROWS[:3]
LOW = replace(USUAL, bad_tail="low", value=-9.0, beyond_share=0.0)


@pytest.mark.parametrize(
    ("row", "unusual", "verdict"),
    [
        (ODD, True, "avviker: högre än alla 11"),
        (replace(ODD, beyond_share=0.045, peers=100), True, "avviker: högre än 96 av 100"),
        (replace(ODD, beyond_share=0.1), False, "högre än de flesta"),  # one of ten lies as far out
        (replace(ODD, value=3.3), False, "högre än de flesta"),  # within 1.5 quartile ranges
        (replace(ODD, value=1.9, peer_low=-0.1, peer_high=0.1), False, "högre än de flesta"),  # within two deviations
        (replace(ODD, unit="share", value=1.9, peer_low=-0.1, peer_high=0.1), True, "avviker: högre än alla 11"),
        (USUAL, False, "som de flesta"),
        (replace(USUAL, value=-9.0, beyond_share=1.0), False, "lägre än de flesta"),  # the good side
        (LOW, True, "avviker: lägre än alla 11"),
        (replace(LOW, value=9.0, beyond_share=1.0), False, "högre än de flesta"),
        (replace(ODD, bad_tail="both", beyond_share=None), False, "utan omdöme"),
        (NONE, False, "inget att räkna"),
    ],
)
def test_a_deviation_is_rare_far_out_and_on_the_bad_side(row: svg.ProfileValue, unusual: bool, verdict: str) -> None:
    assert (row.is_unusual, row.verdict) == (unusual, verdict.replace(" 1 ", f" 1{NBSP}"))


def test_plain_numbers_stand_behind_a_value() -> None:
    assert ODD.counted == f"410 av 1{NBSP}234 besök (33,2{NBSP}%; liknande 3,1{NBSP}%)"
    assert NONE.counted == "0 av 0 besök med läge"
    minutes = replace(ODD, exposure_unit="planned_minutes", hits=90.0, exposure=60.0, peer_rate=None)
    assert minutes.counted == f"1{NBSP}tim{NBSP}30{NBSP}min av 1{NBSP}tim planerad tid (150,0{NBSP}%)"
    assert replace(ODD, exposure_unit="of a later version").counted == ""
    assert ROWS[4].counted == "40 betalningar"


def test_what_deviates_stands_first_and_what_is_not_compared_last() -> None:
    assert [row.feature for row in svg.furthest_first(ROWS)] == [
        "manual_funnel",
        "round_share_excess",
        "zero_gap_funnel",
        "largest_share",
        "far_from_home_funnel",
        "growth_against_year_before",
    ]


def test_each_code_has_its_words() -> None:
    stated = {column.name: column.said("values") for column in load_contracts("out")["payee_profile"].columns}
    assert set(stated["grain"]) == set(GRAINS) == set(PEERS) == set(FEATURES)
    assert set(stated["reason"]) == set(NOT_COMPARED)
    assert {feature.exposed for features in FEATURES.values() for feature in features} == set(COUNTED)


@pytest.mark.parametrize("width", [svg.WIDE, svg.NARROW])
@pytest.mark.parametrize(
    "rows",
    [
        ROWS,
        [],
        [NONE],
        [LOW, replace(ODD, label=HOSTILE), replace(USUAL, value=0.0, peer_low=0.0, peer_median=0.0, peer_high=0.0)],
    ],
)
def test_a_picture_keeps_the_house_rules(rows: list[svg.ProfileValue], width: int) -> None:
    kept(lambda wide: svg.profile_rows(rows, HOSTILE, width=wide), width)


def test_a_picture_says_what_it_shows_and_which_side_is_watched() -> None:
    text = svg.profile_rows(svg.furthest_first(ROWS), "Profil")
    assert "Andel besök registrerade för hand: här 5,4 standardavvikelser, liknande 0,0" in said(text)
    assert "avviker: högre än alla 11" in drawn(text)
    assert "högt är värt att titta på" in drawn(text)
    assert "långt från hemmet" not in drawn(text)  # not compared: the table says why
    assert "värt att titta på" not in drawn(svg.profile_rows([LOW, ODD], "Profil"))


def test_the_report_tells_where_a_listed_payee_deviates(tmp_path) -> None:
    folder = write_sample(tmp_path / "run", listed=6, control=2)
    text = render_html(load_snapshot(folder))
    sentence = "Andel besök registrerade för hand: 5,4 standardavvikelser, avviker: högre än alla 11 utförare."
    assert text.count(sentence) == text.count(PROFILE_SENTENCE) == 1
    assert "Andel förflyttningar utan restid" not in text
    (folder / "payee_profile.parquet").unlink()  # as a run of an earlier version
    snapshot = load_snapshot(folder)
    assert PROFILE_SENTENCE not in render_html(snapshot)
    assert "payee_profile.parquet" not in snapshot.absent
