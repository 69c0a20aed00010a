"""What speaks about the data a case stands on: coverage, drift, quarantine, repairs and source files of one run."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from reporting.model import Coverage, DriftPoint, RepairSummary, Snapshot
from review.shelf.library import Shelf
from review.shelf.run import run_record

Files = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """One run and what of it concerns the case.

    `cited` are the source files that evidence names, `others` the rest of what the run read, each with its SHA-256.
    """

    run: Snapshot
    coverage: tuple[Coverage, ...]
    drift: tuple[DriftPoint, ...]
    repairs: tuple[RepairSummary, ...]
    cited: Files
    others: Files
    manifest_sha256: str
    previous_sha256: str


def quality(published: Path, shelf: Shelf, codes: set[str], tables: set[str], files: set[str]) -> Quality:
    """Return what a run tells of its data: of the indicators in `codes`, and the `tables` and `files` evidence is of."""
    run = run_record(shelf)
    path = published / shelf.month / shelf.run_id / "manifest.json"
    inputs = sorted((str(i.get("file")), str(i.get("sha256"))) for i in shelf.manifest.get("inputs") or ())
    names = {Path(name).name for name in files}
    return Quality(
        run=run,
        coverage=tuple(c for c in run.coverage if c.indicator in codes),
        drift=tuple(d for d in run.drift if d.month == shelf.month and d.status not in ("ok", "first")),
        repairs=tuple(r for r in run.repairs if r.table in tables),
        cited=tuple(pair for pair in inputs if Path(pair[0]).name in names),
        others=tuple(pair for pair in inputs if Path(pair[0]).name not in names),
        manifest_sha256=hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        previous_sha256=str(shelf.manifest.get("previous_manifest_sha256") or ""),
    )
