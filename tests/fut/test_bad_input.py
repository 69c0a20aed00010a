"""Broken files: each gives one clear line and its exit code, or is repaired and logged; nothing is lost."""

import gzip
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from fut import reading
from fut.errors import FutError
from tests.fut.inbox_tools import SPEC, Inbox, posting, spec_file

GOOD = [posting(i) for i in range(1, 5)]
GOOD_SEK = Decimal("402.00")
PERSON = "Svea Hemlig"


def refusal(inbox: Inbox) -> FutError:
    """Return the error a load ends with, having seen that it is one line, shows no cell and changed nothing."""
    before = inbox.state()
    with pytest.raises(FutError) as caught:
        inbox.load()
    text = str(caught.value)
    assert "\n" not in text
    assert len(text) < 400
    assert PERSON not in text
    assert str(inbox.folder) not in text
    assert inbox.state() == before
    assert list((inbox.settings.var / "tmp").glob("*/*")) == []
    return caught.value


def gzipped(text: str) -> bytes:
    return gzip.compress(text.encode())


def damaged() -> bytes:
    packed = bytearray(gzipped(spec_file(*(posting(i) for i in range(2000)))))
    packed[len(packed) // 2] ^= 0xFF
    return bytes(packed)


DATA_ROW = posting(1, leverantor=PERSON)
UMEA = "Datum;Förvaltning;Leverantör;Organisationsnummer;Kontonummer;Kontotext;Belopp;Fakturanummer"

REFUSED: dict[str, tuple[str, str | bytes, int, str]] = {
    "truncated gzip": ("a.csv.gz", gzipped(spec_file(*GOOD))[:-20], 3, "damaged or cut off"),
    "damaged gzip": ("a.csv.gz", damaged(), 3, "damaged or cut off"),
    "gzip cut in its header": ("a.csv.gz", gzipped(spec_file(*GOOD))[:5], 3, "damaged or cut off"),
    "wrong encoding": ("a.csv", SPEC.encode() + b"\n\x81\x8d,\x90\n", 3, "line 2: is not text in utf-8-sig or cp1252"),
    "half a UTF-16 sign": ("a.csv", spec_file(*GOOD).encode("utf-16")[:-1], 3, "is not whole UTF-16 text"),
    "no header": ("a.csv", "\n".join([DATA_ROW] * 3), 4, "found no header but 15 cells of data"),
    "empty": ("a.csv", b"", 3, "is empty"),
    "only blank lines": ("a.csv", b"\r\n \r\n\r\n", 3, "is empty"),
    "empty gzip": ("a.csv.gz", gzipped(""), 3, "is empty"),
    "packed workbook": (
        "a.xlsx.gz",
        gzip.compress(b"PK\x03\x04\x14\x00\x06\x00"),
        3,
        "packed once more; deliver it unpacked",
    ),
    "packed Parquet": ("a.csv.gz", gzip.compress(b"PAR1\x15\x04"), 3, "packed once more; deliver it unpacked"),
    "one line too long": ("a.csv", SPEC + "\n" + "x" * 2_500_000, 3, "line 2: longer than 1000000 characters"),
    "no line ends": ("a.csv", "x" * 2_500_000, 3, "line 1: longer than 1000000 characters"),
    "another dialect": (
        "a.csv",
        f"{UMEA}\n202603;Skola;{PERSON};*;4010;Mat;12,50;F1\n",
        4,
        "it fits 'goteborg' and 'umea'",
    ),
    "missing column": (
        "a.csv",
        spec_file(*GOOD).replace("konto_nr", "kontonr"),
        4,
        "no column for account_no; 'kontonr'",
    ),
    "column named twice": ("a.csv", spec_file().replace("grund", "belopp"), 4, "more than one column 'belopp'"),
    "no workbook": ("a.xlsx", b"PK\x03\x04" + b"\0" * 80, 3, "not a readable Excel file"),
    "old workbook": ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, 3, "not a readable Excel file"),
    "no Parquet": ("a.parquet", b"PAR1" + b"\0" * 80, 3, "not a readable Parquet file"),
    "a picture": ("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x81\x8d\x8f\x90\x9d", 3, "line 3: is not text"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_read_is_one_line_and_changes_nothing(case: str, inbox: Inbox) -> None:
    name, content, code, expected = REFUSED[case]
    inbox.put("good.csv", spec_file(*GOOD))
    inbox.load()
    inbox.put("good2.csv", spec_file(*(posting(i) for i in range(5, 9))))
    inbox.put(name, content)
    error = refusal(inbox)
    assert error.exit_code == code
    assert str(error).startswith(name)
    assert expected in str(error)
    (inbox.folder / name).unlink()
    assert inbox.load().loaded == ["good2.csv"]
    assert len(inbox.raw("voucher_no")) == 8


def test_a_refused_redelivery_leaves_what_its_file_held(inbox: Inbox) -> None:
    inbox.put("a.csv", spec_file(*GOOD))
    inbox.load()
    inbox.put("a.csv", gzipped(spec_file(*GOOD))[:-9])
    assert refusal(inbox).exit_code == 3
    assert len(inbox.raw("voucher_no")) == 4


def test_a_directory_where_a_file_should_be(inbox: Inbox) -> None:
    (inbox.folder / "2026.csv").mkdir()
    error = refusal(inbox)
    assert (error.exit_code, str(error)) == (3, "2026.csv: is a directory, not a file")


def test_no_inbox(inbox: Inbox) -> None:
    inbox.folder.rmdir()
    with pytest.raises(FutError, match="inbox 'inbox' does not exist") as caught:
        inbox.load()
    assert caught.value.exit_code == 3


def test_a_file_that_may_not_be_read(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    path = inbox.put("a.csv", spec_file(*GOOD))
    path.chmod(0)
    if os.access(path, os.R_OK):  # root reads everything
        real = Path.open

        def locked(self: Path, *args: object, **kwargs: object) -> object:
            if self.name == "a.csv":
                raise PermissionError(13, "Permission denied")
            return real(self, *args, **kwargs)

        monkeypatch.setattr(Path, "open", locked)
    error = refusal(inbox)
    assert (error.exit_code, str(error)) == (3, "a.csv: cannot be read (Permission denied)")


def test_a_disk_that_is_full(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox.put("a.csv", spec_file(*GOOD))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("polars.DataFrame.write_parquet", full)
    error = refusal(inbox)
    assert (error.exit_code, str(error)) == (5, "folder var: cannot be written (No space left on device)")


@pytest.mark.parametrize("name", ["faktura.csv", "faktura_2026-13.csv", "faktura_20260301.csv", "faktura_0001-01.csv"])
def test_a_name_without_a_month_where_the_dialect_needs_one(name: str, make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("goteborg")
    inbox.put(name, "Förvaltning;Leverantör;Orgnr;Konto;Belopp\nSkola;Bolag AB;556047-1234;4010;1,00\n")
    error = refusal(inbox)
    assert error.exit_code == 4
    assert str(error) == f"{name}: the name gives no month as dialect 'goteborg' expects"


def test_a_line_of_hundreds_of_megabytes_is_left_early(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    path = inbox.folder / "a.csv"
    with path.open("wb") as file:
        file.write(spec_file(*GOOD).encode())
        for _ in range(300):
            file.write(b"x" * (1 << 20))
    read = []
    blocks = reading._by_blocks
    monkeypatch.setattr(reading, "_by_blocks", lambda stream: (read.append(len(b)) or b for b in blocks(stream)))
    error = refusal(inbox)
    assert str(error) == "a.csv line 6: longer than 1000000 characters, not a table"
    assert sum(read) < 4 << 20


def test_a_packed_line_without_end_is_left_early(inbox: Inbox) -> None:
    with gzip.open(inbox.folder / "a.csv.gz", "wb", compresslevel=1) as file:
        for _ in range(200):
            file.write(b"x" * (1 << 20))
    assert "longer than 1000000 characters" in str(refusal(inbox))
