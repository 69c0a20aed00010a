"""What every indicator file must hold; `pytest -k SP01` runs one."""

import re
from datetime import date
from typing import get_args

import duckdb
import pytest

from fut.contract import load_contracts
from fut.drawn import read_drawing
from fut.evaluate import bind, columns_read, run_example
from fut.indicator import Indicator
from fut.limit import LimitKind
from indicators import library

LIBRARY = list(library().values())
every = pytest.mark.parametrize("indicator", LIBRARY, ids=[i.code for i in LIBRARY])


@every
def test_select_binds_to_empty_contract_tables(core: duckdb.DuckDBPyConnection, indicator: Indicator) -> None:
    bind(core, indicator)
    known = {c.physical for c in load_contracts("core").values()}
    assert set(columns_read(core, indicator)) <= known
    scope = indicator.scope.bound(indicator.parameters())
    core.sql(
        f"SELECT {scope.month}, {scope.amount}, {scope.testable}, {scope.opens or 'NULL'} FROM {scope.table} WHERE {scope.where}"
    ).fetchall()


@every
def test_example_flags_exactly_what_it_says(core: duckdb.DuckDBPyConnection, indicator: Indicator) -> None:
    flags, shown = run_example(core, indicator)
    assert flags == indicator.flags
    assert {key: shown[key] for key in indicator.shown} == indicator.shown


@every
def test_example_has_a_row_that_must_not_flag(indicator: Indicator) -> None:
    rows = sum(len(rows) for rows in read_drawing(indicator.example).values())
    hit = [key for key, what in indicator.flags.items() if not what.startswith("explained")]
    assert hit
    assert rows > len(indicator.flags)


@every
def test_texts_are_whole_in_both_languages(indicator: Indicator) -> None:
    texts = [indicator.title, indicator.means, indicator.do, *indicator.innocent]
    texts += [indicator.measured.name] if indicator.measured else []
    texts += [indicator.measured.beside] if indicator.measured and indicator.measured.beside else []
    assert all(len(t.sv) > 3 and len(t.en) > 3 and t.sv != t.en for t in texts)
    assert all(len(t.split()) <= 5 for t in (indicator.title.sv, indicator.title.en))
    assert indicator.innocent
    assert indicator.sentence.endswith(".")
    swedish = " ".join(t.sv for t in texts).lower()
    assert not re.search("misstänk|fusk|bedräg|brott", swedish), "a hit is a reason to look, never a suspicion"
    assert not re.search("suspect|fraud|cheat|crim", " ".join(t.en for t in texts).lower())
    assert not any("_" in what for what in indicator.flags.values()), "officers read the exception, so no code word"


@every
def test_what_a_value_is_is_said_where_flags_have_other_values_than_one(indicator: Indicator) -> None:
    assert bool(indicator.measured) != bool(re.search(r"\b1 AS value\b", indicator.sql))


@every
def test_slots_name_parameters_and_parameters_are_used(indicator: Indicator) -> None:
    assert indicator.slots() <= set(indicator.params) | set(indicator.limits)
    assert set(indicator.params) == indicator.used_parameters()


@every
def test_dated_values_read_are_stated_and_stated_ones_are_read(indicator: Indicator) -> None:
    assert set(indicator.limits) == {kind for kind in get_args(LimitKind) if f"'{kind}'" in indicator.sql}
    assert bool(indicator.limits) == ("core_limits" in indicator.sql)


@every
def test_code_source_and_review_date_are_stated(indicator: Indicator) -> None:
    assert re.fullmatch(r"[A-Z]{2}\d{2}", indicator.code)
    assert indicator.source
    assert indicator.review_by > date(2026, 11, 1)
    assert indicator.authored_by != indicator.checked_by
    assert 0 < indicator.prior.mean < 1
    assert indicator.subject in {"payment", "payee", "supplier_year"}
