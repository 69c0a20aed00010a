"""A month's detector learns from a capped sample of the year before its quarter, whatever else is run."""

import numpy as np

from fut.period import month_index, months_between
from models import training
from models.training import fits, months_needed

JULY = month_index("2025-07")


def ledger(counts: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    booked = np.concatenate([np.full(count, month_index(month)) for month, count in counts.items()])
    return booked, np.random.default_rng(1).permutation(len(booked)).astype(np.uint64)


def test_months_of_a_quarter_share_the_twelve_months_before_it() -> None:
    booked, draw = ledger(dict.fromkeys(months_between("2024-01", "2025-12"), 100))
    one, two = fits(booked, draw, ["2025-08", "2025-07", "2025-10"])
    assert one.months == (JULY, JULY + 1)
    assert sorted(set(booked[one.rows])) == list(range(JULY - 12, JULY))
    assert len(one.rows) == 1200
    assert two.start == JULY + 3
    assert one.rows.tolist() == next(iter(fits(booked, draw, ["2025-09"]))).rows.tolist()


def test_a_long_year_is_cut_to_the_lowest_lots_in_their_order(monkeypatch) -> None:
    monkeypatch.setattr(training, "SAMPLE_ROWS", 700)
    booked, draw = ledger(dict.fromkeys(months_between("2024-07", "2025-07"), 100))
    (fit,) = fits(booked, draw, ["2025-07"])
    year = np.flatnonzero(booked < JULY)
    assert draw[fit.rows].tolist() == sorted(draw[year].tolist())[:700]


def test_months_without_a_past_learn_from_themselves() -> None:
    booked, draw = ledger({"2025-05": 200, "2025-07": 40, "2025-08": 50})
    july, august = fits(booked, draw, ["2025-07", "2025-08", "2025-09"])
    assert (july.months, august.months) == ((JULY,), (JULY + 1,))
    assert set(booked[august.rows]) == {JULY + 1}


def test_the_months_needed_reach_a_year_before_the_quarter() -> None:
    assert months_needed(["2025-08"]) == months_between("2024-07", "2025-08")
    assert months_needed(["2025-07", "2025-10"]) == months_between("2024-07", "2025-10")
