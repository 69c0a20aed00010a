"""What a municipality's settings say of indicators is judged before anything is loaded."""

from pathlib import Path
from typing import Any

import pytest

from fut.errors import ConfigError
from fut.settings import Municipality, Settings
from pipelines.steps import active_library


def settings(**said: Any) -> Settings:
    return Settings(Municipality("m", "M"), (), Path("inbox"), Path("var"), **said)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"indicators": {"SP0": {}}}, "no indicator 'SP0', did you mean"),
        ({"switched_off": ("SP99",)}, "no indicator 'SP99', did you mean"),
        ({"indicators": {"SP02": {"far_flor_sek": 1}}}, "no parameter 'far_flor_sek', did you mean 'far_floor_sek'?"),
        (
            {"indicators": {"SP02": {"far_floor_sek": "abc"}}},
            "indicator SP02: parameter 'far_floor_sek' is not a number",
        ),
        ({"indicators": {"SP02": {"far_floor_sek": True}}}, "parameter 'far_floor_sek' is not a number or text"),
        ({"indicators": {"SP37": {"generic_words": 1}}}, "indicator SP37: parameter 'generic_words' is not text"),
    ],
)
def test_a_code_or_parameter_that_cannot_be_is_named(said: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        active_library(settings(**said))
    assert told in str(caught.value)


def test_an_indicator_is_switched_off_and_another_given_its_own_threshold() -> None:
    active = active_library(settings(switched_off=("SP01",), indicators={"SP02": {"far_floor_sek": 400}}))
    assert "SP01" not in active
    assert "SP02" in active
