"""Pay recomputed from the files of a delivery alone: the proof that an honest month reconciles."""

from pathlib import Path

import polars as pl

from simulation.payments import Registers, Settlement, settle
from simulation.tariff import SHARE, Rate, Rule, Tariff

_SHARES = ("cap_share_of_granted", "declined_share", "absence_share_day_1", "absence_share_later",
           "double_staffing_factor", "cohabitant_share")  # fmt: skip


def read(inbox: Path, table: str) -> pl.DataFrame:
    """Return one Parquet table of an inbox, all its months in the order of their names."""
    files = [path for path in sorted(inbox.glob(f"{table}*.parquet")) if path.stem == table or path.stem[:-8] == table]
    return pl.concat([pl.read_parquet(path) for path in files])


def registers_from(inbox: Path) -> Registers:
    """Return the engine's look-up tables from an inbox."""
    absences = read(inbox, "absences").select(
        "client_ref", from_date=pl.col("from_at").dt.date(), to_date=pl.col("to_at").dt.date()
    )
    calendar = read(inbox, "calendar").filter(pl.col("day_type") != "weekday")
    return Registers(
        read(inbox, "providers").select("provider_id", "regime"),
        read(inbox, "clients").select("client_ref", "area_type", "household_ref"),
        read(inbox, "decisions"),
        read(inbox, "orders").select("client_ref", "provider_id", "decision_id", "valid_from", "valid_to"),
        absences,
        calendar["date"],
    )


def tariff_from(inbox: Path) -> Tariff:
    """Return rules and rates from an inbox."""
    rules = read(inbox, "compensation_rules").with_columns(
        [(pl.col(name).cast(pl.Decimal(18, 4)) * SHARE).cast(pl.Int64) for name in _SHARES]
    )
    rates = read(inbox, "rates").with_columns(price_ore=(pl.col("price_sek") * 100).cast(pl.Int64)).drop("price_sek")
    return Tariff(
        tuple(Rule(**row) for row in rules.iter_rows(named=True)),
        tuple(Rate(**row) for row in rates.iter_rows(named=True)),
    )


def visits_from(inbox: Path) -> pl.DataFrame:
    """Return the engine's visits from an inbox; minutes are UTC minutes, so that a changed clock adds none."""
    visits = read(inbox, "visits").unique("visit_id", keep="first", maintain_order=True)

    def length(start: str, end: str) -> pl.Expr:
        return (pl.col(end) - pl.col(start)).dt.total_minutes()

    moved = (pl.col("utc_offset_end") - pl.col("utc_offset_start")).cast(pl.Int64).fill_null(0)
    return visits.select(
        "visit_id", "provider_id", "client_ref", "carer_ref", "service", "task", "status", "pair_visit_id",
        start=pl.coalesce("actual_start", "planned_start"),
        minutes=(length("actual_start", "actual_end") - moved).fill_null(0),
        planned_minutes=length("planned_start", "planned_end").fill_null(0),
    )  # fmt: skip


def recompute(inbox: Path, month: str) -> Settlement:
    """Return what the rules in an inbox pay for the visits in it, for one service month (YYYY-MM)."""
    return settle(visits_from(inbox), registers_from(inbox), tariff_from(inbox), month)
