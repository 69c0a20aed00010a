"""What the benchmark says: one table as text, all figures as JSON, one picture."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.injected.found import METHODS, Found, RunFigures
from benchmarks.injected.measure import CUTS, Recall, missed, money_found, table
from reporting.svg import bars, standalone

TARGET = 0.80
TOP = CUTS[-1]
POOLED = "all kinds"


def pooled(found: Sequence[Found], apart: set[str]) -> list[Found]:
    """Return the cases of the pooled kinds."""
    return [case for case in found if case.kind not in apart]


def text(
    found: Sequence[Found], figures: Sequence[RunFigures], shares: dict[str, dict[str, float]], apart: set[str]
) -> str:
    """Return the report as text."""
    whole = pooled(found, apart)
    rows = table(found, lambda case: case.kind) | table(whole, lambda case: POOLED)
    lines = ["Recall in the list of the wrong payment's own month (95 % interval from resampled cases)", ""]
    lines.append(
        f"{'kind':33}{'cases':>6}  "
        + "".join(f"{f'top {cut}':>19}" for cut in CUTS)
        + "".join(f"{name:>15}" for name in (*(f"{m} @{TOP}" for m in METHODS[1:]), f"random @{TOP}"))
    )
    for name, methods in rows.items():
        n = len(whole) if name == POOLED else sum(case.kind == name for case in found)
        cells = "".join(f"{_with_interval(methods['futvakt'][cut]):>19}" for cut in CUTS)
        others = "".join(f"{methods[m][TOP].share:>15.2f}" for m in (*METHODS[1:], "random"))
        note = "  (apart: nothing but payee, amount and date is left)" if name in apart else ""
        lines.append(f"{name:33}{n:>6}  {cells}{others}{note}")
    lines.append("")
    for name, methods in table(whole, lambda case: case.source).items():
        lines.append(
            f"{name:33}{sum(c.source == name for c in whole):>6}  "
            + "".join(f"{_with_interval(methods['futvakt'][cut]):>19}" for cut in CUTS)
            + "".join(f"{methods[m][TOP].share:>15.2f}" for m in (*METHODS[1:], "random"))
        )
    lines += [
        "",
        "Share of the wrongly paid money: "
        + "; ".join(
            f"{m} {', '.join(f'{money_found(whole, m, cut):.2f} @{cut}' for cut in CUTS)}" for m in (*METHODS, "random")
        ),
    ]
    lines += ["", "What the ledger lets one test (share of judged debits of 500 or more):"]
    lines += [
        f"  {name}: " + ", ".join(f"{what} {share:.0%}" for what, share in said.items())
        for name, said in shares.items()
    ]
    lines += ["", "Runs:"] + [
        f"  {f.source} seed {f.seed}: {f.debits} debits in {f.months} months, {f.listed / f.months:.0f} listed a month "
        f"(most {f.longest_list}), {f.cpu_seconds} CPU s"
        for f in figures
    ]
    lines += ["", f"Missed at {TOP}:"] + [f"  {n:>3}  {kind}: {why}" for kind, why, n in missed(found, TOP)]
    reached = rows[POOLED]["futvakt"][TOP].share
    lines += ["", f"Target {TARGET:.0%} at {TOP}: {'reached' if reached >= TARGET else 'not reached'} ({reached:.1%})"]
    return "\n".join(lines)


def _with_interval(found: Recall) -> str:
    return f"{found.share:.2f} [{found.low:.2f}-{found.high:.2f}]"


def write(
    folder: Path, name: str, found: Sequence[Found], figures: Sequence[RunFigures],
    shares: dict[str, dict[str, float]], apart: set[str],
) -> list[Path]:  # fmt: skip
    """Write NAME.txt, NAME.json and NAME.svg into the folder and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = pooled(found, apart)
    rows = table(found, lambda case: case.kind) | table(whole, lambda case: POOLED)
    said = {
        "recall": {
            g: {m: {str(c): asdict(r) for c, r in cuts.items()} for m, cuts in ms.items()} for g, ms in rows.items()
        },
        "money": {m: {str(c): money_found(whole, m, c) for c in CUTS} for m in (*METHODS, "random")},
        "testable": shares,
        "runs": [asdict(f) for f in figures],
        "cases": [asdict(case) for case in found],
        "apart": sorted(apart),
    }
    labels = list(rows)
    picture = bars(
        labels,
        {m: [rows[g][m][TOP].share for g in labels] for m in (*METHODS, "random")},
        f"Injected errors found among the first {TOP} of the month",
        "Share of the cases of each kind",
        show=lambda v: f"{v:.0%}",
    )
    contents = {
        "txt": text(found, figures, shares, apart) + "\n",
        "json": json.dumps(said, indent=1, ensure_ascii=False, sort_keys=True) + "\n",
        "svg": standalone(picture),
    }
    paths = [folder / f"{name}.{kind}" for kind in contents]
    for path, content in zip(paths, contents.values(), strict=True):
        path.write_text(content, encoding="utf-8")
    return paths
