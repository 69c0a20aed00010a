"""The injector: pure functions of texts and lotteries, and whole cases in a small ledger."""

import csv
import gzip
import io
import json
import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.injected.facts import Facts, is_readable, series
from benchmarks.injected.found import Found, RunFigures
from benchmarks.injected.inject import inject, kinds, write_inbox
from benchmarks.injected.ledger import raised, read_ledger
from benchmarks.injected.measure import chance, in_list, missed, recall
from benchmarks.injected.report import Report
from benchmarks.injected.retype import near_name, second_record_name, swap_digits, typo, written_otherwise
from benchmarks.injected.sources import SOURCES, in_pounds
from benchmarks.injected.world import Case
from fut.dialect import dialect

HEADER = (
    "Body,Name of Body,Date,Transaction Number,Invoice Number,Amount,Supplier Name,Supplier ID,VAT Reg no,"
    "Expense Area,Expense Type,Expense Code,Creditor Type"
)
MONTHS = ["2015-01", "2015-02", "2015-03", "2015-04"]
NUMBERS = st.from_regex(r"[A-Z]{0,3}[0-9]{3,9}", fullmatch=True)
SEEDS = st.integers(0, 10_000)


def _ledger(folder: Path) -> Facts:
    lottery = random.Random(5)
    firms = ["NORTHERN CARE & REPAIR LTD", "HARBOUR COACHES", "MERIDIAN SUPPLIES LIMITED", "VALLEY AND MOOR FOODS"]
    for month in MONTHS:
        rows = [HEADER]
        for n in range(200):
            day = date.fromisoformat(f"{month}-{n % 25 + 1:02d}")
            which = lottery.randrange(40)
            number = "REDACTED UNDER DP ACT" if n % 5 == 0 else f"INV{int(month[-2:])}{n:04d}"
            amount = lottery.choice((1, -1)) * 777 if n % 40 == 39 else lottery.randint(50_000, 900_000) / 100
            rows.append(
                f"18,Council,{day:%d/%m/%Y},{'EDUC' if n % 3 else 'BSS'}{int(month[-2:])}7{n:05d},{number},"
                f"{amount:.2f},{firms[which % 4]},{5000 + which},,"
                f"{'People' if n % 2 else 'Place'} Services,Supplies,4101,LTD"
            )
        text = "\r\n".join(rows) + "\r\n"
        name = f"DCCSpendingOver500_{month.replace('-', '')}.csv.gz"
        (folder / name).write_bytes(gzip.compress(text.encode("utf-8-sig" if month == "2015-02" else "cp1252")))
    names = sorted(path.name for path in folder.iterdir())
    return Facts(read_ledger(folder, names, dialect("devon")), MONTHS[2:])


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return _ledger(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="module")
def cases(facts: Facts) -> list[Case]:
    return inject(facts, "devon", 1, 4, kinds([Decimal(4000)]))


def _of(cases: list[Case], kind: str) -> list[Case]:
    found = [case for case in cases if case.kind == kind]
    assert found, f"nothing is of kind {kind!r}: what follows would test nothing"
    return found


def _values(case: Case) -> list[dict[str, str]]:
    return [dict(zip(row.file.keys, row.cells, strict=True)) for row in case.rows]


def _paid_first(facts: Facts, case: Case) -> list[tuple[date, Decimal]]:
    said = _values(case)[0]
    return [(b.day, b.amount) for b in facts.sound if b.number == said["invoice_no"]]


@given(NUMBERS, SEEDS)
def test_a_retyped_number_is_another_text(number: str, seed: int) -> None:
    found = written_otherwise(number, random.Random(seed))
    assert found is None or found[0] != number


@given(NUMBERS, SEEDS)
def test_a_typo_changes_one_digit(number: str, seed: int) -> None:
    found = typo(number, random.Random(seed))
    assert found is not None
    assert sum(a != b for a, b in zip(number, found[0], strict=True)) == 1


@given(st.decimals(500, 999_999, places=2), SEEDS)
def test_swapped_digits_are_the_same_digits_and_another_amount(amount: Decimal, seed: int) -> None:
    swapped = swap_digits(amount, random.Random(seed))
    if swapped is not None:
        assert swapped != amount
        assert sorted(f"{swapped:.2f}") == sorted(f"{amount:.2f}")


def test_an_amount_of_like_digits_has_none_to_swap() -> None:
    assert swap_digits(Decimal("777.10"), random.Random(1)) is None


@given(SEEDS)
def test_a_near_name_differs_but_little(seed: int) -> None:
    found = near_name("MERIDIAN SUPPLIES LTD", random.Random(seed))
    assert found is None or found[0] != "MERIDIAN SUPPLIES LTD"
    assert near_name("A & B CO", random.Random(seed)) is None


@given(SEEDS)
def test_a_second_record_keeps_the_firms_first_word(seed: int) -> None:
    assert second_record_name("NORTHERN CARE & REPAIR LTD", random.Random(seed))[0].startswith("NORTHERN")


@pytest.mark.parametrize(
    ("text", "steps", "expected"),
    [("INV0099", 2, "INV0101"), ("P2P40000005", 4, "P2P40000009"), ("46284350_1", 1, "46284351_1"), ("999", 1, "1000")],
)
def test_numbers_rise_in_their_longest_run(text: str, steps: int, expected: str) -> None:
    assert raised(text, steps) == expected


def test_readable_numbers_have_three_digits() -> None:
    assert is_readable("A1-23")
    assert not is_readable("JUNE 16")
    assert not is_readable(None)
    assert series("P2P40011326") == "P#P#"


def test_the_same_seed_gives_the_same_cases_and_another_seed_others(facts: Facts, cases: list[Case]) -> None:
    again = inject(facts, "devon", 1, 4, kinds([Decimal(4000)]))
    other = inject(facts, "devon", 2, 4, kinds([Decimal(4000)]))
    assert [(c.kind, c.rows) for c in again] == [(c.kind, c.rows) for c in cases]
    assert [c.rows for c in other] != [c.rows for c in cases]


def test_every_kind_has_its_cases_in_the_judged_months(facts: Facts, cases: list[Case]) -> None:
    assert set(Counter(case.kind for case in cases).values()) == {4}
    assert len({case.kind for case in cases}) == 13
    assert {row.month for case in cases for row in case.rows} <= set(facts.months)


def test_vouchers_are_new_and_used_once(facts: Facts, cases: list[Case]) -> None:
    vouchers = [voucher for case in cases for voucher in case.vouchers]
    assert len(vouchers) == len(set(vouchers))
    assert not facts.used_vouchers & set(vouchers)


def test_an_invoice_paid_twice_keeps_number_and_amount(facts: Facts, cases: list[Case]) -> None:
    for kind, longest in (("twice: same number", 60), ("twice: other channel, 30-45 days", 45)):
        for case in _of(cases, kind):
            said = _values(case)[0]
            [(day, amount)] = _paid_first(facts, case)
            assert Decimal(said["amount_sek"]) == amount == case.amount
            wrong_day = date.fromisoformat("-".join(reversed(said["booking_date"].split("/"))))
            assert timedelta(0) <= wrong_day - day <= timedelta(days=longest)


def test_no_credited_bill_is_paid_again(facts: Facts, cases: list[Case]) -> None:
    assert all(
        Decimal(said["amount_sek"]) != 777 for case in _of(cases, "twice: same number") for said in _values(case)
    )
    assert any(bill.amount == 777 for bill in facts.ledger.bills)


def test_wrong_amounts_keep_the_number(facts: Facts, cases: list[Case]) -> None:
    for case in _of(cases, "decimal shifted"):
        [(_, amount)] = _paid_first(facts, case)
        assert case.amount / amount in (10, 100)
    for case in _of(cases, "reminder paid too"):
        [(_, amount)] = _paid_first(facts, case)
        assert 50 <= Decimal(_values(case)[0]["amount_sek"]) - amount <= 250


def test_other_department_and_other_record_differ_there_alone(facts: Facts, cases: list[Case]) -> None:
    first = {b.number: b for b in facts.sound}
    for case in _of(cases, "twice: other department"):
        said = _values(case)[0]
        assert said["department"] != first[said["invoice_no"]].department
        assert said["supplier_ref"] == first[said["invoice_no"]].supplier_ref
    for case in _of(cases, "twice: other supplier record"):
        said = _values(case)[0]
        assert said["supplier_ref"] != first[said["invoice_no"]].supplier_ref
        assert said["department"] == first[said["invoice_no"]].department


def test_a_split_stays_under_the_limit_and_passes_it_together(cases: list[Case]) -> None:
    for case in _of(cases, "split under a limit"):
        amounts = [Decimal(said["amount_sek"]) for said in _values(case)]
        assert 2 <= len(amounts) <= 6
        assert all(Decimal(3400) <= amount <= Decimal(3960) for amount in amounts)
        assert sum(amounts) > 4000
        assert len({said["supplier_ref"] for said in _values(case)}) == 1


def test_a_ghost_is_new_and_counts_its_round_bills(facts: Facts, cases: list[Case]) -> None:
    for case in _of(cases, "ghost supplier"):
        said = _values(case)
        assert said[0]["supplier_ref"] not in facts.used_refs
        assert all(Decimal(one["amount_sek"]) % 50 == 0 for one in said)
        digits = [int("".join(filter(str.isdigit, one["invoice_no"]))) for one in said]
        assert digits == list(range(digits[0], digits[0] + len(digits)))


def test_a_namesake_is_new_under_a_new_id(facts: Facts, cases: list[Case]) -> None:
    for case in _of(cases, "near-namesake"):
        assert {said["supplier_ref"] for said in _values(case)}.isdisjoint(facts.used_refs)
        assert {said["supplier_name"] for said in _values(case)}.isdisjoint(facts.names)


def test_files_keep_every_byte_and_gain_the_cases_rows_only(facts: Facts, cases: list[Case], tmp_path: Path) -> None:
    write_inbox(facts.ledger, cases, tmp_path / "inbox")
    written = sorted((tmp_path / "inbox").iterdir())
    assert [path.name for path in written] == [file.name for file in facts.ledger.files]
    gained = 0
    for path, file in zip(written, facts.ledger.files, strict=True):
        content = gzip.decompress(path.read_bytes())
        assert content.startswith(file.content)
        rows = list(csv.reader(io.StringIO(content[len(file.content) :].decode(file.encoding))))
        assert all(len(row) == len(file.header) for row in rows)
        gained += len(rows)
    assert gained == sum(len(case.rows) for case in cases)


def test_shares_say_what_can_be_tested(facts: Facts) -> None:
    shares = facts.shares()
    assert shares["named"] == 1
    assert 0.7 < shares["number readable"] < 0.9


def _found(place: int | None, codes: tuple[str, ...] = ()) -> Found:
    return Found("devon", 1, "twice: same number", "2015-03", "900", "same number; 3 days later", 1,
                 {"futvakt": place, "textbook rule": None, "amount only": 7}, (1000,), codes)  # fmt: skip


def test_recall_counts_places_within_the_cut() -> None:
    cases = [_found(1), _found(50), _found(51), _found(None)]
    assert recall([in_list(case, "futvakt", 50) for case in cases]).share == 0.5
    assert recall([1.0] * 9) == recall([1.0] * 9, seed=2)
    with pytest.raises(ValueError, match="at least one"):
        recall([])


def test_chance_is_the_share_of_the_month() -> None:
    assert chance(_found(None), 50) == pytest.approx(0.05)
    assert chance(_found(None), 2000) == 1


def test_what_is_missed_says_why() -> None:
    cases = [_found(1), _found(300), _found(None, ("SP06",)), _found(None)]
    assert [why for _, why, _ in missed(cases, 200)] == [
        "listed below 200",
        "flagged by SP06, which does not list alone",
        "same number: no pair is formed",
    ]


def test_a_report_says_the_figures_in_text_data_and_picture(tmp_path: Path) -> None:
    figures = [RunFigures("devon", 1, 12_000, 12, 600, 70, 25.0)]
    apart = replace(_found(None), kind="twice: number hidden or absent")
    report = Report("develop", [_found(1), _found(2), _found(None), apart], figures, {"devon": {"named": 0.97}},
                    frozenset({apart.kind}))  # fmt: skip
    assert report.verdict() == "Target 80% at 200: not reached (66.7%)"
    written = report.write(tmp_path)
    assert [path.name for path in written] == ["injected_develop.txt", "injected_develop.json", "injected_develop.svg"]
    said = json.loads(written[1].read_text(encoding="utf-8"))
    assert said["recall"]["all kinds"]["futvakt"]["50"]["share"] == 0.6667
    assert said["recall"]["all kinds"]["random"]["200"]["share"] == 0.2
    assert len(said["cases"]) == 4
    assert "same number: no pair is formed" in written[0].read_text(encoding="utf-8")
    assert "<title" in written[2].read_text(encoding="utf-8")


def test_thresholds_are_restated_in_pounds_and_fees_kept() -> None:
    stated = in_pounds()
    assert stated["SU17"]["big_sek"] == pytest.approx(83_333)
    assert "room_sek" not in stated["SP03"]
    assert {s.windows["develop"] for s in SOURCES}.isdisjoint({s.windows["report"] for s in SOURCES})
