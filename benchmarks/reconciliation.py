"""Does every published file reconcile exactly? python -m benchmarks.reconciliation --data DIR.

An independent reader, Python's csv and Decimal, counts each file's rows and sums its amounts; ours must have the same
in, and what came in must be core + quarantine + totals + superseded, to the last öre.
"""

import argparse
import csv
import gzip
import io
import re
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from xml.etree import ElementTree

from fut.dialect import Dialect, dialect
from fut.errors import InputError
from fut.settings import Municipality, Settings, Source
from fut.warehouse import open_warehouse
from pipelines import steps

LEDGERS = {
    "devon": ("devon_2011_2021/published", "*.csv.gz"),
    "oxford": ("oxford_spending/published", "*"),
    "orebro": ("orebro_2016_03", "*.csv"),
    "orebro xlsx": ("orebro_2016_03", "*.xlsx"),
}
CENT = Decimal("0.01")
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OURS = (
    "SELECT source_file, rows_in, sek_in, rows_core, sek_core, rows_quarantine, sek_quarantine, total_rows, sek_totals, "
    "rows_superseded, sek_superseded, rows_unreadable FROM reconciliation ORDER BY 1"
)


@dataclass
class Sums:
    """Rows and kronor of a ledger, and where they part: lines of text that name a file and the difference."""

    files: int
    rows: tuple[int, ...]
    sek: tuple[Decimal, ...]
    differences: list[str]


def main(argv: list[str] | None = None) -> int:
    """Print a table per ledger; 1 when a file's rows or kronor differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reconciliation")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", choices=sorted(LEDGERS))
    arguments = parser.parse_args(argv)
    columns = ("files", "in, independent", "in, ours", "core", "quarantine", "totals", "superseded", "differences")
    sys.stdout.write(f"{'ledger':14s}" + "".join(f"{name:>19}" for name in columns) + "\n")
    wrong = False
    for name in [arguments.only] if arguments.only else LEDGERS:
        found = reconcile(name, arguments.data)
        wrong |= bool(found.differences)
        sys.stdout.write(f"{name:14s}{found.files:>19}" + "".join(f"{n:>19,}" for n in found.rows))
        sys.stdout.write(f"{len(found.differences):>19}\n{'':33s}" + "".join(f"{s:>19,}" for s in found.sek) + "\n")
        sys.stdout.write("".join(f"  {line}\n" for line in found.differences))
    return int(wrong)


def reconcile(name: str, data: Path) -> Sums:
    """Load a ledger into an empty warehouse and set each file's sums beside the independent reader's."""
    folder, pattern = LEDGERS[name]
    paths = sorted(p for p in (data / folder).glob(pattern) if p.is_file() and p.suffix != ".md")
    if not paths:
        raise InputError(f"{folder}: no files")
    spoken = dialect(name.split()[0])
    with tempfile.TemporaryDirectory() as temporary:
        (inbox := Path(temporary) / "inbox").mkdir()
        for path in paths:
            (inbox / path.name).symlink_to(path.resolve())
        settings = Settings(
            Municipality("ledger", "Ledger"), (Source("ledger", spoken.dialect),), inbox, Path(temporary) / "var",
            is_demo=True,
        )  # fmt: skip
        with open_warehouse(settings) as connection:
            steps.load_and_check(connection, settings)
            steps.build(connection, settings)
            ours = {row[0]: row[1:] for row in connection.execute(_OURS).fetchall()}
    totals = [(0, Decimal(0))] * 6
    differences = []
    for path in paths:
        independent = count(path, spoken)
        row = ours.get(path.name, (0,) * 11)
        pairs = [independent, *((row[i], Decimal(row[i + 1])) for i in range(0, 10, 2))]
        rest = tuple(sum(pair[i] for pair in pairs[2:]) for i in (0, 1))
        if pairs[0] != pairs[1]:
            differences.append(f"{path.name}: independent {pairs[0]}, ours in {pairs[1]}, unreadable {row[10]}")
        if pairs[1] != rest:
            differences.append(f"{path.name}: ours in {pairs[1]}, core + quarantine + totals + superseded {rest}")
        totals = [(a + c, b + d) for (a, b), (c, d) in zip(totals, pairs, strict=True)]
    return Sums(len(paths), tuple(n for n, _ in totals), tuple(s for _, s in totals), differences)


def count(path: Path, spoken: Dialect) -> tuple[int, Decimal]:
    """Return the rows that hold anything a posting needs, and the sum of their amounts, read by Python alone."""
    table = _sheet(path) if path.suffix == ".xlsx" else _lines(path, spoken)
    aliases = {_plain(a): name for name, known in spoken.columns.items() for a in known}
    header = next(i for i, cells in enumerate(table) if len({_plain(c) for c in cells} & set(aliases)) > 2)
    places: dict[str, int] = {}
    for place, cell in enumerate(table[header]):
        places.setdefault(aliases.get(_plain(cell), ""), place)
    needed = ("amount_sek", "supplier_name", "voucher_no", "transaction", "invoice_no", "account_no", "account")
    wanted = [places[name] for name in needed if name in places]
    rows, total = 0, Decimal(0)
    for cells in table[header + 1 :]:
        if any(place < len(cells) and cells[place].strip() for place in wanted):
            rows += 1
            total += _amount(cells[places["amount_sek"]] if places["amount_sek"] < len(cells) else "", spoken.decimal)
    return rows, total


def _lines(path: Path, spoken: Dialect) -> list[list[str]]:
    raw = path.read_bytes()
    raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=spoken.delimiter[0]))


def _sheet(path: Path) -> list[list[str]]:
    """Return the cells of a workbook's first sheet, straight from its XML."""
    with zipfile.ZipFile(path) as book:
        shared: list[str] = []
        if "xl/sharedStrings.xml" in book.namelist():
            strings = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314
            shared = ["".join(t.text or "" for t in item.iter(f"{_SHEET}t")) for item in strings]
        name = min(n for n in book.namelist() if n.startswith("xl/worksheets/") and n.endswith(".xml"))
        sheet = ElementTree.fromstring(book.read(name))  # noqa: S314
    table = []
    for row in sheet.iter(f"{_SHEET}row"):
        cells: list[str] = []
        for cell in row:
            place = _place(cell.get("r", "")) if cell.get("r") else len(cells)
            cells += [""] * (place - len(cells))
            value = cell.findtext(f"{_SHEET}v") or "".join(t.text or "" for t in cell.iter(f"{_SHEET}t"))
            cells.append(shared[int(value)] if cell.get("t") == "s" and value else value)
        table.append(cells)
    return table


def _place(reference: str) -> int:
    place = 0
    for letter in reference.rstrip("0123456789"):
        place = place * 26 + ord(letter) - 64
    return place - 1


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "_", text.replace("\ufeff", "").strip().lower()).strip("_")


def _amount(text: str, decimal: str) -> Decimal:
    digits = re.sub(r"[\s£]", "", text).replace("\u2212", "-")
    if decimal == "," and "," in digits:
        digits = digits.replace(".", "").replace(",", ".")
    digits = digits.replace(",", "")
    if digits.endswith("-") or (digits.startswith("(") and digits.endswith(")")):
        digits = "-" + digits.strip("-()")
    try:
        return Decimal(digits).quantize(CENT, ROUND_HALF_UP)
    except InvalidOperation:
        return Decimal(0)


if __name__ == "__main__":
    sys.exit(main())
