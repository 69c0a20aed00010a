"""An outside judge of our data contracts: datacontract-cli, in its own environment (`make referee`).

usage: python requirements/referee.py CONTRACTS [WAREHOUSE]

Every contract in the folder CONTRACTS is linted against the Open Data Contract Standard. With the path of a
DuckDB file, the contracts whose table is in that file are tested on it too. Exit code 1 when anything fails; a rule
that only warns is printed, for raw tables hold what is odd as it was delivered.
"""

import logging
import sys
from pathlib import Path

import duckdb
import yaml
from datacontract.data_contract import DataContract
from datacontract.model.run import ResultEnum, Run


def failures(run: Run) -> list[str]:
    """Return one line for each check of a run that did not pass; data values are left out."""
    return [
        f"{check.result.value}: {check.name}: {' '.join((check.reason or '').split())}"
        for check in run.checks
        if check.result not in (ResultEnum.passed, ResultEnum.info)
    ]


def test_on(warehouse: Path, text: str) -> list[str]:
    """Return what fails when one contract is tested on a DuckDB file, which is opened read-only."""
    contract = yaml.safe_load(text)
    place = {"server": "warehouse", "type": "duckdb", "database": str(warehouse), "schema": "main"}
    contract["servers"] = [place]
    return failures(DataContract(data_contract_str=yaml.safe_dump(contract), server="warehouse").test())


def main(arguments: list[str]) -> int:
    """Judge every contract; print one line for each that fails and one closing line."""
    logging.disable()  # each failure is printed below, once
    folder = Path(arguments[0])
    warehouse = Path(arguments[1]) if len(arguments) > 1 else None
    tables: set[str] = set()
    if warehouse:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            tables = {name for (name,) in connection.sql("SELECT table_name FROM duckdb_tables()").fetchall()}
    contracts = sorted(folder.rglob("*.odcs.yaml"))
    failed = tested = 0
    for path in contracts:
        text = path.read_text(encoding="utf-8")
        found = failures(DataContract(data_contract_str=text).lint())
        if warehouse and any(table["physicalName"] in tables for table in yaml.safe_load(text)["schema"]):
            tested += 1
            found += test_on(warehouse, text)
        failed += any(not line.startswith("warning:") for line in found)
        for line in found:
            print(f"{path.relative_to(folder)}: {line}")
    print(f"referee: {len(contracts)} contracts linted, {tested} tested on the warehouse, {failed} failed")
    return 1 if failed or not contracts else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
