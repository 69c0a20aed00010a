"""What each indicator could test with pandas: rows and pence of every month, tested and not."""

from typing import Any

import numpy as np
import pandas as pd

from benchmarks.ledger_speed.pandas_windows import Column


def coverage(paid: pd.DataFrame, stated: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """Return rows and pence by indicator and month, from each one's scope: what is eligible, and what could be tested."""
    month, months = paid["booked_month"].factorize()
    pence, found = paid["pence"].to_numpy(), []
    for code, (eligible, testable) in _scopes(paid, pence, stated).items():
        counts = {}
        for name, mask in (("tested", eligible & testable), ("untested", eligible & ~testable)):
            counts[f"rows_{name}"] = np.bincount(month[mask], minlength=len(months))
            counts[f"pence_{name}"] = np.bincount(month[mask], pence[mask], len(months)).astype(np.int64)
        found.append(pd.DataFrame({"indicator": code, "month": months} | counts))
    return pd.concat(found, ignore_index=True)


def _scopes(paid: pd.DataFrame, pence: Column, stated: dict[str, dict[str, Any]]) -> dict[str, tuple[Column, Column]]:
    live, payee, month = paid["is_live"].to_numpy(), paid["entity_no"].to_numpy(), paid["month"].to_numpy()
    known = live & ~paid["is_redacted"].to_numpy()
    unexpected, is_new = paid["rhythm"].isna().to_numpy(), (paid["same_amount_before"] == 0).to_numpy()
    every, day = np.ones(len(paid), dtype=bool), np.full(len(paid), paid["is_to_the_day"].any())
    invoice, reference, number = (paid[name].notna().to_numpy() for name in ("invoice_no", "ref_clean", "ref_number"))
    unit = (paid["buyer_id"].notna() | paid["department"].notna()).to_numpy()
    kind = (paid["account_text"].notna() | paid["account_no"].notna()).to_numpy()
    long = paid["ref_clean"].str.count("[0-9]").ge(stated["SP41"]["least_digits"]).fillna(False).to_numpy(dtype=bool)
    large = pence >= stated["SP21"]["unit_sek"] * 100
    first = np.full(payee.max() + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, payee[known], month[known])

    def of_payee(mask: Column, least: int) -> Column:
        return (np.bincount(payee[mask], minlength=len(first)) >= least)[payee]

    amounts = is_new & live & (pence >= 1000)
    return {
        "SP01": (pence > 0, invoice & day),
        "SP02": (live, invoice),
        "SP03": (live, invoice),
        "SP04": (known, invoice & day),
        "SP05": (live, reference),
        "SP06": (known, reference),
        "SP07": (known, reference),
        "SP09": (live, reference & unit),
        "SP10": (live, reference),
        "SP18": (known, of_payee(live, stated["SP18"]["history"] + 1)),
        "SP21": (known & unexpected & large, of_payee(live & unexpected & large, stated["SP21"]["history"])),
        "SP27": (known, number),
        "SP30": (known & unexpected, day),
        "SP31": (known, every),
        "SP32": (known & (month == first[payee]), kind & (month >= month.min() + stated["SP32"]["warmup_months"])),
        "SP34": (known & amounts, of_payee(amounts, stated["SP34"]["amounts"])),
        "SP41": (known, long),
        "SP42": (known, number),
        "SP43": (known & unexpected, every),
    }
