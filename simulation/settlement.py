"""What providers are paid for a month, what they should have been paid, and who is to blame for the difference."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from simulation.calendar import Month, day_date
from simulation.geography import AREA_TYPES
from simulation.parameters import SERVICES, TASKS
from simulation.payments import HOUR, Registers, Settlement, half_up, settle
from simulation.streams import stream
from simulation.tariff import Tariff
from simulation.truth import cause_number
from simulation.visits import NONE, NULL, STATUSES, Visits
from simulation.world import World

LINE = ["provider_id", "client_ref", "service", "rate_code"]
_DAY_OPEN = 2**29


def registers_of(world: World) -> Registers:
    """Return the engine's look-up tables with integer keys."""
    clients, homes = world.clients, world.clients.homes
    numbers = np.arange(len(clients))
    household = np.where(clients.partner >= 0, np.minimum(numbers, clients.partner), NULL)
    decisions, orders, absences = world.decisions, world.orders, world.absences
    span = np.arange(world.days.first, world.days.first + len(world.days.kind))
    return Registers(
        pl.DataFrame({
            "provider_id": np.arange(len(world.providers.weight), dtype=np.int32),
            "regime": ["in_house" if own else "private" for own in world.providers.in_house],
        }),
        pl.DataFrame({
            "client_ref": numbers.astype(np.int32),
            "area_type": pl.Series(AREA_TYPES).gather(world.areas.kind[homes.area].astype(np.uint32)),
            "household_ref": _nullable(household),
        }),
        pl.DataFrame({
            "decision_id": np.arange(len(decisions.client), dtype=np.int32),
            "client_ref": decisions.client.astype(np.int32),
            "service": pl.Series(SERVICES).gather(decisions.service.astype(np.uint32)),
            "minutes_per_month": decisions.minutes, "double_staffed": decisions.double,
            "valid_from": days(decisions.from_day), "valid_to": days(decisions.to_day),
        }),
        pl.DataFrame({
            "decision_id": orders.decision.astype(np.int32), "client_ref": orders.client.astype(np.int32),
            "provider_id": orders.provider.astype(np.int32), "valid_from": days(orders.from_day),
            "valid_to": days(orders.to_day),
        }),
        pl.DataFrame({
            "client_ref": absences.client.astype(np.int32), "from_date": days(absences.from_at // 1440),
            "to_date": days(absences.to_at // 1440),
        }),
        days(span[world.days.kind > 0]),
    )  # fmt: skip


def days(numbers: np.ndarray) -> pl.Series:
    """Return day numbers as dates; very late ones (open ends) as null."""
    wide = pl.Series(np.asarray(numbers, np.int64))
    return pl.select(pl.when(wide < _DAY_OPEN).then(wide).cast(pl.Int32).cast(pl.Date)).to_series()


def minutes_to_datetime(local: np.ndarray) -> pl.Series:
    """Return local minutes as naive timestamps; NULL as null."""
    wide = pl.Series(np.asarray(local, np.int64))
    return pl.select(pl.when(wide != NULL).then(wide * 60_000_000).cast(pl.Datetime("us"))).to_series()


def _nullable(values: np.ndarray) -> pl.Series:
    wide = pl.Series(np.asarray(values, np.int64))
    return pl.select(pl.when(wide != NULL).then(wide).cast(pl.Int32)).to_series()


def engine_rows(world: World, visits: Visits, real: bool) -> pl.DataFrame:
    """Return visits as the engine reads them: as registered, or as they really were."""
    prefix = "real_" if real else ""
    live = np.flatnonzero(visits[f"{prefix}status"] != NONE)
    start, end = visits[f"{prefix}start"][live], visits[f"{prefix}end"][live]
    begin = np.where(start != NULL, start, visits["planned_start"][live])
    minutes = np.where((start != NULL) & (end != NULL), end - start, 0)
    pair = visits["pair"][live]
    return pl.DataFrame({
        "visit_id": visits["key"][live], "provider_id": visits["provider"][live].astype(np.int32),
        "client_ref": visits[f"{prefix}client"][live], "carer_ref": visits["carer"][live],
        "service": pl.Series(SERVICES).gather(visits[f"{prefix}service"][live].astype(np.uint32)),
        "task": pl.Series(TASKS).gather(visits[f"{prefix}task" if real else "task"][live].astype(np.uint32)),
        "status": pl.Series(STATUSES).gather(visits[f"{prefix}status"][live].astype(np.uint32)),
        "start": minutes_to_datetime(world.clock.to_local(begin)), "minutes": minutes,
        "planned_minutes": visits.planned_minutes[live],
        "pair_visit_id": _nullable(pair).cast(pl.Int64), "truth": visits["truth"][live],
    })  # fmt: skip


@dataclass(frozen=True)
class MonthPay:
    """`lines` of the month (LINE, unit, minute_bp, quantity_bp, amount_ore, rule_id, line_id), what each visit was
    billed (visit_id, minute_bp), and the errors per line (line_id or null, LINE, cause_number, error_ore)."""

    lines: pl.DataFrame
    billed: pl.DataFrame
    errors: pl.DataFrame


def pay_month(world: World, month: Month, visits: Visits, registers: Registers, tariff: Tariff) -> MonthPay:
    """Return the month's compensation: as paid, with every difference to what was due labelled by cause."""
    rounding = _rounding_providers(world, month)
    own = tuple(
        replace(rule, provider_id=int(provider), rounding="up", rounding_minutes=5)
        for provider in rounding
        for rule in tariff.rules
        if rule.service == "care" and rule.basis == "performed" and world.errors
    )
    as_paid = replace(tariff, rules=(*tariff.rules, *own))
    reg, real = engine_rows(world, visits, False), engine_rows(world, visits, True)
    paid = settle(reg, registers, as_paid, month.name)
    tagged = bool(own) or bool((visits["truth"] > 0).any())
    due = settle(real, registers, tariff, month.name) if tagged else paid
    lines, slips = _line_errors(world, month, paid.lines, tariff)
    lines = lines.with_row_index("n").with_columns(
        line_id=pl.format("L{}{}", pl.lit(str(month.key)), pl.col("n").cast(pl.String).str.zfill(6))
    ).drop("n")  # fmt: skip
    errors = _blame(paid, due, reg, real, rounding) if tagged else slips.clear()
    errors = pl.concat([errors, slips]).join(
        lines.select(*LINE[:3], pl.col("was_code").alias("rate_code"), "line_id"), on=LINE, how="left"
    )  # fmt: skip
    return MonthPay(lines.drop("was_code"), paid.visits.select("visit_id", "minute_bp"), errors)


def _rounding_providers(world: World, month: Month) -> list[int]:
    """Return providers whose own billing rounds every visit up to 5 minutes this month, in good faith (T17)."""
    if not world.errors:
        return []
    rng = stream(world.seed, "rounding quarters")
    private = np.flatnonzero(~world.providers.in_house)
    chance = world.p.visit_errors.rounding_quarter * len(private) / 10
    count = int(chance) + int(rng.random() < chance - int(chance))
    chosen = rng.permutation(private)[:count]
    since = rng.integers(0, max(len(world.horizon) - 2, 1), count)
    return [int(p) for p, s in zip(chosen, since, strict=True) if s <= month.index < s + 3]


def _line_errors(world: World, month: Month, lines: pl.DataFrame, tariff: Tariff) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Price some lines wrongly: the old price after an index change, or another area's rate (T16)."""
    lines = lines.with_columns(was_code=pl.col("rate_code"))
    none = lines.head(0).select(
        *LINE, pl.lit(0, pl.Int64).alias("error_ore"), pl.lit(0, pl.Int16).alias("cause_number")
    )
    if not world.errors:
        return lines, none
    rng = stream(world.seed, "line errors", month.key)
    first = day_date(month.first)
    errors = world.p.visit_errors
    old = {
        new.rate_code: before.price_ore
        for new in tariff.rates
        for before in tariff.rates
        if new.valid_from == first and before.rate_code == new.rate_code and before.valid_to
        and (new.valid_from - before.valid_to).days == 1
    }  # fmt: skip
    slow = rng.random(len(world.providers.weight)) < errors.late_index_provider
    slow &= ~world.providers.in_house & bool(old)
    now = {
        r.rate_code: r.price_ore
        for r in tariff.rates
        if r.valid_from <= first and (not r.valid_to or r.valid_to >= first)
    }
    swap = {code: other for code in now for other in _other_area(code) if other in now}
    draw = rng.random(lines.height)
    code, provider = lines["rate_code"].to_list(), lines["provider_id"].to_numpy()
    new_code, price, cause = [], [], []
    for c, at_old, u in zip(code, slow[provider].tolist(), draw.tolist(), strict=True):
        wrong = u < errors.wrong_rate_line and c in swap
        new_code.append(swap[c] if wrong else c)
        price.append(now[swap[c]] if wrong else old.get(c) if at_old else None)
        cause.append(cause_number("T16") if wrong else cause_number("late_index") if at_old and c in old else 0)
    units = pl.when(pl.col("unit") == "hour").then("minute_bp").otherwise(pl.col("quantity_bp") * 60)
    lines = lines.with_columns(
        rate_code=pl.Series(new_code, dtype=pl.String), _price=pl.Series(price, dtype=pl.Int64),
        cause_number=pl.Series(cause, dtype=pl.Int16),
    ).with_columns(_new=half_up(units * pl.col("_price"), HOUR))  # fmt: skip
    slips = lines.filter(pl.col("cause_number") > 0).select(
        *LINE[:3], pl.col("was_code").alias("rate_code"), (pl.col("_new") - pl.col("amount_ore")).alias("error_ore"),
        "cause_number",
    )  # fmt: skip
    lines = lines.with_columns(amount_ore=pl.coalesce("_new", "amount_ore"))
    return lines.drop("_new", "_price", "cause_number"), slips.filter(pl.col("error_ore") != 0)


def _other_area(code: str) -> list[str]:
    """Return the rate code of the neighbouring kind of area: rural for urban and suburban, suburban for rural."""
    if code[:2] not in ("CP", "DP", "DE"):
        return []
    return [code[:2] + {"U": "R", "S": "R", "R": "S"}[code[2]] + code[3:]]


def _blame(
    paid: Settlement, due: Settlement, reg: pl.DataFrame, real: pl.DataFrame, rounding: list[int]
) -> pl.DataFrame:
    """Return (LINE, error_ore, cause_number): paid minus due of each line, dealt over causes, exact in sum."""
    both = paid.lines.select(*LINE, paid="amount_ore").join(
        due.lines.select(*LINE, due="amount_ore"), on=LINE, how="full", coalesce=True
    )
    both = both.with_columns(total=pl.col("paid").fill_null(0) - pl.col("due").fill_null(0))
    both = both.filter(pl.col("total") != 0).select(*LINE, "total")
    parts = [
        one.visits.join(rows, on="visit_id").select(*LINE, "truth", value=pl.col("value_bp") * sign)
        for one, rows, sign in ((paid, reg, 1), (due, real, -1))
    ]
    cause = pl.when((pl.col("truth") == 0) & pl.col("provider_id").is_in(rounding)).then(
        pl.lit(cause_number("T17"), pl.Int16)
    ).otherwise("truth")  # fmt: skip
    cells = (
        pl.concat(parts).with_columns(cause_number=cause).group_by([*LINE, "cause_number"]).agg(pl.col("value").sum())
    )
    cells = cells.filter((pl.col("value") != 0) & (pl.col("cause_number") > 0))
    cells = cells.with_columns(size=pl.col("value").abs())
    order = ["size", "cause_number"]
    nearby = (
        cells.sort(order, descending=True)
        .group_by(LINE[:3], maintain_order=True)
        .agg(pl.col("cause_number").first().alias("nearby"))
    )
    widest = (
        cells.sort(order, descending=True)
        .group_by("provider_id", maintain_order=True)
        .agg(pl.col("cause_number").first().alias("widest"))
    )
    joined = both.join(cells, on=LINE, how="left").join(nearby, on=LINE[:3], how="left")
    joined = joined.join(widest, on="provider_id", how="left").sort(
        [*LINE, *order], descending=[False] * 4 + [True] * 2
    )
    fallback = pl.coalesce("cause_number", "nearby", "widest", pl.lit(cause_number("wrong_client"), pl.Int16))
    joined = joined.with_columns(cause_number=fallback)
    leading = pl.int_range(pl.len()).over(LINE) == 0
    share = half_up(pl.col("value").fill_null(0), HOUR)
    joined = joined.with_columns(share=pl.when(leading).then(0).otherwise(share))
    rest = pl.col("total") - pl.col("share").sum().over(LINE)
    joined = joined.with_columns(error_ore=pl.when(leading).then(rest).otherwise("share"))
    return joined.filter(pl.col("error_ore") != 0).select(*LINE, "error_ore", pl.col("cause_number").cast(pl.Int16))
