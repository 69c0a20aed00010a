"""What home care was paid beside what the rules give: from core's lines to the report's sums, to the öre."""

from dataclasses import replace
from decimal import Decimal

import duckdb

from fut.contract import contract
from fut.drawn import fill
from reporting.care_sums import CareSums, care_sums, read_care_sums
from reporting.html import render_html

LINES = """
core_compensation_lines
line_id | is_delivered | booked_month | amount_sek | recalculated_sek | difference_sek | differs_by
L1      | true         | 2026-10      | 1000.00    | 900.50           | 99.50          | minutes
L2      | true         | 2026-10      | 1000.00    | 1000.00          | 0.00           | none
L3      | true         | 2026-10      | 300.00     | 320.25           | -20.25         | price
L4      | true         | 2026-10      | 77.00      |                  |                | no_rate
L5      | true         | 2026-10      | -50.00     | 0.00             | -50.00         | duplicate_line
due-1   | false        | 2026-10      | 0.00       | 640.00           | -640.00        | not_paid
L6      | true         | 2026-09      | 5000.00    | 4000.00          | 1000.00        | cap
due-2   | false        | 2026-08      | 0.00       | 9.00             | -9.00          | not_paid
"""
OCTOBER = CareSums(
    lines=5, paid_sek=Decimal("2327.00"), told_lines=4, told_paid_sek=Decimal("2250.00"), due_sek=Decimal("2220.75"),
    too_much_sek=Decimal("99.50"), too_little_sek=Decimal("70.25"), unpaid_lines=1, unpaid_sek=Decimal("640.00"),
)  # fmt: skip


def test_sums_of_a_month_add_up_and_keep_unpaid_lines_apart() -> None:
    with duckdb.connect() as connection:
        connection.execute(contract("core", "compensation_lines").ddl())
        fill(connection, LINES)
        connection.execute("CREATE TEMP TABLE _shown_months AS SELECT unnest(['2026-10', '2026-11']) AS month")
        found = care_sums(connection)
    assert found == {"2026-10": OCTOBER}
    assert OCTOBER.told_paid_sek == OCTOBER.due_sek + OCTOBER.too_much_sek - OCTOBER.too_little_sek


def test_a_manifest_gives_the_sums_back_and_an_older_one_none() -> None:
    assert read_care_sums(OCTOBER.stated()) == OCTOBER
    assert read_care_sums(None) is None


def test_the_report_tells_them_where_there_is_home_care(snapshot) -> None:
    text = render_html(replace(snapshot, care=OCTOBER)).replace("\u00a0", " ")
    assert 'Vad reglerna ger som ingen rad betalar (1)</th><td class="num">640,00 kr' in text
    assert 'För lite betalt</th><td class="num">70,25 kr' in text
    assert "Hemtjänsten mot reglerna" not in render_html(snapshot)
