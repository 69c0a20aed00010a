"""Rows that two files of a ledger both hold are refused, and what only looks like it loads."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from fut.errors import InputError
from fut.settings import Source
from tests.fut.inbox_tools import Inbox, posting, spec_file
from tests.fut.test_redelivery import orebro_file

JANUARY = [posting(n, datum="2026-01-10") for n in range(40)]
FEBRUARY = [posting(n, datum="2026-02-10") for n in range(40)]


def test_the_same_file_under_two_names_is_refused_and_changes_nothing(inbox: Inbox) -> None:
    inbox.put("a.csv", spec_file(posting(1), posting(2)))
    inbox.load()
    before = inbox.state()
    inbox.put("kopia.csv", spec_file(posting(1), posting(2)))
    with pytest.raises(InputError, match=r"kopia\.csv: 2 of its 2 rows are in a\.csv too and would count twice"):
        inbox.load()
    assert inbox.state() == before


def test_files_whose_months_overlap_are_refused_until_one_is_cut(inbox: Inbox) -> None:
    inbox.put("januari.csv", spec_file(*JANUARY))
    inbox.put("tertial.csv", spec_file(*JANUARY, *FEBRUARY))
    with pytest.raises(InputError, match=r"tertial\.csv: 40 of its 80 rows are in januari\.csv too"):
        inbox.load()
    inbox.put("januari.csv", spec_file())
    inbox.load()
    assert inbox.rows("SELECT count(*) FROM raw_ap_postings") == [(80,)]


def test_months_of_like_postings_and_a_few_late_ones_load(inbox: Inbox) -> None:
    inbox.put("a.csv", spec_file(*JANUARY))
    inbox.put("b.csv", spec_file(*FEBRUARY, *JANUARY[:3]))
    inbox.put("c.csv", spec_file())
    inbox.put("d.csv", spec_file())
    inbox.load()
    assert inbox.rows("SELECT count(*) FROM raw_ap_postings") == [(83,)]


@pytest.mark.parametrize(
    ("shared", "of", "is_refused"), [(9, 40, False), (10, 40, True), (10, 200, True), (10, 201, False)]
)
def test_ten_rows_and_a_twentieth_of_the_smaller_file_are_too_many(
    inbox: Inbox, shared: int, of: int, is_refused: bool
) -> None:
    inbox.put("a.csv", spec_file(*(posting(n, datum="2026-01-10") for n in range(of + 5))))
    others = [posting(n, datum="2026-01-10") for n in range(1000, 1000 + of - shared)]
    inbox.put("b.csv", spec_file(*(posting(n, datum="2026-01-10") for n in range(shared)), *others))
    if not is_refused:
        inbox.load()
        return
    with pytest.raises(InputError, match=rf"b\.csv: {shared} of its {of} rows are in a\.csv too"):
        inbox.load()


def test_the_same_postings_in_the_ledgers_of_two_sources_are_two(inbox: Inbox) -> None:
    ledgers = (Source("ledger", "lankadedata-1.1", "a*"), Source("other", "lankadedata-1.1", "b*"))
    inbox.settings = replace(inbox.settings, sources=ledgers)
    inbox.put("a.csv", spec_file(*JANUARY))
    inbox.put("b.csv", spec_file(*JANUARY, *FEBRUARY))
    inbox.put("b2.csv", spec_file(*FEBRUARY[:9]))
    inbox.load()
    assert inbox.rows("SELECT count(*) FROM raw_ap_postings") == [(129,)]


@pytest.mark.parametrize("column", ["verifikationsnummer", "leverantor_id", "forvaltning", "konto_nr", "fakturanummer"])
def test_like_postings_that_differ_in_one_column_are_others(inbox: Inbox, column: str) -> None:
    other = {"leverantor_id": "556047-1236"}.get(column, "9999")
    inbox.put("a.csv", spec_file(*JANUARY))
    inbox.put(
        "b.csv",
        spec_file(
            *(posting(n, datum="2026-01-10", **{column: f"{other}{n if other == '9999' else ''}"}) for n in range(40))
        ),
    )
    inbox.load()
    assert inbox.rows("SELECT count(*) FROM raw_ap_postings") == [(80,)]


def test_one_file_of_two_ledgers_is_two_ledgers_alike(inbox: Inbox) -> None:
    ledgers = (Source("ledger", "lankadedata-1.1", "a*"), Source("other", "lankadedata-1.1", "b*"))
    inbox.settings = replace(inbox.settings, sources=ledgers)
    for name in ("a.csv", "b.csv"):
        inbox.put(name, spec_file(*JANUARY))
    inbox.load()
    assert inbox.rows("SELECT count(*) FROM raw_ap_postings") == [(80,)]


@pytest.mark.parametrize(("shared", "is_refused"), [(9, False), (10, True)])
def test_a_row_that_one_file_has_twice_is_shared_once(inbox: Inbox, shared: int, is_refused: bool) -> None:
    inbox.put("a.csv", spec_file(*JANUARY[:shared]))
    inbox.put("b.csv", spec_file(*[row for row in JANUARY[:shared] for _ in (1, 2)], *FEBRUARY))
    if not is_refused:
        inbox.load()
        return
    with pytest.raises(InputError, match=r"b\.csv: 10 of its 60 rows are in a\.csv too"):
        inbox.load()


@pytest.mark.parametrize(("own", "strays", "is_refused"), [(10, 10, True), (11, 10, False), (9, 9, False)])
def test_half_of_a_month_and_ten_rows_of_the_one_before_are_too_many(
    make_inbox: Callable[[str], Inbox], own: int, strays: int, is_refused: bool
) -> None:
    inbox = make_inbox("devon")
    january = [devon_row(n, "10/01/2026") for n in range(40)]
    inbox.put("DCCSpendingOver500_202601.csv", devon_file(*january))
    february = [devon_row(n, "10/02/2026") for n in range(own)]
    inbox.put("DCCSpendingOver500_202602.csv", devon_file(*february, *january[:strays]))
    if not is_refused:
        inbox.load()
        return
    with pytest.raises(InputError, match=r"_202602\.csv: 10 of its 20 rows are in"):
        inbox.load()


def test_a_month_delivered_again_under_a_longer_name_replaces_it(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("orebro")
    inbox.put("Orebro_2026-03.csv", orebro_file(*["100,00"] * 20))
    inbox.put("Orebro_2026-03_kopia.csv", orebro_file(*["100,00"] * 20))
    inbox.load()
    inbox.put("Orebro_2026-04.csv", orebro_file(*["100,00"] * 20))
    with pytest.raises(InputError, match=r"Orebro_2026-04\.csv: 20 of its 20 rows"):
        inbox.load()


def test_a_month_saved_again_as_another_with_one_line_changed_is_refused(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("devon")
    january = [devon_row(n, f"{n % 27 + 1:02d}/01/2026") for n in range(40)]
    february = [devon_row(n, f"{n % 27 + 1:02d}/02/2026") for n in range(40)]
    inbox.put("DCCSpendingOver500_202601.csv", devon_file(*january))
    inbox.put("DCCSpendingOver500_202602.csv", devon_file(*february[:21], *january[:19]))
    inbox.load()
    inbox.put("DCCSpendingOver500_202602.csv", devon_file(*february[:20], *january[:20]))
    with pytest.raises(InputError, match=r"_202602\.csv: 20 of its 40 rows are in DCCSpendingOver500_202601\.csv too"):
        inbox.load()
    inbox.put("DCCSpendingOver500_202602.csv", devon_file(*january[:-1], devon_row(99, "08/01/2026")))
    with pytest.raises(InputError, match=r"_202602\.csv: 39 of its 40 rows are in DCCSpendingOver500_202601\.csv too"):
        inbox.load()


def devon_row(n: int, day: str) -> str:
    return f"18,Devon County Council,{day},V{n},F{n},{500 + n}.00,Firm {n % 5},{n % 5},,Works,Repairs,2251,B"


def devon_file(*rows: str) -> str:
    header = "Body,Name of Body,Date,Transaction Number,Invoice Number,Amount,Supplier Name,Supplier ID,VAT Reg no"
    return "\n".join([f"{header},Expense Area,Expense Type,Expense Code,Creditor Type", *rows]) + "\n"


@pytest.mark.parametrize(
    "rows", [[*JANUARY, *JANUARY], [row for row in JANUARY for _ in (1, 2)]], ids=["below", "each"]
)
def test_an_export_with_its_rows_twice_in_one_file_is_refused_and_changes_nothing(
    inbox: Inbox, rows: list[str]
) -> None:
    before = inbox.state()
    inbox.put("januari.csv", spec_file(*rows))
    with pytest.raises(InputError, match=r"januari\.csv: 80 of its 80 rows stand in it more than once"):
        inbox.load()
    assert inbox.state() == before


@pytest.mark.parametrize(("doubled", "single", "is_refused"), [(10, 10, True), (10, 11, False), (9, 0, False)])
def test_ten_rows_and_half_of_a_file_twice_are_too_many(
    inbox: Inbox, doubled: int, single: int, is_refused: bool
) -> None:
    rows = [row for row in JANUARY[:doubled] for _ in (1, 2)]
    inbox.put("januari.csv", spec_file(*rows, *FEBRUARY[:single]))
    if not is_refused:
        inbox.load()
        return
    with pytest.raises(InputError, match=r"januari\.csv: 20 of its 30 rows stand in it more than once"):
        inbox.load()


def test_a_file_with_some_like_rows_or_one_often_loads(inbox: Inbox) -> None:
    inbox.put("januari.csv", spec_file(*JANUARY, *JANUARY[:12], *[FEBRUARY[0]] * 60))
    inbox.load()
    assert inbox.rows("SELECT count(*) FROM raw_ap_postings") == [(112,)]


def test_rows_that_their_own_months_file_has_too_are_set_aside(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("devon")
    january = [devon_row(n, "10/01/2026") for n in range(100, 140)]
    february = [devon_row(n, "03/02/2026") for n in range(40)]
    # twelve of February's rows came early, one of them twice; two are in no other file, and one is another month's
    early = [
        *february[:12],
        february[0],
        *(devon_row(n, "03/02/2026") for n in (900, 901)),
        devon_row(902, "03/03/2026"),
    ]
    inbox.put("DCCSpendingOver500_202601.csv", devon_file(*january, *early))
    inbox.put("DCCSpendingOver500_202602.csv", devon_file(*february))
    inbox.load()
    assert inbox.rules() == {"in_own_months_file_too": 12}
    query = (
        "SELECT source_file, min(source_line), max(source_line), sum(amount_sek)::INTEGER FROM quarantine GROUP BY 1"
    )
    assert inbox.rows(query) == [("DCCSpendingOver500_202601.csv", 42, 53, 12 * 500 + 66)]


def test_like_rows_of_two_months_stay_and_so_do_rows_without_their_own_file(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("devon")
    strays = [devon_row(n, "03/03/2026") for n in range(12)]
    inbox.put("DCCSpendingOver500_202601.csv", devon_file(*(devon_row(n, "10/01/2026") for n in range(40)), *strays))
    inbox.put("DCCSpendingOver500_202602.csv", devon_file(*(devon_row(n, "10/02/2026") for n in range(40)), *strays))
    inbox.load()
    assert inbox.rules() == {}
