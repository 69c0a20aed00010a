"""The page of models says what the code does: every recipe and grain, which of them is used, and what it is not for."""

from pkgutil import iter_modules

import features
from models import DEFAULT, recipes
from models.described import sections
from models.evidence import MODEL


def test_every_recipe_and_grain_has_a_row() -> None:
    said = dict(sections())
    rows = said["Recipes"].splitlines()
    assert [name for name in recipes() if not any(row.startswith(f"| `{name}`") for row in rows)] == []
    assert [row for row in rows if row.startswith(f"| `{DEFAULT}`, the default")]
    grains = {info.name.replace("_", " ") for info in iter_modules(features.__path__)} - {"peers", "year to date"}
    assert {row.split(" | ")[0].strip("| ") for row in said["Grains"].splitlines()[2:] if row.startswith("|")} == grains


def test_what_the_model_is_not_for_is_said() -> None:
    said = dict(sections())[f"{MODEL.code}: {MODEL.title.en}"]
    assert all(text in said for text in MODEL.not_for)
