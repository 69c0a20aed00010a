"""A listed payee's profile: its features beside those of its peers, for officers to read. No score and no list reads it.

Peers are the other payees that a feature compares with (`features.peers`): of the month and the main kind of purchase, or
of the month. Only payees with enough exposure are compared; what cannot be says why and has no value, never zero. A
month's profile is as known when the month closed.
"""

from collections.abc import Iterable
from itertools import pairwise

import duckdb
import numpy as np
import polars as pl

from core.paid_by_lines import PROVIDER_PAYEES
from features import provider_month, supplier_year, visit_day
from fut.contract import contract
from fut.feature import DECIMALS, Feature, collect_features, feature_matrix
from fut.frames import put
from fut.sql import literal
from models.beside_peers import POSITION, comparisons, peer_rate, position
from models.care_scoring import has_visits
from models.detector import Matrix
from models.training import months_needed

LEAST_PEERS = 5
LEAST_EXPOSURE = 5
FEATURES = {module.__name__.rpartition(".")[2]: collect_features(module) for module in (provider_month, supplier_year)}
CARE, LEDGER = FEATURES
_KEYS = ("payee_ref", "month", "grain", "provider_id", "feature")
_FIGURES = ("value", *POSITION, "peer_rate", "hits", "exposure")
_COMPARED = ("value", "peer_low", "peer_median", "peer_high", "beyond_share", "peer_rate")


def profile_listed(
    connection: duckdb.DuckDBPyConnection, months: Iterable[str], providers: pl.DataFrame | None = None
) -> None:
    """Replace the months' rows of out_payee_profile: a row per payee of the month's list and feature.

    `providers` is what `provider_months` gave for the months in the same run; else the visits are read again.
    """
    wanted = sorted(set(months))
    stated = contract("out", "payee_profile")
    connection.execute(stated.ddl())
    connection.execute(f"DELETE FROM {stated.physical} WHERE list_contains({literal(wanted)}, month)")
    listed = connection.sql(
        f"SELECT DISTINCT month, payee_ref FROM out_ranked_payments WHERE list_contains({literal(wanted)}, month)"
    ).pl()
    paid = sorted(listed["month"].unique())
    if not paid:
        return
    found = [_profiles(supplier_year.history(connection, paid), listed.with_columns(entity_key="payee_ref"), LEDGER)]
    if has_visits(connection):
        known = provider_months(connection, paid) if providers is None else providers
        found.append(_profiles(known, listed.join(_payees(connection, known), on="payee_ref"), CARE))
    put(connection, "_profiles", pl.concat(found, how="vertical"))
    connection.execute(f"INSERT INTO {stated.physical} BY NAME FROM _profiles ORDER BY {', '.join(_KEYS)}")
    connection.execute("DROP TABLE _profiles")


def provider_months(connection: duckdb.DuckDBPyConnection, months: Iterable[str]) -> pl.DataFrame:
    """Return the rows of `provider_month.prepared` for the months, read from the visits."""
    wanted = sorted(set(months))
    visit_day.prepare(connection, months_needed(wanted))
    found = provider_month.prepared(connection, wanted)
    connection.execute(f"DROP TABLE {visit_day.TABLE}")
    return found


def _payees(connection: duckdb.DuckDBPyConnection, known: pl.DataFrame) -> pl.DataFrame:
    """Return provider_id and payee_ref, as `core.rankable` names the payee of a line."""
    payees = connection.sql(f"SELECT provider_id, entity_key FROM {PROVIDER_PAYEES}").pl()
    named = pl.coalesce("entity_key", pl.concat_str(pl.lit("provider "), "provider_id"))
    own = known.select("provider_id").unique().join(payees, on="provider_id", how="left")
    return own.select("provider_id", payee_ref=named)


def _profiles(frame: pl.DataFrame, listed: pl.DataFrame, grain: str) -> pl.DataFrame:
    """Return the grain's rows of out_payee_profile; `listed` has the frame's keys and the payee."""
    features = FEATURES[grain]
    keys = [name for name in listed.columns if name in frame.columns]
    marked = frame.join(listed.with_row_index("listed_row"), on=keys, how="left", maintain_order="left")
    # the listed by number: text need not be carried through the sorting
    marked = marked.with_columns(is_wanted=pl.col("listed_row").is_not_null()).drop("payee_ref", *set(keys) - {"month"})
    rows = comparisons(marked, "is_wanted")
    values = feature_matrix(rows.with_columns(month="peers", peer_group=pl.lit(0)), features).to_numpy()
    counted, hits, exposure = _counted(rows, features)
    wanted, peers = rows["is_wanted"].to_numpy(), rows["peers"].to_numpy()
    tails = [feature.bad_tail for feature in features]
    cells = {name: np.full((np.count_nonzero(wanted), len(features)), np.nan) for name in _FIGURES}
    begins, at = np.flatnonzero(np.append(True, peers[1:] != peers[:-1])[: len(peers)]), 0
    for begin, end in pairwise([*begins, len(peers)]):
        own, block = np.flatnonzero(wanted[begin:end]), counted[begin:end]
        hit, exposed = block[:, hits], block[:, exposure]
        compared = np.where(exposed >= LEAST_EXPOSURE, values[begin:end], np.nan)
        figures = position(compared, own, tails) | {"peer_rate": peer_rate(compared, hit, exposed, own)}
        figures |= {"value": compared[own], "hits": hit[own], "exposure": exposed[own]}
        for name, matrix in figures.items():
            cells[name][at : at + len(own)] = matrix
        at += len(own)
    count = len(cells["value"])
    stated = pl.DataFrame(
        [(grain, f.name, f.label_sv, f.unit, f.bad_tail, f.exposed or None) for f in features],
        schema=["grain", "feature", "label_sv", "unit", "bad_tail", "exposure_unit"], orient="row",
    )  # fmt: skip
    provider = pl.col("provider_id") if "provider_id" in keys else pl.lit(None, pl.String).alias("provider_id")
    own = listed.select("payee_ref", "month", provider)[rows.filter("is_wanted")["listed_row"]]
    long = own[np.repeat(np.arange(count), len(features))].hstack(stated[np.tile(np.arange(len(features)), count)])
    long = long.with_columns(pl.Series(name, matrix.ravel()) for name, matrix in cells.items())
    return _told(long.with_columns(pl.col(list(cells)).fill_nan(None).round(DECIMALS)))


def _told(long: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with the reason why one is not compared, which leaves it no figure but what was counted."""
    exposure = pl.col("exposure").fill_null(0)
    reason = (
        pl.when(exposure == 0).then(pl.lit("no_exposure"))
        .when(exposure < LEAST_EXPOSURE).then(pl.lit("too_small"))
        .when(pl.col("value").is_null()).then(pl.lit("too_little_known"))
        .when(pl.col("peers") < LEAST_PEERS).then(pl.lit("too_few_peers"))
    )  # fmt: skip
    told = long.with_columns(reason=reason)
    return told.with_columns(
        pl.when(pl.col("reason").is_null()).then(pl.col(_COMPARED)), pl.col("peers").cast(pl.Int32)
    )


def _counted(rows: pl.DataFrame, features: list[Feature]) -> tuple[Matrix, list[int], list[int]]:
    """Return the columns that features count, NaN in the last, and which of them each one's hits and exposure are."""
    known = sorted({name for feature in features for name in (feature.hits, feature.exposed)} - {""})
    wide = rows.select(*(pl.col(name).cast(pl.Float64) for name in known), pl.lit(np.nan).alias("nothing")).to_numpy()
    places = {name: number for number, name in enumerate(known)} | {"": len(known)}
    return wide, [places[feature.hits] for feature in features], [places[feature.exposed] for feature in features]
