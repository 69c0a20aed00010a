"""Generated pages: every contract and indicator has its own, links lead somewhere, nothing is left to fill in."""

import errno
import json
import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import pytest

import features
from fut.contract import all_contracts
from fut.feature import collect_features
from indicators import library
from reporting.documents import documents
from reporting.whole_file import write_whole


@pytest.fixture(scope="module")
def pages() -> Mapping[str, str]:
    """Return all generated files."""
    return documents()


def test_there_is_a_page_for_everything_and_nothing_else(pages: Mapping[str, str]) -> None:
    contracts = all_contracts()
    raw = [c.table for c in contracts if c.layer == "raw"]
    assert set(pages) == {
        "README.md",
        "personal_data.md",
        "features.md",
        "limits.md",
        "models.md",
        *(f"contracts/{c.physical}.md" for c in contracts),
        *(f"templates/{table}.csv" for table in raw),
        *(f"expectations/{table}.json" for table in raw),
        *(f"indicators/{code}.{language}.md" for code in library() for language in ("sv", "en")),
    }


def test_every_page_ends_with_one_line_end_and_has_no_slot_left(pages: Mapping[str, str]) -> None:
    for name, text in pages.items():
        assert text.endswith("\n"), name
        assert not text.endswith("\n\n"), name
        if name.startswith("indicators/"):
            prose = text.split("```")[0]
            assert not re.search(r"\{[a-z_]+\}", prose), name


def test_links_lead_to_pages(pages: Mapping[str, str]) -> None:
    found = 0
    for name, text in pages.items():
        if not name.endswith(".md"):
            continue
        for link in re.findall(r"\]\(([^)#]+)\)", text.split("```")[0]):
            parts = (name.rpartition("/")[0] + "/" + link).lstrip("/").split("/")
            while ".." in parts:
                at = parts.index("..")
                del parts[at - 1 : at + 1]
            assert "/".join(parts) in pages, f"{name}: {link}"
            found += 1
    assert found > 100


def test_both_languages_say_their_own(pages: Mapping[str, str]) -> None:
    for code, indicator in library().items():
        assert f"# {code} {indicator.title.sv}" in pages[f"indicators/{code}.sv.md"]
        assert f"# {code} {indicator.title.en}" in pages[f"indicators/{code}.en.md"]
        assert "Lagliga förklaringar" in pages[f"indicators/{code}.sv.md"]
        assert "Lawful explanations" in pages[f"indicators/{code}.en.md"]


def test_the_register_names_every_personal_column_and_who_reads_it(pages: Mapping[str, str]) -> None:
    register = pages["personal_data.md"]
    for contract in all_contracts():
        for column in contract.columns:
            row = f"| [{contract.physical}](contracts/{contract.physical}.md) | `{column.name}` |"
            assert (row in register) is (column.classification == "pii"), row
    reading = next(line for line in register.splitlines() if "`payee_account` | Account paid to" in line)
    assert "SP13" in reading
    assert "SP01" not in reading


def test_the_register_calls_nothing_delivered_as_it_is_that_becomes_a_token(pages: Mapping[str, str]) -> None:
    register = pages["personal_data.md"].splitlines()
    rows = {(row.split("]")[0][3:], row.split("`")[1]): row for row in register if row.startswith("| [raw_")}
    assert "a personal number becomes a token of the person" in rows["raw_visits", "client_ref"]
    assert "grid of 100 m" in rows["raw_clients", "x_m"]
    assert "as delivered" in rows["raw_suppliers", "postal_code"]
    for contract in all_contracts(("raw",)):
        for column in contract.columns:
            if column.said("pseudonym"):
                assert "as delivered" not in rows[contract.physical, column.name]


def test_every_feature_of_every_grain_is_told_with_its_unit_and_bad_tail(pages: Mapping[str, str]) -> None:
    rows = [line for line in pages["features.md"].splitlines() if line.startswith("| `")]
    modules = [
        path.stem
        for path in Path(features.__file__).parent.glob("*.py")
        if path.stem not in ("__init__", "peers", "year_to_date")
    ]
    told = [collect_features(import_module(f"features.{name}")) for name in modules]
    assert len(rows) == sum(map(len, told)) > 40
    (row,) = (row for row in rows if row.startswith("| `amount_against_own_history` |"))
    assert "| standard deviations | high values | at least 8 earlier payments to the payee |" in row
    assert all(row.count(" | ") == 6 for row in rows)


def test_a_template_is_the_contracts_columns(pages: Mapping[str, str]) -> None:
    assert pages["templates/limits.csv"] == "kind,role,amount_sek,valid_from,valid_to,hours,share,source,is_verified\n"


def test_a_contracts_page_tells_columns_rules_and_readers(pages: Mapping[str, str]) -> None:
    page = pages["contracts/core_payment_pairs.md"]
    assert "[SP01](../indicators/SP01.en.md)" in page
    raw = pages["contracts/raw_ap_postings.md"]
    assert "| `credit_sign` | warning |" in raw
    assert "pseudonymised as org" in raw
    assert "(../expectations/ap_postings.json)" in raw


def test_suites_are_the_generated_ones(pages: Mapping[str, str]) -> None:
    stated = json.loads(pages["expectations/ap_postings.json"])
    assert stated["name"] == "raw_ap_postings"
    assert {"missing:amount_sek", "credit_sign"} <= {e["meta"]["rule"] for e in stated["expectations"]}


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:3])
        raise OSError(errno.ENOSPC, "No space left on device")

    path, there = tmp_path / "lista.xlsx", tmp_path / "genvag.xlsx"
    write_whole(path, b"first")
    there.symlink_to(path)
    write_whole(there, b"second")
    assert (path.read_bytes(), there.is_symlink()) == (b"second", True)
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"third time")
    assert path.read_bytes() == b"second"
    assert sorted(left.name for left in tmp_path.iterdir()) == ["genvag.xlsx", "lista.xlsx"]
