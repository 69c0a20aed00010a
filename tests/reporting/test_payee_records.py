"""What registers say of a payee: the month's state of them, by hand; a false case beside each true one."""

import datetime as dt
from collections.abc import Iterator

import duckdb
import pytest

from fut.contract import load_contracts
from fut.inbox import DELIVERIES
from fut.validate import QUARANTINE
from reporting.frames import typed
from reporting.payee_records import PAYEE_RECORDS

OWN, OTHER, AWAY = "556000-0001", "556000-0002", "556000-0003"
ORGS = {OWN: "org:556000-0001", OTHER: "org:556000-0002"}
ROWS = {
    "permits": [
        {"permit_id": "T1", "org_no": OWN, "service": "home_care", "valid_from": "2024-01-01", "status": "valid"},
        {"permit_id": "T2", "org_no": OWN, "service": "home_care", "valid_from": "2026-07-01"},  # after the month
        {"permit_id": "T3", "org_no": AWAY, "service": "home_care", "valid_from": "2024-01-01"},  # somebody else's
        {"permit_id": "T4", "org_no": OWN, "service": "residential_care", "valid_from": "2024-01-01", "valid_to":
         "2026-09-30", "status": "revoked", "status_date": "2026-09-30"},
        {"permit_id": "T5", "org_no": OWN, "service": "home_care", "valid_from": "2023-01-01"},  # in quarantine
    ],
    "contracts": [
        {"contract_id": "A1", "supplier_ref": OWN, "category": "Hemtjänst", "valid_from": "2025-01-01", "procurement":
         "lov", "ceiling_sek": "1000.50"},
        {"contract_id": "A2", "supplier_ref": OTHER, "category": "Taxi", "valid_from": "2025-01-01"},
    ],
    "company_roles": [
        {"org_no": OWN, "person_ref": "P-a", "role": "ceo", "valid_from": "2024-01-01"},
        {"org_no": OTHER, "person_ref": "P-a", "role": "board", "valid_from": "2025-01-01"},  # a link
        {"org_no": AWAY, "person_ref": "P-a", "role": "board", "valid_from": "2025-01-01"},  # is paid by nobody here
        {"org_no": OWN, "person_ref": "P-b", "role": "auditor", "valid_from": "2024-01-01"},
        {"org_no": OTHER, "person_ref": "P-b", "role": "auditor", "valid_from": "2024-01-01"},  # auditors make none
        {"org_no": OWN, "person_ref": "P-c", "role": "board", "valid_from": "2020-01-01", "valid_to": "2021-01-01"},
        {"org_no": OTHER, "person_ref": "P-c", "role": "board", "valid_from": "2022-01-01"},  # not at the same time
    ],
    "exclusions": [
        {"org_no": AWAY, "reason": "Hävt avtal", "decided_date": "2025-05-01", "source": "own_decision"},
        {"person_ref": "P-a", "reason": "Företrädare", "decided_date": "2025-05-01", "source": "own_decision"},
        {"person_ref": "P-b", "reason": "Revisor", "decided_date": "2025-05-01", "source": "own_decision"},
    ],
    "company_register": [
        {"org_no": OWN, "as_of": "2025-01-01", "status": "active", "f_tax": "true"},
        {"org_no": OWN, "as_of": "2026-01-01", "status": "liquidation", "f_tax": "false"},
    ],
}  # fmt: skip


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Registers delivered in one file each, permits once more with July; one payee listed in June."""
    with duckdb.connect() as made:
        made.execute(DELIVERIES)
        made.execute(QUARANTINE)
        for table in ROWS:
            made.execute(load_contracts("raw")[table].ddl())
            _deliver(made, table, f"{table}.csv", None, ROWS[table])
        again = {"permit_id": "T1", "org_no": OWN, "service": "home_care", "valid_from": "2024-01-01"}
        _deliver(made, "permits", "permits_2026-07.csv", "2026-07", [again | {"status": "expired"}])
        made.execute(
            "INSERT INTO quarantine BY NAME SELECT 'permits.csv' AS source_file, 5 AS source_line, 'error' AS severity, "
            "'permits' AS \"table\""
        )
        made.execute(load_contracts("core")["payees"].ddl())
        made.execute(load_contracts("core")["providers"].ddl())
        for org, ref in ORGS.items():
            made.execute(
                f"INSERT INTO core_payees (supplier_key, entity_key, org_no, name, is_personal, is_redacted, is_one_time) "
                f"VALUES ('{ref}', '{ref}', '{org}', 'Firma {org[-1]}', false, false, false)"
            )
        _show(made, "2026-06", ORGS[OWN])
        yield made


def _deliver(made: duckdb.DuckDBPyConnection, table: str, file: str, month: str | None, rows: list[dict]) -> None:
    said = "NULL" if month is None else f"'{month}'"
    made.execute(
        f"INSERT INTO deliveries BY NAME SELECT '{file}' AS source_file, {said} AS month, true AS is_in_force, "
        f"'{table}' AS \"table\""
    )
    for line, row in enumerate(rows, 1):
        cells = ", ".join(f"'{value}' AS {name}" for name, value in row.items())
        made.execute(
            f"INSERT INTO raw_{table} BY NAME SELECT {cells}, '{file}' AS _source_file, {line} AS _source_line, "
            f"{said} AS _delivered_month"
        )


def _show(made: duckdb.DuckDBPyConnection, month: str, payee: str) -> None:
    made.execute(f"CREATE OR REPLACE TABLE _shown_months AS SELECT '{month}' AS month")
    made.execute(
        f"CREATE OR REPLACE TABLE _shown_listed AS SELECT '{month}' AS month, 'x' AS payment_id, '{payee}' AS payee_ref"
    )


def _read(made: duckdb.DuckDBPyConnection, kind: str) -> list[dict]:
    frame = typed("payee_records", made.execute(PAYEE_RECORDS).pl())
    return [row for row in frame.to_dicts() if row["kind"] == kind]


def test_permits_and_contracts_are_those_of_the_payee_begun_by_the_month(connection: duckdb.DuckDBPyConnection) -> None:
    permits = _read(connection, "permit")
    assert [(p["number"], p["what"], p["status"], p["source_line"]) for p in permits] == [
        ("T1", "home_care", "valid", 1),
        ("T4", "residential_care", None, 4),  # what became of it later was not known in June
    ]
    (contract,) = _read(connection, "contract")
    assert (contract["number"], contract["status"], str(contract["amount_sek"])) == ("A1", "lov", "1000.50")


def test_a_later_delivery_counts_from_its_month(connection: duckdb.DuckDBPyConnection) -> None:
    _show(connection, "2026-07", ORGS[OWN])
    first = _read(connection, "permit")[0]
    assert (first["number"], first["status"], first["source_file"]) == ("T1", "expired", "permits_2026-07.csv")


def test_a_link_is_a_shared_person_who_leads_both_at_once(connection: duckdb.DuckDBPyConnection) -> None:
    (link,) = _read(connection, "link")
    assert (link["number"], link["what"], link["other_ref"], link["other_name"]) == (
        "P-a",
        "board",
        ORGS[OTHER],
        "Firma 2",
    )
    assert {role["number"] for role in _read(connection, "role")} == {"P-a", "P-b", "P-c"}


def test_exclusions_are_those_of_the_payee_and_of_who_leads_it(connection: duckdb.DuckDBPyConnection) -> None:
    assert [(e["number"], e["what"]) for e in _read(connection, "exclusion")] == [("P-a", "Företrädare")]


def test_company_facts_are_the_newest_and_the_unknown_stays_out(connection: duckdb.DuckDBPyConnection) -> None:
    facts = _read(connection, "company")
    assert {fact["what"]: fact["status"] for fact in facts} == {"status": "liquidation", "f_tax": "no"}
    assert {fact["valid_from"] for fact in facts} == {dt.date(2026, 1, 1)}


def test_a_payee_that_no_register_names_has_no_records(connection: duckdb.DuckDBPyConnection) -> None:
    _show(connection, "2026-06", "name:OKÄND")
    assert connection.execute(PAYEE_RECORDS).fetchall() == []
