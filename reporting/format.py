"""The one formatter for numbers and dates that officers see, in Swedish.

Every list, page, picture and text alternative uses it, so that "4,3 %" is never "4.3 %" elsewhere.
Thousands are parted by a no-break space, a negative number has a true minus sign, decimals follow a comma.
Rounding is half away from zero. A missing value is an en dash.
"""

import datetime as dt
import math
import re
from decimal import ROUND_HALF_UP, Decimal

NBSP = "\u00a0"
MINUS = "\u2212"
MISSING = "–"
CURRENCY_SIGNS = {"SEK": "kr", "GBP": "£", "EUR": "€", "NOK": "nkr", "DKK": "dkr"}
MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
STEPS = tuple(Decimal(1).scaleb(-decimals) for decimals in range(7))

RATIOS = {"log2 ratio": 2.0, "log ratio": math.e}
SCALES = ("standard deviations", *RATIOS)

Number = Decimal | int | float


def _decimal(value: Number) -> Decimal:
    if isinstance(value, float):
        return Decimal(repr(value))
    return Decimal(value)


def _grouped(value: Decimal, decimals: int) -> str:
    rounded = value.quantize(STEPS[decimals], rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{decimals}f}".replace(",", NBSP).replace(".", ",")
    return (MINUS if rounded < 0 else "") + text


def number(value: Number | None, decimals: int | None = 0) -> str:
    """Return `1 234 567`, or `2,75` with decimals; `decimals=None` keeps those it has, at most six."""
    if value is None:
        return MISSING
    exact = _decimal(value)
    if not exact.is_finite():
        return MISSING
    if decimals is None:
        exact = round(exact, 6).normalize()
        decimals = max(0, -int(exact.as_tuple().exponent))
    return _grouped(exact, decimals)


def currency_sign(currency: str = "SEK") -> str:
    """Return the sign written after an amount: `kr`, `£`, `€`, else the code itself."""
    return CURRENCY_SIGNS.get(currency, currency)


def kr(amount: Decimal | int | None, currency: str = "SEK", ore: bool = False) -> str:
    """Return an amount as `1 234 567 kr`, or `1 234 567,89 kr` when `ore` (the smallest unit) is asked for.

    Raises TypeError for a float: money is decimal or whole.
    """
    if isinstance(amount, float):
        raise TypeError("money is Decimal or int, never float")
    if amount is None:
        return MISSING
    return f"{_grouped(Decimal(amount), 2 if ore else 0)}{NBSP}{currency_sign(currency)}"


def kr_short(amount: Number | None, currency: str = "SEK") -> str:
    """Return an amount for an axis or a bar: `950 kr`, `12 tkr`, `1,2 Mkr`, `3,4 mdkr` (`12 t£`)."""
    if amount is None:
        return MISSING
    exact, sign = _decimal(amount), currency_sign(currency)
    for limit, unit, prefix in ((999_500_000, 10**9, "md"), (999_500, 10**6, "M"), (9_999.5, 1000, "t")):
        if abs(exact) >= Decimal(repr(limit)):
            scaled = exact / unit
            decimals = 1 if abs(scaled) < 10 and unit > 1000 and round(scaled, 1) != round(scaled) else 0
            return f"{_grouped(scaled, decimals)}{NBSP}{prefix}{sign}"
    return f"{_grouped(exact, 0)}{NBSP}{sign}"


def share(value: Number | None, decimals: int | None = 1) -> str:
    """Return a fraction (0.043) as `4,3 %`, with None decimals as it stands.

    A share between 0 and 1 is never rounded to none or to all.
    """
    if value is None:
        return MISSING
    percent = _decimal(value) * 100
    if not percent.is_finite():
        return MISSING
    if decimals is None:
        return f"{number(percent, None)}{NBSP}%"
    step = Decimal(1).scaleb(-decimals)
    if 0 < percent < step / 2:
        return f"<{NBSP}{_grouped(step, decimals)}{NBSP}%"
    if 100 - step / 2 <= percent < 100:
        return f">{NBSP}{_grouped(100 - step, decimals)}{NBSP}%"
    return f"{_grouped(percent, decimals)}{NBSP}%"


def hours(minutes: Number | None) -> str:
    """Return whole minutes as `2 tim 45 min`, `45 min` or `2 tim`."""
    if minutes is None:
        return MISSING
    whole = int(_decimal(minutes).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    hour, minute = divmod(abs(whole), 60)
    parts = ([f"{_grouped(Decimal(hour), 0)}{NBSP}tim"] if hour else []) + (
        [f"{minute}{NBSP}min"] if minute or not hour else []
    )
    return (MINUS if whole < 0 else "") + NBSP.join(parts)


def hours_decimal(minutes: Number | None) -> str:
    """Return minutes as decimal hours, `2,75 h`."""
    return MISSING if minutes is None else f"{_grouped(_decimal(minutes) / 60, 2)}{NBSP}h"


def date(value: dt.date | dt.datetime | str | None) -> str:
    """Return a date as `2026-11-22`; text is taken to be ISO already."""
    if value is None or value == "":
        return MISSING
    return value[:10] if isinstance(value, str) else value.strftime("%Y-%m-%d")


def weekday(value: dt.date) -> str:
    """Return a date with the name of its day, as `lördag 2026-11-21`."""
    return f"{WEEKDAYS[value.weekday()]} {date(value)}"


def timestamp(value: dt.datetime | str | None) -> str:
    """Return a local timestamp as `2026-11-22 14:05`, with seconds only when they are not zero."""
    if value is None or value == "":
        return MISSING
    text = value.replace("T", " ")[:19] if isinstance(value, str) else value.strftime("%Y-%m-%d %H:%M:%S")
    return text[:16] if text.endswith(":00") and len(text) == 19 else text


def month(value: dt.date | str | None) -> str:
    """Return a month as `2026-10`."""
    return date(value)[:7]


def month_name(value: dt.date | str | None) -> str:
    """Return a month for a heading, `oktober 2026`."""
    short = month(value)
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", short):
        return short
    return f"{MONTHS[int(short[5:]) - 1]}{NBSP}{short[:4]}"


def yes_no(value: bool | None) -> str:
    """Return `Ja`, `Nej` or an en dash."""
    return MISSING if value is None else ("Ja" if value else "Nej")


def plural(count: int, one: str, many: str) -> str:
    """Return `1 betalning` or `12 betalningar`."""
    return f"{number(count)}{NBSP}{one if count == 1 else many}"


def by_name(column: str, value: object, currency: str = "SEK") -> str:
    """Return a cell of an evidence row, formatted by what its column name says (`_sek`, `_minutes` ...).

    Text that is not a number where one is expected is returned as it stands.
    """
    if value is None or value == "":
        return MISSING
    if isinstance(value, bool) or (column.startswith(("is_", "has_")) and value in ("true", "false", 0, 1)):
        return yes_no(value in (True, "true", 1))
    if column.endswith("_at") and isinstance(value, dt.datetime | str):
        return timestamp(value)
    if isinstance(value, dt.datetime):
        return timestamp(value)
    if isinstance(value, dt.date):
        return date(value)
    if isinstance(value, list | tuple):
        return ", ".join(by_name(column, item, currency) for item in value)
    if column.endswith(("_no", "_id", "_ref", "_code", "_line", "ocr", "year")):
        return str(value)
    exact = _parsed(column, value)
    if exact is None:
        return str(value)
    if column.endswith("_sek"):
        return kr(exact, currency, ore=exact != exact.to_integral_value())
    if column.endswith("_minutes") or column == "minutes":
        return hours(exact)
    if column.endswith("_share") or column == "share":
        return share(exact)
    return number(exact, None)


def by_unit(unit: str, value: float | None) -> str:
    """Return a feature's value as its unit asks: a share in percent, a log ratio as times, minutes as hours."""
    if value is None:
        return MISSING
    if unit == "share":
        return share(value)
    if unit in ("hours", "minutes"):
        return hours(value * 60 if unit == "hours" else value)
    if unit == "yes or no":
        return yes_no(value > 0)
    if unit in RATIOS:
        value = RATIOS[unit] ** max(-30.0, min(30.0, value))
    decimals = {"per day": 3, "log ratio": 2} | dict.fromkeys(("standard deviations", "log2 ratio"), 1)
    return number(value, decimals.get(unit))


def _parsed(column: str, value: object) -> Decimal | None:
    if isinstance(value, int | float | Decimal):
        return _decimal(value)
    is_measure = column.endswith(("_sek", "_minutes", "_share")) or column in ("minutes", "share")
    if is_measure and isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return Decimal(value)
    return None
