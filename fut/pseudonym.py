"""Keyed tokens in place of identities: HMAC-SHA256, 64 bits shown, the key kept outside the warehouse.

One key per municipality. The same number written in any way gives the same token under the same key, and no
token can be linked to a number, or to another municipality's token, without the key.
"""

import hmac
import os
import re
import secrets
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from fut.errors import ConfigError, StoreError, did_you_mean
from fut.identity import NEWEST_BIRTH_YEAR, parse_org_no, parse_personal_no

KEY_BYTES = 32

DEMO_KEY = b"public demo key, protects nobody"
"""A fixed PUBLIC key for the demo, tests and simulated data. It protects nothing; not for real data."""

MAY_HOLD_PERSON = "[0-9]{6}|[0-9]{4}[^0-9A-Za-z][0-9]{2}"
"""Pattern (RE2 and Python) of every text that `Pseudonymiser.text` may change; the others need no call."""

MAY_BE_PERSON = r"[0-9]{6}[^0-9A-Za-z][0-9]{4}|(?:19[0-9]{2}|200[0-9])[01][0-9]{7}"
"""The same for `Pseudonymiser.number`."""

MAY_HOLD = {"text": MAY_HOLD_PERSON, "number": MAY_BE_PERSON}

_DASH = "[-‐‑‒–—−]"
_DATE = "[0-9]{2}[01][0-9]{3}"
_PERSON = (
    rf"(?<![0-9])(?:(?:18|19|20)?{_DATE}(?:\s?(?:{_DASH}|\+)\s?|\s)?"
    rf"|(?:18|19|20)[0-9]{{2}}{_DASH}[01][0-9]{_DASH}[0-9]{{2}}\s?(?:{_DASH}|\+)\s?)[0-9]{{4}}(?![0-9])"
)
_EMBEDDED = re.compile(
    r"(?P<token>[PLU]-[0-9a-f]{16}(?![0-9a-f]))"
    r"|(?P<iban>\b[Ss][Ee][0-9]{2}(?:\s?[0-9]{4}){5}(?![0-9]))"
    rf"|(?P<vat>\b[Ss][Ee]\s?(?P<vat_no>{_DATE}{_DASH}?[0-9]{{4}}){_DASH}?(?P<vat_end>[0-9]{{2}})(?![0-9]))"
    r"|(?P<nordea>(?<![0-9])(?:3300|3782)[0-9]{10}(?![0-9]))"
    rf"|(?P<person>{_PERSON})"
)
# ten digits without a dash are an invoice number as often as not, and 2026 begins one of that year
_SURELY = re.compile(
    rf"(?<![0-9])(?:(?:18|19|20)?{_DATE}(?:{_DASH}|\+)[0-9]{{4}}|(?:19[0-9]{{2}}|200[0-9])[01][0-9]{{7}})(?![0-9])"
)
_MAY_HOLD_PERSON = re.compile(MAY_HOLD_PERSON)
_NOT_DIGITS = re.compile("[^0-9]")
_PERSON_CLEARING = ("3300", "3782")  # Nordea: the account number is the owner's personal number


def load_key(env: str = "FUTVAKT_KEY", path: Path | None = None, create: bool = False) -> bytes:
    """Return the key: hex digits from the environment variable `env`, else from the file at `path`.

    With `create` a missing file is written with a random key and mode 0600. Raises ConfigError when there is
    no key or it is not at least 64 hex digits, StoreError when the file cannot be used or is open to others.
    """
    if text := os.environ.get(env, "").strip():
        return _decode(text, f"environment variable {env}")
    if path is None:
        raise ConfigError(f"no pseudonym key: set {env} to 64 hex digits or name a key file")
    try:
        if create and not path.exists():
            _create(path)
        if path.stat().st_mode & 0o077:
            raise StoreError(f"{path.name}: the key file is open to other users, run: chmod 600 {path.name}")
        return _decode(path.read_text(encoding="ascii").strip(), path.name)
    except FileNotFoundError:
        raise ConfigError(f"{path.name}: no such key file; set {env} or create the file") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path.name}: a key is at least {2 * KEY_BYTES} hex digits") from None
    except OSError as error:
        raise StoreError(f"{path.name}: the key file cannot be used ({error.strerror})") from None


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _decode(text: str, where: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) < KEY_BYTES:
        raise ConfigError(f"{where}: a key is at least {2 * KEY_BYTES} hex digits")
    return key


class Pseudonymiser:
    """Replaces identities by tokens under one key; every method is a pure function of key and text.

    Tokens: `P-` one person everywhere, `L-` one source's own id, `U-` a person whose number is unreadable;
    each followed by 16 hex digits. `newest_birth_year` (see `fut.identity`) belongs to the key: changing it
    changes tokens of numbers written without a century.
    """

    def __init__(self, key: bytes, newest_birth_year: int = NEWEST_BIRTH_YEAR) -> None:
        if len(key) < KEY_BYTES:
            raise ConfigError(f"a pseudonym key is at least {KEY_BYTES} bytes")
        self._key = key
        self._newest = newest_birth_year

    def __repr__(self) -> str:
        return "Pseudonymiser(demo key)" if self.is_demo else "Pseudonymiser(secret key)"

    @property
    def is_demo(self) -> bool:
        """Whether the key is the public one; published manifests say so."""
        return hmac.compare_digest(self._key, DEMO_KEY)

    @property
    def mark(self) -> str:
        """Return what tells this key from others and nothing else of it: a warehouse is of one key."""
        return self._token("K", "mark")

    def _token(self, prefix: str, *parts: str) -> str:
        message = "\0".join([prefix, *(f"{len(part)}:{part}" for part in parts)])
        return f"{prefix}-{hmac.digest(self._key, message.encode(), 'sha256').hex()[:16]}"

    def person(self, number: str) -> str:
        """Return the token of a personal or coordination number in any form; "" when there is none.

        An unreadable number gives a `U-` token of its letters and digits: numbers that Excel cut to the same
        digits cannot be told apart.
        """
        tidy = "".join(number.split())
        read = parse_personal_no(tidy, self._newest)
        if read.normal:
            return self._token("P", read.normal)
        return "" if read.problem == "missing" else self._token("U", tidy.upper())

    def local(self, source: str, identity: str) -> str:
        """Return the token of an id that means something only within `source`; "" for blank text."""
        return self._token("L", source, identity.strip()) if identity.strip() else ""

    def reference(self, source: str, identity: str) -> str:
        """Return the person's token when `identity` is a personal number, else the token of `local`."""
        read = parse_personal_no(identity, self._newest)
        is_person = read.normal and read.problem in (None, "excel")
        return self.person(identity) if is_person else self.local(source, identity)

    def org_ref(self, text: str) -> str:
        """Return `NNNNNN-NNNN` of a legal entity or a sole trader's token; other text is left as it is.

        A personal number with a wrong check digit still points at a person and becomes a token too; personal
        numbers inside other text are replaced as in `text`.
        """
        read = parse_org_no(text)
        if read.normal and read.kind in ("personal", "coordination"):
            whole = parse_personal_no(text, self._newest).normal
            return self.person(text if whole else read.normal)
        if read.normal and read.kind in ("legal_entity", "foreign"):
            return read.normal
        return self.text(text)

    def account(self, text: str) -> str:
        """Return an account with the personal number it embeds replaced, the same however it is written.

        Covers Nordea's clearing 3300 and 3782, IBAN, and ten or twelve digits alone; other accounts are left.
        """
        tidy = "".join(text.split()).upper()
        digits = _NOT_DIGITS.sub("", tidy)
        if tidy.startswith("SE") and len(digits) == 22:
            return self._ending(f"SE{digits}") or text
        if len(digits) == 14 and digits.startswith(_PERSON_CLEARING):
            return self._ending(digits) or text
        return self.text(text)

    def text(self, text: str) -> str:
        """Return free text with every valid personal or coordination number in it replaced by its token."""
        return _EMBEDDED.sub(self._replace, text) if _MAY_HOLD_PERSON.search(text) else text

    def number(self, text: str) -> str:
        """Return an invoice or voucher number with each personal number in it that cannot be anything else replaced."""
        return _SURELY.sub(lambda found: self.person(found[0]) if self._is_person(found[0]) else found[0], text)

    def _replace(self, match: re.Match[str]) -> str:
        found = match[0]
        if match["token"]:
            return found
        if match["vat"] and self._is_person(match["vat_no"]):
            return f"SE-{self.person(match['vat_no'])}-{match['vat_end']}"
        if match["iban"] or match["nordea"]:
            return self._ending("".join(found.split()).upper()) or found
        number = found.lstrip("SEse ")
        return found[: -len(number)] + self.person(number) if self._is_person(number) else found

    def _ending(self, account: str) -> str | None:
        return f"{account[:-10]}-{self.person(account[-10:])}" if self._is_person(account[-10:]) else None

    def _is_person(self, number: str) -> bool:
        return parse_personal_no("".join(number.split()), self._newest).is_valid

    def method(self, kind: str, source: str = "") -> Callable[[str], str]:
        """Return the function for a contract column's `pseudonym`: text, number, org, account, person or local.

        `person` and `local` belong to `source`, the system the ids come from. Raises ConfigError otherwise.
        """
        methods: dict[str, Callable[[str], str]] = {
            "text": self.text,
            "number": self.number,
            "org": self.org_ref,
            "account": self.account,
            "person": partial(self.reference, source),
            "local": partial(self.local, source),
        }
        if kind not in methods:
            raise ConfigError(f"unknown pseudonym '{kind}'{did_you_mean(kind, methods)}")
        return methods[kind]

    def map_distinct(self, values: Iterable[str | None], method: Callable[[str], str] | None = None) -> dict[str, str]:
        """Return {value: replacement} for the values `method` (default `text`) changes, in their order."""
        replace = method or self.text
        pairs = ((value, replace(value)) for value in dict.fromkeys(values) if value is not None)
        return {value: new for value, new in pairs if new != value}
