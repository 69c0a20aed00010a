"""A published run's own state as the application shows it: reconciliation, drift, quarantine, repairs, coverage."""

from functools import lru_cache
from typing import Any

from reporting import model as m
from reporting.care_sums import read_care_sums
from reporting.loading_run import read_coverage, read_drift, read_reconciliation, read_repairs
from reporting.reading import text
from review.shelf.keys import sek
from review.shelf.library import Shelf
from review.shelf.records import Typed, indicators

TABLES = ("coverage", "drift", "quarantine", "repairs")
_QUARANTINE = """SELECT "table", rule, severity, COUNT(*) AS rows, COUNT(amount_sek) AS known,
 SUM(CAST(ROUND(amount_sek * 100) AS INTEGER)) AS ore FROM quarantine GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""


@lru_cache(maxsize=32)
def run_record(shelf: Shelf) -> m.Snapshot:
    """Return the run without its list; `absent` names the tables it did not publish."""
    typed = Typed(shelf)
    manifest: dict[str, Any] = shelf.manifest
    return m.Snapshot(
        run_id=shelf.run_id,
        municipality="",
        month=shelf.month,
        currency=shelf.currency,
        code_version=text(manifest.get("code_version")),
        indicators=indicators(shelf),
        coverage=tuple(read_coverage(typed, shelf.month, indicators(shelf))),
        drift=tuple(read_drift(typed)),
        quarantine=tuple(_quarantine(shelf)),
        repairs=tuple(read_repairs(typed)),
        reconciliation=read_reconciliation(manifest.get("reconciliation")),
        care=read_care_sums(manifest.get("home_care")),
        absent=tuple(name for name in TABLES if not shelf.has(name)),
    )


def _quarantine(shelf: Shelf) -> list[m.QuarantineSummary]:
    rows = shelf.ask(_QUARANTINE) if shelf.has("quarantine") else []
    return [
        m.QuarantineSummary(r["table"], r["rule"], r["severity"], r["rows"], sek(r["ore"]) if r["known"] else None)
        for r in rows
    ]
