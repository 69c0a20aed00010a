"""`fut retention` and `fut verify` from files to an erased month, and the runs of later months after it."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import select

from fut.settings import load_settings
from review.store.database import Store
from review.store.schema import events
from review.web.app import database_url
from tests.pipelines import ledger

MONTHS = ["2019-01", "2019-02", "2019-03"]
DAY = "2021-02-28"
"""On it January 2019 has been kept for 24 months, and February lacks one."""


@pytest.fixture(scope="module")
def municipality(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the settings of a municipality with two of its three months published."""
    from commands.main import main

    path = ledger.make(tmp_path_factory.mktemp("retention"), MONTHS)
    assert main(["run", "--settings", str(path), "--month", "2019-01..2019-02"]) == 0
    assert main(["report", "--settings", str(path), "--month", "2019-01"]) == 0
    return path


def log_of(path: Path) -> list[tuple[str, dict]]:
    store = Store(database_url(load_settings(path)))
    with store.read() as connection:
        found = [(row.kind, json.loads(row.payload)) for row in connection.execute(select(events))]
    store.close()
    return found


def run_of(path: Path, month: str) -> Path:
    [run] = (p for p in (path.parent / "var/published/testby" / month).iterdir() if p.is_dir())
    return run


def bytes_of(path: Path) -> dict[str, bytes]:
    published = path.parent / "var/published"
    return {str(p.relative_to(published)): p.read_bytes() for p in sorted(published.rglob("*")) if p.is_file()}


def test_looking_erases_nothing_and_applying_erases_what_was_listed(fut: Callable, municipality: Path) -> None:
    before = bytes_of(municipality)
    looked = fut("retention", "--settings", municipality, "--as-of", DAY)
    assert (looked.code, looked.err) == (0, "")
    assert "2019-01" in looked.out
    assert "2019-02" not in looked.out.replace(DAY, "")
    assert bytes_of(municipality) == before
    assert log_of(municipality) == []
    report = Path(looked.out.strip().splitlines()[-1])
    listed = report.with_suffix(".csv").read_text("utf-8-sig").splitlines()
    assert len(listed) == 2
    assert "Inget har tagits bort" in report.read_text("utf-8")

    applied = fut("retention", "--settings", municipality, "--as-of", DAY, "--apply")
    assert (applied.code, applied.err) == (0, "")
    proof = next(report.parent.glob("gallrat-*.csv"))
    assert proof.read_text("utf-8-sig").splitlines() == listed
    after = bytes_of(municipality)
    assert {name[:15] for name in before if after.get(name) != before[name]} == {"testby/2019-01/"}
    assert {n.split("/")[-1] for n in after.keys() - before.keys()} == {"erasure.json"}
    run = run_of(municipality, "2019-01")
    assert pl.read_parquet(run / "payments.parquet").height == 0
    assert not (municipality.parent / "var/reports/testby/2019-01").exists()
    [(kind, told)] = log_of(municipality)
    assert (kind, told["months"]) == ("retention.applied", 1)
    assert told["rows"] == int(listed[1].split(";")[3])


def test_the_chain_holds_and_says_what_is_erased(fut: Callable, municipality: Path) -> None:
    said = fut("verify", "--settings", municipality)
    assert (said.code, said.err) == (0, "")
    lines = {line.split()[0]: line for line in said.out.splitlines() if line.strip().startswith("2019")}
    assert f"erased {DAY}" in lines["2019-01"]
    assert "whole" in lines["2019-02"]


def test_done_again_nothing_is_due_and_nothing_is_logged(fut: Callable, municipality: Path) -> None:
    before = bytes_of(municipality)
    said = fut("retention", "--settings", municipality, "--as-of", DAY, "--apply")
    assert "Inget är förfallet till gallring." in said.out
    assert bytes_of(municipality) == before
    assert len(log_of(municipality)) == 1


def test_a_later_month_runs_and_the_erased_one_is_not_published_anew(fut: Callable, municipality: Path) -> None:
    ran = fut("run", "--settings", municipality, "--month", "2019-01..2019-03")
    assert ran.code == 3
    assert f"2019-01 is not ranked: it was erased {DAY}" in ran.err
    assert "2019-03" in ran.out
    listed = fut("list", "--settings", municipality, "--month", "2019-01")
    assert listed.code == 0
    assert f"gallrades {DAY}" in listed.out
    assert "gallrades" not in fut("list", "--settings", municipality, "--month", "2019-03").out
    assert fut("report", "--settings", municipality, "--month", "2019-01").code == 0
    assert fut("verify", "--settings", municipality).code == 0


def test_a_changed_file_is_exit_5_and_named(fut: Callable, municipality: Path) -> None:
    run = run_of(municipality, "2019-03")
    whole = (run / "flags.parquet").read_bytes()
    (run / "flags.parquet").write_bytes(whole + b"x")
    said = fut("verify", "--settings", municipality)
    (run / "flags.parquet").write_bytes(whole)
    assert (said.code, said.err) == (5, "fut: published 2019-03: flags.parquet: not the published bytes\n")


def test_a_day_to_come_can_be_looked_at_and_not_applied(fut: Callable, municipality: Path) -> None:
    later = f"{date.today().year + 1}-01-01"  # noqa: DTZ011 - what the command compares with
    assert fut("retention", "--settings", municipality, "--as-of", later).code == 0
    said = fut("retention", "--settings", municipality, "--as-of", later, "--apply")
    assert said.code == 2
    assert "nothing is erased before its time" in said.err
    assert fut("retention", "--settings", municipality, "--as-of", "soon").code == 2


def test_nothing_published_is_told(fut: Callable, settings: Path) -> None:
    assert "Inget är förfallet" in fut("retention", "--settings", settings).out
    assert fut("verify", "--settings", settings).code == 3
