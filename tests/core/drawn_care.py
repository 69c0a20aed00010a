"""Home care drawn as text: rules, visits and paid lines go in, pay per visit and per line stand beside them.

Unless a drawing states them there are one private provider P1, one client C1, one rule R1 (care as performed) and one
rate T1 (600 kr an hour, 10 kr a minute) from 2026-01-01.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from core.compensation import pay_visits
from fut.contract import load_contracts
from fut.drawn import fill, read_drawing
from fut.evaluate import empty_core
from fut.inbox import DELIVERIES
from fut.validate import QUARANTINE
from fut.warehouse import prepare
from tests.core.drawn_ledger import deliver

USUAL = {
    "core_providers": """
        core_providers
        provider_id | org_no | name | regime  | valid_from
        P1          | 1      | A    | private | 2020-01-01
        """,
    "core_clients": """
        core_clients
        client_ref | area | area_type | valid_from
        C1         | A1   | urban     | 2020-01-01
        """,
    "core_compensation_rules": """
        core_compensation_rules
        rule_id | service | basis     | valid_from
        R1      | care    | performed | 2026-01-01
        """,
    "core_rates": """
        core_rates
        rate_code | service | unit | price_sek | valid_from
        T1        | care    | hour | 600.00    | 2026-01-01
        """,
}
LINE = {"payment_id": "U1", "provider_id": "P1", "client_ref": "C1", "service": "care", "service_month": "2026-03",
        "booked_month": "2026-03", "rate_code": "T1", "unit": "hour"}  # fmt: skip


@contextmanager
def care_of(*drawings: str, without: tuple[str, ...] = ()) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection where the compensation engine has run over drawn core tables and `raw_compensation_lines`."""
    drawn = {table for drawing in drawings for table in read_drawing(drawing)}
    with duckdb.connect() as connection:
        prepare(connection)
        connection.execute(f"{DELIVERIES};{QUARANTINE}")
        connection.execute(load_contracts("raw")["compensation_lines"].ddl())
        empty_core(connection)
        for table, usual in USUAL.items():
            if table not in drawn and table not in without:
                fill(connection, usual)
        for drawing in drawings:
            for table, rows in read_drawing(drawing).items():
                if table.startswith("raw_"):
                    deliver(connection, table, [LINE | row for row in rows])
                    continue
                lines = [" | ".join(rows[0]), *(" | ".join(cell or "" for cell in row.values()) for row in rows)]
                fill(connection, "\n".join([table, *lines]))
        pay_visits(connection)
        yield connection
