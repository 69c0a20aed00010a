"""The lines of the list with their flags, evidence rows and peers, as `reporting.model` records."""

import json
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from reporting import format as f
from reporting import model as m
from reporting.care_lines import day_cells, recalculated, visit_columns
from reporting.measured import measured
from reporting.pictures.profile import ProfileValue, furthest_first
from reporting.reading import Row, Tables, by, money, text, texts
from reporting.words import (
    CARE_FACTS,
    against_text,
    code_text,
    column_label,
    feature_text,
    feature_unit,
    filled,
    parsed_parameters,
    table_label,
)  # fmt: skip

FACTS = ("invoice_no", "voucher_no", "account_no", "account_text", "department")
MOST_ROWS = 20
# what a visit's and a line's table leave out: times that are joined, and what the recalculation beside it says
LEFT_OUT = {
    "visits": ("planned_start", "planned_end", "actual_start", "actual_end", "start_method", "end_method"),
    "compensation_lines": ("service_month", "rate_code"),
}


def indicator_record(row: Row, currency: str = "SEK") -> m.Indicator:
    """Return an indicator from its row of the table `indicators`, its slots filled with the run's parameters."""
    parameters = parsed_parameters(row.get("parameters"))
    return m.Indicator(
        code=row["code"],
        title=row["title_sv"] or row["code"],
        area=text(row.get("area")),
        evidence_class=text(row.get("evidence_class")),
        family=text(row.get("family")),
        means=filled(text(row.get("means_sv")), parameters, currency),
        innocent=texts(row.get("innocent_sv")),
        do=filled(text(row.get("do_sv")), parameters, currency),
        review_minutes=row.get("review_minutes"),
    )


def _flag(row: Row, amount: Any, indicators: dict[str, m.Indicator], raw: dict[str, Row], currency: str) -> m.Flag:
    code = row["indicator"]
    known, own = indicators.get(code), raw.get(code, {})
    parameters = parsed_parameters(own.get("parameters")) | parsed_parameters(row.get("parameters"))
    return m.Flag(
        flag_id=row["flag_id"],
        code=code,
        title=known.title if known else code,
        evidence_class=text(row.get("evidence_class")) or (known.evidence_class if known else ""),
        means=filled(text(own.get("means_sv")), parameters, currency),
        verdict=text(row.get("verdict")),
        explained_by=text(row.get("explained_by")),
        missing_field=text(row.get("missing_field")),
        amount_at_risk_sek=money(amount if amount is not None else row.get("amount_at_risk_sek")),
        row_ids=tuple(row.get("evidence") or ()),
        measured=measured(own, row.get("value"), currency, row.get("compared")),
    )


def _evidence_row(row: Row, cited_by: tuple[str, ...], currency: str) -> m.EvidenceRow:
    columns = row["columns"]
    if isinstance(columns, str):
        columns = json.loads(columns, parse_float=Decimal)
    named = columns if isinstance(columns, dict) else {c["name"]: c["value"] for c in columns or ()}
    shown = [(column_label(k, row["table"]), f.by_name(k, code_text(k, v), currency)) for k, v in named.items()
             if k not in LEFT_OUT.get(row["table"], ())]  # fmt: skip
    if row["table"] == "visits":
        shown[-1:-1] = visit_columns(named)
    return m.EvidenceRow(
        row_id=row["row_id"],
        source_file=text(row.get("source_file")),
        source_line=row.get("source_line"),
        columns=tuple(shown),
        cited_by=cited_by,
    )


def cited_by(row_id: str, cited: dict[str, set[str]]) -> tuple[str, ...]:
    """Return the codes that point at a row: at itself, or at the invoice it is a posting of (`payment_id-occurrence`)."""
    return tuple(sorted(cited.get(row_id, set()) | cited.get(row_id.rpartition("-")[0], set())))


def is_own(row_id: str, payment_id: str) -> bool:
    """Whether a row is the payment itself or one of its postings, whose id is the payment's with an occurrence."""
    return row_id.startswith(payment_id) and not row_id[len(payment_id) : len(payment_id) + 1].isalnum()


def evidence_tables(
    rows: list[Row], payment_id: str, cited: dict[str, set[str]], currency: str, most: int = MOST_ROWS
) -> tuple[m.EvidenceTable, ...]:
    """Return evidence rows by table, at most `most` a table: the payment's own, then those `cited` by indicators.

    `cited` holds the indicators by row id.
    """
    tables = []
    for table, found in sorted(by(rows, "table").items()):
        found.sort(
            key=lambda r: (
                not is_own(r["row_id"], payment_id),
                not cited_by(r["row_id"], cited),
                text(r.get("source_file")),
                r.get("source_line") or 0,
                r["row_id"],
            )
        )
        shown = tuple(_evidence_row(row, cited_by(row["row_id"], cited), currency) for row in found[:most])
        tables.append(m.EvidenceTable(table, table_label(table), shown, max(0, len(found) - most)))
    return tuple(tables)


def _peer(row: Row, currency: str) -> m.Peer:
    name, unit = row["feature"], text(row.get("unit"))
    told = [row.get(k) for k in ("value", "own_median", "peer_median", "peer_p95")]
    values = [feature_text(name, unit, v, currency) for v in told]
    return m.Peer(text(row.get("label_sv")) or column_label(name), *values, unit=feature_unit(unit))


def _profile(rows: Iterable[Row], currency: str) -> tuple[str, ...]:
    """Return where a payee deviates from its peers, a sentence each, the furthest out first."""
    unusual = [value for value in furthest_first([ProfileValue.of(row) for row in rows]) if value.is_unusual]
    return tuple(value.sentence(currency) for value in unusual)


def _payment(row: Row, known: Row, currency: str) -> m.RankedPayment:
    """Return what may be shown of any payment, also of one drawn by lot."""
    own = CARE_FACTS if row.get("risk_area") == "home_care" else {}
    return m.RankedPayment(
        payment_id=row["payment_id"],
        arm=row["arm"],
        payee_ref=row["payee_ref"],
        payee_name=text(row.get("payee_name")) or text(known.get("payee_name")),
        risk_area=text(row.get("risk_area")),
        service_month=text(row.get("service_month")),
        booked_month=text(row.get("booked_month")),
        amount_sek=money(row["amount_sek"]) or Decimal(0),
        date=f.date(known["booking_date"]) if known.get("booking_date") else "",
        facts=tuple(
            (own.get(k) or column_label(k, "payments"), f.by_name(k, code_text(k, known[k]), currency))
            for k in FACTS
            if known.get(k)
        ),
        service=text(code_text("service", known.get("account_text"))) if own and known.get("account_text") else "",
    )


def _reasons(row: Row, indicators: dict[str, m.Indicator]) -> tuple[m.Reason, ...]:
    reasons = []
    for said in row["reasons"] or ():
        code = said["code"]
        title = indicators[code].title if code in indicators else code
        reasons.append(m.Reason(code, title, said.get("share"), money(said.get("amount_sek"))))
    return tuple(reasons)


def read_ranked(tables: Tables, indicators: dict[str, m.Indicator], raw: dict[str, Row]) -> list[m.RankedPayment]:
    """Return the list by rank, then the control arm by payment id and stripped of all that tells its score.

    `raw` are the rows of the table `indicators` by code: their texts still have their slots.
    """
    rows = tables.rows("ranked_payments")
    risk = [row for row in rows if row["arm"] != "random"]
    known = known_payments(tables, rows)
    listed = [p for p in known.values() if p.is_control] + full_payments(tables, risk, known, indicators, raw)
    return sorted(listed, key=lambda p: (p.is_control, p.rank if p.rank is not None else 10**9, p.payment_id))


def known_payments(tables: Tables, rows: list[Row]) -> dict[str, m.RankedPayment]:
    """Return what may be shown of any listed payment, also of one drawn by lot, by payment id."""
    facts = {r["payment_id"]: r for r in tables.rows("payments", "payment_id", (r["payment_id"] for r in rows))}
    names = {r["payee_ref"]: r for r in tables.rows("payees", "payee_ref", (r["payee_ref"] for r in rows))}
    return {
        row["payment_id"]: _payment(
            row,
            names.get(row["payee_ref"], {})
            | {k: v for k, v in facts.get(row["payment_id"], {}).items() if v is not None},
            tables.currency,
        )
        for row in rows
    }


def full_payments(
    tables: Tables,
    rows: list[Row],
    known: dict[str, m.RankedPayment],
    indicators: dict[str, m.Indicator],
    raw: dict[str, Row],
    most: int = MOST_ROWS,
) -> list[m.RankedPayment]:
    """Return listed payments with all that speaks for and against them; `known` is what `known_payments` gives.

    At most `most` evidence rows of each table are shown.
    """
    flag_ids = [flag for row in rows for flag in row.get("flag_ids") or ()]
    flags = {r["flag_id"]: r for r in tables.rows("flags", "flag_id", flag_ids)}
    shares = tables.rows("flag_payments", "flag_id", flag_ids)
    amounts = {(r["flag_id"], r["payment_id"]): r["amount_at_risk_sek"] for r in shares}
    ids = [row["payment_id"] for row in rows]
    of_payees = tables.rows("ranked_payments", "payee_ref", (row["payee_ref"] for row in rows))
    bundles = by((r for r in of_payees if r["arm"] != "random"), "bundle_id")
    evidence = by(tables.rows("evidence_rows", "payment_id", ids), "payment_id")
    peers = by(tables.rows("peer_features", "payment_id", ids), "payment_id")
    profiles = by(tables.rows("payee_profile", "payee_ref", {row["payee_ref"] for row in rows}), "payee_ref")
    recounted = by(tables.rows("recalculation", "payment_id", ids), "payment_id")
    days = by(tables.rows("visit_days", "payment_id", ids), "payment_id")
    listed = []
    for row in rows:
        key, bundle = row["payment_id"], bundles.get(row.get("bundle_id"), ())
        own = [flags[i] for i in row.get("flag_ids") or () if i in flags]
        cited: dict[str, set[str]] = {}
        for flag in own:
            for row_id in flag.get("evidence") or ():
                cited.setdefault(row_id, set()).add(flag["indicator"])
        against = (
            indicators[t].title if t in indicators else against_text(t) for t in texts(row.get("speaks_against"))
        )
        listed.append(
            replace(
                known[key],
                rank=row["rank"],
                amount_at_risk_sek=money(row.get("amount_at_risk_sek")),
                error_probability=row.get("error_probability"),
                expected_error_sek=money(row.get("expected_error_sek")),
                review_minutes=row.get("review_minutes"),
                model_percentile=row.get("model_percentile"),
                reasons=_reasons(row, indicators),
                speaks_against=tuple(against),
                flags=tuple(_flag(r, amounts.get((r["flag_id"], key)), indicators, raw, tables.currency) for r in own),
                evidence=evidence_tables(evidence.get(key, []), key, cited, tables.currency, most),
                peers=tuple(_peer(r, tables.currency) for r in peers.get(key, ())),
                profile=_profile(profiles.get(row["payee_ref"], ()), tables.currency),
                bundle=tuple(sorted(r["rank"] for r in bundle)) if len(bundle) > 1 else (),
                recalculation=recalculated(recounted.get(key, ()), tables.currency),
                days=day_rows(days.get(key, ()), tables.currency),
            )
        )
    return listed


def day_rows(rows: Iterable[Row], currency: str) -> tuple[m.Pairs, ...]:
    """Return the days of a home-care line in order, each as (label, shown value)."""
    return tuple(day_cells(r, currency) for r in sorted(rows, key=lambda r: r["visit_date"]))
