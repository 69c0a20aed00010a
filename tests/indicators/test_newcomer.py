"""A new indicator is one new file and no other edit: the example of CONTRIBUTING.md, taken as it stands there."""

import importlib
import re
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

import indicators.supplier_payments
from fut.evaluate import bind, run_example
from fut.indicator import collect

CONTRIBUTING = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"


@pytest.fixture
def newcomer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    code = re.search(r"```python\n(.*?)```", CONTRIBUTING.read_text(encoding="utf-8"), re.S)
    assert code
    (tmp_path / "sp97_round_and_large.py").write_text(code[1], encoding="utf-8")
    folders = [*indicators.supplier_payments.__path__, str(tmp_path)]
    monkeypatch.setattr(indicators.supplier_payments, "__path__", folders)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return "SP97"


def test_one_file_is_found_bound_and_run(newcomer: str, core: duckdb.DuckDBPyConnection) -> None:
    library = collect("indicators")
    assert newcomer in library
    added = library[newcomer]
    assert added.area == "supplier_payments"
    assert "amount_at_risk_sek" in bind(core, added)
    assert run_example(core, added)[0] == added.flags


def test_the_code_version_tells_of_sql_that_stands_elsewhere(newcomer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = collect("indicators")[newcomer]
    assert before.digest == collect("indicators")[newcomer].digest
    module = importlib.import_module("indicators.supplier_payments.sp97_round_and_large")
    monkeypatch.setattr(module, "INDICATOR", replace(module.INDICATOR, sql=before.sql + " -- as core builds it now"))
    assert collect("indicators")[newcomer].digest != before.digest


def test_without_the_file_the_library_is_as_before() -> None:
    assert "SP97" not in collect("indicators")
