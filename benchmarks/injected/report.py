"""What the benchmark says: one table as text, all figures as JSON, one picture."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from benchmarks.injected.found import METHODS, Found, RunFigures
from benchmarks.injected.measure import CUTS, Recall, missed, money_found, table
from reporting.svg import bars, standalone

TARGET = 0.80
TOP = CUTS[-1]
POOLED = "all kinds"
OTHERS = (*METHODS[1:], "random")
Rows = dict[str, dict[str, dict[int, Recall]]]


@dataclass(frozen=True)
class Report:
    """A benchmark's outcome; `shares` say what each ledger lets one test, `apart` which kinds are not pooled."""

    window: str
    found: Sequence[Found]
    figures: Sequence[RunFigures]
    shares: dict[str, dict[str, float]]
    apart: frozenset[str]

    @cached_property
    def pooled(self) -> list[Found]:
        """Return the cases of the pooled kinds."""
        return [case for case in self.found if case.kind not in self.apart]

    @cached_property
    def by_kind(self) -> Rows:
        """Return recall by kind, the pooled kinds together, and the kinds shown apart last."""
        kinds = table(self.found, lambda case: case.kind)
        whole = table(self.pooled, lambda case: POOLED)
        return (
            {k: v for k, v in kinds.items() if k not in self.apart}
            | whole
            | {k: kinds[k] for k in kinds if k in self.apart}
        )

    @cached_property
    def by_source(self) -> Rows:
        """Return recall of the pooled kinds by ledger."""
        return table(self.pooled, lambda case: case.source)

    def text(self) -> str:
        """Return the report as text."""
        counts = {name: sum(case.kind == name for case in self.found) for name in self.by_kind}
        counts[POOLED] = len(self.pooled)
        lines = [
            f"Window '{self.window}': share of the cases among the first of their own month's list, with its 95 % interval",
            _line("", "cases", [f"top {cut}" for cut in CUTS], [f"{name}" for name in OTHERS]),
            *(_row(name, counts[name], methods) for name, methods in self.by_kind.items()),
            "",
            *(_row(n, sum(c.source == n for c in self.pooled), methods) for n, methods in self.by_source.items()),
            f"(the plain rules and chance at {TOP}; the kinds below '{POOLED}' are not pooled: without a number only",
            " payee, amount and date are left, which two like purchases share)",
            "",
            "Share of the wrongly paid money found:",
            *(f"  {m:14} " + "  ".join(f"{money_found(self.pooled, m, c):.2f} @{c}" for c in CUTS) for m in (*METHODS, "random")),
            "",
            "What the ledger lets one test, as a share of the judged debits of 500 or more:",
            *(f"  {name}: " + ", ".join(f"{what} {share:.0%}" for what, share in said.items()) for name, said in self.shares.items()),
            "",
            "Runs:",
            *(f"  {f.source} seed {f.seed}: {f.debits} debits in {f.months} months, {f.listed / f.months:.0f} listed a "
              f"month (most {f.longest_list}), {f.cpu_seconds} CPU s" for f in self.figures),
            "",
            f"Missed at {TOP}:",
            *(f"  {n:>3}  {kind}: {why}" for kind, why, n in missed(self.found, TOP)),
            "",
            self.verdict(),
        ]  # fmt: skip
        return "\n".join(lines)

    def verdict(self) -> str:
        """Return whether the target is reached, in one line."""
        reached = self.by_kind[POOLED]["futvakt"][TOP].share
        return f"Target {TARGET:.0%} at {TOP}: {'reached' if reached >= TARGET else 'not reached'} ({reached:.1%})"

    def data(self) -> dict[str, object]:
        """Return every figure as plain data."""
        return {
            "window": self.window,
            "recall": {g: {m: {str(c): asdict(r) for c, r in cuts.items()} for m, cuts in methods.items()}
                       for g, methods in (self.by_kind | self.by_source).items()},
            "money": {m: {str(c): money_found(self.pooled, m, c) for c in CUTS} for m in (*METHODS, "random")},
            "testable": self.shares,
            "apart": sorted(self.apart),
            "runs": [asdict(f) for f in self.figures],
            "cases": [asdict(case) for case in self.found],
        }  # fmt: skip

    def picture(self) -> str:
        """Return the recall of each kind and method as a picture."""
        labels = list(self.by_kind)
        series = {m: [self.by_kind[g][m][TOP].share for g in labels] for m in (*METHODS, "random")}
        title = f"Injected errors found among the first {TOP} of the month"
        return standalone(bars(labels, series, title, "Share of the cases of each kind", show=lambda v: f"{v:.0%}"))

    def write(self, folder: Path) -> list[Path]:
        """Write the report as injected_WINDOW.txt, .json and .svg into the folder and return their paths."""
        folder.mkdir(parents=True, exist_ok=True)
        contents = {
            "txt": self.text() + "\n",
            "json": json.dumps(self.data(), indent=1, ensure_ascii=False, sort_keys=True) + "\n",
            "svg": self.picture(),
        }
        paths = [folder / f"injected_{self.window}.{kind}" for kind in contents]
        for path, content in zip(paths, contents.values(), strict=True):
            path.write_text(content, encoding="utf-8")
        return paths


def _row(name: str, cases: int, methods: dict[str, dict[int, Recall]]) -> str:
    ours = [f"{r.share:.2f} [{r.low:.2f}-{r.high:.2f}]" for r in methods["futvakt"].values()]
    return _line(name, str(cases), ours, [f"{methods[m][TOP].share:.2f}" for m in OTHERS])


def _line(name: str, cases: str, ours: Sequence[str], others: Sequence[str]) -> str:
    return f"{name:32}{cases:>6}" + "".join(f"{c:>18}" for c in ours) + "".join(f"{c:>15}" for c in others)
