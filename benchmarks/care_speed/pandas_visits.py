"""A month of home care read and typed with pandas: visits once each, in UTC, with the client's home."""

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.care_speed import CARE
from fut.contract import load_contracts
from fut.pseudonym import DEMO_KEY, Pseudonymiser

SOURCE = "speed"
UNREAD = ["manual_reason", "edited_by", "approved_at", "approved_by"]
HOME = ("x_m", "y_m", "building_ref", "household_ref", "area_type")
LAST = pd.Timestamp("2200-01-01")


def read(inbox: Path) -> dict[str, pd.DataFrame]:
    """Return every table of the month: dates and numbers typed as the contracts say, persons under their tokens."""
    stated, pseudonyms, found = load_contracts("raw"), Pseudonymiser(DEMO_KEY), {}
    known: dict[str, dict[str, str]] = {}
    for table in CARE:
        columns = {column.name: column for column in stated[table].columns}
        path = next(path for path in sorted(inbox.iterdir()) if path.stem in (table, f"{table}_{path.stem[-7:]}"))
        header = pd.read_csv(path, nrows=0).columns
        kinds = {name: columns[name].physical_type for name in header if name in columns}
        dates = [name for name, kind in kinds.items() if kind in ("DATE", "TIMESTAMP")]
        texts = {name: "str" for name, kind in kinds.items() if kind == "VARCHAR"}
        frame = pd.read_csv(path, dtype=texts, parse_dates=dates, date_format="ISO8601")
        for name in kinds:
            if kind := columns[name].said("pseudonym"):
                tokens = known.setdefault(str(kind), {})
                method = pseudonyms.method(str(kind), SOURCE)
                tokens |= {cell: method(cell) for cell in frame[name].dropna().unique() if cell not in tokens}
                frame[name] = frame[name].map(tokens).astype("str")
        found[table] = frame
    return found


def visits(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the accepted visits, one row each, ordered by visit_id."""
    v = tables["visits"].drop(columns=UNREAD, errors="ignore")
    copies = v.groupby("visit_id")["visit_id"].transform("size")
    v = v.assign(deliveries=copies, visit_date=v["actual_start"].fillna(v["planned_start"]).dt.normalize())
    v = v.drop_duplicates("visit_id", keep="last")
    start, end = (_utc(v[f"actual_{side}"], v[f"utc_offset_{side}"]) for side in ("start", "end"))
    is_timed = (v["status"] == "performed") & (end >= start)
    v = v.assign(
        start_utc=start.where(is_timed),
        end_utc=end.where(is_timed),
        service_month=v["visit_date"].dt.strftime("%Y-%m"),
        registered_minutes=_minutes(start, end),
        planned_minutes=_minutes(v["planned_start"], v["planned_end"]),
        is_manual=v["start_method"].isin(["manual", "edited"]) | v["end_method"].isin(["manual", "edited"]),
    )
    homes = tables["clients"][["client_ref", "valid_from", *HOME]].sort_values("valid_from")
    v = pd.merge_asof(v.sort_values("visit_date"), homes, left_on="visit_date", right_on="valid_from", by="client_ref")
    v = v.drop(columns="valid_from").sort_values("visit_id").reset_index(drop=True)
    return v.assign(is_double_granted=_is_double(v, tables["decisions"]))


def _utc(local: pd.Series, offset: pd.Series) -> pd.Series:
    utc = local - pd.to_timedelta(offset, unit="m")
    rest = local.notna() & offset.isna()
    if rest.any():
        told = local[rest].dt.tz_localize("Europe/Stockholm", ambiguous=np.ones(rest.sum(), bool), nonexistent="NaT")
        utc[rest] = told.dt.tz_convert("UTC").dt.tz_localize(None)
    return utc


def _minutes(start: pd.Series, end: pd.Series) -> pd.Series:
    return ((end - start).dt.total_seconds().fillna(0).clip(lower=0) / 60).round(4)


def _is_double(v: pd.DataFrame, decisions: pd.DataFrame) -> pd.Series:
    key = ["client_ref", "service", "visit_date"]
    granted = decisions.loc[decisions["double_staffed"], ["client_ref", "service", "valid_from", "valid_to"]]
    days = v[key].drop_duplicates().merge(granted, on=["client_ref", "service"])
    days = days[days["visit_date"].between(days["valid_from"], days["valid_to"].fillna(LAST))][key].drop_duplicates()
    return v[key].merge(days, on=key, how="left", indicator=True)["_merge"].eq("both")
