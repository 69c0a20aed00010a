"""Pseudonyms: one token per person however written, nothing readable left, keys out of reach."""

import re
import stat
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fut.errors import ConfigError, StoreError
from fut.identity import luhn_check_digit
from fut.pseudonym import DEMO_KEY, KEY_BYTES, MAY_HOLD, MAY_HOLD_PERSON, Pseudonymiser, load_key

TOKEN = re.compile(r"[PLU]-[0-9a-f]{16}")
DEMO = Pseudonymiser(DEMO_KEY)
OTHER = Pseudonymiser(b"another key of thirty-two bytes!")


def _number(born: date, serial: int, extra_days: int) -> str:
    body = f"{born:%Y%m}{born.day + extra_days:02d}{serial:03d}"
    return body + luhn_check_digit(body[2:])


PERSONS = st.builds(
    _number,
    st.integers(0, 36_000).map(lambda days: date(1926, 1, 1) + timedelta(days)),
    st.integers(0, 999),
    st.sampled_from([0, 60]),
)
WORDS = st.text("abcåö ,.:;()/ABC", max_size=12)


def test_tokens_never_change():
    assert DEMO.person("19121212-1212") == "P-702c70a43b9e3dff"
    assert DEMO.local("tes", "17") == "L-e2c4a9e6036be5cf"


@given(PERSONS)
def test_every_way_of_writing_gives_one_token(number):
    ten = f"{number[2:8]}-{number[8:]}"
    written = [
        number,
        f"{number[:8]}-{number[8:]}",
        f" {ten} ",
        number[2:],
        ten.replace("-", "\u2013"),
        f"{number}.0",
    ]
    tokens = {DEMO.person(text) for text in written} | {DEMO.text(text).strip() for text in written[:5]}
    tokens |= {DEMO.org_ref(text) for text in written} | {DEMO.reference("tes", number)}
    assert len(tokens) == 1
    assert TOKEN.fullmatch(tokens.pop())


def test_plus_means_a_century_earlier():
    assert DEMO.person("121212+1212") == DEMO.person("19121212-1212")
    assert DEMO.person("121212-1212") != DEMO.person("19121212-1212")


@given(PERSONS, PERSONS)
def test_two_persons_never_share_a_token_here(one, other):
    assert (DEMO.person(one) == DEMO.person(other)) == (one == other)
    assert DEMO.person(one) != OTHER.person(one)


@given(PERSONS, WORDS, WORDS, st.sampled_from(["{0}-{1}", "{0}{1}", "{0} {1}", "{0}+{1}"]))
def test_numbers_in_free_text_are_replaced_and_the_rest_is_kept(number, before, after, form):
    inside = form.format(number[:8], number[8:])
    hidden = DEMO.text(f"{before}{inside}{after}")
    assert hidden == f"{before}{DEMO.person(number)}{after}"
    assert DEMO.text(hidden) == hidden


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Anna Bygg 121212-1212 HB", "Anna Bygg {} HB"),
        ("pnr1212121212", "pnr{}"),
        ("2012-12-12-1212", "{}"),
        ("121212 - 1212", "{}"),
        ("SE121212121201", "SE-{}-01"),
        ("SE121212-1212", "SE{}"),
        ("33001212121212", "3300-{}"),
        ("3300-121212 1212", "3300-{}"),
        ("SE45 3000 0000 0012 1212 1212", "SE453000000000-{}"),
        ("121212-1212, 20121212-1212", "{0}, {0}"),
    ],
)
def test_names_accounts_and_vat_numbers_hide_persons(text, hidden):
    assert DEMO.text(text) == hidden.format(DEMO.person("20121212-1212"))
    assert re.search(MAY_HOLD_PERSON, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bygg AB",
        "Bygg AB 556047-3521",
        "121212-1213",
        "1121212-1212",
        "121212-12123",
        "121312-1212",
        "2012-12-12 1212",
        "faktura 2026-10-31 nr 123455",
        "160-9908",
        "SE45 5000 0000 0583 9825 7466",
        "33005560473521",
        "P-702c70a43b9e3dff",
    ],
)
def test_text_without_a_valid_personal_number_is_left(text):
    assert DEMO.text(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5560473521", "556047-3521"),
        ("SE556047352101", "556047-3521"),
        ("556047-3522", "556047-3522"),
        ("LEV 17", "LEV 17"),
        ("12345", "12345"),
        ("DE123456789", "DE123456789"),
        ("", ""),
        ("XXXXXX-XXXX", "XXXXXX-XXXX"),
    ],
)
def test_organisations_keep_their_number(text, expected):
    assert DEMO.org_ref(text) == expected


@pytest.mark.parametrize(
    "text",
    ["121212-1212", "SE121212121201", "121212121201", "1212121212.0", "201212121212", "Bo, 121212-1212"],
)
def test_a_sole_trader_becomes_a_token(text):
    assert DEMO.org_ref(text).endswith(DEMO.person("20121212-1212"))


def test_a_mistyped_personal_number_does_not_stay_readable():
    assert TOKEN.fullmatch(DEMO.org_ref("121212-1213"))
    assert DEMO.org_ref("121212-1213") != DEMO.org_ref("121212-1212")


def test_an_unreadable_client_is_hidden_too():
    assert DEMO.person("Klient Ett").startswith("U-")
    assert DEMO.person("klient ett ") == DEMO.person("Klient Ett")
    assert DEMO.person(" ") == DEMO.local("tes", " ") == DEMO.reference("tes", "") == ""


def test_local_ids_belong_to_their_source():
    assert DEMO.local("tes", "17") == DEMO.local("tes", " 17 ")
    assert DEMO.local("tes", "17") != DEMO.local("phoniro", "17")
    assert DEMO.local("tes1", "7") != DEMO.local("tes", "17")
    assert DEMO.reference("tes", "17") == DEMO.local("tes", "17")
    assert DEMO.reference("tes", "121212-1213").startswith("L-")


@pytest.mark.parametrize("text", ["33001212121212", "3300-12 12 12-1212", "3300 1212121212", "3300,121212-1212"])
def test_one_account_however_written(text):
    assert DEMO.account(text) == f"3300-{DEMO.person('121212-1212')}"


@pytest.mark.parametrize("text", ["160-9908", "6000-123 456 789", "SE4550000000058398257466", ""])
def test_accounts_of_firms_are_left(text):
    assert DEMO.account(text) == text


def test_map_distinct_holds_only_what_changes():
    token = DEMO.person("121212-1212")
    assert DEMO.map_distinct(["Bygg AB", None, "121212-1212", "121212-1212"]) == {"121212-1212": token}
    changed = DEMO.map_distinct(["5560473521", "556047-3521", "LEV17"], DEMO.method("org"))
    assert changed == {"5560473521": "556047-3521"}


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("text", "x 121212-1212", f"x {DEMO.person('121212-1212')}"),
        ("org", "5560473521", "556047-3521"),
        ("account", "33001212121212", f"3300-{DEMO.person('121212-1212')}"),
        ("person", "121212-1212", DEMO.person("121212-1212")),
        ("person", "17", DEMO.local("tes", "17")),
        ("local", "17", DEMO.local("tes", "17")),
    ],
)
def test_a_contract_names_the_method(kind, text, expected):
    assert DEMO.method(kind, "tes")(text) == expected


def test_an_unknown_method_is_refused():
    with pytest.raises(ConfigError, match="did you mean 'person'"):
        DEMO.method("persons")


def test_the_demo_key_says_so():
    assert len(DEMO_KEY) == KEY_BYTES
    assert DEMO.is_demo
    assert not OTHER.is_demo
    assert "public" in DEMO_KEY.decode()
    assert "another" not in repr(OTHER)
    with pytest.raises(ConfigError, match="at least 32 bytes"):
        Pseudonymiser(b"short")


def test_key_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("FUTVAKT_KEY", "ab" * KEY_BYTES)
    assert load_key() == bytes.fromhex("ab" * KEY_BYTES)
    assert load_key(path=tmp_path / "absent") == bytes.fromhex("ab" * KEY_BYTES)
    monkeypatch.setenv("FUTVAKT_KEY", "secret words")
    with pytest.raises(ConfigError, match="FUTVAKT_KEY: a key is at least 64 hex digits") as error:
        load_key()
    assert "secret" not in str(error.value)


def test_a_created_key_file_is_private_and_read_again(monkeypatch, tmp_path):
    monkeypatch.delenv("FUTVAKT_KEY", raising=False)
    path = tmp_path / "keys" / "municipality.key"
    key = load_key(path=path, create=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(key) == KEY_BYTES
    assert load_key(path=path) == load_key(path=path, create=True) == key
    assert load_key(path=tmp_path / "second.key", create=True) != key


@pytest.mark.parametrize(
    ("content", "mode", "kind", "message"),
    [
        (None, 0, ConfigError, "no such key file"),
        ("ab" * KEY_BYTES, 0o644, StoreError, "chmod 600"),
        ("ab" * 8, 0o600, ConfigError, "at least 64 hex digits"),
        ("nyckel för åtta", 0o600, ConfigError, "at least 64 hex digits"),
        ("", 0o600, ConfigError, "at least 64 hex digits"),
    ],
)
def test_key_errors_are_one_line_and_show_no_key(monkeypatch, tmp_path, content, mode, kind, message):
    monkeypatch.delenv("FUTVAKT_KEY", raising=False)
    path = tmp_path / "city.key"
    if content is not None:
        path.write_text(content, encoding="utf-8")
        path.chmod(mode)
    with pytest.raises(kind, match=message) as error:
        load_key(path=path)
    assert str(error.value).startswith("city.key: ")
    assert "\n" not in str(error.value)
    assert not content or content not in str(error.value)


def test_no_key_at_all_and_a_folder_as_key(monkeypatch, tmp_path):
    monkeypatch.delenv("FUTVAKT_KEY", raising=False)
    with pytest.raises(ConfigError, match="no pseudonym key: set FUTVAKT_KEY"):
        load_key()
    tmp_path.chmod(0o700)
    with pytest.raises(StoreError, match="cannot be used"):
        load_key(path=tmp_path)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("121212-1212", "{}"),
        ("20121212-1212 mars", "{} mars"),
        ("F19121212+1212", "F{}"),
        ("191212121212", "{}"),
    ],
)
def test_a_personal_number_as_invoice_number_becomes_a_token(number, shown):
    hidden = DEMO.number(number)
    token = re.search("P-[0-9a-f]{16}", hidden)[0]
    assert hidden == shown.format(token)
    assert re.search(MAY_HOLD["number"], number)


@pytest.mark.parametrize(
    "number", ["1212121212", "556047-3521", "202603151239", "121212-1213", "A-121212", "121212-12"]
)
def test_an_invoice_number_that_may_be_no_person_stays(number):
    assert DEMO.number(number) == number
