"""Build the core layer from the raw one: every core table anew from what met its contract."""

from collections.abc import Callable
from dataclasses import replace

import duckdb

from core.accounts import unify_accounts
from core.compensation import pay_visits
from core.limits import add_limits
from core.line_numbers import refuse_shared_lines
from core.neighbours import find_neighbours
from core.netting import net_credits
from core.pairs import PAIRS
from core.payees import resolve_payees
from core.payments import ACCEPTED, PAYMENT_BASE, PLACES, POSTINGS, WHOLE, build_payments
from core.recurrence import RECURRENCE
from core.supplier_numbers import refuse_shared_suppliers
from core.versions import end_versions
from core.visits import VISITS, refuse_shared_numbers
from fut.accepted import LATEST_FIRST, accepted
from fut.contract import Contract, contract, load_contracts
from fut.settings import Settings

Step = Callable[[duckdb.DuckDBPyConnection], None]
_TEMPORARY = (
    "_keys", "_several", "_whole", "_payee_rows", "_numbers", "_payee_numbers", "_payments", "_places", "_matched",
    "_netting", "_live", "_days", "_classed", "_habits", "_payee_months", "_recurrence", "_repeated", "_open",
    "_candidates", "_compared", "_accepted", "_again",
)  # fmt: skip


def build_core(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    progress: Callable[[str], None] = lambda name: None,
) -> None:
    """Replace every core table; needs the tables `deliveries` and `quarantine` beside the raw ones."""
    steps: list[tuple[str, str | Step]] = [
        ("postings", ACCEPTED),
        ("payees", refuse_shared_suppliers),
        ("payees", resolve_payees),
        ("postings", POSTINGS),
        ("payments", WHOLE),
        ("payments", PAYMENT_BASE),
        ("payments", PLACES),
        ("netting", net_credits),
        ("recurrence", RECURRENCE),
        ("payments", build_payments),
        ("accounts", unify_accounts),
        ("payment pairs", PAIRS),
        ("visits", VISITS),
        ("visits", refuse_shared_numbers),
        ("neighbours", find_neighbours),
        ("compensation", refuse_shared_lines),
        ("compensation", pay_visits),
    ]
    # no transaction around it: the planner knows nothing of tables not yet committed, and a build cut off is
    # simply built again, since raw tables are never touched here
    for raw in load_contracts("raw").values():
        connection.execute(raw.ddl())
    for table, stated in load_contracts("core").items():
        if load_contracts("raw").get(table) == replace(stated, layer="raw"):
            _pass_on(connection, stated)
    for table in ("postings", "payments", "visits", "visit_neighbours", "visit_overlaps"):
        _empty(connection, contract("core", table))
    add_limits(connection, settings)
    end_versions(connection, "core_decisions", "decision_id")
    for name, step in steps:
        progress(name)
        if callable(step):
            step(connection)
            continue
        for statement in filter(str.strip, step.split(";")):
            connection.execute(statement)
    for table in _TEMPORARY:
        connection.execute(f"DROP TABLE IF EXISTS {table}")


def _empty(connection: duckdb.DuckDBPyConnection, stated: Contract) -> None:
    connection.execute(f"DROP TABLE IF EXISTS {stated.physical}")
    connection.execute(stated.ddl())


def _pass_on(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Give core a table that needs no work: the latest delivered row of each key that met the contract."""
    _empty(connection, contract)
    names = ", ".join(f'r."{name}"' for name in contract.names)
    key = ", ".join(f'r."{name}"' for name in contract.key)
    rows = accepted(contract.table)
    if not key:
        connection.execute(f"INSERT INTO {contract.physical} SELECT {names} FROM {rows}")
        return
    # only keys that came more than once are ordered
    connection.execute(f"CREATE OR REPLACE TEMP TABLE _accepted AS SELECT r.rowid AS rid, {key} FROM {rows}")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE _again AS SELECT {key} FROM _accepted r GROUP BY ALL HAVING count(*) > 1"
    )
    on = " AND ".join(f'a."{name}" IS NOT DISTINCT FROM b."{name}"' for name in contract.key)
    connection.execute(
        f"INSERT INTO {contract.physical} SELECT {names} FROM raw_{contract.table} r SEMI JOIN (SELECT rid FROM "
        f"_accepted a ANTI JOIN _again b ON {on} UNION ALL (SELECT rid FROM _accepted a SEMI JOIN _again b ON {on} "
        f"JOIN raw_{contract.table} r ON r.rowid = rid QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY "
        f"{LATEST_FIRST}) = 1)) k ON k.rid = r.rowid"
    )
