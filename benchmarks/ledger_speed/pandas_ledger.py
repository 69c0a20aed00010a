"""Read and judge monthly CSV files with pandas: vectorised, one read_csv per file, money in integer pence."""

import gzip
import io
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from fut.dialect import Dialect, dialect
from fut.pseudonym import DEMO_KEY, MAY_HOLD, Pseudonymiser

TEXTS = (
    "buyer_id", "voucher_no", "invoice_no", "supplier_name", "supplier_ref", "department", "account_text", "account_no",
)  # fmt: skip
NUMBERS = ("buyer_id", "voucher_no", "invoice_no", "supplier_ref", "account_no")
PSEUDONYMS = {"supplier_name": "text", "supplier_ref": "org", "invoice_no": "number", "voucher_no": "number"}
CUT = ("buyer_id", "invoice_no")
AMOUNT = re.compile(r"-?£?(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)?(?:\.[0-9]+)?")
NOTHING = "[-+]?[0-9](?:[.,][0-9]+)?[eE]-(?:0?[4-9]|[1-9][0-9]+)"
TOTALS = "^(?:grand )?(?:total|totalt|summa|delsumma|totalsumma)[ :]*$"


def read(files: list[Path], name: str) -> pd.DataFrame:
    """Return the typed rows of all files in the named dialect, blank ones left out, with file, line and booked_month."""
    spoken = dialect(name)
    rows = pd.concat([_one(path, spoken) for path in files], ignore_index=True)
    for name in (*TEXTS, "booking_date", "amount"):
        cells = rows[name].str.strip()
        rows[name] = cells.mask(cells.isin(["", *spoken.empty]))
    required = rows[["voucher_no", "supplier_name", "account_no", "amount"]]
    rows = rows[required.notna().any(axis=1)].reset_index(drop=True)
    for name, patterns in spoken.hidden.items():
        hidden = rows[name].str.fullmatch("|".join(f"(?:{p.removeprefix('(?i)')})" for p in patterns), case=False)
        rows[name] = rows[name].mask(hidden.fillna(False).astype(bool), "*" if name == "supplier_name" else pd.NA)
    for name in NUMBERS:
        cells = rows[name]
        if name in CUT:
            cells = cells.mask(cells.str.fullmatch(r"[-+]?[0-9][.,][0-9]+[eE][+][0-9]+").fillna(False).astype(bool))
        rows[name] = cells.str.replace(r"^(\d+)[.,]0+$", r"\1", regex=True)
    for name, copied in spoken.copies.items():
        rows[name] = rows[name].fillna(rows[copied])
    rows["pence"] = _pence(rows.pop("amount").str.replace(spoken.decimal, "."))
    rows["booking_date"] = _dates(rows["booking_date"])
    begins = pd.to_datetime(rows["booked_month"] + "-01")
    period_end = begins.where(~rows["is_to_the_day"], begins + pd.offsets.MonthEnd(0))
    rows["period_end"] = period_end.astype("datetime64[s]")
    rows["booking_date"] = rows["booking_date"].fillna(rows["period_end"])
    return _pseudonymised(rows)


def judge(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the contract's failing rows: source_file, line and rule."""
    days = rows["booking_date"]
    failing = {
        **{f"missing:{name}": rows[name].isna() for name in ("voucher_no", "supplier_name", "account_no")},
        "missing:amount_sek": rows["pence"].isna(),
        "missing:booking_date": days.isna(),
        "booking_date_out_of_range": (days < "1990-01-01") | (days > "2100-12-31"),
        "booked_after_delivery": days > rows["period_end"] + pd.Timedelta(days=62),
        "amount_out_of_range": rows["pence"].abs().ge(10**12).fillna(False),
        "in_own_months_file_too": _repeated(rows),
        "total_row_as_posting": rows["supplier_name"].str.lower().str.match(TOTALS).fillna(False).astype(bool),
    }
    found = [rows.loc[mask, ["source_file", "line"]].assign(rule=rule) for rule, mask in failing.items() if mask.any()]
    return pd.concat(found) if found else pd.DataFrame({"source_file": [], "line": [], "rule": []})


def _repeated(rows: pd.DataFrame) -> pd.Series:
    """Return which rows booked in another month than their file's stand in that month's own file too."""
    keys = [
        "voucher_no",
        "supplier_name",
        "supplier_ref",
        "account_no",
        "pence",
        "booking_date",
        "invoice_no",
        "department",
    ]
    begins = pd.to_datetime(rows["booked_month"] + "-01")
    is_own = rows["booking_date"].between(begins, begins + pd.offsets.MonthEnd(0))
    strays = rows.loc[~is_own & rows["voucher_no"].notna(), ["source_file", *keys]]
    own = rows.loc[is_own & rows["booking_date"].isin(strays["booking_date"]), keys]
    strays["nth"] = strays.groupby(["source_file", *keys], dropna=False).cumcount() + 1
    known = own.groupby(keys, dropna=False).size().rename("n").reset_index()
    found = strays.reset_index().merge(known, on=keys).query("nth <= n")["index"]
    return pd.Series(rows.index.isin(found), index=rows.index)


def files(rows: pd.DataFrame, failing: pd.DataFrame) -> pd.DataFrame:
    """Return rows and pence in and in quarantine by file."""
    bad = rows.merge(failing[["source_file", "line"]].drop_duplicates(), on=["source_file", "line"])
    given = rows.groupby("source_file").agg(rows_in=("line", "size"), pence_in=("pence", "sum"))
    out = bad.groupby("source_file").agg(rows_quarantine=("line", "size"), pence_quarantine=("pence", "sum"))
    return given.join(out).fillna(0).astype("int64").reset_index()


def _one(path: Path, spoken: Dialect) -> pd.DataFrame:
    raw = path.read_bytes()
    raw = gzip.decompress(raw) if path.suffix == ".gz" else raw
    try:
        raw.decode(encoding := "utf-8-sig")
    except UnicodeDecodeError:
        encoding = "cp1252"
    table = pd.read_csv(
        io.BytesIO(raw), dtype="str", keep_default_na=False, skip_blank_lines=False, encoding=encoding,
        index_col=False, sep=spoken.delimiter,
    )  # fmt: skip
    headers = {" ".join(header.split()).lower(): header for header in table.columns}
    aliases = [(name, known.lower()) for name, names in spoken.columns.items() for known in names]
    wanted = {headers[known]: name for name, known in aliases if known in headers}
    table = table[list(wanted)].rename(columns=wanted).rename(columns={"amount_sek": "amount"})
    table = table.assign(**{name: text for name, text in spoken.constants.items() if name in TEXTS})
    absent = [name for name in (*TEXTS, "booking_date") if name not in table]
    month = re.fullmatch(spoken.file_pattern, path.name)
    assert month is not None
    return table.assign(
        is_to_the_day="booking_date" in table, **dict.fromkeys(absent, ""), source_file=path.name, line=np.arange(2, len(table) + 2),
        booked_month=f"{month['year']}-{month['month']}",
    )  # fmt: skip


def _pence(cells: pd.Series) -> pd.Series:
    readable = cells.where(cells.str.fullmatch(AMOUNT.pattern).fillna(False).astype(bool))
    plain = readable.str.replace("[£,]", "", regex=True)
    pence = pd.to_numeric(plain).mul(100).round().astype("Int64")
    fine = plain[plain.str.contains(r"\.[0-9]{3}", regex=True).fillna(False).astype(bool)]
    pence[fine.index] = [int((Decimal(text) * 100).to_integral_value(ROUND_HALF_UP)) for text in fine]
    return pence.mask(cells.str.fullmatch(NOTHING).fillna(False).astype(bool), 0)


def _dates(cells: pd.Series) -> pd.Series:
    days = pd.to_datetime(cells.str.slice(0, 10), format="%d/%m/%Y", errors="coerce")
    return days.fillna(pd.to_datetime(cells.str.slice(0, 10), format="%Y-%m-%d", errors="coerce"))


def _pseudonymised(rows: pd.DataFrame) -> pd.DataFrame:
    pseudonyms = Pseudonymiser(DEMO_KEY)
    for name, kind in PSEUDONYMS.items():
        known = pd.Series(rows[name].dropna().unique())
        if kind in MAY_HOLD:
            known = known[known.str.contains(MAY_HOLD[kind], regex=True)]
        if changed := pseudonyms.map_distinct(sorted(known), pseudonyms.method(kind, "ledger")):
            rows[name] = rows[name].replace(changed)
    return rows
