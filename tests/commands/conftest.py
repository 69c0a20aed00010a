"""A municipality whose published month is invented, and a way to call `fut` as a person does."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from commands.main import main
from tests.reporting.sample import MONTH, write_sample

SETTINGS = """
municipality: {id: bjorklunda, name: Björklunda}
is_demo: true
sources:
  - {name: ledger, dialect: devon, files: "DCC*"}
"""


@dataclass
class Said:
    """What a call of `fut` said and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Return the settings of a municipality with nothing published."""
    path = tmp_path / "municipality.yaml"
    path.write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "inbox").mkdir()
    return path


@pytest.fixture
def published(settings: Path) -> Path:
    """Return the settings of a municipality with one month published: nine listed payments, two drawn by lot."""
    month = settings.parent / "var/published/bjorklunda" / MONTH
    write_sample(month / "r-5f2c91", listed=9, control=2)
    (month / "current").write_text("r-5f2c91\n", encoding="utf-8")
    (month.parent / "latest").write_text(f"{MONTH}\n", encoding="utf-8")
    return settings


@pytest.fixture
def fut(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Said]:
    """Return a function that calls `fut` in this process, from an empty folder and without FUT_SETTINGS."""
    monkeypatch.delenv("FUT_SETTINGS", raising=False)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    def call(*args: object) -> Said:
        code = main([str(arg) for arg in args])
        told = capsys.readouterr()
        return Said(code, told.out, told.err)

    return call
