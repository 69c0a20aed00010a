"""Small simulations that several tests read."""

from pathlib import Path

import pytest

from simulation import Summary, simulate


@pytest.fixture(scope="session")
def hard(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    """A tiny municipality with errors and fraud, with dialect exports."""
    out = tmp_path_factory.mktemp("hard")
    return out, simulate(out, "tiny", seed=5, months=4, dialects=True)


@pytest.fixture(scope="session")
def honest(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    """A tiny municipality without errors or fraud, over both clock changes, a rule change and an index."""
    out = tmp_path_factory.mktemp("honest")
    return out, simulate(out, "tiny", seed=3, months=9, start_month="2025-08", honest_only=True, errors=False)
