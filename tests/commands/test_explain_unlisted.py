"""`fut explain` tells the flags of a payment that is not on the list, and nothing of what is drawn by lot."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from reporting.words import CONTROL_SENTENCE
from tests.reporting.sample import MONTH


@pytest.fixture
def unlisted(published: Path) -> Path:
    """Return the settings of a month with one more payment, U1, flagged UF1; FC1 flags a payment drawn by lot."""
    folder = published.parent / "var/published/bjorklunda" / MONTH / "r-5f2c91"

    def more(name: str, *rows: dict[str, object]) -> None:
        frame = pl.read_parquet(folder / f"{name}.parquet")
        new = [frame.row(0, named=True) | row for row in rows]
        pl.concat([frame, pl.DataFrame(new, schema=frame.schema)]).write_parquet(folder / f"{name}.parquet")

    ranked = pl.read_parquet(folder / "ranked_payments.parquet")
    drawn = ranked.filter(pl.col("arm") == "random")["payment_id"][0]
    more("payments", {"payment_id": "U1"}, {"payment_id": "U2"})
    more("flags", {"flag_id": "UF1", "payment_id": "U1"}, {"flag_id": "FC1", "payment_id": drawn})
    more("flag_payments", {"flag_id": "UF1", "payment_id": "U1"}, {"flag_id": "FC1", "payment_id": drawn})
    return published


@pytest.mark.parametrize("wanted", ["U1", "UF1"])
def test_a_payment_off_the_list_and_its_flag_are_explained(fut: Callable, unlisted: Path, wanted: str) -> None:
    said = fut("explain", wanted, "--settings", unlisted)
    assert (said.code, said.err) == (0, "")
    assert "står inte på listan" in said.out
    assert "UF1" in said.out
    assert "U1" in said.out


def test_a_payment_without_flags_says_so(fut: Callable, unlisted: Path) -> None:
    said = fut("explain", "U2", "--settings", unlisted)
    assert said.code == 0
    assert "Inga urvalsträffar" in said.out


def test_a_flag_of_a_payment_drawn_by_lot_stays_blind(fut: Callable, unlisted: Path) -> None:
    said = fut("explain", "FC1", "--settings", unlisted)
    assert said.code == 0
    assert said.out.strip() == CONTROL_SENTENCE


def test_an_id_of_nothing_is_an_error(fut: Callable, unlisted: Path) -> None:
    said = fut("explain", "U3", "--settings", unlisted)
    assert said.code == 2
    assert "no payment, rank or flag 'U3'" in said.err
