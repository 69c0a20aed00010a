"""Which modules an installation imports once, so that their bytecode is kept."""

import runpy
from pathlib import Path

WARM = Path(__file__).parents[1] / "requirements" / "warm.py"


def test_imports_at_the_top_and_inside_functions_are_found_and_relative_ones_are_not(tmp_path: Path) -> None:
    source = tmp_path / "unit.py"
    source.write_text("import a.b as c, d\nfrom e.f import g\nfrom . import h\n\ndef late():\n    import i\n", "utf-8")
    assert runpy.run_path(str(WARM))["imported"](source) == {"a.b", "d", "e.f", "i"}


def test_what_the_batch_imports_late_is_among_them() -> None:
    found = runpy.run_path(str(WARM))["imported"](WARM.parents[1] / "pipelines" / "expectations.py")
    assert {"great_expectations", "duckdb"} <= found
