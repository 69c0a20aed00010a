"""Why a home-care line scores high: the features of the grain that weighed most, of the row that weighed most in it.

Of a line's delivery, days and carers the grain with the largest weighted part is explained, by path attribution (see
`models.explain`): the delivery itself, or the day, or the carer's month, that adds most. Own history is that of the
delivery's provider, client and service, or of the carer; peers are the rows of the kind that the detector learned from.
A feature is named with its grain before it.
"""

from collections.abc import Callable, Iterator

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from fut.frames import put
from fut.settings import Settings
from models import DEFAULT, recipe
from models.care_scoring import WEIGHTS, Grain, Judged, Rows, judge
from models.detector import Detector, Matrix
from models.training import TRAILING_MONTHS, fits, learned

LISTED = "_listed_lines"
LEAST_PEERS = 20
Attribute = Callable[[Detector, Matrix], Matrix]
Reason = tuple[str, Grain, Matrix, Matrix, Matrix, Matrix]
_OWN = {
    "delivery_month": ("provider_id", "client_ref", "service"),
    "carer_month": ("provider_id", "carer_ref"),
    "visit_day": ("provider_id", "carer_ref"),
}
# per listed line and grain: the weighted part of its score, and the row of the grain that adds most to it
_PARTS = f"""
WITH line_months AS (
  SELECT provider_id, client_ref, service, service_month, min(booked_month) AS month
  FROM core_compensation_lines WHERE is_delivered GROUP BY ALL
),
visits AS (
  SELECT p.line_id, v.provider_id, v.carer_ref, v.visit_date, v.service_month, w.booked_month AS month,
    greatest(v.registered_minutes, 1)::DOUBLE AS weight
  FROM {LISTED} AS w JOIN core_visit_pay AS p USING (line_id) JOIN core_visits AS v USING (visit_id)
  LEFT JOIN line_months AS l ON l.provider_id = v.provider_id AND l.client_ref = v.client_ref
    AND l.service = v.service AND l.service_month = v.service_month
  WHERE v.start_utc IS NOT NULL AND coalesce(l.month, v.service_month) = w.booked_month
),
days AS (
  SELECT line_id, place, any_value(rarity) AS rarity, sum(weight) AS weight
  FROM visits JOIN _care_visit_day USING (provider_id, carer_ref, visit_date, service_month, month) GROUP BY ALL
),
carers AS (
  SELECT line_id, place, any_value(rarity) AS rarity, sum(weight) AS weight
  FROM visits JOIN _care_carer_month USING (provider_id, carer_ref, service_month, month) GROUP BY ALL
),
parts AS (
  SELECT line_id, 'delivery_month' AS grain, {WEIGHTS["delivery_month"]} * rarity AS part, place
  FROM {LISTED} JOIN core_compensation_lines AS l USING (line_id)
  JOIN _care_delivery_month AS d ON d.provider_id = l.provider_id AND d.client_ref = l.client_ref
    AND d.service = l.service AND d.service_month = l.service_month AND d.month = l.booked_month
  UNION ALL
  SELECT line_id, 'visit_day', {WEIGHTS["visit_day"]} * sum(weight * rarity) / sum(weight),
    arg_max(place, (weight * rarity, -place)) FROM days GROUP BY line_id
  UNION ALL
  SELECT line_id, 'carer_month', {WEIGHTS["carer_month"]} * sum(weight * rarity) / sum(weight),
    arg_max(place, (weight * rarity, -place)) FROM carers GROUP BY line_id
)
SELECT line_id, arg_max(grain, (part, grain)) AS grain, arg_max(place, (part, grain)) AS place
FROM parts GROUP BY line_id ORDER BY line_id
"""


def explain_lines(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    attribute: Attribute,
    name: str = DEFAULT,
    grains: list[Judged] | None = None,
) -> Iterator[Reason]:
    """Yield, for each line of the table `_listed_lines` (line_id, booked_month), what its reasons are made from.

    Line, grain, the row's values, the parts its features have in its score, its own earlier rows, and the rows of its
    kind that the detector learned from. `grains`, where they hold the months, are what scoring left.
    """
    found = connection.execute(f"SELECT DISTINCT booked_month FROM {LISTED} ORDER BY 1").fetchall()
    booked = [month for (month,) in found]
    if not booked:
        return
    if not grains or not grains[0].months.issuperset(booked):
        grains = judge(connection, settings, booked, name=name)
    for judged in grains:
        scored = judged.rarity.with_row_index("place").filter(pl.col("rarity").is_not_null())
        put(connection, f"_care_{judged.rows.grain.name}", scored)
    parts = connection.sql(_PARTS).pl()
    for rows in (judged.rows for judged in grains):
        connection.execute(f"DROP TABLE _care_{rows.grain.name}")
        chosen = parts.filter(grain=rows.grain.name)
        yield from _explain(rows, chosen["line_id"].to_list(), chosen["place"].to_numpy(), booked, settings.seed,
                            name, attribute)  # fmt: skip


def _explain(
    rows: Rows, lines: list[str], places: NDArray[np.uint32], booked: list[str], seed: int, name: str,
    attribute: Attribute,
) -> Iterator[Reason]:  # fmt: skip
    kinds = rows.keys["peer_group"].to_numpy()
    own = rows.keys.select(pl.struct(_OWN[rows.grain.name]).rank("dense"))[_OWN[rows.grain.name][0]].to_numpy()
    for fit in fits(rows.booked, rows.draw, booked):
        at = np.flatnonzero(np.isin(rows.booked[places], fit.months))
        if not len(at):
            continue
        sample = rows.values[fit.rows]
        detector = learned(rows.fitted, fit, rows.values, recipe(name)(random_state=seed, tails=rows.grain.tails))
        for index, parts in zip(at, attribute(detector, rows.values[places[at]]), strict=True):
            place = places[index]
            before = (rows.booked >= fit.start - TRAILING_MONTHS) & (rows.booked < rows.booked[place])
            past = rows.values[before & (own == own[place])]
            peers = sample[kinds[fit.rows] == kinds[place]]
            yield (lines[index], rows.grain, rows.values[place], parts, past,
                   peers if len(peers) >= LEAST_PEERS else sample)  # fmt: skip
