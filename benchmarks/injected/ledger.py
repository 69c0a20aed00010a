"""Published ledger files as rows of text that can be copied, changed and appended in the file's own layout."""

import csv
import gzip
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache, cached_property
from pathlib import Path

from fut.contract import contract
from fut.dialect import Dialect, normal

FIRST_YEAR = 2000
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, eq=False)
class LedgerFile:
    """One published file: its bytes as they are, its header, and how it writes dates."""

    name: str
    content: bytes
    encoding: str
    line_end: str
    header: tuple[str, ...]
    mapped: dict[str, int]
    date_format: str
    month: str | None

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Return for each column its canonical name, or its normalised header where the dialect ignores it."""
        names = {position: name for name, position in self.mapped.items()}
        return tuple(names.get(i, normal(cell)) for i, cell in enumerate(self.header))

    def compose(self, template: tuple[str, ...], values: Mapping[str, str]) -> tuple[str, ...]:
        """Return a row in this file's layout: the values by column, the template's cell where none is given."""
        return tuple(values.get(key, cell) for key, cell in zip(self.keys, template, strict=True))

    def with_rows(self, rows: list[tuple[str, ...]]) -> bytes:
        """Return the gzipped file with rows appended; what was there stays byte for byte."""
        text = io.StringIO()
        csv.writer(text, lineterminator=self.line_end).writerows(rows)
        start = self.content if self.content.endswith(b"\n") else self.content + self.line_end.encode()
        return gzip.compress(start + text.getvalue().encode(self.encoding), compresslevel=1, mtime=0)


@dataclass(slots=True, eq=False)
class Bill:
    """One row of the ledger, read: amount in the ledger's currency, `number` None where hidden or absent."""

    file: LedgerFile
    cells: tuple[str, ...]
    day: date
    month: str
    amount: Decimal
    supplier: str
    supplier_ref: str
    voucher: str
    number: str | None
    department: str
    is_named: bool

    def values(self) -> dict[str, str]:
        """Return the row's cells by column."""
        return dict(zip(self.file.keys, self.cells, strict=True))

    def cell(self, key: str) -> str:
        """Return one cell without blanks around it."""
        return self.cells[self.file.keys.index(key)].strip()


@dataclass
class Ledger:
    """All bills of a window, in file order, and how one of them is written."""

    dialect: Dialect
    files: list[LedgerFile]
    bills: list[Bill] = field(default_factory=list)

    @property
    def voucher_key(self) -> str:
        """Return the column that holds the voucher: its own, or the header a dialect splits it from."""
        return next(iter(self.dialect.split), "voucher_no")

    def voucher_of(self, text: str) -> str:
        """Return the voucher number as the pipeline will read it; raises ValueError when it cannot."""
        pattern = self.dialect.split.get(self.voucher_key)
        if pattern is None:
            return text.strip()
        found = re.fullmatch(pattern, text)
        if found is None:
            raise ValueError("the voucher's cell does not fit the dialect")
        return found["voucher_no"]


def read_ledger(folder: Path, names: list[str], dialect: Dialect) -> Ledger:
    """Read published files (names without folder); rows without date or amount are left out."""
    ledger = Ledger(dialect, [])
    for name in names:
        content = (folder / name).read_bytes()
        content = gzip.decompress(content) if name.endswith(".gz") else content
        file, rows = _read(name, content, dialect)
        ledger.files.append(file)
        ledger.bills.extend(_bills(file, rows, ledger))
    return ledger


def _read(name: str, content: bytes, dialect: Dialect) -> tuple[LedgerFile, list[list[str]]]:
    for encoding in dialect.encodings:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise ValueError(f"{name}: none of the dialect's encodings reads it")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    mapped = dialect.map_header(rows[0], contract("raw", dialect.table))
    period = dialect.period(name)
    line_end = "\r\n" if b"\r\n" in content[:4096] else "\n"
    written = "utf-8" if encoding == "utf-8-sig" else encoding
    position = mapped["booking_date"]
    style = next((s for row in rows[1:] if len(row) > position for s in [_style(row[position], dialect)] if s), "")
    file = LedgerFile(name, content, written, line_end, tuple(rows[0]), mapped, style, period.month if period else None)
    return file, rows[1:]


def _style(text: str, dialect: Dialect) -> str | None:
    for style in dialect.date_formats:
        try:
            datetime.strptime(text.strip(), style)  # noqa: DTZ007
        except ValueError:
            continue
        return style
    return None


def _bills(file: LedgerFile, rows: list[list[str]], ledger: Ledger) -> Iterator[Bill]:
    dialect, at = ledger.dialect, {key: i for i, key in enumerate(file.keys)}
    hides_name = _matcher(dialect.hidden.get("supplier_name", ()))
    hides_number = _matcher(dialect.hidden.get("invoice_no", ()))
    is_once = _matcher((dialect.one_time,) if dialect.one_time else ())
    days = cache(lambda text: _day(text, dialect))

    def cell(row: list[str], key: str) -> str:
        return row[at[key]].strip() if key in at else ""

    for row in rows:
        if len(row) != len(file.header):
            continue
        day, amount = days(cell(row, "booking_date")), _amount(cell(row, "amount_sek"), dialect.thousands)
        if day is None or amount is None:
            continue
        name, ref, number = cell(row, "supplier_name"), cell(row, "supplier_ref"), cell(row, "invoice_no")
        try:
            voucher = ledger.voucher_of(cell(row, ledger.voucher_key))
        except ValueError:
            continue
        yield Bill(
            file, tuple(row), day, file.month or f"{day:%Y-%m}", amount, name, ref, voucher,
            None if not number or hides_number(number) else number, cell(row, "department"),
            bool(name and ref) and not is_once(ref) and not hides_name(name),
        )  # fmt: skip


def _matcher(patterns: Iterable[str]) -> Callable[[str], bool]:
    compiled = [re.compile(pattern) for pattern in patterns]
    return cache(lambda text: any(pattern.fullmatch(text) for pattern in compiled))


def _day(text: str, dialect: Dialect) -> date | None:
    style = _style(text, dialect)
    day = datetime.strptime(text.strip(), style).date() if style else None  # noqa: DTZ007
    return day if day and day.year >= FIRST_YEAR else None


def _amount(text: str, thousands: str) -> Decimal | None:
    try:
        return Decimal(text.replace(thousands, "") if thousands else text).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None


def raised(text: str, steps: int) -> str:
    """Return text with its longest run of digits raised by that many, as wide as before where it fits."""
    runs = list(_DIGITS.finditer(text))
    if not runs:
        raise ValueError("no digits to count on")
    run = max(runs, key=lambda m: (len(m[0]), m.start()))
    return f"{text[: run.start()]}{int(run[0]) + steps:0{len(run[0])}d}{text[run.end() :]}"
