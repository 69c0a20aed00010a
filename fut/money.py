"""Amounts as ledgers write them: one grammar, read in Python and in DuckDB with the same result.

Accepted: one sign before or after (any kind of minus) or parentheses for negative, a currency before or
after, digits in groups of three with one thousands sign throughout, decimals. Where the other point sign can
only be a decimal one (`1,234.50` and `1234.5` under decimal comma) it is read so; where it may be either,
`1.234` follows the dialect and `1234.567` is refused.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from fut.errors import ConfigError

LIMIT = Decimal(10) ** 12
"""Amounts rounded to two decimals stay below this: DECIMAL(14,2)."""

_CENT = Decimal("0.01")
_SPACES = " \u00a0\u2007\u2009\u202f"
_APOSTROPHES = "'’ʼ"
_MINUS = "[-‐‑‒–—−﹣-]"
_SPACE = f"[{_SPACES}]*"
_EDGE = f"[{_SPACES}\t\r\n\ufeff]*"
_CURRENCY = "(?:[kK][rR]|[sS][eE][kK]|[gG][bB][pP]|[eE][uU][rR]|£|€)"
_WHOLE_KRONOR = ":-"
_NEGATIVE = rf"{_MINUS}|\("
_SCIENTIFIC = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)?[eE][-+]?[0-9]+")


class AmountError(ValueError):
    """An amount that cannot be read; `reason` is missing, scientific, form or range. Never holds the text."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"amount cannot be read: {reason}")
        self.reason = reason


def parse_amount(text: str | None, decimal: str = ",", thousands: str = " .\u00a0") -> Decimal:
    """Return the amount in `text`, exact, with the decimals as written; raises AmountError.

    Scientific notation is refused, for Excel has dropped digits, and so is what rounds to 10^12 or more.
    `decimal` is "," or "."; `thousands` holds every sign that may group digits (ConfigError for others).
    """
    cell = (text or "").strip(_SPACES + "\t\r\n\ufeff")
    grammar = _grammar(decimal, thousands)
    if not cell:
        raise AmountError("missing")
    for point, pattern in grammar:
        if re.fullmatch(pattern, cell):
            amount = Decimal(re.sub(f"[^0-9{point}]", "", cell).replace(point, "."))
            if amount >= LIMIT or amount.quantize(_CENT, ROUND_HALF_UP) >= LIMIT:
                raise AmountError("range")
            return amount.copy_negate() if re.search(_NEGATIVE, cell.replace(_WHOLE_KRONOR, "")) else amount
    raise AmountError("scientific" if _SCIENTIFIC.fullmatch(cell) else "form")


def sql_amount(column: str, decimal: str = ",", thousands: str = " .\u00a0") -> str:
    """Return a DuckDB expression of type DECIMAL(14,2) over VARCHAR `column` (SQL, already quoted).

    It equals `parse_amount` rounded half away from zero to two decimals, and is NULL where that raises.
    """
    bare = f"replace({column}, '{_WHOLE_KRONOR}', '')"
    sign = f"CASE WHEN regexp_matches({bare}, '{_NEGATIVE}') THEN '-' ELSE '' END"
    plain = f"-?[0-9]{{1,12}}(?:[{decimal}][0-9]{{1,2}})?"
    cases = [f"WHEN regexp_full_match({column}, '{plain}') THEN replace({column}, '{decimal}', '.')"]
    for point, pattern in _grammar(decimal, thousands):
        digits = f"replace(regexp_replace({column}, '[^0-9{point}]+', '', 'g'), '{point}', '.')"
        whole = f"{_EDGE}{pattern}{_EDGE}".replace("'", "''")
        cases.append(f"WHEN regexp_full_match({column}, '{whole}') THEN {sign} || {digits}")
    return f"TRY_CAST(CASE {' '.join(cases)} END AS DECIMAL(14,2))"


@lru_cache
def _grammar(decimal: str, thousands: str) -> tuple[tuple[str, str], ...]:
    """Return (decimal sign, pattern of a stripped cell) pairs, the dialect's own sign first.

    Patterns mean the same to Python's `re` and to RE2, so they name every character: no shorthand classes.
    """
    if decimal not in (",", "."):
        raise ConfigError(f"decimal sign must be ',' or '.', not {decimal!r}")
    other = "." if decimal == "," else ","
    families = [family for family in (_SPACES, _APOSTROPHES, other) if set(family) & set(thousands)]
    if odd := sorted(set(thousands) - set(_SPACES + _APOSTROPHES + ".,")):
        raise ConfigError(f"thousands sign {odd[0]!r} is not a space, apostrophe, '.' or ','")

    def grouped(family: str) -> str:
        return f"[1-9][0-9]{{0,2}}(?:[{family}][0-9]{{3}})+"

    def whole(allowed: list[str]) -> str:
        return f"(?:{'|'.join(['[0-9]+', *map(grouped, allowed)])})"

    own = f"(?:{whole(families)}(?:[{decimal}][0-9]+)?|[{decimal}][0-9]+)"
    patterns = [(decimal, _cell(own))]
    if other in families:
        short = f"{whole(families[:-1])}[{other}](?:[0-9]{{1,2}}|[0-9]{{4,}})"
        small = f"0?[{other}][0-9]+"
        mixed = f"{grouped(decimal)}[{other}][0-9]+"
        patterns.append((other, _cell(f"(?:{short}|{small}|{mixed})")))
    return tuple(patterns)


def _cell(body: str) -> str:
    before, after = f"(?:{_CURRENCY}{_SPACE})?", f"(?:{_SPACE}(?:{_CURRENCY}|{_WHOLE_KRONOR}))?"
    sign = f"(?:{_MINUS}|[+]){_SPACE}"
    signed = f"(?:{sign}{before}|{before}(?:{sign})?){body}{after}"
    trailing = f"{before}{body}{_SPACE}{_MINUS}(?:{_SPACE}{_CURRENCY})?"
    bracketed = rf"{before}\({_SPACE}{before}{body}{after}{_SPACE}\)(?:{_SPACE}{_CURRENCY})?"
    return f"(?:{signed}|{trailing}|{bracketed})"
