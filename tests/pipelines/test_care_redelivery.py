"""Home care delivered twice, late or corrected: flags change in place and keep their identity, every krona is found."""

from pathlib import Path

import polars as pl
import pytest

from commands.explain_line import read_unlisted
from fut.settings import Municipality, Settings, Source
from fut.warehouse import open_warehouse
from pipelines import steps
from simulation import simulate

FLAGS = "SELECT flag_id, indicator, subject_id, value FROM out_flags WHERE indicator LIKE 'HC%' ORDER BY ALL"
LINES = "compensation_lines_2025-0{}.parquet"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings of the smallest municipality, three months of it."""
    folder = tmp_path_factory.mktemp("care")
    simulate(folder, "tiny", "hard", 3, 3)
    source = Source("municipality", "canonical", "*.parquet")
    return Settings(Municipality("tiny", "Tiny"), (source,), folder / "inbox", folder / "var", is_demo=True)


def flags(settings: Settings) -> dict[str, tuple[str, str, float]]:
    """Load what is new, build, flag every month; return the home-care flags by their id."""
    with open_warehouse(settings) as connection:
        steps.load_and_check(connection, settings)
        steps.build(connection, settings)
        steps.require_reconciled(connection)
        steps.flag(connection, settings, steps.known_months(connection))
        return {key: tuple(rest) for key, *rest in connection.execute(FLAGS).fetchall()}


def visits(folder: Path) -> Path:
    """Return the file of the second month's visits."""
    return folder / "visits_2025-02.parquet"


def test_a_corrected_month_changes_flags_in_place(made: Settings) -> None:
    before = flags(made)
    assert before
    assert flags(made) == before, "the same delivery again"
    whole = pl.read_parquet(visits(made.inbox))
    longer = (pl.col("actual_end") > pl.col("planned_end").dt.offset_by("45m")).fill_null(False)
    corrected = pl.when(longer).then(pl.col("planned_end")).otherwise(pl.col("actual_end"))
    whole.with_columns(actual_end=corrected).write_parquet(visits(made.inbox))
    after = flags(made)
    gone, kept = set(before) - set(after), set(before) & set(after)
    assert {before[key][0] for key in gone} >= {"HC05"}, "what the correction explains is no longer flagged"
    assert len(kept) > len(gone)
    assert all(before[key][:2] == after[key][:2] for key in kept)
    whole.write_parquet(visits(made.inbox))
    assert flags(made) == before, "the correction withdrawn"


def test_a_line_delivered_again_in_a_later_file_is_superseded_once(made: Settings) -> None:
    january, february = (made.inbox / LINES.format(month) for month in (1, 2))
    again = pl.read_parquet(january).head(7)
    later = pl.read_parquet(february)
    pl.concat([later, again]).write_parquet(february)
    flags(made)
    with open_warehouse(made) as connection:
        rows = connection.execute(
            "SELECT sum(rows_superseded), sum(sek_superseded), bool_and(adds_up) FROM reconciliation"
        ).fetchone()
        twice = connection.execute("SELECT count(*) - count(DISTINCT line_id) FROM core_compensation_lines").fetchone()
    later.write_parquet(february)
    assert rows == (7, again["amount_sek"].sum(), True)
    assert twice == (0,)


def test_any_line_is_recalculated_for_reading_whether_or_not_it_is_listed(made: Settings) -> None:
    flags(made)
    with open_warehouse(made) as connection:
        query = "SELECT line_id, sum(billable_minutes) FROM core_visit_pay WHERE line_id IS NOT NULL GROUP BY 1 ORDER BY 2 DESC"
        line, minutes = connection.execute(query).fetchone() or ("", 0)
    first, *visited = read_unlisted(made, line)
    assert (first["kind"], first["payment_id"], {row["kind"] for row in visited}) == ("line", line, {"visit"})
    assert sum(row["billable_minutes"] for row in visited) == minutes > 0
    assert read_unlisted(made, "no line") == []
