"""Lägesbild: areas by rate on the municipality's map, what brings payments to the list, and the lot's error rate."""

from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from starlette.responses import Response

from reporting import format as f
from reporting import svg
from review.shelf.library import Shelf
from review.web.ask import Ask
from review.web.figures import Pair, both
from review.web.routes import Nav, page
from review.work import overview
from review.work.overview import MEASURES, MONTHS, SERIES
from review.work.people import May
from review.work.results import control_trend


@page("/lagesbild", may=May.SEE_RESULTS, nav=Nav("Lägesbild", 50))
def state(ask: Ask) -> Response:
    """Show a month (`manad`, else the newest) by one rate (`matt`), and twelve months up to it."""
    published = ask.library.months()
    if not published:
        return ask.page("overview.html", shelf=None)
    shelf = ask.shelf(ask.query.get("manad") or None)
    measure = MEASURES.get(ask.query.get("matt", ""), MEASURES["belopp"])
    months = sorted(month for month in published if month <= shelf.month)[-MONTHS:]
    shelves = [
        found for month in months if (found := ask.library.shelf(month)) and (not found.erased_on or found is shelf)
    ]
    months = [found.month for found in shelves]
    areas = overview.areas_of(shelf, measure)
    reasons = overview.reasons_over(shelves)
    with ask.store.read() as connection:
        trend = control_trend(connection, shelves)
    pictures = dict(_reasons(tuple(shelves))) if reasons else {}
    if areas:
        pictures["areas"] = _areas(shelf, measure.code, ask.settings.areas, overview.changed(ask.settings.areas))
    if any(point.value is not None for point in trend):
        said = "Viktad andel av månadens betalningar, med 95-procentigt intervall"
        pictures["trend"] = both(svg.interval_trend, "slump", trend, "Andel fel i slumpurvalet", said)
    has_map = overview.shapes_of(ask.settings.areas) is not None
    shown: dict[str, Any] = {"areas": areas, "has_map": has_map, "reasons": reasons, "trend": trend}
    choices = {"published": published, "measure": measure, "measures": MEASURES.values(), "months": months}
    return ask.page(
        "overview.html",
        shelf=shelf,
        show=partial(_shown, measure, shelf.currency),
        pictures=pictures,
        **shown,
        **choices,
    )


def _shown(measure: overview.Measure, currency: str, rate: float | None) -> str:
    return f.kr_short(rate, currency) if measure.is_money else f.share(rate)


@lru_cache(maxsize=64)
def _areas(shelf: Shelf, code: str, path: Path | None, _: int) -> Pair:
    """Draw a month's areas; the map's time of change is part of what the picture is kept by."""
    measure = MEASURES[code]
    rates = [area.rate for area in overview.areas_of(shelf, measure)]
    said = (rates, overview.shapes_of(path), measure.title, f.month_name(shelf.month))
    return both(svg.area_map, "omraden", *said, show=partial(_shown, measure, shelf.currency))


@lru_cache(maxsize=64)
def _reasons(shelves: tuple[Shelf, ...]) -> dict[str, Pair]:
    """Draw the newest month's reasons, and how the kronor at risk of the heaviest moved."""
    newest = shelves[-1]
    series = {row.code: [ore / 100 for ore in row.at_risk_ore] for row in overview.reasons_over(shelves)[:SERIES]}
    said = ("De tyngsta skälen månad för månad", "Belopp i risk på listan åt båda hållen")
    months, show = [shelf.month for shelf in shelves], partial(f.kr_short, currency=newest.currency)
    return {
        "reasons": both(svg.reasons_bars, "skal", overview.reason_bars(newest), newest.currency),
        "months": both(svg.lines, "skal-manader", months, series, *said, show=show),
    }
