"""Values as SQL text."""

from collections.abc import Iterable


def literal(value: str | float | list[str] | None) -> str:
    """Return a value as SQL text: bound parameters cost a second of imports at their first use."""
    if value is None:
        return "NULL"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]::VARCHAR[]"
    return str(value) if isinstance(value, int | float) else "'" + value.replace("'", "''") + "'"


def among(text: str, words: Iterable[str]) -> str:
    """Return the condition that `text`, an SQL expression, is one of the words."""
    # a list, since DuckDB plans IN as a join, which costs a second for a handful of rows
    return f"list_contains({literal(list(words))}, {text})"
