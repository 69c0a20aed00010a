"""What `erasure.json` beside a published run's manifest tells: when it was erased, by which rule, and what is left."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fut.errors import StoreError
from fut.period import is_month

RECORD = "erasure.json"

Acts = list[dict[str, Any]]


def acts(folder: Path) -> Acts:
    """Return what was erased of a run, oldest first; empty when nothing was. Raises StoreError."""
    path = folder / RECORD
    if not path.is_file():
        return []
    try:
        return list(json.loads(path.read_text("utf-8"))["acts"])
    except (OSError, ValueError, KeyError, TypeError):
        raise StoreError(f"{folder.parent.name}/{folder.name}/{RECORD}: cannot be read") from None


def erased_hashes(folder: Path) -> dict[str, str]:
    """Return by file name the hash that erasures left each file with."""
    return {f"{name}.parquet": told["sha256"] for act in acts(folder) for name, told in act["tables"].items()}


def mark(folder: Path) -> str:
    """Return what tells the states of a run apart that erasures leave it in; "" for one that is whole."""
    try:
        return hashlib.sha256((folder / RECORD).read_bytes()).hexdigest()[:8]
    except OSError:
        return ""


def runs(published: Path) -> Iterator[tuple[str, Path]]:
    """Yield month and folder of every published run, the current and the earlier ones, in order."""
    for month in sorted(p for p in published.iterdir() if is_month(p.name)) if published.is_dir() else ():
        for folder in sorted(month.iterdir()):
            if folder.is_dir() and not folder.name.startswith(".") and (folder / "manifest.json").is_file():
                yield month.name, folder
