"""The SELECT of each indicator, from the library, for the version a run used; asked for in a process of its own.

Run as `python -m review.exports.code`: the library imports what the server must not carry.
"""

import json
import subprocess
import sys
from functools import cache


@cache
def library() -> dict[str, dict[str, str]]:
    """Return `version` and `sql` of every indicator by code, as this installation has them; empty when unreadable."""
    command = [sys.executable, "-m", "review.exports.code"]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    return json.loads(done.stdout) if done.returncode == 0 else {}


def sql_of(code: str, version: str) -> str:
    """Return the SELECT of one indicator, nothing when this installation has another version of it."""
    known = library().get(code, {})
    return known.get("sql", "") if known.get("version") == version else ""


def _write() -> None:
    from textwrap import dedent

    from indicators import library as stated

    found = {i.code: {"version": i.digest, "sql": dedent(i.sql).strip()} for i in stated().values()}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    _write()
