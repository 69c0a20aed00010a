"""Every row of the month judged by its contract with pandas: which rules it breaks, with its key and kronor.

What columns state (required, values, readable) is read from the contracts as ours is; the rules written in SQL are stated
here again, one expression each. A rule that a contract has and this file lacks is refused.
"""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from fut.contract import Contract, load_contracts

SHAPE = ["table_name", "source_file", "source_line", "row_key", "rule", "severity", "amount_sek"]
MONTH = r"[0-9]{4}-(?:0[1-9]|1[0-2])"
FROM_CLOCK, TO_CLOCK = r"(?:[01]?[0-9]|2[0-3])[:.][0-5][0-9]", r"(?:[01]?[0-9]|2[0-4])[:.][0-5][0-9]"
HEADER = 2
LAST = pd.Timestamp("2200-01-01")
Test = Callable[[pd.DataFrame, pd.Timestamp], pd.Series]


def _outside(f: pd.DataFrame, least: float, most: float, *names: str) -> pd.Series:
    return ((f[list(names)] < least) | (f[list(names)] > most)).any(axis=1)


def _ends_first(f: pd.DataFrame, _: pd.Timestamp) -> pd.Series:
    return f["valid_to"] < f["valid_from"]


def _no_month(cells: pd.Series) -> pd.Series:
    return cells.notna() & ~cells.str.fullmatch(MONTH).fillna(True).astype(bool)


def _no_clock(f: pd.DataFrame, _: pd.Timestamp) -> pd.Series:
    wrong = f["from_time"].isna() != f["to_time"].isna()
    for name, clock in (("from_time", FROM_CLOCK), ("to_time", TO_CLOCK)):
        wrong |= f[name].notna() & ~f[name].str.fullmatch(clock).fillna(True).astype(bool)
    return wrong


def _two_homes(f: pd.DataFrame, _: pd.Timestamp) -> pd.Series:
    home = ["area", "building_ref", "x_m", "y_m"]
    again = f.loc[f["client_ref"].duplicated(keep=False), ["client_ref", "valid_from", "valid_to", *home]]
    again = again.assign(row=range(len(again)), valid_to=again["valid_to"].fillna(LAST))
    both = again.merge(again, on="client_ref", suffixes=("", "_b"))
    both = both[(both["row_b"] > both["row"]) & (both["valid_from_b"] <= both["valid_to"])]
    both = both[both["valid_from"] <= both["valid_to_b"]]
    moved = pd.DataFrame({c: (both[c] != both[f"{c}_b"]) & (both[c].notna() | both[f"{c}_b"].notna()) for c in home})
    return f["client_ref"].isin(both.loc[moved.any(axis=1), "client_ref"])


def _start(f: pd.DataFrame) -> pd.Series:
    return f["actual_start"].fillna(f["planned_start"])


def _ends_before_start(f: pd.DataFrame, _: pd.Timestamp) -> pd.Series:
    turned = (f["utc_offset_end"].fillna(0) - f["utc_offset_start"].fillna(0)) * pd.Timedelta(minutes=1)
    return f["actual_end"] - f["actual_start"] < turned


RULES: dict[str, dict[str, Test]] = {
    "absences": {"ends_before_start": lambda f, _: f["to_at"] < f["from_at"]},
    "carers": {
        "ends_before_start": lambda f, _: f["employed_to"] < f["employed_from"],
        "fte_looks_like_per_cent": lambda f, _: _outside(f, 0, 2, "fte"),
    },
    "clients": {"ends_before_start": _ends_first, "two_homes_at_once": _two_homes},
    "compensation_lines": {
        "month_not_a_month": lambda f, _: _no_month(f["service_month"]) | _no_month(f["booked_month"]),
        "booked_before_service": lambda f, _: f["booked_month"] < f["service_month"],
        "booked_after_delivery": lambda f, first: (
            f["booked_month"] > (first + pd.DateOffset(months=2)).strftime("%Y-%m")
        ),
        "amount_out_of_range": lambda f, _: f["amount_sek"].abs() >= 10_000_000,
        "minutes_out_of_range": lambda f, _: f["minutes"].abs() > 89280,
        "minutes_look_like_hours": lambda f, _: (
            (f["unit"] == "hour") & (f["quantity"] >= 0.1) & ((f["minutes"] - f["quantity"]).abs() <= 0.01)
        ),
    },
    "compensation_rules": {
        "ends_before_start": _ends_first,
        "share_out_of_range": lambda f, _: (
            _outside(f, 0, 1, "declined_share", "absence_share_day_1", "absence_share_later", "cohabitant_share")
            | _outside(f, 0, 5, "cap_share_of_granted")
            | _outside(f, 1, 5, "double_staffing_factor")
        ),
        "rounding_without_step": lambda f, _: (
            f["rounding"].isin(["nearest", "up"]) & _outside(f, 1, 60, "rounding_minutes")
        ),
        "minutes_out_of_range": lambda f, _: (
            _outside(f, 0, 1440, "minimum_minutes", "flat_minutes")
            | _outside(f, 0, 44640, "new_client_minutes")
            | (f["absence_days"] < 0)
        ),
    },
    "decisions": {
        "ends_before_start": _ends_first,
        "minutes_out_of_range": lambda f, _: _outside(f, 0, 44640, "minutes_per_month"),
        "minutes_look_like_hours": lambda f, _: f["minutes_per_month"].between(1, 4) & (f["service"] != "alarm"),
    },
    "month_closes": {"month_not_a_month": lambda f, _: _no_month(f["month"])},
    "orders": {"ends_before_start": _ends_first},
    "payroll_months": {
        "hours_out_of_range": lambda f, _: _outside(f, 0, 744, "paid_hours"),
        "month_not_a_month": lambda f, _: _no_month(f["month"]),
    },
    "providers": {"ends_before_start": _ends_first},
    "rates": {
        "ends_before_start": _ends_first,
        "price_out_of_range": lambda f, _: (f["price_sek"] < 0) | (f["price_sek"] >= 100_000),
        "price_looks_like_ore": lambda f, _: (f["unit"] == "hour") & (f["price_sek"] >= 10_000),
        "window_not_a_clock": _no_clock,
    },
    "visits": {
        "no_time_at_all": lambda f, _: _start(f).isna(),
        "time_out_of_range": lambda f, _: (
            (f[["planned_start", "actual_start"]] < pd.Timestamp("2000-01-01")).any(axis=1)
            | (f[["planned_start", "actual_start"]] > pd.Timestamp("2100-12-31")).any(axis=1)
        ),
        "performed_without_start": lambda f, _: (
            (f["status"] == "performed") & (f["actual_start"].isna() | f["actual_end"].isna())
        ),
        "ends_before_start": _ends_before_start,
        "longer_than_25_hours": lambda f, _: f["actual_end"] - f["actual_start"] > pd.Timedelta(hours=25),
        "billable_looks_like_hours": lambda f, _: (
            (f["billable_minutes"] > 0)
            & (f["billable_minutes"] < 5)
            & (f["actual_end"] - f["actual_start"] >= pd.Timedelta(minutes=15))
        ),
        "month_late": lambda f, first: _start(f) < first - pd.DateOffset(months=1),
        "month_early": lambda f, first: _start(f) > first + pd.offsets.MonthEnd() + pd.Timedelta(days=2),
    },
}
"""The failing rows of each table's written rules; the second argument is the first of the month of the file's name."""


def accepted(tables: dict[str, pd.DataFrame], broken: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the tables without the rows that break a rule whose breaking is an error."""
    errors = broken[broken["severity"] == "error"]
    lines = {str(name): rows["source_line"].unique() for name, rows in errors.groupby("table_name")}
    return tables | {name: tables[name].drop(index=line - HEADER) for name, line in lines.items()}


def judged(tables: dict[str, pd.DataFrame], inbox: Path) -> pd.DataFrame:
    """Return a row per failing row and rule."""
    stated = load_contracts("raw")
    found = [_broken(stated[name], frame, _file(inbox, name)) for name, frame in tables.items()]
    return pd.concat(found, ignore_index=True)


def _file(inbox: Path, table: str) -> Path:
    return next(path for path in sorted(inbox.iterdir()) if path.stem in (table, f"{table}_{path.stem[-7:]}"))


def _broken(contract: Contract, frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return the rules that rows of a table break; a rule that is not known here is a KeyError."""
    first = pd.to_datetime(path.stem[-7:], format="%Y-%m", errors="coerce")
    written, broken = RULES.get(contract.table, {}), {}
    for c in contract.columns:
        if c.name not in frame:
            continue
        is_text = isinstance(frame[c.name].dtype, pd.StringDtype)
        assert is_text == (c.physical_type == "VARCHAR"), f"{c.name}: unreadable cells are not in the pandas version"
        if c.required:
            broken[f"missing:{c.name}"] = frame[c.name].isna()
        if values := c.said("values"):
            broken[f"value:{c.name}"] = frame[c.name].notna() & ~frame[c.name].isin(values)
    for name, _, _ in contract.row_rules():
        if ":" not in name:
            test = written[name]
            broken[name] = test(frame, first)
    weak = {name for name, severity, _ in contract.row_rules() if severity == "warning"}
    parts = [frame[test].assign(rule=name) for name, test in broken.items() if test.any()]
    if not parts:
        return pd.DataFrame(columns=SHAPE)
    rows = pd.concat(parts)
    key = [rows[name].astype("str").fillna("") for name in contract.key if name in frame]
    line = pd.Series(rows.index + HEADER, rows.index)
    return pd.DataFrame(
        {
            "table_name": contract.table,
            "source_file": path.name,
            "source_line": line,
            "row_key": key[0].str.cat(key[1:], sep="|") if key else line.astype("str"),
            "rule": rows["rule"],
            "severity": rows["rule"].isin(weak).map({True: "warning", False: "error"}),
            "amount_sek": rows[contract.amount] if contract.amount else float("nan"),
        }
    )
