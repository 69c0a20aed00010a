"""What officers read in a terminal: the list, one payment, the report's files."""

import errno
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from commands._screen import clean, progress
from reporting import excel
from reporting.model import Snapshot, load_snapshot
from tests.reporting.sample import MONTH


@pytest.fixture
def snapshot(published: Path) -> Snapshot:
    """Return the published month as records."""
    return load_snapshot(published.parent / "var/published/bjorklunda" / MONTH / "r-5f2c91")


def test_the_list_shows_the_first_by_rank_and_counts_the_rest(
    fut: Callable, published: Path, snapshot: Snapshot
) -> None:
    said = fut("list", "--settings", published, "--top", 3)
    assert said.code == 0
    assert [p.payment_id in said.out for p in snapshot.listed] == [True] * 3 + [False] * 6
    assert "oktober 2026" in said.out.replace("\u00a0", " ")
    assert "9 betalningar på listan" in said.out.replace("\u00a0", " ")
    assert "aldrig en misstanke" in said.out
    doubted = next(line for line in said.out.splitlines() if line.startswith("Ifrågasätts"))
    assert "SP24" in doubted
    assert "SP02" not in doubted


def test_the_list_never_shows_what_was_drawn_by_lot(fut: Callable, published: Path, snapshot: Snapshot) -> None:
    said = fut("list", "--settings", published, "--top", 100)
    assert len(snapshot.control) == 2
    assert [p.payment_id for p in snapshot.control if p.payment_id in said.out] == []
    assert "2 dragna med lott" in said.out.replace("\u00a0", " ")


def test_the_list_as_excel(fut: Callable, published: Path, snapshot: Snapshot, tmp_path: Path) -> None:
    said = fut("list", "--settings", published, "--xlsx", tmp_path / "lista.xlsx")
    assert said.out.strip() == str(tmp_path / "lista.xlsx")
    book = openpyxl.load_workbook(tmp_path / "lista.xlsx")
    cells = {str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row}
    assert snapshot.listed[0].payment_id in cells


def test_a_folder_that_cannot_be_written_is_exit_5(fut: Callable, published: Path, tmp_path: Path) -> None:
    said = fut("list", "--settings", published, "--xlsx", tmp_path / "no/such/folder/lista.xlsx")
    assert said.code == 5
    assert said.err == "fut: lista.xlsx: cannot be written (No such file or directory)\n"


def test_a_list_that_a_program_holds_open_is_exit_5(
    fut: Callable, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(excel, "write_whole", held)
    said = fut("list", "--settings", published, "--xlsx", tmp_path / "lista.xlsx")
    assert said.code == 5
    assert said.err == "fut: lista.xlsx: cannot be written (Permission denied; is it open in another program?)\n"


def test_a_list_that_somebody_has_filled_in_is_not_written_over(fut: Callable, published: Path, tmp_path: Path) -> None:
    path = tmp_path / "lista.xlsx"
    assert [fut("list", "--settings", published, "--xlsx", path).code for _ in range(2)] == [0, 0]
    book = openpyxl.load_workbook(path)
    headings = [cell.value for cell in book["Lista"][1]]
    for name, said in (("Utfall", "Förklarad"), ("Granskad", "2026-11-22"), ("Handläggare", "AB")):
        book["Lista"].cell(2, headings.index(name) + 1, said)
    book.save(path)
    filled = path.read_bytes()
    said = fut("list", "--settings", published, "--xlsx", path)
    assert (said.code, path.read_bytes()) == (5, filled)
    assert (
        said.err
        == "fut: lista.xlsx: outcomes are filled in; move it into the inbox, or away, and write the list again\n"
    )
    path.write_bytes(b"half a workbook")
    assert fut("list", "--settings", published, "--xlsx", path).code == 5
    assert path.read_bytes() == b"half a workbook"


def test_a_month_not_published_says_what_to_do(fut: Callable, published: Path, settings: Path) -> None:
    said = fut("list", "--settings", published, "--month", "2026-09")
    assert said.code == 3
    assert said.err == "fut: 2026-09 is not published for Björklunda: run `fut run` first\n"


def test_nothing_published_says_what_to_do(fut: Callable, settings: Path) -> None:
    said = fut("report", "--settings", settings)
    assert said.code == 3
    assert said.err == "fut: nothing is published for Björklunda: run `fut run` first\n"


def test_a_payment_is_explained_by_id_rank_and_flag(fut: Callable, published: Path, snapshot: Snapshot) -> None:
    payment = snapshot.listed[1]
    by_id = fut("explain", payment.payment_id, "--settings", published)
    assert by_id.code == 0
    assert fut("explain", "2", "--settings", published).out == by_id.out
    for reason in payment.reasons:
        assert reason.code in by_id.out
        assert snapshot.indicators[reason.code].do.split()[0] in by_id.out
    assert "Lagliga förklaringar att utesluta först" in by_id.out
    assert "Underlag" in by_id.out
    one = fut("explain", payment.flags[0].flag_id, "--settings", published)
    assert one.code == 0
    assert payment.flags[0].code in one.out


def test_a_flag_shows_its_own_reason_alone(fut: Callable, published: Path, snapshot: Snapshot) -> None:
    payment = next(p for p in snapshot.listed if len({f.code for f in p.flags}) > 1)
    flag, other = payment.flags[0], next(f for f in payment.flags if f.code != payment.flags[0].code)
    said = fut("explain", flag.flag_id, "--settings", published).out
    assert f"\n{flag.code} " in said
    assert f"\n{other.code} " not in said


def test_a_payment_drawn_by_lot_is_shown_without_reasons(fut: Callable, published: Path, snapshot: Snapshot) -> None:
    said = fut("explain", snapshot.control[0].payment_id, "--settings", published).out
    assert "dragen med lott" in said
    assert "Rang" not in said
    assert "Skäl" not in said


def test_a_payment_not_listed_is_exit_2(fut: Callable, published: Path) -> None:
    said = fut("explain", "F0", "--settings", published)
    assert said.code == 2
    assert "no payment, rank or flag 'F0'" in said.err


def test_the_report_is_two_files_under_var(fut: Callable, published: Path) -> None:
    said = fut("report", "--settings", published)
    folder = published.parent / "var/reports/bjorklunda" / MONTH
    assert said.out.split("\n")[:2] == [str(folder / f"lista-{MONTH}-r-5f2c91.xlsx"), str(folder / "rapport.html")]
    assert (folder / "rapport.html").read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Björk & Söner AB", "Björk & Söner AB"),
        ("\x1b[31mred\x1b[0m", " [31mred [0m"),
        ("two\nlines\r\n", "two lines  "),
        ("left\u202eright", "left right"),
        ("bell\x07", "bell "),
    ],
)
def test_nothing_in_a_ledger_steers_the_terminal(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_a_name_that_looks_like_markup_is_shown_as_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    from commands._screen import table

    table(["Name"], [["[bold]AB[/bold]"], ["\x1b[2J"]])
    out = capsys.readouterr().out
    assert "[bold]AB[/bold]" in out
    assert "\x1b" not in out


def test_progress_is_drawn_only_where_a_person_is_watching(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with progress(2) as tick:
        tick("SP01")
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with progress(1) as tick:
        tick("file.csv")
        tick("[bold]SP01\x1b[2J")  # more steps than foretold, and a name that would steer the terminal
    told = capsys.readouterr()
    assert told.out == ""
    assert "\x1b[2J" not in told.err
    assert "2/2" in told.err
