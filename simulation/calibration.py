"""How a simulated municipality compares with published figures and with public routing instances.

`report` reads a simulated inbox and returns rows for a table and series for pictures; it draws nothing. Figures
marked [domain 1.4] are those of the project's domain reference (Socialstyrelsen, SKR, Kolada, price lists), [spec]
those measured on the prototype in hard mode.
"""

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl

from simulation.calibration_measures import care_figures, ledger_figures, provider_months
from simulation.recompute import read


@dataclass(frozen=True)
class Row:
    """One compared figure; `low` and `high` bound what the source says, None where there is no figure to meet."""

    figure: str
    unit: str
    simulated: float
    low: float | None
    high: float | None
    source: str

    @property
    def is_within(self) -> bool | None:
        """Whether the simulated figure lies in the source's range."""
        if self.low is None or self.high is None:
            return None
        return self.low <= self.simulated <= self.high


@dataclass(frozen=True)
class Picture:
    """Data of one picture: `kind` bars or lines, labels of the horizontal axis, series by name."""

    name: str
    kind: str
    unit: str
    labels: tuple[str, ...]
    series: dict[str, tuple[float, ...]]


_CARE = (
    # figure, unit, low, high, source
    ("performed_visits_per_100k", "visits/month", 127_000, 143_000, "domain 1.4"),
    ("hours_per_100k", "hours/month", 56_000, 62_500, "domain 1.4"),
    ("compensation_per_100k", "MSEK/month", 28, 37, "domain 1.4"),
    ("visit_mean", "minutes", 24, 28, "domain 1.4"),
    ("visit_p5", "minutes", 7, 11, "domain 1.4"),
    ("visit_p25", "minutes", 13, 17, "domain 1.4"),
    ("visit_p50", "minutes", 19, 23, "domain 1.4"),
    ("visit_p75", "minutes", 29, 36, "domain 1.4"),
    ("visit_p95", "minutes", 54, 68, "domain 1.4"),
    ("visit_p99", "minutes", 80, 105, "domain 1.4"),
    ("visits_under_10_minutes", "share", 0.05, 0.12, "domain 1.4"),
    ("visits_over_60_minutes", "share", 0.03, 0.07, "domain 1.4"),
    ("hours_per_client", "hours/month", 29, 36, "domain 1.4"),
    ("clients_under_10_hours", "share", 0.25, 0.30, "domain 1.4, spec"),
    ("clients_over_80_hours", "share", 0.06, 0.12, "domain 1.4, spec"),
    ("visits_per_client_day", "visits", 2.0, 2.8, "domain 1.4"),
    ("starts_at_08", "share", 0.10, 0.17, "domain 1.4"),
    ("starts_at_12", "share", 0.08, 0.13, "domain 1.4"),
    ("starts_at_20", "share", 0.07, 0.12, "domain 1.4"),
    ("visits_per_shift", "visits", 10, 14, "domain 1.4"),
    ("client_time_of_paid_time", "share", 0.45, 0.75, "domain 1.4: Sweden .60-.75, Norway .40-.62"),
    ("carers_per_client_14_days", "carers", 12, 18, "domain 1.4 (Kolada)"),
    ("carers_per_100k", "heads/month", 780, 950, "domain 1.4"),
    ("in_house_clients", "share", 0.53, 0.63, "domain 1.4"),
    ("performed_of_granted", "share", 0.75, 0.95, "domain 1.4"),
    ("weekend_of_weekday_visits", "share", 0.82, 0.92, "spec 11.4"),
)
_SPREAD = (
    ("overlap_share", 0.0025, 0.0145),
    ("zero_gap_share", 0.006, 0.108),
    ("manual_share", 0.018, 0.122),
    ("performed_of_planned", 1.00, 1.16),
    ("equal_to_plan_share", 0.11, 0.43),
    ("long_day_share", 0.0, 0.011),
    ("off_site_share", 0.005, 0.033),
)
_LEDGER = (
    ("postings_per_100k", "postings/month", 20_000, 30_000, "spec 11.1"),
    ("suppliers_per_100k", "suppliers", 8_000, 12_000, "domain 3.1"),
    ("suppliers_with_one_invoice", "share", 0.25, 0.40, "domain 3.1"),
    ("invoice_median", "SEK", 1_500, 5_000, "assumed"),
    ("purchases_per_100k", "MSEK/year", 1_500, 2_600, "assumed"),
    ("e_invoice_share", "share", 0.75, 0.90, "domain 3.3"),
    ("order_share", "share", 0.10, 0.45, "domain 3.3"),
    ("invalid_org_no_share", "share", 0.04, 0.12, "spec 11.6"),
)


def report(out: Path, inhabitants: int, data: Path | None = None) -> tuple[list[Row], list[Picture]]:
    """Return the comparison of `out/inbox` (Parquet) for a municipality of `inhabitants`.

    `data` is the folder of the Italian home-care routing instances; without it their rows and pictures are left out.
    """
    inbox = Path(out) / "inbox"
    visits = read(inbox, "visits").unique("visit_id", keep="first", maintain_order=True)
    care = care_figures(inbox, visits, inhabitants / 100_000)
    rows = [Row(name, unit, care[name], low, high, source) for name, unit, low, high, source in _CARE]
    months = provider_months(visits)
    for name, low, high in _SPREAD:
        for quantile in (0.05, 0.95):
            value = float(months[name].quantile(quantile, "linear") or 0.0)
            rows.append(Row(f"{name}, provider-months p{round(100 * quantile)}", "share", value,
                            *_around(low if quantile < 0.5 else high), "spec 11.8 hard"))  # fmt: skip
    ledger = ledger_figures(inbox, inhabitants / 100_000)
    rows += [Row(name, unit, ledger[name], low, high, source) for name, unit, low, high, source in _LEDGER]
    pictures = [_hours(visits), _durations(visits, {})]
    if data is not None:
        instances = routing(data)
        rows += _routing_rows(visits, instances)
        pictures[1] = _durations(visits, {"routing instances": instances["duration"]})
        pictures.append(_travel(visits, instances["travel"]))
    return rows, pictures


def _around(value: float) -> tuple[float, float]:
    """Return a range of about half to double around one published quantile; around 1, a tenth."""
    if value > 0.9:
        return value - 0.06, value + 0.06
    return value * 0.4, max(value * 2.2, 0.02)


def routing(data: Path) -> dict[str, np.ndarray]:
    """Return durations, window widths, window starts and neighbour travel (minutes) of all instances in a folder."""
    found: dict[str, list[float]] = {"duration": [], "width": [], "start": [], "travel": []}
    for path in sorted(Path(data).glob("*.json")):
        instance = json.loads(path.read_text(encoding="utf-8"))
        for patient in instance["patients"]:
            found["duration"] += [float(need["duration"]) for need in patient["required_caregivers"]]
            begin, end = patient["time_window"]
            found["width"].append(end - begin)
            found["start"].append(begin)
        times = np.array(instance["distances"], float)
        np.fill_diagonal(times, np.inf)
        nearest = np.sort(times, axis=1)[:, :5].ravel()
        found["travel"] += nearest[np.isfinite(nearest)].tolist()
    return {name: np.array(values) for name, values in found.items()}


def _consecutive(visits: pl.DataFrame) -> np.ndarray:
    """Return minutes between a carer's visits, those up to an hour, as a stand-in for travel."""
    done = visits.filter(pl.col("status") == "performed").sort("carer_ref", "actual_start")
    gap = (pl.col("actual_start") - pl.col("actual_end").shift(1).over("carer_ref")).dt.total_minutes()
    gaps = done.select(gap.alias("gap"))["gap"].drop_nulls().to_numpy()
    return gaps[(gaps > 0) & (gaps <= 60)]


def _routing_rows(visits: pl.DataFrame, instances: dict[str, np.ndarray]) -> list[Row]:
    done = visits.filter((pl.col("status") == "performed") & pl.col("planned_start").is_not_null())
    length = (done["actual_end"] - done["actual_start"]).dt.total_minutes().drop_nulls().to_numpy()
    moved = np.abs((done["actual_start"] - done["planned_start"]).dt.total_minutes().to_numpy())
    gaps = _consecutive(visits)
    rows = []
    for name, mine, other in (
        ("visit", length, instances["duration"]),
        ("start within the window: |actual - planned| against half the width", moved, instances["width"] / 2),
        ("gap between a carer's visits against travel to the five nearest", gaps, instances["travel"]),
    ):
        for q in (25, 50, 75, 95):
            theirs = float(np.percentile(other, q))
            rows.append(Row(f"{name}, p{q}", "minutes", float(np.percentile(mine, q)), None, None,
                            f"routing instances: {theirs:.1f}"))  # fmt: skip
    return rows


def _shares(values: np.ndarray, edges: np.ndarray) -> tuple[float, ...]:
    counts = np.histogram(values, edges)[0]
    total = max(int(counts.sum()), 1)
    return tuple(round(int(n) / total, 4) for n in counts)


def _hours(visits: pl.DataFrame) -> Picture:
    done = visits.filter(pl.col("status") == "performed")
    hour = done["actual_start"].dt.hour().to_numpy()
    shares = _shares(hour, np.arange(25) - 0.5)
    return Picture(
        "starts by hour",
        "bars",
        "share of visits",
        tuple(f"{n:02d}" for n in range(24)),
        {"simulated": shares},
    )


def _durations(visits: pl.DataFrame, others: dict[str, np.ndarray]) -> Picture:
    done = visits.filter(pl.col("status") == "performed")
    length = (done["actual_end"] - done["actual_start"]).dt.total_minutes().drop_nulls().to_numpy()
    edges = np.array([0, 5, 10, 15, 20, 25, 30, 45, 60, 90, 10_000])
    labels = tuple(f"{a}-{b}" if b < 10_000 else f"{a}-" for a, b in pairwise(edges.tolist()))
    series = {"simulated": _shares(length, edges)} | {name: _shares(values, edges) for name, values in others.items()}
    return Picture("visit minutes", "bars", "share of visits", labels, series)


def _travel(visits: pl.DataFrame, travel: np.ndarray) -> Picture:
    edges = np.arange(0, 62, 4)
    labels = tuple(str(n) for n in edges[:-1])
    series = {
        "simulated gaps": _shares(_consecutive(visits), edges),
        "routing instances": _shares(travel, edges),
    }
    return Picture("minutes between visits", "lines", "share", labels, series)
