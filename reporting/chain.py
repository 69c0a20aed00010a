"""Check the published months: each file against its manifest, each manifest against the month before.

An erased month (*gallrad*) is whole when what is left of its files is what its erasure record says.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fut.errors import FutError
from fut.period import add_months, is_month
from reporting.erased import acts, erased_hashes, runs


@dataclass(frozen=True)
class Checked:
    """One month's current run: when it was erased ("" when whole), what is worth knowing, and what is wrong."""

    month: str
    run_id: str
    erased_on: str = ""
    notes: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


def check(published: Path) -> list[Checked]:
    """Return what is found of each published month's current run, in order; no row is read."""
    pointed = (path.parent.name for path in published.glob("*/current"))
    manifests: dict[str, dict[str, str]] = {month: {} for month in pointed if is_month(month)}
    for month, folder in runs(published):
        manifests.setdefault(month, {})[_sha256(folder / "manifest.json")] = folder.name
    return [_checked(published, month, manifests) for month in sorted(manifests)]


def _checked(published: Path, month: str, manifests: dict[str, dict[str, str]]) -> Checked:
    try:
        run_id = (published / month / "current").read_text("utf-8").strip()
        folder = published / month / run_id
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
        told = acts(folder)
        wrong = _files(folder, manifest.get("files") or {})
    except (OSError, ValueError):
        return Checked(month, "", wrong=("the pointer or the manifest cannot be read",))
    except FutError as error:
        return Checked(month, "", wrong=(str(error),))
    notes = []
    if told and not told[-1]["is_finished"]:
        wrong.append("its erasure was cut off: run `fut retention --apply` again")
    chained, before = manifest.get("previous_manifest_sha256"), add_months(month, -1)
    if chained and before in manifests and chained not in manifests[before]:
        wrong.append(f"the manifest of {before} is not the one it was chained to")
    elif chained and before in manifests and manifests[before][chained] != _pointer(published / before):
        notes.append(f"{before} has been published anew since")
    elif chained and before not in manifests:
        wrong.append(f"{before}, which it was chained to, is gone: retention leaves a month's manifest in place")
    return Checked(month, run_id, told[-1]["at"] if told else "", tuple(notes), tuple(wrong))


def _files(folder: Path, stated: dict[str, str]) -> list[str]:
    expected = stated | {name: sha for name, sha in erased_hashes(folder).items() if name in stated}
    there = {path.name for path in folder.glob("*.parquet")}
    wrong = [f"{name}: missing" for name in sorted(expected.keys() - there)]
    wrong += [f"{name}: not in the manifest" for name in sorted(there - expected.keys())]
    known = sorted(expected.keys() & there)
    return wrong + [f"{name}: not the published bytes" for name in known if _sha256(folder / name) != expected[name]]


def _pointer(month: Path) -> str:
    try:
        return (month / "current").read_text("utf-8").strip()
    except OSError:
        return ""


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
