"""A run's settings are told in Swedish, by the name that stands where each is defined."""

import pytest

from fut.settings import Capacity, Municipality, Settings, name_sv
from reporting.model import Indicator
from reporting.settings_rows import settings_rows

KNOWN = {"SP02": Indicator("SP02", "Samma belopp igen")}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({"capacity": {"control_share": 0.15}}, ("Andel av tiden som går till slumpurvalet", "15\xa0%")),
        ({"capacity": {"likely_probability": 0.3}}, ("Sannolikhet för fel som sätter en betalning först", "30\xa0%")),
        ({"capacity": {"hours_per_month": 40.0}}, ("Timmar för granskning per månad", "40")),
        ({"municipality": {"name": "Prov"}}, ("Kommun", "Prov")),
        ({"switched_off": []}, ("Avstängda indikatorer", "–")),
        ({"switched_off": ["SP01", "SP02"]}, ("Avstängda indikatorer", "SP01, SP02")),
        ({"seed": 7}, ("Slumpfrö", "7")),
        ({"digest": "ab"}, ("Inställningarnas kontrollsumma", "ab")),
        ({"indicators": {"SP02": {"floor_sek": 5000}}}, ("SP02 Samma belopp igen: floor_sek", "5\xa0000\xa0kr")),
        ({"indicators": {"ZZ99": {"days": [1, 2]}}}, ("ZZ99: days", "1, 2")),
        ({"is_old": True}, ("is_old", "Ja")),  # a manifest of another version is shown all the same
        ({"capacity": {"gone": {"deep": 1}}}, ("capacity.gone.deep", "1")),
    ],
)
def test_a_setting_has_its_name_and_value(said, shown):
    assert settings_rows(said, KNOWN) == (shown,)


def test_every_setting_that_a_manifest_states_is_named():
    """`vars(Capacity)` goes into the manifest whole, so that a new field comes into the report by itself."""
    settings = Settings(Municipality("prov", "Prov"), (), ".", ".")  # ty: ignore[invalid-argument-type]
    stated = [f"capacity.{name}" for name in vars(Capacity())]
    stated += ["municipality.id", "municipality.name", "currency", "switched_off", "seed"]
    assert [name for name in stated if name_sv(name) == name] == []
    assert {name.split(".")[0] for name in stated} <= vars(settings).keys()
