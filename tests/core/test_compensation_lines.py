"""Computed beside delivered lines: what differs, by which rule, and how a line's kronor lie on its visits."""

import pytest

from tests.core.drawn_care import care_of
from tests.core.drawn_ledger import same, table

LINES = """SELECT line_id AS line, amount_sek AS paid, recalculated_sek AS due, difference_sek AS difference, differs_by
FROM core_compensation_lines ORDER BY is_delivered DESC, line_id"""
SHARES = "SELECT visit_id AS visit, line_id AS line, paid_sek AS paid FROM core_visit_pay ORDER BY visit_id"

VISITS = """
core_visits
visit_id | status    | task   | planned_start    | planned_end      | actual_start     | actual_end       | pair_visit_id | deliveries
V1       | performed | meal   | 2026-03-02 08:00 | 2026-03-02 08:30 | 2026-03-02 08:00 | 2026-03-02 08:21 |               | 1
V2       | declined  | meal   | 2026-03-03 08:00 | 2026-03-03 08:30 |                  |                  |               | 1
V3       | performed | shower | 2026-03-04 08:00 | 2026-03-04 08:40 | 2026-03-04 08:00 | 2026-03-04 08:42 | V4            | 1
V4       | performed | shower | 2026-03-04 08:00 | 2026-03-04 08:40 | 2026-03-04 08:00 | 2026-03-04 08:42 | V3            | 1
V5       | absent    | meal   | 2026-03-06 08:00 | 2026-03-06 08:32 |                  |                  |               | 1
V6       | performed | meal   | 2026-03-09 08:00 | 2026-03-09 08:33 | 2026-03-09 08:00 | 2026-03-09 08:16 |               | 2
"""
RULES = """
core_compensation_rules
rule_id | service | basis     | declined_share | absence_share_day_1 | absence_days | new_client_minutes | valid_from
R1      | care    | performed | 0.5            | 0.75                | 1            | 90                 | 2026-01-01
core_absences
client_ref | kind     | from_at          | to_at
C1         | hospital | 2026-03-06 07:00 | 2026-03-07 10:00
core_rates
rate_code | service | area_type | unit | price_sek | valid_from | valid_to
T1        | care    | urban     | hour | 590.00    | 2025-01-01 | 2025-12-31
T1        | care    | urban     | hour | 600.00    | 2026-01-01 |
T2        | care    | rural     | hour | 660.00    | 2026-01-01 |
core_decisions
decision_id | client_ref | service | minutes_per_month | double_staffed | valid_from
D9          | C9         | care    | 600               | false          | 2025-01-01
core_orders
order_id | client_ref | provider_id | decision_id | valid_from
O9       | C9         | P9          | D9          | 2025-01-01
"""
# 21 + 15 + 42 + 0 + 24 + 16 = 118 minutes, 1180 kr
PAID = {
    "none": ("T1", "118", "1180.00", "0.00"),
    "price of last year": ("T1", "118", "1160.33", "-19.67"),
    "price of another area": ("T2", "118", "1298.00", "118.00"),
    "declined visits paid in full": ("T1", "133", "1330.00", "150.00"),
    "declined visits not paid": ("T1", "103", "1030.00", "-150.00"),
    "absence not paid": ("T1", "94", "940.00", "-240.00"),
    "the second carer paid without a decision": ("T1", "160", "1600.00", "420.00"),
    "each visit rounded up to 5 minutes": ("T1", "129", "1290.00", "110.00"),
    "planned minutes": ("T1", "142", "1420.00", "240.00"),
    "a visit that came twice paid twice": ("T1", "134", "1340.00", "160.00"),
    "minutes for a new client": ("T1", "208", "2080.00", "900.00"),
    "other minutes than the visits'": ("T1", "131.25", "1312.50", "132.50"),
    "nothing that one rule explains": ("T1", "118", "1234.56", "54.56"),
}
WHY = {
    "none": "none", "price of last year": "price", "price of another area": "price",
    "declined visits paid in full": "declined", "declined visits not paid": "declined", "absence not paid": "absence",
    "the second carer paid without a decision": "double_staffing", "each visit rounded up to 5 minutes": "rounding",
    "planned minutes": "basis", "a visit that came twice paid twice": "duplicate_visit",
    "minutes for a new client": "new_client", "other minutes than the visits'": "minutes",
    "nothing that one rule explains": "unexplained",
}  # fmt: skip


@pytest.mark.parametrize("case", PAID)
def test_one_changed_rule_explains_the_difference(case: str) -> None:
    rate, minutes, paid, difference = PAID[case]
    line = f"raw_compensation_lines\nline_id | rate_code | minutes | amount_sek\nL1 | {rate} | {minutes} | {paid}"
    with care_of(VISITS, RULES, line) as connection:
        found = connection.execute(
            "SELECT difference_sek::VARCHAR, differs_by, recalculated_sek::VARCHAR, recalculated_rate_code, visit_count, "
            "performed_count FROM core_compensation_lines"
        ).fetchall()
        assert found == [(difference, WHY[case], "1180.00", "T1", 6, 4)]
        shares = connection.execute("SELECT sum(paid_sek)::VARCHAR, count(line_id) FROM core_visit_pay").fetchone()
        assert shares == (paid, 6)


CAPPED = """
core_compensation_rules
rule_id | service | basis     | cap_share_of_granted | minimum_minutes | cohabitant_share | rounding | rounding_minutes | rounding_scope | valid_from
R1      | care    | performed | 1                    | 15              | 0.5              | up       | 30               | day            | 2026-01-01
core_decisions
decision_id | client_ref | service | minutes_per_month | double_staffed | valid_from
D1          | C1         | care    | 60                | false          | 2026-01-01
core_orders
order_id | client_ref | provider_id | decision_id | valid_from
O1       | C1         | P1          | D1          | 2026-01-01
core_visits
visit_id | client_ref | household_ref | status    | actual_start     | actual_end
V1       | C1         | H1            | performed | 2026-03-02 08:00 | 2026-03-02 08:05
V2       | C2         | H1            | performed | 2026-03-02 08:00 | 2026-03-02 08:20
V3       | C1         | H1            | performed | 2026-03-02 12:00 | 2026-03-02 12:50
V4       | C1         | H1            | performed | 2026-03-03 12:00 | 2026-03-03 12:10
"""


@pytest.mark.parametrize(
    ("client", "paid", "why"),
    [
        ("C1", "600.00", "none"),
        ("C1", "1125.00", "cap"),
        ("C2", "150.00", "none"),
        ("C2", "300.00", "cohabitants"),
        ("C2", "100.00", "rounding"),
    ],
)
def test_caps_and_cohabitants_explain_a_difference(client: str, paid: str, why: str) -> None:
    line = f"raw_compensation_lines\nline_id | client_ref | amount_sek\nL1 | {client} | {paid}"
    with care_of(CAPPED, line) as connection:
        found = connection.execute(
            f"SELECT differs_by FROM core_compensation_lines WHERE client_ref = '{client}' AND is_delivered"
        ).fetchall()
        assert found == [(why,)]


@pytest.mark.parametrize(("minutes", "why"), [("90", "minutes"), ("60", "price"), ("", "price")])
def test_more_minutes_are_not_taken_for_another_price_that_gives_the_same(minutes: str, why: str) -> None:
    drawing = f"""
        core_rates
        rate_code | service | day_type | unit | price_sek | valid_from
        T1        | care    | weekday  | hour | 600.00    | 2026-01-01
        T3        | care    | night    | hour | 900.00    | 2026-01-01
        core_visits
        visit_id | status    | actual_start     | registered_minutes
        V1       | performed | 2026-03-02 08:00 | 60
        raw_compensation_lines
        line_id | minutes   | amount_sek
        L1      | {minutes} | 900.00
        """
    with care_of(drawing) as connection:
        assert connection.execute("SELECT differs_by FROM core_compensation_lines").fetchall() == [(why,)]


def test_lines_without_visits_paid_twice_settled_or_never_paid() -> None:
    drawing = """
        core_visits
        visit_id | client_ref | provider_id | status    | actual_start     | registered_minutes
        V1       | C1         | P1          | performed | 2026-03-02 08:00 | 60
        V2       | C2         | P1          | performed | 2026-03-02 10:00 | 60
        V3       | C3         | P1          | performed | 2026-03-02 12:00 | 60
        V4       | C4         | P1          | performed | 2026-03-02 14:00 | 60
        raw_compensation_lines
        line_id | client_ref | provider_id | booked_month | amount_sek
        A1      | C1         | P1          | 2026-03      | 600.00
        A2      | C1         | P1          | 2026-04      | 600.00
        B1      | C2         | P1          | 2026-03      | 700.00
        B2      | C2         | P1          | 2026-04      | -100.00
        C1      | C9         | P1          | 2026-03      | 500.00
        D1      | C3         | P1          | 2026-03      | 600.00
        E1      | C1         | P7          | 2026-03      | 600.00
        """
    with care_of(drawing) as connection:
        found = table(connection, LINES.replace("line_id AS line", "left(line_id, 4) AS line"))
        assert found == same("""
        line | paid    | due    | difference | differs_by
        A1   | 600.00  | 600.00 | 0.00       | none
        A2   | 600.00  | 0.00   | 600.00     | duplicate_line
        B1   | 700.00  | 600.00 | 100.00     | unexplained
        B2   | -100.00 | -100.00 | 0.00      | none
        C1   | 500.00  | 0.00   | 500.00     | missing_visits
        D1   | 600.00  | 600.00 | 0.00       | none
        E1   | 600.00  |        |            | no_visits
        due- | 0.00    | 600.00 | -600.00    | not_paid
        """)


def test_a_lines_kronor_lie_on_its_visits_to_the_ore() -> None:
    drawing = """
        core_compensation_rules
        rule_id | service  | basis     | valid_from
        R1      | care     | performed | 2026-01-01
        R2      | domestic | granted   | 2026-01-01
        core_rates
        rate_code | service  | unit | price_sek | valid_from
        T1        | care     | hour | 600.00    | 2026-01-01
        T2        | domestic | hour | 600.00    | 2026-01-01
        core_decisions
        decision_id | client_ref | service  | minutes_per_month | double_staffed | valid_from
        D1          | C1         | domestic | 62                | false          | 2026-01-01
        D2          | C2         | domestic | 60                | true           | 2026-01-01
        core_orders
        order_id | client_ref | provider_id | decision_id | valid_from
        O1       | C1         | P1          | D1          | 2026-01-01
        O2       | C2         | P1          | D2          | 2026-03-17
        core_absences
        client_ref | kind     | from_at          | to_at
        C1         | hospital | 2026-03-01 09:00 | 2026-03-02 09:00
        core_visits
        visit_id | client_ref | service  | status    | actual_start     | registered_minutes | planned_start    | planned_minutes
        V1       | C1         | care     | performed | 2026-03-02 08:00 | 10                 |                  | 0
        V2       | C1         | care     | performed | 2026-03-02 09:00 | 10                 |                  | 0
        V3       | C1         | care     | performed | 2026-03-02 10:00 | 10                 |                  | 0
        V4       | C1         | care     | declined  |                  | 0                  | 2026-03-20 10:00 | 30
        W1       | C1         | domestic | performed | 2026-03-02 08:00 | 30                 |                  | 0
        W2       | C1         | domestic | performed | 2026-03-03 08:00 | 60                 |                  | 0
        X1       | C2         | domestic | declined  |                  | 0                  | 2026-03-20 10:00 | 40
        X2       | C2         | domestic | declined  |                  | 0                  | 2026-03-21 10:00 | 20
        raw_compensation_lines
        line_id | client_ref | service  | rate_code | minutes | amount_sek
        L1      | C1         | care     | T1        | 30      | 100.00
        L2      | C1         | domestic | T2        | 58      | 580.00
        L3      | C2         | domestic | T2        | 58.06   | 580.65
        """
    with care_of(drawing) as connection:
        assert table(connection, SHARES) == same("""
        visit | line | paid
        V1    | L1   | 33.33
        V2    | L1   | 33.33
        V3    | L1   | 33.34
        V4    | L1   | 0.00
        W1    | L2   | 193.33
        W2    | L2   | 386.67
        X1    | L3   | 387.10
        X2    | L3   | 193.55
        """)
        assert table(connection, LINES) == same("""
        line | paid   | due    | difference | differs_by
        L1   | 100.00 | 300.00 | -200.00    | unexplained
        L2   | 580.00 | 580.00 | 0.00       | none
        L3   | 580.65 | 580.65 | 0.00       | none
        """)
        granted = connection.execute("SELECT granted_minutes::VARCHAR FROM core_compensation_lines ORDER BY line_id")
        assert granted.fetchall() == [(None,), ("62.0000",), ("58.0645",)]


def test_fees_new_clients_and_lines_without_codes() -> None:
    drawing = """
        core_compensation_rules
        rule_id | service | basis     | new_client_minutes | valid_from
        R1      | care    | performed | 90                 | 2026-01-01
        R2      | alarm   | granted   |                    | 2026-01-01
        core_rates
        rate_code | service | unit  | price_sek | valid_from
        T1        | care    | hour  | 600.00    | 2026-01-01
        T9        | alarm   | month | 210.00    | 2026-01-01
        core_decisions
        decision_id | client_ref | service | minutes_per_month | double_staffed | valid_from
        D1          | C1         | care    | 600               | false          | 2026-01-01
        D2          | C1         | alarm   | 0                 | false          | 2026-01-01
        core_orders
        order_id | client_ref | provider_id | decision_id | valid_from | valid_to
        O1       | C1         | P1          | D1          | 2026-03-10 |
        O2       | C1         | P1          | D2          | 2026-01-01 | 2026-03-05
        core_visits
        visit_id | client_ref | status    | actual_start     | registered_minutes
        V1       | C1         | performed | 2026-03-12 08:00 | 30
        raw_compensation_lines
        line_id | service | rate_code | minutes | amount_sek
        L1      | care    |           | 120     | 1200.00
        L2      | alarm   | T9        | 0       | 210.00
        L3      | respite | T7        | 60      | 100.00
        """
    with care_of(drawing) as connection:
        assert table(connection, LINES) == same("""
        line | paid    | due     | difference | differs_by
        L1   | 1200.00 | 1200.00 | 0.00       | none
        L2   | 210.00  | 210.00  | 0.00       | none
        L3   | 100.00  |         |            | no_rule
        """)


@pytest.mark.parametrize(
    ("without", "why"),
    [
        ("core_compensation_rules", "no_rules"),
        ("core_rates", "no_rates"),
        ("core_providers", "none"),
        ("core_clients", "none"),
        ("core_visits", "no_visits"),
    ],
)
def test_any_register_may_be_missing(without: str, why: str) -> None:
    line = "raw_compensation_lines\nline_id | amount_sek\nL1 | 600.00"
    visit = """
        core_visits
        visit_id | status    | actual_start     | registered_minutes
        V1       | performed | 2026-03-02 08:00 | 60
        """
    drawings = (line,) if without == "core_visits" else (line, visit)
    with care_of(*drawings, without=(without,)) as connection:
        found = connection.execute(
            "SELECT differs_by, recalculated_sek::VARCHAR, visit_count FROM core_compensation_lines"
        ).fetchall()
        assert found == [(why, "600.00" if why == "none" else None, 0 if without == "core_visits" else 1)]
        pay = connection.execute("SELECT line_id, paid_sek::VARCHAR FROM core_visit_pay").fetchall()
        assert pay == ([] if without == "core_visits" else [("L1", "600.00")])


def test_no_table_at_all_gives_empty_tables() -> None:
    with care_of(without=("core_compensation_rules", "core_rates", "core_providers", "core_clients")) as connection:
        for name in ("core_visit_pay", "core_compensation_lines"):
            assert connection.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,)


# 60 minutes, 600 kr, and what lines of one client-month paid for them in March, April and May
PARTS = {
    "a part of it later": ("03 400, 04 200", "0.00 none, 0.00 none"),
    "a part too much later": ("03 400, 04 210", "0.00 none, 10.00 unexplained"),
    "still too little": ("03 400, 04 150", "0.00 none, -50.00 unexplained"),
    "two lines at once": ("03 400, 03 200", "0.00 none, 0.00 none"),
    "the whole again": ("03 400, 04 200, 05 600", "0.00 none, 0.00 none, 600.00 duplicate_line"),
    "too much, and more": ("03 400, 04 300, 05 100", "0.00 none, 100.00 unexplained, 100.00 duplicate_line"),
    "too much, taken back": ("03 700, 04 -100", "100.00 minutes, 0.00 none"),
    "too much, taken back in part": ("03 700, 04 -60", "100.00 minutes, 0.00 none"),
    "too much, more taken back": ("03 700, 04 -150", "100.00 minutes, -50.00 unexplained"),
    "right, taken back": ("03 600, 04 -100", "0.00 none, -100.00 unexplained"),
    "booked anew": ("03 700, 04 -700, 04 600", "100.00 minutes, 0.00 none, 0.00 none"),
    "booked anew, wrong": ("03 700, 04 -700, 04 610", "100.00 minutes, 0.00 none, 0.00 none"),
    "too little, made up": ("03 500, 04 -500, 05 600", "-100.00 minutes, -500.00 unexplained, 0.00 none"),
}


@pytest.mark.parametrize("case", PARTS)
def test_a_sum_paid_in_parts_is_settled_as_it_stands(case: str) -> None:
    paid, expected = PARTS[case]
    lines = ["raw_compensation_lines", "line_id | booked_month | minutes | amount_sek"]
    for i, part in enumerate(paid.split(", ")):
        month, amount = part.split()
        lines.append(f"L{i} | 2026-{month} | {int(amount) / 10} | {amount}.00")
    visit = """
        core_visits
        visit_id | status    | actual_start     | registered_minutes
        V1       | performed | 2026-03-02 08:00 | 60
        """
    with care_of(visit, "\n".join(lines)) as connection:
        found = connection.execute(
            "SELECT difference_sek::VARCHAR || ' ' || differs_by FROM core_compensation_lines ORDER BY line_id"
        ).fetchall()
        assert ", ".join(said for (said,) in found) == expected


@pytest.mark.parametrize(
    ("rule", "status", "pair", "paid", "without", "why"),
    [
        ("cap_share_of_granted | 0.5", "performed", "", "300.00", "", "none"),
        ("cap_share_of_granted | 0.5", "performed", "", "300.00", "core_decisions", "no_orders"),
        ("new_client_minutes | 90", "performed", "", "1500.00", "", "none"),
        ("new_client_minutes | 90", "performed", "", "1500.00", "core_orders", "no_orders"),
        ("new_client_minutes | 90", "performed", "", "600.00", "core_orders", "none"),
        ("new_client_minutes | 0", "performed", "V0", "600.00", "", "none"),
        ("new_client_minutes | 0", "performed", "V0", "600.00", "core_decisions", "no_orders"),
        ("absence_share_day_1 | 0.75", "absent", "", "450.00", "", "none"),
        ("absence_share_day_1 | 0.75", "absent", "", "450.00", "core_absences", "no_absences"),
    ],
)
def test_what_a_register_would_tell_is_not_judged_without_it(
    rule: str, status: str, pair: str, paid: str, without: str, why: str
) -> None:
    column, value = rule.split(" | ")
    drawings = {
        "core_decisions": "decision_id | client_ref | service | minutes_per_month | double_staffed | valid_from\n"
        "D1 | C1 | care | 60 | false | 2026-03-01",
        "core_orders": "order_id | client_ref | provider_id | decision_id | valid_from\nO1 | C1 | P1 | D1 | 2026-03-01",
        "core_absences": "client_ref | kind | from_at | to_at\nC1 | hospital | 2026-03-02 07:00 | 2026-03-02 20:00",
        "core_compensation_rules": f"rule_id | service | basis | {column} | valid_from\n"
        f"R1 | care | performed | {value} | 2026-01-01",
        "core_visits": "visit_id | status | planned_start | planned_minutes | registered_minutes | pair_visit_id | is_double_granted\n"
        f"V1 | {status} | 2026-03-02 08:00 | 60 | 60 | {pair} | {without != 'core_decisions'}",
        "raw_compensation_lines": f"line_id | amount_sek\nL1 | {paid}",
    }
    drawn = (f"{table}\n{rows}" for table, rows in drawings.items() if table != without)
    with care_of(*drawn) as connection:
        found = connection.execute(
            "SELECT differs_by, recalculated_rule_id FROM core_compensation_lines WHERE is_delivered"
        ).fetchall()
        assert found == [(why, "R1")]
