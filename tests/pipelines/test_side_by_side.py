"""Core is built while Great Expectations judges: what each says when the other fails."""

from pathlib import Path
from types import ModuleType

import duckdb
import pytest

from fut.errors import InputError, StoreError
from fut.settings import Settings, load_settings
from fut.warehouse import open_warehouse
from pipelines import steps

MONTH = "2019-01"


def inbox(ledger: ModuleType, folder: Path, is_broken: bool = False) -> Settings:
    settings = load_settings(ledger.make(folder, [MONTH]))
    if is_broken:
        rows = ledger.rows_of(MONTH)
        for row in rows[:60]:
            row[6] = ""  # no payee
        ledger.write_month(folder / "inbox", MONTH, rows)
    return settings


def failing_build(*_: object) -> None:
    raise duckdb.BinderException("no such column")


@pytest.mark.parametrize("is_broken", [True, False])
def test_a_wrong_delivery_is_named_before_what_it_broke(
    ledger: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_broken: bool
) -> None:
    monkeypatch.setattr(steps, "build", failing_build)
    settings = inbox(ledger, tmp_path, is_broken)
    raised = (InputError, "raw_ap_postings: expectation") if is_broken else (duckdb.BinderException, "no such column")
    with open_warehouse(settings) as connection:
        steps.load_and_check(connection, settings)
        with pytest.raises(raised[0], match=raised[1]):
            steps.judge_and_build(connection, settings)


def test_a_wrong_delivery_is_not_published_and_the_next_one_is(ledger: ModuleType, tmp_path: Path) -> None:
    settings = inbox(ledger, tmp_path, is_broken=True)
    with pytest.raises(InputError, match="raw_ap_postings: expectation"):
        steps.run(settings)
    assert not settings.published.exists()
    assert list(steps.run(inbox(ledger, tmp_path)).published) == [MONTH]


def test_a_judge_that_fails_ends_the_run_and_leaves_the_warehouse_open_to_others(
    ledger: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = inbox(ledger, tmp_path)

    def failing_judge(*_: object) -> None:
        raise StoreError("var/great_expectations: cannot be written (disk full)")

    with monkeypatch.context() as patched:
        patched.setattr(steps, "judge", failing_judge)
        with pytest.raises(StoreError, match="disk full"):
            steps.run(settings)
    with duckdb.connect(str(settings.warehouse), read_only=True) as other:
        assert other.execute("SELECT count(*) > 0 FROM core_payments").fetchone() == (True,)
    assert not settings.published.exists()
