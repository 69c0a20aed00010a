"""Payees, payments, netting and recurrence with pandas: the rules of `core` over again, vectorised."""

import hashlib
import re
import unicodedata
from collections.abc import Callable

import numpy as np
import pandas as pd

from core.netting import both, in_parts, match_credits, match_parts
from core.payees import COMPANY_FORMS, _numbers
from core.recurrence import GAP_CLASSES, HABIT_COUNT, HABIT_SHARE, SLOW

FIRSTS = (
    "supplier_key", "booked_month", "booking_date", "is_to_the_day", "buyer_id", "supplier_name", "voucher_no",
    "invoice_no",
)  # fmt: skip
_CLEANED = (
    (re.compile("[^A-Z0-9ÅÄÖ]+"), ""),
    (re.compile("([0-9])(?:RE|KR|COPY|KOPIA|DUP|P[AÅ]M)$"), r"\1"),
)
_ALIKE = str.maketrans("OILB", "0118")


def postings(rows: pd.DataFrame, failing: pd.DataFrame) -> pd.DataFrame:
    """Return the accepted rows with supplier_key and payment_id."""
    bad = pd.MultiIndex.from_frame(failing[["source_file", "line"]])
    kept = rows[~pd.MultiIndex.from_frame(rows[["source_file", "line"]]).isin(bad)] if len(bad) else rows
    names = kept["supplier_name"]
    by_name = "name:" + _mapped(names, name_key).fillna(names)
    unnumbered = by_name.mask(names == "*", "hidden:" + kept["voucher_no"])
    keyed = kept.assign(supplier_key=("ref:" + kept["supplier_ref"]).fillna(unnumbered))
    told = [keyed["supplier_key"], keyed["voucher_no"], keyed["invoice_no"].fillna("")]
    # between the two last signs stands the disbursement, which this ledger has not
    text = keyed["buyer_id"].fillna("").str.cat(told, sep="|") + "||" + keyed["booked_month"]
    return keyed.assign(payment_id=[hashlib.md5(t.encode(), usedforsecurity=False).hexdigest()[:20] for t in text])


def payees(posted: pd.DataFrame) -> pd.DataFrame:
    """Return one row per supplier_key: entity_key, name_key, is_redacted."""
    sizes = posted.groupby(["supplier_key", "supplier_ref", "supplier_name"], dropna=False).size()
    spelled = pd.DataFrame({"n": sizes}).reset_index()
    spelled["name_key"] = _mapped(spelled["supplier_name"], name_key)
    spelled["is_redacted"] = spelled["supplier_name"] == "*"
    best = spelled.sort_values(["n", "name_key"]).groupby("supplier_key").tail(1).set_index("supplier_key")["name_key"]
    grouped = spelled.groupby("supplier_key")
    found = pd.DataFrame({"number": grouped["supplier_ref"].max(), "is_redacted": grouped["is_redacted"].any()})
    found["name_key"] = best
    judged = _numbers(sorted(found["number"].dropna().unique()))
    org_no = pd.Series(judged["org_no"].to_list(), index=judged["number"].to_list(), dtype="str")
    found["org_no"] = found["number"].map(org_no).astype("str")
    long = found["name_key"].str.len().ge(5).fillna(False).astype(bool)
    owned = found[found["org_no"].notna() & ~found["is_redacted"] & long].groupby("name_key")["org_no"]
    owner = owned.min()[owned.nunique() == 1]
    keys = found.index.to_series()
    entity = keys.mask(long, "name:" + found["name_key"])
    by_owner = found["name_key"].map(owner).astype("str")
    entity = entity.mask(by_owner.notna(), "org:" + by_owner)
    entity = entity.mask(found["is_redacted"] | found["name_key"].isna(), keys)
    found["entity_key"] = entity.mask(found["org_no"].notna(), "org:" + found["org_no"])
    return found[["entity_key", "name_key", "is_redacted"]].reset_index()


def payments(posted: pd.DataFrame, payee: pd.DataFrame) -> pd.DataFrame:
    """Return one row per payment in order of time; nearly all are one posting, only the others are aggregated."""
    several = posted["payment_id"].duplicated(keep=False)
    rest = posted[several].assign(size=lambda d: d["pence"].abs())
    groups = rest.groupby("payment_id")
    whole = groups[list(FIRSTS)].min().assign(pence=groups["pence"].sum(), posting_count=groups.size())
    for columns in (["account_no", "account_text"], ["department"]):
        largest = rest.sort_values(["size", *columns]).groupby("payment_id").tail(1).set_index("payment_id")
        whole[columns] = largest[columns]
    names = ["payment_id", *FIRSTS, "pence", "account_no", "account_text", "department"]
    single = posted.loc[~several, names].assign(posting_count=1)
    paid = pd.concat([single, whole.reset_index()], ignore_index=True).merge(payee, on="supplier_key")
    paid["ref_clean"] = _mapped(paid["invoice_no"], _clean)
    last = paid["invoice_no"].str.extract(r"([0-9]{1,18})[^0-9]*$", expand=False)
    paid["ref_number"] = pd.to_numeric(last, dtype_backend="numpy_nullable").astype("Int64")
    paid["pence"] = paid["pence"].astype("int64")
    paid["month"] = paid["booked_month"].str.slice(0, 4).astype(int) * 12 + paid["booked_month"].str.slice(5).astype(
        int
    )
    paid = paid.sort_values(["month", "booking_date", "payment_id"], ignore_index=True)
    return paid.assign(entity_no=paid["entity_key"].factorize()[0])


def netting(paid: pd.DataFrame) -> pd.DataFrame:
    """Return the payments with netted_by, netted_month and is_live, matched as `core.netting` matches."""
    keyed = paid.assign(size=paid["pence"].abs(), is_credit=paid["pence"] < 0)
    credited = keyed.loc[keyed["is_credit"], ["entity_key", "size"]].drop_duplicates()
    rows = keyed.merge(credited, on=["entity_key", "size"])
    rows = rows.sort_values(["entity_key", "size", "booked_month", "booking_date", "is_credit", "payment_id"])
    given = zip(
        zip(rows["entity_key"], rows["size"], strict=True), rows["is_credit"], rows["booking_date"].dt.date,
        rows["booked_month"], rows["payment_id"], rows["ref_clean"].fillna(""), [""] * len(rows), [""] * len(rows),
        [False] * len(rows), strict=True,
    )  # fmt: skip
    named = ["payment_id", "netted_by", "netted_month"]
    pairs = both(match_credits(given))
    pairs = in_parts(pairs, _in_parts(paid.merge(pd.DataFrame(pairs, columns=named, dtype="str"), how="left")))
    paid = paid.merge(pd.DataFrame(pairs, columns=named, dtype="str"), on="payment_id", how="left")
    later = (paid["netted_month"] > paid["booked_month"]).fillna(False).astype(bool)
    paid["is_open"] = paid["netted_month"].isna() | later
    return paid.assign(is_live=paid["is_open"] & (paid["pence"] > 0)).sort_index()


def _in_parts(paid: pd.DataFrame) -> list[tuple[str, str, str]]:
    told = paid[(paid["pence"] != 0) & paid["ref_clean"].fillna("").ne("")]
    unmet = ~(told["netted_month"] <= told["booked_month"]).fillna(False).astype(bool)
    keys = told.loc[unmet & (told["pence"] < 0), ["entity_key", "ref_clean"]].drop_duplicates()
    rows = told.merge(keys, on=["entity_key", "ref_clean"])
    rows = rows.sort_values(["entity_key", "ref_clean", "booked_month", "booking_date", "payment_id"])
    rows["netted_month"] = rows["netted_month"].astype(object).where(rows["netted_month"].notna(), None)
    names = ["booked_month", "booking_date", "payment_id", "pence", "netted_month"]
    groups = rows.groupby(["entity_key", "ref_clean"], sort=False)[names]
    return [netted for _, rows in groups for netted in match_parts(list(rows.itertuples(index=False, name=None)))]


def recurrence(paid: pd.DataFrame) -> pd.DataFrame:
    """Return the payments with rhythm and the counts beside it."""
    day = ["month", "booking_date"]
    live = paid.loc[paid["is_live"], ["entity_no", "pence", *day]]
    like = live.groupby(["entity_no", "pence", *day])
    live = live.assign(
        copy_no=like.cumcount() + 1,
        copies_same_day=like["pence"].transform("size"),
        payee_month_count=live.groupby(["entity_no", "month"])["pence"].transform("size"),
    )
    days = like.size().rename("copies").reset_index()
    amount = days.groupby(["entity_no", "pence"])
    days["copies1"] = amount["copies"].shift()
    days["gap_days"] = (days["booking_date"] - amount["booking_date"].shift()).dt.days
    days["before"] = (amount["copies"].cumsum() - days["copies"]).where(days["gap_days"] <= 400, 0)
    days["class1"] = _class(days["gap_days"])
    before = days.groupby(["entity_no", "pence"])
    for lag in (2, 3, 4):
        days[f"class{lag}"] = before["class1"].shift(lag - 1).fillna(-1).astype(int)
    days["past1"] = _class((days["booking_date"] - before["booking_date"].shift(2)).dt.days)
    days["past2"] = days.groupby(["entity_no", "pence"])["past1"].shift().fillna(-1).astype(int)
    seen = days.groupby(["entity_no", *day]).size().rename("seen")
    fits = days[days["class1"] >= 0].groupby(["entity_no", "class1", *day]).size().rename("fits")
    seen = (seen.groupby(level=0).cumsum() - seen).reset_index()
    habit = (fits.groupby(level=[0, 1]).cumsum() - fits).reset_index().merge(seen, on=["entity_no", *day])
    joined = live.reset_index().merge(days, on=["entity_no", "pence", *day])
    joined = joined.merge(habit, on=["entity_no", "class1", *day], how="left").set_index("index")
    names = np.array([*GAP_CLASSES, "batch", None], dtype=object)
    class1, extra = joined["class1"], joined["copy_no"] > joined["copies1"]
    usual = (joined["seen"] >= HABIT_COUNT) & (joined["fits"] >= HABIT_SHARE * joined["seen"])
    slow = [list(GAP_CLASSES).index(name) for name in SLOW]
    past1, past2 = joined["past1"], joined["past2"]
    skips1 = past1.isin(slow) & (past1 == joined["class3"]) & (joined["class2"] != joined["class3"])
    skips2 = past2.isin(slow) & (past2 == class1) & (joined["class3"] != joined["class4"])
    plain = (class1 >= 0) & (class1 == joined["class2"])
    batch = (joined["copies1"] > 1) & (joined["copies"] > 1) & (joined["gap_days"] >= 5)
    rhythm = np.select(
        [extra, plain, skips1, skips2, (class1 >= 0) & usual, batch],
        [len(names) - 1, class1, past1, past2, class1, len(names) - 2],
        len(names) - 1,
    )
    paid["rhythm"] = pd.Series(names[rhythm], index=joined.index, dtype="str")
    paid["gap_days"] = joined["gap_days"].astype("Int64")
    paid["same_amount_before"] = joined["before"].astype("Int64")
    for name, otherwise in (("copies_same_day", 1), ("payee_month_count", 0), ("same_amount_before", 0)):
        paid[name] = (joined["before"] if name == "same_amount_before" else joined[name]).reindex(paid.index)
        paid[name] = paid[name].fillna(otherwise).astype("int64")
    return paid


def name_key(name: str) -> str | None:
    """Return a name without accents, signs and company form; None when nothing is left."""
    plain = "".join(c for c in unicodedata.normalize("NFD", name) if unicodedata.category(c) != "Mn").upper()
    plain = re.sub(f"( ({COMPANY_FORMS}))+ *$", "", re.sub("[^A-Z0-9]+", " ", plain))
    return re.sub("^(AB|HB|KB) ", "", plain).strip(" ") or None


def _clean(number: str) -> str | None:
    text = number.upper() if re.search("[0-9]", number) else ""
    for pattern, put in _CLEANED:
        text = pattern.sub(put, text)
    return text.translate(_ALIKE).lstrip("0") or None


def _mapped(cells: pd.Series, function: Callable[[str], str | None]) -> pd.Series:
    known = cells.dropna().unique()
    return cells.map(pd.Series([function(text) for text in known], index=known, dtype="str"))


def _class(gaps: pd.Series) -> pd.Series:
    cases = [gaps.between(low, high) for low, high in GAP_CLASSES.values()]
    return pd.Series(np.select(cases, range(len(cases)), -1), index=gaps.index)
