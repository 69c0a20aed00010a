"""What is said of visits becomes one flag per paid line: which visits count, and how many of their kronor."""

import duckdb
import pytest

from core.per_line import BY_VISIT, MOST_BESIDE, per_line
from fut.drawn import fill, read_drawing
from fut.evaluate import empty_core
from tests.core.drawn_ledger import same, table

PAID = """
core_visit_pay
visit_id | line_id | booked_month | rule_id | paid_sek | basis_minutes | after_flat
V1       | L1      | 2026-03      | R1      | 100.00   | 30            | 30
V2       | L1      | 2026-03      | R1      | 200.00   | 30            | 45
V3       | L2      | 2026-03      | GRANTED | 300.00   | 30            | 30
V4       | L3      | 2026-03      |         | 400.00   | 30            | 30
V5       |         | 2026-03      | R1      | 500.00   | 30            | 30
V6       | L4      | 2026-03      |         | 600.00   |               |
core_compensation_lines
line_id | unit
L1      | hour
L2      | hour
L3      | visit
L4      | hour
core_compensation_rules
rule_id | basis
R1      | performed
GRANTED | granted
"""
SHOWN = """SELECT subject_key AS line, value, amount_at_risk_sek AS sek, list_aggregate(evidence, 'string_agg', ' ') AS
evidence, verdict, explained_by AS because, missing_field AS missing FROM ({}) ORDER BY ALL"""


def flags(said: str, **how: str) -> str:
    """Return the flags of what is said of visits, drawn: visit, share, explained_by, missing_field."""
    rows = read_drawing(f"said\nvisit_id | share | explained_by | missing_field\n{said}")["said"]
    values = ", ".join("(" + ", ".join("NULL" if c is None else f"'{c}'" for c in row.values()) + ")" for row in rows)
    visits = (
        "SELECT visit_id, share::DOUBLE AS share, explained_by::VARCHAR AS explained_by, missing_field::VARCHAR AS "
        f"missing_field FROM (VALUES {values}) t(visit_id, share, explained_by, missing_field)"
    )
    with duckdb.connect() as connection:
        empty_core(connection)
        fill(connection, PAID)
        return table(connection, SHOWN.format(per_line(visits, **how)))  # type: ignore[arg-type]


CASES = {
    "shares of what was paid add up over a line's visits": (
        "V1 | 0.25 | |\nV2 | 0.5 | |",
        "L1 | 2 | 125.00 | V1 V2 | contradiction | |",
    ),
    "a visit said twice counts once, by its largest share that stands, and never more than whole": (
        "V1 | 0.25 | |\nV1 | 0.5 | |\nV1 | 1 | samma hushåll |\nV2 | 1.5 | |",
        "L1 | 2 | 250.00 | V1 V2 | contradiction | |",
    ),
    "beside a visit that stands an explained one costs nothing and is no evidence": (
        "V1 | 1 | |\nV2 | 1 | samma hushåll |",
        "L1 | 1 | 100.00 | V1 | contradiction | |",
    ),
    "explained alone it is told whole": (
        "V1 | 0.5 | samma hushåll |\nV1 | 1 | samma hushåll |\nV2 | 0.5 | samma byggnad |",
        "L1 | 2 | 200.00 | V1 V2 | explained | samma byggnad |",
    ),
    "what cannot be told is not explained": (
        "V1 | 1 | samma hushåll |\nV2 | 1 | | visits.decision_id",
        "L1 | 2 | 300.00 | V1 V2 | needs_field | | visits.decision_id",
    ),
    "every line has its own flag, and a visit that no line pays has none": (
        "V1 | 1 | |\nV3 | 1 | |\nV5 | 1 | |",
        "L1 | 1 | 100.00 | V1 | contradiction | |\nL2 | 1 | 300.00 | V3 | contradiction | |",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_said_of_visits_is_laid_on_their_lines(case: str) -> None:
    said, expected = CASES[case]
    assert flags(said) == same(f"line | value | sek | evidence | verdict | because | missing\n{expected}")


def with_more(rows: str) -> list[list[str]]:
    """Return the evidence and value of each line's flag, of drawn rows that say what other visits are about too."""
    columns = rows.strip().splitlines()[0].split("|")
    drawn = read_drawing(f"said\n{rows}")["said"]
    visits = " UNION ALL ".join(
        "SELECT " + ", ".join("NULL" if cell is None else f"'{cell}'" for cell in row.values()) for row in drawn
    )
    named = f"SELECT visit_id, 1 AS share, * EXCLUDE (visit_id) FROM ({visits}) t({', '.join(columns)})"
    with duckdb.connect() as connection:
        empty_core(connection)
        fill(connection, PAID)
        return [
            [line, f"{float(value):g}", " ".join(evidence)]
            for line, value, evidence in connection.execute(
                f"SELECT subject_key, value, evidence FROM ({per_line(named)}) ORDER BY ALL"
            ).fetchall()
        ]


def test_a_visit_that_is_contradicted_stands_in_the_evidence_after_the_lines_own() -> None:
    said = """
visit_id | beside | explained_by | missing_field
V1       | V3     |              |
V1       | V9     | granne       |
V2       | V8     | granne       |
V3       | V1     |              |
V4       | V2     | granne       |
V6       |        |              |
"""
    assert with_more(said) == [["L1", "1", "V1 V3"], ["L2", "1", "V3 V1"], ["L3", "1", "V4 V2"], ["L4", "1", "V6"]]


def test_a_patterns_visits_on_other_lines_stand_in_the_evidence_and_are_bounded() -> None:
    rows = [("V1", "A"), ("V2", "A"), ("V3", "A"), ("V4", "B"), *((f"W{n:02}", "B") for n in range(40))]
    said = "visit_id | together | measured | explained_by | missing_field\n" + "\n".join(
        f"{visit} | {pattern} | {number} | |" for number, (visit, pattern) in enumerate(rows)
    )
    found = with_more(said)
    assert found[0] == ["L1", "1", "V1 V2 V3"]
    assert found[1] == ["L2", "2", "V3 V1 V2"]
    line, value, evidence = found[2]
    assert (line, value) == ("L3", "3")
    assert evidence.split() == ["V4", *(f"W{n:02}" for n in range(MOST_BESIDE - 1))]


ALL = "\n".join(f"V{n} | 1 | |" for n in (1, 2, 3, 4, 6))


@pytest.mark.parametrize(
    ("how", "lines"),
    [
        ({}, ["L1 300.00", "L2 300.00", "L3 400.00", "L4 600.00"]),
        ({"paid_by": "visit"}, ["L1 300.00", "L3 400.00", "L4 600.00"]),
        ({"paid_by": "minutes"}, ["L1 100.00", "L4 600.00"]),
        ({"least_sek": "400"}, ["L3 400.00", "L4 600.00"]),
    ],
)
def test_what_must_cost_something_counts_only_where_it_does(how: dict[str, str], lines: list[str]) -> None:
    rows = [[cell.strip() for cell in line.split("|")] for line in flags(ALL, **how).splitlines()[1:]]
    assert [f"{row[0]} {row[2]}" for row in rows] == lines


LINES = """
core_compensation_lines
line_id    | amount_sek | rule_id | recalculated_rule_id
by visit   | 100.00     | R1      |
granted    | 100.00     | GRANTED |
was by it  | 100.00     | R1      | GRANTED
is by it   | 100.00     | GRANTED | R1
no rule    | 100.00     |         |
nothing    | 0.00       | R1      |
taken back | -100.00    |         |
core_compensation_rules
rule_id | basis
R1      | performed
GRANTED | granted
"""


def test_lines_paid_by_the_visit_are_those_of_the_rule_that_holds_else_of_the_one_they_name() -> None:
    with duckdb.connect() as connection:
        empty_core(connection)
        fill(connection, LINES)
        found = connection.execute(
            f"SELECT line_id FROM core_compensation_lines WHERE {BY_VISIT} ORDER BY 1"
        ).fetchall()
        assert [line for (line,) in found] == ["by visit", "is by it", "no rule"]
