"""What lies next to a visit in time: the carer's visit before it, and every visit that shares time with it.

Exact and linear: the visits of a subject (a carer, a client) stand in order of their starts, so those that start while
one goes on stand right after it. To compare each with the one before alone would miss visits inside a long one.
"""

import math
from collections.abc import Iterator

import duckdb
import polars as pl

from fut.frames import lent

SUBJECTS = ("carer", "client")
# so many visits are held at once, all of some carers or clients
VISITS_AT_ONCE = 2_000_000
DAY_SECONDS = 24 * 60 * 60
_ALIKE = ("client", "provider", "building", "household")

_NUMBERS = """
CREATE OR REPLACE TEMP TABLE _{0}s AS SELECT {0}_ref, row_number() OVER ()::INTEGER AS {0}
FROM (SELECT DISTINCT {0}_ref FROM core_visits WHERE {0}_ref IS NOT NULL)
"""
# texts that are only compared go as numbers: they are quicker to carry
_VISITS = """
SELECT visit_id, carer, client, visit_date, epoch_us(start_utc) // 1000000 AS starts,
  epoch_us(end_utc) // 1000000 AS ends, x_m, y_m, pair_visit_id, hash(provider_id) AS provider,
  CASE WHEN building_ref IS NOT NULL THEN hash(building_ref) END AS building,
  CASE WHEN household_ref IS NOT NULL THEN hash(household_ref) END AS household
FROM core_visits LEFT JOIN _carers USING (carer_ref) LEFT JOIN _clients USING (client_ref)
WHERE start_utc IS NOT NULL AND {0}
"""
_MONTH = "strftime(visit_date, '%Y-%m') AS service_month"
_MINUTES = "(seconds / 60)::DECIMAL(18,4)"
_BEFORE = f"""
INSERT INTO core_visit_neighbours BY NAME
SELECT * EXCLUDE (carer, seconds), {_MONTH}, {_MINUTES} AS gap_minutes FROM {{0}} JOIN _carers USING (carer)
"""
_OVERLAPS = f"""
INSERT INTO core_visit_overlaps BY NAME
SELECT * EXCLUDE (visit_date, seconds), {_MONTH}, {_MINUTES} AS overlap_minutes FROM {{0}}
"""


def find_neighbours(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill `core_visit_neighbours` and `core_visit_overlaps`, both empty, from `core_visits`."""
    for subject in SUBJECTS:
        connection.execute(_NUMBERS.format(subject))
    for subject, visits in _parts(connection):
        line = in_order(visits, subject)
        if subject == "carer":
            with lent(before(visits, line)) as rows:
                connection.execute(_BEFORE.format(rows))
        with lent(overlaps(visits, line, subject)) as rows:
            connection.execute(_OVERLAPS.format(rows))
    for subject in SUBJECTS:
        connection.execute(f"DROP TABLE _{subject}s")


def _parts(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield each subject with visits, all of a carer or client together."""
    counted = connection.execute("SELECT count(*) FROM core_visits").fetchone()
    parts = math.ceil(counted[0] / VISITS_AT_ONCE) if counted else 0
    if parts == 1:
        visits = connection.sql(_VISITS.format("true")).pl()
        yield from ((subject, visits) for subject in SUBJECTS)
        return
    for subject in SUBJECTS:
        for part in range(parts):
            yield subject, connection.sql(_VISITS.format(f"{subject} % {parts} = {part}")).pl()


def in_order(visits: pl.DataFrame, subject: str) -> pl.DataFrame:
    """Return the row numbers of the visits that have the subject, in order of it, their start and id.

    Beside `row` stand `start` and `end`, seconds on one line where the times of one subject follow those of another.
    """
    lowest, highest = (
        bound if isinstance(bound, int) else 0 for bound in (visits["starts"].min(), visits["ends"].max())
    )
    place = visits[subject].cast(pl.Int64) * (highest - lowest + 1) - lowest
    line = visits.select(row=pl.int_range(pl.len()), start=place + visits["starts"]).drop_nulls().sort("start")
    # few visits start together: texts are only put in order among these
    start = line["start"]
    tied = ((start == start.shift()) | (start == start.shift(-1))).fill_null(value=False).arg_true()
    together = line[tied].with_columns(visit_id=visits["visit_id"].gather(line["row"].gather(tied)))
    line = line.with_columns(line["row"].scatter(tied, together.sort("start", "visit_id")["row"]))
    return line.with_columns(end=(place + visits["ends"]).gather(line["row"]))


def before(visits: pl.DataFrame, line: pl.DataFrame) -> pl.DataFrame:
    """Return each visit whose carer's visit before it ended less than a day before its start, with that visit."""
    later = visits.select("visit_id", "carer", "visit_date", "starts", "ends", "x_m", "y_m", *_ALIKE)[line["row"]]
    x_m, y_m = (later[axis] - later[axis].shift() for axis in ("x_m", "y_m"))
    same = {f"is_same_{name}": (later[name] == later[name].shift()).fill_null(value=False) for name in _ALIKE}
    return later.select(
        "visit_id",
        "carer",
        "visit_date",
        previous_id=later["visit_id"].shift(),
        seconds=later["starts"] - later["ends"].shift(),
        distance_m=(x_m * x_m + y_m * y_m).sqrt(),
        is_overlapping=line["end"].cum_max().shift() > line["start"],
        **same,
    ).filter((later["carer"] == later["carer"].shift()) & (pl.col("seconds") < DAY_SECONDS))


def overlaps(visits: pl.DataFrame, line: pl.DataFrame, subject: str) -> pl.DataFrame:
    """Return every pair of visits of one subject that share time, the later start first."""
    found = pairs(line)
    a, b = (visits[line["row"].gather(found[place])] for place in ("late", "early"))
    same = {f"is_same_{name}": a[name] == b[name] for name in (*_ALIKE, "carer")}
    same["is_pair"] = (a["pair_visit_id"] == b["visit_id"]).fill_null(value=False) | (
        b["pair_visit_id"] == a["visit_id"]
    )
    return a.select(
        "visit_id",
        "visit_date",
        subject=pl.lit(subject),
        other_id=b["visit_id"],
        seconds=pl.min_horizontal(a["ends"], b["ends"]) - a["starts"],
        **{name: is_same.fill_null(value=False) for name, is_same in same.items()},
    ).filter(pl.col("seconds") > 0)


def pairs(line: pl.DataFrame) -> pl.DataFrame:
    """Return `late` and `early`, places in line: each visit that starts while an earlier one goes on, and that one.

    The visits that start while one goes on stand right after it.
    """
    start, end = line["start"], line["end"]
    early = (start.shift(-1) < end).arg_true().cast(pl.Int64)
    beyond = start.search_sorted(end.gather(early), side="left").cast(pl.Int64)
    return pl.select(early=early, late=pl.int_ranges(early + 1, beyond)).explode("late")
