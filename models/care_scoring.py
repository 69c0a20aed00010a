"""Score home-care lines by how unusual the days, carers and deliveries behind them are.

One detector per grain and quarter learns from the months before (`models.training`), at three grains: visit-days,
carer-months and delivery-months. A row's percentile is the share of its grain's rows of the month that score lower,
ties at their middle; its rarity is -ln(1 - percentile), so that one row among a hundred weighs as much as two of ten.
A line's score is the rarity of its delivery, plus that of its visits' days and half that of its carers, each the mean
over the visits weighted by minutes, less half of what sets the provider's lines of the month apart: a line is compared
as much with its own provider's as with everybody's, so that a provider whose work is of another kind does not fill the
list. Provider-months are too few to learn from and do not enter.

The published percentile compares a line with those of the month that hold about as many minutes: large and small
lines run the same risk of being selected.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import ModuleType

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from features import carer_month, delivery_month, visit_day
from fut.feature import Feature, collect_features, feature_matrix
from fut.frames import put
from fut.period import month_index
from fut.settings import Settings
from models import DEFAULT, recipe
from models.detector import Detector, Matrix
from models.training import Span, fits, learned, months_needed

DECIMALS = 6
GROUPS = 10
LEAST_GROUP = 20
LEAST_TAIL = 1e-4
OWN_WEIGHT = 0.5
OWN_LINES = 20
WEIGHTS = {"delivery_month": 1.0, "visit_day": 1.0, "carer_month": 0.5}
_SCORED = "_care_{}"

# first_id: a line booked later than the first of its delivery adds nothing of its own
WANTED = """
CREATE OR REPLACE TEMP TABLE _wanted AS
SELECT line_id, booked_month, provider_id, client_ref, service, service_month,
  greatest(coalesce(minutes, 0), 0)::DOUBLE AS minutes, CASE WHEN booked_month = first_month THEN line_id END AS first_id
FROM (
  SELECT *, min(booked_month) OVER (PARTITION BY provider_id, client_ref, service, service_month) AS first_month
  FROM core_compensation_lines WHERE is_delivered
)
WHERE amount_sek > 0 AND list_contains($months, booked_month)
"""
# a visit's minutes are its weight
LINES = """
WITH visits AS (
  SELECT w.rowid AS line, v.provider_id, v.carer_ref, v.visit_date, w.booked_month AS month,
    greatest(v.registered_minutes, 1)::DOUBLE AS weight
  FROM _wanted AS w JOIN core_visit_pay AS p ON p.line_id = w.first_id JOIN core_visits AS v USING (visit_id)
  WHERE v.start_utc IS NOT NULL
),
days AS (
  SELECT provider_id, carer_ref, visit_date, month, d.rarity AS day, c.rarity AS carer
  FROM _care_visit_day AS d JOIN _care_carer_month AS c USING (provider_id, carer_ref, service_month, month)
),
by_visit AS (
  SELECT line, sum(weight * day) / sum(weight) AS visit_day, sum(weight * carer) / sum(weight) AS carer_month
  FROM visits JOIN days USING (provider_id, carer_ref, visit_date, month) GROUP BY line
)
SELECT line_id AS payment_id, booked_month, w.provider_id, w.minutes, d.rarity AS delivery_month, visit_day, carer_month
FROM _wanted AS w
LEFT JOIN _care_delivery_month AS d ON d.provider_id = w.provider_id AND d.client_ref = w.client_ref
  AND d.service = w.service AND d.service_month = w.service_month AND d.month = w.booked_month
LEFT JOIN by_visit ON line = w.rowid
ORDER BY payment_id
"""


@dataclass(frozen=True)
class Grain:
    """One grain: its module of features, which states KEYS, and the features themselves."""

    name: str
    module: ModuleType
    features: tuple[Feature, ...]

    @property
    def tails(self) -> list[str]:
        """Return the bad tail of each feature."""
        return [feature.bad_tail for feature in self.features]


@dataclass(frozen=True)
class Rows:
    """A grain's rows: `values` has shape (rows, features), `booked` (a month_index) and `draw` shape (rows,)."""

    grain: Grain
    keys: pl.DataFrame
    values: Matrix
    booked: NDArray[np.int64]
    draw: NDArray[np.uint64]
    fitted: dict[Span, Detector] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """A grain's rows and, row for row, their keys with `rarity` (see `rarities`); `months` are those that have one."""

    rows: Rows
    rarity: pl.DataFrame
    months: frozenset[str]


GRAINS = tuple(
    Grain(module.__name__.rpartition(".")[2], module, tuple(collect_features(module)))
    for module in (visit_day, carer_month, delivery_month)
)


def has_visits(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether there are visits and lines to score; without them nothing here is done."""
    visits, lines = (
        connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()
        for table in ("core_visits", "core_compensation_lines")
    )
    return visits is not None and lines is not None


def score_lines(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    months: Iterable[str],
    progress: Callable[[str], None] = lambda name: None,
    name: str = DEFAULT,
    grains: list[Judged] | None = None,
) -> pl.DataFrame:
    """Return payment_id, booked_month, score, model_percentile of the delivered lines booked in the months.

    Needs visits (see `has_visits`). `grains` are what `judge` gave for the months. Raises ConfigError
    for an unknown recipe, UsageError for a month not written YYYY-MM.
    """
    wanted = sorted(set(months))
    for judged in grains or judge(connection, settings, wanted, progress, name):
        known = judged.rarity.filter(pl.col("rarity").is_not_null())
        put(connection, _SCORED.format(judged.rows.grain.name), known)
    listed = ", ".join(f"'{month}'" for month in wanted)
    connection.execute(WANTED.replace("$months", f"[{listed}]::VARCHAR[]"))
    lines = connection.sql(LINES).pl()
    connection.execute("DROP TABLE _wanted")
    for grain in GRAINS:
        connection.execute(f"DROP TABLE {_SCORED.format(grain.name)}")
    return place(combine(lines))


def judge(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    months: Iterable[str],
    progress: Callable[[str], None] = lambda name: None,
    name: str = DEFAULT,
    beside: Callable[[], object] = lambda: None,
) -> list[Judged]:
    """Return each grain's rows with their rarity in the months, in the order of GRAINS.

    `beside` is called while the table of `visit_day.prepare` stands, for what else is summed from it.
    """
    wanted = sorted(set(months))
    found = []
    for rows in load_rows(connection, months_needed(wanted), settings.seed, beside):
        progress(rows.grain.name)
        found.append(Judged(rows, rarities(rows, wanted, settings.seed, name), frozenset(wanted)))
    return found


def load_rows(
    connection: duckdb.DuckDBPyConnection, months: Iterable[str], seed: int, beside: Callable[[], object]
) -> Iterable[Rows]:
    """Yield each grain's rows of the months, in the order of GRAINS; see `judge` for `beside`."""
    listed = sorted(months)
    visit_day.prepare(connection, listed)
    beside()
    for grain in GRAINS:
        frame = (
            delivery_month.history(connection, listed)
            if grain.module is delivery_month
            else grain.module.prepared(connection)
        )
        yield _rows(connection, grain, frame, seed)
    connection.execute(f"DROP TABLE {visit_day.TABLE}")


def rarities(rows: Rows, months: list[str], seed: int, name: str = DEFAULT) -> pl.DataFrame:
    """Return the keys with `rarity`, -ln(1 - percentile within the month); null outside the months."""
    scores = np.full(len(rows.values), np.nan)
    for fit in fits(rows.booked, rows.draw, months):
        taught = learned(rows.fitted, fit, rows.values, recipe(name)(random_state=seed, tails=rows.grain.tails))
        scores[fit.scored] = np.round(taught.decision_function(rows.values[fit.scored]), DECIMALS)
    scored = rows.keys.with_columns(score=pl.Series(scores).fill_nan(None))
    below = (pl.col("score").rank("average").over("month") - 0.5) / pl.col("score").count().over("month")
    return scored.with_columns(rarity=-(1 - below).clip(lower_bound=LEAST_TAIL).log()).drop("score")


def combine(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the lines with `score`: the weighted sum of the rarities, one that is unknown left out; null without any.

    Half of the difference between the provider's median line and the month's is taken off; with few lines a provider's
    median is drawn to the month's, as if 20 more lay there.
    """
    known = pl.any_horizontal(pl.col(grain).is_not_null() for grain in WEIGHTS)
    rarity = pl.when(known).then(
        pl.sum_horizontal(weight * pl.col(grain).fill_null(0) for grain, weight in WEIGHTS.items())
    )
    month, own = pl.col("rarity").median().over("booked_month"), ("booked_month", "provider_id")
    trust = pl.col("rarity").count().over(own) / (pl.col("rarity").count().over(own) + OWN_LINES)
    apart = (pl.col("rarity").median().over(own) - month) * trust
    score = (pl.col("rarity") - OWN_WEIGHT * apart).round(DECIMALS)
    return lines.with_columns(rarity=rarity).with_columns(score=score)


def place(lines: pl.DataFrame) -> pl.DataFrame:
    """Return payment_id, booked_month, score, model_percentile: the share of lines about as long that score lower.

    The month's lines are cut by minutes into ten groups, fewer where a group would hold less than 20 lines. Lines
    without a score get 0 for both.
    """
    count = pl.len().over("booked_month")
    groups = (count // LEAST_GROUP).clip(1, GROUPS)
    order = pl.struct("minutes", "payment_id").rank("ordinal").over("booked_month").cast(pl.Int64) - 1
    grouped = lines.with_columns(size_group=order * groups // count)
    within = ("booked_month", "size_group")
    lower = pl.col("score").rank("min").over(within) - 1 + pl.col("score").null_count().over(within)
    percentile = (lower / pl.len().over(within)).fill_null(0.0)
    return grouped.select("payment_id", "booked_month", pl.col("score").fill_null(0.0), model_percentile=percentile)


def _rows(connection: duckdb.DuckDBPyConnection, grain: Grain, frame: pl.DataFrame, seed: int) -> Rows:
    keys = frame.select(*grain.module.KEYS, "peer_group")
    put(connection, "_keys", keys.with_row_index("place"))
    listed = ", ".join(f'"{key}"' for key in grain.module.KEYS)
    draw = connection.sql(
        f"SELECT hash(concat_ws('|', {listed}, '{int(seed)}')) AS draw FROM _keys ORDER BY place"
    ).pl()
    connection.execute("DROP TABLE _keys")
    index = {month: month_index(month) for month in keys["month"].unique()}
    booked = keys["month"].replace_strict(index, return_dtype=pl.Int64)
    return Rows(
        grain, keys, feature_matrix(frame, grain.features).to_numpy(), booked.to_numpy(), draw["draw"].to_numpy()
    )
