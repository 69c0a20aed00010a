"""Runs and data quality: who sees them, what adds up, what is missing, and a run that lacks tables."""

import html
import json
import sys

import pytest

from reporting.words import rule_text
from review.work.people import GRANTS, May, Role


@pytest.mark.parametrize("role", list(Role))
def test_runs_are_for_those_who_may_see_them(world, role):
    expected = 200 if May.SEE_RUNS in GRANTS[role] else 403
    assert world.as_(role.value).get("/korningar").status_code == expected


def test_the_newest_run_is_shown_and_another_when_asked_for(world):
    page = world.as_("engineer").get("/korningar").text
    assert "Körningen för oktober\u00a02026" in page
    assert "85\u00a0114\u00a0310,45\u00a0kr" in page
    assert "Stämmer på öret." in page
    assert "Mottagarkonto (payee_account)" in page
    assert "Attester (approvals)" in page or "(approvals)" in page
    assert "Oläsligt värde i Belopp" in page
    # 24 of the 36 rows set aside have an amount, by two rules of twelve rows each
    assert page.count("107\u00a0161\u00a0kr") == 2
    assert "Leveransen avviker" in page
    assert "Nummer skrivet på ett sätt eller ersatt av pseudonym" in page
    assert "Körningen för september" in world.as_("engineer").get("/korningar", manad="2026-09").text
    for wrong in ("2026-13", "2020-01", "../..", "x"):
        assert world.as_("engineer").get("/korningar", manad=wrong).status_code == 404


def test_no_payee_and_no_row_key_is_shown_to_an_engineer(world):
    page = world.as_("engineer").get("/korningar").text
    shelf = world.app.state.library.shelf()
    names = {row["payee_name"] for row in shelf.ask("SELECT payee_name FROM listed")}
    assert names
    assert not [name for name in names if name in page]
    assert "k17" not in page


def test_a_run_that_lacks_tables_says_so_and_one_that_does_not_add_up_too(make_world, own_var):
    folder = own_var / "published" / "prov" / "2026-10" / "r-5f2c91"
    for name in ("coverage", "drift", "quarantine", "repairs"):
        (folder / f"{name}.parquet").unlink()
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["reconciliation"]["core_sek"] = "84200010.39"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (own_var / "review").mkdir(exist_ok=True)
    for old in (own_var / "review" / "shelves").glob("2026-10-*"):
        old.unlink()
    page = make_world(var=own_var).as_("engineer").get("/korningar").text
    assert page.count("Körningen publicerade inte") == 4
    assert "Stämmer inte: 0,01\u00a0kr kan inte förklaras." in page


def test_without_a_published_month_the_page_says_so(make_world, tmp_path):
    assert "Ingen månad är publicerad än." in make_world(var=tmp_path / "none").as_("lead").get("/korningar").text


def test_the_page_reads_a_run_without_polars(world):
    world.app.state.library.shelf()
    kept = {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] == "polars"}
    try:
        assert world.as_("lead").get("/korningar").status_code == 200
        assert "polars" not in sys.modules
    finally:
        sys.modules.update(kept)


def test_rows_set_aside_and_rows_warned_of_stand_apart(world):
    shelf = world.app.state.library.shelf()
    rules = {(q["table"], q["rule"], q["severity"]) for q in shelf.rows("quarantine")}
    assert {severity for *_, severity in rules} == {"error", "warning"}
    text = world.as_("controller").get("/korningar").text
    aside, warned = text[text.index("<h4>Satta åt sidan") : text.index("<h3>Leveranser")].split("<h4>Anmärkningar")
    for table, rule, severity in rules:
        said = html.escape(rule_text(table, rule))
        assert (said in aside, said in warned) == (severity == "error", severity == "warning")
