"""Net credits, cancellations and cancel-and-rebook against the debits they cancel, with the month it became known.

A credit takes one debit of its size; credits under one reference that together make up a debit of that reference, or all
of them, take these. An audit of 15 "double payments" found 15 of 15 cancelled in the ledger: netting comes before any duplicate test.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

import duckdb
import polars as pl

from fut.frames import put

LOOK_BACK_DAYS = 400
CREDIT_FIRST_DAYS = 60
_NAMED = """
WITH named AS (
  SELECT entity_no, invoice_id AS cancels_invoice_id, arg_min(ref_clean, booked_month) AS ref, min(booked_month) AS since
  FROM _payments WHERE invoice_id IS NOT NULL AND amount_sek > 0 GROUP BY ALL
)"""
_CANDIDATES = f"""
{_NAMED}, credited AS (SELECT DISTINCT entity_no, -amount_sek AS size FROM _payments WHERE amount_sek < 0)
SELECT p.entity_no, size, p.amount_sek < 0 AS is_credit, booking_date, booked_month, payment_id,
       coalesce(ref_clean, '') AS ref, coalesce(invoice_id, '') AS invoice_id,
       coalesce(p.cancels_invoice_id, '') AS cancels, coalesce(since <= booked_month, false) AS is_known
FROM _payments p JOIN credited c ON c.entity_no = p.entity_no AND c.size = abs(p.amount_sek)
  LEFT JOIN named n ON n.entity_no = p.entity_no AND n.cancels_invoice_id = p.cancels_invoice_id
ORDER BY p.entity_no, size, booked_month, booking_date, is_credit, payment_id
"""
_PARTS = f"""
{_NAMED}, told AS (
  SELECT entity_no, coalesce(CASE WHEN amount_sek < 0 AND since <= booked_month THEN n.ref END, ref_clean) AS ref, booked_month, booking_date,
    payment_id, amount_sek FROM _payments LEFT JOIN named n USING (entity_no, cancels_invoice_id) WHERE amount_sek <> 0
), left_open AS (
  SELECT DISTINCT entity_no, ref FROM told ANTI JOIN _matched m
    ON m.payment_id = told.payment_id AND m.netted_month <= booked_month WHERE amount_sek < 0 AND ref <> ''
)
SELECT entity_no, ref, booked_month, booking_date, t.payment_id, amount_sek, netted_month
FROM told t SEMI JOIN left_open USING (entity_no, ref) LEFT JOIN _matched m ON m.payment_id = t.payment_id
ORDER BY entity_no, ref, booked_month, booking_date, t.payment_id
"""
Row = tuple[object, bool, date, str, str, str, str, str, bool]
Part = tuple[str, date, str, Decimal, str | None]
Netted = tuple[str, str, str]


def net_credits(connection: duckdb.DuckDBPyConnection) -> None:
    """Build the temporary `_netting`: rid, payment_id, netted_by, netted_month; both sides of a match have a row."""
    found = connection.execute(_CANDIDATES).fetchall()
    _keep(connection, pairs := both(match_credits(((entity, size), *row) for entity, size, *row in found)))
    left = groupby(connection.execute(_PARTS).fetchall(), itemgetter(0, 1))
    if parts := [netted for _, rows in left for netted in match_parts([row[2:] for row in rows])]:
        _keep(connection, in_parts(pairs, parts))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE _netting AS SELECT rid, m.* FROM _matched m JOIN _payments USING (payment_id)"
    )


def _keep(connection: duckdb.DuckDBPyConnection, netted: list[Netted]) -> None:
    schema = {"payment_id": pl.String, "netted_by": pl.String, "netted_month": pl.String}
    put(connection, "_matched", pl.DataFrame(netted, schema=schema, orient="row"))


def both(pairs: Iterable[Netted]) -> list[Netted]:
    """Return (payment, netted by, month) for either side of each (debit, credit, month)."""
    return [(a, b, month) for debit, credit, month in pairs for a, b in ((debit, credit), (credit, debit))]


def in_parts(pairs: list[Netted], parts: list[Netted]) -> list[Netted]:
    """Return all that is netted: a pair of which one had been netted in parts earlier is none."""
    taken = {payment for payment, _, _ in parts}
    return [pair for pair in pairs if pair[0] not in taken and pair[1] not in taken] + parts


def match_parts(rows: Sequence[Part]) -> Iterable[Netted]:
    """Yield (payment, netted by, month) from rows (month, date, id, signed amount, month netted as a pair or None).

    Rows are those of one payee and reference in time order. When a month closes, the credits still open are summed:
    a debit of that sum, the latest first, or all debits if they make it up, are cancelled by them, within 400 days.
    One credit and one debit are a pair or nothing.
    """
    taken: set[str] = set()
    for month in sorted({row[0] for row in rows}):
        known = [row for row in rows if row[0] <= month and row[2] not in taken and (row[4] is None or row[4] > month)]
        credits = [row for row in known if row[3] < 0]
        debits = [row for row in known if row[3] > 0]
        due = -sum(row[3] for row in credits)
        cancelled = [row for row in debits if row[3] == due][-1:] or (
            debits if sum(row[3] for row in debits) == due else []
        )
        met = credits + cancelled
        if not cancelled or len(met) < 3 or (max(r[1] for r in met) - min(r[1] for r in met)).days > LOOK_BACK_DAYS:
            continue
        taken |= {row[2] for row in met}
        yield from ((row[2], cancelled[-1][2], month) for row in credits)
        yield from ((row[2], credits[-1][2], month) for row in cancelled)


def match_credits(rows: Iterable[Row]) -> Iterable[tuple[str, str, str]]:
    """Yield (debit, credit, month known) from rows (group, is_credit, date, month, id, ref, invoice_id, cancels, is_known).

    Rows come group by group in time order, debits before credits of a day. A credit takes the debit it names, and no other
    where that invoice `is_known` by then; else the latest open one with its reference, else the latest open one within 400
    days; a credit that came first takes a later debit with its own reference within 60 days. Nothing later than the
    match's month is ever used.
    """
    group: object = None
    debits: list[Row] = []
    credits: list[Row] = []
    for row in rows:
        if row[0] != group:
            group, debits, credits = row[0], [], []
        if row[1]:
            found = _debit_for(row, debits)
            if found is None:
                credits.append(row)
            else:
                debit = debits.pop(found)
                yield debit[4], row[4], max(debit[3], row[3])
        else:
            earlier = next((i for i, c in enumerate(credits) if _came_first(c, row)), None)
            if earlier is None:
                debits.append(row)
            else:
                credit = credits.pop(earlier)
                yield row[4], credit[4], max(credit[3], row[3])


def _debit_for(credit: Row, debits: list[Row]) -> int | None:
    recent = [i for i in reversed(range(len(debits))) if (credit[2] - debits[i][2]).days <= LOOK_BACK_DAYS]
    for i in recent:
        if credit[7] and debits[i][6] == credit[7]:
            return i
    if credit[8]:
        return None
    for i in recent:
        if credit[5] and debits[i][5] == credit[5]:
            return i
    return recent[0] if recent else None


def _came_first(credit: Row, debit: Row) -> bool:
    return bool(credit[5]) and credit[5] == debit[5] and (debit[2] - credit[2]).days <= CREDIT_FIRST_DAYS
