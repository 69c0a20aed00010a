"""Logg: every act and every reading, filtered; the chain held against its anchors; and the same as a file."""

from collections.abc import Iterator
from typing import Any

from starlette.responses import Response, StreamingResponse

from reporting.csv_text import lines
from reporting.format import timestamp
from review.web.ask import Ask, payee_path, payment_path
from review.web.routes import Nav, action, page
from review.work import logbook
from review.work.errors import InvalidError
from review.work.log_subjects import named
from review.work.log_told import particulars
from review.work.log_words import KINDS
from review.work.people import May
from review.work.states import local_second

SUBJECT = "log:"
ASKED = ("kind", "actor", "subject", "first", "last", "payee")
PATHS = {"payment": payment_path, "payee": payee_path, "case": "/arende/{}".format}
HEADINGS = ("nummer", "tid_utc", "person", "person_nr", "handelse", "vad", "uppgifter", "kontrollsumma")


@page("/logg", may=May.SEE_LOG, nav=Nav("Logg", 90))
def log_page(ask: Ask) -> Response:
    """Show a page of the log, newest first; the reading itself is logged."""
    return _shown(ask, None)


@action("/logg/kontroll", may=May.SEE_LOG)
def verify(ask: Ask) -> Response:
    """Check the chain and every anchor, and log what was found."""
    with ask.store.read() as connection:
        kept = logbook.anchored(connection, ask.library, ask.settings.inbox)
        found = logbook.verified(connection, kept)
    with ask.store.write(ask.user.id) as change:
        change.record("log.verified", SUBJECT, head=found.head.seq, breaks=len(found.breaks))
    return _shown(ask, found)


def _shown(ask: Ask, found: logbook.Verified | None) -> Response:
    query = {name: value for name, value in ask.query.items() if name in ASKED}
    wrong: dict[str, str] = {}
    try:
        asked = logbook.wanted(query)
    except InvalidError as error:
        asked, wrong = logbook.Wanted(), error.fields
    said = ask.query.get("before", "")
    before = int(said) if said.isascii() and said.isdigit() and len(said) < 16 else None
    with ask.store.read() as connection:
        rows, onward = ([], None) if wrong else logbook.entries(connection, ask.library, asked, before)
        people = logbook.actors(connection)
        about = named(connection, ask.library, ask.user, (row.subject for row in rows))
    if not wrong and found is None:
        ask.read("log", SUBJECT, query=asked.told | ({"before": before} if before else {}))
    shown: dict[str, Any] = {
        "rows": rows,
        "onward": onward,
        "people": people,
        "query": query,
        "asked": asked,
        "before": before,
    }
    names = {person.id: person.name for person in people}
    shown |= {
        "about": about,
        "paths": {subject: PATHS[one.kind](*one.key) for subject, one in about.items() if one.kind},
        "local": lambda at: timestamp(local_second(at)),
        "particulars": lambda said: particulars(said, names),
    }
    status = 422 if wrong else 200
    return ask.page("log.html", status=status, kinds=KINDS, wrong=wrong, found=found, **shown)


@page("/logg.csv", may=May.SEE_LOG)
def log_file(ask: Ask) -> Response:
    """Answer with all entries asked for as a file, oldest first."""
    asked = logbook.wanted(ask.query)
    with ask.store.write(ask.user.id) as change:
        change.record("log.exported", SUBJECT, query=asked.told)

    def cells() -> Iterator[tuple[object, ...]]:
        with ask.store.read() as connection:
            for row in logbook.every(connection, ask.library, asked):
                yield row.seq, row.at, row.name, row.actor, row.kind, row.subject, row.payload, row.hash

    headers = {"Content-Disposition": 'attachment; filename="logg.csv"'}
    return StreamingResponse(lines(HEADINGS, cells()), media_type="text/csv; charset=utf-8", headers=headers)
