"""What a scope says in terms of parameters follows the municipality's own, so that coverage counts what the rule tests."""

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest

from fut.drawn import fill
from fut.errors import ConfigError
from fut.evaluate import bind, evaluate, measure_coverage, prepare_out
from fut.indicator import Scope
from indicators import library

MARCH = ["2026-03"]


@pytest.fixture
def tables(core: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Return empty core and out tables that are gone afterwards."""
    core.execute("BEGIN")
    prepare_out(core)
    yield core
    core.execute("ROLLBACK")


LEDGER = """
core_limits
kind         | amount_sek | valid_from
direct_award | 700000     | 2020-01-01
core_payments
payment_id | supplier_key | booking_date | amount_sek | account_no
P1         | PLAIN        | 2026-03-05   | 900000     | 6110
P2         | GRANTED      | 2026-03-05   | 900000     | 4510
P3         | LANDLORD     | 2026-03-05   | 900000     | 6010
"""


@pytest.mark.parametrize(
    ("own", "tested", "flagged"),
    [
        ({}, 1, ["PLAIN"]),
        ({"other_rules_accounts": "45.*"}, 2, ["LANDLORD", "PLAIN"]),
        ({"other_rules_accounts": "'"}, 3, None),
    ],
)
def test_own_accounts_change_what_is_flagged_and_what_is_counted_alike(
    tables: duckdb.DuckDBPyConnection, own: dict[str, str], tested: int, flagged: list[str] | None
) -> None:
    fill(tables, LEDGER)
    indicator = library()["SP24"]
    values = indicator.parameters(own)
    evaluate(tables, indicator, MARCH, values)
    measure_coverage(tables, indicator, MARCH, (), values=values)
    assert tables.execute("SELECT rows_tested FROM out_coverage").fetchall() == [(tested,)]
    found = [key for (key,) in tables.execute("SELECT subject_id FROM out_flags ORDER BY 1").fetchall()]
    assert found == (flagged or ["GRANTED", "LANDLORD", "PLAIN"])


def test_a_scope_of_an_unknown_parameter_does_not_bind(core: duckdb.DuckDBPyConnection) -> None:
    indicator = replace(library()["SP24"], scope=Scope(where="amount_sek >= $flor_sek"))
    with pytest.raises(ConfigError, match="'flor_sek' is used but not stated"):
        bind(core, indicator)


def test_fields_that_stand_in_for_each_other_are_missing_only_together() -> None:
    scope = Scope(needs=("visits", "carers.household_ref|carers.relative_of_client_ref"))
    assert scope.lacking({"approvals", "carers.household_ref"}) == ()
    both = {"visits", "carers.household_ref", "carers.relative_of_client_ref"}
    assert scope.lacking(both) == ("visits", "carers.household_ref", "carers.relative_of_client_ref")
