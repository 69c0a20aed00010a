"""A payee's year to date beside the same sums made one payment at a time."""

import random
from collections import Counter
from typing import Any

import duckdb
import pytest

from features import supplier_year
from fut.errors import UsageError
from fut.period import add_months, month_index, months_between

MONTHS = months_between("2024-03", "2026-04")


def drawn(seed: int) -> list[dict[str, Any]]:
    """Return payments and credits of twelve payees, some of them silent for months."""
    rng, rows = random.Random(seed), []
    for number in range(900):
        payee, amount = rng.randrange(12), rng.choice([500, 1000, 1000.5, 2000, -300])
        month = rng.choice(MONTHS[payee :: 1 + payee % 3])
        rows.append({
            "payment_id": f"p{number}", "booked_month": month, "entity_key": f"S{payee}", "amount_sek": amount,
            "department": rng.choice(["A", "B", None]), "category": rng.choice(["Goods", "Care", None]),
            "account_no": rng.choice(["4600", None]), "invoice_no": rng.choice(["F1", None]), "is_live": amount > 0,
            "is_expected": rng.random() < 0.2, "same_amount_before": rng.choice([0, 1]), "is_redacted": payee == 11,
            "is_one_time": False,
        })  # fmt: skip
    return rows


def by_hand(rows: list[dict[str, Any]], payee: str, month: str) -> dict[str, Any]:
    """Return the frame's row of a payee and month."""
    own = [row for row in rows if row["entity_key"] == payee and row["booked_month"] <= month]
    year = [row for row in own if row["booked_month"][:4] == month[:4]]
    paid = [row for row in year if row["amount_sek"] > 0]

    def since(first: int, last: int) -> float:
        months = {add_months(month, -back) for back in range(first, last)}
        return sum(row["amount_sek"] for row in own if row["booked_month"] in months and row["amount_sek"] > 0)

    kinds = Counter[tuple[str, str]]()
    for row in paid:
        kinds[row["booked_month"], row["category"] or row["account_no"] or ""] += row["amount_sek"]
    best = sorted(kinds.items(), key=lambda cell: (-cell[1], cell[0]))
    return {
        "peer_group": best[0][0][1] if best else "",
        "payment_count": len(paid),
        "credit_count": len(year) - len(paid),
        "total_sek": sum(row["amount_sek"] for row in paid),
        "largest_sek": max(row["amount_sek"] for row in year),
        "paid_months": len({row["booked_month"] for row in year}),
        "round_count": sum(row["amount_sek"] % 1000 == 0 for row in paid),
        "unnumbered_count": sum(row["invoice_no"] is None for row in paid),
        "repeated_count": sum(r["is_live"] and r["same_amount_before"] > 0 and not r["is_expected"] for r in paid),
        "department_squares": sum(n * n for n in Counter(row["department"] for row in paid).values()),
        "year_sek": since(0, 12),
        "year_before_sek": since(12, 24),
        "known_months": month_index(month) - min(month_index(row["booked_month"]) for row in own),
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_running_sums_are_those_made_one_payment_at_a_time(core: duckdb.DuckDBPyConnection, seed: int) -> None:
    rows = drawn(seed)
    core.execute("BEGIN")
    for row in rows:
        marks = ", ".join("?" for _ in row)
        core.execute(f"INSERT INTO core_payments ({', '.join(row)}) VALUES ({marks})", list(row.values()))
    found = supplier_year.history(core, MONTHS)
    core.execute("ROLLBACK")
    told = {(row.pop("entity_key"), row.pop("month")): row for row in found.to_dicts()}
    for (payee, month), row in told.items():
        expected = by_hand(rows, payee, month)
        assert {name: row[name] for name in expected} == pytest.approx(expected), (payee, month)
    seen = {(r["entity_key"], r["booked_month"]) for r in rows if not r["is_redacted"]}
    assert set(told) == {key for key in seen if by_hand(rows, *key)["payment_count"]}
    assert [*told] == sorted(told, key=lambda key: (key[1], key[0]))


def test_a_ledger_without_payments_has_no_rows_and_a_month_that_is_none_is_refused(
    core: duckdb.DuckDBPyConnection,
) -> None:
    assert supplier_year.history(core, ["2026-03"]).height == 0
    assert supplier_year.history(core, []).height == 0
    with pytest.raises(UsageError, match="not a month"):
        supplier_year.history(core, ["2026-13"])
