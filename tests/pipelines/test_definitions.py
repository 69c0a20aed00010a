"""What Dagster is told: names, groups, dependencies, and that its own tool accepts it."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import dagster as dg
import pytest

from fut.contract import load_contracts
from indicators import library
from pipelines.definitions import define
from pipelines.defs.house import EARLIEST, House, first_month, load_house

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def house(ledger: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> House:
    """Return a house whose inbox holds two months, never run."""
    return load_house(ledger.make(tmp_path_factory.mktemp("defs"), ["2019-01", "2019-03"]))


@pytest.fixture(scope="module")
def specs(house: House) -> dict[str, dg.AssetSpec]:
    """Return every asset by its name."""
    return {spec.key.to_user_string(): spec for spec in define(house).resolve_all_asset_specs()}


def tables_in(*patterns: str) -> set[str]:
    """Return every raw and core table that files of the tree name in their SQL."""
    texts = [path.read_text(encoding="utf-8") for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    return {name for text in texts for name in re.findall(r"\b(?:core|raw)_[a-z_]+", text)}


def depends_on(spec: dg.AssetSpec) -> set[str]:
    return {dep.asset_key.to_user_string() for dep in spec.deps}


def test_there_is_one_asset_per_table_and_indicator_and_no_other(specs: dict[str, dg.AssetSpec]) -> None:
    tables = {c.physical for layer in ("raw", "core", "out") for c in load_contracts(layer).values()}
    assert set(specs) == tables | set(library()) | {"quarantine", "scores", "ranking"}


def test_groups_are_layers_and_risk_areas(specs: dict[str, dg.AssetSpec]) -> None:
    for name, spec in specs.items():
        layer = name.split("_")[0]
        expected = {"raw": "raw", "core": "core", "out": "published", "quarantine": "raw", "scores": "models"}.get(
            layer
        )
        if name in library():
            expected = library()[name].area
        assert spec.group_name == (expected or "ranking"), name


def test_dependencies_follow_the_data(specs: dict[str, dg.AssetSpec]) -> None:
    assert depends_on(specs["raw_ap_postings"]) == set()
    assert depends_on(specs["quarantine"]) == {n for n in specs if n.startswith("raw_")}
    assert depends_on(specs["core_postings"]) == {"raw_ap_postings", "quarantine"}
    assert depends_on(specs["core_suppliers"]) == {"raw_suppliers", "quarantine"}
    assert depends_on(specs["core_payments"]) == {"core_postings", "core_payees"}
    assert depends_on(specs["core_payment_pairs"]) == {"core_payments"}
    assert depends_on(specs["core_compensation_rules"]) == {"raw_compensation_rules", "quarantine"}
    for code, indicator in library().items():
        assert depends_on(specs[code]) == indicator.tables(), code
    assert depends_on(specs["ranking"]) == {"scores", *library()}
    assert depends_on(specs["out_ranked_payments"]) == {"ranking"}
    assert "quarantine" in depends_on(specs["out_quarantine"])


def test_home_care_depends_on_what_its_sql_reads(specs: dict[str, dg.AssetSpec]) -> None:
    assert depends_on(specs["core_visits"]) == {"raw_visits", "quarantine", "core_clients", "core_decisions"}
    assert depends_on(specs["core_visits"]) == tables_in("core/visits.py") - {"core_visits"} | {"quarantine"}
    assert depends_on(specs["core_visit_neighbours"]) == depends_on(specs["core_visit_overlaps"]) == {"core_visits"}
    made = {"core_compensation_lines", "core_visit_pay"}
    read = tables_in("core/compensation*.py") - made
    assert {"core_visits", "core_compensation_rules", "core_rates", "raw_compensation_lines"} < read
    for name in made:
        assert depends_on(specs[name]) == read | {"quarantine"}, name
    assert depends_on(specs["scores"]) == tables_in("features/*.sql", "models/care_*.py")
    assert {"ranking", "core_visits", "core_visit_pay"} < depends_on(specs["out_visit_days"])
    assert {"ranking", "core_clients", "core_areas", "HC12"} < depends_on(specs["out_areas"])
    assert depends_on(specs["out_recalculation"]) == {"ranking", *tables_in("reporting/care_frames.py")}


def test_tables_made_in_core_are_no_raw_assets(specs: dict[str, dg.AssetSpec]) -> None:
    made = {"visit_pay", "visit_overlaps", "visit_neighbours", "payment_pairs", "payees", "payments", "postings"}
    assert {f"core_{name}" for name in made} < set(specs)
    assert not {f"raw_{name}" for name in made} & set(specs)


def test_every_asset_tells_what_it_is_and_whose(specs: dict[str, dg.AssetSpec]) -> None:
    for name, spec in specs.items():
        assert spec.description, name
        assert "{" not in spec.description, name
        assert spec.owners, name
        assert spec.kinds, name
        assert spec.code_version, name
        assert isinstance(spec.partitions_def, dg.MonthlyPartitionsDefinition), name
    assert specs["scores"].kinds == {"polars", "sklearn", "duckdb"}
    assert "2,5 gånger" in specs["HC05"].description


def test_code_versions_are_the_same_in_every_process(house: House, specs: dict[str, dg.AssetSpec]) -> None:
    script = (
        "from pathlib import Path\nfrom pipelines.definitions import define\nfrom pipelines.defs.house import load_house\n"
        f"for s in define(load_house(Path({str(house.settings.path)!r}))).resolve_all_asset_specs():\n"
        "    print(s.key.to_user_string(), s.code_version)"
    )
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert dict(line.split() for line in ended.stdout.splitlines()) == {n: s.code_version for n, s in specs.items()}


def test_one_suite_per_raw_contract_blocks(house: House) -> None:
    graph = define(house).resolve_asset_graph()
    suites = {key.asset_key.to_user_string() for key in graph.asset_check_keys if key.name == "expectations"}
    assert suites == {c.physical for c in load_contracts("raw").values()}
    assert all(graph.get(key).blocking for key in graph.asset_check_keys if key.name == "expectations")
    others = {
        f"{key.asset_key.to_user_string()}:{key.name}" for key in graph.asset_check_keys if key.name != "expectations"
    }
    assert {"core_postings:reconciliation", "core_payments:drift_rows", "core_payments:ready"} <= others


def test_months_begin_with_the_first_file_and_are_swedish(house: House) -> None:
    assert house.months.get_first_partition_key() == "2019-01"
    assert house.months.timezone == "Europe/Stockholm"


def test_an_inbox_whose_names_tell_no_month_begins_early(ledger: ModuleType, tmp_path: Path) -> None:
    settings = ledger.SETTINGS.replace("dialect: devon", "dialect: canonical")
    path = ledger.make(tmp_path, [], settings)
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox/ap_postings.csv").write_text("posting_id\n", encoding="utf-8")
    assert first_month(load_house(path).settings) == EARLIEST


def test_a_published_month_whose_file_has_left_the_inbox_stays_a_month(ledger: ModuleType, tmp_path: Path) -> None:
    settings = load_house(ledger.make(tmp_path, ["2019-01"])).settings
    first = first_month(settings)
    (settings.published / "2012-03").mkdir(parents=True)
    (settings.published / "notes").mkdir()
    assert (first, first_month(settings)) == ("2019-01", "2012-03")


def test_a_range_of_months_is_one_run(house: House) -> None:
    job = define(house).resolve_job_def("monthly")
    assert {asset.backfill_policy for asset in job.asset_layer.asset_graph.assets_defs} >= {
        dg.BackfillPolicy.single_run()
    }
    for asset in define(house).resolve_asset_graph().assets_defs:
        if asset.partitions_def is not None:
            assert asset.backfill_policy == dg.BackfillPolicy.single_run()
            assert asset.op.pool == "warehouse"


def test_dagsters_own_tool_accepts_and_lists_the_definitions(house: House, tmp_path: Path) -> None:
    settings = {
        "DAGSTER_HOME": str(ROOT), "FUT_DAGSTER_DIR": str(tmp_path), "FUT_SETTINGS": str(house.settings.path),
        "VIRTUAL_ENV": sys.prefix, "PATH": f"{sys.prefix}/bin:{os.environ['PATH']}",
    }  # fmt: skip
    for command in (["check", "defs"], ["list", "defs", "--json"]):
        ended = subprocess.run(
            [f"{sys.prefix}/bin/dg", *command],
            cwd=ROOT,
            env=os.environ | settings,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr[-2000:]
    assert '"core_payments"' in ended.stdout
