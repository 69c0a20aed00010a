"""A picture at the two widths a page shows it at: one for a desk, one for a phone."""

from collections.abc import Callable
from typing import Any

from reporting.svg import NARROW, WIDE

Pair = tuple[str, str]


def both(draw: Callable[..., str], ident: str, *given: Any, **named: Any) -> Pair:
    """Return the picture that `draw` makes, wide and narrow; texts are drawn at the size they are read."""
    wide = draw(*given, **named, width=WIDE, ident=ident)
    return wide, draw(*given, **named, width=NARROW, ident=f"{ident}-smal")
