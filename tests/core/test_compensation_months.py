"""Whole months and their lines: granted time by the month's last day, and kronor on visits that bear none of their own."""

from tests.core.drawn_care import care_of
from tests.core.drawn_ledger import same, table
from tests.core.test_compensation_lines import LINES, SHARES


def test_kronor_lie_on_visits_of_several_rates_without_a_rule_without_pay_and_without_minutes() -> None:
    drawing = """
        core_compensation_rules
        rule_id | service | basis     | valid_from
        R1      | care    | performed | 2026-03-15
        R2      | escort  | performed | 2026-01-01
        R3      | night   | performed | 2026-01-01
        core_rates
        rate_code | service | day_type | unit  | price_sek | valid_from
        T1        | care    |          | hour  | 600.00    | 2026-01-01
        T2        | escort  | weekday  | hour  | 600.00    | 2026-01-01
        T3        | escort  | weekend  | hour  | 600.00    | 2026-01-01
        T4        | night   |          | month | 210.00    | 2026-01-01
        core_decisions
        decision_id | client_ref | service | minutes_per_month | double_staffed | valid_from
        D1          | C1         | night   | 0                 | false          | 2026-01-01
        core_orders
        order_id | client_ref | provider_id | decision_id | valid_from
        O1       | C1         | P1          | D1          | 2026-01-01
        core_visits
        visit_id | client_ref | service | status    | actual_start     | registered_minutes | planned_minutes
        V1       | C1         | care    | performed | 2026-03-02 08:00 | 30                 | 0
        V2       | C1         | care    | performed | 2026-03-20 08:00 | 10                 | 0
        V3       | C1         | care    | performed | 2026-03-20 09:00 | 10                 | 0
        V4       | C1         | care    | performed | 2026-03-21 08:00 | 10                 | 0
        V5       | C1         | care    | performed | 2026-03-21 08:00 | 0                  | 0
        W1       | C1         | escort  | performed | 2026-03-02 08:00 | 10                 | 0
        W2       | C1         | escort  | performed | 2026-03-07 08:00 | 10                 | 0
        W3       | C1         | escort  | performed | 2026-03-03 08:00 | 10                 | 0
        X1       | C1         | night   | performed | 2026-03-02 08:00 | 10                 | 0
        X2       | C1         | night   | performed | 2026-03-03 08:00 | 30                 | 0
        Y1       | C2         | escort  | performed | 2026-03-02 08:00 | 0                  | 0
        Y2       | C2         | escort  | performed | 2026-03-03 08:00 | 0                  | 0
        raw_compensation_lines
        line_id | client_ref | service | booked_month | rate_code | minutes | amount_sek
        L1      | C1         | care    | 2026-03      | T1        | 30      | 100.00
        L2      | C1         | escort  | 2026-03      |           | 30      | 100.00
        L3      | C1         | night   | 2026-04      | T4        | 0       | 210.00
        L4      | C2         | escort  | 2026-03      | T2        | 0       | 101.01
        """
    with care_of(drawing) as connection:
        assert table(connection, SHARES.replace(" FROM", ", booked_month AS booked FROM")) == same("""
        visit | line | paid  | booked
        V1    | L1   | 0.00  | 2026-03
        V2    | L1   | 33.33 | 2026-03
        V3    | L1   | 33.33 | 2026-03
        V4    | L1   | 33.34 | 2026-03
        V5    | L1   | 0.00  | 2026-03
        W1    | L2   | 33.33 | 2026-03
        W2    | L2   | 33.34 | 2026-03
        W3    | L2   | 33.33 | 2026-03
        X1    | L3   | 52.50 | 2026-04
        X2    | L3   | 157.50 | 2026-04
        Y1    | L4   | 50.51 | 2026-03
        Y2    | L4   | 50.50 | 2026-03
        """)
        assert table(
            connection, LINES.replace("\nFROM", ", visit_count AS visits, performed_count AS done FROM")
        ) == same(
            """
        line | paid   | due    | difference | differs_by     | visits | done
        L1   | 100.00 | 300.00 | -200.00    | unexplained    | 5      | 5
        L2   | 100.00 | 300.00 | -200.00    | unexplained    | 3      | 3
        L3   | 210.00 | 210.00 | 0.00       | none           | 2      | 2
        L4   | 101.01 | 0.00   | 101.01     | missing_visits | 2      | 2
        """
        )


def test_a_whole_month_goes_by_the_rule_area_and_double_staffing_of_its_last_day() -> None:
    drawing = """
        core_clients
        client_ref | area | area_type | valid_from
        C1         | A1   | urban     | 2020-01-01
        C1         | A2   | rural     | 2026-03-31
        C2         | A1   | urban     | 2026-04-01
        core_compensation_rules
        rule_id | service  | task | basis     | cap_share_of_granted | double_staffing_factor | valid_from | valid_to
        R0      | care     |      | granted   |                      |                        | 2026-01-01 | 2026-03-30
        R1      | care     |      | granted   |                      | 1.6                    | 2026-03-31 |
        R2      | domestic |      | performed | 1                    | 1.6                    | 2026-01-01 |
        R3      | domestic | meal | performed | 0.5                  |                        | 2026-01-01 |
        core_rates
        rate_code | service  | area_type | day_type | unit  | price_sek | valid_from | valid_to
        T0        | care     |           |          | hour  | 540.00    | 2026-01-01 |
        T1        | care     | urban     |          | hour  | 600.00    | 2026-01-01 |
        T2        | care     | rural     |          | hour  | 630.00    | 2026-01-01 | 2026-03-30
        T2        | care     | rural     |          | hour  | 660.00    | 2026-03-31 |
        T9        | care     | rural     | night    | hour  | 900.00    | 2026-01-01 |
        T3        | domestic |           |          | hour  | 600.00    | 2026-01-01 |
        core_decisions
        decision_id | client_ref | service  | minutes_per_month | double_staffed | valid_from | valid_to
        D1          | C1         | care     | 100               | true           | 2026-01-01 |
        D2          | C1         | domestic | 50                | true           | 2026-01-01 |
        D2          | C1         | domestic | 31                | false          | 2025-01-01 | 2025-12-31
        D3          | C2         | care     | 62                | false          | 2026-03-01 | 2026-03-20
        D4          | C3         | care     | 62                | false          | 2026-01-01 |
        core_orders
        order_id | client_ref | provider_id | decision_id | valid_from | valid_to
        O1       | C1         | P1          | D1          | 2026-01-01 |
        O2       | C1         | P1          | D2          | 2025-01-01 |
        O3       | C2         | P1          | D3          | 2026-02-01 | 2026-03-10
        O4       | C3         | P9          | D4          | 2026-03-31 | 2026-05-15
        O5       | C3         | P9          |             | 2026-01-01 |
        core_visits
        visit_id | client_ref | service  | task | status    | actual_start     | registered_minutes | area_type
        V1       | C1         | domestic | meal | performed | 2026-03-02 08:00 | 70                 | urban
        V2       | C1         | domestic | meal | performed | 2026-03-03 08:00 | 30                 | urban
        raw_compensation_lines
        line_id | client_ref | provider_id | service  | rate_code | minutes | amount_sek
        L1      | C1         | P1          | care     | T2        | 160     | 1760.00
        L2      | C1         | P1          | domestic | T3        | 80      | 800.00
        L3      | C2         | P1          | care     | T1        | 20      | 200.00
        L4      | C3         | P9          | care     | T0        | 2       | 18.00
        """
    with care_of(drawing) as connection:
        assert table(connection, LINES) == same("""
        line | paid    | due     | difference | differs_by
        L1   | 1760.00 | 1760.00 | 0.00       | none
        L2   | 800.00  | 800.00  | 0.00       | none
        L3   | 200.00  | 200.00  | 0.00       | none
        L4   | 18.00   | 18.00   | 0.00       | none
        """)
        paid = connection.execute("SELECT billable_minutes::INTEGER FROM core_visit_pay ORDER BY visit_id").fetchall()
        assert paid == [(70,), (10,)]
