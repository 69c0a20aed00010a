"""Honest errors and lawful look-alikes in the supplier ledger."""

from typing import Any

import numpy as np
import polars as pl

from simulation.calendar import DAY, Month
from simulation.identity import accounts, phones
from simulation.ledger import Ledger
from simulation.streams import stream
from simulation.suppliers import register_twice, spoil_references
from simulation.truth import cause_number

_NEW_ACCOUNT_SERIAL = 600_000


def spoil_register(ledger: Ledger) -> None:
    """Make the register as dirty as registers are: twins, wrong organisation numbers, changes over time."""
    world, rows = ledger.world, ledger.suppliers
    errors, seed = world.p.ledger_errors, world.seed
    register_twice(rows, errors.twins, stream(seed, "twins"))
    spoil_references(rows, errors.bad_org_no, stream(seed, "wrong references"))
    change_masters(ledger)


def change_masters(ledger: Ledger) -> None:
    """Record lawful changes of accounts, addresses and telephones over the horizon."""
    world, rows = ledger.world, ledger.suppliers
    rng = stream(world.seed, "master changes")
    errors, first, last = world.p.ledger_errors, world.horizon[0].first, world.horizon[-1].last
    years = (last - first + 1) / 365
    settled = np.array(rows.created) < first - 30
    moved = np.flatnonzero(settled & (rng.random(len(rows)) < errors.bank_change_year * years))
    new = accounts(np.full(len(moved), "bankgiro"), _NEW_ACCOUNT_SERIAL + np.arange(len(moved)))
    clerk = ledger.org.user(ledger.org.clerks[:, 0])
    for supplier, account in zip(moved.tolist(), new, strict=True):
        at = int(rng.integers(first, last)) * DAY + int(rng.integers(8 * 60, 16 * 60))
        by = clerk[rows.unit[supplier]]
        ledger.changes.append((at, supplier, "payee_account", rows.account[supplier], account, by))
        rows.innocent.append((supplier, "account changed lawfully"))
    other = np.flatnonzero(settled & (rng.random(len(rows)) < errors.master_change_year * years))
    for supplier in other.tolist():
        at = int(rng.integers(first, last)) * DAY + int(rng.integers(8 * 60, 16 * 60))
        field, old = ("address", rows.address) if rng.random() < 0.6 else ("phone", rows.phone)
        value = f"Nygatan {rng.integers(1, 200)}" if field == "address" else phones(np.array([800_000 + supplier]))[0]
        ledger.changes.append((at, supplier, field, old[supplier], value, clerk[rows.unit[supplier]]))


def apply_changes(ledger: Ledger, month: Month) -> None:
    """Bring the register to the state it has at the month's first day."""
    for at, supplier, field, old, new, _ in ledger.changes:
        if at // DAY < month.first and new is not None:
            values = {"payee_account": "account", "address": "address", "phone": "phone"}[field]
            if getattr(ledger.suppliers, values)[supplier] == old:
                getattr(ledger.suppliers, values)[supplier] = new
                if field == "payee_account":
                    ledger.suppliers.account_kind[supplier] = "bankgiro"


def slip(ledger: Ledger, month: Month, invoices: pl.DataFrame) -> pl.DataFrame:
    """Let a few amounts be typed wrongly and a few rates of VAT be wrong."""
    errors = ledger.world.p.ledger_errors
    rng = stream(ledger.world.seed, "ledger slips", month.key)
    draw = rng.random(invoices.height)
    amount, vat = invoices["amount_ore"].to_numpy().copy(), invoices["vat_bp"].to_numpy().copy()
    cause, error = invoices["cause"].to_numpy().copy(), invoices["error_ore"].to_numpy().copy()
    typed = invoices["channel"].is_in(["scan", "pdf", "manual"]).to_numpy()
    plain = (cause == 0) & (amount > 100_000) & (amount < 5_000_000) & (invoices["hours_centi"].to_numpy() == 0)
    wrong = np.flatnonzero(plain & typed & (draw < 8 * errors.digit_slip))
    for row in wrong:
        digits = list(str(amount[row] // 100))
        at = int(rng.integers(0, len(digits) - 1))
        digits[at], digits[at + 1] = digits[at + 1], digits[at]
        new = int("".join(digits)) * 100 + int(amount[row] % 100) if rng.random() < 0.95 else int(amount[row]) * 10
        cause[row], error[row], amount[row] = cause_number("digit_slip"), new - amount[row], new
    charged = np.flatnonzero((cause == 0) & (vat == 600) & (draw > 1 - 6 * errors.wrong_vat))
    error[charged] = (2 * amount[charged] * 1900 + 10_000) // 20_000
    cause[charged], vat[charged] = cause_number("wrong_vat"), 2500
    return invoices.with_columns(
        pl.Series("amount_ore", amount), pl.Series("vat_bp", vat), pl.Series("cause", cause),
        pl.Series("error_ore", error),
    )  # fmt: skip


def follow_up(ledger: Ledger, month: Month, invoices: pl.DataFrame) -> None:
    """Schedule what comes of this month's invoices: credit notes, duplicates, cancellations, instalments."""
    world = ledger.world
    errors = world.p.ledger_errors
    rng = stream(world.seed, "ledger follow-up", month.key)
    draw = rng.random(invoices.height)
    plain = (invoices["amount_ore"] > 30_000) & (invoices["service_month"].is_null()) & (invoices["cause"] == 0)
    rows = np.flatnonzero(plain.to_numpy())
    edges = np.cumsum([errors.duplicate_paid, errors.cancelled_rebooked, errors.instalments, errors.credit_note])
    which = np.searchsorted(edges, draw[rows], side="right")
    for row, what in zip(rows[which < 4].tolist(), which[which < 4].tolist(), strict=True):
        (_duplicate, _cancel, _instalments, _credit)[what](ledger, invoices.row(row, named=True), rng)
    slips = np.flatnonzero((invoices["cause"] == cause_number("digit_slip")).to_numpy())
    for row in slips.tolist():
        if rng.random() < 0.5:
            origin = invoices.row(row, named=True)
            ledger.pending.append(
                _again(
                    origin,
                    int(rng.integers(10, 60)),
                    amount_ore=-origin["error_ore"],
                    number=f"K{origin['number']}",
                    is_credit=True,
                    text="Kredit, fel belopp",
                )
            )


def _again(origin: dict[str, Any], after: int, **given: Any) -> dict[str, Any]:
    """Return a row like `origin`, booked `after` days later."""
    moved = {
        "booked": origin["booked"] + after, "entered": origin["entered"] + after * DAY, "invoice_id": None,
        "payment_id": None, "cause": 0, "error_ore": 0, "why": None, "cancels": None, "hours_centi": 0,
    }  # fmt: skip
    return origin | moved | given


def variant(number: str, rng: np.random.Generator) -> str:
    """Return an invoice number as a second clerk or scanner might read it."""
    return (f"0{number}", number.replace("-", ""), number.replace("0", "O", 1), f"{number}A")[int(rng.integers(0, 4))]


def _duplicate(ledger: Ledger, origin: dict[str, Any], rng: np.random.Generator) -> None:
    number = origin["number"] if rng.random() < 0.6 else variant(origin["number"], rng)
    channel = "scan" if origin["channel"] == "e_invoice" and rng.random() < 0.5 else origin["channel"]
    paid = _again(origin, int(rng.integers(1, 60)), number=number, channel=channel, order_no=None,
                  cause=cause_number("duplicate_paid"), error_ore=origin["amount_ore"])  # fmt: skip
    ledger.pending.append(paid)
    if rng.random() < ledger.world.p.ledger_errors.credited_duplicate:
        back = _again(paid, int(rng.integers(20, 90)), amount_ore=-paid["amount_ore"], number=f"K{number}",
                      is_credit=True, text="Kredit, dubbelbetalning")  # fmt: skip
        ledger.pending.append(back)


def _cancel(ledger: Ledger, origin: dict[str, Any], rng: np.random.Generator) -> None:
    after = int(rng.integers(1, 9))
    away = _again(origin, after, amount_ore=-origin["amount_ore"], cancels=origin["invoice_id"], text="Makulering")
    ledger.pending += [away, _again(origin, after, why="cancelled and rebooked")]


def _instalments(ledger: Ledger, origin: dict[str, Any], rng: np.random.Generator) -> None:
    for part in range(1, int(rng.integers(2, 4))):
        number = ledger.next_number(origin["supplier"])
        row = _again(origin, int(rng.integers(0, 2)) * part * 2, number=number, why="instalments")
        ledger.pending.append(row | {"booked": max(row["booked"], origin["booked"])})


def _credit(ledger: Ledger, origin: dict[str, Any], rng: np.random.Generator) -> None:
    low, high = ledger.world.p.ledger_errors.credit_days
    share = 1.0 if rng.random() < 0.3 else float(rng.uniform(0.05, 0.6))
    ledger.pending.append(_again(
        origin, int(rng.integers(low, high)), amount_ore=-round(origin["amount_ore"] * share), is_credit=True,
        number=f"K{origin['number']}", text=f"Kredit avser faktura {origin['number']}",
    ))  # fmt: skip
