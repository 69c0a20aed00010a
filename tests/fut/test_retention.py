"""Retention rules: when a month is due, which rule holds, and settings that would erase by mistake."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fut.errors import ConfigError
from fut.period import add_months, month_of
from fut.retention import Retention, Rule, defaults
from fut.settings import load_settings

DAYS = st.dates(date(2001, 1, 1), date(2090, 12, 31))
OWN = "municipality: {id: storstad, name: Storstad}\nsources: [{name: ledger, dialect: canonical}]\nretention: "


def rule(months: int = 24, counted_from: str = "month", since: date = date(2000, 1, 1)) -> Rule:
    return Rule("published", months, since, "Gallringsplan", counted_from)  # type: ignore[arg-type]


def said_of(folder: Path, retention: str) -> str:
    """Return what is wrong with the block; nothing when it loads."""
    path = folder / "m.yaml"
    path.write_text(OWN + retention, encoding="utf-8")
    try:
        load_settings(path)
    except ConfigError as error:
        return str(error)
    return ""


def test_a_month_is_due_when_its_months_have_passed_and_not_a_day_before() -> None:
    assert rule(24).is_due("2024-01", date(2026, 2, 1))
    assert not rule(24).is_due("2024-01", date(2026, 1, 31))
    assert not rule(24).is_due("2024-02", date(2026, 2, 1))


def test_years_of_accounting_are_counted_from_the_end_of_the_calendar_year() -> None:
    seven = rule(84, "calendar_year")
    assert seven.is_due("2019-01", date(2027, 1, 1))
    assert seven.is_due("2019-12", date(2027, 1, 1))
    assert not seven.is_due("2019-01", date(2026, 12, 31))


@given(DAYS, DAYS, st.integers(1, 240), st.sampled_from(["month", "calendar_year"]))
def test_what_is_due_stays_due_and_is_as_old_as_the_rule_says(day: date, today: date, keep: int, start: str) -> None:
    one = rule(keep, start)
    if one.is_due(month_of(day), today):
        assert one.is_due(month_of(day), today + timedelta(days=31))
        assert add_months(month_of(day), keep) < month_of(today)


def test_a_rule_holds_for_the_months_from_its_day_on_and_the_municipality_s_own_comes_first() -> None:
    own = Retention(rules=(rule(36, since=date(2025, 1, 1)), rule(12, since=date(2026, 1, 1))))
    assert own.rule("published", "2024-12") == next(r for r in defaults() if r.kind == "published")
    assert own.rule("published", "2025-12").keep_months == 36
    assert own.rule("published", "2026-01").keep_months == 12


def test_a_rule_for_one_kind_says_nothing_of_another() -> None:
    inbox = Rule("inbox", 1, date(2000, 1, 1), "Gallringsplan")
    assert Retention(rules=(inbox,)).rule("published", "2026-01") == Retention().rule("published", "2026-01")
    assert Retention(rules=(rule(36), inbox)).rule("published", "2026-01").keep_months == 36
    assert Retention(rules=(rule(36), inbox)).rule("inbox", "2026-01") == inbox


def test_material_older_than_every_rule_is_kept_by_the_first() -> None:
    assert Retention().rule("inbox", "1900-01") == Retention().rule("inbox", "2018-12")
    assert Retention().rule("inbox", "2018-12").keep_months == 120
    assert Retention().rule("inbox", "2019-01").keep_months == 84


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ("{rule: []}", "m.yaml.retention: unknown key 'rule', did you mean 'rules'?"),
        ("{rules: [{kind: publisched}]}", "kind: unknown value 'publisched', did you mean 'published'?"),
        (
            "{rules: [{kind: published, keep_months: 0, valid_from: 2020-01-01, ground: x}]}",
            "rules[0].keep_months: exp",
        ),
        ("{rules: [{kind: published, keep_months: 9, valid_from: 2020-01-01, ground: ' '}]}", "rules[0].ground: name"),
        ("{applies: yes please}", "m.yaml.retention.applies: expected bool"),
    ],
)
def test_a_rule_that_can_mean_nothing_is_named(tmp_path: Path, block: str, told: str) -> None:
    assert told in said_of(tmp_path, block)


def test_two_rules_of_a_kind_from_one_day_are_refused_and_from_two_days_are_not(tmp_path: Path) -> None:
    one, other = (
        f"{{kind: published, keep_months: 9, valid_from: {day}, ground: Plan}}" for day in ("2020-01-01", "2021-01-01")
    )
    assert "rules[1]: 'published' has another rule from the same day" in said_of(tmp_path, f"{{rules: [{one}, {one}]}}")
    assert said_of(tmp_path, f"{{rules: [{one}, {other}]}}") == ""
    assert "rules[2]: 'published' has another rule" in said_of(tmp_path, f"{{rules: [{one}, {other}, {one}]}}")
    assert said_of(tmp_path, f"{{rules: [{one}, {one.replace('published', 'inbox').replace('9', '1')}]}}") == ""


def test_how_long_things_are_kept_changes_no_run(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(OWN + "{applies: false}", encoding="utf-8")
    (tmp_path / "n.yaml").write_text(OWN + "{applies: true}", encoding="utf-8")
    assert load_settings(tmp_path / "m.yaml").digest() == load_settings(tmp_path / "n.yaml").digest()
