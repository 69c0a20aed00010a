"""Which rule is most specific, which delivered line pays what is due, and why lines of granted time differ."""

import pytest

from tests.core.drawn_care import care_of
from tests.core.drawn_ledger import same, table
from tests.core.test_compensation_lines import LINES

RULES = """
core_providers
provider_id | org_no | name | regime   | valid_from
P1          | 1      | A    | private  | 2020-01-01
P2          | 2      | B    | private  | 2020-01-01
P3          | 3      | C    | in_house | 2020-01-01
core_compensation_rules
rule_id | provider_id | task   | service  | regime   | basis     | valid_from
R01     |             |        |          |          | performed | 2026-01-01
R02     |             |        |          | private  | performed | 2026-01-01
R03     |             |        | care     |          | performed | 2026-01-01
R04     |             |        | care     | private  | performed | 2026-01-01
R05     |             | meal   |          |          | performed | 2026-01-01
R06     | P2          |        |          |          | performed | 2026-01-01
R07     |             | shower | care     | private  | performed | 2026-01-01
R08     |             |        | night    |          | performed | 2026-01-01
R09     |             |        | domestic |          | performed | 2026-02-01
R10     |             |        | domestic |          | performed | 2026-01-01
R12     |             |        | respite  |          | performed | 2026-01-01
R11     |             |        | respite  |          | performed | 2026-01-01
core_visits
visit_id              | provider_id | service  | task   | status    | actual_start
1 regime              | P1          | escort   |        | performed | 2026-03-02 08:00
2 service and regime  | P1          | care     |        | performed | 2026-03-02 08:00
3 task                | P1          | care     | meal   | performed | 2026-03-02 08:00
4 provider            | P2          | care     | meal   | performed | 2026-03-02 08:00
5 provider before all | P2          | care     | shower | performed | 2026-03-02 08:00
6 all but provider    | P1          | care     | shower | performed | 2026-03-02 08:00
7 service             | P3          | care     |        | performed | 2026-03-02 08:00
8 none                | P3          | escort   |        | performed | 2026-03-02 08:00
9 service, not regime | P1          | night    |        | performed | 2026-03-02 08:00
a later               | P3          | domestic |        | performed | 2026-03-02 08:00
b smaller             | P3          | respite  |        | performed | 2026-03-02 08:00
"""


def test_the_most_specific_rule_holds_then_the_later_then_the_smaller_number() -> None:
    with care_of(RULES) as connection:
        chosen = connection.execute("SELECT left(visit_id, 1) || rule_id FROM core_visit_pay ORDER BY 1").fetchall()
    assert " ".join(row[0] for row in chosen) == "1R02 2R04 3R05 4R06 5R06 6R07 7R03 8R01 9R08 aR09 bR11"


# weekday 60 minutes of T1, evening 30 of T2, weekend 20 of T3; U1, U2 and U3 are another area's, N that of nights
PAIRING = """
core_rates
rate_code | service | area_type | day_type | unit | price_sek | valid_from
T1        | care    |           | weekday  | hour | 600.00    | 2026-01-01
T2        | care    |           | evening  | hour | 600.00    | 2026-01-01
T3        | care    |           | weekend  | hour | 600.00    | 2026-01-01
U1        | care    | rural     | weekday  | hour | 660.00    | 2026-01-01
U2        | care    | rural     | evening  | hour | 660.00    | 2026-01-01
U3        | care    | rural     | weekend  | hour | 660.00    | 2026-01-01
N         | care    |           | night    | hour | 900.00    | 2026-01-01
core_visits
visit_id | status    | actual_start     | registered_minutes
V1       | performed | 2026-03-02 08:00 | 60
V2       | performed | 2026-03-02 20:00 | 30
V3       | performed | 2026-03-07 08:00 | 20
"""
PAID = {
    "each by its code": ("T1 60, T2 30, T3 20", "600.00 T1, 300.00 T2, 200.00 T3"),
    "the others by the kind of day": ("T1 60, U3 20, U2 30", "600.00 T1, 200.00 T3, 300.00 T2"),
    "by the kind of day before the size": ("U3 60, U2 20, T1 30", "200.00 T3, 300.00 T2, 600.00 T1"),
    "then by size": ("N 20, Z 60, T2 30", "200.00 T3, 600.00 T1, 300.00 T2"),
    "and by the ledger's order": ("N 20, Z 20, T2 30", "600.00 T1, 200.00 T3, 300.00 T2"),
    "a line without minutes last": ("N , Z 20, T2 30", "200.00 T3, 600.00 T1, 300.00 T2"),
    "one line for all": ("- 110", "1100.00 T1"),
    "one line for what is left": ("T1 60, - 50", "600.00 T1, 500.00 T2"),
    "a code's line, and two without one": ("- 5, T1 60, - 50", "50.00 T2, 600.00 T1, 450.00 T2"),
    "a second line of a code": ("T1 60, T1 60, T2 30", "600.00 T1, 0.00 T1, 300.00 T2"),
}


@pytest.mark.parametrize("case", PAID)
def test_lines_pay_what_is_due_by_code_kind_of_day_and_size(case: str) -> None:
    paid, expected = PAID[case]
    rows = [
        f"L{n} | {code.replace('-', '')} | {minutes} | {int(minutes or 0) * 10}.00"
        for n, (code, _, minutes) in enumerate(part.partition(" ") for part in paid.split(", "))
    ]
    drawn = "\n".join(["raw_compensation_lines", "line_id | rate_code | minutes | amount_sek", *rows])
    with care_of(PAIRING, drawn) as connection:
        found = connection.execute(
            "SELECT recalculated_sek || ' ' || coalesce(recalculated_rate_code, '-') FROM core_compensation_lines "
            "WHERE is_delivered ORDER BY line_id"
        ).fetchall()
    assert ", ".join(row[0] for row in found) == expected


GRANTED = """
core_clients
client_ref | area | area_type | valid_from
C1         | A1   | urban     | 2020-01-01
C2         | A1   | urban     | 2020-01-01
C3         | A1   | urban     | 2020-01-01
C4         | A1   | urban     | 2020-01-01
C5         | A1   | urban     | 2020-01-01
core_compensation_rules
rule_id | service | basis     | absence_share_day_1 | absence_share_later | absence_days | new_client_minutes | valid_from | valid_to
R1      | care    | granted   | 0.5                 | 0                   | 0            |                    | 2026-01-01 |
R9      | escort  | performed |                     |                     |              | 90                 | 2026-01-01 | 2026-03-04
R2      | escort  | performed |                     |                     |              | 90                 | 2026-03-05 |
core_rates
rate_code | service | unit | price_sek | valid_from
T1        | care    | hour | 600.00    | 2026-01-01
T2        | escort  | hour | 600.00    | 2026-01-01
core_decisions
decision_id | client_ref | service | minutes_per_month | double_staffed | valid_from | valid_to
D1          | C1         | care    | 310               | false          | 2026-01-01 |
D2          | C2         | care    | 310               | true           | 2026-01-01 |
D3          | C3         | care    | 310               | true           | 2026-01-01 | 2026-03-15
D3          | C3         | care    | 620               | true           | 2026-03-16 |
D4          | C4         | escort  | 60                | false          | 2026-01-01 |
D5          | C5         | escort  | 60                | false          | 2026-01-01 |
core_orders
order_id | client_ref | provider_id | decision_id | valid_from
O1       | C1         | P1          | D1          | 2026-01-01
O2       | C2         | P1          | D2          | 2026-01-01
O3       | C3         | P1          | D3          | 2026-01-01
O4       | C4         | P1          | D4          | 2026-03-02
O5       | C5         | P1          | D5          | 2026-01-01
core_absences
client_ref | kind     | from_at          | to_at
C1         | hospital | 2026-03-30 12:00 | 2026-04-02 12:00
C3         | hospital | 2026-03-16 12:00 | 2026-03-16 18:00
core_visits
visit_id | client_ref | service | status    | actual_start     | registered_minutes
V1       | C4         | escort  | performed | 2026-03-03 08:00 | 20
V2       | C4         | escort  | performed | 2026-03-05 08:00 | 10
V3       | C5         | escort  | performed | 2026-03-03 08:00 | 20
V4       | C5         | escort  | performed | 2026-03-05 08:00 | 10
raw_compensation_lines
line_id | client_ref | service | rate_code | minutes | amount_sek
L1      | C1         | care    | T1        | 310     | 3100.00
L2      | C2         | care    | T1        | 310     | 3100.00
L3      | C3         | care    | T1        | 940     | 9400.00
L4      | C4         | escort  | T2        | 30      | 300.00
L5      | C5         | escort  | T2        | 120     | 1200.00
"""


def test_granted_time_paid_through_an_absence_or_for_one_carer_and_minutes_for_a_new_client_are_told() -> None:
    with care_of(GRANTED) as connection:
        chosen = LINES.replace("\nFROM", ", recalculated_rule_id AS rule FROM")
        assert table(connection, chosen) == same("""
        line | paid    | due     | difference | differs_by      | rule
        L1   | 3100.00 | 2950.00 | 150.00     | absence         | R1
        L2   | 3100.00 | 6200.00 | -3100.00   | double_staffing | R1
        L3   | 9400.00 | 9200.00 | 200.00     | absence         | R1
        L4   | 300.00  | 1200.00 | -900.00    | new_client      | R2
        L5   | 1200.00 | 300.00  | 900.00     | new_client      | R2
        """)


def test_a_visit_that_no_rule_pays_lies_on_its_code_s_line_or_on_the_month_s_largest() -> None:
    rule = """
        core_compensation_rules
        rule_id | service | task | basis     | valid_from
        R1      | care    | meal | performed | 2026-01-01
        """
    visits = """
        core_visits
        visit_id | task   | status    | actual_start     | registered_minutes
        V1       | meal   | performed | 2026-03-02 08:00 | 60
        V2       | meal   | performed | 2026-03-02 20:00 | 30
        V3       | shower | performed | 2026-03-07 08:00 | 20
        V4       | shower | performed | 2026-03-03 08:00 | 20
        """
    lines = """
        raw_compensation_lines
        line_id | rate_code | minutes | amount_sek
        L1      | T1        | 60      | 600.00
        L2      | T2        | 30      | 900.00
        L3      | T2        | 30      | 950.00
        """
    with care_of(PAIRING[: PAIRING.index("core_visits")], rule, visits, lines) as connection:
        found = connection.execute(
            "SELECT visit_id, line_id, paid_sek::INTEGER FROM core_visit_pay ORDER BY 1"
        ).fetchall()
    assert found == [("V1", "L1", 600), ("V2", "L2", 900), ("V3", "L2", 0), ("V4", "L1", 0)]
