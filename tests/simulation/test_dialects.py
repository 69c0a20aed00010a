"""The three exports hold the same visits as the canonical table, in the systems' own clothes."""

import polars as pl

from simulation.recompute import read

SYSTEMS = {
    "lock_system": ("besok_*.csv", "BesökID"),
    "tag_app": ("kvittenser_*.csv", "Besöksnr"),
    "planning": ("utfall_*.csv", "Besök"),
}


def lines(out, system):
    pattern, first = SYSTEMS[system]
    for path in sorted((out / "dialects" / system).glob(pattern)):
        for line in path.read_bytes().decode("cp1252").splitlines():
            yield first, line.split(";")


def test_every_visit_is_exported_once_by_its_providers_system(hard):
    out, _ = hard
    providers = read(out / "inbox", "providers")
    visits = read(out / "inbox", "visits")
    for system in SYSTEMS:
        mine = providers.filter(pl.col("system") == system)["provider_id"].to_list()
        wanted = visits.filter(pl.col("provider_id").is_in(mine))["visit_id"].to_list()
        found = [cells[0] for _, cells in lines(out, system) if cells[0].startswith("V2")]
        assert sorted(found) == sorted(wanted)
        assert found


def test_traps_are_there(hard):
    out, _ = hard
    lock, app, plan = ([cells for _, cells in lines(out, system)] for system in SYSTEMS)
    assert any(cells[0] == "Summa" for cells in lock)
    assert sum(cells[0] == "Totalt" for cells in plan) == 4
    assert sum(cells[0] == "Besök" for cells in plan) == 4  # a header per month
    assert any(cells[0].startswith("Månad: februari") for cells in plan)
    header = app[0]
    length = header.index("Utförd tid")
    texts = [cells[length] for cells in app[1:] if cells[length] and cells[0].startswith("V")]
    assert any("." in t for t in texts)
    assert any("," in cells[header.index("Avstånd in (m)")] for cells in app[1:])


def test_hh_mm_lengths_agree_with_the_visits(hard):
    out, _ = hard
    visits = read(out / "inbox", "visits").with_columns(
        m=(pl.col("actual_end") - pl.col("actual_start")).dt.total_minutes()
    )
    minutes = dict(visits.select("visit_id", "m").iter_rows())
    rows = [cells for _, cells in lines(out, "lock_system")]
    at = rows[0].index("Utförd tid")
    for cells in rows:
        if cells[0].startswith("V") and cells[at]:
            hours, rest = cells[at].split(":")
            assert int(hours) * 60 + int(rest) == minutes[cells[0]]
