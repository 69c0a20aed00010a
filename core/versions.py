"""Versions of a dated row: each holds until the next of the same key begins, whether or not it says when it ends."""

import duckdb


def end_versions(connection: duckdb.DuckDBPyConnection, table: str, *key: str) -> None:
    """End each row of a core table the day before the next of its `key` begins, where it would hold longer.

    An amended decision comes as a new row; its older one often keeps an empty or a later last day.
    """
    columns = ", ".join(key)
    same = " AND ".join(f"n.{name} IS NOT DISTINCT FROM {table}.{name}" for name in (*key, "valid_from"))
    connection.execute(
        f"UPDATE {table} SET valid_to = n.next_from - 1 FROM (SELECT {columns}, valid_from, lead(valid_from) OVER "
        f"(PARTITION BY {columns} ORDER BY valid_from) AS next_from FROM {table}) n WHERE {same} "
        f"AND coalesce({table}.valid_to >= n.next_from, n.next_from IS NOT NULL)"
    )
