"""Registers from outside and the municipality's own lists: companies, roles, permits, contracts, accounts."""

from datetime import date

import numpy as np
import polars as pl

from simulation.calendar import DAY, Month, day_date, day_number
from simulation.identity import org_numbers
from simulation.ledger import Ledger
from simulation.ledger_errors import apply_changes
from simulation.settlement import days, minutes_to_datetime
from simulation.streams import stream
from simulation.suppliers import CARE, factor_accounts
from simulation.writer import sek

_CITIES = ("Simstad", "Norrby", "Österlund", "Sandvik")


def suppliers_table(ledger: Ledger) -> pl.DataFrame:
    """Return `suppliers` as the register stands at the end of the horizon."""
    rows = ledger.suppliers
    last = ledger.world.horizon[-1]
    apply_changes(ledger, Month("9999-12", last.index + 1, last.last + 1, 1))
    count = len(rows)
    number = np.arange(count)
    clerk = ledger.org.user(ledger.org.clerks[np.array(rows.unit), number % 2])
    return (
        pl.DataFrame(
            {
                "supplier_id": rows.codes(),
                "supplier_ref": pl.Series(rows.ref, dtype=pl.String),
                "name": rows.name,
                "address": rows.address,
                "postal_code": [f"{990 + n % 9} {10 + n % 90:02d}" for n in number.tolist()],
                "city": [_CITIES[n % len(_CITIES)] for n in number.tolist()],
                "phone": rows.phone,
                "email_domain": [
                    f"{''.join(c for c in name.lower() if c.isascii() and c.isalnum())}.example" for name in rows.name
                ],
                "payee_account": rows.account,
                "payee_account_kind": rows.account_kind,
                "created_at": days(np.array(rows.created)),
                "created_by": clerk,
                "is_one_time": rows.one_time,
                "status": ["active"] * count,
            }
        )
        .filter(pl.col("created_at") <= day_date(last.last))
        .sort("supplier_id")
    )


def supplier_changes(ledger: Ledger, month: Month) -> pl.DataFrame:
    """Return `supplier_changes` made in a month."""
    codes = ledger.suppliers.codes()
    rows = sorted(row for row in ledger.changes if month.first <= row[0] // DAY <= month.last)
    frame = pl.DataFrame(
        [(at, codes[s], field, old, new, by) for at, s, field, old, new, by in rows],
        schema={
            "at": pl.Int64,
            "supplier_id": pl.String,
            "field": pl.String,
            "old_value": pl.String,
            "new_value": pl.String,
            "changed_by": pl.String,
        },
        orient="row",
    )
    return frame.select(minutes_to_datetime(frame["at"].to_numpy()).alias("changed_at"), pl.exclude("at"))


def payee_accounts(ledger: Ledger) -> pl.DataFrame:
    """Return `payee_accounts`: whose account it is; unknown for one bank account in four, and for stolen ones."""
    rows, world = ledger.suppliers, ledger.world
    rng = stream(world.seed, "payee accounts")
    factors = set(factor_accounts(world.p.ledger_errors.factors))
    owners: dict[str, str | None] = {}
    for account, ref, kind, draw in zip(
        rows.account, rows.true_ref, rows.account_kind, rng.random(len(rows)), strict=True
    ):
        owners.setdefault(account, None if kind == "account" and draw < 0.25 else ref)
    for _, supplier, field, old, new, _ in ledger.changes:
        if field == "payee_account":
            stolen = any(act.typology == "T39" and act.subject == supplier for act in world.acts)
            owners.setdefault(old or "", rows.true_ref[supplier])
            owners.setdefault(new or "", None if stolen else rows.true_ref[supplier])
    own = org_numbers("limited", 99_900 + np.arange(len(factors)))
    owners |= dict(zip(sorted(factors), own, strict=True))
    names = sorted(owners)
    return pl.DataFrame({
        "payee_account": names, "owner_org_no": pl.Series([owners[n] for n in names], dtype=pl.String),
        "is_factoring": [n in factors for n in names], "as_of": [day_date(world.horizon[0].first)] * len(names),
    })  # fmt: skip


def contracts(ledger: Ledger) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return `contracts` and `price_items`; hourly prices rise once a year."""
    rows, world = ledger.suppliers, ledger.world
    rng = stream(world.seed, "contracts")
    codes = rows.codes()
    start = day_number(date(day_date(world.horizon[0].first).year - 1, 1, 1))
    names = [c.name for c in world.p.ledger.categories]
    mine = np.flatnonzero(rows.contract)
    since = np.maximum(start - rng.integers(0, 700, len(mine)), np.array(rows.registered)[mine])
    until = since + rng.choice([1460, 1825, 2555], len(mine))
    volume = np.array(
        [
            12
            * 4
            * max(rows.rate[n], 0.2)
            * rows.factor[n]
            * world.p.ledger.categories[max(rows.category[n], 0)].median_sek
            * 3
            for n in mine
        ]
    )
    care = np.array([rows.category[n] == CARE for n in mine], bool)
    table = (
        pl.DataFrame(
            {
                "contract_id": [f"A{codes[n][1:]}" for n in mine],
                "supplier_ref": [rows.true_ref[n] for n in mine],
                "category": ["Hemtjänst" if rows.category[n] == CARE else names[rows.category[n]] for n in mine],
                "valid_from": days(since),
                "valid_to": days(np.where(care, 2**30, until)),
                "ceiling_ore": np.where(care, 0, 100 * 10_000 * np.ceil(volume / 10_000)).astype(np.int64),
                "procurement": np.where(
                    care, "lov", np.where(rng.random(len(mine)) < 0.75, "framework", "direct_award")
                ),
            }
        )
        .with_columns(ceiling_sek=pl.when(pl.col("ceiling_ore") > 0).then(sek("ceiling_ore")))
        .drop("ceiling_ore")
    )
    hourly = [int(n) for n in mine if rows.price_ore[n]]
    prices = pl.DataFrame({
        "contract_id": [f"A{codes[n][1:]}" for n in hourly], "item": ["Timarvode"] * len(hourly),
        "unit": ["hour"] * len(hourly), "price_ore": pl.Series([rows.price_ore[n] for n in hourly], dtype=pl.Int64),
        "valid_from": [day_date(start)] * len(hourly), "valid_to": pl.Series([None] * len(hourly), dtype=pl.Date),
    }).with_columns(price_sek=sek("price_ore")).drop("price_ore")  # fmt: skip
    order = (
        "contract_id",
        "supplier_ref",
        "category",
        "valid_from",
        "valid_to",
        "ceiling_sek",
        "procurement",
    )
    return table.select(order).sort("contract_id"), prices.sort("contract_id")


def limits(ledger: Ledger) -> pl.DataFrame:
    """Return `limits`."""
    rows = ledger.world.p.ledger.limits
    return pl.DataFrame({
        "kind": [kind for kind, *_ in rows], "role": pl.Series([role for _, role, *_ in rows], dtype=pl.String),
        "amount_ore": [100 * amount for _, _, amount, _ in rows],
        "valid_from": [date.fromisoformat(since) for *_, since in rows],
        "valid_to": pl.Series([None] * len(rows), dtype=pl.Date),
    }).with_columns(amount_sek=sek("amount_ore")).drop("amount_ore")  # fmt: skip
