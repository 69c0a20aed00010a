"""What lies next to a visit in time, with pandas: sort, running largest end, and a join of the flagged rows alone."""

import numpy as np
import pandas as pd

DAY = np.timedelta64(1, "D")


def neighbours(v: pd.DataFrame) -> pd.DataFrame:
    """Return each visit's predecessor with the same carer, less than a day before; `v` is in order of visit_id."""
    o = _ordered(v, "carer")
    previous = o.groupby("subject", sort=False)[["row", "end"]].shift()
    near = previous["row"].notna() & (previous["end"] > o["start"] - DAY)
    late, early = o.loc[near, "row"].to_numpy(), previous.loc[near, "row"].to_numpy(dtype=int)
    a, b = v.iloc[late].reset_index(drop=True), v.iloc[early].reset_index(drop=True)
    return pd.DataFrame(
        {
            "visit_id": a["visit_id"],
            "previous_id": b["visit_id"],
            "gap_minutes": ((a["start_utc"] - b["end_utc"]).dt.total_seconds() / 60).round(4),
            "distance_m": np.hypot(a["x_m"] - b["x_m"], a["y_m"] - b["y_m"]),
            "is_overlapping": o.loc[near, "is_overlapping"].to_numpy(),
            **_same(a, b),
        }
    )


def overlaps(v: pd.DataFrame, subject: str) -> pd.DataFrame:
    """Return every pair of a subject's visits that share time; `v` is in order of visit_id."""
    o = _ordered(v, subject)
    late = o[o["is_overlapping"]].assign(day=lambda f: f["start"].dt.normalize())
    early = o[o["subject"].isin(late["subject"])]
    first = early["start"].dt.normalize()
    days = ((early["end"].dt.normalize() - first) // DAY).to_numpy() + 1
    at = np.repeat(np.arange(len(early)), days)
    further = np.arange(len(at)) - np.repeat(np.cumsum(days) - days, days)
    early = early.iloc[at].assign(day=first.to_numpy()[at] + further * DAY)
    p = late.merge(early, on=["subject", "day"], suffixes=("", "_e"))
    is_before = (p["start_e"] < p["start"]) | ((p["start_e"] == p["start"]) & (p["row_e"] < p["row"]))
    p = p[(p["end_e"] > p["start"]) & is_before]
    until = np.minimum(p["end"].to_numpy(), p["end_e"].to_numpy())
    shared = until > p["start"].to_numpy()
    p, until = p[shared], until[shared]
    a, b = v.iloc[p["row"]].reset_index(drop=True), v.iloc[p["row_e"]].reset_index(drop=True)
    return pd.DataFrame(
        {
            "subject": subject,
            "visit_id": a["visit_id"],
            "other_id": b["visit_id"],
            "service_month": a["service_month"],
            "overlap_minutes": ((until - p["start"].to_numpy()) / np.timedelta64(1, "m")).round(4),
            "is_same_carer": a["carer_ref"] == b["carer_ref"],
            "is_pair": (a["pair_visit_id"] == b["visit_id"]) | (b["pair_visit_id"] == a["visit_id"]),
            **_same(a, b),
        }
    )


def _ordered(v: pd.DataFrame, subject: str) -> pd.DataFrame:
    rows = np.flatnonzero(v["start_utc"].notna() & v[f"{subject}_ref"].notna())
    codes = v[f"{subject}_ref"].iloc[rows].factorize()[0]
    start = v["start_utc"].to_numpy()[rows]
    order = np.lexsort((start, codes))
    rows = rows[order]
    o = pd.DataFrame(
        {"row": rows, "subject": codes[order], "start": start[order], "end": v["end_utc"].to_numpy()[rows]}
    )
    largest = o.groupby("subject", sort=False)["end"].cummax()
    before = largest.groupby(o["subject"], sort=False).shift()
    return o.assign(is_overlapping=before > o["start"])


def _same(a: pd.DataFrame, b: pd.DataFrame) -> dict[str, pd.Series]:
    names = {
        "client": "client_ref",
        "provider": "provider_id",
        "building": "building_ref",
        "household": "household_ref",
    }
    return {f"is_same_{name}": a[column] == b[column] for name, column in names.items()}
