"""What a snapshot holds does not depend on which months are read together, and evidence is every row it names."""

from collections.abc import Iterator

import duckdb
import pytest

from fut.warehouse import open_warehouse
from reporting import frames
from reporting.frames import month_frames

MONTHS = ["2019-01", "2019-02", "2019-03"]
PLAIN = """
WITH listed AS (SELECT payment_id FROM out_ranked_payments WHERE month = '{month}'), wanted AS (
  SELECT payment_id, payment_id AS row_id FROM listed
  UNION SELECT fp.payment_id, unnest(f.evidence) FROM out_flag_payments fp JOIN listed USING (payment_id)
  JOIN out_flags f USING (flag_id) WHERE f.service_month = '{month}')
SELECT DISTINCT w.payment_id, p.posting_id FROM wanted w JOIN core_postings p ON p.payment_id = w.row_id OR
  p.posting_id = w.row_id ORDER BY ALL"""


@pytest.fixture
def warehouse(ran) -> Iterator[duckdb.DuckDBPyConnection]:
    """Return the warehouse of the three months, in a transaction that is rolled back."""
    with open_warehouse(ran.house.settings) as connection:
        connection.execute("BEGIN")
        yield connection
        connection.execute("ROLLBACK")


def test_months_read_together_hold_what_each_holds_alone(
    warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = {found.month: found for found in month_frames(warehouse, MONTHS)}
    monkeypatch.setattr(frames, "PAYMENTS_AT_ONCE", 1)
    apart = {found.month: found for found in month_frames(warehouse, MONTHS)}
    assert list(together) == list(apart) == MONTHS
    for month in MONTHS:
        assert together[month].sums == apart[month].sums
        assert together[month].frames["payments"].height > 200
        for name, frame in together[month].frames.items():
            assert frame.equals(apart[month].frames[name]), f"{month}, {name}"


def test_a_month_without_anything_has_every_table_empty(warehouse: duckdb.DuckDBPyConnection) -> None:
    (found,) = month_frames(warehouse, ["2031-01"])
    assert {name for name, frame in found.frames.items() if frame.height} == set()
    assert found.frames["payments"].columns[0] == "payment_id"
    assert set(found.sums.values()) == {0}


def test_evidence_is_every_posting_of_a_named_payment_and_each_named_posting(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    one = warehouse.execute(
        "SELECT f.flag_id, p.posting_id FROM out_flags f JOIN out_flag_payments fp USING (flag_id) JOIN out_ranked_payments "
        "r ON r.payment_id = fp.payment_id AND r.month = f.service_month JOIN core_postings p ON p.payment_id <> "
        "r.payment_id AND NOT list_contains(f.evidence, p.payment_id) ORDER BY ALL LIMIT 1"
    ).fetchone()
    assert one is not None
    warehouse.execute(f"UPDATE out_flags SET evidence = ['{one[1]}', 'no such row'] WHERE flag_id = '{one[0]}'")
    shown = set()
    for found in month_frames(warehouse, MONTHS):
        rows = found.frames["evidence_rows"].select("payment_id", "row_id").rows()
        assert rows == warehouse.execute(PLAIN.format(month=found.month)).fetchall()
        shown |= {row for _, row in rows}
    assert one[1] in shown


def test_a_profile_is_of_listed_payees_and_a_warehouse_with_older_lists_has_none(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    (found,) = month_frames(warehouse, MONTHS[2:])
    profile = found.frames["payee_profile"]
    assert profile["value"].count() > 20
    assert set(profile["payee_ref"]) <= set(found.frames["ranked_payments"]["payee_ref"])
    assert set(profile["month"]) == {MONTHS[2]}
    warehouse.execute("DROP TABLE out_payee_profile")
    (older,) = month_frames(warehouse, MONTHS[2:])
    assert older.frames["payee_profile"].height == 0
    assert older.frames["ranked_payments"].equals(found.frames["ranked_payments"])
