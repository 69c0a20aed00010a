"""One call from preset and seed to the files of a simulated municipality."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from fut.errors import UsageError, did_you_mean
from simulation import care_tables
from simulation.area_map import write_area_map
from simulation.care_month import Held, care_month
from simulation.company_register import company_register, company_roles, exclusions, permits
from simulation.dialect_exports import Exports
from simulation.ids import Ids
from simulation.ledger import Ledger
from simulation.ledger_month import label_suppliers, ledger_month, start_ledger
from simulation.organisation import employees_table
from simulation.parameters import DIFFICULTIES, PARAMETERS, PRESETS, Parameters, parameters_hash
from simulation.registers import contracts, limits, payee_accounts, supplier_changes, suppliers_table
from simulation.settlement import registers_of
from simulation.tariff import make_tariff
from simulation.truth import Truth
from simulation.world_maker import make_world
from simulation.writer import Writer, sek


@dataclass(frozen=True)
class Summary:
    """What was made: rows per table, labels, kronor of home care, hashes of inbox and truth."""

    preset: str
    difficulty: str
    seed: int
    months: list[str]
    parameters_hash: str
    rows: dict[str, int]
    visits: int
    care_hours: float
    compensation_sek: float
    labels: int
    inbox_sha256: str
    truth_sha256: str = field(default="")


def simulate(
    out: Path, preset: str = "small", difficulty: str = "hard", seed: int = 1, months: int | None = None,
    start_month: str = "2025-01", honest_only: bool = False, *, errors: bool = True, file_format: str = "parquet",
    dialects: bool = False, parameters: Parameters = PARAMETERS,
) -> Summary:  # fmt: skip
    """Write `out/inbox/` (raw tables), `out/truth/` (labels, never part of a delivery) and a map; return what was made.

    `honest_only` leaves out all fraud, `errors=False` all honest errors; both together give an empty truth and
    payments that recompute exactly. `dialects` adds `out/dialects/<system>/`, the visits as three systems export
    them. Raises UsageError for an unknown preset, difficulty, format, month or a month count below 1.
    """
    _check(preset, difficulty, months, start_month)
    out = Path(out)
    writer, notes = Writer(out / "inbox", file_format), Writer(out / "truth", file_format)
    world = make_world(parameters, preset, difficulty, seed, months, start_month, honest_only, errors)
    tariff = make_tariff(parameters.money, world.horizon, seed)
    registers, ids, truth, held = registers_of(world), Ids.of(world), Truth(difficulty), Held()
    ledger = start_ledger(world, care_tables.provider_names(world), honest_only)
    exports = Exports(world, out / "dialects") if dialects else None
    paid_ore, minutes, waiting = np.zeros(len(ids.provider), np.int64), 0, []
    for month in world.horizon:
        invoices, visits, pay = care_month(world, month, registers, tariff, ids, truth, writer, held, exports)
        waiting += invoices
        due = [invoice for invoice in waiting if invoice.booked == month.index]
        waiting = [invoice for invoice in waiting if invoice.booked > month.index]
        ledger_month(ledger, month, due, writer, truth)
        writer.write("supplier_changes", supplier_changes(ledger, month), month.name)
        np.add.at(paid_ore, pay.lines["provider_id"].to_numpy(), pay.lines["amount_ore"].to_numpy())
        minutes += int(visits.minutes.sum())
    places = care_tables.areas(world, ids)
    write_area_map(out / "areas.geojson", world.areas, places["area"].to_list(), places["name"].to_list())
    for table, frame in (
        ("providers", care_tables.providers(world, ids)), ("clients", care_tables.clients(world, ids)),
        ("decisions", care_tables.decisions(world, ids)), ("orders", care_tables.orders(world, ids)),
        ("absences", care_tables.absences(world, ids)), ("carers", care_tables.carers(world, ids, world.rota.carers)),
        ("rates", care_tables.rates(tariff)), ("compensation_rules", care_tables.rules(world, tariff)),
        ("calendar", care_tables.calendar(world)), ("areas", places),
        ("month_closes", care_tables.month_closes(world)), *_registers(ledger, paid_ore),
    ):  # fmt: skip
        writer.write(table, frame)
    care_tables.label_world(world, ids, truth)
    label_suppliers(ledger, truth)
    labels = truth.labels()
    notes.write("truth_labels", labels.with_columns(sek("error_ore")).drop("error_ore"))
    notes.write("truth_innocent", truth.innocents())
    summary = Summary(
        preset,
        difficulty,
        seed,
        [m.name for m in world.horizon],
        parameters_hash(parameters),
        dict(sorted(writer.rows.items())),
        writer.rows["visits"],
        round(minutes / 60, 2),
        int(paid_ore.sum()) / 100,
        labels.height,
        writer.digest(),
        notes.digest(),
    )
    (out / "truth" / "simulation.json").write_text(json.dumps(asdict(summary), indent=1, sort_keys=True) + "\n")
    return summary


def _registers(ledger: Ledger, paid_ore: np.ndarray) -> list[tuple[str, pl.DataFrame]]:
    """Return the tables that stand for the whole horizon on the supplier side."""
    agreed, prices = contracts(ledger)
    roles = company_roles(ledger)
    world = ledger.world
    return [
        ("suppliers", suppliers_table(ledger)),
        ("payee_accounts", payee_accounts(ledger)),
        ("contracts", agreed),
        ("price_items", prices),
        ("limits", limits(ledger)),
        ("employees", employees_table(ledger.org, world.horizon, world.seed)),
        ("company_register", company_register(ledger, paid_ore, world.rota.wages_ore(len(paid_ore)))),
        ("company_roles", roles),
        ("permits", permits(ledger)),
        ("exclusions", exclusions(ledger, roles)),
    ]


def _check(preset: str, difficulty: str, months: int | None, start_month: str) -> None:
    if preset not in PRESETS:
        raise UsageError(f"unknown preset '{preset}'{did_you_mean(preset, PRESETS)}")
    if difficulty not in DIFFICULTIES:
        raise UsageError(f"unknown difficulty '{difficulty}'{did_you_mean(difficulty, DIFFICULTIES)}")
    if months is not None and months < 1:
        raise UsageError(f"months must be 1 or more, not {months}")
    parts = start_month.split("-")
    if len(start_month) != 7 or len(parts) != 2 or not all(x.isdigit() for x in parts) or not 1 <= int(parts[1]) <= 12:
        raise UsageError(f"start month '{start_month}' is not YYYY-MM")
