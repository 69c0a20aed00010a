"""Proposing a dialect: the known one that fits, else a YAML that the strict loader takes."""

import gzip
import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from fut.dialect import Dialect, load_dialects
from fut.errors import InputError
from fut.money import parse_amount
from fut.strict import build
from fut.suggest import suggest

DEVON = (
    "Body,Name of Body,Date,Transaction Number,Invoice Number,Amount,Supplier Name,Supplier ID,VAT Reg no,"
    "Expense Area,Expense Type,Expense Code,Creditor Type\n"
)
NEW = (
    "Förvaltning|Leverantör|Fakturadatm|Belopp|Konto|Bokföringsdatum|Verifikationsnummer|Övrigt\n"
    "Skola|Ritva Påhittad AB|20160102|1 234,50|4000|20160105|V1|hemligt\n"
)


def test_a_known_export_gets_its_dialects_name(tmp_path: Path) -> None:
    path = tmp_path / "DCCSpendingOver500_201901.csv.gz"
    path.write_bytes(gzip.compress((DEVON + "E1,D,01/01/2019,T1,I1,500.00,P,1,,A,T,1,C\n").encode()))
    said = yaml.safe_load(suggest(path))
    assert said == {"sources": [{"name": "ledger", "dialect": "devon", "files": "*.csv.gz"}]}


def test_a_new_export_gets_a_dialect_that_loads(tmp_path: Path) -> None:
    path = tmp_path / "Reskontra_2016.csv"
    path.write_text(NEW, encoding="utf-8")
    stated = build(Dialect, yaml.safe_load(suggest(path)), "suggestion")
    assert (stated.dialect, stated.delimiter, stated.decimal) == ("reskontra-2016", "|", ",")
    assert stated.date_formats == ("%Y%m%d",)
    assert stated.columns["amount_sek"] == ("Belopp",)
    assert stated.columns["booking_date"] == ("Bokföringsdatum",)
    assert set(stated.ignored) == {"Fakturadatm", "Övrigt"}


def test_what_is_proposed_reads_the_amounts_it_was_proposed_for(tmp_path: Path) -> None:
    path = tmp_path / "Reskontra_2016.csv"
    path.write_text(NEW + "Vård|Bolag AB|20160102|-2 000,00|4000|20160105|V2|\n", encoding="utf-8")
    stated = build(Dialect, yaml.safe_load(suggest(path)), "suggestion")
    read = [parse_amount(text, stated.decimal, stated.thousands) for text in ("1 234,50", "-2\u00a0000,00", "1.234,50")]
    assert read == [Decimal("1234.50"), Decimal("-2000.00"), Decimal("1234.50")]


@pytest.mark.parametrize(
    ("name", "header", "period"),
    [
        ("lev_2016-03.csv", "Leverantör;Summan;Konto", "2016-03"),
        ("lev 201603 ver2.csv", "Leverantör;Belopp;Konto", "2016-03"),
        ("lev_20160331.csv", "Leverantör;Belopp;Konto", None),
        ("lev_2016-03.csv", "Leverantör;Belopp;Bokföringsdatum", None),
    ],
)
def test_the_month_is_read_from_the_name_where_no_column_gives_it(
    tmp_path: Path, name: str, header: str, period: str | None
) -> None:
    path = tmp_path / name
    path.write_text(f"{header};Kostnadsställe\nA;1 234,50;2016-03-01;1\n", encoding="utf-8")
    stated = build(Dialect, yaml.safe_load(suggest(path)), "suggestion")
    found = stated.period(name)
    assert (found.first if found else None) == period
    assert re.fullmatch(stated.file_pattern, name)
    assert stated.decimal == ","


def test_what_the_contract_needs_and_the_file_lacks_is_named(tmp_path: Path) -> None:
    path = tmp_path / "Reskontra_2016.csv"
    path.write_text(NEW, encoding="utf-8")
    said = suggest(path)
    assert "# supplier_ref: must be present" in said
    assert "# amount_sek: must be present" not in said


def test_no_cell_of_the_file_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "Reskontra_2016.csv"
    path.write_text(NEW, encoding="utf-8")
    said = suggest(path)
    assert not [cell for cell in NEW.splitlines()[1].split("|") if cell in said]


@pytest.mark.parametrize(("amounts", "decimal"), [(("12,50", "1 000,00"), ","), (("12.50", "1,000.00"), ".")])
def test_the_decimal_sign_is_read_off_the_amounts(tmp_path: Path, amounts: tuple[str, str], decimal: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Leverantör;Belopp;Kostnadsställe\n" + "".join(f"A;{a};1\n" for a in amounts), encoding="utf-8")
    assert yaml.safe_load(suggest(path))["decimal"] == decimal


def test_a_file_that_is_none_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.csv: cannot be read"):
        suggest(tmp_path / "nowhere.csv")


def test_a_file_without_a_header_is_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("1;2;3\n4;5;6\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"x\.csv: no header was recognised"):
        suggest(path)


def test_every_dialect_recognises_its_own_headers(tmp_path: Path) -> None:
    for name, spoken in load_dialects().items():
        if not spoken.columns:
            continue
        header = [headers[0] if headers else column for column, headers in spoken.columns.items()]
        path = tmp_path / f"{name}.csv"
        path.write_text(spoken.delimiter[0].join(header) + "\n", encoding="utf-8")
        assert f"dialect: {name}," in suggest(path), name
