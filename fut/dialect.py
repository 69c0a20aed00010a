"""Dialects: how one system's export maps onto a raw contract. A new system is a new YAML file, no code."""

import codecs
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from fut.clocks import Clock, Length
from fut.contract import CONTRACTS, Contract, contract
from fut.errors import ConfigError, did_you_mean
from fut.file_period import Period, file_period
from fut.money import sql_amount
from fut.strict import build, load_yaml

DIALECTS = CONTRACTS / "dialects"


@dataclass(frozen=True)
class Dialect:
    """One system's export. `columns` gives for each column of the raw contract the headers it is known by.

    The first header of a column that a file has is taken, so that a name may serve two columns. `delimiter` lists the
    signs a file may use. `copies` names for a column another one to take where it is empty; `row_digest` a column that
    is filled from the row's own cells where nothing else gives it. `values` gives for a column the contract's word for
    each of the system's; `clocks` and `lengths` (see fut.clocks) make moments of clock times, whose dates and lengths
    stand under `columns` by names of the dialect's own; `padded` names ids that spreadsheets take leading zeros from;
    `skip` lists patterns of lines of text between blocks of rows.
    """

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
    row_digest: str = ""
    hidden: dict[str, tuple[str, ...]] = field(default_factory=dict)
    one_time: str = ""
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    clocks: dict[str, Clock] = field(default_factory=dict)
    lengths: dict[str, Length] = field(default_factory=dict)
    padded: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    empty: tuple[str, ...] = ("NULL", "null", "-", "n/a", "N/A", "#N/A")
    delivery: Literal["adds", "replaces"] = "adds"
    digest: str = ""

    @cached_property
    def helpers(self) -> set[str]:
        """Return the dialect's own columns: read to make others, and not part of the contract."""
        return {clock.day for clock in self.clocks.values()} | set(self.lengths)

    def is_skipped(self, text: str) -> bool:
        """Whether a line is text between blocks of rows, not a row."""
        return any(re.fullmatch(pattern, text.strip()) for pattern in self.skip)

    @cached_property
    def known_headers(self) -> dict[str, str]:
        """Return canonical column by normalised header."""
        return {normal(alias): name for name, aliases in self.columns.items() for alias in (*aliases, name)}

    def header_names(self, target: Contract) -> dict[str, str]:
        """Return canonical column by normalised header; a dialect that states none uses the contract's own names."""
        return self.known_headers if self.columns else {normal(name): name for name in target.names}

    def contract_for(self, file_name: str) -> Contract:
        """Return the raw contract a file is for; canonical files are named after their table."""
        if self.table:
            return contract("raw", self.table)
        try:
            return contract("raw", re.split(r"[.\-]|_\d", file_name)[0])
        except ConfigError as error:
            raise ConfigError(f"{file_name}: {error}") from None

    def period(self, file_name: str) -> Period | None:
        """Return the months named in the file name by the groups year and month (or from and to, or quarter)."""
        return file_period(file_name, self.file_pattern)

    def map_header(self, cells: list[str], target: Contract) -> dict[str, int]:
        """Return the position of each contract column; a split header counts for the columns it gives."""
        positions: dict[str, int] = {}
        for position, cell in enumerate(cells):
            positions.setdefault(normal(cell), position)
        known = self.columns or dict.fromkeys(target.names, ())
        found = {name: next((positions[normal(a)] for a in (*aliases, name) if normal(a) in positions), None)
                 for name, aliases in known.items()}  # fmt: skip
        return {name: position for name, position in found.items() if position is not None}

    def provided(self, mapped: Iterable[str]) -> set[str]:
        """Return every contract column a header gives: mapped, split off, copied, constant or from the period."""
        mapped = set(mapped)
        given = mapped | set(self.constants) | {to for to, source in self.copies.items() if source in mapped}
        for header, pattern in self.split.items():
            if header in mapped:
                given |= set(re.compile(pattern).groupindex)
        if "(?P<year>" in self.file_pattern:
            given.add("booking_date")
        return (given | {self.row_digest}) - {""}

    def missing(self, mapped: Iterable[str], target: Contract) -> list[str]:
        """Return columns the contract wants present that the header does not give."""
        given = self.provided(mapped)
        return [c.name for c in target.columns if c.must_be_present and c.name not in given]

    def explain_mismatch(self, file: str, cells: list[str], target: Contract, hint: str = "") -> ConfigError:
        """Return the error that names the file, the header found and the nearest known one."""
        absent = ", ".join(self.missing(self.map_header(cells, target), target)) or "the contract"
        known = self.header_names(target)
        near = [(c, did_you_mean(normal(c), known)) for c in self.unknown_headers(cells, target)]
        meant = "".join(f"; '{c}'{guess}" for c, guess in near if "did you mean" in guess)
        if any(sum(map(str.isdigit, cell)) > sum(map(str.isalpha, cell)) // 2 for cell in cells):
            # what looks like a row is never shown: a line of data may name a person
            meant, shown = "", f"no header but {len(cells)} cells of data"
        else:
            shown = f"[{', '.join(c.strip()[:40] for c in cells[:16])}]"
        return ConfigError(f"{file}: header does not fit dialect '{self.dialect}': found {shown}, no column for {absent}"
                           f"{meant}{hint}")  # fmt: skip

    def unknown_headers(self, cells: list[str], target: Contract) -> list[str]:
        """Return headers that are neither known nor stated as ignored: a changed export."""
        known = set(self.header_names(target)) | {normal(name) for name in self.ignored}
        return [c.strip()[:40] for c in cells if c.strip() and normal(c) not in known]

    def named_twice(self, cells: list[str], target: Contract) -> list[str]:
        """Return the headers that a mapped column could come from more than once."""
        names = [normal(cell) for cell in cells]
        used = {names[position] for position in self.map_header(cells, target).values()}
        return sorted(name for name in used if names.count(name) > 1)


def normal(header: str) -> str:
    """Return a header in lower case with every run of blanks, underscores or punctuation as one underscore."""
    return re.sub(r"[\W_]+", "_", header.replace("\ufeff", "").strip().lower()).strip("_")


@cache
def load_dialects(folder: Path = DIALECTS) -> dict[str, Dialect]:
    """Return every dialect by name; raises ConfigError for an unknown key, column or a broken pattern."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        stated = build(Dialect, load_yaml(path), path.name)
        if stated.dialect != path.stem:
            raise ConfigError(f"{path.name}: dialect '{stated.dialect}' must be named as its file")
        try:
            _check(stated)
        except ConfigError as error:
            raise ConfigError(f"{path.name}: {error}") from None
        found[stated.dialect] = replace(stated, digest=hashlib.sha256(path.read_bytes()).hexdigest()[:12])
    return found


def _check(stated: Dialect) -> None:
    for pattern in (
        stated.file_pattern,
        stated.one_time,
        *stated.skip,
        *stated.split.values(),
        *sum(stated.hidden.values(), ()),
    ):
        try:
            re.compile(pattern)
        except re.error as error:
            raise ConfigError(f"pattern '{pattern}' is not valid ({error})") from None
    for encoding in stated.encodings:
        try:
            codecs.lookup(encoding)
        except LookupError:
            raise ConfigError(f"encoding '{encoding}' is not known") from None
    if not stated.delimiter or not stated.encodings:
        raise ConfigError("delimiter and encodings must name at least one")
    sql_amount("x", stated.decimal, stated.thousands)
    if stated.table:
        target, split = contract("raw", stated.table), set(stated.split)
        _check_care(stated, target)
        given = {name for pattern in stated.split.values() for name in re.compile(pattern).groupindex}
        named = {*stated.columns, *stated.constants, *stated.hidden, *stated.copies, *stated.copies.values(), *given}
        named |= {*stated.values, *stated.clocks, *stated.padded, *_times(stated)}
        for name in sorted((named - split - stated.helpers | {stated.row_digest}) - {""}):
            target.column(name)
        for name in split - set(stated.columns):
            raise ConfigError(f"split '{name}' has no header under columns")


def _times(stated: Dialect) -> set[str]:
    """Return the columns that clocks and lengths refer to."""
    said = {name for clock in stated.clocks.values() for name in (clock.after, clock.near)}
    return (said | {name for length in stated.lengths.values() for name in (length.start, length.end)}) - {""}


def _check_care(stated: Dialect, target: Contract) -> None:
    for name in sorted(stated.helpers):
        if name not in stated.columns:
            raise ConfigError(f"'{name}' has no header under columns{did_you_mean(name, stated.columns)}")
        if name in target.names:
            raise ConfigError(f"'{name}' is a column of {target.physical}; a date or length needs a name of its own")
    for name in sorted({*stated.clocks, *_times(stated)}):
        if target.column(name).physical_type != "TIMESTAMP":
            raise ConfigError(f"'{name}' is no moment, so it has no clock")
    for name, clock in stated.clocks.items():
        seen, other = {name}, clock.after or clock.near
        while other in stated.clocks:
            if other in seen:
                raise ConfigError(f"clock '{name}' follows itself")
            seen.add(other)
            other = stated.clocks[other].after or stated.clocks[other].near
    for name, words in stated.values.items():
        if odd := sorted(set(words.values()) - set(target.column(name).said("values") or words.values())):
            raise ConfigError(f"values.{name}: '{odd[0]}' is no value of {target.physical}")
    for name in stated.padded:
        if not target.column(name).said("pseudonym"):
            raise ConfigError(f"padded '{name}' is no id of a person")


def dialect(name: str) -> Dialect:
    """Return one dialect; raises ConfigError with the nearest name."""
    known = load_dialects()
    if name not in known:
        raise ConfigError(f"no dialect '{name}'{did_you_mean(name, known)}")
    return known[name]
