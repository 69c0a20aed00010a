"""The library of indicators, the generated documentation, and how Dagster is opened."""

from collections.abc import Callable
from pathlib import Path

import pytest

from commands import dagster
from fut.errors import ConfigError
from indicators import library


def test_every_indicator_is_in_the_library(fut: Callable) -> None:
    said = fut("indicators")
    assert [code for code in library() if f"\n{code} " not in said.out] == []


@pytest.mark.parametrize(("option", "title"), [((), "Dubblett samma dag"), (("--english",), "Duplicate same day")])
def test_one_indicators_page_in_two_languages(fut: Callable, option: tuple[str, ...], title: str) -> None:
    said = fut("indicators", "sp01", *option)
    assert f"# SP01 {title}" in said.out


def test_an_unknown_code_names_the_nearest(fut: Callable) -> None:
    said = fut("indicators", "SP011")
    assert said.code == 2
    assert "did you mean 'SP" in said.err


def test_documentation_is_written_and_found_fresh_and_stale(fut: Callable, tmp_path: Path) -> None:
    folder = tmp_path / "generated"
    assert fut("docs", "--check", "--out", folder).code == 4
    assert "0 removed" in fut("docs", "--out", folder).out
    assert fut("docs", "--check", "--out", folder).code == 0
    assert fut("docs", "--out", folder).out == "0 files written, 0 removed\n"
    (folder / "indicators/SP01.sv.md").write_text("changed", encoding="utf-8")
    (folder / "left_over.md").write_text("x", encoding="utf-8")
    said = fut("docs", "--check", "--out", folder)
    assert said.code == 4
    assert said.err == "fut: docs/generated: 2 files are stale, first indicators/SP01.sv.md; run make docs\n"
    assert fut("docs", "--out", folder).out == "1 files written, 1 removed\n"
    assert not (folder / "left_over.md").exists()


def test_dagster_writes_under_var_and_sends_nothing(
    settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dagster, "ROOT", tmp_path)
    with pytest.raises(ConfigError, match=r"dagster\.yaml"):
        dagster.environment(settings)
    (tmp_path / "dagster.yaml").write_text("", encoding="utf-8")
    said = dagster.environment(settings)
    assert said["DAGSTER_HOME"] == str(tmp_path)
    assert said["FUT_DAGSTER_DIR"] == str(tmp_path / "var/dagster")
    assert Path(said["FUT_DAGSTER_DIR"]).is_dir()
    assert said["DAGSTER_DISABLE_TELEMETRY"] == "yes"
    assert said["FUT_SETTINGS"] == str(settings)


def test_dagster_with_broken_settings_does_not_start(fut: Callable, settings: Path) -> None:
    settings.write_text("municipality: {id: x, nam: X}\n", encoding="utf-8")
    said = fut("dagster", "--settings", settings)
    assert said.code == 4
    assert "did you mean 'name'?" in said.err
