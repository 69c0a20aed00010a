"""Real ledgers against an independent reader: rows and money of every published file, equal to the öre."""

import csv
import gzip
import io
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fnmatch import fnmatch
from pathlib import Path

import openpyxl
import pytest

from fut.inbox import ingest
from fut.pseudonym import DEMO_KEY, Pseudonymiser
from fut.settings import Municipality, Settings, Source
from fut.validate import validate
from tests.fut.inbox_tools import memory

Sums = dict[str, tuple[int, Decimal]]


def cells(path: Path, delimiter: str) -> Iterator[list[str]]:
    """Yield the rows of a CSV file the plainest way there is."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def money(text: str) -> Decimal:
    return Decimal(text.replace(",", "").strip() or "0").quantize(Decimal("0.01"), ROUND_HALF_UP)


def summed(path: Path, delimiter: str, amount: str, fillers: int = 0) -> tuple[int, Decimal]:
    """Return rows that hold anything after the columns that are filled in on every line, and their money."""
    rows = cells(path, delimiter)
    position = [name.strip().lower() for name in next(rows)].index(amount)
    kept = [row for row in rows if any(cell.strip() for cell in row[fillers:])]
    decimal = (lambda text: text.replace(",", ".")) if delimiter == ";" else str
    return len(kept), sum((money(decimal(row[position])) for row in kept), Decimal(0))


def loaded(folder: Path, dialect: str, files: str, tmp_path: Path) -> tuple[Sums, dict[str, int], dict[str, int]]:
    """Return rows and money by file, repairs by kind, and rows set aside by rule."""
    settings = Settings(Municipality("m", "M"), (Source("ledger", dialect, files),), folder, tmp_path, is_demo=True)
    with memory() as connection:
        ingest(connection, settings, Pseudonymiser(DEMO_KEY))
        validate(connection)
        found = connection.execute("SELECT source_file, rows_in, sek_in FROM deliveries").fetchall()
        kinds = connection.execute("SELECT kind, sum(rows)::INT FROM repairs GROUP BY 1").fetchall()
        rules = connection.execute("SELECT rule, count(*) FROM quarantine GROUP BY 1").fetchall()
        row = connection.execute(
            "SELECT (SELECT sum(amount_sek) FROM raw_ap_postings) + sum(sek_totals), (SELECT count(*) FROM "
            "raw_ap_postings) + sum(total_rows), sum(sek_in), sum(rows_in) FROM deliveries"
        ).fetchone()
    assert row is not None
    assert row[:2] == row[2:]
    return {name: (rows, sek) for name, rows, sek in found}, dict(kinds), dict(rules)


def test_devon(data_dir: Path, tmp_path: Path) -> None:
    folder = data_dir / "devon_2011_2021/published"
    expected = {path.name: summed(path, ",", "amount", fillers=2) for path in sorted(folder.iterdir())}
    sums, repairs, rules = loaded(folder, "devon", "*", tmp_path)
    assert sums == expected
    assert len(sums) == 132
    assert sum(rows for rows, _ in sums.values()) == 1_047_032
    assert repairs == {"encoding_cp1252": 2, "excel_zero": 16, "excel_decimals": 45, "excel_number_removed": 12,
                       "hidden": 41_009, "normalised_or_token": 3}  # fmt: skip
    # January 2020 was published with fifteen hundred rows of the month after, which are in its own file too
    assert rules == {"in_own_months_file_too": 1_494}


def test_oxford(data_dir: Path, tmp_path: Path) -> None:
    folder = data_dir / "oxford_spending/published"
    expected = {path.name: summed(path, ",", "amount") for path in sorted(folder.iterdir())}
    sums, repairs, rules = loaded(folder, "oxford", "*", tmp_path)
    assert sums == expected
    assert sum(rows for rows, _ in sums.values()) == 61_529
    assert repairs == {"from_period": 3_837, "hidden": 678}
    # one row holds a single word and nothing else
    assert rules == {
        "missing:supplier_name": 201,
        "missing:voucher_no": 1,
        "missing:account_no": 1,
        "missing:amount_sek": 1,
    }


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_orebro(form: str, data_dir: Path, tmp_path: Path) -> None:
    folder = data_dir / "orebro_2016_03"
    path = next(path for path in folder.iterdir() if fnmatch(path.name, f"*.{form}"))
    if form == "csv":
        expected = summed(path, ";", "belopp")
    else:
        book = openpyxl.load_workbook(path, read_only=True)
        amounts = [money(repr(row[5])) for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
        book.close()
        expected = len(amounts), sum(amounts, Decimal(0))
    sums, repairs, rules = loaded(folder, "orebro", f"*.{form}", tmp_path)
    assert sums == {path.name: expected}
    assert expected == (68_021, Decimal("450187283.39"))
    assert repairs == {}
    assert rules == {}
