"""Invented identities: organisation numbers, accounts, names, telephones, addresses. None is taken from a register.

Organisation numbers have a right Luhn check digit and lie in series not known to be handed out: 5599 (limited
companies; the real series had reached 559 5 in 2025), 8099 (associations), 9899 (partnerships), 219900 (public).
Bankgiro numbers begin with 9, plusgiro numbers have the longest form beginning with 99, bank accounts use the
clearing number 9999, telephones the unused area code 0999. Names are random syllables. Personal numbers are never
made: clients, carers, officers and company people get local ids, and no sole traders are simulated.
"""

import hashlib

import numpy as np

ORG_SERIES = {"limited": 5599, "association": 8099, "partnership": 9899}
_START = (
    "Va",
    "So",
    "Bre",
    "Lin",
    "Tor",
    "Mal",
    "Kes",
    "Ro",
    "Fin",
    "Gra",
    "Sva",
    "Hel",
    "Dro",
    "Na",
    "Ul",
    "Pe",
)
_MIDDLE = ("ri", "la", "vo", "ne", "ta", "du", "mi", "so", "ke", "ra", "bi", "lo")
_END = ("ma", "dal", "nis", "vik", "lo", "trem", "gor", "sta", "den", "bo", "ken", "rum", "fa", "lund")
_STREETS = ("Storgatan", "Skolgatan", "Kyrkogatan", "Industrivägen", "Ringvägen", "Verkstadsgatan", "Parkvägen",
            "Hamngatan", "Nygatan", "Stationsvägen", "Björkvägen", "Kvarngatan")  # fmt: skip


def check_digits(body: np.ndarray, width: int) -> np.ndarray:
    """Return the Luhn check digit of each integer in `body`, read as `width` digits."""
    total = np.zeros(len(body), np.int64)
    for place in range(width):
        digit = body // 10**place % 10
        doubled = 2 * digit
        total += np.where(doubled > 9, doubled - 9, doubled) if place % 2 == 0 else digit
    return -total % 10


def org_numbers(kind: str, serial: np.ndarray) -> list[str]:
    """Return organisation numbers NNNNNN-NNNN of a kind (limited, association, partnership); serial < 100,000."""
    body = ORG_SERIES[kind] * 100_000 + (np.asarray(serial, np.int64) * 61_987 + 4_321) % 100_000
    whole = body * 10 + check_digits(body, 9)
    return [f"{n // 10_000:06d}-{n % 10_000:04d}" for n in whole.tolist()]


def municipality_org_no() -> str:
    """Return the organisation number of the simulated municipality."""
    body = np.array([219900_000])
    number = int(body[0] * 10 + check_digits(body, 9)[0])
    return f"{number // 10_000}-{number % 10_000:04d}"


def accounts(kind: np.ndarray, serial: np.ndarray) -> list[str]:
    """Return payee accounts of kinds bankgiro, plusgiro, account, iban; serial is unique and < 1,000,000
    (plusgiro: < 100,000)."""
    serial = np.asarray(serial, np.int64)
    plus = 990_0000 + (serial * 37_721 + 12_345) % 100_000
    serial = (serial * 379_721 + 12_345) % 1_000_000  # neighbours in order are not neighbours in number
    giro = 900_0000 + serial  # 7 digits beginning with 9
    giro = giro * 10 + check_digits(giro, 7)
    plus = plus * 10 + check_digits(plus, 7)
    found = []
    for what, bank, post, n in zip(kind, giro.tolist(), plus.tolist(), serial.tolist(), strict=True):
        if what == "bankgiro":
            found.append(f"{bank // 10_000:04d}-{bank % 10_000:04d}")
        elif what == "plusgiro":
            text = str(post)
            found.append(f"{text[:3]} {text[3:5]} {text[5:7]}-{text[7]}")
        elif what == "account":
            found.append(f"9999-{n * 37 % 10**7:07d}")
        else:
            found.append(_iban(f"{999:03d}{n * 101:017d}"))
    return found


def _iban(account: str) -> str:
    """Return the Swedish IBAN of a 20-digit account: check digits by modulus 97 (ISO 13616)."""
    check = 98 - int(account + "281400") % 97
    return f"SE{check:02d}{account}"


def names(rng: np.random.Generator, count: int) -> list[str]:
    """Return invented proper names of two or three syllables; equal names are possible, as among firms."""
    start, end = rng.integers(0, len(_START), count), rng.integers(0, len(_END), count)
    middle = rng.integers(0, 3 * len(_MIDDLE), count)
    parts = zip(start.tolist(), middle.tolist(), end.tolist(), strict=True)
    return [_START[a] + (_MIDDLE[b] if b < len(_MIDDLE) else "") + _END[c] for a, b, c in parts]


def addresses(rng: np.random.Generator, count: int) -> list[str]:
    """Return street addresses and, for one in twelve, boxes."""
    street, number = rng.integers(0, len(_STREETS), count), rng.integers(1, 140, count)
    box = rng.random(count) < 1 / 12
    rows = zip(street.tolist(), number.tolist(), box.tolist(), strict=True)
    return [f"Box {100 + 7 * n}" if b else f"{_STREETS[s]} {n}" for s, n, b in rows]


def phones(serial: np.ndarray) -> list[str]:
    """Return telephone numbers in the unused area code 0999."""
    mixed = (np.asarray(serial, np.int64) * 379_721 + 54_321) % 1_000_000
    return [f"0999-{n:06d}" for n in mixed.tolist()]


def public_hash(text: str) -> str:
    """Return the hash by which `employees` and supplier records can be matched: SHA-256 over letters and digits."""
    tidy = "".join(ch for ch in text.lower() if ch.isalnum())
    return hashlib.sha256(tidy.encode()).hexdigest()
