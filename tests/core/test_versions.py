"""An older version of a row ends the day before the next begins, so that no day counts twice."""

from tests.core.drawn_ledger import core_of, table

DECISIONS = """
raw_decisions
decision_id | client_ref | service | minutes_per_month | double_staffed | valid_from | valid_to
amended     | C1         | care    | 600               | false          | 2026-01-01 |
amended     | C1         | care    | 900               | false          | 2026-03-16 | 2026-12-31
amended     | C1         | care    | 300               | false          | 2026-10-01 |
another     | C1         | care    | 600               | false          | 2026-02-01 |
short       | C2         | care    | 600               | false          | 2026-01-01 | 2026-02-28
short       | C2         | care    | 600               | false          | 2026-05-01 | 2026-05-31
"""
IN_FORCE = """
decision_id | valid_from | valid_to   | minutes_per_month
amended     | 2026-01-01 | 2026-03-15 | 600
amended     | 2026-03-16 | 2026-09-30 | 900
amended     | 2026-10-01 |            | 300
another     | 2026-02-01 |            | 600
short       | 2026-01-01 | 2026-02-28 | 600
short       | 2026-05-01 | 2026-05-31 | 600
"""


def test_an_amended_decision_holds_until_its_next_version() -> None:
    with core_of(DECISIONS) as connection:
        found = table(
            connection,
            "SELECT decision_id, valid_from, valid_to, minutes_per_month FROM core_decisions ORDER BY ALL",
        )
    assert found.split() == IN_FORCE.split()
