"""What the benchmark says: tables as text, every figure as JSON, one picture."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from statistics import mean, stdev

import polars as pl

from benchmarks.detection.causes import cause
from benchmarks.detection.measure import METHODS, WITHIN, by_typology, figures, selection_by_size
from benchmarks.detection.runs import WRONG_SEK, frozen
from benchmarks.measure import Stages
from reporting.format import share
from reporting.svg import bars, standalone

# half-width of a 95 % interval of a mean, in standard errors, by number of seeds (Student's t)
_T = {2: 12.71, 3: 4.30, 4: 3.18, 5: 2.78, 6: 2.57, 7: 2.45, 8: 2.36, 9: 2.31, 10: 2.26}
SEEN = 0.9
SHARE_NAMES = ("base rate", "precision", "worst month", "kronor in", "of oracle", "cases found", "stability")
TARGETS = {
    "precision@50": ">= 0.70", "lift@50": ">= 8", "kronor in top 2 %": ">= 0.70", "innocent outliers in top 50": "<= 2",
}  # fmt: skip


@dataclass(frozen=True)
class Report:
    """A benchmark's outcome over difficulties and seeds."""

    window: str
    preset: str
    frame: pl.DataFrame
    stages: Stages

    @cached_property
    def found(self) -> dict[str, dict[str, dict[str, list[float]]]]:
        """Return every figure's values over seeds, by difficulty, method and name."""
        told: dict[str, dict[str, dict[str, list[float]]]] = {}
        for (difficulty, _), part in self.frame.group_by("difficulty", "seed", maintain_order=True):
            for figure in figures(part):
                method = "best single" if figure.method.startswith("best single") else figure.method
                values = told.setdefault(str(difficulty), {}).setdefault(method, {}).setdefault(figure.name, [])
                values.append(figure.value)
        return told

    def text(self) -> str:
        """Return the tables as text."""
        seeds = sorted(self.frame["seed"].unique())
        lines = [
            f"Window '{self.window}', preset {self.preset}, seeds {', '.join(map(str, seeds))}, simulator's parameters "
            f"{frozen()}",
            f"A payment is wrong when its error is at least {WRONG_SEK} kronor either way; mean over seeds with a 95 % "
            "interval.",
            "Best single: the indicator that is best on these very months. A case is one payee's wrong payments of one "
            f"main cause; found: in the first {WITHIN} of a month; days from the service month's end to that month's "
            "closing, median. Stability: mean Jaccard of a month's first 20 between two runs that differ in the "
            "forest's seed.",
        ]
        for difficulty, methods in self.found.items():
            lines += ["", f"{difficulty.upper()}", *_table(methods)]
            part = self.frame.filter(pl.col("difficulty") == difficulty)
            lines += ["", *_by_cause(part)]
            sizes = pl.concat([selection_by_size(p) for _, p in part.group_by("seed")])
            shares = sizes.group_by("size").agg(pl.col("selected").mean()).sort("size")
            lines.append(
                "Honest lines in the top 100, by size of the provider: "
                + ", ".join(f"{size} {share:.4f}" for size, share in shares.iter_rows())
            )
        lines += ["", "CPU seconds, all runs together (simulation and baselines apart):"]
        lines += [f"  {s.name:24}{s.cpu_seconds:9.1f}  peak {s.peak_mb:,.0f} MB" for s in self.stages.found.values()]
        return "\n".join(lines)

    def write(self, folder: Path) -> Iterable[Path]:
        """Write all figures as JSON and the picture; return their paths."""
        told = {
            "window": self.window,
            "preset": self.preset,
            "parameters": frozen(),
            "figures": self.found,
            "stages": [asdict(s) for s in self.stages.found.values()],
        }
        path = folder / "detection.json"
        path.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        series = {
            method: [mean(methods[method]["precision@50"]) for methods in self.found.values()] for method in METHODS
        }
        drawn = bars(list(self.found), series, "Wrong payments among the first 50 of a month", show=share)
        picture = folder / "detection.svg"
        picture.write_text(standalone(drawn), encoding="utf-8")
        return path, picture


def _by_cause(part: pl.DataFrame) -> list[str]:
    """Return a line per main cause, the most kronor first, with the data that would show what is missed."""
    head = f"  {'by main cause':32}{'payments':>9}{'kronor':>13}{'top 100':>9}{'listed':>8}{'flagged':>9}"
    told = [f"{head}  what would show the rest"]
    for row in _pooled(part).iter_rows(named=True):
        known = cause(row["typology"])
        needs = known.needs if row["listed"] < SEEN else ""
        told.append(
            f"  {known.name:32}{row['payments']:9d}{row['error_sek']:13,.0f}{row['found']:9.2f}{row['listed']:8.2f}"
            f"{row['flagged']:9.2f}  {needs}".rstrip()
        )
    return told


def _pooled(part: pl.DataFrame) -> pl.DataFrame:
    tables = [by_typology(p) for _, p in part.group_by("seed", maintain_order=True)]
    weight = pl.col("payments")
    return (
        pl.concat(tables)
        .group_by("typology")
        .agg(
            weight.sum().alias("payments"),
            pl.col("error_sek").sum(),
            *((pl.col(name) * weight).sum() / weight.sum() for name in ("found", "listed", "flagged")),
        )
        .sort("error_sek", "typology", descending=[True, False])
    )


def _table(methods: dict[str, dict[str, list[float]]]) -> list[str]:
    lines = [f"  {name}: {_interval(name, values)}" for name, values in methods["all"].items()]
    columns = [m for m in methods if m != "all"]
    names = list(methods["futvakt"])
    lines.append(f"  {'':30}" + "".join(f"{m:>24}" for m in columns) + "  target")
    for name in names:
        cells = [_interval(name, methods[m][name]) if name in methods[m] else "-" for m in columns]
        lines.append(f"  {name:30}" + "".join(f"{cell:>24}" for cell in cells) + f"  {TARGETS.get(name, '')}")
    return lines


def _interval(name: str, values: list[float]) -> str:
    middle, is_share = mean(values), name.startswith(SHARE_NAMES)
    if len(values) < 2:
        return f"{middle:.3f}"
    half = _T.get(len(values), 1.96) * stdev(values) / len(values) ** 0.5
    low, high = max(middle - half, 0.0), middle + half
    return f"{middle:.3f} [{low:.2f}, {min(high, 1.0) if is_share else high:.2f}]"
