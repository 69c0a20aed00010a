"""Swedish organisation and personal identity numbers: read, judge, repair.

Pure functions over one string. `problem` says what is wrong and is None exactly when the number is valid;
`repair` says what had to be undone to read it ("form" or "excel"). No number appears in a repr or an error.
Rules: Skatteverket SKV 709 (organisation numbers), SKV 704 and SKV 707 (personal and coordination numbers).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

GROUPS = {
    "1": "estate",
    "2": "state",
    "3": "foreign",
    "5": "limited",
    "6": "simple",
    "7": "economic",
    "8": "nonprofit",
    "9": "partnership",
}
"""First digit of an organisation number: the group of legal forms it belongs to."""

NEWEST_BIRTH_YEAR = 2025
"""Last birth year a ten-digit number without '+' can mean. A fixed year, not the clock: one number must mean
the same person in every run."""

_NEWEST_WITH_PLUS = 1964  # '+' means at least 100 years old: 1865-1964 holds everybody until 2064
_DOUBLED = str.maketrans("0123456789", "0246813579")
_CENTURIES = ("18", "19", "20")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_SPACES = " \t\r\n\u00a0\u2007\u2009\u202f\ufeff'\""
_TIDY = str.maketrans(dict.fromkeys("‐‑‒–—−﹣-", "-") | dict.fromkeys(_SPACES))
_ORG_PLAIN = re.compile(r"([0-9]{6})(-?)([0-9]{4})")
_LABEL = re.compile(r"^(?:ORG|PERS)(?:ANISATIONS|ON)?[.-]?(?:NUMMER|NR)?[.:]*(?=[0-9S])")
_SCIENTIFIC = re.compile(r"([0-9])(?:[.,]([0-9]+))?E\+?([0-9]{1,2})")
_DECIMAL_TAIL = re.compile(r"([0-9]+)[.,]0*")
_VAT = re.compile(r"SE([0-9]{6}-?[0-9]{4})(?:-?(?!00)[0-9]{2})?")
_FOREIGN = re.compile(
    r"(?:AT|BE|BG|CH|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|GR|HR|HU|IE|IS|IT|LT|LU|LV|MT|NL|NO|PL|PT|RO|SI|SK|XI)"
    r"(?=(?:[^0-9]*[0-9]){5})[0-9A-Z-]{7,14}"
)
_MASK = re.compile(r"(?=.*[X*#•]{3})[0-9]*[-+]?[0-9X*#•]*[-+]?[0-9X*#•]*")
_MASK_WORDS = frozenset({"ANONYM", "GDPR", "MASKERAD", "PERSONNUMMER", "PRIVATPERSON", "SEKRETESS", "SKYDDAD"})
_MISSING_WORDS = frozenset({"N/A", "#N/A", "NA", "NAN", "NONE", "NULL", "SAKNAS", "OKÄND"})


def luhn_check_digit(digits: str) -> str:
    """Return the digit that completes `digits` (ASCII digits, at least one) under Luhn modulus 10."""
    return str(-_luhn_sum(digits + "0") % 10)


def luhn_ok(digits: str) -> bool:
    """Tell whether the last of `digits` is the Luhn check digit of the others; False for anything else."""
    return len(digits) > 1 and digits.isascii() and digits.isdigit() and _luhn_sum(digits) % 10 == 0


def _luhn_sum(digits: str) -> int:
    return sum(map(int, digits[::-2])) + sum(map(int, digits[-2::-2].translate(_DOUBLED)))


@dataclass(frozen=True, slots=True)
class OrgNo:
    """One organisation number as read.

    `normal` is `NNNNNN-NNNN` or None when the digits cannot be known; a wrong check digit keeps it. `kind`:
    legal_entity, personal or coordination (a sole trader), foreign (group 3, or another country's form) or
    unknown. `group`: a value of `GROUPS`, or None for every other kind of number.
    `problem`: None, check_digit, third_digit, group, date, length, characters, missing, placeholder, masked,
    excel (digits lost, or only readable by assuming a lost zero), not_swedish.
    """

    normal: str | None = field(repr=False)
    kind: str
    group: str | None
    problem: str | None
    repair: str | None = None

    @property
    def is_valid(self) -> bool:
        """A complete Swedish number that passes every check."""
        return self.problem is None


@dataclass(frozen=True, slots=True)
class PersonalNo:
    """One personal or coordination number as read: `normal` is `YYYYMMDDNNNN` (day + 60 kept) or None.

    `kind`: personal, coordination or None. `problem`: None, check_digit, date, length, characters, missing,
    placeholder, masked, excel, not_swedish.
    """

    normal: str | None = field(repr=False)
    kind: str | None
    problem: str | None
    repair: str | None = None

    @property
    def is_valid(self) -> bool:
        """A real date and a right check digit."""
        return self.problem is None


def parse_org_no(text: str | None) -> OrgNo:
    """Read an organisation number in any form ledgers use: dashes, spaces, prefix 16, VAT, Excel damage."""
    if text and (plain := _ORG_PLAIN.fullmatch(text)):
        return _org_no(plain[1] + plain[3], "", None if plain[2] else "form")
    digits, sign, repair, problem = _read(text)
    if problem:
        return OrgNo(None, "foreign" if problem == "not_swedish" else "unknown", None, problem)
    return _org_no(digits, sign, repair)


def _org_no(digits: str, sign: str, repair: str | None) -> OrgNo:
    if len(digits) == 12:
        repair = repair or "form"
        if digits[:2] == "16":
            digits = digits[2:]
            if digits[2] < "2":
                return OrgNo(None, "unknown", None, "third_digit", repair)
        elif not _birth(digits, sign, NEWEST_BIRTH_YEAR)[0]:
            if not (digits.endswith("01") and luhn_ok(digits[:10])):
                problem = "date" if digits[:2] in _CENTURIES else "length"
                return OrgNo(None, "unknown", None, problem, repair)
            digits = digits[:10]
    if len(digits) == 10 and digits[2] >= "2":
        return _legal_entity(digits, repair)
    person = _personal_no(digits, sign, repair, NEWEST_BIRTH_YEAR, shortest=9)
    if person.normal is None:
        third = len(digits) == 10 and person.problem == "date"
        return OrgNo(None, "unknown", None, "third_digit" if third else person.problem, repair)
    normal = f"{person.normal[2:8]}-{person.normal[8:]}"
    return OrgNo(normal, person.kind or "unknown", None, person.problem, person.repair)


def _legal_entity(digits: str, repair: str | None) -> OrgNo:
    if digits == digits[0] * 10:
        return OrgNo(None, "unknown", None, "placeholder", repair)
    group = GROUPS.get(digits[0])
    kind = "unknown" if group is None else "foreign" if group == "foreign" else "legal_entity"
    problem = "check_digit" if _luhn_sum(digits) % 10 else "group" if group is None else None
    return OrgNo(f"{digits[:6]}-{digits[6:]}", kind, group, problem, repair)


def parse_personal_no(text: str | None, newest_birth_year: int = NEWEST_BIRTH_YEAR) -> PersonalNo:
    """Read a personal or coordination number of 10 or 12 digits, with '-', '+' or nothing in between.

    Ten digits mean the latest birth year up to `newest_birth_year`; with '+' the latest up to 1964.
    """
    digits, sign, repair, problem = _read(text)
    if problem:
        return PersonalNo(None, None, problem)
    return _personal_no(digits, sign, repair, newest_birth_year, shortest=7)


def _personal_no(digits: str, sign: str, repair: str | None, newest: int, shortest: int) -> PersonalNo:
    if digits == digits[:1] * len(digits):
        return PersonalNo(None, None, "placeholder", repair)
    if shortest <= len(digits) < 10:  # born 2000-2009 and stored as a number: likely, not certain
        padded = digits.zfill(10)
        year, kind = _birth(padded, sign, newest)
        if year and luhn_ok(padded):
            return PersonalNo(f"{year}{padded[2:]}", kind, "excel", "excel")
    if len(digits) not in (10, 12):
        return PersonalNo(None, None, "length", repair)
    year, kind = _birth(digits, sign, newest)
    if not year:
        return PersonalNo(None, None, "date", repair)
    problem = "check_digit" if _luhn_sum(digits[-10:]) % 10 else None
    return PersonalNo(f"{year}{digits[-8:]}", kind, problem, repair)


def _birth(digits: str, sign: str, newest: int) -> tuple[int, str | None]:
    """Return birth year and kind of 10 or 12 digits, or (0, None) when they hold no real date."""
    year, month, day = int(digits[-10:-8]), int(digits[-8:-6]), int(digits[-6:-4])
    if len(digits) == 12:
        if digits[:2] not in _CENTURIES:
            return 0, None
        year = int(digits[:4])
    else:
        last = _NEWEST_WITH_PLUS if sign == "+" else newest
        year = last - (last - year) % 100
    kind = "coordination" if day > 60 else "personal"
    day -= 60 * (day > 60)
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS[month - 1]:
        return 0, None
    if (month, day) == (2, 29) and (year % 4 or (year % 100 == 0 and year % 400)):
        return 0, None
    return year, kind


def _read(text: str | None) -> tuple[str, str, str | None, str | None]:
    """Return (digits, sign, repair, problem); sign is '+' or '', digits are empty when there is a problem."""
    tidy = (text or "").translate(_TIDY).upper()
    if not tidy.strip("-.") or tidy in _MISSING_WORDS:
        return "", "", None, "missing"
    label = _LABEL.sub("", tidy)
    sign = "+" if "+" in label else ""
    bare = label.replace("-", "").replace("+", "", 1)
    if bare.isascii() and bare.isdigit():
        return bare, sign, None if label == text else "form", None
    if vat := _VAT.fullmatch(label):
        return vat[1].replace("-", ""), "", "form", None
    if number := _SCIENTIFIC.fullmatch(label):
        digits = number[1] + (number[2] or "")
        whole = len(digits) == int(number[3]) + 1
        return (digits, "", "excel", None) if whole else ("", "", None, "excel")
    if number := _DECIMAL_TAIL.fullmatch(label):
        return number[1], "", "excel", None
    if _MASK.fullmatch(tidy) or tidy in _MASK_WORDS:
        return "", "", None, "masked"
    return "", "", None, "not_swedish" if _FOREIGN.fullmatch(tidy) else "characters"


def repair_org_no(text: str | None, known: Collection[str]) -> list[str]:
    """Return numbers of `known` (a set of `NNNNNN-NNNN`) that one typing error away give `text`.

    Order: another check digit, two neighbouring digits swapped, another digit changed, one zero lost; each
    from left to right. Empty when `text` is itself known. Every proposal passes Luhn.
    """
    digits = _read(text)[0]
    digits = digits[2:] if len(digits) == 12 and digits[:2] == "16" else digits
    candidates: list[str] = []
    if len(digits) == 10:
        changed = [digits[:i] + d + digits[i + 1 :] for i in (9, *range(9)) for d in "0123456789"]
        swapped = [digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(9)]
        candidates = [digits, *changed[:10], *swapped, *changed[10:]]
    elif len(digits) == 9:
        candidates = [digits[:i] + "0" + digits[i:] for i in range(10)]
    written = dict.fromkeys(f"{c[:6]}-{c[6:]}" for c in candidates)
    found = [number for number in written if number in known and luhn_ok(number.replace("-", ""))]
    own = f"{digits[:6]}-{digits[6:]}"
    return [] if own in found else found
