"""The state of things: rates by area with few clients left out, reasons by month, the lot's error rate."""

import dataclasses
import json

import polars as pl
import pytest

from review.web.app import create_app
from review.work import overview
from review.work.people import GRANTS, May, Role
from review.work.results import control_trend
from tests.review.decide import decided

WHOLE = {"month": "2026-10", "risk_area": "home_care", "is_suppressed": False, "listed_payments": 0, "listed_sek": "0"}
AREAS = [
    ("a1", "Åsen", "f1", 10, 8, "1000.00", 2, "250.00"),
    ("a2", "Berga", None, 40, 30, "9000.00", 1, "90.00"),
    ("a3", "Lillby", None, None, None, None, None, None),
]
SQUARE = [[[14.0, 60.0], [14.1, 60.0], [14.1, 60.1], [14.0, 60.1], [14.0, 60.0]]]


@pytest.fixture
def with_areas(make_world, own_var, tmp_path):
    names = (
        "area",
        "area_name",
        "geojson_feature_id",
        "payments",
        "clients",
        "amount_sek",
        "flagged_payments",
        "flagged_sek",
    )
    rows = [WHOLE | dict(zip(names, area, strict=True)) for area in AREAS]
    frame = pl.DataFrame(rows).with_columns(pl.col("amount_sek", "flagged_sek", "listed_sek").cast(pl.Decimal(14, 2)))
    for folder in (own_var / "published" / "prov" / "2026-10").glob("r-*"):
        frame.write_parquet(folder / "areas.parquet")
    for old in (own_var / "review" / "shelves").glob("2026-10-*"):
        old.unlink()
    world = make_world(var=own_var)
    features = [
        {"type": "Feature", "id": "f1", "properties": {}, "geometry": {"type": "Polygon", "coordinates": SQUARE}}
    ]
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    world.settings = dataclasses.replace(world.settings, areas=path)
    world.app = create_app(world.settings, world.store)
    return world


def test_areas_are_ordered_by_rate_and_few_clients_are_not_shown(with_areas):
    shelf = with_areas.app.state.library.shelf()
    found = overview.areas_of(shelf, overview.MEASURES["belopp"])
    assert [(a.rate.name, a.rate.rate) for a in found] == [("Åsen", 0.25), ("Berga", 0.01), ("Lillby", None)]
    assert [a.rate.rate for a in overview.areas_of(shelf, overview.MEASURES["brukare"])] == [31.25, 3.0, None]
    page = with_areas.as_("controller").get("/lagesbild").text
    assert "25,0\u00a0%" in page
    assert "färre än fem brukare" in page
    assert "Ingen karta är inställd" not in page
    assert "31\u00a0kr" in with_areas.as_("controller").get("/lagesbild", matt="brukare").text
    assert with_areas.as_("controller").get("/lagesbild", matt="okänt").status_code == 200


def test_a_map_that_cannot_be_read_gives_bars_and_says_so(with_areas):
    with_areas.settings.areas.write_text("{")
    page = with_areas.as_("lead").get("/lagesbild")
    assert (page.status_code, "Ingen karta är inställd eller läsbar" in page.text) == (200, True)
    assert overview.shapes_of(None) is None


def test_without_areas_the_page_says_so_and_shows_reasons(world):
    page = world.as_("officer").get("/lagesbild").text
    assert "publicerade inga områden" in page
    assert "Ingen betalning i slumpurvalet är granskad" in page
    shelves = [world.app.state.library.shelf(month) for month in ("2026-09", "2026-10")]
    rows = {row.code: row for row in overview.reasons_over(shelves)}
    told = [json.loads(r["reasons"]) for r in shelves[1].ask("SELECT reasons FROM listed WHERE arm = 'risk'")]
    for code, row in rows.items():
        mine = [abs(float(reason["amount_sek"])) for reasons in told for reason in reasons if reason["code"] == code]
        assert row.payments == (len(mine), len(mine))  # both months publish the same invented list
        assert row.at_risk_ore[1] == pytest.approx(sum(mine) * 100)
    assert rows


def test_the_lots_error_rate_is_shown_with_its_interval(world):
    shelf = world.app.state.library.shelf()
    lot = shelf.ask("SELECT payment_id FROM listed WHERE arm = 'random' ORDER BY place")
    decided(world, lot[0]["payment_id"], arm="random", verdict="error_no_recovery", error=10_00)
    decided(world, lot[1]["payment_id"], arm="random")
    page = world.as_("controller").get("/lagesbild").text
    assert "Andel fel i slumpurvalet" in page
    with world.store.read() as connection:
        shelves = [world.app.state.library.shelf(month) for month in ("2026-09", "2026-10")]
        trend = control_trend(connection, shelves)
    assert [(p.month, p.value, p.cases) for p in trend] == [("2026-09", None, 0), ("2026-10", 0.5, 2)]
    assert "2026-10: 50,0\u00a0%" in page


@pytest.mark.parametrize("role", list(Role))
def test_the_overview_is_for_those_who_may_see_results(world, role):
    expected = 200 if May.SEE_RESULTS in GRANTS[role] else 403
    assert world.as_(role.value).get("/lagesbild").status_code == expected
    assert world.as_(role.value).get("/lagesbild", manad="1999-01").status_code == (404 if expected == 200 else 403)
