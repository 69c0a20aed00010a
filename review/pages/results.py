"""Uppföljning: what was found beside what is estimated, how well the list did, and the yearly report."""

import hashlib

from starlette.responses import Response

from review.exports.pdf import PdfError, pdf_of
from review.exports.year_report import report_html
from review.store.anchors import anchored
from review.web.ask import Ask
from review.web.results_view import shown
from review.web.routes import Nav, page
from review.work.errors import MissingError
from review.work.people import May
from review.work.results import Results, results


@page("/uppfoljning", may=May.SEE_RESULTS, nav=Nav("Uppföljning", 60))
def follow_up(ask: Ask) -> Response:
    """Show the figures of a year (`ar` in the address, the newest else), or of all months."""
    months = ask.library.months()
    if not months:
        return ask.page("results.html", r=None, period="")
    asked = ask.query.get("ar", "")
    year = "" if asked == "alla" else asked or months[0][:4]
    found = _found(ask, year)
    years = sorted({month[:4] for month in months}, reverse=True)
    period = year or f"{months[-1]} till {months[0]}"
    return ask.page("results.html", period=period, year=year, years=years, **shown(found))


def _found(ask: Ask, year: str) -> Results:
    months = [month for month in ask.library.months() if month.startswith(year)]
    if not months or len(year) not in (0, 4):
        raise MissingError(year)
    with ask.store.read() as connection:
        return results(connection, ask.library, months, year)


@page("/uppfoljning/{year}.html", may=May.SEE_RESULTS)
def report_page(ask: Ask) -> Response:
    """Answer with the yearly report as one HTML file."""
    year, html = _report(ask, "html")
    headers = {"Content-Disposition": f'attachment; filename="uppfoljning-{year}.html"'}
    return Response(html, media_type="text/html; charset=utf-8", headers=headers)


@page("/uppfoljning/{year}.pdf", may=May.SEE_RESULTS)
def report_pdf(ask: Ask) -> Response:
    """Answer with the yearly report as a tagged PDF."""
    year, html = _report(ask, "pdf")
    try:
        made = pdf_of(html, hashlib.sha256(html.encode()).hexdigest()[:32])
    except PdfError as error:
        return ask.page("error.html", status=503, status_code=503, text=str(error))
    headers = {"Content-Disposition": f'attachment; filename="uppfoljning-{year}.pdf"'}
    return Response(made, media_type="application/pdf", headers=headers)


def _report(ask: Ask, form: str) -> tuple[str, str]:
    """Return the year and its report, which names the log's head; the head is kept as an anchor."""
    year = ask.part("year")
    found = _found(ask, year)
    if not found.months:
        raise MissingError(year)
    runs = [(m["month"], m["run_id"]) for m in reversed(ask.library.manifests()) if m["month"] in found.months]
    with ask.store.write(ask.user.id) as change:
        head = anchored(change, f"årsrapport {year}")
        change.record("report.made", f"report:{year}", form=form, head=head.seq)
    return year, report_html(ask.settings, year, shown(found), runs, head)
