"""From files to list by the command line alone: validate, run, list, explain, report."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pipelines import ledger

MONTHS = ["2019-01", "2019-02", "2019-03"]


@pytest.fixture(scope="module")
def municipality(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the settings of a municipality with three months in its inbox."""
    return ledger.make(tmp_path_factory.mktemp("whole"), MONTHS)


def test_validate_then_run_then_list_then_explain(fut: Callable, municipality: Path) -> None:
    checked = fut("validate", "--settings", municipality)
    assert (checked.code, checked.err) == (0, "")
    for told in ("Mapped", "Repaired", "Quarantined", "Great Expectations", "raw_ap_postings", "all 3 files", "yes"):
        assert told in checked.out
    ran = fut("run", "--settings", municipality, "--month", "2019-01..2019-03")
    assert (ran.code, ran.err) == (0, "")
    assert [month for month in MONTHS if month not in ran.out] == []
    assert "0 files loaded, 3 unchanged" in ran.out
    listed = fut("list", "--settings", municipality)
    assert "SP01" in listed.out
    assert fut("explain", "1", "--settings", municipality).code == 0
    assert fut("report", "--settings", municipality).code == 0


def test_a_month_that_drifts_is_exit_3_and_the_others_are_ranked(fut: Callable, tmp_path: Path) -> None:
    path = ledger.make(tmp_path / "drift", MONTHS)
    ledger.write_month(path.parent / "inbox", "2019-04", ledger.rows_of("2019-04", count=60))
    ran = fut("run", "--settings", path, "--month", "2019-03..2019-04")
    assert ran.code == 3
    assert "fut: 2019-04 is not ranked: drift, rows of ap_postings is 61" in ran.err
    assert "2019-03" in ran.out
    checked = fut("validate", "--settings", path, "--month", "2019-04")
    assert checked.code == 3
    assert "fut: 2019-04 would not be ranked" in checked.err
    assert fut("validate", "--settings", path, "--month", "2019-03").code == 0


def test_a_broken_delivery_is_exit_3_naming_table_and_expectation(fut: Callable, tmp_path: Path) -> None:
    path = ledger.make(tmp_path / "broken", MONTHS)
    rows = ledger.rows_of("2019-03")
    for row in rows[:30]:
        row[6] = ""
    ledger.write_month(path.parent / "inbox", "2019-03", rows)
    ran = fut("run", "--settings", path, "--month", "2019-03")
    assert ran.code == 3
    assert ran.err.startswith("fut: raw_ap_postings: expectation '")
    assert ran.err.count("\n") == 1
    checked = fut("validate", "--settings", path)
    assert checked.code == 3
    assert "missing:supplier_name" in checked.out
    assert "Payee" not in checked.out + checked.err


def test_an_empty_inbox_and_a_file_that_cannot_be_read_are_exit_3(fut: Callable, tmp_path: Path) -> None:
    path = ledger.make(tmp_path / "empty", [])
    (path.parent / "inbox").mkdir()
    assert fut("run", "--settings", path).code == 3
    broken = ledger.write_month(path.parent / "inbox", "2019-01")
    broken.write_bytes(broken.read_bytes()[:400])
    said = fut("run", "--settings", path)
    assert (said.code, said.err) == (3, f"fut: {broken.name}: the gzip file is damaged or cut off\n")


def test_a_month_the_ledger_lacks_names_those_it_has(fut: Callable, municipality: Path) -> None:
    said = fut("run", "--settings", municipality, "--month", "2018-01")
    assert said.code == 3
    assert "the ledger holds 2019-01..2019-03" in said.err


def test_suggest_loads_nothing(fut: Callable, municipality: Path) -> None:
    file = municipality.parent / "inbox/DCCSpendingOver500_201901.csv.gz"
    said = fut("validate", "--suggest", file)
    assert said.code == 0
    assert "dialect: devon" in said.out


def test_months_whose_files_came_late_or_not_at_all_are_told(fut: Callable, tmp_path: Path) -> None:
    settings = ledger.make(tmp_path, ["2019-01", "2019-02", "2019-04"])
    first = fut("run", "--settings", settings, "--month", "2019-01..2019-04")
    assert (first.code, first.err) == (
        3,
        "fut: 2019-03 is not ranked: no payments are booked in it; is a file missing?\n",
    )
    assert "not ranked anew" not in first.out
    ledger.write_month(tmp_path / "inbox", "2019-03")
    ledger.write_month(tmp_path / "inbox", "2019-01", ledger.rows_of("2019-01")[1:])
    then = fut("run", "--settings", settings)
    assert (then.code, then.err) == (0, "")
    told = "not ranked anew, though their files are new or changed: 2019-01, 2019-03; fut run --month 2019-01..2019-04"
    assert told in " ".join(then.out.split())
    again = fut("run", "--settings", settings, "--month", "2019-01..2019-04")
    assert (again.code, again.err, "not ranked anew" in again.out) == (0, "", False)
