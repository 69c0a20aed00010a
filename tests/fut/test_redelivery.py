"""The same file again, a corrected one, a second one for its month, and rows that come late."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from core.build import build_core
from fut.errors import FutError
from fut.evaluate import empty_core
from fut.inbox import ingest
from fut.pseudonym import Pseudonymiser
from fut.settings import Source
from tests.fut.inbox_tools import Inbox, posting, spec_file

OREBRO = "forvaltning;leverantor;leverantor_id;fakturanr;konto_nr;konto_text;belopp"


def orebro_file(*amounts: str) -> str:
    return "\n".join([OREBRO, *(f"Skola;Bolag AB;556047-1234;F{i};4010;Mat;{a}" for i, a in enumerate(amounts))])


def test_the_same_file_again_is_skipped(inbox: Inbox) -> None:
    inbox.put("a.csv", spec_file(posting(1)))
    assert inbox.load().loaded == ["a.csv"]
    before = inbox.state()
    again = inbox.load()
    assert (again.loaded, again.unchanged, again.months) == ([], ["a.csv"], set())
    assert inbox.state() == before


def test_a_corrected_file_replaces_what_its_name_held(inbox: Inbox) -> None:
    inbox.put("a.csv", spec_file(posting(1), posting(2, "10.00"), posting(3, leverantor="*")))
    inbox.put("b.csv", spec_file(posting(4)))
    assert inbox.load().months == {"2026-03"}
    inbox.put("a.csv", spec_file(posting(1), posting(2, "12.00", datum="2026-04-01")))
    loaded = inbox.load()
    assert (loaded.loaded, loaded.unchanged) == (["a.csv"], ["b.csv"])
    assert loaded.months == {"2026-03", "2026-04"}
    assert inbox.reconciled() == {"a.csv": (2, Decimal("112.50")), "b.csv": (1, Decimal("100.50"))}
    assert inbox.repairs() == {}
    assert inbox.rows("SELECT count(*) FROM deliveries") == [(2,)]


def test_a_file_that_left_the_inbox_is_named_and_a_bare_heading_takes_its_rows_out(inbox: Inbox) -> None:
    inbox.put("a.csv", spec_file(posting(1)))
    path = inbox.put("b.csv", spec_file(posting(2)))
    assert inbox.load().gone == []
    path.unlink()
    loaded = inbox.load()
    assert (loaded.gone, loaded.unchanged) == (["b.csv"], ["a.csv"])
    assert len(inbox.raw("voucher_no")) == 2
    inbox.put("b.csv", spec_file())
    assert inbox.load().gone == []
    assert inbox.raw("voucher_no") == [("V1",)]


def test_a_warehouse_never_holds_tokens_of_two_keys(inbox: Inbox) -> None:
    person = posting(1, leverantor_id="19811218-9876")
    inbox.put("a.csv", spec_file(person))
    ingest(inbox.connection, inbox.settings, Pseudonymiser(b"1" * 32))
    inbox.put("b.csv", spec_file(person, posting(2)))
    before = inbox.state()
    with pytest.raises(FutError, match="the pseudonym key is not the one") as caught:
        ingest(inbox.connection, inbox.settings, Pseudonymiser(b"2" * 32))
    assert caught.value.exit_code == 4
    assert inbox.state() == before
    ingest(inbox.connection, inbox.settings, Pseudonymiser(b"1" * 32))
    assert len(set(inbox.raw("supplier_ref"))) == 2


def test_the_months_of_a_corrected_file_are_those_it_held_too(inbox: Inbox) -> None:
    inbox.put("a.csv", spec_file(posting(1), posting(2, datum="2026-01-31")))
    inbox.load()
    inbox.put("a.csv", spec_file(posting(1)))
    assert inbox.load().months == {"2026-01", "2026-03"}


def test_a_later_file_for_the_month_is_in_force_and_the_older_counted(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("orebro")
    inbox.put("orebro_2026-03.csv", orebro_file("100,00", "50,00"))
    inbox.put("orebro_2026-04.csv", orebro_file("7,00"))
    inbox.load()
    inbox.put("orebro_2026-03_v2.csv", orebro_file("100,00", "40,00", "1,00"))
    loaded = inbox.load()
    assert loaded.months == {"2026-03"}
    assert inbox.reconciled() == {
        "orebro_2026-03.csv": (2, Decimal("150.00")), "orebro_2026-03_v2.csv": (3, Decimal("141.00")),
        "orebro_2026-04.csv": (1, Decimal("7.00")),
    }  # fmt: skip
    assert inbox.rows(
        "SELECT source_file, is_in_force, rows_superseded, sek_superseded, rows_core FROM reconciliation ORDER BY 1"
    ) == [
        ("orebro_2026-03.csv", False, 2, Decimal("150.00"), 0), ("orebro_2026-03_v2.csv", True, 0, Decimal("0.00"), 3),
        ("orebro_2026-04.csv", True, 0, Decimal("0.00"), 1),
    ]  # fmt: skip
    assert inbox.rows("SELECT sum(amount_sek) FROM core_payments WHERE booked_month = '2026-03'") == [
        (Decimal("141.00"),)
    ]


def test_what_an_older_file_holds_that_is_wrong_counts_as_superseded_too(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("orebro")
    inbox.put("orebro_2026-03.csv", orebro_file("100,00", "femtio") + "\nTotalt;;;;;;100,00\n")
    inbox.put("orebro_2026-03_v2.csv", orebro_file("100,00", "50,00"))
    inbox.load()
    assert inbox.rules() == {}
    assert inbox.reconciled()["orebro_2026-03.csv"] == (3, Decimal("200.00"))
    assert inbox.rows("SELECT rows_superseded, total_rows FROM reconciliation WHERE NOT is_in_force") == [(2, 1)]


def test_a_row_that_breaks_two_rules_counts_once_and_what_gets_lost_is_seen(inbox: Inbox) -> None:
    inbox.put("a.csv", spec_file(posting(1), posting(2, "0.00"), posting(3, leverantor="", datum="1900-01-01")))
    inbox.put("b.csv", spec_file(posting(4)))
    inbox.load()
    assert len(inbox.rules()) == 2
    assert inbox.reconciled()["a.csv"] == (3, Decimal("201.00"))
    assert inbox.rows("SELECT sum(rows_quarantine), sum(sek_quarantine) FROM reconciliation") == [
        (1, Decimal("100.50"))
    ]
    for lost in (
        "DELETE FROM core_postings WHERE amount_sek = 0",
        "UPDATE core_postings SET amount_sek = amount_sek + 0.01 WHERE source_line = 2 AND source_file = 'a.csv'",
        "DELETE FROM quarantine",
    ):
        inbox.rows("BEGIN")
        inbox.rows(lost)
        assert inbox.rows("SELECT source_file FROM reconciliation WHERE NOT adds_up") == [("a.csv",)]
        inbox.rows("ROLLBACK")


def test_rows_that_come_late_belong_to_the_file_that_brings_them(inbox: Inbox) -> None:
    inbox.put("mars.csv", spec_file(posting(1)))
    inbox.load()
    inbox.put("april.csv", spec_file(posting(2, datum="2026-04-02"), posting(3, datum="2026-03-30")))
    loaded = inbox.load()
    assert loaded.months == {"2026-03", "2026-04"}
    inbox.reconciled()
    assert inbox.rows("SELECT booked_month, count(*) FROM core_payments GROUP BY 1 ORDER BY 1") == [
        ("2026-03", 2), ("2026-04", 1),
    ]  # fmt: skip


def test_rows_of_a_file_for_one_month_are_booked_in_it_however_they_are_dated(
    make_inbox: Callable[[str], Inbox],
) -> None:
    inbox = make_inbox("goteborg")
    header = "Förvaltning;Leverantör;Orgnr;Fakturanummer;Konto;Belopp;Datum"
    rows = [f"Skola;Bolag AB;556047-1234;F{day};4010;10,00;{day}" for day in ("2026-02-27", "2026-03-02", "2026-07-01")]
    inbox.put("fakturor 2026-03.csv", "\n".join([header, *rows]))
    assert inbox.load().months == {"2026-03"}
    inbox.reconciled()
    assert inbox.rows("SELECT DISTINCT booked_month FROM core_payments") == [("2026-03",)]
    assert inbox.rules() == {"booked_after_delivery": 1}


def test_a_source_that_gets_another_dialect_is_read_anew_and_leaves_nothing_behind(inbox: Inbox) -> None:
    inbox.put("ap_postings.csv", spec_file(posting(1)))
    inbox.load()
    object.__setattr__(inbox.settings, "sources", (Source("ledger", "canonical"),))
    canonical = "buyer_id,voucher_no,supplier_name,supplier_ref,account_no,amount_sek,booking_date"
    with pytest.raises(FutError, match=r"does not fit dialect 'canonical'.*; it fits .*'lankadedata-1\.1'"):
        inbox.load()
    inbox.put("ap_postings.csv", f"{canonical}\nB1,V1,Bolag AB,556047-1234,4010,10.00,2026-03-01\n")
    inbox.load()
    assert inbox.reconciled() == {"ap_postings.csv": (1, Decimal("10.00"))}


def test_files_of_no_source_are_named_and_left_alone(inbox: Inbox) -> None:
    object.__setattr__(inbox.settings, "sources", (Source("ledger", "lankadedata-1.1", "a*.csv"),))
    inbox.put("a.csv", spec_file(posting(1)))
    inbox.put("readme.txt", "hej")
    inbox.put(".hidden", "hej")
    inbox.put("~$a.xlsx", "hej")
    loaded = inbox.load()
    assert (loaded.loaded, loaded.ignored) == (["a.csv"], ["readme.txt"])


def test_a_line_corrected_in_a_second_file_for_its_month_counts_as_corrected(
    make_inbox: Callable[[str], Inbox],
) -> None:
    inbox = make_inbox("canonical")
    head = "line_id,payment_id,provider_id,client_ref,service,service_month,booked_month,minutes,amount_sek\n"
    rows = [f"L{i},U1,P1,C{i},care,2026-03,2026-03,60,{amount}\n" for i, amount in ((1, "600.00"), (2, "700.00"))]
    inbox.put("compensation_lines_2026-03.csv", head + "".join(rows))
    inbox.put("compensation_lines_2026-03_rattad.csv", head + rows[1].replace("700", "650"))
    inbox.load()
    empty_core(inbox.connection)
    build_core(inbox.connection, inbox.settings)
    lines = "SELECT line_id, amount_sek FROM core_compensation_lines ORDER BY 1"
    assert inbox.rows(lines) == [("L1", Decimal("600.00")), ("L2", Decimal("650.00"))]
