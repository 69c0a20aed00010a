"""Identity numbers: published test vectors, every form a ledger writes, and properties of the check digit.

Written-out personal numbers are the textbook ones (121212-1212, 701063-2391); others
get their check digit at run time.
"""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fut.identity import (
    GROUPS,
    luhn_check_digit,
    luhn_ok,
    parse_org_no,
    parse_personal_no,
    repair_org_no,
)

DIGITS = st.text("0123456789", min_size=1, max_size=15)


def org_no(nine: str) -> str:
    return nine + luhn_check_digit(nine)


ORG_NOS = st.builds(
    lambda first, second, rest: org_no(f"{first}{second}{rest:07d}"),
    st.sampled_from("12356789"),
    st.integers(0, 9),
    st.integers(2_000_000, 9_999_998),
).filter(lambda number: len(set(number)) > 1)


@given(DIGITS)
def test_check_digit_completes_any_number(body):
    assert luhn_ok(body + luhn_check_digit(body))


@given(DIGITS, st.data())
def test_every_single_digit_error_is_caught(body, data):
    number = body + luhn_check_digit(body)
    at = data.draw(st.integers(0, len(number) - 1))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != number[at]]))
    assert not luhn_ok(number[:at] + wrong + number[at + 1 :])


def test_neighbour_swaps_are_caught_except_09_and_90():
    missed = set()
    pairs = [(a, b) for a in "0123456789" for b in "0123456789" if a != b]
    for a, b in pairs:
        for lead in ("", "7"):
            number = f"5{lead}{a}{b}12"
            number += luhn_check_digit(number)
            swapped = number.replace(f"5{lead}{a}{b}", f"5{lead}{b}{a}", 1)
            if luhn_ok(swapped):
                missed.add((a, b))
    assert missed == {("0", "9"), ("9", "0")}
    assert 0.97 <= 1 - len(missed) / len(pairs) <= 0.98


@pytest.mark.parametrize("text", ["", "0", "7", "٣٤", "12a4", "²²", " 18", "-18"])
def test_luhn_refuses_what_is_not_ascii_digits(text):
    assert not luhn_ok(text)


@pytest.mark.parametrize(
    ("text", "normal", "group"),
    [
        ("556047-3521", "556047-3521", "limited"),
        ("212000-0142", "212000-0142", "state"),
        ("212000-1355", "212000-1355", "state"),
        ("5560473521", "556047-3521", "limited"),
        ("16556047-3521", "556047-3521", "limited"),
        ("165560473521", "556047-3521", "limited"),
        ("SE556047352101", "556047-3521", "limited"),
        ("se 556047-3521 01", "556047-3521", "limited"),
        ("556047352101", "556047-3521", "limited"),
        ("212000014201", "212000-0142", "state"),
        ("556047 3521", "556047-3521", "limited"),
        ("\u00a0556047\u20113521 ", "556047-3521", "limited"),
        ("Org.nr: 556047-3521", "556047-3521", "limited"),
        ("5560473521.0", "556047-3521", "limited"),
        ("5560473521,00", "556047-3521", "limited"),
        ("5,560473521E+09", "556047-3521", "limited"),
        ("'5560473521", "556047-3521", "limited"),
    ],
)
def test_legal_entities_in_every_written_form(text, normal, group):
    read = parse_org_no(text)
    assert (read.normal, read.kind, read.group, read.problem) == (normal, "legal_entity", group, None)
    assert read.is_valid


@pytest.mark.parametrize("first", "0123456789")
def test_first_digit_gives_the_group(first):
    read = parse_org_no(org_no(f"{first}12345678"[:2] + "9" + "123456"))
    kinds = {"0": "unknown", "3": "foreign", "4": "unknown"}
    assert read.group == GROUPS.get(first)
    assert read.kind == kinds.get(first, "legal_entity")
    assert read.problem == ("group" if first in "04" else None)


@pytest.mark.parametrize(
    ("text", "kind", "problem"),
    [
        ("556047-3522", "legal_entity", "check_digit"),
        ("551347-3521", "unknown", "third_digit"),
        ("165513473521", "unknown", "third_digit"),
        ("12345", "unknown", "length"),
        ("SE556047352100", "unknown", "characters"),
        ("556047352102", "unknown", "length"),
        ("556047352201", "unknown", "length"),
        ("55604735211", "unknown", "length"),
        ("175560473521", "unknown", "length"),
        ("199913451234", "unknown", "date"),
        ("556O47-3521", "unknown", "characters"),
        ("Lev 17", "unknown", "characters"),
        ("AB556047-3521", "unknown", "characters"),
        ("٥٥٦٠٤٧-٣٥٢١", "unknown", "characters"),
        ("", "unknown", "missing"),
        (None, "unknown", "missing"),
        (" - ", "unknown", "missing"),
        ("saknas", "unknown", "missing"),
        ("NULL", "unknown", "missing"),
        ("000000-0000", "unknown", "placeholder"),
        ("5555555555", "unknown", "placeholder"),
        ("XXXXXX-XXXX", "unknown", "masked"),
        ("121212-****", "unknown", "masked"),
        ("Skyddad", "unknown", "masked"),
        ("5.56047E+09", "unknown", "excel"),
        ("5,56047E+09", "unknown", "excel"),
        ("DE123456789", "foreign", "not_swedish"),
        ("NO 987 654 321 MVA", "foreign", "not_swedish"),
    ],
)
def test_problems_are_named(text, kind, problem):
    read = parse_org_no(text)
    assert (read.kind, read.problem, read.is_valid) == (kind, problem, False)
    assert read.normal is None or problem == "check_digit"


def test_repair_says_what_was_undone():
    assert parse_org_no("556047-3521").repair is None
    assert parse_org_no("5560473521").repair == "form"
    assert parse_org_no("5560473521.0").repair == "excel"


@pytest.mark.parametrize("text", ["121212-1212", "121212+1212", "191212121212", "SE121212121201"])
def test_a_personal_number_is_not_an_organisation_number(text):
    read = parse_org_no(text)
    assert (read.normal, read.kind, read.group, read.problem) == ("121212-1212", "personal", None, None)
    assert parse_org_no("121212-1213").problem == "check_digit"
    assert parse_org_no("121312-1212").problem == "third_digit"


@pytest.mark.parametrize("text", ["701063-2391", "7010632391", "19701063-2391"])
def test_coordination_numbers_add_sixty_to_the_day(text):
    assert parse_org_no(text).kind == "coordination"
    read = parse_personal_no(text)
    assert (read.normal, read.kind, read.is_valid) == ("197010632391", "coordination", True)


@given(ORG_NOS, st.sampled_from(["{0}-{1}", "{0}{1}", "16{0}-{1}", "SE{0}{1}01", " {0} {1}", "{0}{1}.0"]))
def test_every_written_form_gives_the_normal_form(number, form):
    read = parse_org_no(form.format(number[:6], number[6:]))
    assert (read.normal, read.is_valid) == (f"{number[:6]}-{number[6:]}", True)
    assert parse_org_no(read.normal) == parse_org_no(f"{number[:6]}-{number[6:]}")


@given(ORG_NOS)
def test_no_legal_entity_is_a_person(number):
    assert parse_personal_no(number).problem == "date"


@given(st.text(max_size=20) | st.text("0123456789-+XE.,S ", max_size=16))
def test_any_text_is_read_without_an_error(text):
    org, person = parse_org_no(text), parse_personal_no(text)
    assert org.is_valid == (org.problem is None)
    assert not org.is_valid or luhn_ok(org.normal.replace("-", ""))
    assert not person.is_valid or luhn_ok(person.normal[2:])
    assert isinstance(repair_org_no(text, frozenset({"556047-3521"})), list)


def test_nothing_shows_a_number_by_accident():
    assert "1212" not in repr(parse_org_no("121212-1212")) + repr(parse_personal_no("121212-1212"))


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("19121212-1212", "191212121212"),
        ("121212+1212", "191212121212"),
        ("121212-1212", "201212121212"),
        ("1212121212", "201212121212"),
        ("121212\u22121212", "201212121212"),
        ("2012 1212 1212", "201212121212"),
        ("1,91212121212E+11", "191212121212"),
        ("251231-1230", "202512311230"),
        ("260101-1238", "192601011238"),
        ("641231+1232", "196412311232"),
        ("650101+1230", "186501011230"),
        ("191212121212,0", "191212121212"),
    ],
)
def test_century_comes_from_sign_or_twelve_digits(text, normal):
    read = parse_personal_no(text)
    assert (read.normal, read.kind, read.problem) == (normal, "personal", None)


@pytest.mark.parametrize("year", [1900, 1999, 2000])
def test_every_day_of_the_calendar_is_a_birthday_and_no_other(year):
    days = [f"{year}{month:02d}{day:02d}" for month in range(14) for day in range(100)]
    read = {day: parse_personal_no(f"{day}123{luhn_check_digit(f'{day[2:]}123')}") for day in days}
    calendar = [dt.date(year, 1, 1) + dt.timedelta(n) for n in range(365 + (year == 2000))]
    real = {f"{day:%Y%m%d}": "personal" for day in calendar}
    real |= {f"{day:%Y%m}{day.day + 60}": "coordination" for day in calendar}
    assert {day: number.kind for day, number in read.items() if number.is_valid} == real


def test_the_oldest_birth_year_of_ten_digits_is_a_parameter():
    body = "260101123"
    number = body + luhn_check_digit(body)
    assert parse_personal_no(number).normal[:4] == "1926"
    assert parse_personal_no(number, newest_birth_year=2030).normal[:4] == "2026"
    assert parse_personal_no(f"{number[:6]}+{number[6:]}", newest_birth_year=2030).normal[:4] == "1926"


@pytest.mark.parametrize(
    ("date", "real"),
    [
        ("18960229", True),
        ("19000229", False),
        ("20000229", True),
        ("18970229", False),
        ("18960230", False),
        ("18960431", False),
        ("18961301", False),
        ("18960100", False),
        ("18960191", True),
        ("18960192", False),
        ("18960060", False),
    ],
)
def test_the_date_must_be_real(date, real):
    body = f"{date}123"
    read = parse_personal_no(body + luhn_check_digit(body[2:]))
    assert read.problem == (None if real else "date")


def test_a_lost_leading_zero_is_told_but_not_trusted():
    body = "010203123"
    number = body + luhn_check_digit(body)
    read = parse_org_no(number[1:])
    assert (read.kind, read.problem, read.is_valid) == ("personal", "excel", False)
    assert parse_personal_no(number[1:]).normal == f"20{number}"
    assert parse_org_no("987654321").problem == "length"
    wrong = str((int(number[-1]) + 1) % 10)
    assert parse_org_no(number[1:-1] + wrong).problem == "length"
    newborn = "000101123" + luhn_check_digit("000101123")
    assert parse_personal_no(newborn.lstrip("0")).normal == f"20{newborn}"
    assert parse_org_no(newborn.lstrip("0")).problem == "length"


KNOWN = frozenset({"556047-3521", "212000-0142", "212000-1355", "556036-0793", "556000-1090"})


@pytest.mark.parametrize(
    ("text", "proposals"),
    [
        ("556047-3522", ["556047-3521"]),
        ("556074-3521", ["556047-3521"]),
        ("16 556074-3521", ["556047-3521"]),
        ("556047-3621", ["556047-3521"]),
        ("556047-3512", ["556047-3521"]),
        ("556000-109", ["556000-1090"]),
        ("21200 0142", ["212000-0142"]),
        ("556047-3521", []),
        ("556048-3622", []),
        ("", []),
        ("not a number", []),
    ],
)
def test_repairs_come_from_known_numbers_one_error_away(text, proposals):
    assert repair_org_no(text, KNOWN) == proposals


def test_repairs_come_in_a_fixed_order():
    known = {org_no("556047352"), org_no("556074352"), org_no("556047452")}
    written = {f"{number[:6]}-{number[6:]}" for number in known}
    first = "556047-452" + luhn_check_digit("556047352")
    found = [repair_org_no(first, order) for order in (sorted(written), sorted(written)[::-1], written)]
    assert found[0] == found[1] == found[2]
    assert found[0][0] == f"556047-452{luhn_check_digit('556047452')}"


@given(ORG_NOS, st.data())
def test_one_error_is_always_mended(number, data):
    at = data.draw(st.integers(0, 9))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != number[at]]))
    known = {f"{number[:6]}-{number[6:]}"}
    assert repair_org_no(number[:at] + wrong + number[at + 1 :], known) == sorted(known)
    assert repair_org_no(number, known) == []
