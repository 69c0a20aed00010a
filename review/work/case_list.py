"""The list of cases: what may be asked of it, which of them a user sees, and who the payees are."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from review.shelf.library import Library
from review.store.schema import cases, items, users
from review.work.cases import visible
from review.work.people import May, User, user_of
from review.work.states import CLOSED, STATES

PAGE = 100
SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to: `state` a state or 'open' or 'all', `who` 'mine', 'nobody' or a user's number."""

    state: str = "open"
    who: str = ""
    due: str = ""
    text: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: dict[str, str]) -> "Asked":
        """Return what an address asks for; what it does not know is left out."""
        state = query.get("lage", "open")
        page, who = query.get("sida", ""), query.get("vem", "")
        return cls(
            state if state in STATES or state == "all" else "open",
            who if who in ("mine", "nobody") or _is_number(who) else "",
            query.get("tid", "") if query.get("tid") in ("late", "soon") else "",
            query.get("sok", "").strip()[:100],
            max(1, int(page)) if _is_number(page) else 1,
        )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def found(connection: Connection, user: User, asked: Asked, today: str) -> tuple[list[Any], int]:
    """Return a page of cases with their responsible's name and sums, nearest last day first, and how many there are."""
    where = _where(user, asked, today)
    count = connection.execute(select(func.count()).select_from(cases).where(where)).scalar_one()
    sums = (
        select(items.c.case_id, func.count().label("payments"), func.sum(items.c.amount_ore).label("amount_ore"))
        .where(items.c.case_id.is_not(None))
        .group_by(items.c.case_id)
        .subquery()
    )
    wanted = (
        select(cases, users.c.name.label("who"), sums.c.payments, sums.c.amount_ore)
        .outerjoin(users, users.c.id == cases.c.responsible)
        .outerjoin(sums, sums.c.case_id == cases.c.id)
        .where(where)
        .order_by(cases.c.due_on.is_(None), cases.c.due_on, cases.c.id)
        .limit(PAGE)
        .offset((asked.page - 1) * PAGE)
    )
    return list(connection.execute(wanted)), count


def _where(user: User, asked: Asked, today: str) -> Any:
    parts = [visible(user)]
    if asked.state == "open":
        parts.append(cases.c.state != CLOSED)
    elif asked.state != "all":
        parts.append(cases.c.state == asked.state)
    if asked.who == "nobody":
        parts.append(cases.c.responsible.is_(None))
    elif asked.who:
        parts.append(cases.c.responsible == (user.id if asked.who == "mine" else int(asked.who)))
    if asked.due == "late":
        parts.append(cases.c.due_on < today)
    elif asked.due == "soon":
        until = (date.fromisoformat(today) + timedelta(days=SOON_DAYS)).isoformat()
        parts.append(and_(cases.c.due_on >= today, cases.c.due_on <= until))
    if asked.text:
        likes = (cases.c.title, cases.c.registry_no, cases.c.payee_ref)
        said = [column.icontains(asked.text, autoescape=True) for column in likes]
        parts.append(or_(*said, cases.c.id == int(asked.text)) if _is_number(asked.text) else or_(*said))
    return and_(*parts)


def officers(connection: Connection) -> list[User]:
    """Return the active people who may work with cases, by name."""
    rows = connection.execute(select(users).where(users.c.is_active).order_by(users.c.name, users.c.id))
    return [user for row in rows if (user := user_of(row)).may(May.WORK)]


def names(connection: Connection) -> dict[int, str]:
    """Return everybody's name by number."""
    return {row.id: row.name for row in connection.execute(select(users.c.id, users.c.name))}


def payee_names(connection: Connection, library: Library, refs: dict[int, str]) -> dict[int, str]:
    """Return the payee's name of each case (number to payee), as its newest payment's month has it, else its id."""
    newest = select(items.c.case_id, func.max(items.c.month).label("month")).where(items.c.case_id.in_(list(refs)))
    by_month: dict[str, list[int]] = {}
    for row in connection.execute(newest.group_by(items.c.case_id)):
        by_month.setdefault(row.month, []).append(row.case_id)
    told = dict(refs)
    for month, ids in by_month.items():
        shelf = library.shelf(month)
        known = shelf.rows("payees", "payee_ref", [refs[i] for i in ids]) if shelf else []
        by_ref = {row["payee_ref"]: row["payee_name"] for row in known if row["payee_name"]}
        told |= {i: by_ref.get(refs[i], refs[i]) for i in ids}
    return told
