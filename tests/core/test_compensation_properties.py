"""Any rule on any visits, against a plain reference: fractions of minutes and kronor, one visit after the other.

Cases are paid side by side, each with a provider, a rule and a client of its own, so that one build tries many.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import ceil, floor

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from core.compensation import pay_visits
from fut.contract import load_contracts
from fut.evaluate import empty_core
from fut.inbox import DELIVERIES
from fut.validate import QUARANTINE
from fut.warehouse import prepare

MONTH = date(2026, 3, 1)
CHANGE = date(2026, 3, 15)


@dataclass(frozen=True)
class Visit:
    start: datetime
    status: str
    registered: int
    planned: int
    pair: int  # 0 alone, 1 second of a granted pair, 2 of a pair without a decision


@dataclass(frozen=True)
class Case:
    basis: str
    rounding: str
    step: int
    scope: str
    minimum: int | None
    flat: int | None
    declined: Fraction
    day_1: Fraction
    later: Fraction
    days: int
    factor: Fraction
    cap: Fraction | None
    granted: int
    away_from: date
    price: int
    new_price: int
    visits: tuple[Visit, ...]


def _shares(*hundredths: int) -> st.SearchStrategy[Fraction]:
    return st.sampled_from([Fraction(n, 100) for n in hundredths])


VISIT = st.builds(
    Visit,
    st.integers(0, 31 * 24 * 12 - 1).map(
        lambda n: datetime.combine(MONTH, datetime.min.time()) + timedelta(minutes=5 * n)
    ),
    st.sampled_from(["performed", "performed", "performed", "declined", "blank", "absent"]),
    st.integers(0, 150),
    st.integers(0, 120),
    st.sampled_from([0, 0, 0, 1, 2]),
)
CASE = st.builds(
    Case,
    st.sampled_from(["performed", "planned"]),
    st.sampled_from(["none", "nearest", "up"]),
    st.sampled_from([1, 5, 6, 10, 15, 30, 60]),
    st.sampled_from(["visit", "day", "client_month"]),
    st.none() | st.integers(1, 40),
    st.none() | st.integers(0, 90),
    _shares(0, 33, 50, 75, 100),
    _shares(0, 75, 100),
    _shares(0, 25, 50),
    st.integers(0, 6),
    _shares(100, 150, 167, 200),
    st.none() | _shares(90, 100, 115),
    st.integers(10, 400),
    st.dates(date(2026, 2, 20), date(2026, 3, 31)),
    st.integers(1, 90_000),
    st.integers(1, 90_000),
    st.lists(VISIT, max_size=12).map(tuple),
)


def half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def to_parts(value: Fraction) -> Fraction:
    """Round half up to 1/10,000."""
    return Fraction(half_up(value * 10_000), 10_000)


def rounded(case: Case, minutes: Fraction) -> Fraction:
    if case.rounding == "none":
        return minutes
    steps = minutes / case.step
    return Fraction(case.step * (ceil(steps) if case.rounding == "up" else half_up(steps)))


def reference(case: Case) -> tuple[dict[int, Fraction], int]:
    """Return billable minutes by visit number, and the line's öre."""
    order = sorted(range(len(case.visits)), key=lambda n: (case.visits[n].start, f"{n:02d}"))
    minutes: dict[int, Fraction] = {}
    for n, visit in enumerate(case.visits):
        done = visit.status == "performed"
        least = visit.registered if done and case.basis == "performed" else visit.planned
        least = least if case.flat is None else case.flat
        if done and least > 0:
            least = max(least, case.minimum or 0)
        minutes[n] = rounded(case, Fraction(least)) if done and case.scope == "visit" else Fraction(least)
    if case.scope != "visit":
        groups: dict[object, list[int]] = {}
        for n in order:
            if case.visits[n].status == "performed":
                groups.setdefault(case.visits[n].start.date() if case.scope == "day" else "month", []).append(n)
        for members in groups.values():
            total = sum((minutes[n] for n in members), Fraction(0))
            minutes[members[-1]] += rounded(case, total) - total
    for n, visit in enumerate(case.visits):
        away = (visit.start.date() - case.away_from).days + 1
        absent = (
            Fraction(0) if away < 1 else case.day_1 if away == 1 else case.later if away <= case.days else Fraction(0)
        )
        status = {"performed": Fraction(1), "absent": absent}.get(visit.status, case.declined)
        double = (Fraction(1), case.factor - 1, Fraction(0))[visit.pair]
        minutes[n] = to_parts(minutes[n] * to_parts(status * double))
    if case.cap is not None:
        left = to_parts(case.granted * case.cap)
        for n in order:
            minutes[n] = min(minutes[n], left)
            left -= minutes[n]
    ore = sum(
        (
            minutes[n] * (case.new_price if v.start.date() >= CHANGE else case.price) / 60
            for n, v in enumerate(case.visits)
        ),
        Fraction(0),
    )
    return minutes, half_up(ore)


def _table(connection: duckdb.DuckDBPyConnection, table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
    if rows:
        marks = ", ".join("(" + ", ".join("?" for _ in rows[0]) + ")" for _ in rows)
        connection.execute(f"INSERT INTO {table} ({columns}) VALUES {marks}", [cell for row in rows for cell in row])


def _decimal(share: Fraction | None) -> str | None:
    return None if share is None else f"{share.numerator * 10_000 // share.denominator / 10_000:.4f}"


def paid(cases: list[Case]) -> tuple[dict[tuple[int, int], Fraction], dict[int, int]]:
    """Return the engine's minutes by case and visit, and its öre by case."""
    rules, prices, visits, decisions, orders, absences = [], [], [], [], [], []
    for c, case in enumerate(cases):
        rules.append((f"R{c}", f"P{c}", case.basis, case.rounding, case.step, case.scope, case.minimum, case.flat,
                      *map(_decimal, (case.declined, case.day_1, case.later)), case.days, _decimal(case.factor),
                      _decimal(case.cap), date(2026, 1, 1)))  # fmt: skip
        decisions.append((f"D{c}", f"C{c}", "care", case.granted, False, date(2026, 1, 1)))
        orders.append((f"O{c}", f"C{c}", f"P{c}", f"D{c}", date(2026, 1, 1)))
        absences.append((f"C{c}", "hospital", datetime.combine(case.away_from, datetime.min.time())))
        for n, v in enumerate(case.visits):
            name = f"V{c:03d}{n:02d}"
            pair = None if v.pair == 0 else "A"
            visits.append((name, f"C{c}", f"P{c}", "W", "care", v.status, v.start, v.start.date(), "2026-03", v.registered,
                           v.planned, pair, v.pair == 1, f"A{c}", 1, False))  # fmt: skip
    for c, case in enumerate(cases):
        prices.append((f"T{c}", f"A{c}", case.price, date(2026, 1, 1), CHANGE - timedelta(days=1)))
        prices.append((f"T{c}", f"A{c}", case.new_price, CHANGE, None))
    with duckdb.connect() as connection:
        prepare(connection)
        connection.execute(f"{DELIVERIES};{QUARANTINE}")
        connection.execute(load_contracts("raw")["compensation_lines"].ddl())
        empty_core(connection)
        _table(connection, "core_compensation_rules", "rule_id, provider_id, basis, rounding, rounding_minutes, "
               "rounding_scope, minimum_minutes, flat_minutes, declined_share, absence_share_day_1, absence_share_later, "
               "absence_days, double_staffing_factor, cap_share_of_granted, valid_from", rules)  # fmt: skip
        # a kind of area of its own gives each case its own prices
        _table(connection, "core_rates", "rate_code, area_type, price_sek, valid_from, valid_to",
               [(code, area, f"{ore // 100}.{ore % 100:02d}", since, until) for code, area, ore, since, until in prices])  # fmt: skip
        connection.execute("UPDATE core_rates SET service = 'care', unit = 'hour'")
        _table(connection, "core_decisions",
               "decision_id, client_ref, service, minutes_per_month, double_staffed, valid_from", decisions)  # fmt: skip
        _table(connection, "core_orders", "order_id, client_ref, provider_id, decision_id, valid_from", orders)
        _table(connection, "core_absences", "client_ref, kind, from_at", absences)
        _table(connection, "core_visits", "visit_id, client_ref, provider_id, carer_ref, service, status, planned_start, "
               "visit_date, service_month, registered_minutes, planned_minutes, pair_visit_id, is_double_granted, area_type, "
               "deliveries, is_manual", visits)  # fmt: skip
        # a line of 0 kr for each case, so that what it is due stands beside it
        _table(connection, "raw_compensation_lines", "line_id, payment_id, provider_id, client_ref, service, service_month, "
               "booked_month, rate_code, minutes, amount_sek, _source_file, _source_line",
               [(f"L{c}", "U", f"P{c}", f"C{c}", "care", "2026-03", "2026-03", f"T{c}", 0, 0, "f", c + 1)
                for c in range(len(cases))])  # fmt: skip
        connection.execute("INSERT INTO deliveries BY NAME SELECT 'f' AS source_file, true AS is_in_force")
        pay_visits(connection)
        found = connection.execute("SELECT visit_id, (billable_minutes * 10000)::BIGINT FROM core_visit_pay").fetchall()
        due = connection.execute(
            "SELECT line_id, (coalesce(recalculated_sek, 0) * 100)::BIGINT FROM core_compensation_lines"
        ).fetchall()
    return {(int(v[1:4]), int(v[4:])): Fraction(bp, 10_000) for v, bp in found}, {
        int(line[1:]): ore for line, ore in due
    }


@settings(max_examples=12)
@given(st.lists(CASE, min_size=1, max_size=40))
def test_the_engine_pays_what_the_rules_say(cases: list[Case]) -> None:
    minutes, ore = paid(cases)
    for c, case in enumerate(cases):
        expected, total = reference(case)
        assert {n: minutes[c, n] for n in expected} == expected
        assert ore[c] == total
