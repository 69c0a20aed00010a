"""The simulator's own compensation engine: from visits, decisions and dated rules to amounts exact to the öre.

What every step means is written in docs/compensation-semantics.md. Minutes are integers of 1/10,000 minute
(`_bp`), shares integers of 1/10,000, money integers of öre; halves round up. Keys (provider, client, visit ...) may
be integers or strings, as long as all tables agree.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from simulation.tariff import SHARE, Rate, Rule, Tariff

HOUR = 60 * SHARE
_PAID = ("performed", "declined", "blank", "absent")
_LINE = ["provider_id", "client_ref", "service", "rate_code"]
_CLIENT_MONTH = ["provider_id", "client_ref", "service"]


@dataclass(frozen=True)
class Registers:
    """Tables the engine looks things up in.

    providers: provider_id, regime. clients: client_ref, area_type, household_ref. decisions: decision_id,
    client_ref, service, minutes_per_month, double_staffed, valid_from, valid_to. orders: client_ref, provider_id,
    decision_id, valid_from, valid_to. absences: client_ref, from_date, to_date. free_days: dates that are weekend
    or holiday. Days are inclusive, an open end is null.
    """

    providers: pl.DataFrame
    clients: pl.DataFrame
    decisions: pl.DataFrame
    orders: pl.DataFrame
    absences: pl.DataFrame
    free_days: pl.Series


@dataclass(frozen=True)
class Settlement:
    """`lines`: provider_id, client_ref, service, rate_code, unit, minute_bp, quantity_bp, amount_ore, price_ore,
    rule_id, in the order of the first four. `visits`: visit_id, minute_bp, value_bp (minute or quantity times
    price), rate_code, of visits that are paid per visit."""

    lines: pl.DataFrame
    visits: pl.DataFrame


def settle(visits: pl.DataFrame, registers: Registers, tariff: Tariff, month: str) -> Settlement:
    """Return what the rules pay for one service month.

    `visits` has visit_id, provider_id, client_ref, carer_ref, service, task, status, start (local; the planned start
    where there is no actual one), minutes, planned_minutes, pair_visit_id. Visits of other months are left out.
    """
    first = date(int(month[:4]), int(month[5:]), 1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    parts = tariff.boundaries(first, last)
    rows = visits.filter(
        pl.col("status").is_in(_PAID) & pl.col("start").is_between(first, last + timedelta(days=1), closed="left")
    ).with_columns(day=pl.col("start").dt.date())
    rows = rows.with_columns(part=pl.sum_horizontal([(pl.col("day") >= d).cast(pl.Int8) for d in parts]) - 1)
    rows = rows.join(registers.providers, on="provider_id", how="left", maintain_order="left")
    rows = rows.join(registers.clients, on="client_ref", how="left", maintain_order="left")
    rows = rows.sort(["provider_id", "client_ref", "service", "start", "visit_id"])
    rows = _with_rules(rows, tariff, parts).filter(pl.col("basis") != "granted")
    rows = _billable(rows, registers, tariff, first, last)
    rows = _capped(rows, registers, tariff, first, last)
    rows = _with_rates(rows, registers, tariff, parts).filter(pl.col("unit").is_in(["hour", "visit"]))
    rows = rows.with_columns(
        quantity_bp=pl.when(pl.col("unit") == "visit").then("weight_bp").otherwise(0),
        value_bp=pl.when(pl.col("unit") == "visit").then(pl.col("weight_bp") * 60).otherwise("minute_bp")
        * pl.col("price_ore"),
    )
    keep = [*_LINE, "unit", "start", "minute_bp", "quantity_bp", "value_bp", "price_ore", "rule_id"]
    granted = _granted(registers, tariff, first, last)
    bonus = _new_clients(registers, tariff, first, last)
    whole = pl.concat([rows.select(keep), granted.select(keep), bonus.select(keep)], how="vertical_relaxed")
    whole = whole.sort([*_LINE, "start"], maintain_order=True)
    lines = whole.group_by(_LINE, maintain_order=True).agg(
        pl.col("unit", "price_ore", "rule_id").last(), pl.col("minute_bp", "quantity_bp", "value_bp").sum()
    )
    lines = lines.filter((pl.col("minute_bp") != 0) | (pl.col("quantity_bp") != 0))
    return Settlement(
        lines.with_columns(amount_ore=half_up(pl.col("value_bp"), HOUR)),
        rows.select("visit_id", "minute_bp", "value_bp", "rate_code"),
    )


def half_up(value: pl.Expr, unit: int) -> pl.Expr:
    """Return value / unit rounded half up (towards plus infinity), both integers."""
    return (2 * value + unit).floordiv(2 * unit)


def _with_rules(rows: pl.DataFrame, tariff: Tariff, parts: list[date]) -> pl.DataFrame:
    """Join the rule that holds for each visit; visits without a rule are not paid."""
    key = ["provider_id", "regime", "service", "task", "part"]
    combos = rows.select(key).unique(maintain_order=True)
    found = [
        tariff.rule_for(parts[part], service, task, provider, regime)
        for provider, regime, service, task, part in combos.iter_rows()
    ]
    rules = _rule_frame(tariff.rules)
    combos = combos.with_columns(rule=pl.Series(found, dtype=pl.Int32)).drop("regime")
    rows = rows.join(combos, on=[k for k in key if k != "regime"], how="inner", maintain_order="left", nulls_equal=True)
    return rows.join(rules, on="rule", how="inner", maintain_order="left")


def _rule_frame(rules: tuple[Rule, ...]) -> pl.DataFrame:
    names = {
        "rule_id": pl.String, "basis": pl.String, "rounding": pl.String, "rounding_scope": pl.String,
        "rounding_minutes": pl.Int64, "minimum_minutes": pl.Int64, "flat_minutes": pl.Int64,
        "declined_share": pl.Int64, "absence_share_day_1": pl.Int64, "absence_share_later": pl.Int64,
        "absence_days": pl.Int64, "double_staffing_factor": pl.Int64, "cohabitant_share": pl.Int64,
    }  # fmt: skip
    data = {name: [getattr(rule, name) for rule in rules] for name in names}
    return pl.DataFrame(data, schema=names).with_row_index("rule").with_columns(pl.col("rule").cast(pl.Int32))


def _rounded(total: pl.Expr) -> pl.Expr:
    """Return minutes rounded by the rule's step: nearest (half up) or up."""
    step = pl.col("rounding_minutes").fill_null(1) * SHARE
    nearest = (2 * total + step).floordiv(2 * step) * step
    up = (total + step - 1).floordiv(step) * step
    return (
        pl.when(pl.col("rounding") == "nearest")
        .then(nearest)
        .when(pl.col("rounding") == "up")
        .then(up)
        .otherwise(total)
    )


def _billable(rows: pl.DataFrame, registers: Registers, tariff: Tariff, first: date, last: date) -> pl.DataFrame:
    """Add minute_bp (before any cap) and weight_bp."""
    performed = pl.col("status") == "performed"
    own = pl.when(performed & (pl.col("basis") == "performed")).then("minutes").otherwise("planned_minutes")
    base = pl.coalesce("flat_minutes", own.clip(lower_bound=0)).cast(pl.Int64)
    least = pl.col("minimum_minutes").fill_null(0)
    base = pl.when(performed & (base > 0)).then(pl.max_horizontal(base, least)).otherwise(base) * SHARE
    rows = rows.with_columns(minute_bp=base)
    by_visit = performed & (pl.col("rounding_scope") == "visit")
    rows = rows.with_columns(minute_bp=pl.when(by_visit).then(_rounded(pl.col("minute_bp"))).otherwise("minute_bp"))
    scopes = {rule.rounding_scope for rule in tariff.rules if rule.rounding != "none"}
    for scope, extra in (("day", ["day"]), ("client_month", [])):
        if scope in scopes:
            chosen = performed & (pl.col("rounding_scope") == scope) & (pl.col("rounding") != "none")
            group = [*_CLIENT_MONTH, "rule", *extra]
            total = pl.col("minute_bp").filter(chosen).sum().over(group)
            at = pl.int_range(pl.len()).over(group)
            is_last = chosen & (at == pl.when(chosen).then(at).max().over(group))
            rows = rows.with_columns(_diff=pl.when(is_last).then(_rounded(total) - total).otherwise(0))
            rows = rows.with_columns(minute_bp=pl.col("minute_bp") + pl.col("_diff")).drop("_diff")
    rows = rows.join(
        absence_days(registers.absences, first, last), on=["client_ref", "day"], how="left", maintain_order="left"
    )
    away = (
        pl.when(pl.col("absence_day") == 1).then("absence_share_day_1")
        .when(pl.col("absence_day") <= pl.col("absence_days")).then("absence_share_later").otherwise(0)
    )  # fmt: skip
    status = pl.when(performed).then(SHARE).when(pl.col("status") == "absent").then(away).otherwise("declined_share")
    second = pl.col("pair_visit_id").is_not_null() & (pl.col("visit_id") > pl.col("pair_visit_id"))
    rows = rows.with_columns(_status=status.cast(pl.Int64), second=second)
    rows = _with_double(rows, registers)
    twice = pl.when(pl.col("second")).then(
        pl.when(pl.col("is_granted_double")).then(pl.col("double_staffing_factor") - SHARE).otherwise(0)
    ).otherwise(SHARE)  # fmt: skip
    may_share = performed & pl.col("cohabitant_share").is_not_null() & pl.col("household_ref").is_not_null()
    together = ["provider_id", "carer_ref", "household_ref", "service", "task", "start"]
    couples = rows.filter(may_share).group_by(together).agg(pl.col("client_ref").n_unique().alias("_clients"))
    couples = couples.filter(pl.col("_clients") > 1)
    rows = rows.join(couples, on=together, how="left", maintain_order="left", nulls_equal=True)
    shared = may_share & pl.col("_clients").is_not_null()
    halves = pl.when(shared).then("cohabitant_share").otherwise(SHARE)
    rows = rows.with_columns(weight_bp=half_up(half_up(pl.col("_status") * twice, SHARE) * halves, SHARE))
    return rows.with_columns(minute_bp=half_up(pl.col("minute_bp") * pl.col("weight_bp"), SHARE))


def absence_days(absences: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """Return client_ref, day, absence_day (1, 2, ...) of every date in an absence; the earliest absence counts."""
    live = absences.filter((pl.col("from_date") <= last) & (pl.col("to_date").fill_null(last) >= first))
    begin, end = pl.max_horizontal("from_date", pl.lit(first)), pl.min_horizontal("to_date", pl.lit(last))
    days = live.sort("client_ref", "from_date").with_columns(day=pl.date_ranges(begin, end)).explode("day")
    days = days.with_columns(absence_day=(pl.col("day") - pl.col("from_date")).dt.total_days() + 1)
    return days.select("client_ref", "day", "absence_day").unique(
        ["client_ref", "day"], keep="first", maintain_order=True
    )


def _with_double(rows: pl.DataFrame, registers: Registers) -> pl.DataFrame:
    """Add is_granted_double to second rows: a decision for two carers holds for the client, service and day."""
    granted = registers.decisions.filter(pl.col("double_staffed")).select(
        "client_ref", "service", "valid_from", "valid_to"
    )
    pairs = rows.filter("second").select("client_ref", "service", "day").unique()
    pairs = pairs.join(granted, on=["client_ref", "service"]).filter(
        (pl.col("valid_from") <= pl.col("day")) & (pl.col("valid_to").is_null() | (pl.col("valid_to") >= pl.col("day")))
    )
    pairs = pairs.select("client_ref", "service", "day").unique().with_columns(is_granted_double=pl.lit(True))
    rows = rows.join(pairs, on=["client_ref", "service", "day"], how="left", maintain_order="left")
    return rows.with_columns(pl.col("is_granted_double").fill_null(False))


def granted_segments(registers: Registers, first: date, last: date) -> pl.DataFrame:
    """Return one row per order of a decision in force in the month: its first and last day inside the month."""
    joined = registers.orders.filter(
        (pl.col("valid_from") <= last) & (pl.col("valid_to").is_null() | (pl.col("valid_to") >= first))
    ).join(
        registers.decisions.select(
            "decision_id", "service", "minutes_per_month", "double_staffed",
            d_from=pl.col("valid_from"), d_to=pl.col("valid_to"),
        ),
        on="decision_id", how="inner", maintain_order="left",
    )  # fmt: skip
    begin = pl.max_horizontal("valid_from", "d_from", pl.lit(first))
    end = pl.min_horizontal("valid_to", "d_to", pl.lit(last))
    return joined.with_columns(begin=begin, end=end).filter(pl.col("begin") <= pl.col("end"))


def _capped(rows: pl.DataFrame, registers: Registers, tariff: Tariff, first: date, last: date) -> pl.DataFrame:
    """Cut minutes beyond the cap, latest first: the cap holds per provider, client, service and month."""
    shares = rows.select("provider_id", "regime", "service").unique(maintain_order=True)
    found = [tariff.rule_for(last, s, None, provider, regime) for provider, regime, s in shares.iter_rows()]
    shares = (
        shares.with_columns(
            cap_share=pl.Series(
                [None if n is None else tariff.rules[n].cap_share_of_granted for n in found], dtype=pl.Int64
            ),
            factor=pl.Series(
                [0 if n is None else tariff.rules[n].double_staffing_factor for n in found], dtype=pl.Int64
            ),
        )
        .drop("regime")
        .filter(pl.col("cap_share").is_not_null())
    )
    segments = granted_segments(registers, first, last).join(shares, on=["provider_id", "service"], how="inner")
    factor = pl.when(pl.col("double_staffed")).then("factor").otherwise(SHARE)
    days = (pl.col("end") - pl.col("begin")).dt.total_days() + 1
    caps = segments.group_by(_CLIENT_MONTH).agg(
        granted=(pl.col("minutes_per_month").cast(pl.Int64) * factor * days).sum(),
        cap_share=pl.col("cap_share").first(),
    )
    caps = caps.with_columns(cap_bp=half_up(pl.col("granted") * pl.col("cap_share"), SHARE * last.day))
    rows = rows.join(caps.select(*_CLIENT_MONTH, "cap_bp"), on=_CLIENT_MONTH, how="left", maintain_order="left")
    reached = pl.min_horizontal(pl.col("minute_bp").cum_sum().over(_CLIENT_MONTH), "cap_bp")
    rows = rows.with_columns(_reached=reached)
    paid = pl.col("_reached") - pl.col("_reached").shift(1, fill_value=0).over(_CLIENT_MONTH)
    return rows.with_columns(minute_bp=pl.when(pl.col("cap_bp").is_null()).then("minute_bp").otherwise(paid))


def _with_rates(rows: pl.DataFrame, registers: Registers, tariff: Tariff, parts: list[date]) -> pl.DataFrame:
    """Join code, unit and price by the kind of day of the visit's start."""
    minute = pl.col("start").dt.hour().cast(pl.Int32) * 60 + pl.col("start").dt.minute()
    evening, night = (_inside(minute, window) for window in tariff.windows())
    kind = (
        pl.when(night).then(pl.lit("night"))
        .when(pl.col("day").is_in(registers.free_days.implode())).then(pl.lit("weekend"))
        .when(evening).then(pl.lit("evening")).otherwise(pl.lit("weekday"))
    )  # fmt: skip
    rows = rows.with_columns(day_type=kind)
    key = ["service", "regime", "area_type", "day_type", "part"]
    combos = rows.select(key).unique(maintain_order=True)
    found = [tariff.rate_for(parts[part], s, r, a, d) for s, r, a, d, part in combos.iter_rows()]
    return rows.join(_rates(combos, tariff.rates, found), on=key, how="inner", maintain_order="left")


def _inside(minute: pl.Expr, window: tuple[int, int]) -> pl.Expr:
    begin, end = window
    return (minute >= begin) & (minute < end) if begin < end else (minute >= begin) | (minute < end)


def _rates(combos: pl.DataFrame, rates: tuple[Rate, ...], found: list[int | None]) -> pl.DataFrame:
    """Add rate_code, unit and price_ore; rows without a rate are dropped."""
    return combos.with_columns(
        rate_code=pl.Series([None if n is None else rates[n].rate_code for n in found], dtype=pl.String),
        unit=pl.Series([None if n is None else rates[n].unit for n in found], dtype=pl.String),
        price_ore=pl.Series([None if n is None else rates[n].price_ore for n in found], dtype=pl.Int64),
    ).filter(pl.col("rate_code").is_not_null())


def _granted(registers: Registers, tariff: Tariff, first: date, last: date) -> pl.DataFrame:
    """Return entries paid without visits: granted minutes less absences, and monthly fees."""
    rows = granted_segments(registers, first, last)
    rows = rows.join(registers.providers, on="provider_id", how="left", maintain_order="left")
    rows = rows.join(registers.clients, on="client_ref", how="left", maintain_order="left")
    key = ["provider_id", "regime", "service", "area_type"]
    combos = rows.select(key).unique(maintain_order=True)
    rules = [tariff.rule_for(last, s, None, provider, regime) for provider, regime, s, _ in combos.iter_rows()]
    rates = [tariff.rate_for(last, s, regime, area, None) for _, regime, s, area in combos.iter_rows()]
    combos = _rates(combos.with_columns(rule=pl.Series(rules, dtype=pl.Int32)), tariff.rates, rates)
    combos = combos.join(_rule_frame(tariff.rules), on="rule", how="inner", maintain_order="left")
    rows = rows.join(combos.filter((pl.col("basis") == "granted") | (pl.col("unit") == "month")), on=key, how="inner",
                     maintain_order="left", nulls_equal=True).with_row_index("segment")  # fmt: skip
    monthly = pl.col("unit") == "month"
    away = rows.filter(~monthly).join(absence_days(registers.absences, first, last), on="client_ref")
    away = away.filter(pl.col("day").is_between("begin", "end"))
    share = (
        pl.when(pl.col("absence_day") == 1).then("absence_share_day_1")
        .when(pl.col("absence_day") <= pl.col("absence_days")).then("absence_share_later").otherwise(0)
    )  # fmt: skip
    lost = away.group_by("segment").agg(lost=(SHARE - share).sum())
    rows = rows.join(lost, on="segment", how="left", maintain_order="left")
    weight = ((pl.col("end") - pl.col("begin")).dt.total_days() + 1) * SHARE - pl.col("lost").fill_null(0)
    factor = pl.when(pl.col("double_staffed")).then("double_staffing_factor").otherwise(SHARE)
    minutes = half_up(pl.col("minutes_per_month").cast(pl.Int64) * factor * weight, SHARE * last.day)
    rows = rows.with_columns(minute_bp=pl.when(monthly).then(0).otherwise(minutes))
    once = pl.int_range(pl.len()).over(_LINE) == 0
    rows = rows.with_columns(quantity_bp=pl.when(monthly & once).then(SHARE).otherwise(0))
    value = pl.when(monthly).then(pl.col("quantity_bp") * 60).otherwise("minute_bp") * pl.col("price_ore")
    return rows.with_columns(value_bp=value, start=pl.lit(first).cast(pl.Datetime("us")))


def _new_clients(registers: Registers, tariff: Tariff, first: date, last: date) -> pl.DataFrame:
    """Return the minutes paid once when a provider gets a client's first order of a service."""
    starts = registers.orders.join(
        registers.decisions.select("decision_id", "service"), on="decision_id", how="inner", maintain_order="left"
    ).group_by(_CLIENT_MONTH, maintain_order=True).agg(pl.col("valid_from").min())  # fmt: skip
    starts = starts.filter(pl.col("valid_from").is_between(first, last))
    starts = starts.join(registers.providers, on="provider_id", how="left", maintain_order="left")
    starts = starts.join(registers.clients, on="client_ref", how="left", maintain_order="left")
    rows = []
    for provider, client, service, day, regime, area in starts.select(
        *_CLIENT_MONTH, "valid_from", "regime", "area_type"
    ).iter_rows():
        rule = tariff.rule_for(day, service, None, provider, regime)
        rate = tariff.rate_for(day, service, regime, area, "weekday")
        if rule is None or rate is None:
            continue
        minutes = tariff.rules[rule].new_client_minutes
        if minutes:
            code, price = tariff.rates[rate].rate_code, tariff.rates[rate].price_ore
            bp = minutes * SHARE
            rows.append(
                (provider, client, service, code, "hour", day, bp, 0, bp * price, price, tariff.rules[rule].rule_id)
            )
    names = [*_LINE, "unit", "start", "minute_bp", "quantity_bp", "value_bp", "price_ore", "rule_id"]
    kinds = [starts.schema["provider_id"], starts.schema["client_ref"], pl.String, pl.String, pl.String, pl.Date,
             pl.Int64, pl.Int64, pl.Int64, pl.Int64, pl.String]  # fmt: skip
    frame = pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")
    return frame.with_columns(pl.col("start").cast(pl.Datetime("us")))
