"""Numbers that are no kronor: what groups digits is told from what begins decimals as amounts tell it."""

from dataclasses import replace

import duckdb
import pytest

from fut.cell_value import typed_value
from fut.contract import contract
from fut.dialect import Dialect, dialect

COMMA = replace(dialect("canonical"), decimal=",", thousands=" .")
COMMA_ONLY = replace(COMMA, thousands=" ")
POINT = replace(COMMA, decimal=".", thousands=",")


@pytest.mark.parametrize(
    ("spoken", "cell", "whole", "exact"),
    [
        (COMMA, "1.234", "1234", "1234.0000"),
        (COMMA, "1.234,5", "1235", "1234.5000"),
        (COMMA, "-1.234.567", "-1234567", "-1234567.0000"),
        (COMMA, "1 234,5", "1235", "1234.5000"),
        (COMMA, "62.5", "63", "62.5000"),
        (COMMA, "0.333", "0", "0.3330"),
        (COMMA, "1.2345", "1", "1.2345"),
        (COMMA_ONLY, "1.234", None, None),
        (COMMA_ONLY, "1.234,5", "1235", "1234.5000"),
        (COMMA_ONLY, "1.234.567", "1234567", "1234567.0000"),
        (COMMA_ONLY, "12,5", "13", "12.5000"),
        (POINT, "1,234", "1234", "1234.0000"),
        (POINT, "1.234", "1", "1.2340"),
        (POINT, "1,2", None, None),
        (POINT, "sixty", None, None),
    ],
)
def test_a_point_groups_digits_or_begins_decimals(
    spoken: Dialect, cell: str, whole: str | None, exact: str | None
) -> None:
    lines = {column.name: column for column in contract("raw", "compensation_lines").columns}
    rules = {column.name: column for column in contract("raw", "decisions").columns}
    for column, wanted in ((rules["minutes_per_month"], whole), (lines["minutes"], exact)):
        read = typed_value(spoken, column, {}, ())
        query = f'SELECT ({read})::VARCHAR FROM (SELECT $cell AS "{column.name}")'
        assert duckdb.execute(query, {"cell": cell}).fetchone() == (wanted,)
