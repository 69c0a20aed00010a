"""How people retype numbers, amounts and names: pure functions of a text and a lottery."""

import random
import re
from decimal import Decimal

LETTERS = {"0": "O", "O": "0", "1": "I", "I": "1", "L": "1"}
SUFFIXES = ("A", "-1", "/1", "R", ".", " DUP", " COPY")
TOWNS = ("EXETER", "BRISTOL", "LONDON", "PLYMOUTH", "READING", "SWINDON")
FORMS = {"LTD": "LIMITED", "LIMITED": "LTD"}


def written_otherwise(number: str, rng: random.Random) -> tuple[str, str] | None:
    """Return the number with O for 0, with other leading zeros or with a suffix, and which; None when none fits."""
    return rng.choice((_look_alike, _zeros, _suffix))(number, rng)


def _look_alike(number: str, rng: random.Random) -> tuple[str, str] | None:
    places = [i for i, c in enumerate(number) if c.upper() in LETTERS]
    if not places:
        return None
    at = rng.choice(places)
    return number[:at] + LETTERS[number[at].upper()] + number[at + 1 :], "O for 0"


def _zeros(number: str, rng: random.Random) -> tuple[str, str] | None:
    if not number[0].isdigit():
        return None
    bare = number.lstrip("0")
    if bare != number and bare:
        return bare, "leading zeros dropped"
    return "0" * rng.randint(1, 3) + number, "leading zeros added"


def _suffix(number: str, rng: random.Random) -> tuple[str, str] | None:
    return number + rng.choice(SUFFIXES), "suffix"


def typo(number: str, rng: random.Random) -> tuple[str, str] | None:
    """Return the number with one digit replaced by another, and where; None without digits."""
    places = [i for i, c in enumerate(number) if c.isdigit()]
    if not places:
        return None
    at = rng.choice(places)
    digit = rng.choice([d for d in "0123456789" if d != number[at]])
    where = "last digit" if at == places[-1] else "first digit" if at == places[0] else "inner digit"
    return number[:at] + digit + number[at + 1 :], f"{where} mistyped"


def swap_digits(amount: Decimal, rng: random.Random) -> Decimal | None:
    """Return the amount with two neighbouring unlike digits of its whole part swapped, still of its length."""
    whole, _, cents = f"{amount:.2f}".partition(".")
    pairs = [i for i in range(len(whole) - 1) if whole[i] != whole[i + 1] and not (i == 0 and whole[1] == "0")]
    if not pairs:
        return None
    i = rng.choice(pairs)
    return Decimal(f"{whole[:i]}{whole[i + 1]}{whole[i]}{whole[i + 2 :]}.{cents}")


def second_record_name(name: str, rng: random.Random) -> tuple[str, str]:
    """Return the firm's name as a second supplier record has it: the same, another company form, or a town added."""
    words = name.split()
    ways = ["same name", "town added"]
    if words[-1].upper() in FORMS:
        ways.append("company form otherwise")
    if re.search(r" & | AND ", name, re.I):
        ways.append("& for AND")
    way = rng.choice(ways)
    if way == "town added":
        return f"{name} ({rng.choice(TOWNS)})", way
    if way == "company form otherwise":
        return " ".join([*words[:-1], FORMS[words[-1].upper()]]), way
    if way == "& for AND":
        return (name.replace(" & ", " AND ") if " & " in name else re.sub(" AND ", " & ", name, flags=re.I)), way
    return name, way


def near_name(name: str, rng: random.Random) -> tuple[str, str] | None:
    """Return a name easily taken for this one (a letter dropped, doubled or swapped, a word added), and how."""
    words = name.split()
    long = [i for i, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    if not long:
        return None
    at = rng.choice(long)
    word, i = words[at], rng.randrange(1, len(words[at]) - 2)
    way = rng.choice(("letter dropped", "letter doubled", "letters swapped", "letter changed", "word added"))
    if way == "word added":
        extra = rng.choice(("UK", "GROUP", "SERVICES"))
        place = len(words) - 1 if words[-1].upper() in FORMS else len(words)
        return " ".join([*words[:place], extra, *words[place:]]), way
    changed = {
        "letter dropped": word[:i] + word[i + 1 :],
        "letter doubled": word[: i + 1] + word[i:],
        "letters swapped": word[:i] + word[i + 1] + word[i] + word[i + 2 :],
        "letter changed": word[:i] + rng.choice([c for c in "AEIOURSTN" if c != word[i].upper()]) + word[i + 1 :],
    }[way]
    if changed == word:
        return None
    return " ".join([*words[:at], changed, *words[at + 1 :]]), way
