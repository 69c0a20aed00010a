"""One listed payment by itself, as officers open it: whole, or blind while it is drawn by lot and not yet decided."""

from dataclasses import replace

from reporting import model as m
from reporting.care_lines import recalculated
from reporting.loading_payments import day_rows, evidence_tables, full_payments, is_own, known_payments
from reporting.reading import Row, Tables
from reporting.words import column_label

MOST_ROWS = 200


def read_payment(
    tables: Tables, payment_id: str, indicators: dict[str, m.Indicator], raw: dict[str, Row], is_decided: bool
) -> m.RankedPayment | None:
    """Return one listed payment, None when it is not listed; `indicators` and `raw` as for `read_ranked`.

    One drawn by lot carries its own rows, days and recalculation, and nothing that tells of a score or a flag before it
    `is_decided`: no row that only a flag points at, nor the sentence that names the rule a difference comes from.
    """
    row = next(iter(tables.rows("ranked_payments", "payment_id", (payment_id,))), None)
    if row is None:
        return None
    if row["arm"] == "random" and not is_decided:
        return _blind(tables, row)
    if row.get("flag_ids") is None:
        shares = sorted(tables.rows("flag_payments", "payment_id", (payment_id,)), key=lambda r: r["flag_id"])
        row = row | {"flag_ids": [r["flag_id"] for r in shares]}
    payment = full_payments(tables, [row], known_payments(tables, [row]), indicators, raw, MOST_ROWS)[0]
    if payment.reasons:
        return payment
    first = {flag.code: flag for flag in reversed(payment.flags)}
    found = (m.Reason(flag.code, flag.title, None, flag.amount_at_risk_sek) for flag in first.values())
    return replace(payment, reasons=tuple(sorted(found, key=lambda r: (-abs(r.amount_sek or 0), r.code))))


def _blind(tables: Tables, row: Row) -> m.RankedPayment:
    key, currency = row["payment_id"], tables.currency
    rows = [r for r in tables.rows("evidence_rows", "payment_id", (key,)) if is_own(r["row_id"], key)]
    recounted = tables.rows("recalculation", "payment_id", (key,))
    return replace(
        known_payments(tables, [row])[key],
        evidence=tuple(_undiagnosed(table) for table in evidence_tables(rows, key, {}, currency, MOST_ROWS)),
        recalculation=recalculated(recounted, currency)[:-1],
        days=day_rows(tables.rows("visit_days", "payment_id", (key,)), currency),
    )


def _undiagnosed(table: m.EvidenceTable) -> m.EvidenceTable:
    label = column_label("differs_by", table.table)
    rows = (replace(row, columns=tuple(pair for pair in row.columns if pair[0] != label)) for row in table.rows)
    return replace(table, rows=tuple(rows))
