"""Postings become payments: what makes two postings one payment, and what a payment takes from its postings."""

from decimal import Decimal

from tests.core.drawn_ledger import core_of, same, table


def test_postings_of_one_invoice_are_one_payment_with_the_account_of_the_largest() -> None:
    ledger = """
    voucher | payee    | date       | amount  | invoice | account | account_text | dept
    V1      | Bolag AB | 2026-01-12 |  100.00 | F1      | 4010    | Mat          | Skola
    V1      | Bolag AB | 2026-01-10 | -900.50 | F1      | 5010    | Hyra         | Vård
    V1      | Bolag AB | 2026-01-10 |  100.00 | F1      | 4010    | Mat          | Skola
    """
    chosen = """SELECT booking_date, amount_sek AS amount, posting_count AS postings, account_no AS account, account_text,
    category, department FROM core_payments"""
    with core_of(ledger) as connection:
        assert table(connection, chosen) == same("""
        booking_date | amount  | postings | account | account_text | category | department
        2026-01-10   | -700.50 | 3        | 5010    | Hyra         | Hyra     | Vård
        """)
        ids = connection.execute("SELECT posting_id, payment_id, source_line FROM core_postings ORDER BY 3").fetchall()
        assert len({posting for posting, _, _ in ids}) == 3
        assert {posting.split("-")[0] for posting, _, _ in ids} == {payment for _, payment, _ in ids}


def test_the_key_of_a_payment() -> None:
    ledger = """
    voucher | payee    | date       | amount | invoice | buyer | payment_id
    V1      | Bolag AB | 2026-01-10 | 1.00   | F1      | B     |
    V1      | BOLAG    | 2026-01-20 | 2.00   | F1      | B     |
    V2      | Bolag AB | 2026-01-10 | 4.00   | F1      | B     |
    V1      | Annan AB | 2026-01-10 | 8.00   | F1      | B     |
    V1      | Bolag AB | 2026-01-10 | 16.00  | F2      | B     |
    V1      | Bolag AB | 2026-01-10 | 32.00  |         | B     |
    V1      | Bolag AB | 2026-01-10 | 64.00  | F1      | C     |
    V1      | Bolag AB | 2026-01-10 | 128.00 | F1      | B     | U1
    V1      | Bolag AB | 2026-02-10 | 256.00 | F1      | B     |
    """
    with core_of(ledger) as connection:
        found = sorted(row[0] for row in connection.execute("SELECT amount_sek FROM core_payments").fetchall())
        assert found == [Decimal(n) for n in (3, 4, 8, 16, 32, 64, 128, 256)]
        total = connection.execute("SELECT sum(amount_sek), sum(posting_count) FROM core_payments").fetchone()
        assert total == (Decimal(511), 9)


def test_a_payment_keeps_its_id_whatever_line_or_file_it_comes_from() -> None:
    rows = [
        "V1 | Bolag AB | 2026-01-10 | 1.00",
        "V2 | Bolag AB | 2026-01-11 | 2.00",
        "V2 | Bolag AB | 2026-01-12 | 2.00",
        "V2 | Bolag AB | 2026-01-11 | 3.00",
    ]
    header = "voucher | payee | date | amount"
    found = []
    for lines in ([header, *rows], [header, *rows[::-1]]):
        with core_of("\n".join(lines)) as connection:
            payments = connection.execute("SELECT payment_id, amount_sek FROM core_payments ORDER BY 1").fetchall()
            posted = "SELECT posting_id, amount_sek, booking_date FROM core_postings ORDER BY 1"
            found.append((payments, connection.execute(posted).fetchall()))
    assert found[0] == found[1]


def test_what_a_payment_of_several_postings_takes_from_each() -> None:
    ledger = """
    voucher | payee    | date       | amount | vat_sek | account | account_text | category | dept | cost_centre | payment_id
    V1      | Bolag AB | 2026-01-10 | 100.00 |   25.00 | 5010    | Hyra         | Lokaler  | Vård | C1          | U1
    V1      | Bolag AB | 2026-01-10 |  50.00 |    6.00 | 4010    | Mat          | Lokaler  | Vård | C0          | U1
    V1      | Bolag AB | 2026-01-10 | -20.00 |         | 4010    | Mat          | Lokaler  | Vård | C9          | U1
    V2      | Bolag AB | 2026-01-10 |  10.00 |         | 4010    |              |          | Vård |             |
    V3      | Bolag AB | 2026-01-10 |   0.00 |         | 4010    |              |          | Vård |             |
    V4      | Bolag AB | 2026-01-10 |   8.00 |         | 4010    |              |          | Vård |             |
    V4      | Bolag AB | 2026-01-11 |  -8.00 |         | 4010    |              |          | Vård |             |
    """
    chosen = """SELECT voucher_no AS voucher, amount_sek AS amount, vat_sek AS vat, account_no AS account, category,
    cost_centre, disbursement_id AS paid_by, is_live AS live FROM core_payments ORDER BY 1"""
    with core_of(ledger) as connection:
        assert table(connection, chosen) == same("""
        voucher | amount | vat   | account | category | cost_centre | paid_by | live
        V1      | 130.00 | 31.00 | 5010    | Lokaler  | C1          | U1      | true
        V2      | 10.00  |       | 4010    | 4010     |             |         | true
        V3      | 0.00   |       | 4010    | 4010     |             |         | false
        V4      | 0.00   |       | 4010    | 4010     |             |         | false
        """)


def test_a_payment_is_booked_in_the_month_of_the_file_that_brings_it() -> None:
    ledger = """
    voucher | payee    | date       | amount | delivered
    V1      | Bolag AB | 2025-12-31 | 1.00   | 2026-01
    V1      | Bolag AB | 2026-01-01 | 2.00   | 2026-01
    V1      | Bolag AB | 2025-12-31 | 4.00   |
    """
    with core_of(ledger) as connection:
        found = connection.execute(
            "SELECT booked_month, booking_date::VARCHAR, amount_sek::INT FROM core_payments ORDER BY 1"
        ).fetchall()
    assert found == [("2025-12", "2025-12-31", 4), ("2026-01", "2025-12-31", 3)]


def test_the_last_number_of_a_reference() -> None:
    numbers = {"F-12A": 12, "2024-0017": 17, "17 ex 2": 2, "ABC": None, "": None, "9" * 30: 10**18 - 1}
    rows = [f"V{i} | Bolag AB | 2026-01-10 | {i}.00 | {number}" for i, number in enumerate(numbers)]
    with core_of("\n".join(["voucher | payee | date | amount | invoice", *rows])) as connection:
        found = dict(connection.execute("SELECT coalesce(invoice_no, ''), ref_number FROM core_payments").fetchall())
    assert found == numbers


def test_references_are_cleaned_for_comparison() -> None:
    numbers = {
        "F-4711": "F4711", "4711": "4711", "0004711": "4711", "47 11": "4711", "4711 kopia": "4711", "4711/KR": "4711",
        "4711 påm": "4711", "4711-PAM": "4711", "4711KOPIA2": "4711K0P1A2", "ABC": None, "O123": "123", "l0B": "108", "ÅÄ1": "ÅÄ1",
        "0": None, "000-00": None, "O0": None,
    }  # fmt: skip
    rows = [f"V{i} | Bolag AB | 2026-01-10 | {i}.00 | {number}" for i, number in enumerate(numbers)]
    with core_of("\n".join(["voucher | payee | date | amount | invoice", *rows])) as connection:
        assert dict(connection.execute("SELECT invoice_no, ref_clean FROM core_payments").fetchall()) == numbers


def test_a_row_set_aside_or_superseded_is_no_posting() -> None:
    ledger = """
    voucher | payee    | date       | amount
    V1      | Bolag AB | 2026-01-10 | 1.00
    V2      | Bolag AB | 2026-01-10 | 2.00
    """
    with core_of(ledger) as connection:
        from core.build import build_core
        from tests.core.drawn_ledger import SETTINGS

        connection.execute(
            "INSERT INTO quarantine VALUES ('l', 'raw_ap_postings', 2, NULL, '2', 2.00, 'x', 'error', 'ap_postings'), "
            "('l', 'raw_ap_postings', 1, NULL, '1', 1.00, 'y', 'warning', 'ap_postings')"
        )
        build_core(connection, SETTINGS)
        assert connection.execute("SELECT voucher_no FROM core_payments").fetchall() == [("V1",)]
        connection.execute("UPDATE deliveries SET is_in_force = false")
        build_core(connection, SETTINGS)
        assert connection.execute("SELECT count(*) FROM core_payments").fetchall() == [(0,)]
