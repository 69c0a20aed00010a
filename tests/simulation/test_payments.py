"""The compensation engine on drawn cases, and against a plain reference in exact fractions."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from math import floor

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.payments import Registers, settle
from simulation.tariff import SHARE, Rate, Rule, Tariff

START = date(2025, 1, 1)
APRIL = datetime.fromisoformat("2025-04-01T00:00")
RATE = Rate("CARE", "care", "hour", 48_000, START)
RULE = Rule("R1", START, "performed", service="care")


def registers(**given):
    kinds = {
        "providers": {"provider_id": pl.String, "regime": pl.String},
        "clients": {"client_ref": pl.String, "area_type": pl.String, "household_ref": pl.String},
        "decisions": {
            "decision_id": pl.String,
            "client_ref": pl.String,
            "service": pl.String,
            "minutes_per_month": pl.Int64,
            "double_staffed": pl.Boolean,
            "valid_from": pl.Date,
            "valid_to": pl.Date,
        },
        "orders": {
            "client_ref": pl.String,
            "provider_id": pl.String,
            "decision_id": pl.String,
            "valid_from": pl.Date,
            "valid_to": pl.Date,
        },
        "absences": {"client_ref": pl.String, "from_date": pl.Date, "to_date": pl.Date},
    }
    rows = {"providers": [("P", "private")], "clients": [("C", "urban", None)], **given}
    tables = {name: pl.DataFrame(rows.get(name, []), schema=kind, orient="row") for name, kind in kinds.items()}
    free = pl.Series(given.get("free", [date(2025, 3, 1), date(2025, 3, 2)]), dtype=pl.Date)
    return Registers(**tables, free_days=free)


def visits(*rows):
    """Each row: id, start, minutes and optionally client, status, planned, pair, service, task, carer."""
    names = (
        "visit_id",
        "start",
        "minutes",
        "client_ref",
        "status",
        "planned_minutes",
        "pair_visit_id",
        "service",
        "task",
        "carer_ref",
    )
    base = ("", None, 0, "C", "performed", 0, None, "care", "meal", "W")
    whole = [dict(zip(names, (*row, *base[len(row) :]), strict=True)) | {"provider_id": "P"} for row in rows]
    kinds = {"minutes": pl.Int64, "planned_minutes": pl.Int64, "start": pl.Datetime("us"), "pair_visit_id": pl.String}
    return pl.DataFrame(whole, schema_overrides=kinds)


def at(day, hour, minute=0):
    return datetime.fromisoformat(f"2025-03-{day:02d}T{hour:02d}:{minute:02d}")


def pay(rows, rules=(RULE,), rates=(RATE,), **given):
    lines = settle(rows, registers(**given), Tariff(tuple(rules), tuple(rates)), "2025-03").lines
    return {(r["client_ref"], r["rate_code"]): r["amount_ore"] for r in lines.iter_rows(named=True)}


def rule(**changed):
    return Rule(**{**{f: getattr(RULE, f) for f in RULE.__dataclass_fields__}, **changed})


def test_performed_minutes_are_paid_once_rounded():
    assert pay(visits(("1", at(3, 8), 25), ("2", at(3, 12), 12))) == {("C", "CARE"): 29_600}
    thirds = Rate("CARE", "care", "hour", 10_000, START)
    assert pay(visits(*((str(n), at(3, 8 + n), 1) for n in range(3))), rates=[thirds]) == {("C", "CARE"): 500}


@pytest.mark.parametrize(
    ("changed", "minutes"),
    [
        ({"rounding": "nearest", "rounding_minutes": 5}, 25 + 10),  # 23 -> 25, 12 -> 10
        ({"rounding": "up", "rounding_minutes": 5}, 25 + 15),
        ({"rounding": "up", "rounding_minutes": 15, "rounding_scope": "day"}, 45),
        ({"rounding": "nearest", "rounding_minutes": 30, "rounding_scope": "client_month"}, 30),
        ({"minimum_minutes": 15}, 23 + 15),
        ({"flat_minutes": 40}, 80),
    ],
)
def test_rounding_minimum_and_flat(changed, minutes):
    rows = visits(("1", at(3, 8), 23), ("2", at(3, 12), 12))
    assert pay(rows, [rule(**changed)]) == {("C", "CARE"): minutes * 800}


def test_a_visit_without_end_pays_nothing_even_with_a_minimum():
    assert pay(visits(("1", at(3, 8), 0)), [rule(minimum_minutes=15)]) == {}


def test_day_scope_gives_the_difference_to_the_last_visits_rate():
    rates = [RATE, Rate("EVE", "care", "hour", 60_000, START, day_type="evening", from_time="19:00", to_time="22:00")]
    rows = visits(("1", at(3, 8), 10), ("2", at(3, 20), 10))
    got = pay(rows, [rule(rounding="up", rounding_minutes=15, rounding_scope="day")], rates)
    assert got == {("C", "CARE"): 10 * 800, ("C", "EVE"): 20 * 1000}


def test_declined_blank_cancelled_and_absent():
    rows = visits(
        ("1", at(3, 8), 0, "C", "declined", 30),
        ("2", at(3, 9), 0, "C", "blank", 20),
        ("3", at(3, 10), 0, "C", "cancelled", 60),
        ("4", at(10, 8), 0, "C", "absent", 40),
        ("5", at(11, 8), 0, "C", "absent", 40),
        ("6", at(13, 8), 0, "C", "absent", 40),
        ("7", at(20, 8), 0, "C", "absent", 40),
    )
    paid = rule(declined_share=5_000, absence_share_day_1=7_500, absence_share_later=2_500, absence_days=3)
    away = [("C", date(2025, 3, 10), date(2025, 3, 14))]
    assert pay(rows, [paid], absences=away) == {("C", "CARE"): (15 + 10 + 30 + 10 + 0 + 0) * 800}
    assert pay(rows, [paid]) == {("C", "CARE"): (15 + 10) * 800}


def test_double_staffing_pays_twice_only_when_granted():
    rows = visits(
        ("1", at(3, 8), 30, "C", "performed", 30, "2"),
        ("2", at(3, 8), 30, "C", "performed", 30, "1", "care", "meal", "X"),
    )
    granted = {"decisions": [("B", "C", "care", 900, True, START, None)]}
    assert pay(rows, **granted) == {("C", "CARE"): 60 * 800}
    assert pay(rows, [rule(double_staffing_factor=15_000)], **granted) == {("C", "CARE"): 45 * 800}
    assert pay(rows) == {("C", "CARE"): 30 * 800}


def test_cohabitants_share_one_visit_but_not_two():
    homes = {"clients": [("C", "urban", "H"), ("D", "urban", "H"), ("E", "urban", None), ("F", "urban", None)]}
    both = [rule(cohabitant_share=5_000)]
    together = visits(("1", at(3, 8), 60, "C"), ("2", at(3, 8), 60, "D"))
    apart = visits(("1", at(3, 8), 60, "C"), ("2", at(3, 8, 1), 60, "D"))
    strangers = visits(("1", at(3, 8), 60, "E"), ("2", at(3, 8), 60, "F"))
    assert pay(together, both, **homes) == {("C", "CARE"): 24_000, ("D", "CARE"): 24_000}
    assert pay(apart, both, **homes) == {("C", "CARE"): 48_000, ("D", "CARE"): 48_000}
    assert pay(strangers, both, **homes) == {("E", "CARE"): 48_000, ("F", "CARE"): 48_000}


def test_the_cap_cuts_the_latest_minutes_and_follows_days_in_force():
    rows = visits(("1", at(3, 8), 40), ("2", at(10, 8), 40), ("3", at(20, 20), 40))
    rates = [RATE, Rate("EVE", "care", "hour", 60_000, START, day_type="evening")]
    granted = {
        "decisions": [("B", "C", "care", 62, False, START, date(2025, 3, 15))],
        "orders": [("C", "P", "B", START, None)],
    }  # half of 31 days: 30 minutes granted
    capped = [rule(cap_share_of_granted=2 * SHARE)]
    assert pay(rows, capped, rates, **granted) == {("C", "CARE"): 60 * 800}
    assert pay(rows, capped, rates) == {("C", "CARE"): 80 * 800, ("C", "EVE"): 40 * 1000}


def test_day_types_follow_the_start_also_past_midnight():
    kinds = {"weekday": 100, "evening": 200, "weekend": 300, "night": 400}
    rates = [
        Rate(
            k,
            "care",
            "hour",
            p * 60,
            START,
            day_type=k,
            from_time={"evening": "19:00", "night": "22:00"}.get(k),
            to_time={"evening": "22:00", "night": "07:00"}.get(k),
        )
        for k, p in kinds.items()
    ]
    for when, kind in (
        (at(3, 18, 59), "weekday"),
        (at(3, 19), "evening"),
        (at(3, 21, 59), "evening"),
        (at(3, 22), "night"),
        (at(3, 23, 50), "night"),
        (at(3, 6, 59), "night"),
        (at(3, 7), "weekday"),
        (at(1, 12), "weekend"),
        (at(1, 20), "weekend"),
        (at(1, 23), "night"),
    ):
        assert pay(visits(("1", when, 10)), rates=rates) == {("C", kind): 10 * kinds[kind]}


def test_prices_and_rules_change_on_their_day():
    rates = [
        Rate("CARE", "care", "hour", 48_000, START, valid_to=date(2025, 3, 14)),
        Rate("CARE", "care", "hour", 60_000, date(2025, 3, 15)),
    ]
    rules = [
        rule(valid_to=date(2025, 3, 14)),
        rule(rule_id="R2", valid_from=date(2025, 3, 15), rounding="up", rounding_minutes=10),
    ]
    rows = visits(("1", at(14, 8), 11), ("2", at(15, 8), 11))
    assert pay(rows, rules, rates) == {("C", "CARE"): 11 * 800 + 20 * 1000}


def test_the_more_specific_rule_wins():
    rules = [
        RULE,
        rule(rule_id="R2", task="meal", flat_minutes=20),
        rule(rule_id="R3", provider_id="P", flat_minutes=7),
    ]
    assert pay(visits(("1", at(3, 8), 11)), rules) == {("C", "CARE"): 7 * 800}
    assert pay(visits(("1", at(3, 8), 11)), rules[:2]) == {("C", "CARE"): 20 * 800}
    assert pay(visits(("1", at(3, 8), 11, "C", "performed", 0, None, "care", "walk")), rules[:2]) == {
        ("C", "CARE"): 11 * 800
    }


def test_granted_basis_pays_days_in_force_less_absence():
    granted = {
        "decisions": [("B", "C", "care", 310, True, START, None)],
        "orders": [("C", "P", "B", date(2025, 3, 12), None)],
        "absences": [("C", date(2025, 3, 20), date(2025, 3, 22))],
    }
    basis = [rule(basis="granted", absence_share_day_1=7_500, absence_share_later=2_500, absence_days=2)]
    minutes = Fraction(310 * 2, 31) * (20 - 3 + Fraction(3, 4) + Fraction(1, 4))
    assert pay(visits(("1", at(3, 8), 55)), basis, **granted) == {("C", "CARE"): floor(minutes * 800 + Fraction(1, 2))}


def test_monthly_fee_is_paid_once_and_new_clients_once():
    fee = Rate("FEE", "alarm", "month", 19_100, START)
    given = {
        "decisions": [("A", "C", "alarm", 15, False, START, None), ("B", "C", "care", 900, False, START, None)],
        "orders": [
            ("C", "P", "A", START, date(2025, 3, 10)),
            ("C", "P", "A", date(2025, 3, 11), None),
            ("C", "P", "B", date(2025, 3, 8), None),
        ],
    }
    rules = [rule(new_client_minutes=240), rule(rule_id="R2", service="alarm", basis="granted")]
    rows = visits(("1", at(10, 8), 10))
    assert pay(rows, rules, [RATE, fee], **given) == {("C", "FEE"): 19_100, ("C", "CARE"): 250 * 800}
    before = {**given, "orders": [*given["orders"], ("C", "P", "B", START, date(2025, 1, 31))]}
    assert pay(rows, rules, [RATE, fee], **before) == {("C", "FEE"): 19_100, ("C", "CARE"): 10 * 800}


def test_other_months_and_unknown_services_are_left_out():
    rows = visits(
        ("1", APRIL, 60),
        ("2", at(31, 23, 59), 60),
        ("3", at(3, 8), 60, "C", "performed", 0, None, "escort"),
    )
    assert pay(rows) == {("C", "CARE"): 48_000}


STATUS = st.sampled_from(["performed", "declined", "cancelled"])
VISIT = st.tuples(st.integers(0, 40_000), st.integers(0, 200), STATUS, st.integers(0, 90))


@settings(max_examples=60)
@given(
    st.lists(VISIT, max_size=12, unique_by=lambda v: v[0]),
    st.sampled_from(["none", "nearest", "up"]),
    st.integers(1, 30),
    st.sampled_from(["visit", "day", "client_month"]),
    st.one_of(st.none(), st.integers(1, 30)),
    st.integers(0, SHARE),
    st.one_of(st.none(), st.integers(1, 3 * SHARE)),
    st.integers(1, 2_000),
    st.integers(1, 99_999),
)
def test_agrees_with_a_plain_reference(rows, rounding, step, scope, minimum, declined, cap, granted, price):
    what = rule(
        rounding=rounding,
        rounding_minutes=step,
        rounding_scope=scope,
        minimum_minutes=minimum,
        declined_share=declined,
        cap_share_of_granted=cap,
    )
    given_ = {"decisions": [("B", "C", "care", granted, False, START, None)], "orders": [("C", "P", "B", START, None)]}
    begin = at(1, 0)
    table = visits(
        *(
            (f"{n:02d}", begin + timedelta(minutes=m), length, "C", status, planned)
            for n, (m, length, status, planned) in enumerate(rows)
        )
    )
    got = pay(table, [what], [Rate("CARE", "care", "hour", price, START)], **given_) if rows else {}

    def half_up(value, unit):
        return floor(Fraction(value) / unit + Fraction(1, 2)) * unit

    def rounded(value):
        if rounding == "none":
            return Fraction(value)
        return Fraction(half_up(value, step) if rounding == "nearest" else -(-Fraction(value) // step) * step)

    order = sorted((m, f"{n:02d}", length, status, planned) for n, (m, length, status, planned) in enumerate(rows))
    minutes = [
        Fraction(max(v[2], minimum or 0) if v[2] else 0) if v[3] == "performed" else Fraction(v[4]) for v in order
    ]
    done = [n for n, v in enumerate(order) if v[3] == "performed"]
    if scope == "visit":
        for n in done:
            minutes[n] = rounded(minutes[n])
    elif rounding != "none":
        groups = {}
        for n in done:
            groups.setdefault(order[n][0] // 1440 if scope == "day" else 0, []).append(n)
        for members in groups.values():
            total = sum(minutes[n] for n in members)
            minutes[members[-1]] += rounded(total) - total
    unit = Fraction(1, SHARE)
    for n, v in enumerate(order):
        weight = {"performed": 1, "declined": Fraction(declined, SHARE), "cancelled": 0}[v[3]]
        minutes[n] = half_up(minutes[n] * weight, unit)
    limit = None if cap is None else half_up(Fraction(granted * cap, SHARE), unit)
    total = sum(minutes)
    if limit is not None:
        reached = [min(sum(minutes[: n + 1]), limit) for n in range(len(minutes))]
        total = reached[-1] if reached else 0
    expected = floor(total * price / 60 + Fraction(1, 2))
    assert got.get(("C", "CARE"), 0) == expected
