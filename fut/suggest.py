"""Propose a dialect for a file: the known one that fits, else a YAML to start from, by the words of all dialects."""

import re
from dataclasses import dataclass
from pathlib import Path

from fut.contract import contract
from fut.dialect import Dialect, load_dialects, normal
from fut.errors import InputError, did_you_mean
from fut.lines import records
from fut.reading import Table, read_table

TABLE = "ap_postings"
DELIMITERS = ";,\t|"
SAMPLE_ROWS = 200
_AMOUNT_COMMA = re.compile(r"-?[\d .\u00a0]*\d,\d{1,2}-?")
_AMOUNT_POINT = re.compile(r"-?[\d ,\u00a0]*\d\.\d{1,2}-?")
_DATES = {
    "%Y-%m-%d": r"\d{4}-\d{2}-\d{2}",
    "%d/%m/%Y": r"\d{1,2}/\d{1,2}/\d{4}",
    "%Y%m%d": r"(19|20)\d{6}",
    "%Y-%m-%d %H:%M:%S": r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}",
    "%d.%m.%Y": r"\d{1,2}\.\d{1,2}\.\d{4}",
    "%y%m%d": r"\d{6}",
    "%Y%m": r"(19|20)\d{4}",
}


@dataclass(frozen=True)
class _Reading:
    """A file as one dialect reads it."""

    dialect: Dialect
    table: Table
    mapped: dict[str, int]


def suggest(path: Path) -> str:
    """Return what to write for a ledger file: its dialect's name, or the YAML of a new one. Raises InputError.

    Cell contents are looked at for their form and never shown.
    """
    target = contract("raw", TABLE)
    dialects = [d for d in load_dialects().values() if d.table in ("", TABLE)]
    for spoken in dialects:
        reading = _read(path, spoken)
        if reading and not spoken.missing(reading.mapped, target):
            unknown = spoken.unknown_headers(reading.table.header, target)
            note = f"# not mapped: {', '.join(unknown)}\n" if unknown else ""
            if spoken.columns and len(unknown) * 2 > len(reading.table.header):
                continue
            files = _quoted(f"*{path.suffix}")
            return f"{note}sources:\n  - {{name: ledger, dialect: {spoken.dialect}, files: {files}}}\n"
    reading = _read(path, _everything(dialects))
    if reading is None:
        raise InputError(f"{path.name}: no header was recognised; is it a ledger with a heading row?")
    return _yaml(path, reading, dialects)


def _read(path: Path, spoken: Dialect) -> _Reading | None:
    target = contract("raw", TABLE)
    wanted = list(spoken.known_headers) if spoken.columns else [normal(name) for name in target.names]
    try:
        table = read_table(path, spoken, wanted)
    except InputError:
        if not path.is_file():
            raise
        return None
    mapped = spoken.map_header(table.header, target)
    return _Reading(spoken, table, mapped) if mapped else None


def _everything(dialects: list[Dialect]) -> Dialect:
    """Return a dialect that knows every header any dialect knows, and each delimiter."""
    target = contract("raw", TABLE)
    known = {c.name: {c.name, c.label_sv} for c in target.columns}
    for spoken in dialects:
        for name, headers in spoken.columns.items():
            if name in known:
                known[name] |= set(headers)
    columns = {name: tuple(sorted(headers)) for name, headers in known.items()}
    return Dialect("new", "", columns, TABLE, delimiter=DELIMITERS)


def _yaml(path: Path, reading: _Reading, dialects: list[Dialect]) -> str:
    target = contract("raw", TABLE)
    header, mapped = reading.table.header, reading.mapped
    rows = _sample(reading.table)
    name = re.sub(r"[^a-z0-9]+", "-", path.name.lower().split(".")[0]).strip("-") or "new"
    lines = [
        f"dialect: {name}",
        f"title: {_quoted(path.name.split('.')[0])}",
        f"table: {TABLE}",
        f"file_pattern: {_quoted(re.sub(r'[0-9]+', r'[0-9]+', re.escape(path.name)))}",
        f"delimiter: {_quoted(reading.table.delimiter)}",
        f"decimal: {_quoted(_decimal(_cells(rows, mapped.get('amount_sek'))))}",
        f"date_formats: [{', '.join(_quoted(f) for f in _dates(_cells(rows, mapped.get('booking_date'))))}]",
        "columns:",
    ]
    lines += [f"  {column}: [{_quoted(header[position].strip())}]" for column, position in mapped.items()]
    for column in reading.dialect.missing(mapped, target):
        lines.append(f"  # {column}: must be present; name its header, or give it under constants, split or copies")
    known = {alias for spoken in dialects for alias in spoken.known_headers} | set(target.names)
    unknown = reading.dialect.unknown_headers(header, target)
    if unknown:
        lines.append("ignored:")
        for cell in unknown:
            near = did_you_mean(normal(cell), known)
            hint = "  # looks like " + near.split("'")[1] if "did you mean" in near else ""
            lines.append(f"  - {_quoted(cell)}{hint}")
    return "\n".join(lines) + "\n"


def _sample(table: Table) -> list[list[str]]:
    if table.frame is not None:
        rows = table.frame.drop("_source_line", strict=False).head(SAMPLE_ROWS).rows()
        return [["" if cell is None else str(cell) for cell in row] for row in rows]
    _, lines = next(table.blocks, (0, []))
    return [cells for _, cells in records(lines, table.delimiter, SAMPLE_ROWS)]


def _cells(rows: list[list[str]], position: int | None) -> list[str]:
    if position is None:
        return []
    return [cells[position].strip() for cells in rows if len(cells) > position and cells[position].strip()]


def _decimal(cells: list[str]) -> str:
    commas = sum(bool(_AMOUNT_COMMA.fullmatch(cell)) for cell in cells)
    points = sum(bool(_AMOUNT_POINT.fullmatch(cell)) for cell in cells)
    return "," if commas > points else "."


def _dates(cells: list[str]) -> list[str]:
    """Return the formats that cells have, the most frequent first; the first one known where none fits."""
    hits = {form: sum(bool(re.fullmatch(pattern, cell)) for cell in cells) for form, pattern in _DATES.items()}
    return sorted((form for form, n in hits.items() if n), key=lambda form: -hits[form]) or ["%Y-%m-%d"]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
