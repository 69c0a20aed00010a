"""What registers said of a payee when its newest list was made: permits, contracts, roles, links, exclusions, company.

A register that was not delivered is told apart from one that says nothing of the payee.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from fut.period import add_months
from review.shelf.library import Library, Row
from review.shelf.records import Typed

TABLE = "payee_records"
REGISTERS = {
    "company": "company_register", "permit": "permits", "contract": "contracts", "exclusion": "exclusions",
    "role": "company_roles", "link": "company_roles",
}  # fmt: skip
_SHUT = ("liquidation", "bankrupt", "deregistered", "revoked", "expired")
WORDS = {
    "permit": {
        "home_care": "Hemtjänst", "personal_assistance": "Personlig assistans", "residential_care": "Boende",
        "consultant_family_home": "Konsulentstödd familjehemsvård", "valid": "Gäller", "revoked": "Återkallat",
        "expired": "Har gått ut",
    },
    "contract": {"framework": "Ramavtal", "direct_award": "Direktupphandling", "lov": "Valfrihetssystem (LOV)"},
    "role": {
        "board": "Styrelseledamot", "ceo": "Verkställande direktör", "deputy": "Suppleant", "auditor": "Revisor",
        "beneficial_owner": "Verklig huvudman", "signatory": "Firmatecknare",
    },
    "company": {
        "status": "Bolaget", "f_tax": "F-skatt", "vat_registered": "Moms", "employer": "Arbetsgivare", "yes": "Ja",
        "no": "Nej", "active": "Aktivt", "liquidation": "I likvidation", "bankrupt": "I konkurs",
        "deregistered": "Avregistrerat",
    },
    "exclusion": {"own_decision": "Eget beslut"},
}  # fmt: skip
WORDS["link"] = WORDS["role"]


@dataclass(frozen=True, slots=True)
class Record:
    """One record in Swedish; `is_over` when it had ended by the month, `is_bad` when it speaks against paying."""

    kind: str
    number: str
    what: str
    status: str
    other_ref: str
    other_name: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    amount_sek: Any
    source: tuple[str, int]
    is_over: bool
    is_bad: bool


@dataclass(frozen=True, slots=True)
class Records:
    """A payee's records by kind as of the end of `month`; `unread` are the kinds whose register was not delivered."""

    month: str
    by_kind: dict[str, list[Record]]
    unread: frozenset[str]

    @property
    def found(self) -> frozenset[str]:
        """Return the kinds that there are records of."""
        return frozenset(kind for kind, rows in self.by_kind.items() if rows)


def records_of(library: Library, payee_ref: str, month: str, barred: set[str]) -> Records | None:
    """Return what the month's run published of the payee, None when it published nothing of any register.

    Links to payees that are `barred` for who asks (jäv) are left out.
    """
    shelf = library.shelf(month)
    if shelf is None or not shelf.has(TABLE) or not shelf.rows("payees", "payee_ref", (payee_ref,)):
        return None
    end = dt.date.fromisoformat(f"{add_months(month, 1)}-01") - dt.timedelta(days=1)
    by_kind: dict[str, list[Record]] = {kind: [] for kind in REGISTERS}
    for row in Typed(shelf).rows(TABLE, "payee_ref", (payee_ref,)):
        if row["kind"] in by_kind and row["other_ref"] not in barred:
            by_kind[row["kind"]].append(_record(row, end))
    for found in by_kind.values():
        found.sort(key=lambda one: one.is_over)
    read = set(shelf.manifest.get("tables") or ())
    return Records(month, by_kind, frozenset(kind for kind, table in REGISTERS.items() if table not in read))


def _record(row: Row, end: dt.date) -> Record:
    kind, until = row["kind"], row["valid_to"]
    words = WORDS[kind]
    return Record(
        kind=kind,
        number=row["number"] or "",
        what=words.get(row["what"], row["what"]) or "",
        status=words.get(row["status"], row["status"]) or "",
        other_ref=row["other_ref"] or "",
        other_name=row["other_name"] or "",
        valid_from=row["valid_from"],
        valid_to=until,
        amount_sek=row["amount_sek"],
        source=(row["source_file"], row["source_line"]),
        is_over=bool(until and until < end),
        is_bad=kind == "exclusion" or row["status"] in _SHUT or (row["what"], row["status"]) == ("f_tax", "no"),
    )
