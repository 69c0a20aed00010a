"""Accounts, VAT numbers and OCR references: published vectors, written forms, what check digits promise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fut.errors import UsageError
from fut.identity import luhn_check_digit
from fut.payee_account import (
    ACCOUNT_KINDS,
    ocr_problem,
    ocr_reference,
    parse_account,
    parse_bank_account,
    parse_bankgiro,
    parse_iban,
    parse_plusgiro,
    vat_problem,
)

NUMBERS = st.text("0123456789", min_size=1, max_size=20)


@pytest.mark.parametrize("text", ["160-9908", "1609908", "0001609908", "BG 160-9908", "bankgiro: 160 9908"])
def test_bankgiro_in_every_written_form(text):
    assert parse_bankgiro(text).normal == "160-9908"
    assert parse_bankgiro(text).is_valid


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("160-9909", "check_digit"),
        ("160990", "length"),
        ("123456789", "length"),
        ("160-99O8", "characters"),
        ("000-0000", "placeholder"),
        ("", "missing"),
        (None, "missing"),
    ],
)
def test_bankgiro_problems(text, problem):
    read = parse_bankgiro(text)
    assert (read.problem, read.is_valid) == (problem, False)
    assert (read.normal is None) == (problem != "check_digit")


@given(st.integers(100_000, 9_999_999))
def test_bankgiro_and_plusgiro_differ_only_in_the_dash(body):
    digits = f"{body}{luhn_check_digit(str(body))}"
    assert parse_bankgiro(digits).normal == f"{digits[:-4]}-{digits[-4:]}"
    assert parse_plusgiro(digits).normal == f"{digits[:-1]}-{digits[-1]}"
    wrong = digits[:-1] + str((int(digits[-1]) + 1) % 10)
    assert parse_bankgiro(wrong).problem == parse_plusgiro(wrong).problem == "check_digit"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1-8", None),
        ("pg 12 34 56-6", None),
        ("12 34 56-7", "check_digit"),
        ("7", "length"),
        ("123456789", "length"),
    ],
)
def test_plusgiro_has_two_to_eight_digits(text, problem):
    assert parse_plusgiro(text).problem == problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SE45 5000 0000 0583 9825 7466", None),
        ("se4550000000058398257466", None),
        ("IBAN: SE4550000000058398257466", None),
        ("GB82 WEST 1234 5698 7654 32", None),
        ("BG80 BNBG 9661 1020 3456 78", None),
        ("SE45 5000 0000 0583 9825 7467", "check_digit"),
        ("SE45 5000 0000 0583 9825 746", "length"),
        ("SE45 5000 0000 0583 9825 74A6", "characters"),
        ("4550000000058398257466", "characters"),
        ("SE45", "length"),
        ("", "missing"),
    ],
)
def test_iban(text, problem):
    assert parse_iban(text).problem == problem


@pytest.mark.parametrize(
    ("text", "normal", "problem"),
    [
        ("6000-123 456 789", "6000123456789", None),
        ("8327-9,12 345-6", "83279123456", None),
        ("8327-9,1234567890", "832791234567890", None),
        ("5000-12345678901", None, "length"),
        ("1234", None, "length"),
        ("0123-4567", None, "length"),
        ("0000-0000000", None, "placeholder"),
        ("6000-12A", None, "characters"),
        (" ", None, "missing"),
    ],
)
def test_bank_accounts_are_judged_by_length(text, normal, problem):
    read = parse_bank_account(text)
    assert (read.normal, read.problem) == (normal, problem)


def test_the_kind_of_account_must_be_known():
    assert [parse_account("", kind).kind for kind in ACCOUNT_KINDS] == list(ACCOUNT_KINDS)
    assert parse_account("160-9908", "bankgiro").is_valid
    with pytest.raises(UsageError, match="did you mean 'bankgiro'"):
        parse_account("160-9908", "bankgirot")


def test_an_account_is_not_shown_by_accident():
    assert "9908" not in repr(parse_bankgiro("160-9908"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SE556047352101", None),
        ("SE 556047-3521 01", None),
        ("SE556047352102", None),
        ("SE121212121201", None),
        ("SE556047352201", "check_digit"),
        ("SE551347352101", "third_digit"),
        ("SE556047352100", "characters"),
        ("SE5560473521", "length"),
        ("DE123456789", "country"),
        ("556047352101", "characters"),
        ("", "missing"),
    ],
)
def test_vat_numbers(text, problem):
    assert vat_problem(text) == problem


def test_ocr_vectors():
    assert ocr_reference("12345") == "123455"
    assert ocr_reference("12345", with_length=True) == "1234575"[:6] + luhn_check_digit("123457")
    assert ocr_problem("123455", "hard") is None
    assert ocr_problem("123451", "hard") == "check_digit"


@pytest.mark.parametrize(
    ("text", "control", "problem"),
    [
        ("Faktura 17", "soft", None),
        ("Faktura 17", "hard", "characters"),
        ("123451", "soft", "check_digit"),
        ("123455", "length_digit", "length_digit"),
        ("123455", "fixed", None),
        ("123455123455", "fixed", "length"),
        ("12 3455", "hard", None),
        ("5", "hard", "length"),
        ("0" * 26, "hard", "length"),
        ("0" * 25, "hard", None),
        ("00", "hard", None),
        (None, "soft", None),
        (None, "hard", "missing"),
    ],
)
def test_ocr_control_levels(text, control, problem):
    assert ocr_problem(text, control, lengths={6, 7}) == problem


def test_an_unknown_ocr_control_is_refused():
    with pytest.raises(UsageError, match="did you mean 'hard'"):
        ocr_problem("123455", "hart")


@given(NUMBERS)
def test_references_pass_their_own_control(number):
    assert ocr_problem(ocr_reference(number), "hard") is None
    assert ocr_problem(ocr_reference(number, with_length=True), "length_digit") is None
