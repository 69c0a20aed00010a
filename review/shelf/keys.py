"""Small conversions between published values and what the shelf and the decisions database hold."""

import re
from decimal import ROUND_HALF_UP, Decimal

FORM = 4
"""The shelf's layout; raise it when that changes, and shelves of another form are made anew."""

_KRONOR = re.compile(r"[+-]?[0-9]{1,11}(\.[0-9]{1,2})?")
_ALPHABET = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "é": "e", "ü": "y", "w": "v"})


def sorting_key(text: str) -> str:
    """Return text that sorts bytewise as Swedish does: Å, Ä, Ö after Z, letters of either case alike."""
    return text.casefold().translate(_ALPHABET)


def ore(amount: str | Decimal | None) -> int | None:
    """Return kronor as whole öre."""
    return None if amount is None else int((Decimal(amount) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def typed_ore(text: str) -> int | None:
    """Return kronor as officers type them (`1 234,50 kr`) in öre, None when they cannot be read."""
    plain = re.sub(r"\s|kr\s*$", "", text).replace("\u2212", "-").replace(",", ".")
    return ore(plain) if _KRONOR.fullmatch(plain) else None


def sek(amount_ore: int | None) -> Decimal | None:
    """Return öre as kronor with two decimals."""
    return None if amount_ore is None else Decimal(amount_ore).scaleb(-2)
