"""Which delivered rows count: those of a file in force that break no rule whose breaking is an error.

Of a key that was delivered again, in the same file or a later one, the row delivered last counts: by the month of its
file, then by the file's name, so that `lines_2026-03_rattad.csv` corrects `lines_2026-03.csv`.
"""

_NAMED = "regexp_extract(r._source_file, '.*(20[0-9][0-9])[-_]?(0[1-9]|1[0-2])', {})"
# a corrected file's name often has more in it than the dialect's pattern for the month
_MONTH = f"coalesce(r._delivered_month, nullif(concat({_NAMED.format(1)}, '-', {_NAMED.format(2)}), '-'), '')"
LATEST = f"({_MONTH}, r._source_file, r._source_line)"
LATEST_FIRST = f"{LATEST} DESC"


def accepted(table: str) -> str:
    """Return the relation of a raw table's rows `r` that count, with the delivery `d` of the file each is from."""
    return (
        f"raw_{table} r JOIN deliveries d ON d.source_file = r._source_file AND d.is_in_force ANTI JOIN (FROM quarantine "
        f"WHERE severity = 'error' AND \"table\" = '{table}') q ON q.source_file = r._source_file AND q.source_line = "
        "r._source_line"
    )
