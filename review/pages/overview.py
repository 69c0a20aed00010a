"""Lägesbild: areas by rate on the municipality's map, what brings payments to the list, and the lot's error rate."""

from typing import Any

from starlette.responses import Response

from reporting import format as f
from reporting import svg
from review.shelf.library import Shelf
from review.web.ask import Ask
from review.web.figures import both
from review.web.routes import Nav, page
from review.work import overview
from review.work.overview import MEASURES, MONTHS, SERIES
from review.work.people import May


@page("/lagesbild", may=May.SEE_RESULTS, nav=Nav("Lägesbild", 50))
def state(ask: Ask) -> Response:
    """Show a month (`manad`, else the newest) by one rate (`matt`), and twelve months up to it."""
    published = ask.library.months()
    if not published:
        return ask.page("overview.html", shelf=None)
    shelf = ask.shelf(ask.query.get("manad") or None)
    measure = MEASURES.get(ask.query.get("matt", ""), MEASURES["belopp"])
    months = sorted(month for month in published if month <= shelf.month)[-MONTHS:]
    shelves = [found for month in months if (found := ask.library.shelf(month))]
    months = [found.month for found in shelves]
    areas = overview.areas_of(shelf, measure)
    shapes = overview.shapes_of(ask.settings.areas)
    reasons = overview.reasons_over(shelves)
    with ask.store.read() as connection:
        trend = overview.control_trend(connection, ask.library, months)

    def show(rate: float | None) -> str:
        return f.kr_short(rate, shelf.currency) if measure.is_money else f.share(rate)

    pictures: dict[str, Any] = {}
    if areas:
        rates, title = [area.rate for area in areas], measure.title
        pictures["areas"] = both(svg.area_map, "omraden", rates, shapes, title, f.month_name(shelf.month), show=show)
    if reasons:
        pictures["reasons"] = both(svg.reasons_bars, "skal", overview.reason_bars(shelf), shelf.currency)
        pictures["months"] = _months(shelf, months, reasons)
    if any(point.value is not None for point in trend):
        said = "Viktad andel av månadens betalningar, med 95-procentigt intervall"
        pictures["trend"] = both(svg.interval_trend, "slump", trend, "Andel fel i slumpurvalet", said)
    shown: dict[str, Any] = {"areas": areas, "has_map": shapes is not None, "reasons": reasons, "trend": trend}
    choices = {"published": published, "measure": measure, "measures": MEASURES.values(), "months": months}
    return ask.page("overview.html", shelf=shelf, show=show, pictures=pictures, **shown, **choices)


def _months(shelf: Shelf, months: list[str], reasons: list[overview.ReasonRow]) -> tuple[str, str]:
    """Draw how the kronor at risk of the heaviest reasons moved."""
    series = {row.code: [abs(ore) / 100 for ore in row.at_risk_ore] for row in reasons[:SERIES]}

    def show(value: float) -> str:
        return f.kr_short(value, shelf.currency)

    said = "Belopp i risk på listan, tecken borttagna"
    return both(svg.lines, "skal-manader", months, series, "De tyngsta skälen månad för månad", said, show=show)
