"""A workbook whose texts can never run: everything said as text is written as text."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reporting import format as f

CAUTIOUS = ("=", "+", "-", "@", "\t", "\r")
MOST_CHARACTERS = 32_000  # a cell of the format holds 32,767
HEADING: dict[str, Any] = {"bold": True, "font_size": 14}
HEADER: dict[str, Any] = {"bold": True, "bottom": 2}
BLUE, YELLOW = "#DCE9F2", "#FFF4D6"


class Book:
    """The workbook with its formats, each made once."""

    def __init__(self, path: Path | BinaryIO, currency: str) -> None:
        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "in_memory": True,
        }
        self.book = xlsxwriter.Workbook(str(path) if isinstance(path, Path) else path, options)
        sign = f.currency_sign(currency)
        self.numbers = {
            "money": f'#,##0 "{sign}";[Red]"\u2212"#,##0 "{sign}"',
            "money_in": f'#,##0.00 "{sign}";[Red]"\u2212"#,##0.00 "{sign}"',
            "share": "0 %",
            "whole": "#,##0",
            "minutes_in": "#,##0",
            "date_in": "yyyy-mm-dd",
        }
        self.formats: dict[tuple, Format] = {}

    def format(self, kind: str = "", **more: Any) -> Format:
        """Return the format of a kind of cell, top-aligned."""
        key = (kind, *sorted(more.items()))
        if key not in self.formats:
            said = {"valign": "top", "font_name": "Calibri", "font_size": 11} | more
            if kind in self.numbers:
                said["num_format"] = self.numbers[kind]
            if kind == "wrapped":
                said["text_wrap"] = True
            self.formats[key] = self.book.add_format(said)
        return self.formats[key]

    def text(self, sheet: Worksheet, row: int, column: int, text: str | int, kind: str = "", **more: Any) -> None:
        """Write text as text; one that a spreadsheet might run keeps a quote mark also when it is edited."""
        text = str(text)
        if text.startswith(CAUTIOUS):
            more["quote_prefix"] = True
        sheet.write_string(row, column, text[:MOST_CHARACTERS], self.format(kind, **more))

    def heading(self, sheet: Worksheet, row: int, text: str) -> None:
        """Write a section's heading."""
        self.text(sheet, row, 0, text, **HEADING)

    def cells(
        self, sheet: Worksheet, row: int, values: Sequence[str | int | Decimal | None], kinds: Sequence[str] = ()
    ) -> int:
        """Write one row of texts and amounts (of `kinds`, else money) and return the next row."""
        for i, value in enumerate(values):
            if isinstance(value, Decimal):
                sheet.write_number(row, i, float(value), self.format(kinds[i] if kinds else "money"))
            else:
                self.text(sheet, row, i, str(value or ""), "wrapped", indent=1, align="left")
        return row + 1
