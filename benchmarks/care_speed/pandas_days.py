"""Visit-days and carer-months with pandas: the aggregates of `features.visit_day` and `features.carer_month`."""

import numpy as np
import pandas as pd

LINE = ["provider_id", "client_ref", "service", "service_month"]
DAY_KEYS = ["provider_id", "carer_ref", "visit_date", "month", "service_month"]
CARER_KEYS = ["provider_id", "carer_ref", "month", "service_month"]
SUMS = (
    "visits", "registered_minutes", "planned_minutes", "excess_minutes", "moves", "zero_gaps", "lacking_minutes",
    "carer_overlap_minutes", "client_overlap_minutes", "manual", "planned", "as_planned", "placed", "far", "recorded",
    "late", "rounded",
)  # fmt: skip
MINUTE = np.timedelta64(1, "m")


def placed(v: pd.DataFrame, lines: pd.DataFrame, months: list[str]) -> pd.DataFrame:
    """Return the timed visits of the months with `month`, in which their line was booked."""
    booked = lines.groupby(LINE)["booked_month"].min().rename("month").reset_index()
    v = v[v["start_utc"].notna() & v["carer_ref"].notna()].merge(booked, on=LINE, how="left")
    v["month"] = v["month"].fillna(v["service_month"])
    return v[v["month"].isin(months)]


def days(v: pd.DataFrame, near: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return one row per provider, carer, date and month, from placed visits, neighbours and overlaps."""
    v = v.merge(_moves(near), on="visit_id", how="left").merge(
        _shared(pairs), on=["visit_id", "service_month"], how="left"
    )
    registered, planned = v["registered_minutes"], v["planned_minutes"]
    lag = v["registered_at"].dt.floor("min") - v["actual_end"].dt.floor("min")
    v = v[[*DAY_KEYS, "start_utc", "end_utc"]].assign(
        visits=1.0,
        registered_minutes=registered,
        planned_minutes=planned,
        excess_minutes=(registered - planned - 15).clip(lower=0),
        moves=v["zero_gap"].notna(),
        zero_gaps=v["zero_gap"].fillna(0),
        lacking_minutes=v["lacking"].fillna(0),
        carer_overlap_minutes=v["carer"].fillna(0),
        client_overlap_minutes=v["client"].fillna(0) * ~v["is_double_granted"],
        manual=v["is_manual"],
        planned=v["planned_start"].notna(),
        as_planned=(v["actual_start"] == v["planned_start"]) & (registered == planned),
        placed=v["distance_start_m"].notna(),
        far=(v["distance_start_m"] > 500) & (v["distance_end_m"] > 500),
        recorded=v["registered_at"].notna(),
        late=lag > 1440 * MINUTE,
        rounded=np.floor(registered + 0.5) % 5 == 0,
        care=v["service"] == "care",
    )
    grouped = v.groupby(DAY_KEYS, sort=False)
    found = grouped[[*SUMS, "care"]].sum().astype(float)
    first, last = grouped["start_utc"].min().dt.floor("min"), grouped["end_utc"].max().dt.floor("min")
    found = found.assign(span_minutes=(last - first) / MINUTE).reset_index()
    week = np.where(found["visit_date"].dt.day_of_week > 4, "weekend", "weekday")
    kind = np.where(2 * found["care"] > found["visits"], " care", " other")
    return found.assign(peer_group=pd.Series(week) + pd.Series(kind)).drop(columns="care")


def carers(v: pd.DataFrame, day: pd.DataFrame, payroll: pd.DataFrame) -> pd.DataFrame:
    """Return one row per provider, carer and month, from placed visits and their days."""
    day = day.sort_values("visit_date", kind="stable")
    care = day["visits"].where(day["peer_group"].str.endswith(" care"), 0)
    day = day.assign(care=care, longest_day_minutes=day["span_minutes"].clip(upper=1440), days=1.0)
    grouped = day.groupby(CARER_KEYS, sort=False)
    found = grouped[[*SUMS, "care", "days"]].sum()
    found["longest_day_minutes"] = grouped["longest_day_minutes"].max()
    found["peer_group"] = np.where(found["care"] > found["visits"] / 2, "care", "other")
    run = day["visit_date"] - pd.to_timedelta(grouped.cumcount(), unit="D")
    runs = day.groupby([*CARER_KEYS, run.rename("run")], sort=False).size()
    found["run_days"] = runs.groupby(CARER_KEYS, sort=False).max().astype(float)
    return _paid(_spread(found.drop(columns="care"), v), payroll)


def _spread(found: pd.DataFrame, v: pd.DataFrame) -> pd.DataFrame:
    used = v[v["device_ref"].notna()]
    device = ["provider_id", "service_month", "month", "device_ref"]
    is_shared = used.groupby(device)["carer_ref"].transform("nunique") > 1
    clients = v.groupby([*CARER_KEYS, "client_ref"], sort=False).size().groupby(CARER_KEYS, sort=False)
    length = np.floor(v["registered_minutes"] + 0.5).rename("length")
    n = v.groupby([*CARER_KEYS, length], sort=False).size()
    p = n / n.groupby(CARER_KEYS, sort=False).transform("sum")
    found = found.assign(
        shared_device=is_shared.groupby([used[k] for k in CARER_KEYS], sort=False).sum(),
        on_device=used.groupby(CARER_KEYS, sort=False).size(),
        top_client=clients.max(),
        client_visits=clients.sum(),
        duration_entropy=(-p * np.log2(p)).groupby(CARER_KEYS, sort=False).sum(),
    )
    return found.fillna({"shared_device": 0, "on_device": 0})


def _paid(found: pd.DataFrame, payroll: pd.DataFrame) -> pd.DataFrame:
    paid = payroll.rename(columns={"month": "service_month"})
    hours = paid.groupby(["provider_id", "carer_ref", "service_month"])["paid_hours"].sum().reset_index()
    found = found.reset_index().merge(hours, on=["provider_id", "carer_ref", "service_month"], how="left")
    known = paid[["provider_id", "service_month"]].drop_duplicates().assign(is_known=True)
    found = found.merge(known, on=["provider_id", "service_month"], how="left")
    told = found["paid_hours"].fillna(0).where(found["is_known"].notna())
    return found.assign(paid_hours=told).drop(columns="is_known")


def _moves(near: pd.DataFrame) -> pd.DataFrame:
    gap = near["gap_minutes"]
    near = near[near["is_same_provider"] & ~near["is_same_building"] & ~near["is_same_client"] & (gap < 240)]
    gap = near["gap_minutes"]
    lacking = (near["distance_m"] / 833 - gap.clip(lower=0)).clip(lower=0).fillna(0)
    return pd.DataFrame({"visit_id": near["visit_id"], "zero_gap": gap.between(0, 1).astype(float), "lacking": lacking})


def _shared(pairs: pd.DataFrame) -> pd.DataFrame:
    by_carer = pairs["subject"] == "carer"
    told = np.where(by_carer, pairs["is_same_client"] | ~pairs["is_same_household"], ~pairs["is_same_carer"])
    pairs = pairs[told & ~pairs["is_pair"]]
    both = pd.concat([pairs, pairs.assign(visit_id=pairs["other_id"])])
    key = ["visit_id", "service_month"]
    summed = both.groupby([*key, "subject"])["overlap_minutes"].sum().unstack()
    return summed.reindex(columns=["carer", "client"]).reset_index()
