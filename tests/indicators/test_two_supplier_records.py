"""SP07: an empty name is the beginning of every name, and like none."""

import duckdb
import pytest

from fut.drawn import fill
from indicators.supplier_payments.sp07_two_supplier_records import INDICATOR

PAIR = """
    core_payments
    payment_id | booking_date | name_key
    P1         | 2026-03-15   | NORDVIKS VÄRME
    F1         | 2026-03-15   | NORDVIKS VÄRME
    core_payment_pairs
    payment_id|earlier_id|block|ref_relation|days_apart|amount_sek|is_same_payee|is_same_supplier_key|is_expected
    F1        |P1        |cross|equal       |30        |800.00    |false        |false               |false
"""


@pytest.mark.parametrize(
    ("later", "earlier", "flagged"),
    [
        ("NORDVIKS VÄRME", "NORDVIKS VÄRME", 1),
        ("NORDVIKS VÄRME SKÖVDE", "NORDVIKS VÄRME", 1),
        ("", "NORDVIKS VÄRME", 0),
        ("NORDVIKS VÄRME", "", 0),
        ("", "", 0),
        (None, "NORDVIKS VÄRME", 0),
    ],
)
def test_an_empty_name_is_like_no_other(
    core: duckdb.DuckDBPyConnection, later: str | None, earlier: str | None, flagged: int
) -> None:
    core.execute("BEGIN")
    try:
        fill(core, PAIR)
        for key, name in (("F1", later), ("P1", earlier)):
            core.execute("UPDATE core_payments SET name_key = ? WHERE payment_id = ?", [name, key])
        found = core.execute(INDICATOR.sql, INDICATOR.parameters()).fetchall()
    finally:
        core.execute("ROLLBACK")
    assert len(found) == flagged
