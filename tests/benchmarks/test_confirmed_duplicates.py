"""A pair's features must be what could be known when its month closed."""

import random
from datetime import date, timedelta

import numpy as np
import polars as pl

from benchmarks.confirmed_duplicates.ledger import build
from benchmarks.confirmed_duplicates.scorers import MONTH, STRICT

KEY = ["supplier", "pence", "paid_date", "first_date"]
CLOSE = date(2014, 9, 30)
OPEN = date(2014, 9, 1)


def ledger(seed: int = 7, rows: int = 6000) -> pl.DataFrame:
    """Return an invented ledger with many repeats, some credited back."""
    draw, made = random.Random(seed), []
    for line in range(rows):
        day = date(2013, 1, 1) + timedelta(draw.randrange(900))
        supplier, pence = draw.randrange(12), 60000 + 100 * draw.randrange(5000)
        if made and draw.random() < 0.5:  # a repeat of an earlier row, most often soon after it
            earlier = draw.choice(made[-200:])
            day, supplier, pence = earlier[2] + timedelta(draw.randrange(60)), earlier[6], abs(earlier[5])
        sign = -1 if draw.random() < 0.2 else 1
        number = draw.choice(["REDACTED UNDER DP ACT", f"INV{draw.randrange(300)}"])
        month = day.year * 100 + day.month
        made.append((month, line, day, f"FIN{10000 + line}", number, sign * pence, supplier, str(supplier % 4), "B"))
    names = ["file_month", "line", "paid_date", "voucher", "invoice", "pence", "supplier", "code", "creditor_type"]
    return pl.DataFrame(made, schema=names, orient="row")


def pairs(frame: pl.DataFrame) -> pl.DataFrame:
    return build(frame)[0].filter(pl.col("paid_date").is_between(OPEN, CLOSE)).sort(KEY)


def differing(left: pl.DataFrame, right: pl.DataFrame, columns: tuple[str, ...]) -> list[str]:
    def values(frame: pl.DataFrame, name: str) -> np.ndarray:
        return frame[name].cast(pl.Float64).to_numpy()

    return [c for c in columns if not np.allclose(values(left, c), values(right, c), equal_nan=True)]


def test_features_do_not_change_when_the_future_is_cut_off() -> None:
    whole = ledger()
    full, cut = pairs(whole), pairs(whole.filter(pl.col("paid_date") <= CLOSE))
    assert full.height >= 10
    assert full.select(KEY).equals(cut.select(KEY))
    assert differing(full, cut, MONTH) == []


def test_strict_features_see_no_credit_of_the_closing_month() -> None:
    whole = ledger().filter(pl.col("paid_date") <= CLOSE)
    without = whole.filter((pl.col("paid_date") < OPEN) | (pl.col("pence") >= 0))
    assert differing(pairs(whole), pairs(without), STRICT) == []
    assert differing(pairs(whole), pairs(without), MONTH) != []
