"""Månadens flaggor: the month's list, narrowed and ordered by the address alone; saved views are such addresses."""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from markupsafe import Markup
from starlette.responses import Response

from reporting import format as f
from reporting import words
from reporting.reading import capacity_minutes
from review.shelf.library import Shelf
from review.web.ask import Ask, payment_path
from review.web.routes import Nav, action, page
from review.web.templates import environment
from review.work import accounts, listing, views
from review.work.errors import InvalidError
from review.work.items import STATUSES
from review.work.pauses import paused_payments
from review.work.people import May, user_of
from review.work.states import local_date
from review.work.wanted import ARMS, LEFT, ME, NARROWING, NOBODY, ORDERS, PAUSED, UNPAUSED, Wanted, at_first

PATH = "/flaggor"
TRAIL = "TRAIL"
ROW = """SELECT place, payment_id, rank, arm, payee_ref, payee_name, risk_area, amount_ore, at_risk_ore, probability,
 per_hour_ore, codes, invoice_no FROM listed WHERE place = ?"""


@page(PATH, may=May.SEE_PAYMENTS, nav=Nav("Flaggor", 20))
def flags(ask: Ask) -> Response:
    """Show the list."""
    return shown(ask, Wanted.read(ask.query))


def shown(ask: Ask, wanted: Wanted, status: int = 200, problem: str = "", typed: str = "") -> Response:
    """Answer with the list as `wanted`; `problem` says what was wrong with a form on it, `typed` is its text."""
    if not ask.library.months():
        return ask.page("flags_none.html")
    shelf = ask.shelf(wanted.month or None)
    with ask.store.read() as connection:
        paused = paused_payments(connection, shelf, local_date(ask.store.clock()))
        chosen = listing.chosen(shelf, connection, ask.user, wanted, paused.keys())
        states = listing.states(connection, shelf.month, [row["payment_id"] for row in chosen.rows])
        people = accounts.everybody(connection)
        saved = views.own(connection, ask.user)
    workers = [row for row in people if row.is_active and user_of(row).may(May.WORK)]
    name, is_reversed = wanted.order
    query = wanted.query()
    return ask.page(
        "flags.html",
        status=status,
        shelf=shelf,
        wanted=wanted,
        query=query,
        chosen=chosen,
        states=states,
        names={row.id: row.name for row in people},
        workers=workers,
        saved=[(row.name, f"{PATH}?{row.query}") for row in saved],
        orders=headings(wanted),
        sorted_by=f"{ORDERS[name].title.lower()}, {ORDERS[name].says[is_reversed]}",
        narrowed=bool(wanted.query(*NARROWING)),
        choices=choices(shelf),
        month_choices=[(month, f.month_name(month)) for month in ask.library.months()],
        status_choices=[(LEFT, "Inte avgjorda"), *STATUSES.items()],
        people_choices=[(ME, "Jag"), (NOBODY, "Ingen"), *((str(row.id), row.name) for row in workers)],
        pause_choices=[(UNPAUSED, "Utan pausade"), (PAUSED, "Bara pausade")],
        paused=paused,
        trail=wanted.trail,
        more=len(wanted.query("indikator", "omrade", "bevis", "urval", "fran", "till", "paus")),
        statuses=STATUSES,
        arms=ARMS,
        capacity=capacity_minutes(shelf.manifest),
        row_with=row_with,
        wrong=wanted.wrong(),
        problem=problem,
        typed=typed,
    )


def headings(wanted: Wanted) -> dict[str, dict[str, Any]]:
    """Return each sortable column's title, address and `aria-sort` ('' when it is not the sorting)."""
    now, is_reversed = wanted.order
    told = {}
    for name, order in ORDERS.items():
        is_now = name == now
        turned = f"-{name}" if is_now and not is_reversed else name
        query = at_first(wanted, sort="" if turned == "rang" else turned).query()
        falls = order.is_down != is_reversed
        told[name] = {
            "title": order.title,
            "path": f"{PATH}?{urlencode(query)}" if query else PATH,
            "aria": ("descending" if falls else "ascending") if is_now else "",
        }
    return told


@cache
def _line() -> Callable[..., Markup]:
    return environment().get_template("flags_row.html").module.line  # ty: ignore[missing-attribute]


def row_with(shelf: Shelf, place: int, may_work: bool, trail: str) -> Markup:
    """Return the row with its link carrying the list along."""
    return row_html(shelf, place, may_work).replace(
        f"?lista={TRAIL}", f"?lista={quote(trail, safe='')}" if trail else ""
    )


@lru_cache(maxsize=4000)
def row_html(shelf: Shelf, place: int, may_work: bool) -> Markup:
    """Return all of a row but its state of work, which alone changes; drawing it is most of the page's cost.

    `TRAIL` in it stands for the list that the row is opened from.
    """
    row = shelf.one(ROW, (place,)) or {}
    path = payment_path(shelf.month, row["payment_id"], TRAIL)
    return _line()(row, path, shelf.indicators, shelf.currency, ORDERS, may_work)


@lru_cache(maxsize=64)
def choices(shelf: Shelf) -> dict[str, list[tuple[str, str]]]:
    """Return what the filter offers of indicators, areas and classes: those the month has."""
    found = shelf.ask("SELECT DISTINCT codes, classes, risk_area FROM listed")
    codes = sorted({code for row in found for code in row["codes"].split()})
    classes = {sign for row in found for sign in row["classes"]}
    areas = sorted({row["risk_area"] for row in found}, key=words.area_text)
    return {
        "indikator": [(code, f"{code} {shelf.indicators.get(code, {}).get('title_sv', '')}") for code in codes],
        "omrade": [(area, words.area_text(area)) for area in areas],
        "bevis": [(sign, text) for sign, text in words.EVIDENCE_CLASSES.items() if sign in classes],
    }


def back(ask: Ask) -> Wanted:
    """Return the list a form on it was sent from."""
    return Wanted.read(dict(parse_qsl(ask.form.get("q", "")[:4000])))


def back_path(wanted: Wanted) -> str:
    """Return that list's address."""
    query = wanted.query()
    return f"{PATH}?{urlencode(query)}" if query else PATH


@action("/flaggor/vyer", may=May.SEE_PAYMENTS)
def save_view(ask: Ask) -> Response:
    """Keep the list's filter and order under a name; the month is not part of it."""
    wanted = back(ask)
    kept = urlencode(wanted.query(*NARROWING, "sortera"))
    try:
        with ask.store.write(ask.user.id) as change:
            name = views.save(change, ask.user, ask.form.get("namn", ""), kept)
    except InvalidError as error:
        return shown(ask, wanted, status=422, problem=error.fields["namn"], typed=ask.form.get("namn", "")[:200])
    return ask.go(back_path(wanted), message=f"Vyn {name} är sparad.")


@action("/flaggor/vyer/bort", may=May.SEE_PAYMENTS)
def remove_view(ask: Ask) -> Response:
    """Remove a saved view."""
    with ask.store.write(ask.user.id) as change:
        views.remove(change, ask.user, ask.form.get("namn", ""))
    return ask.go(back_path(back(ask)), message="Vyn är borttagen.")


def moved(count: int, stayed: int, what: str) -> str:
    """Return what a bulk act did, `3 betalningar är dina nu. 1 betalning lämnades som den var.`"""
    left = (
        f" {f.plural(stayed, 'betalning', 'betalningar')} lämnades: avgjord, någon annans eller jäv." if stayed else ""
    )
    return f"{f.plural(count, 'betalning', 'betalningar')} {what}.{left}"
