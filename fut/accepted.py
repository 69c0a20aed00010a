"""Which delivered rows count: those of a file in force that break no rule whose breaking is an error.

Of a key that was delivered again, in the same file or a later one, the row delivered last counts.
"""

LATEST_FIRST = "r._delivered_month DESC NULLS LAST, r._source_file DESC, r._source_line DESC"


def accepted(table: str) -> str:
    """Return the relation of a raw table's rows `r` that count, with the delivery `d` of the file each is from."""
    return (
        f"raw_{table} r JOIN deliveries d ON d.source_file = r._source_file AND d.is_in_force ANTI JOIN (FROM quarantine "
        f"WHERE severity = 'error' AND \"table\" = '{table}') q ON q.source_file = r._source_file AND q.source_line = "
        "r._source_line"
    )
