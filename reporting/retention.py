"""Gallringsrapporten: what is due for erasure, or was erased, as CSV and as one self-contained Swedish page."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from markupsafe import Markup

from fut.errors import StoreError
from fut.retention import Rule
from reporting import format as f
from reporting.csv_text import lines
from reporting.html import environment, security_policy, style_sheet

KINDS = {"inbox": "Inkommen fil", "warehouse": "Lagrets rader", "published": "Publicerad månad"}
COUNTED = {"month": "månadens utgång", "calendar_year": "kalenderårets utgång"}
HEADINGS = ("Slag", "Månad", "Vad", "Rader", "Byte", "Betalningar som behålls", "Frist", "Grund")


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to erase: what it is, rows and bytes that go, payments that stay since officers need them, its rule."""

    month: str
    what: str
    rows: int
    bytes: int
    kept: int
    rule: Rule

    @property
    def kind(self) -> str:
        """Return what kind of material it is, in Swedish."""
        return KINDS[self.rule.kind]

    @property
    def term(self) -> str:
        """Return how long it is kept, in Swedish."""
        return f"{f.plural(self.rule.keep_months, 'månad', 'månader')} från {COUNTED[self.rule.counted_from]}"

    @property
    def ground(self) -> str:
        """Return what the rule rests on; a proposal says that it is one."""
        return (
            self.rule.ground
            if self.rule.is_verified
            else f"{self.rule.ground} (förslag, inte beslutat i gallringsplan)"
        )


def csv_text(due: Sequence[Due]) -> str:
    """Return the list as CSV that a spreadsheet opens as text."""
    rows = ((one.kind, one.month, one.what, one.rows, one.bytes, one.kept, one.term, one.ground) for one in due)
    return "".join(lines(HEADINGS, rows))


def html_text(municipality: str, due: Sequence[Due], today: date, is_applied: bool) -> str:
    """Return the report as a page; `is_applied` tells one written before an erasure from one that only looks."""
    style = style_sheet()
    sums: dict[str, list[int]] = {}
    for one in due:
        held = sums.setdefault(one.kind, [0, 0, 0])
        sums[one.kind] = [held[0] + 1, held[1] + one.rows, held[2] + one.bytes]
    return (
        environment()
        .get_template("retention.html")
        .render(
            municipality=municipality,
            due=due,
            sums=sums,
            grounds=sorted({(one.kind, one.term, one.ground) for one in due}),
            today=today,
            is_applied=is_applied,
            style=Markup(style),  # noqa: S704 - our own file
            policy=security_policy(style),
        )
    )


def write_report(
    folder: Path, municipality: str, due: Sequence[Due], today: date, is_applied: bool
) -> tuple[Path, str]:
    """Write both files beside earlier ones; returns the page's path and the list's SHA-256. Raises StoreError."""
    stem = ("gallrat-" if is_applied else "gallringsrapport-") + today.isoformat()
    listed = csv_text(due)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        number, path = 1, folder / f"{stem}.html"
        while is_applied and path.exists():  # what was erased is told of for good
            number, path = number + 1, folder / f"{stem}-{number + 1}.html"
        path.write_text(html_text(municipality, due, today, is_applied), "utf-8")
        path.with_suffix(".csv").write_bytes(listed.encode())
    except OSError as error:
        raise StoreError(f"{folder.name}: cannot be written ({error.strerror})") from None
    return path, hashlib.sha256(listed.encode()).hexdigest()
