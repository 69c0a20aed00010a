"""Payees: the ledger's records, the organisations behind them, and names that say nothing."""

from tests.core.drawn_ledger import core_of, same, table

ENTITIES = "SELECT supplier_key AS record, entity_key AS entity, is_redacted AS hidden FROM core_payees ORDER BY 1"


def test_an_organisation_number_joins_records_and_lends_itself_to_its_name() -> None:
    ledger = """
    voucher | payee              | ref         | date       | amount
    V1      | Bygg & Måleri AB   | 556047-1236 | 2026-01-10 | 100.00
    V2      | BYGG & MÅLERI      | 556047-1236 | 2026-01-10 | 100.00
    V3      | Bygg & Maleri      |             | 2026-01-10 | 100.00
    V4      | AB Bygg & Måleri   | L-17        | 2026-01-10 | 100.00
    V5      | Annan AB           | 556048-1235 | 2026-01-10 | 100.00
    """
    with core_of(ledger) as connection:
        assert table(connection, ENTITIES) == same("""
        record           | entity          | hidden
        name:BYGG MALERI | org:556047-1236 | false
        ref:556047-1236  | org:556047-1236 | false
        ref:556048-1235  | org:556048-1235 | false
        ref:L-17         | org:556047-1236 | false
        """)


def test_a_name_of_two_organisations_belongs_to_neither() -> None:
    ledger = """
    voucher | payee       | ref         | date       | amount
    V1      | Städbolaget | 556047-1236 | 2026-01-10 | 100.00
    V2      | Städbolaget | 556048-1235 | 2026-01-10 | 100.00
    V3      | Städbolaget |             | 2026-01-10 | 100.00
    """
    with core_of(ledger) as connection:
        assert table(connection, ENTITIES) == same("""
        record           | entity           | hidden
        name:STADBOLAGET | name:STADBOLAGET | false
        ref:556047-1236  | org:556047-1236  | false
        ref:556048-1235  | org:556048-1235  | false
        """)


def test_twins_in_the_register_are_one_organisation() -> None:
    ledger = """
    voucher | payee        | supplier_id | date       | amount
    V1      | Konsulten AB | L1          | 2026-01-10 | 100.00
    V2      | Konsulten    | L2          | 2026-01-10 | 100.00
    """
    with core_of(ledger) as connection:
        assert table(connection, ENTITIES) == same("""
        record | entity         | hidden
        id:L1  | name:KONSULTEN | false
        id:L2  | name:KONSULTEN | false
        """)


def test_a_company_form_is_no_part_of_a_name_however_it_is_typed() -> None:
    names = ("Danvent", "HB Danvent", "KB Danvent", "Danvent A/S", "DANVENT AS", "Danvent A.S.", "Danvent AB (publ)", "AB Danvent", "Danvent Ek. för.",
             "Danvent Ltd i konkurs", "Danvent Oy")  # fmt: skip
    rows = [f"V{n} | {name} | 2026-01-10 | 100.00" for n, name in enumerate((*names, "Danvent Asfalt"))]
    with core_of("\n".join(["voucher | payee | date | amount", *rows])) as connection:
        assert table(connection, ENTITIES) == same("""
        record              | entity              | hidden
        name:DANVENT        | name:DANVENT        | false
        name:DANVENT ASFALT | name:DANVENT ASFALT | false
        """)


def test_hidden_payees_never_become_one() -> None:
    ledger = """
    voucher | payee | ref         | date       | amount
    V1      | *     |             | 2026-01-10 | 100.00
    V2      | *     |             | 2026-01-10 | 100.00
    V3      | *     | 556047-1236 | 2026-01-10 | 100.00
    """
    with core_of(ledger) as connection:
        assert table(connection, ENTITIES) == same("""
        record          | entity          | hidden
        hidden:V1       | hidden:V1       | true
        hidden:V2       | hidden:V2       | true
        ref:556047-1236 | org:556047-1236 | true
        """)
        assert connection.execute(
            "SELECT max(n) FROM (SELECT count(*) AS n FROM core_payments GROUP BY entity_key)"
        ).fetchone() == (1,)


def test_a_one_time_record_is_split_by_name() -> None:
    ledger = """
    voucher | payee     | supplier_id | date       | amount
    V1      | Firma Ett | 9999        | 2026-01-10 | 100.00
    V2      | FIRMA ETT | 9999        | 2026-01-10 | 100.00
    V3      | Firma Två | 9999        | 2026-01-10 | 100.00
    V4      | *         | 9999        | 2026-01-10 | 100.00
    V5      | Firma Tre | one-time    | 2026-01-10 | 100.00
    """
    register = """
    raw_suppliers
    supplier_id | name     | is_one_time
    9999        | Engångs  | true
    """
    with core_of(ledger, register) as connection:
        assert table(connection, ENTITIES) == same("""
        record         | entity         | hidden
        once:FIRMA ETT | name:FIRMA ETT | false
        once:FIRMA TRE | name:FIRMA TRE | false
        once:FIRMA TVA | name:FIRMA TVA | false
        once:V4        | once:V4        | true
        """)


def test_a_mistyped_number_is_told_and_mended_only_where_one_known_number_fits() -> None:
    ledger = """
    voucher | payee    | ref         | date       | amount
    V1      | Bolag AB | 556047-1236 | 2026-01-10 | 100.00
    V2      | Balog AB | 556047-1263 | 2026-01-10 | 100.00
    V3      | Egen     | P-0123456789abcdef | 2026-01-10 | 100.00
    V4      | Okänd    | U-0123456789abcdef | 2026-01-10 | 100.00
    V5      | Tvåan AB | 556048-1235 | 2026-01-10 | 100.00
    V6      | Trean AB | 556048-1236 | 2026-01-10 | 100.00
    V7      | Fyran AB | 5.56047E+09 | 2026-01-10 | 100.00
    V8      | Femman   | 551047-1236 | 2026-01-10 | 100.00
    V9      | Egen     | L-17        | 2026-01-10 | 100.00
    """
    chosen = (
        "supplier_key AS record, org_no, org_no_problem AS problem, org_no_repair AS repair, is_personal AS personal"
    )
    with core_of(ledger) as connection:
        assert table(connection, f"SELECT {chosen} FROM core_payees ORDER BY 1") == same("""
        record                 | org_no             | problem     | repair      | personal
        ref:5.56047E+09        |                    | excel       |             | false
        ref:551047-1236        |                    | third_digit | 556047-1236 | false
        ref:556047-1236        | 556047-1236        |             |             | false
        ref:556047-1263        |                    | check_digit | 556047-1236 | false
        ref:556048-1235        | 556048-1235        |             |             | false
        ref:556048-1236        |                    | check_digit |             | false
        ref:L-17               |                    |             |             | false
        ref:P-0123456789abcdef | P-0123456789abcdef |             |             | true
        ref:U-0123456789abcdef | U-0123456789abcdef |             |             | true
        """)


def test_a_street_is_an_address_only_with_its_town() -> None:
    registers = """
    raw_suppliers
    supplier_id | name | address                         | postal_code | city
    L1          | A    | Storgatan 2                     | 701 22      | Örebro
    L2          | B    | STORGATAN 2.                    | 70122       | Örebro
    L3          | C    | Storgatan 2                     | 994 32      | Ånga
    L4          | D    | Storgatan 2                     |             | Ånga
    L5          | E    | Storgatan 2                     |             |
    L6          | F    | c/o Lind, Storgatan 2, 70122 Ör |             |
    L7          | G    | Box 7                           |             |
    L8          | H    | Boxholmsvägen 1                 | 701 22      |
    """
    ledger = "voucher | payee | supplier_id | date | amount\n" + "\n".join(
        f"V{n} | {name} | L{n} | 2026-01-10 | 100.00" for n, name in enumerate("ABCDEFGH", 1)
    )
    with core_of(ledger, registers) as connection:
        assert table(
            connection, "SELECT supplier_id AS id, address_key AS key, is_care_of AS box FROM core_payees ORDER BY 1"
        ) == same("""
        id | key                         | box
        L1 | STORGATAN 2 70122           | false
        L2 | STORGATAN 2 70122           | false
        L3 | STORGATAN 2 99432           | false
        L4 | STORGATAN 2 ANGA            | false
        L5 |                             | false
        L6 | C O LIND STORGATAN 2 70122 OR | true
        L7 |                             | true
        L8 | BOXHOLMSVAGEN 1 70122       | false
        """)


def test_a_record_takes_its_usual_name_and_the_register_s_number() -> None:
    registers = """
    raw_suppliers
    supplier_id | name   | supplier_ref
    L1          | Ett AB | 556047-1236
    """
    ledger = """
    voucher | payee      | supplier_id | ref         | date       | amount
    V1      | Ett AB     | L1          | 556048-1235 | 2026-03-10 | 100.00
    V2      | Övrigt AB  | L2          |             | 2026-03-10 | 100.00
    V3      | Anläggning | L2          |             | 2026-01-10 | 100.00
    V4      | Anläggning | L2          |             | 2026-02-10 | 100.00
    V5      | Två AB     |             | 556048-1235 | 2026-03-10 | 100.00
    """
    chosen = "supplier_key AS record, entity_key AS entity, name, name_key, first_month AS first"
    with core_of(ledger, registers) as connection:
        assert table(connection, f"SELECT {chosen} FROM core_payees ORDER BY 1") == same("""
        record          | entity          | name       | name_key   | first
        id:L1           | org:556047-1236 | Ett AB     | ETT        | 2026-03
        id:L2           | name:ANLAGGNING | Anläggning | ANLAGGNING | 2026-01
        ref:556048-1235 | org:556048-1235 | Två AB     | TVA        | 2026-03
        """)


def test_a_short_name_joins_nobody_and_neither_does_one_that_is_sometimes_hidden() -> None:
    ledger = """
    voucher | payee  | supplier_id | ref         | date       | amount
    V1      | Acme   |             | 556047-1236 | 2026-01-10 | 100.00
    V2      | Acme   | L1          |             | 2026-01-10 | 100.00
    V3      | Acme   | L2          |             | 2026-01-10 | 100.00
    V4      | Acmes  | L3          |             | 2026-01-10 | 100.00
    V5      | Acmes  | L4          |             | 2026-01-10 | 100.00
    V6      | Synlig | L5          |             | 2026-01-10 | 100.00
    V7      | Synlig | L6          |             | 2026-01-10 | 100.00
    V8      | Synlig | L6          |             | 2026-01-11 | 100.00
    V9      | *      | L6          |             | 2026-01-12 | 100.00
    """
    with core_of(ledger) as connection:
        assert table(connection, ENTITIES) == same("""
        record          | entity          | hidden
        id:L1           | id:L1           | false
        id:L2           | id:L2           | false
        id:L3           | name:ACMES      | false
        id:L4           | name:ACMES      | false
        id:L5           | name:SYNLIG     | false
        id:L6           | id:L6           | true
        ref:556047-1236 | org:556047-1236 | false
        """)
