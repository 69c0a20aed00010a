"""Which rule, read otherwise, explains a line: one changed rule at a time, and a rounding only where others say so too."""

import pytest

from tests.core.drawn_care import care_of


@pytest.mark.parametrize(
    ("rule", "visits", "due", "paid", "why"),
    [  # a visit is its day, registered minutes, and whether it is the other half of the one before, decided or not
        ("flat_minutes | 20", "02 33", 20, 33, "flat"),
        ("minimum_minutes | 15", "02 4", 15, 4, "minimum"),
        ("rounding | up", "02 21", 30, 21, "rounding"),
        ("basis | planned", "02 21", 60, 21, "basis"),
        ("basis | performed", "02 21", 21, 60, "basis"),
        # nearest 15 minutes of the visit, the day or the month
        ("rounding | nearest", "02 20, 02 20, 03 20, 03 20", 60, 90, "rounding"),
        ("rounding | nearest", "02 20, 02 20, 03 20, 03 20", 60, 75, "rounding"),
        ("rounding_scope | client_month, rounding_minutes | 20", "02 25, 02 25, 03 25", 80, 60, "rounding"),
        # one and a half for two
        ("double_staffing_factor | 1.5", "02 40, 02 40 decided", 60, 40, "double_staffing"),
        ("double_staffing_factor | 1.5", "02 40, 02 40 undecided", 40, 60, "double_staffing"),
        ("double_staffing_factor | 1.5", "02 40, 02 40 undecided", 40, 80, "double_staffing"),
        ("double_staffing_factor | 1.5", "02 40, 02 40 undecided", 40, 70, "unexplained"),
    ],
)
def test_each_rule_read_otherwise_is_told(rule: str, visits: str, due: int, paid: int, why: str) -> None:
    said = {"basis": "performed", "rounding": "none", "rounding_minutes": "1", "rounding_scope": "visit"}
    if rule.startswith("rounding"):
        said |= {"rounding": "nearest", "rounding_minutes": "15"}
    said |= dict(part.split(" | ") for part in rule.split(", "))
    rows = []
    for n, visit in enumerate(visits.split(", "), 1):
        day, minutes, *second = visit.split()
        rows.append(
            f"V{n} | performed | 2026-03-{day} {7 + n:02d}:00 | 60 | {minutes} | {f'V{n - 1}' if second else ''} | {second == ['decided']}"
        )
    drawn = "\n".join([
        "core_compensation_rules", f"rule_id | service | {' | '.join(said)} | valid_from",
        f"R1 | care | {' | '.join(said.values())} | 2026-01-01", "core_visits",
        "visit_id | status | planned_start | planned_minutes | registered_minutes | pair_visit_id | is_double_granted", *rows,
        "core_decisions", "decision_id | client_ref | service | minutes_per_month | double_staffed | valid_from",
        "D1 | C1 | care | 6000 | true | 2026-01-01", "raw_compensation_lines", "line_id | amount_sek", f"L1 | {paid}0.00",
    ])  # fmt: skip
    with care_of(drawn) as connection:
        found = connection.execute(
            "SELECT recalculated_sek::VARCHAR, differs_by FROM core_compensation_lines WHERE is_delivered"
        ).fetchall()
        assert found == [(f"{due}0.00", why)]


WAYS = """
core_clients
client_ref | area | area_type | valid_from
C1         | A1   | urban     | 2020-01-01
C2         | A1   | urban     | 2020-01-01
C3         | A1   | urban     | 2020-01-01
core_visits
visit_id | client_ref | status    | actual_start     | actual_end       | planned_start    | planned_end
V1       | C1         | performed | 2026-03-02 08:00 | 2026-03-02 08:27 | 2026-03-02 08:00 | 2026-03-02 08:30
V2       | C2         | performed | 2026-03-03 08:00 | 2026-03-03 08:41 | 2026-03-03 08:00 | 2026-03-03 08:37
V3       | C3         | performed | 2026-03-04 08:00 | 2026-03-04 08:13 | 2026-03-04 08:00 | 2026-03-04 08:22
"""


@pytest.mark.parametrize(
    ("paid", "whys"),
    [
        ({"C1": 30, "C2": 37, "C3": 22}, {"C1": "basis", "C2": "basis", "C3": "basis"}),
        ({"C1": 30, "C2": 45, "C3": 15}, {"C1": "rounding", "C2": "rounding", "C3": "rounding"}),
        ({"C1": 27, "C2": 41, "C3": 15}, {"C1": "none", "C2": "none", "C3": "minutes"}),
        ({"C1": 27, "C2": 45, "C3": 15}, {"C1": "none", "C2": "rounding", "C3": "rounding"}),
    ],
)
def test_a_few_minutes_are_a_rounding_only_where_the_providers_other_lines_say_so(
    paid: dict[str, int], whys: dict[str, str]
) -> None:
    lines = "".join(f"L{c} | {c} | {minutes} | {minutes * 10}.00\n" for c, minutes in paid.items())
    with care_of(WAYS, f"raw_compensation_lines\nline_id | client_ref | minutes | amount_sek\n{lines}") as connection:
        found = connection.execute("SELECT client_ref, differs_by FROM core_compensation_lines").fetchall()
        assert dict(found) == whys
