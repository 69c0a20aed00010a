"""One account, one spelling, in the ledger and in the registers it is looked up in."""

from core.accounts import ACCOUNT_FIELDS
from indicators import library
from tests.core.drawn_ledger import core_of, same, table

LEDGER = """
voucher | payee     | date       | amount   | payee_account | payee_account_kind
V1      | Bygg AB   | 2026-01-10 | 20000.00 | 5050-1055     | bankgiro
V2      | Bygg AB   | 2026-02-10 | 20001.00 | 50501055      | bankgiro
V3      | Bygg AB   | 2026-03-10 | 20002.00 | bg 5050 1055  | bankgiro
V4      | Bygg AB   | 2026-04-10 | 20003.00 | 05050-1055    | bankgiro
V5      | Plåt AB   | 2026-01-10 | 20004.00 | 991-2346      | bankgiro
V6      | Annan AB  | 2026-01-10 | 20005.00 | 991234-6      | plusgiro
V7      | Tredje AB | 2026-01-10 | 20006.00 | 9912346       | bankgiro
V8      | Nordea    | 2026-01-10 | 20007.00 | 3300-P-0123456789abcdef | account
V9      | Konto AB  | 2026-01-10 | 20008.00 | 8327-9,123 456 789-0 | account
"""
REGISTERS = """
raw_payee_accounts
payee_account | owner_org_no | as_of
0505-01055    | 556047-1236  | 2026-01-31
83279 1234567890 | 556048-1235 | 2026-01-31
Bankgiro: 7777-7775 | 556049-1234 | 2026-01-31
raw_supplier_changes
changed_at          | supplier_id | field         | old_value | new_value | changed_by
2026-02-01 10:00:00 | S1          | payee_account | 5050-1055 | 50501055  | u
2026-02-02 10:00:00 | S1          | phone         | 05050-1055 | 50501055 | u
"""


def test_an_account_written_in_several_ways_is_written_as_the_ledger_first_did() -> None:
    with core_of(LEDGER, REGISTERS) as connection:
        written = "SELECT voucher_no AS voucher, payee_account AS account FROM core_payments ORDER BY 1"
        assert table(connection, written) == same("""
        voucher | account
        V1      | 5050-1055
        V2      | 5050-1055
        V3      | 5050-1055
        V4      | 5050-1055
        V5      | 991-2346
        V6      | 991234-6
        V7      | 9912346
        V8      | 3300-P-0123456789abcdef
        V9      | 8327-9,123 456 789-0
        """)
        assert table(connection, "SELECT payee_account AS account FROM core_payee_accounts ORDER BY 1") == same("""
        account
        5050-1055
        8327-9,123 456 789-0
        Bankgiro: 7777-7775
        """)
        changes = "SELECT field, old_value AS old, new_value AS new FROM core_supplier_changes ORDER BY 1"
        assert table(connection, changes) == same("""
        field         | old        | new
        payee_account | 5050-1055  | 5050-1055
        phone         | 05050-1055 | 50501055
        """)


def test_another_account_stays_another() -> None:
    ledger = """
    voucher | payee   | date       | amount   | payee_account | payee_account_kind
    V1      | Bygg AB | 2026-01-10 | 20000.00 | 5050-1055     | bankgiro
    V2      | Bygg AB | 2026-02-10 | 20001.00 | 5050-1056     | bankgiro
    V3      | Bygg AB | 2026-02-10 | 20001.00 | SE4550000000058398257466 | iban
    V4      | Bygg AB | 2026-02-10 | 20001.00 | SE45 5000 0000 0583 9825 7466 | iban
    """
    with core_of(ledger) as connection:
        found = connection.execute("SELECT DISTINCT payee_account FROM core_payments ORDER BY 1").fetchall()
    assert found == [("5050-1055",), ("5050-1056",), ("SE45 5000 0000 0583 9825 7466",)]


def test_the_fields_are_those_that_sp14_reads() -> None:
    assert ACCOUNT_FIELDS in library()["SP14"].sql
