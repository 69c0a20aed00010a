"""From file to raw table: what any text becomes, and that nothing is bound to how it was read."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Literal

import duckdb
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from fut import stager
from fut.errors import FutError
from fut.settings import Source
from tests.fut.inbox_tools import Inbox, clear, posting, spec_file

WORDS = st.sampled_from(
    ["", "-", "NULL", "n/a", "*", "E+", "1.0", "Åre", "a b", "'", '"', "x,y", "; ", "%s", "{a}", "--"]
)
TEXTS = st.one_of(WORDS, st.text("abÅé '\"\\,;%{}$€-\u00a0\n", max_size=10))
EMPTY = {"", "NULL", "null", "-", "n/a", "N/A", "#N/A"}
COLUMNS = ("supplier_id", "name", "city", "email_domain")


def expected(text: str) -> str | None:
    text = text.strip()
    return None if text in EMPTY else text


def reads_as_row(line: str) -> bool:
    """Whether a line alone has the cells of a row."""
    try:
        return len(next(csv.reader([line], strict=True), [])) == len(COLUMNS)
    except csv.Error:
        return False


def has_row_inside(row: tuple[str, ...], quoting: Literal[0, 1]) -> bool:
    """Whether a line in the midst of a row's text, other than its first and last, could be a row itself."""
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=quoting, lineterminator="").writerow(row)
    return any(map(reads_as_row, stream.getvalue().split("\n")[1:-1]))


@settings(max_examples=25)
@example(rows=[("\n", "", ",\n")], is_quoted=True)
@example(rows=[("\n", "a,b,c", ",\n"), ("a\n,,\nb", "x", '"\n"')], is_quoted=False)
@given(rows=st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=8), is_quoted=st.booleans())
def test_any_text_comes_into_the_warehouse_as_it_is(
    rows: list[tuple[str, str, str]],
    is_quoted: bool,
    warehouse: duckdb.DuckDBPyConnection,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    inbox = Inbox(tmp_path_factory.mktemp("any"), warehouse, "canonical")
    cells = [(f"S{i}", *row) for i, row in enumerate(rows)]
    stream = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL
    # ambiguous: a whole row between two lines with a stray quotation mark is text that reads the same, and is kept a row
    assume(not any(has_row_inside(row, quoting) for row in cells))
    csv.writer(stream, quoting=quoting).writerows([COLUMNS, *cells])
    inbox.put("suppliers.csv", stream.getvalue())
    inbox.load()
    found = inbox.rows(f"SELECT {', '.join(COLUMNS)} FROM raw_suppliers ORDER BY _source_line")
    clear(warehouse)
    assert found == [tuple(map(expected, row)) for row in cells]


def test_batches_change_nothing(make_inbox: Callable[[str], Inbox], monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [posting(i, str(i)) for i in range(50)] + [posting(50).replace("2026-03-10", "")] + ["x," * 14]
    inbox = make_inbox("lankadedata-1.1")
    for number in range(3):
        inbox.put(f"a{number}.csv", spec_file(*rows[number * 10 :]).replace("Skola", f"Skola {number}"))
    inbox.load()
    whole = inbox.state()
    assert len(inbox.raw("voucher_no")) == 52 + 42 + 32
    monkeypatch.setattr(stager, "BATCH_ROWS", 7)
    for path in inbox.folder.iterdir():
        path.write_bytes(path.read_bytes() + b"\n")
    inbox.load()
    changed = [table for table in inbox.state() if table not in whole]
    assert [name for name, *_ in changed] == ["deliveries"]  # the hash of the files


def test_money_is_exact_however_much_there_is_of_it(inbox: Inbox) -> None:
    amounts = [f"{i}.{i % 100:02d}" for i in range(1, 3000)] + ["99999999.99", "-0.01"]
    inbox.put("a.csv", spec_file(*(posting(i, amount) for i, amount in enumerate(amounts))))
    inbox.load()
    assert inbox.reconciled() == {"a.csv": (3001, sum(map(Decimal, amounts), Decimal(0)))}


def test_personal_numbers_never_reach_the_warehouse(inbox: Inbox) -> None:
    rows = [
        posting(1, leverantor_id="811218-9876", leverantor="Kalle 811218-9876"), posting(2, leverantor_id="198112189876"),
        posting(3, leverantor_id="16556047-1234"), posting(4, leverantor_id="8112189876.0"),
    ]  # fmt: skip
    inbox.put("a.csv", spec_file(*rows))
    inbox.load()
    names, refs = zip(*inbox.raw("supplier_name", "supplier_ref"), strict=True)
    assert len({refs[0], refs[1], refs[3]}) == 1
    assert refs[0].startswith("P-")
    assert refs[2] == "556047-1234"
    assert names[0] == f"Kalle {refs[0]}"
    dumped = [str(inbox.rows(f"FROM {name}")) for name, *_ in inbox.state()]
    assert not [text for text in dumped if "9876" in text.replace("'9876", "")]
    assert inbox.repairs()["supplier_ref", "normalised_or_token"] == 4


def test_a_load_that_fails_while_writing_leaves_everything_as_it_was(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.put("a.csv", spec_file(posting(1)))
    inbox.load()
    before = inbox.state()
    inbox.put("a.csv", spec_file(posting(2)))
    monkeypatch.setattr("fut.inbox._settle_force", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        inbox.load()
    assert inbox.state() == before
    monkeypatch.undo()
    assert inbox.load().loaded == ["a.csv"]
    assert inbox.raw("voucher_no") == [("V2",)]


def test_one_refused_source_keeps_the_others_out_too(inbox: Inbox) -> None:
    sources = (Source("register", "canonical", "suppliers*"), Source("ledger", "lankadedata-1.1"))
    object.__setattr__(inbox.settings, "sources", sources)
    inbox.put("suppliers.csv", "supplier_id,name\nS1,Bolag AB\n")
    inbox.put("x.csv", b"")
    with pytest.raises(FutError, match=r"x\.csv: is empty"):
        inbox.load()
    assert inbox.state() == []


def test_a_long_query_draws_no_bar_of_its_own(inbox: Inbox) -> None:
    assert inbox.rows("SELECT current_setting('enable_progress_bar')") == [(False,)]
