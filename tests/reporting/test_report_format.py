"""The one formatter: Swedish signs, no-break spaces, rounding, missing values."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting import format as f
from reporting.csv_text import safe

MONEY = st.decimals(min_value=-(10**11), max_value=10**11, places=2)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("1234567.89"), "1 234 568 kr"),
        (0, "0 kr"),
        (-1234, "−1 234 kr"),
        (Decimal("-0.40"), "0 kr"),
        (Decimal("0.50"), "1 kr"),
        (Decimal("-0.50"), "−1 kr"),
        (None, "–"),
    ],
)
def test_kronor_without_ore(amount, text):
    assert f.kr(amount) == text.replace(" ", f.NBSP)


def test_kronor_with_ore_and_other_currencies():
    assert f.kr(Decimal("1234567.89"), ore=True) == "1 234 567,89 kr".replace(" ", f.NBSP)
    assert f.kr(1234567, "GBP") == "1 234 567 £".replace(" ", f.NBSP)
    assert f.kr(5, "PLN") == f"5{f.NBSP}PLN"


def test_money_is_never_a_float():
    with pytest.raises(TypeError):
        f.kr(1.5)


@given(MONEY)
def test_an_amount_with_ore_reads_back_exactly(amount):
    text = f.kr(amount, ore=True)
    assert not re.search(r"[ .-]", text), "only no-break spaces, comma and true minus"
    back = text.removesuffix(f"{f.NBSP}kr").replace(f.NBSP, "").replace(",", ".").replace(f.MINUS, "-")
    assert Decimal(back) == amount


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (950, "950 kr"),
        (9_999, "9 999 kr"),
        (Decimal("9999.49"), "9 999 kr"),
        (Decimal("9999.50"), "10 tkr"),
        (-15_400, "−15 tkr"),
        (12_400, "12 tkr"),
        (999_400, "999 tkr"),
        (999_900, "1 Mkr"),
        (1_240_000, "1,2 Mkr"),
        (12_400_000, "12 Mkr"),
        (3_400_000_000, "3,4 mdkr"),
        (-1_500_000, "−1,5 Mkr"),
        (-15_400_000, "−15 Mkr"),
        (999_499_999, "999 Mkr"),
        (999_500_000, "1 mdkr"),
    ],
)
def test_short_kronor(amount, text):
    assert f.kr_short(amount) == text.replace(" ", f.NBSP)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.043, "4,3 %"),
        (0, "0,0 %"),
        (1, "100,0 %"),
        (0.0001, "< 0,1 %"),
        (0.9999, "> 99,9 %"),
        (Decimal("-0.25"), "−25,0 %"),
        (None, "–"),
        (float("nan"), "–"),
    ],
)
def test_share(value, text):
    assert f.share(value) == text.replace(" ", f.NBSP)


@given(st.decimals(min_value=0, max_value=1, places=6))
def test_only_none_reads_none_and_only_all_reads_all(value):
    text = f.share(value)
    assert (text == f"0,0{f.NBSP}%") == (value == 0)
    assert (text == f"100,0{f.NBSP}%") == (value == 1)


@pytest.mark.parametrize(
    ("minutes", "text", "decimal"),
    [
        (165, "2 tim 45 min", "2,75 h"),
        (45, "45 min", "0,75 h"),
        (120, "2 tim", "2,00 h"),
        (0, "0 min", "0,00 h"),
        (-90, "−1 tim 30 min", "−1,50 h"),
    ],
)
def test_hours_both_ways(minutes, text, decimal):
    assert f.hours(minutes) == text.replace(" ", f.NBSP)
    assert f.hours_decimal(minutes) == decimal.replace(" ", f.NBSP)


@given(st.integers(min_value=0, max_value=10**6))
def test_hours_and_minutes_add_up(minutes):
    hour, minute = re.fullmatch(r"(?:([\d ]+) tim)? ?(?:(\d+) min)?", f.hours(minutes).replace(f.NBSP, " ")).groups()
    assert int((hour or "0").replace(" ", "")) * 60 + int(minute or 0) == minutes


def test_dates_and_months():
    day = dt.date(2026, 11, 22)
    assert f.date(day) == f.date("2026-11-22") == "2026-11-22"
    assert f.month(day) == f.month("2026-11") == "2026-11"
    assert f.month_name("2026-10") == f"oktober{f.NBSP}2026"
    assert f.month_name("2026-13") == "2026-13"
    assert f.timestamp(dt.datetime.fromisoformat("2026-11-22T14:05")) == "2026-11-22 14:05"
    assert f.timestamp("2026-11-22T14:05:09") == "2026-11-22 14:05:09"
    assert [f.date(None), f.month(None), f.timestamp(None)] == ["–", "–", "–"]


def test_number_keeps_or_fixes_decimals():
    assert f.number(1234567) == "1 234 567".replace(" ", f.NBSP)
    assert f.number(0.1 + 0.2, None) == "0,3"
    assert f.number(100, None) == "100"
    assert f.number(Decimal("2.7500"), None) == "2,75"
    assert f.number(float("inf")) == "–"


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("amount_sek", "1234.50", "1 234,50 kr"),
        ("amount_sek", Decimal("1200.00"), "1 200 kr"),
        ("amount_sek", "okänt", "okänt"),
        ("granted_minutes", 165, "2 tim 45 min"),
        ("performed_share", 0.9, "90,0 %"),
        ("booking_date", dt.date(2026, 10, 3), "2026-10-03"),
        ("approved_at", "2026-10-03T08:15:00", "2026-10-03 08:15"),
        ("is_credit", True, "Ja"),
        ("is_credit", "false", "Nej"),
        ("invoice_no", "0012", "0012"),
        ("line_no", 3, "3"),
        ("missing", ["a", None], "a, –"),
        ("text", None, "–"),
    ],
)
def test_a_cell_follows_its_column_name(column, value, text):
    assert f.by_name(column, value).replace(f.NBSP, " ") == text


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [("hours", 2.75, "2 tim 45 min"), ("minutes", 165, "2 tim 45 min"), ("yes or no", 0, "Nej"), ("yes or no", 1, "Ja"),
     ("share", 0.043, "4,3 %"), ("log2 ratio", 1, "2,0"), ("log2 ratio", -1, "0,5"), ("per day", 0.5, "0,500"), ("days", 2.5, "2,5"),
     ("hours", None, "–")],
)  # fmt: skip
def test_a_feature_s_value_follows_its_unit(unit, value, text):
    assert f.by_unit(unit, value).replace(f.NBSP, " ") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.00049, "< 0,1 %"), (0.0005, "0,1 %"), (0.9994, "99,9 %"), (0.9995, "> 99,9 %"), (1.5, "150,0 %")],
)
def test_a_share_at_its_bounds(value, text):
    assert f.share(value).replace(f.NBSP, " ") == text


def test_none_and_one_and_many():
    assert [f.plural(n, "rad", "rader").replace(f.NBSP, " ") for n in (0, 1, 2)] == ["0 rader", "1 rad", "2 rader"]


def test_a_negative_amount_as_text_and_a_year_are_what_they_are():
    assert f.by_name("paid_sek", "-12.50").replace(f.NBSP, " ") == "−12,50 kr"
    assert f.by_name("year", 2026) == "2026"
    assert f.number(0.12345678, None) == "0,123457"


def test_no_cell_of_a_csv_file_begins_as_a_formula_does():
    texts = ("=1", " =1", "\u00a0+1", "@a", "-1", "\uff1d1", "a=1", "", None)
    assert [safe(text) for text in texts] == ["'=1", "' =1", "'\u00a0+1", "'@a", "'-1", "'\uff1d1", "a=1", "", ""]
