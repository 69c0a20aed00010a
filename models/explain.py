"""Why the model finds a payment unusual: each feature's share of the score, beside own history and peers.

Path attribution walks a row's path in every tree: moving from a node to a child changes the expected number of cuts
still needed, and the feature of the cut is credited with the change (Saabas's decomposition, on path length). The
parts add up to how much shorter the row's mean path is than an average training row's.
"""

from collections.abc import Iterable, Iterator

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from fut.contract import contract
from fut.feature import Feature
from fut.frames import put
from fut.settings import Settings
from fut.upgrade import keep
from models import DEFAULT, recipe
from models.care_reasons import LISTED, explain_lines
from models.care_scoring import Judged, has_visits
from models.detector import Detector, Matrix
from models.isolation_forest import IsolationForest, IsolationTree
from models.scoring import FEATURES, TAILS, Payments, Scored, load_payments
from models.training import TRAILING_MONTHS, fits, learned, months_needed

TABLE = "peer_features"
REASONS = 5
LEAST_SHARE = 0.05
LEAST_PEERS = 20
_SPAN = 100_000  # more than any month_index, so that payee and month fit one sorted number


def attribute(detector: Detector, x: Matrix) -> Matrix:
    """Return each feature's part in the score of each row, shape (rows, features); higher is more abnormal."""
    if isinstance(detector, IsolationForest):
        return path_attribution(detector, x)
    return mask_to_median(detector, x)


def path_attribution(detector: IsolationForest, x: Matrix) -> Matrix:
    """Return by how much each feature shortens a row's mean path, in cuts; shape (rows, features)."""
    rows = detector.prepare(np.asarray(x, dtype=np.float64)).astype(np.float32)
    (at_node, first), parts = _node_parts(detector.trees_, rows.shape[1]), np.zeros(rows.shape)
    for grown, root in zip(detector.trees_, first, strict=True):
        parts += at_node[root + grown.tree.apply(rows)]
    return parts / len(detector.trees_)


def mask_to_median(detector: Detector, x: Matrix) -> Matrix:
    """Return by how much the score falls when a feature is set to the training median; any detector."""
    rows = np.array(x, dtype=np.float64)
    whole = detector.decision_function(rows)
    parts = np.zeros(rows.shape)
    for column, median in enumerate(detector.median_):
        masked = rows.copy()
        masked[:, column] = median
        parts[:, column] = whole - detector.decision_function(masked)
    return parts


def shares(parts: Matrix) -> Matrix:
    """Return each positive part as a share of the row's positive parts; rows without any give zeros."""
    positive = np.maximum(parts, 0)
    total = positive.sum(axis=1, keepdims=True)
    return np.divide(positive, total, out=np.zeros_like(positive), where=total > 0)


def explain_listed(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    months: Iterable[str],
    name: str = DEFAULT,
    scored: Scored | None = None,
) -> None:
    """Replace the months' rows of the table `peer_features` (contract out/peer_features) for the listed risk arm.

    For each payment at most five features with their share of the score, the payee's median over its payments from
    a year before the quarter up to the month, and the median and 95th percentile of the payments of the same kind
    that the detector learned from (all kinds when those are fewer than 20). The control arm gets no rows: that a
    payment is explained would tell its score. Home-care lines are explained as `models.care_reasons` says. `scored`
    is what scoring left; without it the rows are read and the detectors taught again, to the same reasons.
    """
    keep(connection, contract("out", "peer_features").ddl(TABLE))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE _listed AS SELECT DISTINCT r.payment_id, p.booked_month, p.entity_key, "
        "is_redacted OR is_one_time AS is_hidden FROM out_ranked_payments r JOIN core_payments p USING (payment_id) "
        "WHERE r.arm = 'risk' AND list_contains($months, r.month)",
        {"months": sorted(set(months))},
    )
    connection.execute(
        f"DELETE FROM {TABLE} WHERE payment_id IN (SELECT payment_id FROM _listed UNION ALL SELECT payment_id FROM "
        "core_payments WHERE list_contains($months, booked_month))",
        {"months": sorted(set(months))},
    )
    booked = sorted(row[0] for row in connection.execute("SELECT DISTINCT booked_month FROM _listed").fetchall())
    if booked:
        needed = months_needed(booked)
        kept = scored.payments if scored and scored.payments.months.issuperset(needed) else None
        payments = kept or load_payments(connection, needed, settings.seed)
        rows = list(_rows(connection, payments, booked, settings.seed, name))
        _insert(connection, rows)
    connection.execute("DROP TABLE _listed")
    if has_visits(connection):
        _explain_listed_lines(connection, settings, sorted(set(months)), name, scored.grains if scored else None)


def _explain_listed_lines(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    months: list[str],
    name: str,
    grains: list[Judged] | None,
) -> None:
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {LISTED} AS SELECT DISTINCT line_id, l.booked_month FROM out_ranked_payments r "
        "JOIN core_compensation_lines l ON l.line_id = r.payment_id WHERE r.arm = 'risk' AND list_contains($months, "
        "r.month)",
        {"months": months},
    )
    connection.execute(
        f"DELETE FROM {TABLE} WHERE payment_id IN (SELECT line_id FROM {LISTED} UNION ALL SELECT line_id FROM "
        "core_compensation_lines WHERE list_contains($months, booked_month))",
        {"months": months},
    )
    rows: list[tuple[object, ...]] = []
    for line, grain, values, parts, own, peers in explain_lines(connection, settings, attribute, name, grains):
        told = _reasons(line, values, shares(parts[None])[0], own, _quantiles(peers), grain.features)
        rows += [(key, f"{grain.name}_{feature}", *rest) for key, feature, *rest in told]
    if rows:
        _insert(connection, rows)
    connection.execute(f"DROP TABLE {LISTED}")


def _insert(connection: duckdb.DuckDBPyConnection, rows: list[tuple[object, ...]]) -> None:
    put(connection, "_reasons", pl.DataFrame(rows, schema=_SCHEMA, orient="row"))
    connection.execute(f"INSERT INTO {TABLE} BY NAME FROM _reasons ORDER BY payment_id, feature")
    connection.execute("DROP TABLE _reasons")


_SCHEMA = {
    "payment_id": pl.String, "feature": pl.String, "label_sv": pl.String, "unit": pl.String, "value": pl.Float64,
    "own_median": pl.Float64, "peer_median": pl.Float64, "peer_p95": pl.Float64, "share": pl.Float64,
}  # fmt: skip


def _rows(
    connection: duckdb.DuckDBPyConnection, payments: Payments, booked: list[str], seed: int, name: str
) -> Iterator[tuple[object, ...]]:
    keys = payments.keys["payment_id"]
    kinds = payments.keys["peer_group"].cast(pl.Categorical).to_physical().to_numpy()
    payee, is_listed = _payees(connection, payments)
    by_payee = np.lexsort((payments.booked, payee))
    place = (payee * _SPAN + payments.booked)[by_payee]
    for fit in fits(payments.booked, payments.draw, booked):
        sample, sample_kinds = payments.values[fit.rows], kinds[fit.rows]
        at = fit.scored[is_listed[fit.scored]]
        if not len(at):
            continue
        detector = learned(payments.fitted, fit, payments.values, recipe(name)(random_state=seed, tails=TAILS))
        everybody, groups = _quantiles(sample), {}
        for kind in sorted(set(kinds[at])):
            peers = sample[sample_kinds == kind]
            groups[kind] = _quantiles(peers) if len(peers) >= LEAST_PEERS else everybody
        for row, share in zip(at, shares(attribute(detector, payments.values[at])), strict=True):
            since, until = (payee[row] * _SPAN + month for month in (fit.start - TRAILING_MONTHS, payments.booked[row]))
            first, after = np.searchsorted(place, [since, until]) if payee[row] >= 0 else (0, 0)
            own = payments.values[by_payee[first:after]]
            yield from _reasons(keys[int(row)], payments.values[row], share, own, groups[kinds[row]])


def _reasons(
    key: str,
    values: Matrix,
    share: Matrix,
    own: Matrix,
    peers: tuple[Matrix, Matrix],
    features: tuple[Feature, ...] = FEATURES,
) -> Iterator[tuple[object, ...]]:
    for column in np.argsort(-np.round(share, 6), kind="stable")[:REASONS]:
        if share[column] >= LEAST_SHARE:
            feature, past = features[column], own[:, column]
            past = np.sort(past[~np.isnan(past)])  # the median by hand: numpy's takes ten times as long on so few
            yield (
                key, feature.name, feature.label_sv, feature.unit, _rounded(values[column]),
                _rounded((past[(len(past) - 1) // 2] + past[len(past) // 2]) / 2) if len(past) else None,
                _rounded(peers[0][column]), _rounded(peers[1][column]), _rounded(share[column]),
            )  # fmt: skip


def _payees(connection: duckdb.DuckDBPyConnection, payments: Payments) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return a number for the payee of each payment, -1 when hidden, shared or not listed, and which are listed."""
    put(connection, "_places", payments.keys.select("payment_id").with_row_index("place"))
    found = connection.execute(
        "WITH payees AS (SELECT entity_key, row_number() OVER (ORDER BY entity_key) AS payee FROM (SELECT DISTINCT "
        "entity_key FROM _listed WHERE NOT is_hidden)) SELECT place, coalesce(payee, -1) AS payee, l.payment_id IS NOT "
        "NULL AS is_listed FROM _places JOIN core_payments p USING (payment_id) LEFT JOIN payees USING (entity_key) "
        "LEFT JOIN _listed l USING (payment_id) WHERE payee IS NOT NULL OR l.payment_id IS NOT NULL"
    ).fetchnumpy()
    connection.execute("DROP TABLE _places")
    payee, is_listed = np.full(payments.keys.height, -1), np.zeros(payments.keys.height, dtype=bool)
    payee[found["place"]] = found["payee"]
    is_listed[found["place"]] = found["is_listed"]
    return payee, is_listed


def _quantiles(values: Matrix) -> tuple[Matrix, Matrix]:
    """Return the median and the 95th percentile of each column, NaN where nothing is known."""
    # as numpy.percentile, which takes a column at a time when nulls differ; sorting puts them last
    ordered = np.sort(values.T, axis=1)
    known = np.count_nonzero(~np.isnan(ordered), axis=1)
    at, found = np.arange(len(ordered)), []
    for share in (0.5, 0.95):
        place = np.maximum(known - 1, 0) * share
        low = place.astype(np.intp)
        begin, end = ordered[at, low], ordered[at, np.minimum(low + 1, np.maximum(known - 1, 0))]
        part = place - low
        found.append(np.where(part < 0.5, begin + (end - begin) * part, end - (end - begin) * (1 - part)))
    return found[0], found[1]


def _node_parts(trees: list[IsolationTree], columns: int) -> tuple[Matrix, NDArray[np.intp]]:
    """Return each node's parts summed from its root, all trees in one array, and where each tree begins."""
    sizes = [grown.tree.node_count for grown in trees]
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp)
    left, right = (
        np.concatenate([getattr(g.tree, side) + root for g, root in zip(trees, first, strict=True)])
        for side in ("children_left", "children_right")
    )
    is_inner = np.concatenate([grown.tree.children_left >= 0 for grown in trees])
    feature = np.concatenate([grown.tree.feature for grown in trees])
    count = np.concatenate([grown.tree.n_node_samples for grown in trees]).astype(np.float64)
    expected = np.concatenate([grown.path for grown in trees])
    levels, level = [], first
    while len(inner := level[is_inner[level]]):
        levels.append(inner)
        level = np.concatenate([left[inner], right[inner]])
    for inner in reversed(levels):
        below = count[left[inner]] * expected[left[inner]] + count[right[inner]] * expected[right[inner]]
        expected[inner] = below / count[inner]
    parts = np.zeros((len(expected), columns))
    for inner in levels:
        for child in (left[inner], right[inner]):
            parts[child] = parts[inner]
            parts[child, feature[inner]] += expected[inner] - expected[child]
    return parts, first


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)
