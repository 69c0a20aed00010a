"""`fut explain` tells the flags of a payment that is not on the list, and nothing of what is drawn by lot."""

import shutil
from collections.abc import Callable
from decimal import Decimal
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
        more = {name: pl.String for row in new for name in row if name not in frame.columns}
        grown = pl.DataFrame(new, schema=frame.schema | more)
        pl.concat([frame, grown], how="diagonal").write_parquet(folder / f"{name}.parquet")

    ranked = pl.read_parquet(folder / "ranked_payments.parquet")
    drawn = ranked.filter(pl.col("arm") == "random")["payment_id"][0]
    credit = {"payment_id": "U4", "amount_sek": Decimal(-100)}
    more(
        "payments",
        *({"payment_id": key} for key in ("U1", "U2", "U5")),
        {"payment_id": "U3", "netted_by": "U9"},
        credit,
    )
    flags = ({"flag_id": flag, "payment_id": key} for flag, key in (("UF1", "U1"), ("FC1", drawn), ("UF5", "U5")))
    one, blind, undecided = flags
    more("flags", one, blind, undecided | {"verdict": "needs_field", "missing_field": "visits"})
    more("flag_payments", one, blind, undecided)
    return published


@pytest.mark.parametrize("wanted", ["U1", "UF1"])
def test_a_payment_off_the_list_and_its_flag_are_explained(fut: Callable, unlisted: Path, wanted: str) -> None:
    said = fut("explain", wanted, "--settings", unlisted)
    assert (said.code, said.err) == (0, "")
    assert "står inte på listan" in said.out
    assert "UF1" in said.out
    assert "U1" in said.out


def test_what_would_settle_a_flag_has_its_swedish_name(fut: Callable, unlisted: Path) -> None:
    said = fut("explain", "UF5", "--settings", unlisted)
    assert "Kan inte avgöras utan uppgiften Besök (visits)." in said.out


def test_a_payment_without_flags_says_so(fut: Callable, unlisted: Path) -> None:
    said = fut("explain", "U2", "--settings", unlisted)
    assert said.code == 0
    assert "Inga urvalsträffar" in said.out


def test_a_flag_of_a_payment_drawn_by_lot_stays_blind(fut: Callable, unlisted: Path) -> None:
    said = fut("explain", "FC1", "--settings", unlisted)
    assert said.code == 0
    assert said.out.strip() == CONTROL_SENTENCE


def test_what_is_credited_is_told_as_netted_and_a_credit_alone_as_such(fut: Callable, unlisted: Path) -> None:
    said = [fut("explain", wanted, "--settings", unlisted).out for wanted in ("U2", "U3", "U4")]
    assert ["Kvittad mot U9" in out for out in said] == [False, True, False]
    assert ["Kreditering utan en betalning" in out for out in said] == [False, False, True]


def test_an_id_of_nothing_is_an_error_and_one_of_another_month_names_it(fut: Callable, unlisted: Path) -> None:
    said = fut("explain", "U0", "--settings", unlisted)
    assert said.code == 2
    assert "no payment, rank or flag 'U0'" in said.err
    assert "`fut list` shows" in said.err
    month = unlisted.parent / "var/published/bjorklunda" / MONTH
    earlier = month.with_name("2026-09")
    shutil.copytree(month, earlier)
    pl.read_parquet(month / "r-5f2c91/payments.parquet").with_columns(
        payment_id=pl.concat_str(pl.lit("old-"), "payment_id")
    ).write_parquet(earlier / "r-5f2c91/payments.parquet")
    said = fut("explain", "old-U1", "--settings", unlisted)
    assert (said.code, "it is booked in 2026-09, give --month" in said.err) == (2, True)
