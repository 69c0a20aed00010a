"""Tokens in the place of identities while files are staged: each distinct value once, and how many rows it changed."""

from collections.abc import Iterator

import polars as pl

from fut.contract import Contract
from fut.dialect import Dialect
from fut.pseudonym import MAY_HOLD, Pseudonymiser

Known = dict[tuple[str, str], dict[str, str | None]]
"""By kind of pseudonym and source: what each value becomes, None when it stays; shared by the loads of an ingest."""
Changed = list[tuple[int, str, int]]
"""(number of the file, column, rows)."""


class Tokens:
    """What the values of one source and table become; `known` is shared with other tables."""

    def __init__(
        self, pseudonyms: Pseudonymiser, dialect: Dialect, target: Contract, namespace: str, known: Known
    ) -> None:
        self._pseudonyms, self._known, self._namespace = pseudonyms, known, namespace
        self._is_late = bool(dialect.padded)
        self.kinds = {c.name: str(c.said("pseudonym")) for c in target.columns if c.said("pseudonym")}

    def of(self, kind: str, values: dict[str, str]) -> dict[str, str]:
        """Return tokens by cell for `values`, read by cell; what another table had before is not made again."""
        known = self._known.setdefault((kind, self._namespace), {})
        new = [value for value in dict.fromkeys(values.values()) if value not in known]
        made = self._pseudonyms.map_distinct(new, self._pseudonyms.method(kind, self._namespace))
        known |= dict.fromkeys(new) | made
        return {cell: token for cell, value in values.items() if (token := known[value]) is not None}

    def put(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, Changed] | None:
        """Return rows of read cells with tokens in them, and where they are; None when it is too early.

        An id that may have lost zeros is known once all rows of its source are.
        """
        if self._is_late:
            return None
        new: dict[str, pl.Series] = {}
        changed: Changed = []
        for name in (name for name in self.kinds if name in rows.columns):
            cells = rows[name]
            tokens = self.of(self.kinds[name], {value: value for value in _candidates(cells, self.kinds[name])})
            if tokens:
                new[name] = cells.replace(list(tokens), list(tokens.values()))
                changed += [(file, name, count) for file, count in _changed_rows(rows["_file"], cells, new[name])]
        return rows.with_columns(**new), changed


def _candidates(cells: pl.Series, kind: str) -> list[str]:
    values = cells.drop_nulls()
    return (
        (values.filter(values.str.contains(MAY_HOLD[kind])) if kind in MAY_HOLD else values).unique().sort().to_list()
    )


def _changed_rows(files: pl.Series, old: pl.Series, new: pl.Series) -> Iterator[tuple[int, int]]:
    yield from files.filter((old != new).fill_null(value=False)).value_counts().iter_rows()
