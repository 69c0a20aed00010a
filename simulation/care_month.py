"""One month of home care: from needs to registered visits, payments and their files."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from simulation import care_events, care_tables
from simulation.calendar import Month
from simulation.demand import month_demand
from simulation.dialect_exports import Exports
from simulation.errors import err
from simulation.fraud import typologies
from simulation.ids import Ids, named
from simulation.payments import Registers
from simulation.registration import register, share_with_partner
from simulation.schedule import plan_month
from simulation.settlement import MonthPay, pay_month
from simulation.streams import stream
from simulation.tariff import Tariff
from simulation.truth import Truth
from simulation.visits import NULL, Visits
from simulation.world import World
from simulation.writer import Writer

LATE, NEVER, TWICE = 1, 2, 3


@dataclass
class Held:
    """What a month leaves to the next: late visits, their edits and door events, late compensation lines."""

    frames: dict[str, list[pl.DataFrame]] = field(default_factory=dict)

    def swap(self, table: str, later: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
        """Keep `later` for the next call; return what was kept before, then `now`."""
        kept = self.frames.get(table, [])
        self.frames[table] = [later]
        return pl.concat([*kept, now])


@dataclass(frozen=True)
class ProviderInvoice:
    """What a private provider is paid for a service month, and the index of the month it is booked in."""

    provider: int
    service_month: str
    booked: int
    amount_ore: int


def make_visits(world: World, month: Month) -> Visits:
    """Return the month's visits as registered, with what really happened beside."""
    plan = plan_month(world, month, month_demand(world, month)).inside(world, month)
    visits = plan.visits
    visits["carer"], visits["planned_carer"] = world.rota.assign(
        month, plan.crews, plan.team, plan.crew, plan.day, visits["shift"]
    )
    register(world, month, visits)
    share_with_partner(world, visits, plan.shared)
    for act in (act for act in world.acts if act.number < 1000):
        hook = getattr(typologies()[act.typology], "visits", None)
        strength = act.strength(month, world.p.frauds.adapted_factor)
        if hook and strength > 0:
            hook(world, month, visits, act, strength, stream(world.seed, act.typology, act.number, month.key))
    err(world, month, visits)
    begin = np.where(visits["start"] != NULL, visits["start"], visits["planned_start"])
    visits.sort(np.lexsort((visits["key"], visits["carer"], visits["client"], begin, visits["provider"])))
    return visits


def care_month(
    world: World,
    month: Month,
    registers: Registers,
    tariff: Tariff,
    ids: Ids,
    truth: Truth,
    writer: Writer,
    held: Held,
    exports: Exports | None = None,
) -> tuple[list[ProviderInvoice], Visits, MonthPay]:
    """Simulate the month, write its files, label its errors; return the invoices that pay its lines."""
    visits = make_visits(world, month)
    pay = pay_month(world, month, visits, registers, tariff)
    ids.grow(len(world.rota.carers))
    frame = care_tables.visits(world, month, visits, pay, ids)
    edits = care_events.visit_edits(frame, visits, world)
    delivery = pl.col("_delivery")
    code = frame.select("visit_id", "_delivery")
    delivered = _deliver(writer, held, month, "visits", frame)
    if exports is not None:
        exports.month(month, delivered)
    _deliver(writer, held, month, "visit_edits", edits.join(code, on="visit_id", how="left", maintain_order="left"))
    writer.write("lock_events", care_events.lock_events(world, month, visits, ids), month.name)
    writer.write("payroll_months", care_events.payroll(world, month, visits, ids), month.name)
    code_of = np.zeros(len(world.providers.weight), np.int8)
    code_of[visits["provider"]] = visits["delivery"]
    booked = np.where(code_of == LATE, month.index + 1, month.index)
    lines = care_tables.lines(world, month, pay, ids, booked)
    late = pl.col("booked_month") != month.name
    writer.write(
        "compensation_lines",
        held.swap("compensation_lines", lines.filter(late), lines.filter(~late)),
        month.name,
    )
    _label(world, month, visits, pay, lines, ids, truth, frame.filter(delivery == NEVER))
    totals = pay.lines.group_by("provider_id", maintain_order=True).agg(pl.col("amount_ore").sum())
    invoices = [
        ProviderInvoice(provider, month.name, int(booked[provider]), amount)
        for provider, amount in totals.iter_rows()
        if not world.providers.in_house[provider]
    ]
    return invoices, visits, pay


def _deliver(writer: Writer, held: Held, month: Month, table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Write and return what is delivered this month: on time, late from the month before, or twice."""
    code = pl.col("_delivery")
    now = pl.concat([frame.filter(~code.is_in([LATE, NEVER])), frame.filter(code == TWICE)])
    whole = held.swap(table, frame.filter(code == LATE).drop("_delivery"), now.drop("_delivery"))
    writer.write(table, whole, month.name)
    return whole


def _label(
    world: World, month: Month, visits: Visits, pay: MonthPay, lines: pl.DataFrame, ids: Ids, truth: Truth,
    undelivered: pl.DataFrame,
) -> None:  # fmt: skip
    """Label lines with kronor, visits without, and what only looks wrong."""
    errors = pay.errors.join(lines.select("line_id", "payment_id"), on="line_id", how="left", maintain_order="left")
    unpaid = pl.concat_str(
        named(ids.provider, errors["provider_id"].to_numpy()), named(ids.client, errors["client_ref"].to_numpy()),
        "service", "rate_code", separator="|",
    )  # fmt: skip
    has_line = pl.col("line_id").is_not_null()
    truth.extend(errors.sort("provider_id", "client_ref", "service", "rate_code", "cause_number").select(
        entity_type=pl.when(has_line).then(pl.lit("compensation_line")).otherwise(pl.lit("unpaid_line")),
        entity_id=pl.coalesce("line_id", unpaid), payment_id="payment_id", cause_number="cause_number",
        service_month=pl.lit(month.name), error_ore="error_ore",
    ))  # fmt: skip
    wrong = np.flatnonzero(visits["truth"] > 0)
    truth.extend(pl.DataFrame({
        "entity_type": ["visit"] * len(wrong), "entity_id": care_tables.visit_ids(month, visits["key"][wrong]),
        "payment_id": pl.Series([None] * len(wrong), dtype=pl.String), "cause_number": visits["truth"][wrong],
        "service_month": [month.name] * len(wrong), "error_ore": np.zeros(len(wrong), np.int64),
    }))  # fmt: skip
    if undelivered.height:
        providers = undelivered["provider_id"].unique().to_list()
        truth.harmless("provider_month", [f"{p}|{month.name}" for p in providers], "visit file never delivered")
    moved = visits["delivery"] == TWICE
    for provider in np.unique(visits["provider"][moved]):
        truth.harmless("provider_month", [f"{ids.provider[int(provider)]}|{month.name}"], "visit file delivered twice")
