"""One invented published run for all tests of the reports."""

import pytest

from reporting.model import load_snapshot
from tests.reporting.sample import write_sample


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A published run `<municipality>/<month>/<run>/`."""
    return write_sample(
        tmp_path_factory.mktemp("published") / "bjorklunda" / "2026-10" / "r-5f2c91", listed=9, control=2
    )


@pytest.fixture(scope="session")
def snapshot(folder):
    """The run as records."""
    return load_snapshot(folder)
