"""What a log's entries are about, in words and with a way there: the payment's payee and amount, the case, the person."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from fut.errors import StoreError
from reporting.format import kr, month_name
from review.shelf.keys import sek
from review.shelf.library import Library, Row, Shelf
from review.store.schema import cases, items, users
from review.work.conflicts import names as payee_names
from review.work.items import barred_payees
from review.work.people import May, User

WHOLE = {"log": "Loggen", "outcomes": "Utfall till nästa körning", "user": "Okänt konto"}


@dataclass(frozen=True, slots=True)
class About:
    """What an entry is about: `text` for the reader, `kind` and `key` of its page, both "" where there is none."""

    text: str
    kind: str = ""
    key: tuple[str, ...] = ()


def named(connection: Connection, library: Library, user: User, subjects: Iterable[str]) -> dict[str, About]:
    """Return subjects by name; left out is what nothing is known of any more, and what concerns a payee with jäv."""
    parted = {subject: tuple(subject.split(":", 2)) for subject in subjects}
    numbers = {int(p[1]) for p in parted.values() if p[0] in ("case", "user") and len(p) == 2 and p[1].isdecimal()}
    found = {subject: About(said) for subject, p in parted.items() if (said := _whole(*p[:2]))}
    for row in connection.execute(select(users.c.id, users.c.name).where(users.c.id.in_(numbers))):
        found[f"user:{row.id}"] = About(f"Kontot {row.name}")
    if not user.may(May.SEE_PAYMENTS):
        return found
    barred = barred_payees(connection, user)
    for row in connection.execute(select(cases.c.id, cases.c.title, cases.c.payee_ref).where(cases.c.id.in_(numbers))):
        if row.payee_ref not in barred:
            found[f"case:{row.id}"] = About(f"Ärende {row.id}: {row.title}", "case", (str(row.id),))
    refs = {subject.removeprefix("payee:") for subject in parted if subject.startswith("payee:")} - barred
    for ref, name in _payees(library, refs).items():
        found[f"payee:{ref}"] = About(name, "payee", (ref,))
    found |= _payments(connection, library, [p for p in parted.values() if p[0] == "payment" and len(p) == 3], barred)
    return found


def _whole(kind: str, of: str = "") -> str:
    if kind == "list":
        return f"Listan för {month_name(of)}"
    return f"Årsrapport {of}" if kind == "report" else "" if of else WHOLE.get(kind, "")


def _shelf(library: Library, month: str) -> Shelf | None:
    """Return a month's shelf, None where it is not published or cannot be laid out: the log is read all the same."""
    try:
        return library.shelf(month)
    except StoreError:
        return None


def _payees(library: Library, refs: set[str]) -> dict[str, str]:
    try:
        return payee_names(library, refs)
    except StoreError:
        return {ref: ref for ref in refs}


def _payments(
    connection: Connection, library: Library, wanted: list[tuple[str, ...]], barred: set[str]
) -> dict[str, About]:
    """Return payments by subject, from their month's list, else from what was stored when somebody acted on them."""
    found, stored = {}, select(items.c.payee_ref, items.c.payment_id, items.c.amount_ore)
    for month in sorted({month for _, month, _ in wanted}):
        keys, shelf = [key for _, of, key in wanted if of == month], _shelf(library, month)
        acted = connection.execute(stored.where(items.c.month == month, items.c.payment_id.in_(keys))).mappings()
        rows: list[Row] = [*map(dict, acted), *(shelf.rows("listed", "payment_id", keys) if shelf else ())]
        names = _payees(library, {row["payee_ref"] for row in rows if not row.get("payee_name")})
        for row in rows:
            if row["payee_ref"] not in barred:
                amount = kr(sek(row["amount_ore"]), shelf.currency if shelf else "SEK")
                text = f"{row.get('payee_name') or names[row['payee_ref']]}, {amount}"
                found[f"payment:{month}:{row['payment_id']}"] = About(text, "payment", (month, row["payment_id"]))
    return found
