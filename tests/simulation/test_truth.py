"""Labels: exact in kronor, outside the inbox, and of the typology that was planted."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from simulation import simulate
from simulation.care_month import make_visits
from simulation.care_tables import provider_names, provider_org_numbers
from simulation.company_register import company_roles, exclusions
from simulation.ledger_month import start_ledger
from simulation.parameters import PARAMETERS, PRESETS
from simulation.payments import settle
from simulation.recompute import read
from simulation.settlement import engine_rows, pay_month, registers_of
from simulation.tariff import make_tariff
from simulation.visits import PERFORMED
from simulation.world_maker import make_world

CARE = ("T01", "T01b", "T03", "T06", "T07", "T10", "T12", "T14", "T21")
SUPPLIERS = ("T36", "T39", "T40", "T41", "T43", "T47", "T49")


def only(typology):
    """Return parameters in which every dishonest actor does one thing, from the first month, at full strength."""
    frauds = replace(
        PARAMETERS.frauds,
        weights=((typology, 1.0),),
        supplier_weights=((typology, 1.0),),
        combination_share=0.0,
        careful_share=0.0,
        before_start_share=1.0,
        ramp_months=(1, 1),
        supplier_share=0.05,
        provider_share=1.0,
    )
    demand = replace(PARAMETERS.demand, double_staffed=(0.0, 0.5, 0.6, 0.7, 0.9))
    return replace(PARAMETERS, frauds=frauds, demand=demand)


def test_labels_explain_paid_minus_due_exactly():
    world = make_world(PARAMETERS, "tiny", "easy", 11, 3, "2025-01", honest=False, errors=True)
    registers, tariff = registers_of(world), make_tariff(PARAMETERS.money, world.horizon, 11)
    for month in world.horizon:
        visits = make_visits(world, month)
        pay = pay_month(world, month, visits, registers, tariff)
        due = settle(engine_rows(world, visits, real=True), registers, tariff, month.name).lines
        assert pay.errors["error_ore"].sum() == pay.lines["amount_ore"].sum() - due["amount_ore"].sum()
        assert pay.errors.height > 0
        assert (pay.errors["cause_number"] > 0).all()
        labelled = pay.errors.filter(pl.col("line_id").is_not_null()).group_by("line_id").agg(pl.col("error_ore").sum())
        lines = pay.lines.join(due, on=["provider_id", "client_ref", "service", "rate_code"], how="left", suffix="_due")
        lines = lines.with_columns(gap=pl.col("amount_ore") - pl.col("amount_ore_due").fill_null(0))
        both = lines.filter(pl.col("rate_code_due").is_null() if "rate_code_due" in lines.columns else pl.lit(True))
        both = both.join(labelled, on="line_id", how="left")
        assert (
            both.filter(pl.col("gap") != pl.col("error_ore").fill_null(0)).height <= 2
        )  # lines priced under another code


@pytest.mark.parametrize("typology", CARE)
def test_each_care_typology_pays_too_much(typology):
    p = only(typology)
    world = make_world(p, "tiny", "easy", 7, 2, "2025-01", honest=False, errors=False)
    month = world.horizon[0]
    visits = make_visits(world, month)
    pay = pay_month(world, month, visits, registers_of(world), make_tariff(p.money, world.horizon, 7))
    assert visits["truth"].max() > 0
    assert pay.errors["error_ore"].sum() > 0
    guilty = {act.subject for act in world.acts}
    assert set(np.unique(visits["provider"][visits["truth"] > 0])) <= guilty
    assert set(pay.errors["provider_id"].unique()) <= guilty


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_levels_are_ordered(level):
    frauds = PARAMETERS.frauds
    for name in ("t01_share", "t01b_share", "t03_share", "t06_pad", "t07_share", "t10_share", "t14_share", "t21_share"):
        values = getattr(frauds, name)
        assert values.easy > values.medium > values.hard > 0, name
        assert values.at(level) == getattr(values, level)


@pytest.mark.parametrize("typology", SUPPLIERS)
def test_each_supplier_typology_is_labelled(tmp_path, typology, monkeypatch):
    monkeypatch.setitem(PRESETS, "tiny", replace(PRESETS["tiny"], inhabitants=2500, postings_per_month=500))
    simulate(tmp_path, "tiny", "easy", seed=2, months=4, errors=False, parameters=only(typology))
    labels = pl.read_parquet(tmp_path / "truth" / "truth_labels.parquet").filter(pl.col("intent") == "fraud")
    mine = labels.filter(pl.col("entity_type") == "invoice")
    assert mine["typology"].unique().to_list() == [typology]
    assert mine.select((pl.col("error_sek") > 0).all()).item()
    postings = read(tmp_path / "inbox", "ap_postings").group_by("invoice_id").agg(pl.col("amount_sek").sum())
    both = mine.join(postings, left_on="entity_id", right_on="invoice_id", how="left")
    assert both.select((pl.col("error_sek") <= pl.col("amount_sek")).all()).item()


def test_a_takeover_changes_the_account_and_pays_to_it(tmp_path):
    simulate(tmp_path, "tiny", "easy", seed=4, months=6, errors=False, parameters=only("T39"))
    labels = pl.read_parquet(tmp_path / "truth" / "truth_labels.parquet").filter(pl.col("entity_type") == "invoice")
    changes = read(tmp_path / "inbox", "supplier_changes").filter(pl.col("field") == "payee_account")
    paid = read(tmp_path / "inbox", "ap_postings").filter(pl.col("invoice_id").is_in(labels["entity_id"].to_list()))
    assert paid.height > 0
    assert set(paid["payee_account"]) <= set(changes["new_value"])
    joined = paid.join(changes, left_on=["supplier_id", "payee_account"], right_on=["supplier_id", "new_value"])
    assert joined.select((pl.col("booking_date") >= pl.col("changed_at").dt.date()).all()).item()


def test_a_phoenix_shares_a_person_with_the_excluded_provider(monkeypatch):
    small = replace(PRESETS["small"], clients=30, postings_per_month=100, inhabitants=800, providers=14)
    monkeypatch.setitem(PRESETS, "small", small)
    world = make_world(PARAMETERS, "small", "easy", 1, 18, "2025-01", honest=False, errors=False)
    ledger = start_ledger(world, provider_names(world), honest=False)
    roles = company_roles(ledger)
    excluded = exclusions(ledger, roles)
    people = excluded["person_ref"].drop_nulls().to_list()
    back = roles.filter(pl.col("person_ref").is_in(people) & ~pl.col("org_no").is_in(excluded["org_no"].to_list()))
    new, old = world.providers.phoenix_of, world.providers.excluded
    numbers = provider_org_numbers(world)
    assert new >= 0
    assert numbers[old] == excluded["org_no"][0]
    assert numbers[new] in back["org_no"].to_list()
    assert world.providers.from_day[new] > world.providers.to_day[old]
    where = {ref: n for n, ref in enumerate(ledger.suppliers.true_ref)}
    assert ledger.suppliers.account[where[numbers[new]]] == ledger.suppliers.account[where[numbers[old]]]
    assert [act.typology for act in world.acts if act.subject == new and act.number < 1000] == ["T28"]


def test_truth_is_not_in_the_inbox(hard):
    out, _ = hard
    assert sorted(p.name for p in (out / "truth").iterdir()) == [
        "simulation.json",
        "truth_innocent.parquet",
        "truth_labels.parquet",
    ]
    for path in (out / "inbox").iterdir():
        columns = pl.read_parquet_schema(path)
        assert not [
            c for c in columns if c.startswith(("_", "real_")) or c in ("truth", "typology", "cause", "error_sek")
        ]


def test_labels_point_at_rows_that_exist(hard):
    out, _ = hard
    labels = pl.read_parquet(out / "truth" / "truth_labels.parquet")
    for entity, table, column in (
        ("compensation_line", "compensation_lines", "line_id"),
        ("invoice", "ap_postings", "invoice_id"),
        ("provider", "providers", "provider_id"),
        ("supplier", "suppliers", "supplier_id"),
        ("client", "clients", "client_ref"),
    ):
        ids = set(read(out / "inbox", table)[column])
        wanted = set(labels.filter(pl.col("entity_type") == entity)["entity_id"])
        late = {i for i in wanted - ids if entity == "compensation_line"}
        assert wanted - ids == late
        assert len(late) < 0.1 * max(len(wanted), 1)


def test_invented_visits_have_no_door_and_no_wages():
    p = only("T01b")
    world = make_world(p, "tiny", "easy", 7, 1, "2025-01", honest=False, errors=False)
    visits = make_visits(world, world.horizon[0])
    ghosts = np.array(world.rota.carers.ghost)[np.maximum(visits["carer"], 0)]
    assert ghosts.any()
    assert (visits["real_status"][ghosts] != PERFORMED).all()


def test_without_errors_what_was_registered_is_what_happened():
    world = make_world(PARAMETERS, "tiny", "hard", 3, 1, "2025-03", honest=True, errors=False)
    registers, tariff = registers_of(world), make_tariff(PARAMETERS.money, world.horizon, 3)
    visits = make_visits(world, world.horizon[0])
    paid, due = (settle(engine_rows(world, visits, real), registers, tariff, "2025-03") for real in (False, True))
    assert visits["truth"].max() == 0
    assert paid.lines.equals(due.lines)
