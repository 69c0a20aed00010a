"""Commands an officer waits for load none of the heavy packages."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"dagster", "great_expectations", "pyod", "sklearn", "scipy", "pandas", "sqlalchemy"}


def loaded_after(*args: str) -> set[str]:
    """Return which heavy packages a new process has loaded after this call of `fut`."""
    script = (
        f"import sys\nfrom commands.main import main\nassert main({list(args)!r}) == 0\n"
        "print('loaded:', *{name.split('.')[0] for name in sys.modules})"
    )
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    return HEAVY & set(ended.stdout.rsplit("loaded:", 1)[1].split())


@pytest.mark.parametrize("args", [["--help"], ["indicators"], ["indicators", "SP01"]], ids=" ".join)
def test_light_without_a_run(args: list[str]) -> None:
    assert loaded_after(*args) == set()


@pytest.mark.parametrize("args", [["list"], ["explain", "1"], ["report"]], ids=" ".join)
def test_light_on_a_published_month(published: Path, args: list[str]) -> None:
    assert loaded_after(*args, "--settings", str(published)) == set()
