"""Which dialect a file speaks, judged by its header alone: proposed, never chosen."""

from pathlib import Path

from fut.dialect import Dialect, load_dialects
from fut.errors import ConfigError, InputError
from fut.reading import read_table

Fit = tuple[str, list[str], list[str]]
SIGNS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}


def suggest_dialect(path: Path) -> list[Fit]:
    """Return (dialect, columns matched, columns missing) of every dialect that knows a header of the file, best first.

    Raises InputError when no dialect can read the file at all.
    """
    fits: list[Fit] = []
    error: InputError | None = None
    for spoken in load_dialects().values():
        try:
            target = spoken.contract_for(path.name)
            header = read_table(path, spoken, list(spoken.header_names(target))).header
        except InputError as unreadable:
            error = unreadable
            continue
        except ConfigError:
            continue  # a canonical file is named after its table: this one is not
        error = None
        if mapped := spoken.map_header(header, target):
            fits.append((spoken.dialect, sorted(mapped), spoken.missing(mapped, target)))
    if error and not fits:
        raise error
    return sorted(fits, key=_rank)


def hint(header: list[str], own: Dialect) -> str:
    """Return the end of an error message: the dialect a header fits, or comes nearest to; empty when none."""
    for delimiter in SIGNS if len(header) == 1 and own.table else ():
        cells, target = header[0].split(delimiter), own.contract_for("")
        if not own.missing(own.map_header(cells, target), target):
            return f"; its cells are parted by {SIGNS[delimiter]}, not {SIGNS.get(own.delimiter[0], own.delimiter[0])}: was it saved by another program?"
    fits: list[Fit] = []
    for spoken in load_dialects().values():
        if spoken.table and spoken.dialect != own.dialect:
            target = spoken.contract_for("")
            split = [header[0].split(delimiter) for delimiter in spoken.delimiter] if len(header) == 1 else [header]
            for cells in split:
                mapped = spoken.map_header(cells, target)
                fits.append((spoken.dialect, sorted(mapped), spoken.missing(mapped, target)))
    if not fits:
        return ""
    if whole := sorted({f"'{name}'" for name, _, missing in fits if not missing}):
        return f"; it fits {' and '.join(whole)}"
    name, matched, missing = min(fits, key=_rank)
    return f"; nearest dialect '{name}' lacks {', '.join(missing)}" if len(matched) > 2 else ""


def _rank(fit: Fit) -> tuple[int, int, str]:
    return len(fit[2]), -len(fit[1]), fit[0]
