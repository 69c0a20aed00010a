"""Two ledgers that number different payees alike are refused; two that share a register are not."""

from collections.abc import Callable

import duckdb
import pytest

from core.supplier_numbers import refuse_shared_suppliers
from fut.contract import contract
from fut.errors import InputError
from fut.inbox import DELIVERIES
from fut.validate import QUARANTINE

Payee = Callable[[int], str]
NAMES = ("Byggaren", "Kvarnen", "Orkidén", "Vattenverket", "Glasmästeri", "Trafikskolan", "Lunchrummet", "Elhuset",
         "Cykelboden", "Jordnära", "Muddring", "Taxi Norr")  # fmt: skip


@pytest.mark.parametrize(
    ("second", "is_refused"),
    [
        pytest.param(lambda n: f"{NAMES[n - 1]} Holding", True, id="other payees"),
        pytest.param(lambda n: NAMES[n].upper() + " AB", False, id="the same, written otherwise"),
        pytest.param(lambda n: NAMES[n - 1] if n < 5 else NAMES[n], False, id="a few others"),
        pytest.param(lambda _: "*", False, id="hidden names"),
    ],
)
def test_numbers_that_two_ledgers_use_for_different_payees(second: Payee, is_refused: bool) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"{DELIVERIES};{QUARANTINE}")
        connection.execute(contract("raw", "ap_postings").ddl())
        for source, payee in (("kommunen", lambda n: NAMES[n]), ("bolaget", second)):
            for n in range(len(NAMES)):
                connection.execute(
                    "INSERT INTO raw_ap_postings BY NAME SELECT $source AS _source, $source AS _source_file, $line AS "
                    "_source_line, $number AS supplier_id, $name AS supplier_name",
                    {"source": source, "line": n, "number": f"S{n}", "name": payee(n)},
                )
            connection.execute(
                "INSERT INTO deliveries BY NAME SELECT $source AS source, $source AS source_file, 'ap_postings' AS "
                '"table", true AS is_in_force',
                {"source": source},
            )
        if is_refused:
            with pytest.raises(InputError, match="'bolaget' and 'kommunen': 12 of the 12 numbers in supplier_id"):
                refuse_shared_suppliers(connection)
        else:
            refuse_shared_suppliers(connection)
        # one ledger alone may call a supplier what it likes
        connection.execute("DELETE FROM deliveries WHERE source = 'bolaget'")
        refuse_shared_suppliers(connection)
