"""What commands print: tables, text without control characters, progress of long work."""

import shutil
import sys
import unicodedata
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager

WIDEST = 160
CORE_STEPS = 20
"""Steps that building core calls out, about: what a bar is drawn by."""


def clean(text: object) -> str:
    """Return text on one line in which nothing can steer a terminal, whatever the ledger holds."""
    shown = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in str(text))
    return " ".join(shown.split(" "))


def width() -> int:
    """Return how many columns there are; a pipe has as many as are useful."""
    return min(shutil.get_terminal_size((120, 40)).columns, WIDEST) if sys.stdout.isatty() else WIDEST


def of_no_source(files: Sequence[str]) -> str:
    """Return the line that names files which no source reads, nor anyone has filled in."""
    return f"Of no source, or not filled in ({len(files)}): {_named(files)}"


def gone(files: Sequence[str]) -> str:
    """Return the line that tells of files which left the inbox after they were loaded; "" when none did."""
    if not files:
        return ""
    how = "to take rows out, deliver a file of that name with its heading row alone"
    return f"Files that left the inbox still count ({len(files)}): {_named(files)}; {how}\n"


def _named(files: Sequence[str]) -> str:
    return ", ".join(map(clean, files[:10])) + (" ..." if len(files) > 10 else "")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
    """Print a table; a column whose heading begins with `>` is of numbers and stands to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(
        box=SIMPLE_HEAD, show_edge=False, title=title or None, title_justify="left", title_style="bold", pad_edge=False
    )
    for column in columns:
        is_number = column.startswith(">")
        drawn.add_column(column.lstrip(">"), justify="right" if is_number else "left", no_wrap=is_number)
    for row in rows:
        drawn.add_row(*(Text(clean(cell)) for cell in row))
    Console(width=width(), highlight=False).print(drawn)


def heading(text: str) -> None:
    """Print a heading."""
    print(f"\n{clean(text)}\n{'-' * len(clean(text))}")


def bullets(texts: Iterable[str], mark: str = "-") -> None:
    """Print texts as a list, wrapped to the width."""
    import textwrap

    for text in texts:
        print(textwrap.fill(clean(text), width(), initial_indent=f"{mark} ", subsequent_indent="  "))


@contextmanager
def progress(steps: int) -> Generator[Callable[[str], None]]:
    """Yield what a long work calls with the name of each step; a bar is drawn only where a person is watching."""
    if not sys.stderr.isatty():
        yield lambda name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=steps)

        def advance(name: str) -> None:
            done = bar.tasks[task].completed + 1
            bar.update(task, completed=done, total=max(bar.tasks[task].total or 0, done), description=clean(name))

        yield advance
