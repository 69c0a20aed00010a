"""`fut demo` from nothing: a municipality is simulated, run month by month, and its list stands there to be opened."""

from collections.abc import Callable
from pathlib import Path

import pytest

from commands import demo
from tests.commands.conftest import Said

SETTINGS = """
municipality: {id: simulated, name: Simulerad kommun}
inbox: made/inbox
is_demo: true
sources:
  - {name: municipality, dialect: canonical, files: "*.parquet"}
"""


def test_simulates_runs_every_month_and_shows_both_kinds_of_payment(
    fut: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "municipality.yaml"
    settings.write_text(SETTINGS, encoding="utf-8")
    monkeypatch.setattr(demo, "DEMO", settings)
    monkeypatch.setattr(demo, "PRESET", "tiny")
    said = fut("demo")
    assert said.code == 0, said.err
    published = tmp_path / "var" / "published" / "simulated"
    assert len(list(published.glob("2025-*/current"))) == 6
    listed = fut("list", "--settings", settings, "--top", "100")
    assert listed.code == 0
    assert "juni\u00a02025" in listed.out
    opened = [line.strip() for line in said.out.split("Öppna:")[1].splitlines() if line.startswith("  ")]
    assert len(opened) >= 2
    assert all(Path(path).is_file() for path in opened)
