"""The list as an Excel workbook that officers fill in and send back as `raw/outcomes`.

Every text is written as text, never as a formula or a link, whatever the ledger holds. The same run gives the
same bytes. Hidden columns carry the ids under their contract names.
"""

import datetime as dt
import hashlib
import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsxwriter.worksheet import Worksheet

from reporting import format as f
from reporting import words
from reporting.excel_about import write_about, write_glossary
from reporting.measured import measured_notes
from reporting.model import RankedPayment, Snapshot
from reporting.whole_file import write_whole
from reporting.words import CAUSES, FLAG_SENTENCE, INTENTS, OUTCOMES
from reporting.workbook import BLUE, HEADER, YELLOW, Book

YES_NO = ("Ja", "Nej")
LISTED, DRAWN = "Träff", "Slump"
FILL_LOOK = {"bg_color": "#FFFDF5", "border": 1, "border_color": "#E6DDC4"}
ROW_LOOK = {"bottom": 1, "bottom_color": "#D5DCE1"}


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    width: float
    kind: str
    value: Callable[[RankedPayment, Snapshot], Any] | None = None
    choices: tuple[str, ...] = ()
    help: str = ""
    is_hidden: bool = False


def _reasons(p: RankedPayment, _: Snapshot) -> str:
    found = []
    for reason in p.reasons:
        found.append(f"{reason.code} {reason.title}" + (f" ({f.share(reason.share, 0)})" if reason.share else ""))
        found += measured_notes(flag for flag in p.flags if flag.code == reason.code)
    return "\n".join(found)


def outcome_id(run_id: str, payment_id: str) -> str:
    """Return the id an outcome of this list row will have: a hash, so sending it twice is one outcome."""
    return "xl-" + hashlib.sha256(f"{run_id}|{payment_id}".encode()).hexdigest()[:20]


COLUMNS = (
    _Column("Rang", 6, "whole", lambda p, s: p.rank),
    _Column("Urval", 8, "text", lambda p, s: DRAWN if p.is_control else LISTED),
    _Column("Betalning", 20, "text", lambda p, s: p.payment_id),
    _Column("Mottagare", 28, "wrapped", lambda p, s: p.payee_name or p.payee_ref),
    _Column("Område", 22, "wrapped", lambda p, s: words.area_text(p.risk_area, p.service)),
    _Column("Datum", 11, "text", lambda p, s: p.date or f.month(p.booked_month)),
    _Column("Belopp", 14, "money", lambda p, s: p.amount_sek),
    _Column("Belopp i risk", 14, "money", lambda p, s: p.amount_at_risk_sek),
    _Column("Förväntat fel", 14, "money", lambda p, s: p.expected_error_sek),
    _Column("Sannolikhet", 12, "share", lambda p, s: p.error_probability),
    _Column("Skäl", 38, "wrapped", _reasons),
    _Column("Talar emot", 26, "wrapped", lambda p, s: "\n".join(p.speaks_against)),
    _Column("Bunt", 6, "whole", lambda p, s: min(p.bundle, default=p.rank)),
    _Column("Utfall", 21, "choice", choices=tuple(OUTCOMES.values()), help="Vad du kom fram till."),
    _Column("Värt att titta på", 11, "choice", choices=YES_NO, help="Var betalningen värd tiden, också utan fel?"),
    _Column(
        "Felbelopp kr",
        14,
        "money_in",
        help="Den felaktiga delen. Skriv minus när kommunen har betalat för lite.",
    ),
    _Column("Orsak", 20, "choice", choices=tuple(CAUSES.values()), help="Hos vem felet uppstod."),
    _Column("Avsikt", 13, "choice", choices=tuple(INTENTS.values()), help="Välj Inte bedömt när du är osäker."),
    _Column("Minuter", 9, "minutes_in", help="Nedlagd tid i hela minuter."),
    _Column("Granskad", 11, "date_in", help="Dagen då du bestämde dig, till exempel 2026-11-22."),
    _Column("Handläggare", 13, "free", help="Din signatur."),
    _Column("Kommentar", 32, "free"),
    _Column("outcome_id", 10, "text", lambda p, s: outcome_id(s.run_id, p.payment_id), is_hidden=True),
    _Column("run_id", 10, "text", lambda p, s: s.run_id, is_hidden=True),
    _Column("payment_id", 10, "text", lambda p, s: p.payment_id, is_hidden=True),
    _Column("arm", 10, "text", lambda p, s: p.arm, is_hidden=True),
    _Column("flag_ids", 10, "text", lambda p, s: " ".join(flag.flag_id for flag in p.flags), is_hidden=True),
)
SHOWN = sum(not c.is_hidden for c in COLUMNS)
FIRST_TO_FILL = next(i for i, c in enumerate(COLUMNS) if c.value is None)


def _write_list(book: Book, snapshot: Snapshot) -> None:
    sheet = book.book.add_worksheet("Lista")
    last = max(len(snapshot.ranked), 1)
    for i, column in enumerate(COLUMNS):
        to_fill = column.value is None
        sheet.set_column(i, i, column.width, book.format(), {"hidden": column.is_hidden})
        look: dict[str, Any] = {
            "bg_color": YELLOW if to_fill else BLUE,
            "text_wrap": True,
            "align": "left",
            "indent": 1,
        }
        if column.kind in ("whole", "money", "share"):
            look |= {"align": "right", "indent": 0}
        book.text(sheet, 0, i, column.title, **look, **HEADER)
        if to_fill:
            _allow(sheet, column, i, last)
    for n, payment in enumerate(snapshot.ranked, 1):
        values = [column.value(payment, snapshot) if column.value else None for column in COLUMNS]
        sheet.set_row(n, 15 * max(_lines(v, c) for v, c in zip(values, COLUMNS, strict=True)) + 3)
        for i, (value, column) in enumerate(zip(values, COLUMNS, strict=True)):
            _cell(book, sheet, n, i, column, value)
    sheet.freeze_panes(1, 4)
    # over the hidden columns too: a spreadsheet sorts what its filter covers, and the ids must go along
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
    sheet.set_row(0, 32)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0, 3)
    sheet.set_print_scale(50)
    sheet.set_v_pagebreaks([FIRST_TO_FILL])
    sheet.print_area(0, 0, last, SHOWN - 1)
    heading = f"{snapshot.municipality}, lista {snapshot.month}".replace("&", "&&")
    sheet.set_header(f"&L{heading}&RSida &P av &N")
    sheet.set_footer(f"&L{FLAG_SENTENCE}")


def _lines(value: Any, column: _Column) -> int:
    if column.kind != "wrapped" or not value:
        return 1
    return sum(math.ceil(len(line) / (column.width * 1.1)) for line in value.split("\n"))


def _cell(book: Book, sheet: Worksheet, row: int, column: int, spec: _Column, value: Any) -> None:
    kind = spec.kind
    more = FILL_LOOK if spec.value is None else ROW_LOOK
    if kind in ("free", "choice"):
        more = more | {"text_wrap": True}
    if kind in ("text", "wrapped"):
        more = more | {"indent": 1, "align": "left"}
    if value is None or value == "":
        sheet.write_blank(row, column, None, book.format(kind, **more))
    elif isinstance(value, Decimal | int | float):
        sheet.write_number(row, column, value, book.format(kind, **more))
    else:
        book.text(sheet, row, column, value, kind, **more)


def _allow(sheet: Worksheet, column: _Column, i: int, last: int) -> None:
    """Let a column to fill in take only what `raw/outcomes` can read, and say so in Swedish."""
    checks: dict[str, dict[str, Any]] = {
        "choice": {"validate": "list", "source": list(column.choices)},
        "money_in": {"validate": "decimal", "criteria": "between", "minimum": -(10**11), "maximum": 10**11},
        "minutes_in": {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 100_000},
        "date_in": {
            "validate": "date",
            "criteria": "between",
            "minimum": dt.date(2000, 1, 1),
            "maximum": dt.date(2199, 12, 31),
        },
        "free": {"validate": "any"},
    }
    said = {"input_title": column.title, "input_message": column.help} if column.help else {}
    told = {
        "error_title": column.title,
        "error_message": f"Välj i listan eller skriv rätt slag. {column.help}",
    }
    sheet.data_validation(1, i, last, i, checks[column.kind] | said | told)


def write_excel(path: Path, snapshot: Snapshot) -> None:
    """Write the list to `path` as .xlsx with the sheets Lista, Om listan and Ordlista.

    Rows of the random control arm show the payment only. Raises OSError when the file cannot be written.
    """
    held = io.BytesIO()
    book = Book(held, snapshot.currency)
    year, month = (int(part) for part in snapshot.month.split("-")[:2])
    title = f"Lista {snapshot.month}"
    book.book.set_properties({"title": title, "created": dt.datetime(year, month, 1)})  # noqa: DTZ001 - no clock
    _write_list(book, snapshot)
    write_about(book, snapshot)
    write_glossary(book)
    book.book.close()
    try:
        write_whole(path, held.getvalue())
    except PermissionError as error:
        raise PermissionError(error.errno, f"{error.strerror}; is it open in another program?") from error
