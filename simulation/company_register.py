"""Company register, roles, permits and exclusions: what other authorities know."""

import numpy as np
import polars as pl

from simulation.calendar import day_date, day_number
from simulation.identity import org_numbers
from simulation.ledger import Ledger
from simulation.settlement import days
from simulation.streams import stream
from simulation.suppliers import CARE
from simulation.writer import sek

_SNI = {"Bygg och underhåll": "43", "Entreprenad": "42", "Konsulter": "70", "Bemanning": "78", "Livsmedel": "46",
        "Lokalhyra": "68", "Placeringar": "87", "Transporter": "49", "Skola och förskola": "85"}  # fmt: skip
_CARE_SNI = "88101"


def company_register(ledger: Ledger, paid_ore: np.ndarray, wages_ore: np.ndarray) -> pl.DataFrame:
    """Return `company_register`: a full snapshot a year, and a row when a company is founded or goes bankrupt.

    `paid_ore` and `wages_ore` are what each provider was paid and what gross wages its payroll holds, over the
    horizon: they set the yearly accounts of care providers; other companies' turnover covers what they invoice.
    """
    world, rows = ledger.world, ledger.suppliers
    rng = stream(world.seed, "company register")
    first = {ref: n for n, ref in reversed(list(enumerate(rows.true_ref)))}
    refs = sorted(first)
    pick = np.array([first[r] for r in refs])
    count, months = len(refs), len(world.horizon)
    categories = world.p.ledger.categories
    median = np.array([categories[max(rows.category[n], 0)].median_sek for n in pick]) * np.array(rows.factor)[pick]
    median = np.maximum(median, np.array(rows.fixed_ore)[pick] / 100)
    sold = np.array(rows.rate)[pick] * 12 * median * 2.2
    turnover = np.maximum(sold * np.exp(rng.uniform(0.4, 3.0, count)), 400_000.0)
    wage_share = rng.uniform(0.2, 0.55, count)
    wages = turnover * wage_share
    of_provider = {ref: n for n, ref in enumerate(org_numbers("limited", world.providers.serial))}
    for at, ref in enumerate(refs):
        provider = of_provider.get(ref)
        if provider is not None and not world.providers.in_house[provider]:
            elsewhere = float(rng.uniform(1.02, 1.5))
            turnover[at] = paid_ore[provider] / 100 / months * 12 * elsewhere
            wages[at] = wages_ore[provider] / 100 / months * 12 * elsewhere
    shells = {act.subject for act in world.acts if act.typology in ("T40", "T43")}
    hollow = np.isin(pick, list(shells))
    wages = np.where(hollow, 0.0, wages)
    employees = np.round(wages / 480_000).astype(np.int64)
    f_tax = rng.random(count) > world.p.ledger_errors.no_f_tax
    bankrupt = rng.random(count) < world.p.ledger_errors.bankrupt
    span = world.horizon[-1].last - world.horizon[0].first
    fails = world.horizon[0].first + rng.integers(0, max(span, 1), count)
    registered = np.minimum(np.array(rows.registered)[pick], np.array(rows.created)[pick] - 3)
    sni = [_CARE_SNI if rows.category[n] == CARE else _SNI.get(categories[rows.category[n]].name, "82") for n in pick]
    vat = np.array([rows.category[n] != CARE and categories[rows.category[n]].vat_share > 0 for n in pick])
    frames = []
    start = day_date(world.horizon[0].first)
    jan = [
        day_number(start.replace(year=y, month=1, day=1))
        for y in range(start.year, day_date(world.horizon[-1].last).year + 1)
    ]
    for as_of in dict.fromkeys([world.horizon[0].first, *[d for d in jan if d >= world.horizon[0].first]]):
        known = registered <= as_of
        status = np.where(bankrupt & (fails <= as_of), "bankrupt", "active")
        frames.append((np.flatnonzero(known), np.full(count, as_of), status))
    young = np.flatnonzero(registered > world.horizon[0].first)
    frames.append((young, registered, np.full(count, "active")))
    frames.append((np.flatnonzero(bankrupt), fails, np.full(count, "bankrupt")))
    grow = rng.uniform(0.95, 1.12, count)
    whole = []
    for rows_at, as_of, status in frames:
        year = np.array([day_date(d).year for d in as_of[rows_at].tolist()], np.int64)
        factor = grow[rows_at] ** (year - start.year) if len(rows_at) else np.zeros(0)
        has = registered[rows_at] < np.array(
            [day_number(start.replace(year=int(y) - 1, month=1, day=1)) for y in year], np.int64
        )
        n = pick[rows_at]
        whole.append(
            pl.DataFrame(
                {
                    "org_no": [refs[i] for i in rows_at],
                    "as_of": days(as_of[rows_at]),
                    "name": [rows.name[i] for i in n],
                    "status": status[rows_at],
                    "registered_date": days(registered[rows_at]),
                    "f_tax": f_tax[rows_at],
                    "vat_registered": vat[rows_at],
                    "employer": employees[rows_at] > 0,
                    "sni": [sni[i] for i in rows_at],
                    "employees": employees[rows_at],
                    "turnover_ore": np.round(turnover[rows_at] * factor).astype(np.int64) * 100,
                    "wage_cost_ore": np.round(wages[rows_at] * factor).astype(np.int64) * 100,
                    "period_from": [start.replace(year=int(y) - 1, month=1, day=1) for y in year],
                    "period_to": [start.replace(year=int(y) - 1, month=12, day=31) for y in year],
                    "address": [rows.address[i] for i in n],
                    "postal_code": [f"{990 + i % 9} {10 + i % 90:02d}" for i in n.tolist()],
                    "phone": [rows.phone[i] for i in n],
                    "_has": has,
                },
                schema_overrides={
                    "period_from": pl.Date,
                    "period_to": pl.Date,
                    "org_no": pl.String,
                    "name": pl.String,
                    "sni": pl.String,
                    "address": pl.String,
                    "postal_code": pl.String,
                    "phone": pl.String,
                    "status": pl.String,
                },
            )
        )
    frame = (
        pl.concat(whole)
        .with_columns(turnover_sek=sek("turnover_ore"), wage_cost_sek=sek("wage_cost_ore"))
        .with_columns(
            pl.when("_has").then(pl.col(name)).alias(name)
            for name in ("turnover_sek", "wage_cost_sek", "period_from", "period_to")
        )
        .drop("turnover_ore", "wage_cost_ore", "_has")
    )
    return frame.unique(["org_no", "as_of"], keep="last", maintain_order=True).sort("org_no", "as_of")


def company_roles(ledger: Ledger) -> pl.DataFrame:
    """Return `company_roles`: board, chief executive, auditor; a phoenix company has a person of the excluded one."""
    world, rows = ledger.world, ledger.suppliers
    rng = stream(world.seed, "company roles")
    refs = sorted(set(rows.true_ref))
    where = {ref: n for n, ref in reversed(list(enumerate(rows.true_ref)))}
    auditors = max(4, len(refs) // 60)
    people = 10_000
    found: list[tuple[str, str, str, int, int | None]] = []
    boards: dict[str, list[str]] = {}
    for ref in refs:
        since = rows.registered[where[ref]]
        size = 1 + int(rng.integers(0, 3))
        group = [int(rng.integers(0, people)) if rng.random() < 0.03 else people + len(found) + k for k in range(size)]
        boards[ref] = [f"R{(n * 7_919 + 13) % 10**7:07d}" for n in group]
        for place, person in enumerate(boards[ref]):
            left = since + int(rng.integers(300, 4000)) if rng.random() < 0.08 else None
            found.append((ref, person, "board" if place else "ceo", since, left))
        if rng.random() < 0.6:
            found.append((ref, f"R{9_000_000 + int(rng.integers(0, auditors)):07d}", "auditor", since, None))
    providers = org_numbers("limited", world.providers.serial)
    if world.providers.phoenix_of >= 0:
        new, old = providers[world.providers.phoenix_of], providers[world.providers.excluded]
        since = int(world.providers.from_day[world.providers.phoenix_of]) - 60
        found.append((new, boards[old][0], "beneficial_owner", since, None))
    return pl.DataFrame({
        "org_no": [r[0] for r in found], "person_ref": [r[1] for r in found], "role": [r[2] for r in found],
        "valid_from": days(np.array([r[3] for r in found])),
        "valid_to": days(np.array([2**30 if r[4] is None else r[4] for r in found])),
    }).sort("org_no", "person_ref", "role")  # fmt: skip


def permits(ledger: Ledger) -> pl.DataFrame:
    """Return `permits` of private care providers; an excluded provider's is revoked when it leaves."""
    world = ledger.world
    providers = world.providers
    refs = org_numbers("limited", providers.serial)
    private = np.flatnonzero(~providers.in_house)
    revoked = private == providers.excluded
    until = np.where(revoked, providers.to_day[private], 2**30)
    return pl.DataFrame({
        "permit_id": [f"T{3000 + n}" for n in private.tolist()], "org_no": [refs[n] for n in private],
        "service": ["home_care"] * len(private), "valid_from": days(providers.from_day[private] - 45),
        "valid_to": days(until), "status": np.where(revoked, "revoked", "valid"),
        "status_date": days(np.where(revoked, providers.to_day[private], providers.from_day[private] - 45)),
    })  # fmt: skip


def exclusions(ledger: Ledger, roles: pl.DataFrame) -> pl.DataFrame:
    """Return `exclusions`: the provider whose contract was ended, and the people behind it."""
    world = ledger.world
    kinds = {
        "org_no": pl.String,
        "person_ref": pl.String,
        "reason": pl.String,
        "decided_date": pl.Date,
        "source": pl.String,
    }
    if world.providers.excluded < 0:
        return pl.DataFrame(schema=kinds)
    ref = org_numbers("limited", world.providers.serial)[world.providers.excluded]
    when = day_date(int(world.providers.to_day[world.providers.excluded]))
    board = roles.filter((pl.col("org_no") == ref) & pl.col("role").is_in(["ceo", "board"]))["person_ref"].to_list()
    rows = [(ref, None, "Hävt avtal, brister i utförandet", when, "own_decision")]
    rows += [(ref, person, "Företrädare vid hävning", when, "own_decision") for person in board]
    return pl.DataFrame(rows, schema=kinds, orient="row")
