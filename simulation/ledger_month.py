"""One month of the supplier ledger, written and labelled."""

import numpy as np
import polars as pl

from simulation import ledger_errors
from simulation.actors import supplier_acts
from simulation.calendar import DAY, Month
from simulation.care_month import ProviderInvoice
from simulation.fraud import typologies
from simulation.identity import accounts, addresses, org_numbers, phones
from simulation.ledger import Ledger, open_ledger
from simulation.organisation import DEPARTMENTS
from simulation.postings import approvals, invoice_lines, postings
from simulation.streams import stream
from simulation.suppliers import CARE
from simulation.truth import Truth
from simulation.world import World
from simulation.writer import Writer

_CARE_SERIAL, _PHOENIX_FIELDS = 900_000, ("account", "phone", "address")
_RECENT_MONTHS = 2


def start_ledger(world: World, provider_names: list[str], honest: bool) -> Ledger:
    """Return the ledger with care providers, a realistic register, and the companies fraud needs."""
    ledger = open_ledger(world)
    _add_providers(ledger, provider_names)
    if not honest:
        acts = supplier_acts(world.p.frauds, len(ledger.suppliers), len(world.horizon), world.difficulty, world.seed)
        world.acts += acts
        for act in acts:
            typologies()[act.typology].suppliers(ledger, act, stream(world.seed, "supplier act", act.number))
    if world.errors:
        ledger_errors.spoil_register(ledger)
    return ledger


def _add_providers(ledger: Ledger, provider_names: list[str]) -> None:
    """Register the private care providers; a phoenix shares what the difficulty lets it share."""
    world, found = ledger.world, ledger.suppliers
    rng = stream(world.seed, "provider suppliers")
    count = len(provider_names)
    serial = _CARE_SERIAL + np.arange(count)
    refs = org_numbers("limited", world.providers.serial)
    accs, tels, adds = accounts(np.full(count, "bankgiro"), serial), phones(serial), addresses(rng, count)
    units = np.flatnonzero(ledger.org.department == DEPARTMENTS.index("Vård och omsorg"))
    for n in range(count):
        if world.providers.in_house[n]:
            continue
        found.add(
            ref=refs[n], true_ref=refs[n], name=provider_names[n], address=adds[n], phone=tels[n], account=accs[n],
            account_kind="bankgiro", category=CARE, created=int(world.providers.from_day[n]) - 20, one_time=False,
            rate=0.0, unit=int(units[n % len(units)]), fixed_ore=0, factor=1.0, price_ore=0, contract=True,
            next_no=1, step=1, style=0, only_month=-1, registered=int(world.providers.from_day[n]) - 400,
        )  # fmt: skip
    new, old = world.providers.phoenix_of, world.providers.excluded
    if new >= 0:
        where = {ref: n for n, ref in enumerate(found.true_ref)}
        shared = int(world.p.frauds.t28_shared.at(world.difficulty)) - 1  # the person is always shared
        for field in _PHOENIX_FIELDS[:shared]:
            getattr(found, field)[where[refs[new]]] = getattr(found, field)[where[refs[old]]]
        found.registered[where[refs[new]]] = int(world.providers.from_day[new]) - 90


def ledger_month(
    ledger: Ledger, month: Month, care: list[ProviderInvoice], writer: Writer, truth: Truth
) -> pl.DataFrame:
    """Write `ap_postings`, `approvals`, `invoice_lines` of a month, label their errors; return its invoices."""
    world = ledger.world
    ledger_errors.apply_changes(ledger, month)
    extra = [_care_invoice(ledger, invoice) for invoice in care]
    acts = [act for act in world.acts if act.number >= 1000]
    for act in acts:
        hook = getattr(typologies()[act.typology], "invoices", None)
        strength = act.strength(month, world.p.frauds.adapted_factor)
        if hook and strength > 0:
            extra += hook(ledger, month, act, strength, stream(world.seed, act.typology, act.number, month.key))
    rows = ledger.month(month, extra)
    for act in acts:
        hook = getattr(typologies()[act.typology], "adjust", None)
        strength = act.strength(month, world.p.frauds.adapted_factor)
        if hook and strength > 0:
            rows = hook(ledger, month, rows, act, strength, stream(world.seed, act.typology, act.number, month.key))
    if world.errors:
        rows = ledger_errors.slip(ledger, month, rows)
        ledger_errors.follow_up(ledger, month, rows)
    _remember(ledger, month, rows, acts)
    writer.write("ap_postings", postings(ledger, month, rows), month.name)
    writer.write("approvals", approvals(ledger, month, rows), month.name)
    writer.write("invoice_lines", invoice_lines(ledger, rows), month.name)
    wrong = rows.filter(pl.col("cause") > 0)
    truth.extend(wrong.select(
        entity_type=pl.lit("invoice"), entity_id="invoice_id", payment_id="payment_id", cause_number="cause",
        service_month=pl.lit(month.name), error_ore="error_ore",
    ))  # fmt: skip
    for invoice, why in rows.filter(pl.col("why").is_not_null()).select("invoice_id", "why").iter_rows():
        truth.harmless("invoice", [invoice], why)
    return rows


def _care_invoice(ledger: Ledger, invoice: ProviderInvoice) -> dict[str, object]:
    """Return the ledger row that pays a provider's compensation lines of one service month."""
    world = ledger.world
    ref = org_numbers("limited", world.providers.serial[[invoice.provider]])[0]
    supplier = ledger.suppliers.true_ref.index(ref)
    booked = world.horizon[invoice.booked].last
    key = invoice.service_month.replace("-", "")
    name = world.providers.ids[invoice.provider]
    return ledger.defaults(
        supplier, booked, invoice.amount_ore, stream(world.seed, "care invoice", invoice.provider, int(key)),
        number=f"HT-{key}", invoice_day=booked, entered=(booked + 8) * DAY + 540, vat_bp=0, postings=3,
        channel="self_billing", terms=25, invoice_id=f"HT{name}{key}", payment_id=f"BHT{name}{key}",
        text=f"Hemtjänst {invoice.service_month}", service_month=invoice.service_month,
    )  # fmt: skip


def _remember(ledger: Ledger, month: Month, rows: pl.DataFrame, acts: list) -> None:
    """Keep the last two months' invoices of suppliers that send them twice."""
    subjects = [act.subject for act in acts if act.typology == "T36"]
    since = month.first - 31 * (_RECENT_MONTHS - 1)
    for supplier in subjects:
        kept = [row for row in ledger.recent.get(supplier, []) if row["booked"] >= since]
        ledger.recent[supplier] = kept + rows.filter(pl.col("supplier") == supplier).to_dicts()


def label_suppliers(ledger: Ledger, truth: Truth) -> None:
    """Label the suppliers behind fraud, and those who only look odd."""
    codes, world = ledger.suppliers.codes(), ledger.world
    for act in world.acts:
        if act.number >= 1000:
            truth.label("supplier", codes[act.subject], act.typology, world.horizon[max(act.onset, 0)].name)
    for supplier, why in ledger.suppliers.innocent:
        truth.harmless("supplier", [codes[supplier]], why)
