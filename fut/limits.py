"""Dated values as core holds them: which were in force in a month."""

from collections.abc import Iterable
from typing import Any

import duckdb

from fut.sql import literal


def in_force(
    connection: duckdb.DuckDBPyConnection, kinds: Iterable[str], month: str
) -> dict[str, list[dict[str, Any]]]:
    """Return, by kind, the rows of core_limits in force on some day of the month, in order; none is an empty list.

    A row is its `role`, its `amount_sek`, `hours` or `share` as text, `valid_from`, `valid_to`, `source` and `is_verified`, what
    is not known left out; a municipality's own row that does not say counts as verified.
    """
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in sorted(kinds)}
    if not found:
        return found
    names = ("role", "amount_sek", "hours", "share", "valid_from", "valid_to", "source")
    first = f"DATE '{month}-01'"
    rows = connection.execute(
        f"SELECT kind, coalesce(is_verified, TRUE), {', '.join(f'{name}::VARCHAR' for name in names)} FROM core_limits "
        f"WHERE list_contains({literal(list(found))}, kind) AND valid_from <= last_day({first}) "
        f"AND (valid_to IS NULL OR valid_to >= {first}) ORDER BY kind, min(coalesce(amount_sek, hours, share)) OVER (PARTITION BY "
        "kind, role), role NULLS FIRST, valid_from"
    ).fetchall()
    for kind, is_verified, *values in rows:
        given = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        found[kind].append(given | {"is_verified": is_verified})
    return found
