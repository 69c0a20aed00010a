"""Scores of payments: what stands out, no look-ahead, a range of months equals its months."""

import duckdb
import pytest

from fut.errors import ConfigError
from fut.period import months_between
from fut.settings import Settings
from models.scoring import score_months


def scores(core: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return core.execute("FROM scores ORDER BY payment_id").fetchall()


def test_an_unusual_payment_is_above_all_others_of_its_month(ledger, pay, settings: Settings) -> None:
    pay("odd", "S1", "2025-12", 7_000, account_no="7690", invoice_no=None)
    pay("credit", "S1", "2025-12", -7_000)
    score_months(ledger, settings, ["2025-12"])
    ranked = ledger.execute("SELECT payment_id, model_percentile FROM scores ORDER BY score DESC").fetchall()
    assert ranked[0] == ("odd", round(60 / 61, 6))
    assert len(ranked) == 61
    assert ranked[-1][1] < 0.5


def test_a_range_equals_its_months_and_a_rerun_changes_nothing(ledger, pay, settings: Settings) -> None:
    pay("odd", "S1", "2025-08", 7_000)
    months = months_between("2025-05", "2025-11")
    score_months(ledger, settings, months)
    whole = scores(ledger)
    assert len(whole) == 7 * 60 + 1
    score_months(ledger, settings, months)
    assert scores(ledger) == whole
    for month in reversed(months):
        score_months(ledger, settings, [month])
    assert scores(ledger) == whole


def test_nothing_later_changes_a_score(ledger, pay, settings: Settings) -> None:
    score_months(ledger, settings, ["2025-08"])
    before = scores(ledger)
    for number in range(30):
        pay(f"later-{number}", f"S{number}", "2025-09", 70_000, account_no="1")
    score_months(ledger, settings, ["2025-08"])
    assert scores(ledger) == before


def test_the_control_recipe_scores_too_and_an_unknown_one_is_refused(ledger, pay, settings: Settings) -> None:
    pay("odd", "S1", "2025-12", 7_000)
    score_months(ledger, settings, ["2025-12"], name="robust_z")
    assert ledger.execute("SELECT payment_id FROM scores ORDER BY score DESC LIMIT 1").fetchall() == [("odd",)]
    with pytest.raises(ConfigError, match="did you mean 'robust_z'"):
        score_months(ledger, settings, ["2025-12"], name="robustz")


def test_a_month_without_payments_or_with_one_is_no_obstacle(ledger, pay, settings: Settings) -> None:
    score_months(ledger, settings, ["2019-01"])
    assert scores(ledger) == []
    pay("only", "S1", "2019-02", 500)
    score_months(ledger, settings, ["2019-01", "2019-02"])
    assert [(row[0], row[3]) for row in scores(ledger)] == [("only", 0.0)]
