"""What rows say alike stands once above them; what tells them apart, and amounts, stays in the table."""

import pytest

from review.web.alike import parted

DATE, PAYEE, SUM = ("Datum", "2026-05-06"), ("Mottagare", "Prov AB"), ("Belopp", "10,00\xa0kr")
LATER, OTHER = ("Datum", "2026-06-18"), ("Mottagare", "Annan AB")


@pytest.mark.parametrize(
    ("rows", "alike", "labels", "amounts"),
    [
        ([], (), (), set()),
        ([(DATE, PAYEE, SUM)], (), ("Datum", "Mottagare", "Belopp"), {"Belopp"}),  # one row alone says nothing alike
        ([(DATE, PAYEE, SUM), (LATER, PAYEE, SUM)], (PAYEE,), ("Datum", "Belopp"), {"Belopp"}),
        ([(DATE, PAYEE), (DATE, PAYEE)], (PAYEE,), ("Datum",), set()),  # what heads the row stays
        ([(DATE, PAYEE), (LATER, OTHER)], (), ("Datum", "Mottagare"), set()),
        ([(DATE, PAYEE), (LATER,)], (), ("Datum", "Mottagare"), set()),  # a row that lacks it is not alike
        ([(DATE, SUM), (LATER, ("Belopp", "–"))], (), ("Datum", "Belopp"), {"Belopp"}),
        ([(DATE, ("Fel", "–")), (LATER, ("Fel", "–"))], (("Fel", "–"),), ("Datum",), set()),
    ],
)
def test_rows_are_parted(rows, alike, labels, amounts):
    found = parted(rows)
    assert (found.alike, found.labels, set(found.amounts)) == (alike, labels, amounts)


def test_an_amount_is_one_in_the_ledgers_own_currency():
    rows = [(DATE, ("Belopp", "10\xa0£")), (LATER, ("Belopp", "10\xa0£"))]
    assert [parted(rows, currency).labels for currency in ("GBP", "SEK")] == [("Datum", "Belopp"), ("Datum",)]
