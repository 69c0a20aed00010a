"""A home-care line recalculated, as text: what every visit was worth, step by step, and where the paid amount differs."""

from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from commands._screen import heading, table
from fut.settings import Settings
from fut.sql import literal
from reporting import format as f
from reporting.words import SERVICES, TASKS

STATUS = {
    "performed": "utfört", "declined": "avböjt", "blank": "bom", "absent": "frånvarande", "cancelled": "inställt",
}  # fmt: skip
UNIT = {"hour": "tim", "visit": "besök", "piece": "styck", "month": "månad"}
_COLUMNS = ("Start", "Moment", "Status", ">Reg.", ">Underlag", ">Schablon", ">Minst", ">Avrundat", ">Andel", ">Viktat",
            ">Ersatt", "Regel", "Taxa", ">Pris", ">Kronor", ">Betalt")  # fmt: skip
Row = dict[str, Any]


def show_line(rows: list[Row], currency: str = "SEK") -> bool:
    """Print the recalculation of a home-care line from its rows of out/recalculation; False when there are none."""
    from reporting.care_lines import line_sentences

    lines = [row for row in rows if row["kind"] == "line"]
    if not lines:
        return False
    line, visits = lines[0], [row for row in rows if row["kind"] == "visit"]
    service = SERVICES.get(line["service"], line["service"])
    heading(f"Omräkning: {service}, {f.month_name(line['service_month'])}")
    if visits:
        table(_COLUMNS, [visit_cells(row) for row in visits])
    for sentence in line_sentences(line, visits, currency):
        print(sentence)
    return True


def read_line(folder: Path, line_id: str) -> list[Row]:
    """Return the rows of out/recalculation for a line, in order of start; none when nothing is published for it."""
    path = folder / "recalculation.parquet"
    if not path.exists():
        return []
    import polars as pl

    frame = pl.scan_parquet(path).filter(pl.col("payment_id") == line_id).collect()
    return frame.sort("kind", "start_at", "row_id", nulls_last=True).to_dicts()


def read_unlisted(settings: Settings, line_id: str) -> list[Row]:
    """Return the same rows of a line that is not on the list, from the warehouse; raises StoreError."""
    from fut.warehouse import open_warehouse
    from reporting.care_frames import RECALCULATION

    if not settings.warehouse.exists():
        return []
    with open_warehouse(settings) as connection:
        if not connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'core_visit_pay'").fetchone():
            return []
        connection.execute(f"CREATE TEMP TABLE _shown_listed AS SELECT NULL AS month, {literal(line_id)} AS payment_id")
        return connection.execute(RECALCULATION).pl().to_dicts()


def visit_cells(row: Row) -> list[str]:
    """Return a visit's steps as they stand in the table: a step that changed nothing is left empty."""
    steps = [row[name] for name in ("basis_minutes", "after_flat_minutes", "after_minimum_minutes", "rounded_minutes")]
    changed = [f.MISSING if steps[0] is None else _minutes(steps[0])]
    changed += ["" if step == before else _minutes(step) for before, step in pairwise(steps)]
    price = "" if row["price_sek"] is None else f"{f.number(row['price_sek'], 2)}/{UNIT.get(row['unit'], 'enhet')}"
    weight = row["weight_share"]
    return [
        f.timestamp(row["start_at"]), TASKS.get(row["task"], row["task"]) or "", STATUS.get(row["status"], row["status"] or ""),
        _minutes(row["registered_minutes"]), *changed, "" if weight in (None, 1) else f.number(weight, None),
        "" if weight in (None, 1) else _minutes(row["weighted_minutes"]), _minutes(row["billable_minutes"]),
        row["rule_id"] or "", row["rate_code"] or "", price, f.number(row["amount_sek"], 2), f.number(row["paid_sek"], 2),
    ]  # fmt: skip


def _minutes(value: Decimal | int | None) -> str:
    return f.number(value, None)
