"""The file in which the officers' application hands its outcomes to the next run, and the log head it carries.

`granskningsutfall.csv` in the inbox: a first line naming the newest entry of the decisions log (number and hash), then the columns
of `raw/outcomes`. The head goes on into the run's manifest, so that a log written anew afterwards is found out.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from fut.errors import InputError, did_you_mean

NAME = "granskningsutfall.csv"
COLUMNS = (
    "outcome_id", "payment_id", "flag_ids", "case_id", "decided_at", "decided_by_ref", "arm", "verdict",
    "was_worth_looking", "error_sek", "cause", "intent", "explanation_code", "demanded_sek", "recovered_sek",
    "spent_minutes", "supersedes_outcome_id",
)  # fmt: skip
NEEDED = ("outcome_id", "payment_id", "decided_at", "arm", "verdict")
_HEAD = re.compile(r"# log ([0-9]+) ([0-9a-f]{64})")


def outcomes_text(rows: Iterable[Mapping[str, Any]], seq: int, head: str) -> str:
    """Return the file's text; a missing value is an empty cell."""
    out = io.StringIO()
    out.write(f"# log {seq} {head}\n")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def log_head(path: Path) -> dict[str, Any] | None:
    """Return the decisions log's head that a file names, None when there is no such file or it names none."""
    try:
        with path.open(encoding="utf-8") as file:
            found = _HEAD.fullmatch(file.readline(200).rstrip("\n"))
    except (OSError, UnicodeDecodeError):
        return None
    return {"seq": int(found[1]), "hash": found[2]} if found else None


def read_outcomes(path: Path) -> dict[int, dict[str, str]]:
    """Return the file's outcomes by line, as text; raises InputError naming file, line and column."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise InputError(f"{path.name}: cannot be read as UTF-8 text") from None
    skipped = 1 if text.startswith("#") else 0
    if skipped and not _HEAD.fullmatch(text.partition("\n")[0]):
        raise InputError(
            f"{path.name}, line 1: is not as the application wrote it; a spreadsheet that saves it damages ids, so remove "
            "it and let `fut outcomes` write it anew"
        )
    reader = csv.reader(io.StringIO(text.partition("\n")[2] if skipped else text, newline=""))
    headings = next(reader, [])
    for name in headings:
        if name not in COLUMNS:
            raise InputError(
                f"{path.name}, line {skipped + 1}: unknown column '{name[:40]}'{did_you_mean(name, COLUMNS)}"
            )
    lost = [name for name in NEEDED if name not in headings]
    if lost:
        raise InputError(f"{path.name}: no column '{lost[0]}'{did_you_mean(lost[0], headings)}")
    found = {}
    for cells in reader:
        line = skipped + reader.line_num
        if len(cells) != len(headings):
            raise InputError(f"{path.name}, line {line}: {len(cells)} cells under {len(headings)} headings")
        found[line] = dict(zip(headings, cells, strict=True))
    return found
