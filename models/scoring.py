"""Score payments by how unusual they are: one detector a quarter, no look-ahead, percentiles within the month.

Supplier payments are scored here, home-care lines in `models.care_scoring`; percentiles are within the risk area.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from features import payment, provider_month
from fut.feature import collect_features, feature_matrix
from fut.frames import put
from fut.period import month_index
from fut.settings import Settings
from fut.upgrade import keep
from models import DEFAULT, recipe
from models.care_scoring import Judged, has_visits, judge, score_lines
from models.detector import Detector, Matrix
from models.scores import COLUMNS, SCORES, TABLE
from models.training import Span, fits, learned, months_needed

FEATURES = tuple(collect_features(payment))
TAILS = [feature.bad_tail for feature in FEATURES]
DECIMALS = 6


@dataclass(frozen=True)
class Payments:
    """Live payments with their features: `values` has shape (rows, features), `booked` and `draw` shape (rows,).

    `months` are those that were asked for, `fitted` the detectors that learned from these rows.
    """

    keys: pl.DataFrame
    values: Matrix
    booked: NDArray[np.int64]
    draw: NDArray[np.uint64]
    months: frozenset[str] = frozenset()
    fitted: dict[Span, Detector] = field(default_factory=dict)


@dataclass(frozen=True)
class Scored:
    """What scoring leaves in the same run: to explaining rows and the detectors that scored them, to profiles `providers`."""

    payments: Payments
    grains: list[Judged]
    providers: pl.DataFrame | None = None


def score_months(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    months: Iterable[str],
    progress: Callable[[str], None] = lambda name: None,
    name: str = DEFAULT,
) -> Scored:
    """Replace the months' rows of the table `scores` (payment_id, booked_month, score, model_percentile).

    Returns what `models.explain.explain_listed` can use again while the core tables are the same.

    The percentile is the share of the month's live payments that score lower; payments that are not live have no
    row. A home-care line's payment_id is its line_id, and its percentile that of lines about as long. Raises ConfigError for an unknown recipe, UsageError for a month not written YYYY-MM.
    """
    detector = recipe(name)
    wanted = sorted(set(months))
    payments = load_payments(connection, months_needed(wanted), settings.seed)
    scores = np.full(len(payments.values), np.nan)
    for fit in fits(payments.booked, payments.draw, wanted):
        progress(f"{fit.months[0] // 12}-{fit.months[0] % 12 + 1:02d}")
        taught = learned(payments.fitted, fit, payments.values, detector(random_state=settings.seed, tails=TAILS))
        scores[fit.scored] = np.round(taught.decision_function(payments.values[fit.scored]), DECIMALS)
    scored = payments.keys.with_columns(score=scores).filter(pl.col("booked_month").is_in(wanted))
    lower = pl.col("score").rank("min").over("booked_month") - 1
    scored = scored.with_columns(model_percentile=lower / pl.len().over("booked_month")).select(COLUMNS)
    grains: list[Judged] = []
    providers: list[pl.DataFrame] = []
    if has_visits(connection):

        def beside() -> None:
            providers.append(provider_month.prepared(connection, wanted))

        grains = judge(connection, settings, wanted, progress, name, beside)
        lines = score_lines(connection, settings, wanted, progress, name, grains)
        scored = pl.concat([scored, lines.select(COLUMNS)], how="vertical_relaxed")
    _replace(connection, wanted, scored)
    return Scored(payments, grains, *providers)


def load_payments(connection: duckdb.DuckDBPyConnection, months: Iterable[str], seed: int) -> Payments:
    """Return the live payments of the months with their features and their place in the seeded lottery."""
    asked = list(months)
    frame = payment.history(connection, asked, seed)
    values = feature_matrix(frame, FEATURES).to_numpy()
    keys = frame.select(payment.KEYS)
    index = {month: month_index(month) for month in keys["booked_month"].unique()}
    booked = keys["booked_month"].replace_strict(index, return_dtype=pl.Int64)
    return Payments(keys, values, booked.to_numpy(), frame["draw"].to_numpy(), frozenset(asked))


def _replace(connection: duckdb.DuckDBPyConnection, months: list[str], scored: pl.DataFrame) -> None:
    keep(connection, TABLE)
    connection.execute(f"DELETE FROM {SCORES} WHERE list_contains($months, booked_month)", {"months": months})
    put(connection, "_scored", scored)
    connection.execute(
        f"INSERT INTO {SCORES} SELECT payment_id, booked_month, score, round(model_percentile, {DECIMALS}) FROM _scored"
    )
    connection.execute("DROP TABLE _scored")
