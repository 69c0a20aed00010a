"""Propose a dialect for a file: the known one that fits, else a YAML to start from, by the words of all dialects."""

import json
import re
from pathlib import Path

from fut.contract import contract
from fut.dialect import Dialect, load_dialects, normal
from fut.errors import InputError, did_you_mean
from fut.lines import records
from fut.nearest import suggest_dialect
from fut.reading import Table, read_table

TABLE = "ap_postings"
DELIMITERS = ";,\t|"
SAMPLE_ROWS = 200
_AMOUNT_COMMA = re.compile(r"-?[\d .\u00a0]*\d,\d{1,2}-?")
_AMOUNT_POINT = re.compile(r"-?[\d ,\u00a0]*\d\.\d{1,2}-?")
_GROUPED = {",": " .\u00a0\u2009\u202f", ".": ", \u00a0\u2009\u202f"}
"""The signs that may group the digits of an amount, by its decimal sign."""
_MONTH = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})([-_]?)(0[1-9]|1[0-2])(?![0-9])")
_DATES = {
    "%Y-%m-%d": r"\d{4}-\d{2}-\d{2}",
    "%d/%m/%Y": r"\d{1,2}/\d{1,2}/\d{4}",
    "%Y%m%d": r"(19|20)\d{6}",
    "%Y-%m-%d %H:%M:%S": r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}",
    "%d.%m.%Y": r"\d{1,2}\.\d{1,2}\.\d{4}",
    "%y%m%d": r"\d{6}",
    "%Y%m": r"(19|20)\d{4}",
}


def suggest(path: Path) -> str:
    """Return what to write for a ledger file: its dialect's name, or the YAML of a new one. Raises InputError.

    Cell contents are looked at for their form and never shown.
    """
    fits = suggest_dialect(path)
    known = load_dialects()
    complete = [(name, matched) for name, matched, missing in fits if not missing]
    if complete:
        # the file's name decides between dialects that know its header equally well
        file = path.name.lower()
        complete.sort(key=lambda fit: (fit[0] not in file, not re.fullmatch(known[fit[0]].file_pattern, file, re.I)))
        name, matched = complete[0]
        others = f" (also {', '.join(n for n, _ in complete[1:])})" if len(complete) > 1 else ""
        files = _quoted(f"*{''.join(path.suffixes[-2:])}")
        told = f"# {path.name}: dialect '{name}' fits with {len(matched)} columns{others}; in the settings:\n"
        return f"{told}sources:\n  - {{name: ledger, dialect: {name}, files: {files}}}\n"
    dialects = [d for d in known.values() if d.table == TABLE]
    target, spoken = contract("raw", TABLE), _everything(dialects)
    table = read_table(path, spoken, list(spoken.header_names(target)))
    mapped = spoken.map_header(table.header, target)
    if not mapped:
        raise InputError(f"{path.name}: no header was recognised; is it a ledger with a heading row?")
    near = f"# no dialect fits; nearest is '{fits[0][0]}', which lacks {', '.join(fits[0][2])}\n" if fits else ""
    return near + _yaml(path, spoken, table, mapped, dialects)


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


def _yaml(path: Path, spoken: Dialect, table: Table, mapped: dict[str, int], dialects: list[Dialect]) -> str:
    target, header, rows = contract("raw", TABLE), table.header, _sample(table)
    name = re.sub(r"[^a-z0-9]+", "-", path.name.lower().split(".")[0]).strip("-") or "new"
    amounts = _cells(rows, mapped["amount_sek"]) if "amount_sek" in mapped else [c.strip() for row in rows for c in row]
    decimal = _decimal(amounts)
    lines = [
        f"dialect: {name}",
        f"title: {_quoted(path.name.split('.')[0])}",
        f"table: {TABLE}",
        f"file_pattern: {_quoted(_pattern(path.name, 'booking_date' not in mapped))}",
        f"delimiter: {_quoted(table.delimiter)}",
        f"decimal: {_quoted(decimal)}",
        f"thousands: {json.dumps(_GROUPED[decimal])}",
        f"date_formats: [{', '.join(_quoted(f) for f in _dates(_cells(rows, mapped.get('booking_date'))))}]",
        "columns:",
    ]
    lines += [f"  {column}: [{_quoted(header[position].strip())}]" for column, position in mapped.items()]
    for column in spoken.missing(mapped, target):
        if column == "booking_date" and _MONTH.search(path.name):
            lines.append(
                "  # booking_date: no column is known for it, so it is the last of the month in the file's name"
            )
            continue
        lines.append(f"  # {column}: must be present; name its header, or give it under constants, split or copies")
    known = {alias for d in dialects for alias in d.known_headers} | set(target.names)
    unknown = spoken.unknown_headers(header, target)
    if unknown:
        lines.append("ignored:")
        for cell in unknown:
            near = did_you_mean(normal(cell), known)
            hint = "  # looks like " + near.split("'")[1] if "did you mean" in near else ""
            lines.append(f"  - {_quoted(cell)}{hint}")
    return "\n".join(lines) + "\n"


def _pattern(name: str, is_dated_by_name: bool) -> str:
    """Return a pattern of names like this one; where no column dates a row, the month is read from the name."""

    def like(part: str) -> str:
        return re.sub(r"[0-9]+", "[0-9]+", re.escape(part))

    found = _MONTH.search(name) if is_dated_by_name else None
    if not found:
        return like(name)
    month = rf"(?P<year>(?:19|20)\d{{2}}){found[2]}(?P<month>0[1-9]|1[0-2])"
    return like(name[: found.start()]) + month + like(name[found.end() :])


def _sample(table: Table) -> list[list[str]]:
    if table.frame is not None:
        rows = table.frame.drop("_source_line", strict=False).head(SAMPLE_ROWS).rows()
        return [["" if cell is None else str(cell) for cell in row] for row in rows]
    _, text = next(table.blocks, (0, ""))
    return [cells for _, cells in records(text.split("\n") if text else [], table.delimiter, SAMPLE_ROWS)]


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
