"""Ten officers fight over the same payments while the server is killed: nothing accepted is lost, nothing decided twice.

`python -m tests.review.fighting` is the same with 1,000 acts of each officer.
"""

import pytest

from tests.review.conftest import publish
from tests.review.fighting import ACTS, KILLS, MONTH, OFFICERS, PAYMENTS, fight
from tests.review.postgres import server

TRIES = 40


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A published month of 200 payments."""
    var = tmp_path_factory.mktemp("fight")
    publish(var, MONTH, listed=PAYMENTS, control=0)
    return var


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The address of an empty decisions database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'fight.sqlite'}"
    else:
        with server() as address:
            yield address


def test_no_accepted_decision_is_lost_and_none_is_made_twice(url, many):
    outcome = fight(url, many, TRIES)
    assert outcome.faults == []
    assert outcome.answers[303] + outcome.answers[409] >= OFFICERS * TRIES
    assert outcome.answers[409] > 0
    assert outcome.kills == KILLS
    assert all(outcome.kinds[kind] for kind in ACTS), outcome.kinds
