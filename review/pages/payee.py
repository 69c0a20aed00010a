"""Utförare: one payee over all published months, its features beside peers', and the pauses officers set for it."""

from functools import partial
from typing import Any

from starlette.responses import RedirectResponse, Response

from reporting import svg
from reporting.format import month_name
from reporting.pictures.profile import LIMIT_SD
from reporting.reading import money
from reporting.words import GRAINS, column_label, feature_text
from review.store.database import Change
from review.web.ask import Ask, payee_path
from review.web.figures import both
from review.web.routes import action, page
from review.work import pauses
from review.work import payee as payees
from review.work.around import earlier_outcomes
from review.work.cases import open_cases_of
from review.work.errors import ConflictError, InvalidError, MissingError
from review.work.items import barred_payees, refuse_conflict
from review.work.payee_records import records_of
from review.work.people import May
from review.work.states import local_date

PATH = "/utforare/{payee_ref:path}"
DRAWN = 3
DRAWN_PROFILE = 5


@page(PATH, may=May.SEE_PAYMENTS)
def payee(ask: Ask) -> Response:
    """Show the payee, and log that it was read."""
    try:
        return _shown(ask, ask.part("payee_ref"))
    except MissingError:
        payee_ref, _, act = ask.part("payee_ref").rpartition("/")
        if act == "paus":  # the form's own address, loaded anew after it was refused
            return RedirectResponse(payee_path(payee_ref), status_code=303)
        raise


@action(PATH + "/paus", may=May.WORK)
def pause(ask: Ask) -> Response:
    """Pause an indicator for the payee, or end a pause (`pause` names it)."""
    payee_ref = ask.part("payee_ref")
    payees.profile(ask.library, payee_ref)
    try:
        with ask.store.write(ask.user.id) as change:
            said = _act(ask, change, payee_ref)
            return ask.go(payee_path(payee_ref) + "#pauser", change, said)
    except InvalidError as error:
        return _shown(ask, payee_ref, 422, wrong=error.fields)
    except ConflictError as error:
        return _shown(ask, payee_ref, 409, problem=str(error))


def _act(ask: Ask, change: Change, payee_ref: str) -> str:
    number = ask.form.get("pause", "")
    if number:
        if not (number.isascii() and number.isdigit() and len(number) < 16):
            raise MissingError("pause")
        pauses.end(change, ask.user, payee_ref, int(number), ask.version())
        return "Pausen är avslutad."
    pauses.pause(change, ask.user, payee_ref, ask.form, ask.shelf().indicators)
    return "Indikatorn är pausad för mottagaren."


def _shown(ask: Ask, payee_ref: str, status: int = 200, **problem: Any) -> Response:
    known, month = payees.profile(ask.library, payee_ref)
    today = local_date(ask.store.clock())
    with ask.store.read() as connection:
        refuse_conflict(connection, ask.user, payee_ref)
        months = payees.months_of(connection, ask.library, payee_ref)
        set_aside = pauses.of_payee(connection, payee_ref)
        shown: dict[str, Any] = {
            "outcomes": earlier_outcomes(connection, payee_ref, 0),
            "cases": open_cases_of(connection, ask.user, payee_ref),
            "money": payees.money_of_payee(connection, ask.user, payee_ref),
            "conflict_count": payees.conflict_count(connection, payee_ref),
            "records": records_of(ask.library, payee_ref, month, barred_payees(connection, ask.user)),
        }
    if status == 200:
        ask.read("payee", pauses.subject(payee_ref))
    shelf = ask.shelf()
    features = payees.features_of(ask.library, months)
    profile_month, profile = payees.profile_of(ask.library, payee_ref, months)
    listed = [one for found in reversed(months) for one in reversed(found.listed)]
    shown |= {
        "payee_ref": payee_ref,
        "known": known,
        "known_month": month,
        "paid_sek": money(known.get("amount_sek")),
        "months": months,
        "erased": sorted({month.month for month in months} & ask.library.erased().keys()),
        "listed": listed[: payees.MOST],
        "listed_count": len(listed),
        "features": [(f, _label(f), partial(_value, f, shelf.currency)) for f in features],
        "limit": LIMIT_SD,
        "profile": [_part(number, part, profile_month, shelf.currency) for number, part in enumerate(profile, 1)],
        "pictured": DRAWN,
        "pictures": _pictures(months, features, shelf.currency),
        "active": [row for row in set_aside if pauses.is_active(row, today)],
        "past": [row for row in set_aside if not pauses.is_active(row, today)],
        "indicators": sorted(shelf.indicators.values(), key=lambda row: row["code"]),
        "currency": shelf.currency,
        "longest": pauses.LONGEST_DAYS,
        "everything": (pauses.ALL, pauses.ALL_TITLE),
    }
    return ask.page("payee.html", status=status, **{"wrong": {}, "problem": ""} | shown | problem, typed=ask.form)


def _label(feature: payees.Feature) -> str:
    return feature.label or column_label(feature.name)


def _value(feature: payees.Feature, currency: str, value: float | None) -> str:
    return feature_text(feature.name, feature.unit, value, currency)


def _part(number: int, rows: list[svg.ProfileValue], month: str, currency: str) -> dict[str, Any]:
    """Return one grain of the profile as the page shows it."""
    title = GRAINS[rows[0].grain].format(month=month_name(month))
    title += f": {rows[0].provider_id}" if rows[0].provider_id else ""
    peers = max((row.peers or 0 for row in rows), default=0)
    compared, unusual = (sum(getattr(row, name) for row in rows) for name in ("is_compared", "is_unusual"))
    drawn = both(
        svg.profile_rows, f"profil-{number}", rows, f"{title}, det som ligger längst ut", currency, DRAWN_PROFILE
    )
    return {"title": title, "peers": peers, "compared": compared, "unusual": unusual, "rows": rows, "picture": drawn}


def _pictures(months: list[payees.PayeeMonth], features: list[payees.Feature], currency: str) -> dict[str, Any]:
    found: dict[str, Any] = {"features": []}
    if months:
        drawn = [month.drawn for month in months]
        found["months"] = both(svg.provider_months, "manader", drawn, "Utbetalt, träffar och utfall", currency)
    for number, feature in enumerate(features[:DRAWN], 1):
        series = {
            "Mottagaren": [point.value for point in feature.points],
            "Jämförbara, mitten": [point.peer_median for point in feature.points],
            "Jämförbara, 95 av 100 under": [point.peer_p95 for point in feature.points],
        }
        show = partial(_value, feature, currency)
        labels = [point.month for point in feature.points]
        found["features"].append(both(svg.lines, f"egenskap-{number}", labels, series, _label(feature), show=show))
    return found
