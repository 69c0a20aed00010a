"""Cutting lines into cells: exactly what a CSV writer wrote comes back, whichever way it goes."""

import csv
import gzip
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fut import reading
from fut.dialect import Dialect
from fut.lines import cut_lines, cut_text, records
from fut.reading import read_table

SIGNS = "abåÄ 0123\"'.,;\t|-\n\u00a0€"
TEXTS = st.text(SIGNS, max_size=12)
TABLES = st.integers(2, 6).flatmap(lambda n: st.lists(st.lists(TEXTS, min_size=n, max_size=n), max_size=12))


def written(rows: list[list[str]], delimiter: str, end: str) -> str:
    stream = io.StringIO(newline="")
    # the writer marks a cell for the line end it writes, not for others
    quoting = csv.QUOTE_ALL if end == "\r" else csv.QUOTE_MINIMAL
    csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return stream.getvalue()


def read_back(
    path: Path, delimiter: str, encoding: str, width: int
) -> tuple[list[list[str]], dict[tuple[str, str], int]]:
    """Return the cells of every row as the stager reads them, and the repairs."""
    header = [f"header {i}" for i in range(width)]
    spoken = Dialect("d", "", encodings=(encoding,), delimiter=delimiter)
    table = read_table(path, spoken, [name.replace(" ", "_") for name in header])
    assert table.header == header
    found: dict[int, list[str]] = {}
    rest: list[str] = []
    block = next(table.blocks, None)
    while block is not None:
        following = next(table.blocks, None)
        first, text = block[0] - len(rest), "\n".join([*rest, block[1]])
        cut = cut_text(text, first, table.delimiter, width, lambda _: False, following is None)
        assert cut.ragged == []
        assert cut.unbalanced == 0
        rest, block = cut.rest, following
        for *cells, line in cut.frame.rows():
            assert line not in found
            found[line] = cells
    assert rest == []
    return [found[line] for line in sorted(found)], table.repairs


@settings(max_examples=120)
@given(
    TABLES, st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]), st.booleans(), st.sampled_from([1 << 20, 40, 7]),
)  # fmt: skip
def test_what_a_csv_writer_wrote_comes_back(
    rows: list[list[str]], delimiter: str, end: str, encoding: str, is_packed: bool, chunk: int
) -> None:
    width = len(rows[0]) if rows else 3
    content = written([[f"header {i}" for i in range(width)], *rows], delimiter, end).encode(encoding)
    expected = [[cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in rows]
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        if chunk < 1 << 20 and encoding != "utf-16":
            # the header must lie in the first block
            patch.setattr(reading, "_CHUNK", len(f"{'header 1,' * width}") + 10 + chunk)
            patch.setattr(reading, "BLOCK_BYTES", chunk)
        path = Path(folder) / "a.csv"
        path.write_bytes(gzip.compress(content) if is_packed else content)
        found, repairs = read_back(path, delimiter, "utf-8" if "utf" in encoding else encoding, width)
    assert found == expected
    assert set(repairs) <= {("", "encoding_utf-16")}


@settings(max_examples=120)
@given(TABLES, st.sampled_from(",;\t|"))
def test_the_fast_and_the_careful_way_agree(rows: list[list[str]], delimiter: str) -> None:
    width = len(rows[0]) if rows else 2
    lines = written(rows, delimiter, "\n").removesuffix("\n").split("\n") if rows else []
    cut = cut_lines(lines, 1, delimiter, width, lambda _: False, True)
    fast = [list(cells) for *cells, _ in sorted(cut.frame.rows(), key=lambda row: row[-1])]
    careful = list(csv.reader(io.StringIO("\n".join(lines), newline=""), delimiter=delimiter))
    assert fast == careful
    assert [cells for _, cells in records(lines, delimiter, len(lines))] == careful


@settings(max_examples=60)
@given(st.lists(st.text('ab," \n', max_size=30), max_size=20))
def test_no_text_however_broken_loses_a_line(lines: list[str]) -> None:
    plain = [part for line in lines for part in line.split("\n")]
    cut = cut_lines(plain, 5, ",", 3, lambda _: False, True)
    kept = "".join("".join(cells) for *cells, _ in cut.frame.rows()) + "".join("".join(c) for _, c in cut.ragged)
    numbers = [line for *_, line in cut.frame.rows()] + [line for line, _ in cut.ragged]
    assert len(numbers) == len(set(numbers))
    assert all(5 <= number < 5 + len(plain) for number in numbers)
    for sign in "ab":
        assert kept.count(sign) == sum(part.count(sign) for part in plain)


def test_a_mark_that_closes_far_below_is_a_stray_one() -> None:
    lines = ['1,"a,2', *(["3,b,4"] * 250), '5,c",6']
    cut = cut_lines(lines, 1, ",", 3, lambda _: False, True)
    assert cut.unbalanced == 2
    assert cut.frame.height == 252


def test_a_cell_cut_off_by_the_block_waits_for_the_next() -> None:
    cut = cut_lines(["1,a,2", '3,"b', "still b"], 10, ",", 3, lambda _: False, False)
    assert cut.rest == ['3,"b', "still b"]
    assert cut.frame.rows() == [("1", "a", "2", 10)]
    again = cut_lines([*cut.rest, 'end",4'], 11, ",", 3, lambda _: False, True)
    assert again.frame.rows() == [("3", "b\nstill b\nend", "4", 11)]


def row_like(cells: list[str]) -> bool:
    return len(cells) == 3 and all(cells[:2])


def test_a_line_inside_a_cell_is_no_row_for_its_marks_alone() -> None:
    cut = cut_lines(['a,"', '","",",', '"'], 1, ",", 4, lambda cells: len(cells) == 4, True)
    assert cut.frame.rows() == [("a", "\n", "", ",\n", 1)]
    assert (cut.ragged, cut.unbalanced) == ([], 0)


@pytest.mark.parametrize("inside", ["d,e,f", 'd,"e,e",f', 'd,5" x 6",f'])
def test_a_whole_row_between_two_stray_marks_stays_a_row(inside: str) -> None:
    cut = cut_lines(['a,b,"c', inside, 'g",h,i'], 1, ",", 3, row_like, True)
    assert [line for *_, line in sorted(cut.frame.rows(), key=lambda row: row[-1])] == [1, 2, 3]
    assert cut.unbalanced == 2
