"""What all definitions share: the municipality, its months, and how a step opens and fails."""

import hashlib
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from fut.contract import Contract
from fut.dialect import dialect
from fut.errors import FutError, StoreError
from fut.period import is_month
from fut.settings import Settings, load_settings
from fut.warehouse import open_warehouse

ROOT = Path(__file__).resolve().parents[2]
TIMEZONE = "Europe/Stockholm"
EARLIEST = "2010-01"
POOL = "warehouse"
RETRIES, RETRY_SECONDS = 3, 30
DATA_TEAM, OFFICER_TEAM = "team:data_engineering", "team:fut_officers"
START_TAG, END_TAG, PARTITION_TAG = (
    "dagster/asset_partition_range_start", "dagster/asset_partition_range_end", "dagster/partition",
)  # fmt: skip


@dataclass(frozen=True)
class House:
    """One municipality's settings and its months: what every definition is generated for."""

    settings: Settings
    months: dg.MonthlyPartitionsDefinition

    @property
    def tags(self) -> dict[str, str]:
        """Return the tags of every run, so that runs can be found by municipality."""
        return {"municipality": self.settings.municipality.id}

    def partitioned(self) -> dict[str, Any]:
        """Return what every asset function is declared with: months, a range as one run, one writer."""
        return {"partitions_def": self.months, "backfill_policy": dg.BackfillPolicy.single_run(), "pool": POOL}

    def months_of_run(self, tags: Mapping[str, str]) -> list[str] | None:
        """Return the months a run is for; None when it names none."""
        if START_TAG in tags:
            chosen = dg.PartitionKeyRange(tags[START_TAG], tags[END_TAG])
            return list(self.months.get_partition_keys_in_range(chosen))
        return [tags[PARTITION_TAG]] if PARTITION_TAG in tags else None


def load_house(path: Path | None = None) -> House:
    """Return the house of the settings at `path`, else FUT_SETTINGS, else the demo's. Raises ConfigError."""
    chosen = path or Path(os.environ.get("FUT_SETTINGS") or ROOT / "demo" / "municipality.yaml")
    settings = load_settings(chosen)
    months = dg.MonthlyPartitionsDefinition(start_date=first_month(settings), fmt="%Y-%m", timezone=TIMEZONE)
    return House(settings, months)


def first_month(settings: Settings) -> str:
    """Return the earliest month published or stated by a file name of the inbox, else EARLIEST; no file is opened.

    A published month stays one when its file leaves the inbox: runs of it that wait would fail on an unknown partition.
    """
    names = sorted(p.name for p in settings.inbox.iterdir()) if settings.inbox.is_dir() else []
    spoken = [dialect(source.dialect) for source in settings.sources]
    periods = [period.first for name in names for d in spoken if (period := d.period(name))]
    folders = settings.published.iterdir() if settings.published.is_dir() else ()
    return min([*periods, *(path.name for path in folders if is_month(path.name))], default=EARLIEST)


@contextmanager
def step(house: House) -> Generator[duckdb.DuckDBPyConnection]:
    """Yield the open warehouse; an error a user can mend fails the run at once, a locked or full store is retried."""
    try:
        with open_warehouse(house.settings) as connection:
            yield connection
    except StoreError as error:
        raise dg.RetryRequested(max_retries=RETRIES, seconds_to_wait=RETRY_SECONDS) from error
    except FutError as error:
        raise dg.Failure(description=str(error), allow_retries=False) from None
    except (duckdb.DataError, duckdb.IntegrityError, duckdb.InvalidInputException) as error:
        # the message may quote a row, and everyone who opens the web interface can read it
        raise dg.Failure(
            description=f"a query failed on its data ({type(error).__name__})", allow_retries=False
        ) from None


def digest(*parts: object) -> str:
    """Return a code version that is the same in every process."""
    return hashlib.sha256("\n".join(map(repr, parts)).encode()).hexdigest()[:16]


def contract_spec(contract: Contract, key: str, deps: list[str], group: str, kind: str, owner: str) -> dg.AssetSpec:
    """Return the asset of a contract's table, described by the contract itself."""
    lines = [f"**{contract.label_sv}**", contract.description, f"Contract {contract.version}, {contract.domain}."]
    return dg.AssetSpec(
        key,
        deps=deps,
        description="\n\n".join(lines),
        group_name=group,
        kinds={kind},
        owners=[owner],
        code_version=digest(contract),
        metadata={"dagster/column_schema": columns(contract)},
    )


def columns(contract: Contract) -> dg.TableSchema:
    """Return a contract's columns with their promises, for the table tab of the asset."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                c.name,
                c.physical_type,
                c.description,
                dg.TableColumnConstraints(nullable=not c.required),
                tags={"pii": ""} if c.classification == "pii" else {},
            )
            for c in contract.columns
        ]
    )
