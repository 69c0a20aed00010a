"""The exports of three visit systems hold what the canonical visits of the same providers hold, cell by cell."""

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import simulation
from fut.dialect import dialect
from fut.settings import Source
from tests.fut.inbox_tools import Inbox

SYSTEMS = {"visits-lock": "lock_system", "visits-tag": "tag_app", "visits-planning": "planning"}
TOTALS = {"visits-lock": 8, "visits-tag": 0, "visits-planning": 8}
MONTHS = 8


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny municipality over a July, with the exports of three systems."""
    out = tmp_path_factory.mktemp("exported")
    simulation.simulate(out, "tiny", "hard", 1, months=MONTHS, dialects=True)
    return out


@pytest.mark.parametrize("name", SYSTEMS)
def test_an_export_says_what_the_canonical_visits_say(
    name: str, exported: Path, make_inbox: Callable[[str], Inbox]
) -> None:
    inbox = make_inbox(name)
    files = sorted((exported / "dialects" / SYSTEMS[name]).iterdir())
    for path in [*files, *(exported / "inbox").glob("visits_*.parquet")]:
        shutil.copy(path, inbox.folder / path.name)
    inbox.settings = dataclasses.replace(
        inbox.settings,
        sources=(
            Source("system", name, files[0].name[:4] + "*", "care"),
            Source("plain", "canonical", "visits*", "care"),
        ),
    )
    inbox.load()
    columns = ", ".join(sorted((set(dialect(name).columns) - dialect(name).helpers) & _exported(inbox)))
    mine = f"SELECT {columns} FROM raw_visits WHERE _source = 'system'"
    wanted = (
        f"SELECT {columns} FROM raw_visits WHERE _source = 'plain' AND provider_id IN (SELECT provider_id FROM "
        "raw_visits WHERE _source = 'system')"
    )
    ((rows,),) = inbox.rows(f"SELECT count(*) FROM ({mine})")
    assert rows == inbox.rows(f"SELECT count(*) FROM ({wanted})")[0][0] > 1000
    for column in columns.split(", "):
        differing = inbox.rows(
            f"SELECT count(*) FROM (SELECT visit_id, {column} FROM ({mine}) EXCEPT ALL SELECT visit_id, {column} FROM "
            f"({wanted}))"
        )
        assert differing == [(0,)], column
    assert inbox.rows("SELECT sum(total_rows)::INT, sum(rows_in - total_rows)::INT FROM deliveries WHERE source = "
                      "'system'") == [(TOTALS[name], rows)]  # fmt: skip
    assert inbox.rows("SELECT DISTINCT unknown_headers FROM deliveries WHERE source = 'system'") == [([],)]
    bad = inbox.rows("SELECT rule, count(*) FROM quarantine WHERE source = 'system' AND severity = 'error' GROUP BY 1")
    assert bad == []


def _exported(inbox: Inbox) -> set[str]:
    ((given,),) = inbox.rows("SELECT list_distinct(flatten(list(columns))) FROM deliveries WHERE source = 'system'")
    return set(given)
