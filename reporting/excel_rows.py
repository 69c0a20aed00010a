"""A plain table as a workbook, for lists taken out of the officers' application: texts are texts, numbers numbers."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from reporting.words import FLAG_SENTENCE
from reporting.workbook import BLUE, HEADER, Book

ROW_LOOK = {"bottom": 1, "bottom_color": "#D5DCE1"}
RIGHT = ("whole", "money", "share")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its width in characters, and the kind of its cells (text, wrapped, whole, money, share)."""

    title: str
    width: float
    kind: str = "text"


def write_rows(
    target: Path | BinaryIO,
    title: str,
    currency: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    about: Sequence[tuple[str, str]],
) -> None:
    """Write the sheets Lista (one row each, in the columns' order) and Om listan (names and texts) to `target`.

    The file carries no time of its own: the same rows give the same bytes.
    """
    book = Book(target, currency)
    book.book.set_properties({"title": title, "created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 - no clock
    sheet = book.book.add_worksheet("Lista")
    for i, column in enumerate(columns):
        sheet.set_column(i, i, column.width, book.format())
        look: dict[str, Any] = {"bg_color": BLUE, "text_wrap": True, "align": "left", "indent": 1, **HEADER}
        if column.kind in RIGHT:
            look |= {"align": "right", "indent": 0}
        book.text(sheet, 0, i, column.title, **look)
    last = 0
    for last, row in enumerate(rows, 1):
        for i, (value, column) in enumerate(zip(row, columns, strict=True)):
            if value is None or value == "":
                sheet.write_blank(last, i, None, book.format(column.kind, **ROW_LOOK))
            elif isinstance(value, Decimal | int | float):
                sheet.write_number(last, i, value, book.format(column.kind, **ROW_LOOK))
            else:
                book.text(sheet, last, i, value, column.kind, indent=1, align="left", **ROW_LOOK)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&L{title.replace('&', '&&')}&RSida &P av &N")
    sheet.set_footer(f"&L{FLAG_SENTENCE}")
    notes = book.book.add_worksheet("Om listan")
    notes.set_column(0, 0, 24)
    notes.set_column(1, 1, 80)
    book.heading(notes, 0, title)
    for n, (name, text) in enumerate(about, 2):
        book.text(notes, n, 0, name, bold=True)
        book.text(notes, n, 1, text, "wrapped")
    book.book.close()
