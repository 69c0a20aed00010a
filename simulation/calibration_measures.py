"""Figures of a simulated delivery that published figures exist for."""

from pathlib import Path
from typing import Any

import polars as pl

from fut.identity import parse_org_no
from simulation.recompute import read

_LENGTH = (pl.col("actual_end") - pl.col("actual_start")).dt.total_minutes()


def care_figures(inbox: Path, visits: pl.DataFrame, scale: float) -> dict[str, float]:
    """Return home-care figures by name; `scale` is inhabitants / 100,000."""
    done = visits.filter(pl.col("status") == "performed").with_columns(
        minutes=_LENGTH, day=pl.col("actual_start").dt.date()
    )
    done = done.with_columns(month=pl.col("actual_start").dt.strftime("%Y-%m"))
    months = done["month"].n_unique()
    lines = read(inbox, "compensation_lines")
    hours = done.group_by("client_ref", "month").agg(pl.col("minutes").sum() / 60)["minutes"]
    quantile = {f"visit_p{q}": float(done["minutes"].quantile(q / 100, "linear") or 0) for q in (5, 25, 50, 75, 95, 99)}
    shift = done.group_by("carer_ref", pl.col("actual_start").dt.offset_by("-5h").dt.date()).len()["len"]
    clients = read(inbox, "orders").join(read(inbox, "providers"), on="provider_id")
    care = clients.join(read(inbox, "decisions").select("decision_id", "service"), on="decision_id").filter(
        pl.col("service") == "care"
    )
    rate = dict(done.group_by(pl.col("day").dt.weekday()).agg(pl.len() / pl.col("day").n_unique()).iter_rows())
    weekend, week = (rate.get(6, 0) + rate.get(7, 0)) / 2, sum(rate.get(n, 0) for n in range(1, 6)) / 5
    total_hours = _number(done["minutes"].sum()) / 60
    paid_hours = _number(read(inbox, "payroll_months")["paid_hours"].sum())
    hour = done["actual_start"].dt.hour()
    figures = {
        "performed_visits_per_100k": done.height / months / scale,
        "hours_per_100k": total_hours / months / scale,
        "compensation_per_100k": _number(lines["amount_sek"].sum()) / 1e6 / months / scale,
        "visit_mean": done["minutes"].mean(),
        "visits_under_10_minutes": (done["minutes"] < 10).mean(),
        "visits_over_60_minutes": (done["minutes"] > 60).mean(),
        "hours_per_client": hours.mean(),
        "clients_under_10_hours": (hours < 10).mean(),
        "clients_over_80_hours": (hours > 80).mean(),
        "visits_per_client_day": done.height / done.group_by("client_ref", "month").len().height / 30.4,
        "starts_at_08": (hour == 8).mean(),
        "starts_at_12": (hour == 12).mean(),
        "starts_at_20": (hour == 20).mean(),
        "visits_per_shift": shift.mean(),
        "client_time_of_paid_time": total_hours / max(paid_hours, 1.0),
        "carers_per_client_14_days": _continuity(done),
        "carers_per_100k": _number(done.group_by("month").agg(pl.col("carer_ref").n_unique())["carer_ref"].mean())
        / scale,
        "in_house_clients": (care["regime"] == "in_house").mean(),
        "performed_of_granted": _performed_of_granted(inbox, done),
        "weekend_of_weekday_visits": weekend / max(week, 1e-9),
    }
    return quantile | {name: _number(value) for name, value in figures.items()}


def _number(value: Any) -> float:
    """Return a figure as a float; 0 where there was nothing to measure."""
    return 0.0 if value is None else float(value)


def _continuity(done: pl.DataFrame) -> float:
    """Return mean carers per client in a 14-day period, clients with two visits a day or more."""
    start = done["day"].min()
    period = done.filter(pl.col("day").is_between(start, pl.lit(start).dt.offset_by("13d")))
    found = period.group_by("client_ref").agg(pl.len().alias("n"), pl.col("carer_ref").n_unique().alias("carers"))
    return _number(found.filter(pl.col("n") >= 28)["carers"].mean())


def _performed_of_granted(inbox: Path, done: pl.DataFrame) -> float:
    """Return performed care hours over granted ones, both for one carer, decisions weighted by days in force."""
    first, last = done["day"].min(), done["day"].max()
    granted = (
        read(inbox, "decisions")
        .filter(pl.col("service") == "care")
        .with_columns(
            begin=pl.max_horizontal("valid_from", pl.lit(first)), end=pl.min_horizontal("valid_to", pl.lit(last))
        )
        .filter(pl.col("begin") <= pl.col("end"))
    )
    days = (granted["end"] - granted["begin"]).dt.total_days() + 1
    factor = granted["double_staffed"].cast(pl.Int64) + 1
    total = _number((granted["minutes_per_month"] * factor * days).sum()) / 30.4
    return _number(done.filter(pl.col("service") == "care")["minutes"].sum()) / max(total, 1.0)


def provider_months(visits: pl.DataFrame) -> pl.DataFrame:
    """Return the habits of each provider and month with at least 200 visits, as shares of its performed visits."""
    done = visits.filter((pl.col("status") == "performed") & pl.col("actual_end").is_not_null())
    done = done.sort("provider_id", "carer_ref", "actual_start").with_columns(
        minutes=_LENGTH, planned=(pl.col("planned_end") - pl.col("planned_start")).dt.total_minutes(),
        reach=pl.col("actual_end").cum_max().shift(1).over("carer_ref"),
        other=pl.col("client_ref") != pl.col("client_ref").shift(1).over("carer_ref"),
        month=pl.col("actual_start").dt.strftime("%Y-%m"), shift=pl.col("actual_start").dt.offset_by("-5h").dt.date(),
    )  # fmt: skip
    home = ~pl.col("task").is_in(["shopping", "laundry", "walk", "escort"])
    shares = done.group_by("provider_id", "month").agg(
        visits=pl.len(),
        overlap_share=(pl.col("reach") > pl.col("actual_start")).fill_null(False).mean(),
        zero_gap_share=((pl.col("reach") == pl.col("actual_start")) & pl.col("other")).fill_null(False).mean(),
        manual_share=((pl.col("start_method") == "manual") & home).sum() / home.sum(),
        performed_of_planned=pl.col("minutes").filter(pl.col("planned").is_not_null()).sum() / pl.col("planned").sum(),
        equal_to_plan_share=(pl.col("minutes") == pl.col("planned")).mean(),
        off_site_share=((pl.col("distance_start_m") > 300) & home).fill_null(False).sum() / home.sum(),
    )
    spans = done.group_by("provider_id", "month", "carer_ref", "shift").agg(
        span=(pl.col("actual_end").max() - pl.col("actual_start").min()).dt.total_minutes()
    )
    long = spans.group_by("provider_id", "month").agg(long_day_share=(pl.col("span") > 570).mean())
    return shares.join(long, on=["provider_id", "month"]).filter(pl.col("visits") >= 200).sort("provider_id", "month")


def ledger_figures(inbox: Path, scale: float) -> dict[str, float]:
    """Return figures of the supplier ledger by name."""
    postings = read(inbox, "ap_postings").filter(pl.col("category") != "Hemtjänst")
    months = postings["booking_date"].dt.strftime("%Y-%m").n_unique()
    invoices = postings.group_by("invoice_id").agg(
        pl.col("amount_sek").sum().cast(pl.Float64), pl.col("supplier_id").first(), pl.col("channel").first(),
        pl.col("order_no").first(), pl.col("is_credit").first(),
    ).filter(pl.col("amount_sek") > 0)  # fmt: skip
    suppliers = read(inbox, "suppliers")
    wrong = [parse_org_no(ref).problem is not None for ref in suppliers["supplier_ref"]]
    single = invoices.group_by("supplier_id").len()["len"]
    figures = {
        "postings_per_100k": postings.height / months / scale,
        "suppliers_per_100k": suppliers.height / scale,
        "suppliers_with_one_invoice": (single == 1).mean(),
        "invoice_median": invoices["amount_sek"].median(),
        "purchases_per_100k": _number(postings["amount_sek"].sum()) / 1e6 / months * 12 / scale,
        "e_invoice_share": (invoices["channel"] == "e_invoice").mean(),
        "order_share": invoices["order_no"].is_not_null().mean(),
        "invalid_org_no_share": sum(wrong) / max(len(wrong), 1),
    }
    return {name: _number(value) for name, value in figures.items()}
