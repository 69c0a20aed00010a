"""Betalning: one listed payment with all that speaks for and against it. What officers do with it is in `payment_acts`."""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from starlette.responses import RedirectResponse, Response

from reporting.care_lines import visit_steps
from reporting.format import number, timestamp
from reporting.html import innocent, why
from reporting.model import RankedPayment
from reporting.svg import NARROW, WIDE, PeerValue, VisitDay, peer_dots, visit_timeline
from review.shelf.keys import sek
from review.shelf.library import Row, Shelf
from review.shelf.records import Typed, payment_record, texts
from review.store.schema import items
from review.web.ask import Ask, payee_path, payment_path
from review.web.routes import page
from review.work import around
from review.work.cases import open_cases_of
from review.work.decisions import history
from review.work.errors import MissingError
from review.work.item_notes import notes_of
from review.work.items import STATUSES, Item, item_of, refuse_conflict
from review.work.log_words import KINDS
from review.work.pauses import paused_payments
from review.work.people import May
from review.work.states import local_date, local_time
from review.work.verdicts import VERDICTS
from review.work.walk import neighbours
from review.work.wanted import Wanted

PATH = "/betalning/{month}/{payment_id:path}"
ACTS = ("utfall", "forslag", "angra", "ta", "lamna", "skjut-upp", "anteckning", "bunt-ta", "bunt-arende", "bunt-utfall")
HOLDS = ("final", "proposed")
LISTS = {"risk": "/flaggor", "random": "/blind"}
SETTLED = ("decided", "proposed")
NO_PICTURES: dict[str, Any] = {"peers": [], "dots": (), "timeline": (), "steps": ()}


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was not kept: what was typed, what is wrong by field, what happened meanwhile; `said` of what was done."""

    status: int = 200
    typed: dict[str, str] = field(default_factory=dict)
    checked: tuple[str, ...] = ()
    wrong: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    said: str = ""


@page(PATH, may=May.SEE_PAYMENTS)
def payment(ask: Ask) -> Response:
    """Show the payment, and log that it was read."""
    try:
        return shown(ask, Sent())
    except MissingError:
        payment_id, _, act = ask.part("payment_id").rpartition("/")
        if act in ACTS:  # the address of a form, loaded anew after it was refused
            return RedirectResponse(payment_path(ask.part("month"), payment_id), status_code=303)
        raise


def trail_of(ask: Ask) -> str:
    """Return the narrowed or sorted list that the payment was opened from, as the address or the form carries it."""
    return Wanted.of_trail(ask.form.get("lista") or ask.query.get("lista", "")).trail


def shown(ask: Ask, sent: Sent) -> Response:
    """Return the page; raises MissingError, and RefusedError when the user has an interest in the payee (jäv)."""
    shelf, payment_id = ask.shelf(ask.part("month")), ask.part("payment_id")
    row, trail = shelf.one("SELECT * FROM listed WHERE payment_id = ?", (payment_id,)), trail_of(ask)
    with ask.store.read() as connection:
        item = item_of(connection, shelf, payment_id)
        refuse_conflict(connection, ask.user, item.payee_ref)
        made = history(connection, item.id) if item.id else []
        decision = next((row for row in made if row.state in HOLDS), None)
        stored = None if row else connection.execute(items.select().where(items.c.id == item.id)).first()
        arm = row["arm"] if row else stored.arm if stored else "risk"
        is_blind = arm == "random" and (decision is None or decision.state != "final")
        context: dict[str, Any] = {
            "names": around.names(connection),
            "notes": notes_of(connection, item.id),
            "cases": open_cases_of(connection, ask.user, item.payee_ref),
            "outcomes": [] if is_blind else around.earlier_outcomes(connection, item.payee_ref, item.id),
            "bundle": [] if is_blind or row is None else around.bundle(connection, shelf, row),
            "story": around.story(connection, item.subject),
        }
        paused = paused_payments(connection, shelf, local_date(ask.store.clock()))
        before, after = neighbours(connection, ask.user, shelf, row, trail, paused) if row else (None, None)
    if sent.status == 200:
        ask.read("payment", item.subject)
    record = payment_record(shelf, payment_id, not is_blind)
    reasons = why(record, texts(shelf)) if record else []
    returned = made[0] if made and made[0].state == "returned" and decision is None else None
    context |= {
        "p": record,
        "returned": returned and next((a for a in context["story"][0] if a.kind == "decision.returned"), None),
        "typed": sent.typed or (_again(returned) if returned and returned.decided_by == ask.user.id else {}),
        "gone": None if record else _gone(shelf, item, stored),
        "reasons": reasons,
        "innocent": innocent(reasons),
        "is_blind": is_blind,
        "is_control": arm == "random",
        "before": before and payment_path(shelf.month, before, trail),
        "after": after and payment_path(shelf.month, after, trail),
        "trail": trail,
        "list_path": f"{LISTS[arm] if not trail else LISTS['risk']}?manad={shelf.month}"
        + (f"&{trail}" if trail else ""),
        "paused": paused.get(payment_id),
        **(_pictures(shelf, payment_id, is_blind) if record else NO_PICTURES),
        **_panel(ask, shelf, item, decision, record),
    }
    return ask.page("payment.html", status=sent.status, row=row, item=item, shelf=shelf, sent=sent, **context)


def _panel(ask: Ask, shelf: Shelf, item: Item, decision: Any, record: RankedPayment | None) -> dict[str, Any]:
    at_risk = record.amount_at_risk_sek if record else None
    is_lead, is_own = ask.user.may(May.LEAD), decision is not None and decision.decided_by == ask.user.id
    is_confirmed = decision is not None and decision.state == "final" and VERDICTS[decision.verdict].is_adverse
    return {
        "path": payment_path(shelf.month, item.payment_id),
        "payee_path": payee_path(item.payee_ref),
        "verdicts": list(VERDICTS.values()),
        "decision": decision,
        "may_work": ask.user.may(May.WORK),
        "can_share": decision is not None and decision.state == "final" and VERDICTS[decision.verdict].is_one_click,
        "may_second": is_lead and decision is not None and decision.state == "proposed" and not is_own,
        "may_undo": decision is not None and ask.user.may(May.WORK) and (is_lead or not is_confirmed),
        "proposed_sek": number(at_risk, 2) if at_risk else "",
        "is_settled": item.status in SETTLED,
        "was_ruled_out": json.loads(decision.ruled_out or "[]") if decision else [],
        "statuses": STATUSES,
        "kinds": KINDS,
        "address": payment_path,
        "local": lambda at: timestamp(local_time(at)),
    }


def _again(row: Any) -> dict[str, str]:
    """Return a proposal that came back as its form was filled in, for who made it to mend."""
    said = {name: getattr(row, name) or "" for name in ("verdict", "cause", "intent", "explanation", "note")}
    said["error_sek"] = number(sek(row.error_ore), 2) if row.error_ore is not None else ""
    said["spent_minutes"] = "" if row.spent_minutes is None else str(row.spent_minutes)
    return said | {"was_worth_looking": "yes" if row.was_worth_looking else "no"}


def _gone(shelf: Shelf, item: Item, stored: Any) -> Row:
    """Return what is known of a payment that the present run no longer lists, from its month and from the store."""
    known = next(iter(shelf.rows("payments", "payment_id", (item.payment_id,))), {})
    amount = known.get("amount_sek") or (sek(stored.amount_ore) if stored else None)
    return {"payee_name": known.get("payee_name") or item.payee_ref, "amount_sek": amount and Decimal(amount)}


@lru_cache(maxsize=256)
def _pictures(shelf: Shelf, payment_id: str, is_blind: bool) -> dict[str, Any]:
    typed, key = Typed(shelf), (payment_id,)
    rows = [] if is_blind else typed.rows("peer_features", "payment_id", key)
    peers, days = [PeerValue.of(r) for r in rows], [VisitDay.of(r) for r in typed.rows("visit_days", "payment_id", key)]
    found = NO_PICTURES | {"steps": visit_steps(typed.rows("recalculation", "payment_id", key), shelf.currency)}
    if peers:
        found |= {"peers": peers, "dots": [peer_dots(peers, shelf.currency, 8, w, f"lika-{w}") for w in (WIDE, NARROW)]}
    if days:
        found["timeline"] = [visit_timeline(days, shelf.currency, w, f"dagar-{w}") for w in (WIDE, NARROW)]
    return found
