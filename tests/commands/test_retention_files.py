"""Originals and the warehouse's rows: a delivery goes whole, sums still add up, and what outcomes taught weighs the same."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from commands import retention
from core.rankable import prepare_rankable
from fut.contract import load_contracts
from fut.errors import InputError
from fut.settings import Settings, load_settings
from fut.warehouse import open_warehouse
from models.evidence import MODEL
from models.feedback import OutcomeRow, read_outcomes
from pipelines import retention as files_of
from pipelines import steps
from reporting.outcomes_file import NAME, outcomes_text
from tests.pipelines import ledger

MONTHS = ["2019-01", "2019-02", "2019-03"]
DAY = date(2021, 2, 28)
"""On it January 2019 has been kept for 24 months, and February lacks one."""
RULES = """
retention:
  rules:
    - {kind: inbox, keep_months: 24, valid_from: 2000-01-01, ground: Plan 1}
    - {kind: warehouse, keep_months: WAREHOUSE, valid_from: 2000-01-01, ground: Plan 2}
"""
FIRST = "DCCSpendingOver500_201901.csv.gz"


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a municipality with three published months, and outcomes on two of January's payments."""
    path = ledger.make(tmp_path_factory.mktemp("files"), MONTHS, ledger.SETTINGS + RULES.replace("WAREHOUSE", "24"))
    settings = load_settings(path)
    steps.run(settings, MONTHS)
    with open_warehouse(settings) as connection:
        pointed = connection.execute(
            "SELECT payment_id FROM scores WHERE booked_month = '2019-01' ORDER BY model_percentile DESC, 1 LIMIT 3"
        ).fetchall()
    rows = [
        {
            "outcome_id": f"review-{n}",
            "payment_id": p,
            "decided_at": "2019-02-11T09:00:00",
            "arm": "risk",
            "verdict": verdict,
        }
        for n, ((p,), verdict) in enumerate(zip(pointed, ("explained", "error_recovery", "explained"), strict=True))
    ]
    (settings.inbox / NAME).write_text(outcomes_text(rows, 0, "0" * 64), "utf-8")
    steps.run(settings, MONTHS)
    return path.parent


@pytest.fixture
def own(ready: Path, tmp_path: Path) -> Settings:
    """Return the settings of a copy that a test may erase."""
    return load_settings(Path(shutil.copytree(ready, tmp_path / "own")) / "municipality.yaml")


def taught(settings: Settings) -> list[OutcomeRow]:
    """Return what the outcomes teach, bundles told apart and not named."""
    with open_warehouse(settings) as connection:
        prepare_rankable(connection)
        rows = read_outcomes(connection, "scores", MODEL.code, MODEL.least_percentile)
    names = {name: n for n, name in enumerate(dict.fromkeys(row.bundle for row in rows))}
    return [
        OutcomeRow(r.decided_month, r.arm, r.verdict, r.codes, str(names[r.bundle]), r.replaced_month) for r in rows
    ]


def rows_by_table(settings: Settings) -> dict[str, int]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        names = [row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {name: (connection.execute(f"SELECT count(*) FROM {name}").fetchone() or (0,))[0] for name in names}


def apply(settings: Settings, day: date = DAY) -> None:
    assert retention.run(settings, day, is_applied=True) == 0


def test_only_the_month_that_is_due_is_listed_and_looking_changes_nothing(own: Settings) -> None:
    before = rows_by_table(own)
    due = files_of.due_files(own, DAY)
    assert [(file.name, file.month) for file in due.originals] == [(FIRST, "2019-01")]
    assert [(file.name, file.rows) for file in due.rows] == [(FIRST, 241)]
    assert files_of.due_files(own, date(2021, 1, 31)) == files_of.DueFiles(found_wrong=due.found_wrong)
    assert rows_by_table(own) == before


def test_a_mistyped_date_to_come_keeps_no_delivery(own: Settings) -> None:
    with open_warehouse(own) as connection:
        connection.execute(f"UPDATE deliveries SET month = NULL, period_end = NULL WHERE source_file = '{FIRST}'")
        typed = f"UPDATE raw_ap_postings SET booking_date = DATE '2091-01-10' WHERE _source_file = '{FIRST}'"
        connection.execute(f"{typed} AND _source_line = (SELECT min(_source_line) FROM raw_ap_postings)")
    assert [(file.name, file.month) for file in files_of.due_files(own, DAY).rows] == [(FIRST, "2019-01")]
    with open_warehouse(own) as connection:
        connection.execute(typed)
    assert files_of.due_files(own, DAY).rows == ()


def test_what_goes_is_what_was_listed_and_nothing_of_it_is_left_in_the_file(own: Settings) -> None:
    with open_warehouse(own) as connection:
        ids = connection.execute(
            "SELECT DISTINCT payment_id FROM core_postings WHERE source_file = ? AND payment_id NOT IN (SELECT payment_id "
            "FROM core_outcomes)", [FIRST],
        ).fetchall()  # fmt: skip
    before = rows_by_table(own)
    apply(own)
    after = rows_by_table(own)
    assert (
        before["raw_ap_postings"] - after["raw_ap_postings"] == before["core_postings"] - after["core_postings"] == 241
    )
    assert sorted(path.name for path in own.inbox.iterdir()) == [
        "DCCSpendingOver500_201902.csv.gz", "DCCSpendingOver500_201903.csv.gz", NAME
    ]  # fmt: skip
    data = own.warehouse.read_bytes()
    assert [one for (one,) in ids if one.encode() in data] == []
    assert files_of.due_files(own, DAY).originals == files_of.due_files(own, DAY).rows == ()


def test_sums_add_up_later_months_run_and_what_outcomes_taught_weighs_the_same(own: Settings) -> None:
    before = taught(own)
    assert len(before) > 1
    apply(own)
    assert taught(own) == before
    ledger.write_month(own.inbox, "2019-04")
    result = steps.run(own, ["2019-04"])
    manifests = [json.loads(path.read_text("utf-8")) for path in sorted(own.published.glob("*/*/manifest.json"))]
    assert ["erased_outcomes_sha256" in manifest for manifest in manifests][-1:] == [True]
    assert not any("erased_outcomes_sha256" in manifest for manifest in manifests[:-1])
    assert list(result.published) == ["2019-04"]
    assert taught(own) == before
    with pytest.raises(InputError, match=r"the ledger holds 2019-02\.\.2019-04"):
        steps.run(own, ["2019-01"])


def test_rows_stay_while_their_original_is_in_the_inbox(ready: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ready, tmp_path / "own"))
    text = (
        (folder / "municipality.yaml")
        .read_text("utf-8")
        .replace("kind: inbox, keep_months: 24", "kind: inbox, keep_months: 90")
    )
    (folder / "municipality.yaml").write_text(text, "utf-8")
    settings = load_settings(folder / "municipality.yaml")
    assert files_of.due_files(settings, DAY).rows == ()
    (settings.inbox / FIRST).unlink()
    assert [file.name for file in files_of.due_files(settings, DAY).rows] == [FIRST]


def test_a_payment_that_a_filled_in_list_found_wrong_stays_published(own: Settings) -> None:
    wrong = files_of.due_files(own, DAY).found_wrong
    assert len(wrong) == 1
    apply(own)
    with duckdb.connect() as connection:
        left = connection.execute(
            f"SELECT DISTINCT payment_id FROM read_parquet('{own.published}/2019-01/*/payments.parquet')"
        ).fetchall()
    assert {row[0] for row in left} == wrong


@pytest.mark.parametrize("at", ["set_aside", "remove_aside", "_forget", "validate", "_prune", "_write_anew"])
def test_cut_off_anywhere_and_done_again_it_ends_the_same(
    own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    real: Callable = getattr(files_of, at)
    monkeypatch.setattr(files_of, at, killed)
    with pytest.raises(KeyboardInterrupt):
        apply(own)
    monkeypatch.setattr(files_of, at, real)
    apply(own)
    capsys.readouterr()
    assert retention.run(own, DAY, is_applied=True) == 0
    assert "Inget är förfallet till gallring." in capsys.readouterr().out
    assert not (own.inbox / files_of.ASIDE).exists()
    assert not own.warehouse.with_suffix(".erasing").exists()
    left = rows_by_table(own)
    assert (left["raw_ap_postings"], left["core_postings"], left["erased_outcomes"]) == (482, 482, len(taught(own)))
    assert (own.inbox / FIRST).exists() is False


def test_each_raw_table_is_told_to_happen_or_to_be_a_register() -> None:
    registers = {
        "absences", "areas", "calendar", "carers", "clients", "company_register", "company_roles", "compensation_rules",
        "contracts", "decisions", "employees", "exclusions", "limits", "orders", "outcomes", "payee_accounts", "permits",
        "price_items", "providers", "rates", "suppliers",
    }  # fmt: skip
    assert set(files_of.HAPPENED) | registers == set(load_contracts("raw"))
    assert not set(files_of.HAPPENED) & registers
