"""Run the real pipeline on an inbox with injected rows and find the place of each wrong payment in its month."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from time import process_time

import duckdb
import polars as pl

from benchmarks.injected.facts import Facts
from benchmarks.injected.found import METHODS, Found, RunFigures
from benchmarks.injected.inject import Kind, inject, write_inbox
from benchmarks.injected.sources import LedgerSource, settings
from benchmarks.injected.world import Case
from fut.frames import put
from fut.warehouse import open_warehouse
from pipelines import steps

TEXTBOOK_DAYS = 45
TEXTBOOK_FLOOR = 500

# every method orders the month's debits; a payment it does not list has no place
_PLACES = f"""
WITH debits AS (
  SELECT payment_id, voucher_no, booked_month, booking_date, supplier_key, amount_sek,
    booking_date - lag(booking_date) OVER (PARTITION BY supplier_key, amount_sek ORDER BY booking_date, payment_id)
    <= {TEXTBOOK_DAYS} AND amount_sek >= {TEXTBOOK_FLOOR} AS is_second
  FROM core_payments WHERE amount_sek > 0
), textbook AS (
  SELECT payment_id, row_number() OVER (PARTITION BY booked_month ORDER BY amount_sek DESC, booking_date DESC,
    payment_id) AS place
  FROM debits WHERE is_second
), amount AS (
  SELECT payment_id, count(*) OVER (PARTITION BY booked_month) AS month_debits,
    row_number() OVER (PARTITION BY booked_month ORDER BY amount_sek DESC, payment_id) AS place FROM debits
)
SELECT t.case_no, r.rank AS futvakt, x.place AS textbook, a.place AS amount, a.month_debits,
  (SELECT list(DISTINCT f.indicator ORDER BY f.indicator) FROM out_flag_payments fp JOIN out_flags f USING (flag_id)
   WHERE fp.payment_id = p.payment_id) AS codes,
  (SELECT list(DISTINCT q.ref_relation) FROM core_payment_pairs q WHERE q.payment_id = p.payment_id) AS relations,
  coalesce(p.is_expected, false) AS is_expected, coalesce(p.same_amount_before, 0) AS same_amount_before
FROM _truth t
LEFT JOIN core_payments p ON p.voucher_no = t.voucher AND p.booked_month = t.month
LEFT JOIN out_ranked_payments r ON r.payment_id = p.payment_id AND r.month = t.month AND r.arm = 'risk'
LEFT JOIN textbook x ON x.payment_id = p.payment_id
LEFT JOIN amount a ON a.payment_id = p.payment_id
ORDER BY t.case_no, p.payment_id
"""


def run_seed(
    source: LedgerSource, facts: Facts, seed: int, chosen: Sequence[Kind], folder: Path, is_restated: bool = True
) -> tuple[list[Found], RunFigures]:
    """Inject one seed's cases, run the pipeline in the folder, and return where they came out; the folder is emptied.

    Raises RuntimeError when a wrong payment did not reach the core layer: the injector, not the ranking, is broken.
    """
    shutil.rmtree(folder, ignore_errors=True)
    cases = inject(facts, source.name, seed, source.per_kind, chosen)
    write_inbox(facts.ledger, cases, folder / "inbox")
    stated = settings(source, folder, is_restated)
    start = process_time()
    with open_warehouse(stated) as connection:
        steps.load_and_check(connection, stated)
        steps.build(connection, stated)
        months = steps.chosen_months(connection, facts.months)
        steps.flag(connection, stated, months)
        steps.score(connection, stated, months)
        steps.order(connection, stated, months)
        spent = process_time() - start
        found = places(connection, cases)
        figures = _figures(connection, source.name, seed, months, spent)
    shutil.rmtree(folder, ignore_errors=True)
    return found, figures


def places(connection: duckdb.DuckDBPyConnection, cases: Sequence[Case]) -> list[Found]:
    """Return each case with the best place of its payments in their months' lists."""
    rows = [(n, row.voucher, row.month) for n, case in enumerate(cases) for row in case.rows]
    put(connection, "_truth", pl.DataFrame(rows, schema=["case_no", "voucher", "month"], orient="row"))
    by_case: dict[int, list[tuple]] = {}
    for number, *rest in connection.execute(_PLACES).fetchall():
        by_case.setdefault(number, []).append(tuple(rest))
    connection.execute("DROP TABLE _truth")
    result = []
    for number, case in enumerate(cases):
        paid = by_case[number]
        if len(paid) != len(case.rows) or any(row[3] is None for row in paid):
            raise RuntimeError(f"case {number} ({case.kind}): {len(case.rows)} rows injected, not all in core_payments")
        best = {m: min((row[i] for row in paid if row[i] is not None), default=None) for i, m in enumerate(METHODS)}
        result.append(
            Found(
                case.source, case.seed, case.kind, case.month, str(case.amount), case.detail, len(paid), best,
                tuple(row[3] for row in paid), tuple(sorted({c for row in paid for c in row[4] or ()})),
                tuple(sorted({r for row in paid for r in row[5] or ()})), any(row[6] for row in paid),
                min(row[7] for row in paid),
            )
        )  # fmt: skip
    return result


def _figures(
    connection: duckdb.DuckDBPyConnection, source: str, seed: int, months: Sequence[str], spent: float
) -> RunFigures:
    wanted = ", ".join(f"'{month}'" for month in months)
    debits = connection.execute(
        f"SELECT count(*) FROM core_payments WHERE amount_sek > 0 AND booked_month IN ({wanted})"
    ).fetchone()
    listed = connection.execute(
        "SELECT coalesce(sum(n), 0)::INT, coalesce(max(n), 0)::INT FROM (SELECT count(*) AS n FROM "
        "out_ranked_payments WHERE arm = 'risk' GROUP BY month)"
    ).fetchone()
    assert debits is not None
    assert listed is not None
    return RunFigures(source, seed, debits[0], len(months), listed[0], listed[1], round(spent, 1))
