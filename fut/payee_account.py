"""Where money is sent and how it is marked: bankgiro, plusgiro, IBAN, bank account, VAT number, OCR.

Pure functions over one string. `problem` is None exactly when every check passes. An account may embed a
personal number (Nordea clearing 3300), so read it before `fut.pseudonym` replaces that.
Check digits: Bankgirot, Luhn modulus 10; IBAN: ISO 13616, modulus 97.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from fut.errors import UsageError, did_you_mean
from fut.identity import luhn_check_digit, luhn_ok, parse_org_no

ACCOUNT_KINDS = ("bankgiro", "plusgiro", "iban", "account")
OCR_CONTROLS = ("soft", "hard", "length_digit", "fixed")

_NOISE = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys(" \t\r\n\u00a0\u2009\u202f.,"))
_LABEL = re.compile(r"^(?:(?:BANKGIRO|PLUSGIRO|POSTGIRO|IBAN):?|(?:BG|PG):?(?=[0-9-]+$))")  # BG begins Bulgaria's IBAN
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}")
_SE_VAT = re.compile(r"SE([0-9]{10})(?!00)[0-9]{2}")
_IBAN_SE_LENGTH = 24
_BANKGIRO_LENGTHS = range(7, 9)
_OCR_LENGTHS = range(2, 26)


@dataclass(frozen=True, slots=True)
class PayeeAccount:
    """One account as read: `normal` is its one written form, or None when it cannot be that kind of account.

    Forms: bankgiro `NNN-NNNN` or `NNNN-NNNN`, plusgiro `NNNNNN-N`, IBAN without spaces, account all digits.
    `problem`: None, check_digit, length, characters, missing, placeholder.
    """

    kind: str
    normal: str | None = field(repr=False)
    problem: str | None

    @property
    def is_valid(self) -> bool:
        """Every check that can be made passes."""
        return self.problem is None


def parse_account(text: str | None, kind: str) -> PayeeAccount:
    """Read an account of a named `kind` (one of `ACCOUNT_KINDS`); another kind raises `UsageError`."""
    readers = {
        "bankgiro": parse_bankgiro,
        "plusgiro": parse_plusgiro,
        "iban": parse_iban,
        "account": parse_bank_account,
    }
    if kind not in readers:
        raise UsageError(f"unknown kind of account '{kind}'{did_you_mean(kind, readers)}")
    return readers[kind](text)


def parse_bankgiro(text: str | None) -> PayeeAccount:
    """Read a bankgiro number: 7 or 8 digits after leading zeros, the last a Luhn check digit."""
    return _giro(text, "bankgiro", _BANKGIRO_LENGTHS, 4)


def parse_plusgiro(text: str | None) -> PayeeAccount:
    """Read a plusgiro number: 2 to 8 digits after leading zeros, the last a Luhn check digit."""
    return _giro(text, "plusgiro", range(2, 9), 1)


def _giro(text: str | None, kind: str, lengths: range, tail: int) -> PayeeAccount:
    digits = _tidy(text).replace("-", "")
    if problem := _not_digits(digits):
        return PayeeAccount(kind, None, problem)
    digits = digits.lstrip("0")
    if not digits:
        return PayeeAccount(kind, None, "placeholder")
    if len(digits) not in lengths:
        return PayeeAccount(kind, None, "length")
    normal = f"{digits[:-tail]}-{digits[-tail:]}"
    return PayeeAccount(kind, normal, None if luhn_ok(digits) else "check_digit")


def parse_iban(text: str | None) -> PayeeAccount:
    """Read an IBAN: country, check digits modulus 97, 24 characters and only digits for SE."""
    iban = _tidy(text).replace("-", "")
    if not iban:
        return PayeeAccount("iban", None, "missing")
    if not _IBAN.fullmatch(iban):
        return PayeeAccount("iban", None, "length" if len(iban) not in range(15, 35) else "characters")
    if iban.startswith("SE") and len(iban) != _IBAN_SE_LENGTH:
        return PayeeAccount("iban", None, "length")
    if iban.startswith("SE") and not iban[2:].isdigit():
        return PayeeAccount("iban", None, "characters")
    remainder = int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97
    return PayeeAccount("iban", iban, None if remainder == 1 else "check_digit")


def parse_bank_account(text: str | None) -> PayeeAccount:
    """Read a Swedish clearing and account number by length alone: 4 or 5 digits, then 1 to 10.

    Its check digits follow modulus 10 or 11 by bank and are not tested. Five digits begin with 8; the fifth
    may be left out in writing, so one such account can have two normal forms.
    """
    digits = _tidy(text).replace("-", "")
    if problem := _not_digits(digits):
        return PayeeAccount("account", None, problem)
    if not digits.strip("0"):
        return PayeeAccount("account", None, "placeholder")
    longest = 15 if digits[0] == "8" else 14
    if not 5 <= len(digits) <= longest or digits[0] == "0":
        return PayeeAccount("account", None, "length")
    return PayeeAccount("account", digits, None)


def vat_problem(text: str | None) -> str | None:
    """Return what is wrong with a Swedish VAT number (SE, ten digits, two digits from 01), or None.

    Problems: missing, country (not SE), length, characters, and those of `parse_org_no`.
    """
    vat = _tidy(text).replace("-", "")
    if not vat:
        return "missing"
    if not vat.startswith("SE"):
        return "country" if vat[:2].isalpha() else "characters"
    if match := _SE_VAT.fullmatch(vat):
        return parse_org_no(match[1]).problem
    return "length" if len(vat) != 14 else "characters"


def ocr_problem(text: str | None, control: str, lengths: Collection[int] = ()) -> str | None:
    """Return what is wrong with an OCR reference under the payee's control level, or None.

    soft: free text is allowed, digits must pass Luhn; hard: digits that pass Luhn; length_digit: also the
    next to last digit is the total length modulo 10; fixed: also the length is one of `lengths`.
    Problems: missing, characters, length, length_digit, check_digit. An unknown control raises `UsageError`.
    """
    if control not in OCR_CONTROLS:
        raise UsageError(f"unknown OCR control '{control}'{did_you_mean(control, OCR_CONTROLS)}")
    digits = "".join((text or "").split())
    if problem := _not_digits(digits):
        return None if control == "soft" else problem
    if len(digits) not in (lengths if control == "fixed" else _OCR_LENGTHS):
        return "length"
    if not luhn_ok(digits):
        return "check_digit"
    if control == "length_digit" and int(digits[-2]) != len(digits) % 10:
        return "length_digit"
    return None


def ocr_reference(number: str, with_length: bool = False) -> str:
    """Return `number` (digits) with a check digit, and a length digit before it when asked."""
    body = f"{number}{(len(number) + 2) % 10}" if with_length else number
    return body + luhn_check_digit(body)


def _tidy(text: str | None) -> str:
    return _LABEL.sub("", (text or "").translate(_NOISE).upper())


def _not_digits(text: str) -> str | None:
    if not text.strip("-"):
        return "missing"
    return None if text.isascii() and text.isdigit() else "characters"
