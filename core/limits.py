"""Dated values of law, agreement and local rule: those the municipality states, and the country's where it states none."""

from functools import cache
from pathlib import Path

import duckdb

from core.versions import end_versions
from fut.limit import Limit, require_limits
from fut.settings import Settings, exact
from fut.sql import literal
from fut.strict import build, load_yaml

STATED = Path(__file__).with_name("limits.yaml")
CURRENCY = "SEK"
_OWN = "(FROM core_limits o WHERE o.kind = {kind} AND o.role IS NOT DISTINCT FROM {role} AND o.valid_from = {since})"


@cache
def national_limits() -> tuple[Limit, ...]:
    """Return the values that hold where a municipality states none of their kind. Raises ConfigError."""
    rows = load_yaml(STATED).get("limits", ())
    stated = tuple(build(Limit, row, f"{STATED.name}.limits[{i}]") for i, row in enumerate(rows))
    require_limits(stated, STATED.name)
    return stated


def add_limits(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Add to core_limits, which holds those delivered, the settings' and the country's; end each when the next begins."""
    connection.execute("UPDATE core_limits SET role = NULL WHERE role = ''")
    for limit in settings.limits:
        _insert(connection, limit, "NOT EXISTS " + _OWN)
    first = dict(connection.execute("SELECT kind, min(valid_from) FROM core_limits GROUP BY 1").fetchall())
    for limit in national_limits():
        is_ours = limit.amount_sek is None or settings.currency == CURRENCY
        if is_ours and (limit.kind not in first or limit.valid_from < first[limit.kind]):
            _insert(connection, limit, "TRUE")
    end_versions(connection, "core_limits", "kind", "role")


def known_in(*kinds: str, month: str = "booked_month") -> str:
    """Return the condition that some value of the kinds is in force on some day of a row's month."""
    return (
        f"EXISTS (FROM core_limits l WHERE list_contains({literal(list(kinds))}, l.kind) AND {month} BETWEEN "
        "strftime(l.valid_from, '%Y-%m') AND coalesce(strftime(l.valid_to, '%Y-%m'), '9999-12'))"
    )


def _insert(connection: duckdb.DuckDBPyConnection, limit: Limit, where: str) -> None:
    given = {
        "kind": literal(limit.kind), "role": literal(limit.role or None), "since": f"DATE '{limit.valid_from}'",
        "until": f"DATE '{limit.valid_to}'" if limit.valid_to else "NULL",
        "amount": "NULL" if limit.amount_sek is None else exact(limit.amount_sek),
        "hours": "NULL" if limit.hours is None else exact(limit.hours),
        "share": "NULL" if limit.share is None else exact(limit.share),
        "source": literal(limit.source or None), "verified": limit.is_verified,
    }  # fmt: skip
    connection.execute(
        "INSERT INTO core_limits BY NAME SELECT {kind} AS kind, {role} AS role, {amount} AS amount_sek, {hours} AS hours, "
        "{share} AS share, {since} AS valid_from, {until} AS valid_to, {source} AS source, {verified} AS is_verified WHERE "
        f"{where}".format(**given)
    )
