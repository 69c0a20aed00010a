"""Körningar och datakvalitet: which run each month shows, how it adds up, and what could not be tested."""

from functools import lru_cache
from typing import Any

from starlette.responses import Response

from reporting import summary, svg
from reporting.reading import money
from review.shelf.library import Shelf
from review.shelf.run import run_record
from review.web.ask import Ask
from review.web.figures import Pair, both
from review.web.routes import Nav, page
from review.work.people import May


@page("/korningar", may=May.SEE_RUNS, nav=Nav("Körningar", 80))
def runs(ask: Ask) -> Response:
    """Show every published month, and one run in full (`månad` in the address, else the newest)."""
    manifests = ask.library.manifests()
    if not manifests:
        return ask.page("runs.html", months=[], run=None)
    erased = ask.library.erased()
    months = [
        {
            "month": one["month"],
            "erased_on": erased.get(one["month"], ""),
            "run_id": one.get("run_id", ""),
            "code_version": one.get("code_version") or "",
            "in_sek": money((one.get("reconciliation") or {}).get("in_sek")),
            "quarantine_sek": money((one.get("reconciliation") or {}).get("quarantine_sek")),
            "rows": one.get("row_counts") or {},
        }
        for one in manifests
    ]
    shelf = ask.shelf(ask.query.get("manad") or None)
    run = run_record(shelf)
    failed = [p for p in run.drift if p.month == run.month and p.status in ("failed", "accepted")]
    inputs = shelf.manifest.get("inputs") or []
    shown: dict[str, Any] = {
        "failed": failed,
        "pictures": _pictures(shelf),
        "inputs": inputs,
        "missing": summary.missing_fields(run),
    }
    return ask.page("runs.html", months=months, run=run, shelf=shelf, **shown)


@lru_cache(maxsize=32)
def _pictures(shelf: Shelf) -> dict[str, Pair]:
    run = run_record(shelf)
    return {
        "drift": both(svg.drift_panels, "drift", summary.drift_series(run), run.currency),
        "coverage": both(svg.coverage_bars, "provat", summary.coverage_bars(run), run.currency),
    }
