"""Home-care tables in the shape of the raw contracts: registers once, visits and payments month by month."""

import numpy as np
import polars as pl

from simulation.absences import KINDS
from simulation.calendar import DAY, Month
from simulation.geography import AREA_TYPES
from simulation.identity import municipality_org_no, names, org_numbers
from simulation.ids import Ids, named, open_days
from simulation.parameters import SERVICES, TASKS
from simulation.population import END_REASONS
from simulation.providers import NICHES
from simulation.registration import close_minute
from simulation.settlement import MonthPay, days, minutes_to_datetime
from simulation.streams import stream
from simulation.tariff import SHARE, Rate, Rule, Tariff
from simulation.truth import Truth
from simulation.visits import EDITORS, METHODS, NULL, REASONS, STATUSES, Visits
from simulation.workforce import Carers
from simulation.world import World
from simulation.writer import hundredths, sek


def clients(world: World, ids: Ids) -> pl.DataFrame:
    """Return `clients`."""
    people, homes = world.clients, world.clients.homes
    numbers = np.arange(len(people))
    household = np.where(people.partner >= 0, np.minimum(numbers, people.partner), NULL)
    return pl.DataFrame({
        "client_ref": ids.client, "area": named(ids.area, homes.area),
        "area_type": named(pl.Series(AREA_TYPES), world.areas.kind[homes.area]),
        "building_ref": pl.Series([f"G{b:06d}" for b in homes.building.tolist()]),
        "household_ref": named(pl.Series([f"HH{n:06d}" for n in range(len(people))]), household),
        "x_m": homes.x_m, "y_m": homes.y_m, "valid_from": days(people.from_day),
        "valid_to": open_days(people.to_day, people.open_day),
        "end_reason": pl.Series(END_REASONS).gather(people.end_reason.astype(np.uint32)).replace("", None),
    }).sort("client_ref")  # fmt: skip


def decisions(world: World, ids: Ids) -> pl.DataFrame:
    """Return `decisions`; one case officer for about 150 clients."""
    rows = world.decisions
    rng = stream(world.seed, "officers")
    officer = rng.integers(0, max(2, len(world.clients) // 150), len(world.clients))
    return pl.DataFrame({
        "decision_id": ids.decision, "client_ref": named(ids.client, rows.client),
        "service": named(pl.Series(SERVICES), rows.service), "minutes_per_month": rows.minutes,
        "double_staffed": rows.double, "valid_from": days(rows.from_day), "valid_to": open_days(rows.to_day),
        "officer_ref": [f"H{n:03d}" for n in officer[rows.client].tolist()],
    })  # fmt: skip


def orders(world: World, ids: Ids) -> pl.DataFrame:
    """Return `orders`."""
    rows = world.orders
    return pl.DataFrame({
        "order_id": [f"U{n + 1:06d}" for n in range(len(rows.client))],
        "client_ref": named(ids.client, rows.client), "provider_id": named(ids.provider, rows.provider),
        "decision_id": named(ids.decision, rows.decision), "valid_from": days(rows.from_day),
        "valid_to": open_days(rows.to_day),
    })  # fmt: skip


def absences(world: World, ids: Ids) -> pl.DataFrame:
    """Return `absences`."""
    rows = world.absences
    to_at = np.where(rows.to_at >= rows.OPEN, NULL, rows.to_at)
    return pl.DataFrame({
        "client_ref": named(ids.client, rows.client), "kind": named(pl.Series(KINDS), rows.kind),
        "from_at": minutes_to_datetime(rows.from_at), "to_at": minutes_to_datetime(to_at),
    }).sort("client_ref", "from_at")  # fmt: skip


def carers(world: World, ids: Ids, rows: Carers) -> pl.DataFrame:
    """Return `carers`; those without shifts for 45 days at the end have left."""
    last = world.horizon[-1].last
    worked = np.array(rows.last_day)
    to_day = np.array(rows.to_day)
    idle = (worked >= 0) & (worked < last - 45) & (to_day > last)
    to_day = np.where(idle, worked + 14, to_day)
    household = [
        min(h, world.clients.partner[h]) if h >= 0 and world.clients.partner[h] >= 0 else h for h in rows.household
    ]
    frame = pl.DataFrame({
        "carer_ref": ids.carer, "provider_id": named(ids.provider, np.array(rows.provider)),
        "employed_from": days(np.array(rows.from_day)), "employed_to": open_days(to_day, last + 1),
        "fte": rows.fte, "relative_of_client_ref": named(ids.client, np.array(rows.relative_of)),
        "relative_approved": pl.Series([False if r >= 0 else None for r in rows.relative_of], dtype=pl.Boolean),
        "household_ref": named(pl.Series([f"HH{n:06d}" for n in range(len(world.clients))]), np.array(household)),
        "training": ["assistant_nurse" if t else "none" for t in rows.trained],
    })  # fmt: skip
    return frame.filter(pl.Series((worked >= 0) | np.array(rows.ghost))).sort("carer_ref")


def rates(tariff: Tariff) -> pl.DataFrame:
    """Return `rates`; from_time and to_time bound the day types evening and night."""
    names = ("rate_code", "service", "regime", "area_type", "day_type", "unit")
    data = {name: [getattr(row, name) for row in tariff.rates] for name in names}
    frame = pl.DataFrame(data, schema=dict.fromkeys(names, pl.String)).with_columns(
        pl.Series("price_ore", [row.price_ore for row in tariff.rates]), *_validity(tariff.rates)
    )
    times = {name: [getattr(row, name) for row in tariff.rates] for name in ("from_time", "to_time")}
    return frame.with_columns(sek("price_ore")).drop("price_ore").hstack(
        pl.DataFrame(times, schema=dict.fromkeys(times, pl.String))
    )  # fmt: skip


def rules(world: World, tariff: Tariff) -> pl.DataFrame:
    """Return `compensation_rules`; shares and factors as decimals."""
    shares = ("cap_share_of_granted", "declined_share", "absence_share_day_1", "absence_share_later",
              "double_staffing_factor", "cohabitant_share")  # fmt: skip
    texts = ("rule_id", "service", "basis", "rounding", "rounding_scope", "task", "regime", "nursing_payer")
    numbers = ("rounding_minutes", "minimum_minutes", "flat_minutes", "new_client_minutes", "absence_days")
    data = {name: [getattr(row, name) for row in tariff.rules] for name in (*texts, *numbers, *shares)}
    kinds = dict.fromkeys(texts, pl.String) | dict.fromkeys((*numbers, *shares), pl.Int64)
    frame = pl.DataFrame(data, schema=kinds).with_columns(
        [(pl.col(name).cast(pl.Decimal(38, 4)) / SHARE).cast(pl.Decimal(9, 4)) for name in shares]
    )
    provider = [None if row.provider_id is None else world.providers.ids[row.provider_id] for row in tariff.rules]
    return frame.with_columns(pl.Series("provider_id", provider, dtype=pl.String), *_validity(tariff.rules))


def _validity(rows: tuple[Rule | Rate, ...]) -> list[pl.Series]:
    return [
        pl.Series("valid_from", [row.valid_from for row in rows], dtype=pl.Date),
        pl.Series("valid_to", [row.valid_to for row in rows], dtype=pl.Date),
    ]


def calendar(world: World) -> pl.DataFrame:
    """Return `calendar` of the horizon's years."""
    span = np.arange(world.days.first, world.days.first + len(world.days.kind))
    return pl.DataFrame({
        "date": days(span),
        "day_type": named(pl.Series(["weekday", "weekend", "holiday"]), world.days.kind),
        "name": pl.Series(world.days.names, dtype=pl.String),
    })  # fmt: skip


def visit_ids(month: Month, key: np.ndarray) -> pl.Series:
    """Return visit ids; null for negative keys."""
    wide = pl.Series(np.asarray(key, np.int64))
    text = pl.format("V{}{}", pl.lit(str(month.key)), pl.lit(wide).cast(pl.String).str.zfill(7))
    return pl.select(pl.when(wide >= 0).then(text)).to_series()


def visits(world: World, month: Month, rows: Visits, pay: MonthPay, ids: Ids) -> pl.DataFrame:
    """Return `visits` of the month in the order of their ids; `_delivery` says how they are delivered."""
    local = {name: world.clock.to_local(rows[name]) for name in ("start", "end", "planned_start", "planned_end")}
    local = {name: np.where(rows[name] == NULL, NULL, value) for name, value in local.items()}
    offset = {
        name: pl.Series(np.where(rows[name] == NULL, NULL, world.clock.offset_at(rows[name]))).replace(NULL, None)
        for name in ("start", "end")
    }
    at = {
        name: minutes_to_datetime(np.where(rows[name] == NULL, NULL, world.clock.to_local(rows[name])))
        for name in ("registered_at", "edited_at")
    }
    turn = rows["provider"].astype(np.int64)
    closing = (month.last + 1 + turn % 4) * DAY + 15 * 60 + turn % 53
    devices = pl.Series([f"D{name[1:]}" for name in ids.carer.to_list()])
    done = rows["start"] != NULL
    frame = pl.DataFrame({
        "visit_id": visit_ids(month, rows["key"]), "client_ref": named(ids.client, rows["client"]),
        "provider_id": named(ids.provider, rows["provider"]),
        "carer_ref": named(ids.carer, np.where(rows["status"] == 0, rows["carer"], NULL)),
        "service": named(pl.Series(SERVICES), rows["service"]),
        "planned_start": minutes_to_datetime(local["planned_start"]),
        "planned_end": minutes_to_datetime(local["planned_end"]),
        "actual_start": minutes_to_datetime(local["start"]), "actual_end": minutes_to_datetime(local["end"]),
        "start_method": named(pl.Series(METHODS), rows["start_method"]),
        "end_method": named(pl.Series(METHODS), rows["end_method"]),
        "manual_reason": named(pl.Series(REASONS), np.where(rows["reason"] > 0, rows["reason"], NULL)),
        "status": named(pl.Series(STATUSES), rows["status"]),
        "registered_at": at["registered_at"], "edited_at": at["edited_at"],
        "edited_by": named(pl.Series(EDITORS), np.where(rows["edited_by"] > 0, rows["edited_by"], NULL)),
        "distance_start_m": pl.Series(rows["distance_start"], nan_to_null=True),
        "distance_end_m": pl.Series(rows["distance_end"], nan_to_null=True),
        "device_ref": named(devices, rows["device"]), "double_staffed": rows["double"],
        "pair_visit_id": visit_ids(month, rows["pair"]), "decision_id": named(ids.decision, rows["decision"]),
        "approved_at": minutes_to_datetime(closing),
        "approved_by": named(pl.Series([f"{name}-admin" for name in ids.provider.to_list()]), rows["provider"]),
        "planned_carer_ref": named(ids.carer, rows["planned_carer"]), "task": named(pl.Series(TASKS), rows["task"]),
        "start_x_m": pl.Series(np.where(done, rows["place_x"], 2**30)).replace(2**30, None),
        "start_y_m": pl.Series(np.where(done, rows["place_y"], 2**30)).replace(2**30, None),
        "utc_offset_start": offset["start"].cast(pl.Int16), "utc_offset_end": offset["end"].cast(pl.Int16),
        "_delivery": rows["delivery"],
    })  # fmt: skip
    billed = pay.billed.select(
        visit_id=visit_ids(month, pay.billed["visit_id"].to_numpy()),
        billable_minutes=hundredths((pl.col("minute_bp") + 50).floordiv(100)),
    )
    frame = frame.join(billed, on="visit_id", how="left", maintain_order="left")
    by_admin = pl.when(pl.col("edited_by") == "admin").then(pl.col("approved_by")).otherwise("carer_ref")
    return frame.with_columns(edited_by=pl.when(pl.col("edited_by").is_not_null()).then(by_admin))


def lines(world: World, month: Month, pay: MonthPay, ids: Ids, booked: np.ndarray) -> pl.DataFrame:
    """Return `compensation_lines`; `booked` is the index of the month each provider's lines are booked in."""
    names = pl.Series([m.name for m in world.horizon])
    provider = pay.lines["provider_id"].to_numpy()
    booked_month = names.gather(booked[provider].astype(np.uint32))
    own = world.providers.in_house[provider]
    hours = pl.when(pl.col("unit") == "hour").then((pl.col("minute_bp") + 3000).floordiv(6000)).otherwise(
        pl.col("quantity_bp") // 100
    )  # fmt: skip
    invoice = pl.format("HT{}{}", "provider_id", pl.lit(str(month.key)))
    frame = pay.lines.with_columns(
        provider_id=named(ids.provider, provider), client_ref=named(ids.client, pay.lines["client_ref"].to_numpy()),
        service_month=pl.lit(month.name), booked_month=booked_month, _own=pl.Series(own),
        minutes=hundredths((pl.col("minute_bp") + 50).floordiv(100)), quantity=hundredths(hours),
    )  # fmt: skip
    return frame.with_columns(
        payment_id=pl.when("_own")
        .then(pl.format("INT{}{}", "provider_id", pl.col("booked_month").str.replace("-", "")))
        .otherwise(pl.format("BHT{}{}", "provider_id", pl.lit(str(month.key)))),
        invoice_id=pl.when(~pl.col("_own")).then(invoice),
    ).select(
        "line_id",
        "payment_id",
        "provider_id",
        "client_ref",
        "service",
        "service_month",
        "booked_month",
        "minutes",
        sek("amount_ore"),
        "quantity",
        "unit",
        "rate_code",
        "rule_id",
        "invoice_id",
    )


def providers(world: World, ids: Ids) -> pl.DataFrame:
    """Return `providers`."""
    rows = world.providers
    systems = world.p.providers.systems
    return pl.DataFrame({
        "provider_id": ids.provider, "org_no": provider_org_numbers(world), "name": provider_names(world),
        "regime": ["in_house" if own else "private" for own in rows.in_house], "valid_from": days(rows.from_day),
        "valid_to": open_days(rows.to_day, world.horizon[-1].last + 1),
        "system": [systems[s] for s in rows.system],
    })  # fmt: skip


def provider_org_numbers(world: World) -> list[str]:
    """Return each provider's organisation number; in-house units have the municipality's."""
    own = org_numbers("limited", world.providers.serial)
    inside = world.providers.in_house
    return [municipality_org_no() if i else number for i, number in zip(inside, own, strict=True)]


def provider_names(world: World) -> list[str]:
    """Return invented names of providers."""
    found = names(stream(world.seed, "provider names"), len(world.providers.weight))
    inside = world.providers.in_house
    return [
        f"Kommunens hemtjänst {n + 1}" if i else f"{name} Omsorg AB"
        for n, (i, name) in enumerate(zip(inside, found, strict=True))
    ]


def areas(world: World, ids: Ids) -> pl.DataFrame:
    """Return `areas`; a feature of the map bears its area's own id, so geojson_feature_id is null."""
    kinds = {0: "Centrum", 1: "Förort", 2: "Landsbygd"}
    found = [f"{kinds[int(k)]} {n + 1}" for n, k in enumerate(world.areas.kind)]
    return pl.DataFrame({
        "area": ids.area, "name": found, "geojson_feature_id": pl.Series([None] * len(found), dtype=pl.String),
    })  # fmt: skip


def month_closes(world: World) -> pl.DataFrame:
    """Return `month_closes`: the 6th of the next month at 18:00."""
    return pl.DataFrame({
        "month": [m.name for m in world.horizon],
        "closed_at": minutes_to_datetime(np.array([close_minute(m) for m in world.horizon])),
    })  # fmt: skip


def label_world(world: World, ids: Ids, truth: Truth) -> None:
    """Label dishonest providers, their invented carers and inflated clients, and lawful outliers."""
    for act in (act for act in world.acts if act.number < 1000):
        month = world.horizon[max(act.onset, 0)].name
        truth.label("provider", ids.provider[act.subject], act.typology, month)
        for client in act.memory.get("clients", ()):
            truth.label("client", ids.client[client], act.typology, month)
        logins = [n for n in act.memory.get("logins", ()) if world.rota.carers.ghost[n]]
        for carer in [*logins, *act.memory.get("carers", {}).values()]:
            truth.label("carer", ids.carer[carer], act.typology, month)
    for provider, niche in enumerate(world.providers.niche):
        if niche:
            truth.harmless("provider", [ids.provider[provider]], NICHES[niche])
    merged = np.flatnonzero(world.clients.same_as >= 0)
    truth.harmless("client", [ids.client[int(c)] for c in merged], "second id of one person")
    couples = np.flatnonzero(world.clients.partner >= 0)
    truth.harmless("client", [ids.client[int(c)] for c in couples], "cohabitant")
