"""Kronor as officers type them: read to the öre, or refused; a point before three digits is never a decimal point."""

import pytest

from review.shelf.keys import typed_ore


@pytest.mark.parametrize(
    ("typed", "ore"),
    [
        ("1 234,50 kr", 123450), ("1\u00a0234\u202f567", 123456700), ("1234.5", 123450), (" \u2212100 ", -10000), ("+7kr", 700),
        ("1.500", None), ("1.250,50", None), ("1,005", None), ("1e3", None), ("kr", None), ("", None), ("12 kr 50", None),
    ],
)  # fmt: skip
def test_kronor_as_they_are_typed(typed: str, ore: int | None) -> None:
    assert typed_ore(typed) == ore
