"""Home-care scores on a tiny honest municipality: fair to size, blind to the future, the same for the same seed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest

from core.build import build_core
from fut.contract import contract
from fut.inbox import ingest
from fut.pseudonym import DEMO_KEY, Pseudonymiser
from fut.settings import Municipality, Settings, Source
from fut.validate import validate
from fut.warehouse import open_warehouse
from models.care_scoring import GRAINS, WEIGHTS, combine, has_visits, place, score_lines
from models.explain import explain_listed
from models.scoring import score_months
from simulation import simulate

MONTH = "2025-05"
YEAR = [f"2025-{month:02d}" for month in range(1, 7)]
MONTHS = ["2025-04", "2025-05", "2025-06"]


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[duckdb.DuckDBPyConnection, Settings]]:
    """A tiny municipality with honest errors and no fraud, six months, loaded and built."""
    folder: Path = tmp_path_factory.mktemp("honest")
    simulate(folder, "tiny", seed=4, honest_only=True)
    source = Source(name="municipality", dialect="canonical", files="*.parquet")
    settings = Settings(Municipality("sim", "Sim"), (source,), folder / "inbox", folder / "var", is_demo=True, seed=1)
    with open_warehouse(settings) as connection:
        connection.execute("SET threads = 1")
        ingest(connection, settings, Pseudonymiser(DEMO_KEY))
        validate(connection)
        build_core(connection, settings)
        yield connection, settings


@pytest.fixture
def municipality(honest) -> Iterator[tuple[duckdb.DuckDBPyConnection, Settings]]:
    connection, settings = honest
    connection.execute("BEGIN")
    yield connection, settings
    connection.execute("ROLLBACK")


def test_every_grain_weighs_in(municipality) -> None:
    assert set(WEIGHTS) == {grain.name for grain in GRAINS}


def test_large_and_small_run_the_same_risk_of_selection(municipality) -> None:
    connection, settings = municipality
    scored = score_lines(connection, settings, YEAR)
    lines = connection.sql("SELECT line_id AS payment_id, provider_id, minutes FROM core_compensation_lines").pl()
    scored = scored.join(lines, on="payment_id").with_columns(
        is_high=pl.col("model_percentile") >= 0.9,
        decile=(pl.struct(pl.col("minutes").fill_null(0), "payment_id").rank("ordinal").over("booked_month") - 1)
        * 10
        // pl.len().over("booked_month"),
    )
    usual = scored["is_high"].mean()
    assert isinstance(usual, float)
    assert 0.02 < usual < 0.12
    groups = scored.group_by("decile").agg(pl.col("is_high").sum().alias("high"), n=pl.len())
    z = (groups["high"] - usual * groups["n"]) / (groups["n"] * usual * (1 - usual)) ** 0.5
    assert (z.abs() < 3.5).all()
    visited = scored.filter(pl.col("minutes") > 0)
    weighed = np.corrcoef(visited["minutes"].rank(), visited["model_percentile"])[0, 1]
    assert abs(weighed) < 0.15


def test_a_small_provider_is_selected_as_often_as_a_large_one_of_the_same_kind(municipality) -> None:
    connection, settings = municipality
    for table in ("core_visits", "core_compensation_lines"):
        connection.execute(
            f"UPDATE {table} SET provider_id = 'small' WHERE provider_id = 'P001' AND hash(client_ref) % 5 = 0"
        )
    scored = score_lines(connection, settings, YEAR)
    lines = connection.sql("SELECT line_id AS payment_id, provider_id FROM core_compensation_lines").pl()
    both = scored.join(lines, on="payment_id").with_columns(is_high=pl.col("model_percentile") >= 0.8)
    small, large = (both.filter(provider_id=name)["is_high"] for name in ("small", "P001"))
    assert len(large) > 2 * len(small) > 60
    usual = both.filter(pl.col("provider_id").is_in(["small", "P001"]))["is_high"].mean()
    assert isinstance(usual, float)
    spread = (usual * (1 - usual) * (1 / len(small) + 1 / len(large))) ** 0.5
    assert abs(small.to_numpy().mean() - large.to_numpy().mean()) < 3.5 * spread


def test_nothing_later_changes_a_score_and_a_range_equals_its_months(municipality) -> None:
    connection, settings = municipality
    whole = score_lines(connection, settings, MONTHS)
    assert whole.height > 100
    scores = whole["score"].to_numpy()
    assert scores.max() > np.median(scores) > 0
    assert score_lines(connection, settings, MONTHS).equals(whole), "the same seed gives the same scores"
    connection.execute(
        f"DELETE FROM core_visits WHERE visit_id IN (SELECT visit_id FROM core_visit_pay WHERE booked_month > '{MONTH}')"
    )
    for table in ("core_visit_pay", "core_compensation_lines"):
        connection.execute(f"DELETE FROM {table} WHERE booked_month > '{MONTH}'")
    for table in ("core_visit_neighbours", "core_visit_overlaps"):
        connection.execute(f"DELETE FROM {table} WHERE visit_id NOT IN (SELECT visit_id FROM core_visits)")
    connection.execute(f"DELETE FROM core_payroll_months WHERE month > '{MONTH}'")
    alone = score_lines(connection, settings, [MONTH])
    assert alone.equals(whole.filter(booked_month=MONTH))


def test_scores_of_lines_lie_beside_those_of_payments_and_are_explained(municipality) -> None:
    connection, settings = municipality
    score_months(connection, settings, [MONTH])
    score_months(connection, settings, [MONTH])
    counted = connection.execute(
        "SELECT count(*), count(DISTINCT s.payment_id), count(l.line_id) FROM scores s LEFT JOIN core_compensation_lines "
        "l ON l.line_id = s.payment_id"
    ).fetchone()
    assert counted is not None
    assert counted[0] == counted[1] > counted[2] > 50
    connection.execute(contract("out", "ranked_payments").ddl())
    for order, arm in (("DESC", "risk"), ("ASC", "random")):
        connection.execute(
            f"INSERT INTO out_ranked_payments BY NAME SELECT s.payment_id, s.booked_month AS month, '{arm}' AS arm "
            f"FROM scores s JOIN core_compensation_lines l ON l.line_id = s.payment_id ORDER BY score {order}, 1 LIMIT 5"
        )
    explain_listed(connection, settings, [MONTH])
    found = connection.sql(
        "SELECT f.*, r.arm FROM peer_features f JOIN out_ranked_payments r USING (payment_id) ORDER BY ALL"
    ).pl()
    assert set(found["arm"]) == {"risk"}, "the control arm is blind"
    assert found["payment_id"].n_unique() == 5
    names = {f"{grain.name}_{feature.name}" for grain in GRAINS for feature in grain.features}
    assert set(found["feature"]) <= names
    assert found["share"].is_between(0.05, 1).all()
    assert (found.group_by("payment_id").agg(pl.col("share").sum())["share"] <= 1.00001).all()
    explain_listed(connection, settings, [MONTH])
    assert connection.execute("SELECT count(*) FROM peer_features").fetchone() == (found.height,)


def test_another_seed_draws_other_trees(municipality) -> None:
    connection, settings = municipality
    first, other = (score_lines(connection, replace(settings, seed=seed), [MONTH]) for seed in (1, 2))
    assert not first.equals(other)
    assert np.corrcoef(first["score"], other["score"])[0, 1] > 0.9


def test_without_visits_nothing_is_done(core: duckdb.DuckDBPyConnection) -> None:
    assert not has_visits(core)


def test_lines_are_compared_with_lines_about_as_long() -> None:
    lines = pl.DataFrame(
        {"payment_id": [f"L{n:03d}" for n in range(400)], "booked_month": ["m"] * 400, "provider_id": ["P"] * 400,
         "minutes": range(400),
         "delivery_month": [n * 1.0 for n in range(400)], "visit_day": [None] * 400, "carer_month": [1.0] * 400},
        schema_overrides={"visit_day": pl.Float64},
    )  # fmt: skip
    placed = place(combine(lines))
    assert placed["score"][7] == 7.5
    assert placed["model_percentile"].to_list() == [round(n % 40 / 40, 6) for n in range(400)]
    few = place(combine(lines.head(30)))
    assert sorted(few["model_percentile"])[-1] == pytest.approx(29 / 30)
