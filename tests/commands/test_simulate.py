"""`fut simulate` writes a delivery, the truth beside it, and settings that run it."""

from collections.abc import Callable
from pathlib import Path

from fut.settings import load_settings
from tests.commands.conftest import Said


def test_writes_a_delivery_and_settings_that_read_it(fut: Callable[..., Said], tmp_path: Path) -> None:
    out = tmp_path / "kommun"
    said = fut("simulate", out, "--preset", "tiny", "--months", "1", "--seed", "3")
    assert said.code == 0
    settings = load_settings(out / "municipality.yaml")
    assert settings.seed == 3
    assert (settings.inbox / "visits_2025-01.parquet").is_file()
    assert (out / "truth" / "truth_labels.parquet").is_file()
    assert not list(settings.inbox.glob("truth*"))
    assert settings.areas == (out / "areas.geojson").resolve()
    assert settings.areas.is_file()


def test_where_the_map_lies_is_no_part_of_a_run(tmp_path: Path) -> None:
    told = "municipality: {id: a, name: A}\nsources: []\n"
    (tmp_path / "a.yaml").write_text(told, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(told + "areas: maps/areas.geojson\n", encoding="utf-8")
    without, with_map = load_settings(tmp_path / "a.yaml"), load_settings(tmp_path / "b.yaml")
    assert without.areas is None
    assert with_map.areas == (tmp_path / "maps" / "areas.geojson").resolve()
    assert without.digest() == with_map.digest()


def test_names_the_nearest_preset(fut: Callable[..., Said], tmp_path: Path) -> None:
    said = fut("simulate", tmp_path / "kommun", "--preset", "smal")
    assert said.code == 2
    assert "small" in said.err
