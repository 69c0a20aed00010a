"""Invoices as the ledger exports them: postings, approvals, invoice lines."""

import numpy as np
import polars as pl

from simulation.calendar import DAY, Month
from simulation.identity import check_digits, municipality_org_no
from simulation.ledger import Ledger, payment_day
from simulation.organisation import DEPARTMENTS, ROLES
from simulation.settlement import days, minutes_to_datetime
from simulation.streams import stream
from simulation.writer import hundredths, sek

CARE_ACCOUNT = ("4610", "Köp av hemtjänst", "Hemtjänst")
_OTHER = ("6490", "Övriga varor och tjänster")
MUNICIPALITY_CODE, MUNICIPALITY_NAME = "9999", "Simuleringskommunen"


def postings(ledger: Ledger, month: Month, invoices: pl.DataFrame) -> pl.DataFrame:
    """Return `ap_postings` of the invoices booked in a month; postings of an invoice add up to it exactly."""
    world, rows, org = ledger.world, ledger.suppliers, ledger.org
    rng = stream(world.seed, "postings", month.key)
    categories = world.p.ledger.categories
    count = invoices["postings"].to_numpy()
    row = np.repeat(np.arange(len(count)), count)
    first = np.cumsum(count) - count
    weight = rng.exponential(1.0, len(row)) + 0.15
    total = np.add.reduceat(weight, first) if len(first) else np.zeros(0)
    share = np.cumsum(weight)
    share = (share - (share[first] - weight[first])[row]) / total[row]
    amount = invoices["amount_ore"].to_numpy()[row]
    reached = np.floor(amount * np.minimum(share, 1.0) + 1e-9).astype(np.int64)
    last = np.arange(len(row)) == (first + count - 1)[row]
    reached = np.where(last, amount, reached)
    is_first = np.arange(len(row)) == first[row]
    part = reached - np.where(is_first, 0, np.concatenate([[0], reached[:-1]]))
    category = invoices["category"].to_numpy()[row]
    other = (rng.random(len(row)) < 0.18) & ~is_first
    wrong = (rng.random(len(row)) < world.p.ledger_errors.wrong_account / 2) & world.errors & (category >= 0)
    use = np.where(wrong, rng.integers(0, len(categories), len(row)), category)
    use = np.where(other & ~wrong & (category >= 0), len(categories), np.where(category < 0, len(categories) + 1, use))
    numbers = pl.Series([c.account_no for c in categories] + [_OTHER[0], CARE_ACCOUNT[0]])
    texts = pl.Series([c.account_text for c in categories] + [_OTHER[1], CARE_ACCOUNT[1]])
    names = pl.Series([c.name for c in categories] + [_OTHER[1], CARE_ACCOUNT[2]])
    supplier = invoices["supplier"].to_numpy()
    codes = pl.Series(rows.codes())
    refs = pl.Series([ref or code for ref, code in zip(rows.ref, codes.to_list(), strict=True)])
    contracts = pl.Series([f"A{c[1:]}" if has else None for c, has in zip(codes.to_list(), rows.contract, strict=True)])
    booked, terms = invoices["booked"].to_numpy(), invoices["terms"].to_numpy()
    paid = payment_day(world, np.maximum(invoices["invoice_day"].to_numpy() + terms, booked + 1))
    vat = half_up_share(part, invoices["vat_bp"].to_numpy()[row])
    unit = invoices["unit"].to_numpy()
    head = invoices.select(
        "invoice_id",
        "payment_id",
        "channel",
        "order_no",
        "is_credit",
        "text",
        pl.col("number").alias("invoice_no"),
        pl.col("cancels").alias("cancels_invoice_id"),
        pl.col("account").alias("payee_account"),
        pl.col("account_kind").alias("payee_account_kind"),
    ).with_columns(
        voucher_no=pl.Series(
            [f"V{i[1:]}" if i[0] == "F" else f"V{i}" for i in invoices["invoice_id"].to_list()], dtype=pl.String
        ),
        supplier_name=pl.Series(rows.name).gather(supplier),
        supplier_ref=refs.gather(supplier),
        supplier_id=codes.gather(supplier),
        contract_id=contracts.gather(supplier),
        booking_date=days(booked),
        invoice_date=days(invoices["invoice_day"].to_numpy()),
        due_date=days(invoices["invoice_day"].to_numpy() + terms),
        payment_date=days(paid),
        department=pl.Series(DEPARTMENTS).gather(org.department[unit]),
        cost_centre=pl.Series([f"{1000 + 10 * n}" for n in range(len(org.department))]).gather(unit),
        created_by=pl.Series(org.user(np.arange(org.employees))).gather(invoices["clerk"].to_numpy()),
        entered_at=minutes_to_datetime(invoices["entered"].to_numpy()),
        ocr=_ocr(invoices["number"], supplier),
    )
    line = np.arange(len(row)) - first[row]
    frame = head[row].with_columns(
        buyer_id=pl.lit(municipality_org_no()),
        buyer_name=pl.lit(MUNICIPALITY_NAME),
        municipality_id=pl.lit(MUNICIPALITY_CODE),
        currency=pl.lit("SEK"),
        ground=pl.lit(None, pl.String),
        activity_code=pl.Series([f"{100 + 10 * (u % 40)}" for u in unit.tolist()])[row],
        account_no=numbers.gather(use),
        account_text=texts.gather(use),
        category=names.gather(np.where(category < 0, len(categories) + 1, category)),
        amount_ore=pl.Series(part),
        vat_ore=pl.Series(vat),
        _line=pl.Series(line),
        settled_date=pl.lit(None, pl.Date),
    )
    return frame.with_columns(
        posting_id=pl.format("{}-{}", "invoice_id", pl.col("_line") + 1),
        settled_date=pl.when("is_credit").then("payment_date"),
        amount_sek=sek("amount_ore"),
        vat_sek=sek("vat_ore"),
    ).select(COLUMNS)


COLUMNS = (
    "posting_id", "buyer_id", "buyer_name", "voucher_no", "supplier_name", "supplier_ref", "account_no",
    "account_text", "amount_sek", "booking_date", "department", "invoice_no", "ground", "contract_id",
    "municipality_id", "activity_code", "supplier_id", "invoice_id", "invoice_date", "due_date", "payment_date",
    "payment_id", "vat_sek", "payee_account", "payee_account_kind", "ocr", "currency", "cost_centre", "channel",
    "order_no", "is_credit", "cancels_invoice_id", "created_by", "entered_at", "settled_date", "category", "text",
)  # fmt: skip

INT64_DIGITS = 18


def half_up_share(amount: np.ndarray, share_bp: np.ndarray) -> np.ndarray:
    """Return amount x share in öre, half up in size, sign kept."""
    size = (2 * np.abs(amount) * share_bp + 10_000) // 20_000
    return np.where(amount < 0, -size, size)


def _ocr(numbers: pl.Series, supplier: np.ndarray) -> pl.Series:
    """Return payment references with length digit and check digit, where the supplier uses them and numbers allow."""
    number = pl.col("number")
    length = ((number.str.len_chars() + 2) % 10).cast(pl.String)
    frame = pl.DataFrame({"number": numbers, "uses": supplier % 10 < 6})
    body = frame.select(pl.when("uses", number.str.contains(r"^\d+$")).then(number + length)).to_series()
    digits = check_digits(body.fill_null("0").cast(pl.Int64).to_numpy(), INT64_DIGITS)
    return body + pl.Series(digits).cast(pl.String)


def approvals(ledger: Ledger, month: Month, invoices: pl.DataFrame) -> pl.DataFrame:
    """Return `approvals`: receipt by a clerk, decision by a manager; some by a substitute."""
    world, org = ledger.world, ledger.org
    rng = stream(world.seed, "approvals", month.key)
    errors = world.p.ledger_errors
    rows = invoices.filter(pl.col("cancels").is_null() & ~pl.col("invoice_id").str.starts_with("HT"))
    clerk, manager = rows["clerk"].to_numpy().copy(), rows["manager"].to_numpy()
    unit = rows["unit"].to_numpy()
    count = rows.height
    substitute = rng.random(count) < errors.substitute
    stand_in = org.managers[(unit + 1) % len(org.department), 0]
    decided_by = np.where(substitute & (org.role[manager] == 1), stand_in, manager)
    same = (rng.random(count) < errors.same_approver) & world.errors
    clerk = np.where(same, decided_by, clerk)
    received = rows["entered"].to_numpy() + rng.integers(20, DAY // 2, count)
    received = _office_hours(ledger, received, rng)
    decided = _office_hours(ledger, received + rng.integers(5, DAY, count), rng)
    latest = rows["booked"].to_numpy() * DAY + rng.integers(8 * 60, 16 * 60, count)
    decided = np.maximum(np.minimum(decided, latest), received + 3)
    limits = {role: amount for kind, role, amount, _ in world.p.ledger.limits if kind == "approval"}
    users = pl.Series(org.user(np.arange(org.employees)))
    limit = np.array([100 * limits.get(ROLES[r], 0) for r in range(len(ROLES))])
    frame = pl.DataFrame({
        "invoice_id": pl.concat([rows["invoice_id"], rows["invoice_id"]]),
        "step": ["receipt"] * count + ["decision"] * count,
        "user_ref": users.gather(np.concatenate([clerk, decided_by])),
        "approved_at": minutes_to_datetime(np.concatenate([received, decided])),
        "limit_ore": np.concatenate([np.zeros(count, np.int64), limit[org.role[decided_by]]]),
        "is_substitute": np.concatenate([np.zeros(count, bool), decided_by != manager]),
    })  # fmt: skip
    frame = frame.with_columns(limit_sek=sek("limit_ore")).with_columns(
        limit_sek=pl.when(pl.col("step") == "decision").then("limit_sek")
    )
    return frame.select("invoice_id", "step", "user_ref", "approved_at", "limit_sek", "is_substitute").sort(
        "invoice_id", "step", descending=[False, True]
    )


def _office_hours(ledger: Ledger, minute: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Move minutes outside 07-18 and outside working days to working time, apart from one in a hundred."""
    time = minute % DAY
    odd = rng.random(len(minute)) < 0.01
    inside = (time >= 7 * 60) & (time < 18 * 60)
    moved = np.where(inside | odd, minute, minute - time + 7 * 60 + rng.integers(0, 600, len(minute)))
    for _ in range(5):
        moved = np.where(ledger.world.days.free(moved // DAY) & ~odd, moved + DAY, moved)
    return moved


def invoice_lines(ledger: Ledger, invoices: pl.DataFrame) -> pl.DataFrame:
    """Return `invoice_lines` of invoices that bill hours: quantity times unit price is the amount."""
    rows = invoices.filter(pl.col("hours_centi") > 0)
    return rows.select(
        "invoice_id", line_no=pl.lit(1, pl.Int32), item=pl.lit("Timarvode"), quantity=hundredths(pl.col("hours_centi")),
        unit=pl.lit("hour"), unit_price_sek=sek("price_ore"), amount_sek=sek("amount_ore"),
    )  # fmt: skip
