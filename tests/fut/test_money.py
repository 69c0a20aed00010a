"""Amounts: every written form, what is refused and why, and that Python and DuckDB read alike."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from random import Random

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fut.errors import ConfigError
from fut.money import AmountError, parse_amount, sql_amount

DIALECTS = [(",", " .\u00a0"), (".", ","), (",", " "), (".", ""), (",", "'"), (".", " ,'")]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(config={"threads": 1})
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1 234,50", "1234.50"),
        ("1\u00a0234,50", "1234.50"),
        ("1\u2009234\u2009567,5", "1234567.5"),
        ("1\u202f234,50", "1234.50"),
        ("1.234,50-", "-1234.50"),
        ("(123,45)", "-123.45"),
        ("( 123,45 )", "-123.45"),
        ("1,234.50", "1234.50"),
        ("1234.5", "1234.5"),
        ("1 234.50", "1234.50"),
        ("+5", "5"),
        ("\u22125,00", "-5.00"),
        ("\u20135", "-5"),
        ("- 5", "-5"),
        ("5 kr", "5"),
        ("-5kr", "-5"),
        ("SEK 1 234", "1234"),
        ("-£5", "-5"),
        ("£-5", "-5"),
        ("£1.234,50", "1234.50"),
        ("(£5)", "-5"),
        ("5:-", "5"),
        ("-5:-", "-5"),
        ("1.234", "1234"),
        ("1.234.567", "1234567"),
        ("0.125", "0.125"),
        ("12.3456", "12.3456"),
        (",50", "0.50"),
        ("007", "7"),
        (" 5 ", "5"),
        ("999999999999,994", "999999999999.994"),
        ("0,3333333333333333333333333333333333", "0.3333333333333333333333333333333333"),
    ],
)
def test_written_forms_under_decimal_comma(text, amount):
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234", "1234"),
        ("12,5", "12.5"),
        ("1.234", "1.234"),
    ],
)
def test_written_forms_under_decimal_point(text, amount):
    assert parse_amount(text, ".", ",") == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "missing"),
        ("", "missing"),
        (" \u00a0", "missing"),
        ("1,2E+05", "scientific"),
        ("-1e5", "scientific"),
        ("abc", "form"),
        ("5 apples", "form"),
        ("1 23,50", "form"),
        ("1 234.567,00", "form"),
        ("1234.567", "form"),
        ("1,234,567", "form"),
        ("5,", "form"),
        ("5,-", "form"),
        ("--5", "form"),
        ("-5-", "form"),
        ("(-5)", "form"),
        ("(5", "form"),
        ("5)", "form"),
        ("5:-5", "form"),
        ("1,2,3", "form"),
        ("٣", "form"),
        ("1'234", "form"),
        ("-", "form"),
        ("kr", "form"),
        ("NaN", "form"),
        ("999999999999,995", "range"),
        ("9" * 60, "range"),
    ],
)
def test_what_is_refused_and_why(text, reason):
    with pytest.raises(AmountError) as error:
        parse_amount(text)
    assert error.value.reason == reason
    assert isinstance(error.value, ValueError)
    assert not text or len(text) < 2 or text not in str(error.value)


@pytest.mark.parametrize(("decimal", "thousands"), [(";", " "), (",", "x"), ("", "")])
def test_a_dialect_with_odd_signs_is_refused(decimal, thousands):
    with pytest.raises(ConfigError, match="sign"):
        parse_amount("5", decimal, thousands)
    with pytest.raises(ConfigError, match="sign"):
        sql_amount("a", decimal, thousands)


def test_a_thousands_sign_must_be_stated():
    assert parse_amount("1 234", thousands=" ") == parse_amount("1'234", thousands="'") == 1234
    for text in ("1 234", "1'234", "1.234", "1234.50"):
        with pytest.raises(AmountError):
            parse_amount(text, thousands="")


def read(text: str, decimal: str, thousands: str) -> Decimal | None:
    try:
        return parse_amount(text, decimal, thousands).quantize(Decimal("0.01"), ROUND_HALF_UP)
    except AmountError:
        return None


def read_in_duckdb(con, texts: list[str | None], decimal: str, thousands: str) -> list[Decimal | None]:
    """Read literals: the first bound parameter would make DuckDB import pandas, seconds for nothing."""
    cells = ", ".join("NULL" if text is None else "'" + text.replace("'", "''") + "'" for text in texts)
    query = f"SELECT {sql_amount('cell', decimal, thousands)} FROM (SELECT unnest([{cells}]) AS cell)"
    return [row[0] for row in con.execute(query).fetchall()]


PIECES = [
    "0",
    "1",
    "12",
    "123",
    "234",
    "5",
    "500",
    "1005",
    "999999999999",
    ".",
    ",",
    " ",
    "\u00a0",
    "'",
    "’",
    "-",
]
PIECES += [
    "\u2212",
    "+",
    "(",
    ")",
    "kr",
    "SEK",
    "£",
    ":-",
    "e",
    "E+05",
    "\t",
    "٣",
    "\u212ar",
    "x",
    ".005",
    ",995",
]
BEFORE = ["", "", "-", "+", "(", "£", "\u2212", " ", "- ", "SEK "]
AFTER = ["", "", "-", ")", " kr", ":-", " ", "\n"]
EDGES = [
    "1.0049",
    "1.005",
    "-1,005",
    f"(0,99{'4' * 40})",
    "0" * 50 + "7",
    "\ufeff1\r\n",
    "\t",
    "",
    "999999999999.995",
]


def texts_of(random: Random) -> Iterator[str]:
    """Yield amounts in odd forms, near misses and noise."""
    for _ in range(200):
        number = Decimal(random.randrange(10 ** random.randint(1, 15))).scaleb(-random.randint(0, 4))
        written = random.choice(BEFORE) + format(number, random.choice(["f", ",f"])) + random.choice(AFTER)
        swapped = written.translate(str.maketrans(",.", random.choice([".,", " ,", "\u00a0,", "'.", ".."])))
        yield random.choice([written, swapped])
        yield "".join(random.choices(PIECES, k=random.randint(1, 6)))
        at = random.randrange(len(swapped) + 1)
        yield swapped[:at] + random.choice([*PIECES, chr(random.randrange(1, 0xD800))]) + swapped[at:]
    yield from EDGES


@pytest.mark.parametrize(("decimal", "thousands"), DIALECTS)
@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_duckdb_reads_what_python_reads(con, decimal, thousands, seed):
    texts = list(texts_of(Random(seed)))
    by_duckdb = read_in_duckdb(con, texts, decimal, thousands)
    by_python = [read(text, decimal, thousands) for text in texts]
    assert [row for row in zip(texts, by_duckdb, by_python, strict=True) if row[1] != row[2]] == []
    assert 0.1 < sum(amount is not None for amount in by_python) / len(texts) < 0.9


def test_duckdb_reads_the_written_forms(con):
    texts = [
        "1 234,50",
        "1.234,50-",
        "(123,45)",
        "1,234.50",
        "+5",
        "\u22125 kr",
        "£5",
        "5:-",
        "1,2E+05",
        None,
        "",
    ]
    found = read_in_duckdb(con, texts, ",", " .")
    expected = ["1234.50", "-1234.50", "-123.45", "1234.50", "5", "-5", "5", "5", None, None, None]
    assert found == [None if text is None else Decimal(text) for text in expected]
    described = con.execute(f"DESCRIBE SELECT {sql_amount('cell')} AS amount FROM (SELECT '' AS cell)").fetchone()
    assert described[1] == "DECIMAL(14,2)"


@given(st.integers(-(10**14) + 1, 10**14 - 1), st.sampled_from(DIALECTS))
def test_amounts_written_by_a_ledger_come_back(ore, dialect):
    decimal, thousands = dialect
    sign = thousands.translate({0xA0: None})[:1]
    kronor, cents = divmod(abs(ore), 100)
    written = f"{'-' if ore < 0 else ''}{kronor:,}".replace(",", sign) + f"{decimal}{cents:02d}"
    assert parse_amount(written, decimal, thousands) == Decimal(ore).scaleb(-2)
