"""Dialects: how one system's export maps onto a raw contract. A new system is a new YAML file, no code."""

import hashlib
import re
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from fut.contract import CONTRACTS, Contract, contract
from fut.errors import ConfigError, did_you_mean
from fut.strict import build, load_yaml

DIALECTS = CONTRACTS / "dialects"
_MONTHS = {name: i % 12 + 1 for i, name in enumerate(
    ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
)}  # fmt: skip


@dataclass(frozen=True)
class Period:
    """The months a file describes, both included."""

    first: str
    last: str

    @property
    def month(self) -> str | None:
        """Return the month when the file describes just one."""
        return self.first if self.first == self.last else None


@dataclass(frozen=True)
class Dialect:
    """One system's export. `columns` gives for each column of the raw contract the headers it is known by."""

    dialect: str
    title: str
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    table: str = ""
    file_pattern: str = r".*\.(csv|csv\.gz|xlsx|parquet)"
    encodings: tuple[str, ...] = ("utf-8-sig", "cp1252")
    delimiter: str = ","
    decimal: Literal[".", ","] = "."
    thousands: str = ""
    date_formats: tuple[str, ...] = ("%Y-%m-%d",)
    date_precision: Literal["day", "month"] = "day"
    constants: dict[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    split: dict[str, str] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, tuple[str, ...]] = field(default_factory=dict)
    one_time: str = ""
    empty: tuple[str, ...] = ("NULL", "null", "-", "n/a", "N/A", "#N/A")
    delivery: Literal["adds", "replaces"] = "adds"
    digest: str = ""

    @cached_property
    def known_headers(self) -> dict[str, str]:
        """Return canonical column by normalised header."""
        return {normal(alias): name for name, aliases in self.columns.items() for alias in (*aliases, name)}

    def contract_for(self, file_name: str) -> Contract:
        """Return the raw contract a file is for; canonical files are named after their table."""
        if self.table:
            return contract("raw", self.table)
        return contract("raw", re.split(r"[.\-]|_\d", file_name)[0])

    def period(self, file_name: str) -> Period | None:
        """Return the months named in the file name by the groups year and month (or from and to)."""
        found = re.fullmatch(self.file_pattern, file_name, re.I)
        if not found or not (said := {k: v for k, v in found.groupdict().items() if v}).get("year"):
            return None
        first = _month_number(said.get("month") or said.get("from") or "1")
        last = _month_number(said.get("month") or said.get("to") or "12")
        return Period(f"{said['year']}-{first:02d}", f"{said['year']}-{last:02d}")

    def map_header(self, cells: list[str], target: Contract) -> dict[str, int]:
        """Return the position of each contract column; a split header counts for the columns it gives."""
        known = self.known_headers if self.columns else {normal(name): name for name in target.names}
        mapped: dict[str, int] = {}
        for position, cell in enumerate(cells):
            name = known.get(normal(cell))
            if name and name not in mapped:
                mapped[name] = position
        return mapped

    def provided(self, mapped: dict[str, int]) -> set[str]:
        """Return every contract column a header gives: mapped, split off, constant or from the period."""
        given = set(mapped) | set(self.constants) | {to for to, source in self.copies.items() if source in mapped}
        for header, pattern in self.split.items():
            if header in mapped:
                given |= set(re.compile(pattern).groupindex)
        if "(?P<year>" in self.file_pattern:
            given.add("booking_date")
        return given

    def missing(self, mapped: dict[str, int], target: Contract) -> list[str]:
        """Return columns the contract wants present that the header does not give."""
        given = self.provided(mapped)
        return [c.name for c in target.columns if c.must_be_present and c.name not in given]

    def explain_mismatch(self, file: str, cells: list[str], target: Contract) -> ConfigError:
        """Return the error that names the file, the header found and the nearest known one."""
        absent = self.missing(self.map_header(cells, target), target)
        known = self.known_headers if self.columns else {normal(name): name for name in target.names}
        unknown = [c.strip()[:40] for c in cells if c.strip() and normal(c) not in known and not self._ignores(c)]
        shown = ", ".join(c.strip()[:40] for c in cells[:16])
        hint = "".join(f"; '{c}'{did_you_mean(normal(c), known)}" for c in unknown[:3])
        return ConfigError(
            f"{file}: header does not fit dialect '{self.dialect}': found [{shown}], "
            f"no column for {', '.join(absent) or 'the contract'}{hint}"
        )

    def unknown_headers(self, cells: list[str], target: Contract) -> list[str]:
        """Return headers that are neither mapped nor stated as ignored: a changed export."""
        known = self.known_headers if self.columns else {normal(name): name for name in target.names}
        return [c.strip() for c in cells if c.strip() and normal(c) not in known and not self._ignores(c)]

    def _ignores(self, cell: str) -> bool:
        return normal(cell) in {normal(name) for name in self.ignored}


def normal(header: str) -> str:
    """Return a header in lower case with every run of blanks, underscores or punctuation as one underscore."""
    return re.sub(r"[\W_]+", "_", header.replace("\ufeff", "").strip().lower()).strip("_")


def _month_number(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS[text[:3].lower()]


@cache
def load_dialects(folder: Path = DIALECTS) -> dict[str, Dialect]:
    """Return every dialect by name; raises ConfigError for an unknown key, column or a broken pattern."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        stated = build(Dialect, load_yaml(path), path.name)
        if stated.dialect != path.stem:
            raise ConfigError(f"{path.name}: dialect '{stated.dialect}' must be named as its file")
        _check(stated, path.name)
        found[stated.dialect] = replace(stated, digest=hashlib.sha256(path.read_bytes()).hexdigest()[:12])
    return found


def _check(stated: Dialect, where: str) -> None:
    if stated.table:
        target = contract("raw", stated.table)
        for name in (*stated.columns, *stated.constants, *stated.hidden):
            if name not in stated.split:
                target.column(name)
    for pattern in (stated.file_pattern, stated.one_time, *stated.split.values()):
        try:
            re.compile(pattern)
        except re.error as error:
            raise ConfigError(f"{where}: pattern '{pattern}' is not valid ({error})") from None


def dialect(name: str) -> Dialect:
    """Return one dialect; raises ConfigError with the nearest name."""
    known = load_dialects()
    if name not in known:
        raise ConfigError(f"no dialect '{name}'{did_you_mean(name, known)}")
    return known[name]
