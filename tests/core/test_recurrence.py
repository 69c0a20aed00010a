"""Recurrence: rents, subscriptions, instalments and batches of like fees are expected; an extra copy is not."""

from datetime import date, timedelta

import pytest

from tests.core.drawn_ledger import core_of, same, table

RHYTHM = """SELECT voucher_no AS voucher, rhythm, is_expected AS expected, same_amount_before AS before, gap_days AS gap,
copies_same_day AS copies FROM core_payments ORDER BY voucher_no"""


def test_the_third_payment_at_one_gap_is_expected_and_a_day_outside_its_class_is_not() -> None:
    bounds = {
        "weekly": (5, 9),
        "fortnightly": (12, 16),
        "monthly": (26, 36),
        "quarterly": (84, 98),
        "yearly": (350, 380),
    }
    gaps = {4: None, 45: None, 200: None}
    for name, (least, most) in bounds.items():
        gaps |= {least - 1: None, least: name, (least + most) // 2: name, most: name, most + 1: None}
    rows = [
        f"V{days:03d}{n} | Firm {days} | {date(2023, 1, 10) + timedelta(days=n * days)} | 500.00"
        for days in gaps
        for n in range(4)
    ]
    with core_of("\n".join(["voucher | payee | date | amount", *rows])) as connection:
        found: dict[str, list[str | None]] = {}
        for payee, rhythm in connection.execute(
            "SELECT supplier_name, rhythm FROM core_payments ORDER BY booking_date"
        ).fetchall():
            found.setdefault(payee, []).append(rhythm)
    assert found == {f"Firm {days}": [None, None, rhythm, rhythm] for days, rhythm in gaps.items()}


# copies on two days of one payee, the days between them, and what is said of the second day's
BATCHES = {
    "as many as before": (2, 2, 10, ["batch", "batch"], 2),
    "one more": (2, 3, 10, ["batch", "batch", None], 2),
    "one before": (1, 2, 10, [None, None], 1),
    "one now": (2, 1, 10, [None], 2),
    "five days": (2, 2, 5, ["batch", "batch"], 2),
    "four days": (2, 2, 4, [None, None], 2),
    "four hundred days": (2, 2, 400, ["batch", "batch"], 2),
    "more than four hundred": (2, 2, 401, ["batch", "batch"], 0),
}


def test_like_fees_repeat_as_a_batch_up_to_as_many_as_the_last_time() -> None:
    rows = []
    for payee, (first, second, gap, _, _) in BATCHES.items():
        days = [date(2024, 12, 20)] * first + [date(2024, 12, 20) + timedelta(days=gap)] * second
        rows += [f"{payee} {n} | {payee} | {day} | 700.00" for n, day in enumerate(days)]
    with core_of("\n".join(["voucher | payee | date | amount", *rows])) as connection:
        for payee, (_, second, _, rhythms, before) in BATCHES.items():
            found = connection.execute(
                f"SELECT rhythm, same_amount_before, copies_same_day FROM core_payments WHERE supplier_name = '{payee}' "
                "AND booking_date > '2024-12-20' ORDER BY rhythm NULLS LAST"
            ).fetchall()
            assert found == [(rhythm, before, second) for rhythm in rhythms], payee


def test_payments_of_a_payee_and_month_are_counted_over_the_year_s_end() -> None:
    ledger = """
    voucher | payee | date       | amount
    V1      | A     | 2025-12-01 | 100.00
    V2      | A     | 2025-12-31 | 200.00
    V3      | A     | 2026-01-01 | 300.00
    V4      | A     | 2026-01-02 | -50.00
    V5      | B     | 2025-12-31 | 100.00
    """
    with core_of(ledger) as connection:
        found = connection.execute("SELECT voucher_no, payee_month_count FROM core_payments ORDER BY 1").fetchall()
    assert found == [("V1", 2), ("V2", 2), ("V3", 1), ("V4", 0), ("V5", 1)]


def test_rent_with_an_extra_copy_and_a_break() -> None:
    ledger = """
    voucher | payee     | date       | amount
    V1      | Värden AB | 2026-01-02 | 9000.00
    V2      | Värden AB | 2026-02-02 | 9000.00
    V3      | Värden AB | 2026-03-02 | 9000.00
    V4      | Värden AB | 2026-03-02 | 9000.00
    V5      | Värden AB | 2026-04-02 | 9500.00
    V6      | Värden AB | 2026-05-20 | 9000.00
    """
    with core_of(ledger) as connection:
        found = table(connection, RHYTHM)
    extra = [line for line in found.splitlines() if line.startswith(("V3", "V4"))]
    assert sorted(line.split("|")[2].strip() for line in extra) == ["false", "true"]
    kept = [line for line in found.splitlines() if not line.startswith(("V3", "V4"))]
    assert "\n".join(line.replace(" ", "") for line in kept) == same("""
    voucher | rhythm | expected | before | gap | copies
    V1      |        | false    | 0      |     | 1
    V2      |        | false    | 1      | 31  | 1
    V5      |        | false    | 0      |     | 1
    V6      |        | false    | 4      | 79  | 1
    """).replace(" ", "")


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ("2025-04-14", "--mm-mmmm"),  # between two rents: it is the extra one, and the next rents are expected
        ("2025-04-04", "--mm-mmmm"),  # 32 days after a rent, but the rent has been paid
        ("2025-04-11", "--mm-mmmm"),  # a week after: no weekly rent
        ("2025-02-19", "---mmmmmm"),  # after the first two rents
    ],
)
def test_a_payment_between_two_rents_does_not_break_their_rhythm(extra: str, expected: str) -> None:
    days = sorted([f"2025-{month:02d}-02" for month in range(1, 9)] + [extra])
    drawn = "\n".join(["voucher | payee | date | amount", *(f"V{d} | Bolag AB | {d} | 500.00" for d in days)])
    with core_of(drawn) as connection:
        found = connection.execute("SELECT rhythm FROM core_payments ORDER BY booking_date").fetchall()
    assert "".join((rhythm or "-")[0] for (rhythm,) in found) == expected


def test_payments_every_few_days_are_no_weekly_rent_with_one_between() -> None:
    days = ("2025-01-02", "2025-01-09", "2025-01-16", "2025-01-19", "2025-01-23", "2025-01-30")
    drawn = "\n".join(["voucher | payee | date | amount", *(f"V{d} | Bolag AB | {d} | 500.00" for d in days)])
    with core_of(drawn) as connection:
        found = connection.execute("SELECT rhythm FROM core_payments ORDER BY booking_date").fetchall()
    assert [rhythm for (rhythm,) in found] == [None, None, "weekly", None, None, None]


def test_a_fortnightly_payment_that_stays_away_is_no_monthly_one_with_one_between() -> None:
    days = ("2025-01-01", "2025-01-15", "2025-01-29", "2025-02-14", "2025-03-16")
    drawn = "\n".join(["voucher | payee | date | amount", *(f"V{d} | Bolag AB | {d} | 500.00" for d in days)])
    with core_of(drawn) as connection:
        found = connection.execute("SELECT rhythm FROM core_payments ORDER BY booking_date").fetchall()
    assert [rhythm for (rhythm,) in found] == [None, None, "fortnightly", "fortnightly", None]


def test_two_payments_a_month_apart_with_one_between_are_no_rhythm_yet() -> None:
    days = ("2025-01-02", "2025-01-20", "2025-02-02", "2025-02-20")
    drawn = "\n".join(["voucher | payee | date | amount", *(f"V{d} | Bolag AB | {d} | 500.00" for d in days)])
    with core_of(drawn) as connection:
        found = connection.execute("SELECT rhythm FROM core_payments ORDER BY booking_date").fetchall()
    assert [rhythm for (rhythm,) in found] == [None, None, None, None]


def test_a_batch_of_like_fees_repeats_as_a_batch() -> None:
    rows = [f"V{m}{i} | Tolken AB | 2026-0{m}-15 | 700.00" for m, n in ((1, 3), (2, 3), (3, 4)) for i in range(n)]
    with core_of("\n".join(["voucher | payee | date | amount", *rows])) as connection:
        found = connection.execute(
            "SELECT booked_month, count(*) FILTER (is_expected), count(*) FROM core_payments GROUP BY 1 ORDER BY 1"
        ).fetchall()
    assert found == [("2026-01", 0, 3), ("2026-02", 3, 3), ("2026-03", 3, 4)]


def test_a_payee_that_keeps_rhythms_is_expected_at_once() -> None:
    rows = ["voucher | payee | date | amount"]
    for k in range(6):
        rows += [f"V{k}{m} | Värden AB | 2026-{m:02d}-02 | {1000 + k}.00" for m in (1, 2, 3)]
    rows += ["X1 | Värden AB | 2026-04-02 | 5555.00", "X2 | Värden AB | 2026-05-02 | 5555.00"]
    rows += ["Y1 | Annan AB | 2026-04-02 | 5555.00", "Y2 | Annan AB | 2026-05-02 | 5555.00"]
    with core_of("\n".join(rows)) as connection:
        found = dict(connection.execute("SELECT voucher_no, is_expected FROM core_payments").fetchall())
    assert (found["X1"], found["X2"], found["Y2"]) == (False, True, False)


def test_a_payment_between_two_rents_is_not_taken_for_a_weekly_one() -> None:
    rents = [f"V{m:02d} | Värden AB | 2025-{m:02d}-26 | 9000.00" for m in range(1, 13)]
    ledger = "\n".join(["voucher | payee | date | amount", *rents, "V99 | Värden AB | 2025-12-05 | 9000.00"])
    with core_of(ledger) as connection:
        found = dict(connection.execute("SELECT voucher_no, rhythm FROM core_payments").fetchall())
    assert found["V11"] == "monthly"
    assert found["V99"] is None


def test_a_cancelled_payment_is_no_part_of_a_rhythm() -> None:
    ledger = """
    voucher | payee     | date       | amount
    V1      | Värden AB | 2026-01-02 |  9000.00
    V2      | Värden AB | 2026-02-02 |  9000.00
    V3      | Värden AB | 2026-02-03 | -9000.00
    V4      | Värden AB | 2026-03-04 |  9000.00
    """
    with core_of(ledger) as connection:
        assert table(connection, RHYTHM) == same("""
        voucher | rhythm | expected | before | gap | copies
        V1      |        | false    | 0      |     | 1
        V2      |        | false    | 0      |     | 1
        V3      |        | false    | 0      |     | 1
        V4      |        | false    | 1      | 61  | 1
        """)


def test_a_payment_is_part_of_its_rhythm_until_it_is_cancelled_and_credits_have_none() -> None:
    ledger = """
    voucher | payee     | date       | amount   | invoice
    V1      | Värden AB | 2025-11-02 |  9000.00 | F1
    V2      | Värden AB | 2025-12-02 |  9000.00 | F2
    V3      | Värden AB | 2026-01-02 |  9000.00 | F3
    V4      | Värden AB | 2026-01-20 | -9000.00 | F2
    C1      | Annan AB  | 2026-01-02 |  -500.00 |
    C2      | Annan AB  | 2026-02-02 |  -500.00 |
    C3      | Annan AB  | 2026-03-04 |  -500.00 |
    """
    with core_of(ledger) as connection:
        assert table(connection, RHYTHM) == same("""
        voucher | rhythm  | expected | before | gap | copies
        C1      |         | false    | 0      |     | 1
        C2      |         | false    | 0      |     | 1
        C3      |         | false    | 0      |     | 1
        V1      |         | false    | 0      |     | 1
        V2      |         | false    | 1      | 30  | 1
        V3      | monthly | true     | 2      | 31  | 1
        V4      |         | false    | 0      |     | 1
        """)


@pytest.mark.parametrize(
    ("twice", "thrice", "once", "is_expected"),
    [(3, 1, 0, True), (3, 1, 1, False), (1, 2, 0, False)],  # 5 of 10 in rhythm, 5 of 11, 5 of 9
)
def test_a_habit_is_half_of_what_a_payee_was_paid_and_ten_payments_at_least(
    twice: int, thrice: int, once: int, is_expected: bool
) -> None:
    times = [3] * thrice + [2] * twice + [1] * once
    rows = [f"V{k}{m} | Värden AB | 2026-{m + 1:02d}-02 | {1000 + k}.00" for k, n in enumerate(times) for m in range(n)]
    rows += ["X1 | Värden AB | 2026-04-02 | 5555.00", "X2 | Värden AB | 2026-05-02 | 5555.00"]
    with core_of("\n".join(["voucher | payee | date | amount", *rows])) as connection:
        found = connection.execute("SELECT is_expected FROM core_payments WHERE voucher_no = 'X2'").fetchall()
    assert found == [(is_expected,)]
