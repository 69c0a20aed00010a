"""The command as a whole: help, usage errors, one line per error, exit codes, which settings it takes."""

import argparse
import errno
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

from commands import _options
from commands.main import main, sub_commands
from fut.errors import ConfigError, InputError, StoreError, UsageError


def test_help_tells_every_command(fut: Callable) -> None:
    said = fut("--help")
    assert said.code == 0
    wanted = {"dagster", "demo", "docs", "explain", "indicators", "list", "report", "run", "simulate", "validate"}
    assert wanted <= set(sub_commands())
    assert [name for name in sub_commands() if f"\n    {name}" not in said.out] == []


@pytest.mark.parametrize("name", sorted(sub_commands()))
def test_every_command_has_help_of_its_own(fut: Callable, name: str) -> None:
    said = fut(name, "--help")
    assert said.code == 0
    assert (sub_commands()[name].__doc__ or "").split("\n")[0].split()[0] in said.out


@pytest.mark.parametrize(
    "args", [[], ["nothing"], ["list", "--top", "many"], ["run", "--bogus"], ["explain"]], ids=" ".join
)
def test_a_wrong_call_is_exit_2_and_names_the_command(fut: Callable, args: list[str]) -> None:
    said = fut(*args)
    assert said.code == 2
    assert "fut" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["lits"], "fut: no command 'lits', did you mean 'list'?"),
        (["list", "--moth", "2026-01"], "fut: list: unknown argument '--moth', did you mean '--month'?"),
        (["list", "--top", "-3"], "fut: list: argument --top: expected a whole number of at least 1; see fut list --help"),
        (["simulate", "x", "--months", "0"], "fut: simulate: argument --months: expected a whole number of at least 1; "
         "see fut simulate --help"),
        (["review", "--port", "70000"], "fut: review: argument --port: expected a whole number of at least 1 and at most "
         "65535; see fut review --help"),
        (["indicators", "NW3"], "fut: no indicator 'NW3', did you mean 'NW03'?"),
        (["explain"], "fut: explain: the following arguments are required: PAYMENT_OR_FLAG; see fut explain --help"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_a_wrong_call_is_one_line_that_names_the_nearest_right_name(fut: Callable, args: list[str], told: str) -> None:
    said = fut(*args)
    assert (said.code, said.out, said.err) == (2, "", told + "\n")


@pytest.mark.parametrize("error", [UsageError, InputError, ConfigError, StoreError])
def test_an_error_a_user_can_mend_is_one_line_and_its_exit_code(
    fut: Callable, monkeypatch: pytest.MonkeyPatch, error: type
) -> None:
    def fail(args: argparse.Namespace) -> int:
        raise error("file.csv line 3: mend this")

    monkeypatch.setattr("commands.indicators.execute", fail)
    said = fut("indicators")
    assert (said.code, said.out, said.err) == (error.exit_code, "", "fut: file.csv line 3: mend this\n")


def test_a_fault_on_the_data_never_quotes_a_row(fut: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(args: argparse.Namespace) -> int:
        with duckdb.connect() as connection:
            connection.execute("SELECT 'Ritva Påhittad'::INTEGER")
        return 0

    monkeypatch.setattr("commands.indicators.execute", fail)
    said = fut("indicators")
    assert said.code == 1
    assert "ConversionException" in said.err
    assert "Ritva" not in said.err


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_disk_that_is_full_or_locked_is_one_line(fut: Callable, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def raises(_: argparse.Namespace) -> int:
        raise OSError(number, "No room", "/hemlig/frame.parquet")

    monkeypatch.setattr(sub_commands()["indicators"], "execute", raises)
    said = fut("indicators")
    assert (said.code, said.err) == (5, "fut: frame.parquet: cannot be read or written (No room)\n")


def test_another_fault_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(args: argparse.Namespace) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr("commands.indicators.execute", fail)
    with pytest.raises(ZeroDivisionError):
        main(["indicators"])


def test_stopping_it_is_one_line(fut: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(args: argparse.Namespace) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("commands.indicators.execute", stop)
    said = fut("indicators")
    assert (said.code, said.err.count("\n")) == (130, 1)


def test_stopping_it_while_a_query_runs_is_one_line(fut: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(args: argparse.Namespace) -> int:
        raise RuntimeError("Query interrupted")  # what DuckDB makes of Ctrl-C

    monkeypatch.setattr("commands.indicators.execute", stop)
    said = fut("indicators")
    assert (said.code, said.err.count("\n")) == (130, 1)


def test_a_fault_of_the_frame_library_shows_no_cell(fut: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(args: argparse.Namespace) -> int:
        pl.Series(["Ritva Påhittad"]).cast(pl.Int64)
        return 0

    monkeypatch.setattr("commands.indicators.execute", fail)
    said = fut("indicators")
    assert said.code == 1
    assert "InvalidOperationError" in said.err
    assert "Ritva" not in said.err


def chosen(settings: Path | None = None) -> Path:
    return _options.settings_path(argparse.Namespace(settings=settings))


def test_settings_are_named_else_in_the_environment_else_here_else_the_demo(
    settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    other = tmp_path / "other.yaml"
    other.write_text(settings.read_text("utf-8"), encoding="utf-8")
    monkeypatch.delenv("FUT_SETTINGS", raising=False)
    monkeypatch.chdir(empty)
    assert chosen() == _options.DEMO
    monkeypatch.chdir(tmp_path)
    assert chosen() == _options.OWN
    monkeypatch.setenv("FUT_SETTINGS", str(other))
    assert chosen() == other
    assert chosen(settings) == settings


def test_settings_that_do_not_exist_are_a_configuration_error(fut: Callable) -> None:
    said = fut("list", "--settings", "nowhere.yaml")
    assert said.code == 4
    assert said.err.startswith("fut: no settings file 'nowhere.yaml'")


@pytest.mark.parametrize("month", ["2026-13", "2026", "oktober", "2026-02..2026-01", "2026-1..2026-02"])
def test_a_wrong_month_is_exit_2(fut: Callable, settings: Path, month: str) -> None:
    assert fut("run", "--settings", settings, "--month", month).code == 2


def test_a_range_where_one_month_is_wanted_is_exit_2(fut: Callable, settings: Path) -> None:
    assert fut("list", "--settings", settings, "--month", "2026-01..2026-02").code == 2


def test_a_range_is_all_its_months() -> None:
    asked = argparse.Namespace(month="2025-12..2026-02")
    assert _options.months_of(asked) == ["2025-12", "2026-01", "2026-02"]
    assert _options.months_of(argparse.Namespace(month=None)) is None
