"""From visits to kronor, one rule at a time: golden examples drawn as tables."""

import pytest

from tests.core.drawn_care import care_of
from tests.core.drawn_ledger import same, table

STEPS = """SELECT visit_id AS visit, basis_minutes::INTEGER AS basis, after_flat::INTEGER AS flat,
after_minimum::INTEGER AS least, rounded_minutes::INTEGER AS rounded, weight::DECIMAL(5,2) AS weight,
billable_minutes::DECIMAL(9,2) AS billable, amount_sek::DECIMAL(9,2) AS sek FROM core_visit_pay ORDER BY visit_id"""

CASES = {
    "registered minutes, or planned ones under that basis; declined visits start from the plan": (
        """
        core_compensation_rules
        rule_id | service  | basis     | declined_share | valid_from
        R1      | care     | performed | 0.5            | 2026-01-01
        R2      | domestic | planned   |                | 2026-01-01
        core_rates
        rate_code | service  | unit | price_sek | valid_from
        T1        | care     | hour | 600.00    | 2026-01-01
        T2        | domestic | hour | 600.00    | 2026-01-01
        core_visits
        visit_id | service  | status    | planned_start    | planned_end      | actual_start     | actual_end
        V1       | care     | performed | 2026-03-02 08:00 | 2026-03-02 08:30 | 2026-03-02 08:00 | 2026-03-02 08:21
        V2       | care     | declined  | 2026-03-02 10:00 | 2026-03-02 10:30 |                  |
        V3       | care     | performed |                  |                  | 2026-03-02 12:00 |
        V4       | care     | cancelled | 2026-03-02 14:00 | 2026-03-02 14:30 |                  |
        V5       | domestic | performed | 2026-03-02 08:00 | 2026-03-02 08:30 | 2026-03-02 08:00 | 2026-03-02 08:21
        V6       | escort   | performed | 2026-03-02 08:00 | 2026-03-02 08:30 | 2026-03-02 08:00 | 2026-03-02 08:21
        """,
        """
        visit | basis | flat | least | rounded | weight | billable | sek
        V1    | 21    | 21   | 21    | 21      | 1.00   | 21.00    | 210.00
        V2    | 30    | 30   | 30    | 30      | 0.50   | 15.00    | 150.00
        V3    | 0     | 0    | 0     | 0       | 1.00   | 0.00     | 0.00
        V5    | 30    | 30   | 30    | 30      | 1.00   | 30.00    | 300.00
        V6    |       |      |       |         |        |          |
        """,
    ),
    "flat time by task replaces whatever it was; the least time counts above zero only": (
        """
        core_compensation_rules
        rule_id | service | task   | basis     | flat_minutes | minimum_minutes | valid_from
        R1      | care    |        | performed |              | 15              | 2026-01-01
        R2      | care    | shower | performed | 40           |                 | 2026-01-01
        core_visits
        visit_id | task   | status    | actual_start     | actual_end
        V1       | meal   | performed | 2026-03-02 08:00 | 2026-03-02 08:04
        V2       | meal   | performed | 2026-03-02 09:00 | 2026-03-02 09:00
        V3       | meal   | performed | 2026-03-02 10:00 | 2026-03-02 10:16
        V4       | shower | performed | 2026-03-02 11:00 | 2026-03-02 12:11
        V5       | shower | performed | 2026-03-02 13:00 | 2026-03-02 13:00
        """,
        """
        visit | basis | flat | least | rounded | weight | billable | sek
        V1    | 4     | 4    | 15    | 15      | 1.00   | 15.00    | 150.00
        V2    | 0     | 0    | 0     | 0       | 1.00   | 0.00     | 0.00
        V3    | 16    | 16   | 16    | 16      | 1.00   | 16.00    | 160.00
        V4    | 71    | 40   | 40    | 40      | 1.00   | 40.00    | 400.00
        V5    | 0     | 40   | 40    | 40      | 1.00   | 40.00    | 400.00
        """,
    ),
    "rounded visit by visit: half up, up, or not": (
        """
        core_compensation_rules
        rule_id | service  | basis     | rounding | rounding_minutes | valid_from
        R1      | care     | performed | nearest  | 5                | 2026-01-01
        R2      | domestic | performed | up       | 15               | 2026-01-01
        core_rates
        rate_code | service  | unit | price_sek | valid_from
        T1        | care     | hour | 600.00    | 2026-01-01
        T2        | domestic | hour | 600.00    | 2026-01-01
        core_visits
        visit_id | service  | status    | registered_minutes | actual_start     | planned_start    | planned_end
        V1       | care     | performed | 12.4999            | 2026-03-02 08:00 |                  |
        V2       | care     | performed | 12.5               | 2026-03-02 09:00 |                  |
        V3       | care     | performed | 2                  | 2026-03-02 10:00 |                  |
        V4       | care     | declined  | 0                  |                  | 2026-03-02 10:00 | 2026-03-02 10:13
        V5       | domestic | performed | 30                 | 2026-03-02 08:00 |                  |
        V6       | domestic | performed | 30.0001            | 2026-03-02 09:00 |                  |
        """,
        """
        visit | basis | flat | least | rounded | weight | billable | sek
        V1    | 12    | 12   | 12    | 10      | 1.00   | 10.00    | 100.00
        V2    | 13    | 13   | 13    | 15      | 1.00   | 15.00    | 150.00
        V3    | 2     | 2    | 2     | 0       | 1.00   | 0.00     | 0.00
        V4    | 13    | 13   | 13    | 13      | 0.00   | 0.00     | 0.00
        V5    | 30    | 30   | 30    | 30      | 1.00   | 30.00    | 300.00
        V6    | 30    | 30   | 30    | 45      | 1.00   | 45.00    | 450.00
        """,
    ),
    "a day's or a month's sum is rounded on its last performed visit": (
        """
        core_compensation_rules
        rule_id | service  | basis     | rounding | rounding_minutes | rounding_scope | valid_from
        R1      | care     | performed | up       | 30               | day            | 2026-01-01
        R2      | domestic | performed | nearest  | 60               | client_month   | 2026-01-01
        core_rates
        rate_code | service  | unit | price_sek | valid_from
        T1        | care     | hour | 600.00    | 2026-01-01
        T2        | domestic | hour | 600.00    | 2026-01-01
        core_visits
        visit_id | service  | status    | actual_start     | actual_end       | planned_start    | planned_end
        V1       | care     | performed | 2026-03-02 08:00 | 2026-03-02 08:20 |                  |
        V2       | care     | performed | 2026-03-02 10:00 | 2026-03-02 10:20 |                  |
        V3       | care     | performed | 2026-03-02 10:00 | 2026-03-02 10:01 |                  |
        V4       | care     | declined  |                  |                  | 2026-03-02 18:00 | 2026-03-02 18:30
        V5       | care     | performed | 2026-03-03 08:00 | 2026-03-03 08:30 |                  |
        V6       | domestic | performed | 2026-03-02 08:00 | 2026-03-02 09:00 |                  |
        V7       | domestic | performed | 2026-03-20 08:00 | 2026-03-20 08:29 |                  |
        V8       | domestic | performed | 2026-04-01 08:00 | 2026-04-01 08:30 |                  |
        """,
        """
        visit | basis | flat | least | rounded | weight | billable | sek
        V1    | 20    | 20   | 20    | 20      | 1.00   | 20.00    | 200.00
        V2    | 20    | 20   | 20    | 20      | 1.00   | 20.00    | 200.00
        V3    | 1     | 1    | 1     | 20      | 1.00   | 20.00    | 200.00
        V4    | 30    | 30   | 30    | 30      | 0.00   | 0.00     | 0.00
        V5    | 30    | 30   | 30    | 30      | 1.00   | 30.00    | 300.00
        V6    | 60    | 60   | 60    | 60      | 1.00   | 60.00    | 600.00
        V7    | 29    | 29   | 29    | 0       | 1.00   | 0.00     | 0.00
        V8    | 30    | 30   | 30    | 60      | 1.00   | 60.00    | 600.00
        """,
    ),
    "absent by the day of the absence, 0 where no absence covers it": (
        """
        core_compensation_rules
        rule_id | service | basis     | absence_share_day_1 | absence_share_later | absence_days | valid_from
        R1      | care    | performed | 0.75                | 0.25                | 3            | 2026-01-01
        core_absences
        client_ref | kind     | from_at          | to_at
        C1         | hospital | 2026-02-27 23:00 | 2026-03-02 01:00
        C1         | travel   | 2026-03-02 12:00 |
        core_visits
        visit_id | status | planned_start    | planned_end
        V1       | absent | 2026-02-27 08:00 | 2026-02-27 09:00
        V2       | absent | 2026-02-28 08:00 | 2026-02-28 09:00
        V3       | absent | 2026-03-02 08:00 | 2026-03-02 09:00
        V4       | absent | 2026-03-03 08:00 | 2026-03-03 09:00
        V5       | absent | 2026-03-05 08:00 | 2026-03-05 09:00
        V6       | absent | 2026-02-26 08:00 | 2026-02-26 09:00
        V7       | absent | 2026-03-04 08:00 | 2026-03-04 09:00
        """,
        """
        visit | basis | flat | least | rounded | weight | billable | sek
        V1    | 60    | 60   | 60    | 60      | 0.75   | 45.00    | 450.00
        V2    | 60    | 60   | 60    | 60      | 0.25   | 15.00    | 150.00
        V3    | 60    | 60   | 60    | 60      | 0.00   | 0.00     | 0.00
        V4    | 60    | 60   | 60    | 60      | 0.25   | 15.00    | 150.00
        V5    | 60    | 60   | 60    | 60      | 0.00   | 0.00     | 0.00
        V6    | 60    | 60   | 60    | 60      | 0.00   | 0.00     | 0.00
        V7    | 60    | 60   | 60    | 60      | 0.25   | 15.00    | 150.00
        """,
    ),
    "the second of a pair pays what the decision for two carers allows": (
        """
        core_compensation_rules
        rule_id | service | basis     | double_staffing_factor | valid_from
        R1      | care    | performed | 1.6                    | 2026-01-01
        core_visits
        visit_id | status    | actual_start     | actual_end       | pair_visit_id | is_double_granted
        V1       | performed | 2026-03-02 08:00 | 2026-03-02 08:20 | V2            | true
        V2       | performed | 2026-03-02 08:00 | 2026-03-02 08:20 | V1            | true
        V3       | performed | 2026-03-03 08:00 | 2026-03-03 08:20 | V4            | false
        V4       | performed | 2026-03-03 08:00 | 2026-03-03 08:20 | V3            | false
        """,
        """
        visit | basis | flat | least | rounded | weight | billable | sek
        V1    | 20    | 20   | 20    | 20      | 1.00   | 20.00    | 200.00
        V2    | 20    | 20   | 20    | 20      | 0.60   | 12.00    | 120.00
        V3    | 20    | 20   | 20    | 20      | 1.00   | 20.00    | 200.00
        V4    | 20    | 20   | 20    | 20      | 0.00   | 0.00     | 0.00
        """,
    ),
    "cohabitants helped at once share; one client alone, or no household, does not": (
        """
        core_compensation_rules
        rule_id | service | basis     | cohabitant_share | valid_from
        R1      |         | performed | 0.5              | 2026-01-01
        core_rates
        rate_code | service  | unit | price_sek | valid_from
        T1        | care     | hour | 600.00    | 2026-01-01
        T2        | domestic | hour | 600.00    | 2026-01-01
        core_visits
        visit_id | provider_id | client_ref | carer_ref | household_ref | service  | task   | status    | actual_start     | actual_end
        V1       | P1          | C1         | W1        | H1            | care     | meal   | performed | 2026-03-02 08:00 | 2026-03-02 08:20
        V2       | P1          | C2         | W1        | H1            | care     | meal   | performed | 2026-03-02 08:00 | 2026-03-02 08:21
        V3       | P1          | C1         | W1        | H1            | care     | meal   | performed | 2026-03-02 09:00 | 2026-03-02 09:20
        V4       | P1          | C2         | W2        | H1            | care     | meal   | performed | 2026-03-02 09:00 | 2026-03-02 09:20
        V5       | P1          | C3         | W1        |               | care     | meal   | performed | 2026-03-02 10:00 | 2026-03-02 10:20
        V6       | P1          | C4         | W1        |               | care     | meal   | performed | 2026-03-02 10:00 | 2026-03-02 10:20
        V7       | P1          | C1         | W1        | H1            | care     | shower | performed | 2026-03-02 08:00 | 2026-03-02 08:20
        V8       | P1          | C1         | W1        | H1            | domestic | meal   | performed | 2026-03-02 08:00 | 2026-03-02 08:20
        V9       | P2          | C1         | W1        | H1            | care     | meal   | performed | 2026-03-02 08:00 | 2026-03-02 08:20
        VA       | P1          | C3         | W1        | H2            | care     | meal   | performed | 2026-03-02 08:00 | 2026-03-02 08:20
        VB       | P1          | C1         | W1        | H1            | care     | meal   | declined  | 2026-03-02 09:00 |
        """,
        """
        visit | basis | flat | least | rounded | weight | billable | sek
        V1    | 20    | 20   | 20    | 20      | 0.50   | 10.00    | 100.00
        V2    | 21    | 21   | 21    | 21      | 0.50   | 10.50    | 105.00
        V3    | 20    | 20   | 20    | 20      | 1.00   | 20.00    | 200.00
        V4    | 20    | 20   | 20    | 20      | 1.00   | 20.00    | 200.00
        V5    | 20    | 20   | 20    | 20      | 1.00   | 20.00    | 200.00
        V6    | 20    | 20   | 20    | 20      | 1.00   | 20.00    | 200.00
        V7    | 20    | 20   | 20    | 20      | 1.00   | 20.00    | 200.00
        V8    | 20    | 20   | 20    | 20      | 1.00   | 20.00    | 200.00
        V9    | 20    | 20   | 20    | 20      | 1.00   | 20.00    | 200.00
        VA    | 20    | 20   | 20    | 20      | 1.00   | 20.00    | 200.00
        VB    | 0     | 0    | 0     | 0       | 0.00   | 0.00     | 0.00
        """,
    ),
    "the visit that crosses the cap is cut, later ones pay nothing, the next month starts anew": (
        """
        core_compensation_rules
        rule_id | service | basis     | cap_share_of_granted | valid_from
        R1      | care    | performed | 1.1                  | 2026-01-01
        core_decisions
        decision_id | client_ref | service | minutes_per_month | double_staffed | valid_from | valid_to
        D1          | C1         | care    | 62                | false          | 2026-01-01 | 2026-03-15
        core_orders
        order_id | client_ref | provider_id | decision_id | valid_from
        O1       | C1         | P1          | D1          | 2026-01-01
        core_visits
        visit_id | status    | actual_start     | actual_end
        V2       | performed | 2026-03-02 10:00 | 2026-03-02 10:20
        V3       | performed | 2026-03-02 08:00 | 2026-03-02 08:10
        V1       | performed | 2026-03-02 10:00 | 2026-03-02 10:20
        V4       | performed | 2026-03-20 08:00 | 2026-03-20 08:20
        V5       | performed | 2026-04-20 08:00 | 2026-04-20 10:00
        """,
        """
        visit | basis | flat | least | rounded | weight | billable | sek
        V1    | 20    | 20   | 20    | 20      | 1.00   | 20.00    | 200.00
        V2    | 20    | 20   | 20    | 20      | 1.00   | 3.00     | 30.00
        V3    | 10    | 10   | 10    | 10      | 1.00   | 10.00    | 100.00
        V4    | 20    | 20   | 20    | 20      | 1.00   | 0.00     | 0.00
        V5    | 120   | 120  | 120   | 120     | 1.00   | 120.00   | 1200.00
        """,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_steps(case: str) -> None:
    given, expected = CASES[case]
    with care_of(given) as connection:
        assert table(connection, STEPS) == same(expected)


def test_visits_of_a_granted_month_that_nobody_paid_stand_on_the_line_that_is_due() -> None:
    drawing = """
        core_compensation_rules
        rule_id | service | basis   | valid_from
        R1      | care    | granted | 2026-01-01
        core_decisions
        decision_id | client_ref | service | minutes_per_month | double_staffed | valid_from
        D1          | C1         | care    | 600               | false          | 2026-01-01
        D2          | C2         | care    | 300               | false          | 2026-01-01
        core_orders
        order_id | client_ref | provider_id | decision_id | valid_from
        O1       | C1         | P1          | D1          | 2026-01-01
        O2       | C2         | P1          | D2          | 2026-01-01
        core_visits
        visit_id | client_ref | status    | actual_start     | registered_minutes
        V1       | C1         | performed | 2026-03-02 08:00 | 50
        V2       | C2         | performed | 2026-03-02 10:00 | 20
        V3       | C2         | performed | 2026-03-03 10:00 | 20
        raw_compensation_lines
        line_id | client_ref | amount_sek
        L1      | C1         | 6000.00
        """
    with care_of(drawing) as connection:
        found = connection.execute(
            "SELECT is_delivered, recalculated_sek::VARCHAR, visit_count, registered_minutes::INTEGER FROM "
            "core_compensation_lines ORDER BY is_delivered DESC"
        ).fetchall()
        assert found == [(True, "6000.00", 1, 50), (False, "3000.00", 2, 40)]
