"""Red flags, one file each, in a folder per risk area; a new file is found by itself."""

from functools import cache

from fut.indicator import Indicator, collect


@cache
def library() -> dict[str, Indicator]:
    """Return every indicator by code."""
    return collect(__name__)
