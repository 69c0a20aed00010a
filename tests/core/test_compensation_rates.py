"""Which price a visit has: by kind of day, date, area and regime; golden examples drawn as tables."""

import pytest

from tests.core.drawn_care import care_of
from tests.core.drawn_ledger import same, table

RATES = """SELECT visit_id AS visit, rate_code AS rate, price_sek::INTEGER AS price, amount_sek::DECIMAL(9,2) AS sek
FROM core_visit_pay ORDER BY visit_id"""

PRICES = {
    "the kind of day follows from the start, for the whole visit, past midnight and past the month": (
        """
        core_rates
        rate_code | service | day_type | unit | price_sek | valid_from | from_time | to_time
        VD        | care    | weekday  | hour | 60.00     | 2026-01-01 |           |
        KV        | care    | evening  | hour | 120.00    | 2026-01-01 | 18:30     | 21:00
        HE        | care    | weekend  | hour | 180.00    | 2026-01-01 |           |
        NA        | care    | night    | hour | 240.00    | 2026-01-01 | 21:00     | 06:00
        core_calendar
        date       | day_type
        2026-04-03 | holiday
        2026-04-04 | weekday
        core_visits
        visit_id | status    | registered_minutes | actual_start
        V1       | performed | 60                 | 2026-03-31 05:59
        V2       | performed | 60                 | 2026-03-31 06:00
        V3       | performed | 60                 | 2026-03-31 18:29
        V4       | performed | 60                 | 2026-03-31 18:30
        V5       | performed | 60                 | 2026-03-31 23:59
        V6       | performed | 60                 | 2026-04-03 19:00
        V7       | performed | 60                 | 2026-04-04 12:00
        V8       | performed | 60                 | 2026-04-05 12:00
        """,
        """
        visit | rate | price | sek
        V1    | NA   | 240   | 240.00
        V2    | VD   | 60    | 60.00
        V3    | VD   | 60    | 60.00
        V4    | KV   | 120   | 120.00
        V5    | NA   | 240   | 240.00
        V6    | HE   | 180   | 180.00
        V7    | VD   | 60    | 60.00
        V8    | HE   | 180   | 180.00
        """,
    ),
    "evening and night begin when the rates of the date say, until later ones say otherwise": (
        """
        core_rates
        rate_code | service | day_type | unit | price_sek | valid_from | valid_to   | from_time | to_time
        VD        | care    | weekday  | hour | 60.00     | 2025-01-01 |            |           |
        KV        | care    | evening  | hour | 120.00    | 2026-01-01 | 2026-03-14 | 19:00     | 22:00
        KV        | care    | evening  | hour | 126.00    | 2026-03-15 | 2026-03-19 | 18:00     | 22:00
        KV        | care    | evening  | hour | 132.00    | 2026-03-20 |            |           |
        NA        | care    | night    | hour | 240.00    | 2026-03-18 |            | 21:30     | 00:00
        core_compensation_rules
        rule_id | service | basis     | valid_from
        R1      | care    | performed | 2025-01-01
        core_visits
        visit_id | status    | registered_minutes | actual_start
        V0       | performed | 60                 | 2025-12-31 19:00
        V1       | performed | 60                 | 2026-03-13 18:30
        V2       | performed | 60                 | 2026-03-13 19:00
        V3       | performed | 60                 | 2026-03-16 18:00
        V4       | performed | 60                 | 2026-03-17 21:29
        V5       | performed | 60                 | 2026-03-18 21:30
        V6       | performed | 60                 | 2026-03-23 18:00
        V7       | performed | 60                 | 2026-03-23 23:59
        V8       | performed | 60                 | 2026-03-24 00:00
        """,
        """
        visit | rate | price | sek
        V0    | VD   | 60    | 60.00
        V1    | VD   | 60    | 60.00
        V2    | KV   | 120   | 120.00
        V3    | KV   | 126   | 126.00
        V4    | KV   | 126   | 126.00
        V5    | NA   | 240   | 240.00
        V6    | KV   | 132   | 132.00
        V7    | NA   | 240   | 240.00
        V8    | VD   | 60    | 60.00
        """,
    ),
    "a rule or a price that has ended pays nothing, and none before it begins": (
        """
        core_compensation_rules
        rule_id | service  | basis     | valid_from | valid_to
        R1      | care     | performed | 2026-03-02 | 2026-03-14
        R2      | domestic | performed | 2026-01-01 |
        core_rates
        rate_code | service  | unit | price_sek | valid_from | valid_to
        T1        | care     | hour | 600.00    | 2026-01-01 |
        T2        | domestic | hour | 600.00    | 2026-03-02 | 2026-03-14
        core_visits
        visit_id | service  | status    | registered_minutes | actual_start
        V1       | care     | performed | 60                 | 2026-03-01 23:59
        V2       | care     | performed | 60                 | 2026-03-02 00:00
        V3       | care     | performed | 60                 | 2026-03-14 23:59
        V4       | care     | performed | 60                 | 2026-03-15 00:00
        W1       | domestic | performed | 60                 | 2026-03-01 23:59
        W2       | domestic | performed | 60                 | 2026-03-02 00:00
        W3       | domestic | performed | 60                 | 2026-03-14 23:59
        W4       | domestic | performed | 60                 | 2026-03-15 00:00
        """,
        """
        visit | rate | price | sek
        V1    |      |       |
        V2    | T1   | 600   | 600.00
        V3    | T1   | 600   | 600.00
        V4    |      |       |
        W1    |      |       |
        W2    | T2   | 600   | 600.00
        W3    | T2   | 600   | 600.00
        W4    |      |       |
        """,
    ),
    "a night when the clock changes counts its real minutes, on the date it starts": (
        """
        core_visits
        visit_id | status    | registered_minutes | actual_start     | actual_end
        V1       | performed | 60                 | 2026-03-29 01:30 | 2026-03-29 03:30
        V2       | performed | 120                | 2026-10-25 01:30 | 2026-10-25 02:30
        """,
        """
        visit | rate | price | sek
        V1    | T1   | 600   | 600.00
        V2    | T1   | 600   | 1200.00
        """,
    ),
    "a price for the client's area and all days goes before a general one of the day, which holds elsewhere": (
        """
        core_rates
        rate_code | service  | regime  | area_type | day_type | unit | price_sek | valid_from
        VD        | care     |         |           | weekday  | hour | 60.00     | 2026-01-01
        HE        | care     |         |           | weekend  | hour | 120.00    | 2026-01-01
        LB        | care     |         | urban     |          | hour | 180.00    | 2026-01-01
        SV        | domestic |         |           | weekday  | hour | 60.00     | 2026-01-01
        SH        | domestic |         |           | weekend  | hour | 120.00    | 2026-01-01
        SL        | domestic |         | rural     |          | hour | 180.00    | 2026-01-01
        LV        | escort   |         | urban     | weekday  | hour | 60.00     | 2026-01-01
        LH        | escort   |         |           | weekend  | hour | 120.00    | 2026-01-01
        core_compensation_rules
        rule_id | basis     | valid_from
        R1      | performed | 2026-01-01
        core_visits
        visit_id | service  | area_type | status    | actual_start     | registered_minutes
        V1       | care     | urban     | performed | 2026-03-02 08:00 | 60
        V2       | care     | urban     | performed | 2026-03-07 08:00 | 60
        V3       | domestic | urban     | performed | 2026-03-02 08:00 | 60
        V4       | domestic | urban     | performed | 2026-03-07 08:00 | 60
        V5       | escort   | urban     | performed | 2026-03-02 08:00 | 60
        V6       | escort   | urban     | performed | 2026-03-07 08:00 | 60
        """,
        """
        visit | rate | price | sek
        V1    | LB   | 180   | 180.00
        V2    | LB   | 180   | 180.00
        V3    | SV   | 60    | 60.00
        V4    | SH   | 120   | 120.00
        V5    | LV   | 60    | 60.00
        V6    | LH   | 120   | 120.00
        """,
    ),
    "the price of the date; a price that changes within the month; area and regime beat none": (
        """
        core_rates
        rate_code | service  | regime   | area_type | unit  | price_sek | valid_from | valid_to
        T1        | care     |          |           | hour  | 60.00     | 2026-01-01 | 2026-03-14
        T1        | care     |          |           | hour  | 66.00     | 2026-03-15 |
        T2        | domestic | private  |           | hour  | 60.00     | 2026-01-01 |
        T3        | domestic |          | urban     | hour  | 120.00    | 2026-01-01 |
        T4        | domestic | in_house | urban     | hour  | 180.00    | 2026-01-01 |
        T5        | night    |          |           | visit | 300.00    | 2026-01-01 |
        core_compensation_rules
        rule_id | basis     | declined_share | valid_from
        R1      | performed | 0.5            | 2026-01-01
        core_visits
        visit_id | service  | status    | planned_start    | actual_start     | registered_minutes
        V1       | care     | performed |                  | 2026-03-14 23:59 | 60
        V2       | care     | performed |                  | 2026-03-15 00:00 | 60
        V3       | domestic | performed |                  | 2026-03-02 08:00 | 60
        V4       | night    | performed |                  | 2026-03-02 08:00 | 7
        V5       | night    | declined  | 2026-03-03 08:00 |                  | 0
        """,
        """
        visit | rate | price | sek
        V1    | T1   | 60    | 60.00
        V2    | T1   | 66    | 66.00
        V3    | T3   | 120   | 120.00
        V4    | T5   | 300   | 300.00
        V5    | T5   | 300   | 150.00
        """,
    ),
}


@pytest.mark.parametrize("case", PRICES)
def test_rates(case: str) -> None:
    given, expected = PRICES[case]
    with care_of(given) as connection:
        assert table(connection, RATES) == same(expected)
