"""What an address asks of the month's list: filter, order and page, read from untrusted text."""

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from review.shelf.keys import typed_ore

LEFT = "kvar"
ME, NOBODY = "jag", "ingen"
PAUSED, UNPAUSED = "ja", "nej"
ARMS = {"risk": "Urvalsträff", "random": "Slumpurval"}
MOST_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class Order:
    """A column one can sort by: `says` its two directions, natural first; `is_down` when the natural one falls."""

    title: str
    column: str
    says: tuple[str, str]
    is_down: bool = True


_BIG = ("störst först", "minst först")
ORDERS = {
    "rang": Order("Rang", "rank", ("rang 1 först", "rang 1 sist"), is_down=False),
    "mottagare": Order("Mottagare", "payee_key", ("A till Ö", "Ö till A"), is_down=False),
    "belopp": Order("Belopp", "amount_ore", _BIG),
    "risk": Order("Belopp i risk", "at_risk_ore", _BIG),
    "sannolikhet": Order("Sannolikhet", "probability", _BIG),
    "timme": Order("Förväntat fel per timme", "per_hour_ore", _BIG),
}
FIELDS = {
    "manad": "month", "sok": "text", "status": "status", "tilldelad": "assigned", "indikator": "code",
    "omrade": "area", "urval": "arm", "bevis": "evidence", "fran": "low", "till": "high", "paus": "paused",
    "sortera": "sort", "sida": "page",
}  # fmt: skip
NARROWING = ("sok", "status", "tilldelad", "indikator", "omrade", "urval", "bevis", "fran", "till", "paus")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks of the list; texts as typed, '' for what it does not say. `low` and `high` are kronor."""

    month: str = ""
    text: str = ""
    status: str = ""
    assigned: str = ""
    code: str = ""
    area: str = ""
    arm: str = ""
    evidence: str = ""
    low: str = ""
    high: str = ""
    paused: str = ""
    sort: str = ""
    page: str = ""

    @classmethod
    def read(cls, query: dict[str, str]) -> "Wanted":
        """Return what an untrusted address asks for; unknown names are left out, long texts cut."""
        return cls(**{own: query.get(name, "").replace("\x00", "").strip()[:200] for name, own in FIELDS.items()})

    def query(self, *names: str) -> dict[str, str]:
        """Return the address's parameters, all or only `names`, without those that say nothing."""
        return {n: said for n, own in FIELDS.items() if (said := getattr(self, own)) and (not names or n in names)}

    @classmethod
    def of_trail(cls, trail: str) -> "Wanted":
        """Return the list that the address of a payment opened from it carries; untrusted too."""
        return cls.read(dict(parse_qsl(trail[:MOST_CHARACTERS])))

    @property
    def trail(self) -> str:
        """Return filter and order as a payment's address carries them; '' for the plain list."""
        return urlencode(self.query(*NARROWING, "sortera"))

    @property
    def order(self) -> tuple[str, bool]:
        """Return the sorting's name and whether it is reversed."""
        name = self.sort.removeprefix("-")
        return (name, self.sort.startswith("-")) if name in ORDERS else ("rang", False)

    def wrong(self) -> dict[str, str]:
        """Return what cannot be read, by the address's name; such a limit is not applied."""
        said = {"fran": self.low, "till": self.high}
        return {name: "Skriv kronor som 1234,50." for name, text in said.items() if text and typed_ore(text) is None}


def at_first(wanted: Wanted, **changed: str) -> Wanted:
    """Return what is wanted with something changed, from its first page."""
    return replace(wanted, page="", **changed)
