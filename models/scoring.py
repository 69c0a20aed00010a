"""Score payments by how unusual they are: one detector a quarter, no look-ahead, percentiles within the month.

Supplier payments are scored here, home-care lines in `models.care_scoring`; percentiles are within the risk area.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from features import payment
from fut.feature import collect_features, feature_matrix
from fut.frames import put
from fut.period import month_index
from fut.settings import Settings
from models import DEFAULT, recipe
from models.care_scoring import has_visits, score_lines
from models.detector import Matrix
from models.training import fits, months_needed

FEATURES = tuple(collect_features(payment))
TAILS = [feature.bad_tail for feature in FEATURES]
DECIMALS = 6
SCORES = "scores"
COLUMNS = ("payment_id", "booked_month", "score", "model_percentile")


@dataclass(frozen=True)
class Payments:
    """Live payments with their features: `values` has shape (rows, features), `booked` and `draw` shape (rows,)."""

    keys: pl.DataFrame
    values: Matrix
    booked: NDArray[np.int64]
    draw: NDArray[np.uint64]


def score_months(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    months: Iterable[str],
    progress: Callable[[str], None] = lambda name: None,
    name: str = DEFAULT,
) -> None:
    """Replace the months' rows of the table `scores` (payment_id, booked_month, score, model_percentile).

    The percentile is the share of the month's live payments that score lower; payments that are not live have no
    row. A home-care line's payment_id is its line_id, and its percentile that of lines about as long. Raises ConfigError for an unknown recipe, UsageError for a month not written YYYY-MM.
    """
    detector = recipe(name)
    wanted = sorted(set(months))
    payments = load_payments(connection, months_needed(wanted), settings.seed)
    scores = np.full(len(payments.values), np.nan)
    for fit in fits(payments.booked, payments.draw, wanted):
        progress(f"{fit.months[0] // 12}-{fit.months[0] % 12 + 1:02d}")
        fitted = detector(random_state=settings.seed, tails=TAILS).fit(payments.values[fit.rows])
        rows = np.flatnonzero(np.isin(payments.booked, fit.months))
        scores[rows] = np.round(fitted.decision_function(payments.values[rows]), DECIMALS)
    scored = payments.keys.with_columns(score=scores).filter(pl.col("booked_month").is_in(wanted))
    lower = pl.col("score").rank("min").over("booked_month") - 1
    scored = scored.with_columns(model_percentile=lower / pl.len().over("booked_month")).select(COLUMNS)
    if has_visits(connection):
        lines = score_lines(connection, settings, wanted, progress, name)
        scored = pl.concat([scored, lines.select(COLUMNS)], how="vertical_relaxed")
    _replace(connection, wanted, scored)


def load_payments(connection: duckdb.DuckDBPyConnection, months: Iterable[str], seed: int) -> Payments:
    """Return the live payments of the months with their features and their place in the seeded lottery."""
    frame = payment.history(connection, months)
    values = feature_matrix(frame, FEATURES).to_numpy()
    keys = frame.select(payment.KEYS)
    put(connection, "_keys", keys.select("payment_id"))
    draw = connection.sql(f"SELECT hash(payment_id || '|{int(seed)}') AS draw FROM _keys").pl()
    index = {month: month_index(month) for month in keys["booked_month"].unique()}
    booked = keys["booked_month"].replace_strict(index, return_dtype=pl.Int64)
    return Payments(keys, values, booked.to_numpy(), draw["draw"].to_numpy())


def _replace(connection: duckdb.DuckDBPyConnection, months: list[str], scored: pl.DataFrame) -> None:
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS {SCORES} (payment_id VARCHAR, booked_month VARCHAR, score DOUBLE, "
        "model_percentile DOUBLE)"
    )
    connection.execute(f"DELETE FROM {SCORES} WHERE list_contains($months, booked_month)", {"months": months})
    put(connection, "_scored", scored)
    connection.execute(
        f"INSERT INTO {SCORES} SELECT payment_id, booked_month, score, round(model_percentile, {DECIMALS}) FROM _scored"
    )
    connection.execute("DROP TABLE _scored")
