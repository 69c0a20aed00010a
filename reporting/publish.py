"""Publish a month: an immutable folder of Parquet files and a manifest, then a pointer moved to it at once.

Readers never open the warehouse. The same inputs, settings and code give the same bytes: frames are ordered, no
clock enters, and the manifest carries the hash of the month before, so that a changed past shows.
"""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from fut.contract import contract
from fut.errors import StoreError
from fut.indicator import Indicator
from fut.period import add_months
from fut.settings import Settings
from fut.staging import literal
from fut.version import code_version

DRIFT_MONTHS = 24
LISTED = (
    "(SELECT DISTINCT payment_id, entity_key, month FROM out_ranked_payments JOIN core_payments USING (payment_id))"
)


def publish_month(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    month: str,
    indicators: dict[str, Indicator],
    model_rows: tuple[dict[str, object], ...] = (),
) -> Path:
    """Write the month's snapshot and move the pointer; returns its folder. Raises StoreError.

    `model_rows` are rows of out/indicators for reasons that are no indicator file: the models.
    """
    inputs = _inputs(connection, month)
    run_id = _run_id(settings, month, inputs)
    frames = _frames(connection, settings, month, run_id, indicators, model_rows)
    folder = settings.published / month / run_id
    draft = folder.with_name(f".{run_id}.draft")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        hashes = {}
        for name, frame in sorted(frames.items()):
            path = draft / f"{name}.parquet"
            frame.write_parquet(path, compression="zstd", compression_level=3, statistics=True, row_group_size=100_000)
            hashes[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
        manifest = _manifest(connection, settings, month, run_id, inputs) | {
            "files": hashes,
            "row_counts": {name: frame.height for name, frame in sorted(frames.items())},
        }
        text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        (draft / "manifest.json").write_text(text, encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(draft, folder)
        _point(settings.published / month / "current", run_id)
        newest = settings.published / "latest"
        if not newest.exists() or newest.read_text(encoding="utf-8").strip() <= month:
            _point(newest, month)
    except OSError as error:
        raise StoreError(f"published {month}: cannot be written ({error.strerror})") from None
    return folder


def current_folder(settings: Settings, month: str | None = None) -> Path | None:
    """Return the folder the pointer of a month (the latest when None) names; None when nothing is published."""
    try:
        month = month or (settings.published / "latest").read_text(encoding="utf-8").strip()
        run_id = (settings.published / month / "current").read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return settings.published / month / run_id


def _point(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text + "\n", encoding="utf-8")
    os.replace(draft, path)


def _inputs(connection: duckdb.DuckDBPyConnection, month: str) -> list[dict[str, str]]:
    """Return file and hash of every delivery the month may know of, in order."""
    rows = connection.execute(
        "SELECT DISTINCT source_file, sha256 FROM deliveries WHERE is_in_force AND "
        f"(month IS NULL OR month <= {literal(month)}) ORDER BY ALL"
    ).fetchall()
    return [{"file": file, "sha256": sha256} for file, sha256 in rows]


def _run_id(settings: Settings, month: str, inputs: list[dict[str, str]]) -> str:
    parts = [month, settings.digest(), code_version(), *(f"{i['file']}:{i['sha256']}" for i in inputs)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _frames(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    month: str,
    run_id: str,
    indicators: dict[str, Indicator],
    model_rows: tuple[dict[str, object], ...],
) -> dict[str, pl.DataFrame]:
    m = literal(month)
    since = literal(add_months(month, -11))
    queries = {
        "ranked_payments": f"SELECT * REPLACE ({literal(run_id)} AS run_id) FROM out_ranked_payments WHERE month = {m} "
        "ORDER BY arm, rank, payment_id",
        "flags": f"SELECT * FROM out_flags WHERE service_month = {m} ORDER BY flag_id",
        "flag_payments": "SELECT p.* FROM out_flag_payments p JOIN out_flags f USING (flag_id) WHERE f.service_month = "
        f"{m} ORDER BY flag_id, payment_id",
        "coverage": f"SELECT * FROM out_coverage WHERE month = {m} ORDER BY indicator",
        "quarantine": 'SELECT DISTINCT "table", source_file, source_line, row_key, rule, severity, amount_sek FROM '
        f"quarantine WHERE delivered_month = {m} OR (delivered_month IS NULL AND {_in_month('source_file', month)}) "
        'ORDER BY "table", source_file, source_line, rule',
        "repairs": f'SELECT "table", "column", kind, sum(rows)::BIGINT AS rows FROM repairs WHERE '
        f"{_in_month('source_file', month)} GROUP BY ALL ORDER BY ALL",
        "payments": "SELECT p.payment_id, p.booked_month, booking_date, p.entity_key AS payee_ref, supplier_name AS "
        "payee_name, invoice_no, voucher_no, amount_sek, account_no, account_text, department, model_percentile FROM "
        f"core_payments p LEFT JOIN scores s USING (payment_id) WHERE p.booked_month = {m} ORDER BY p.payment_id",
        "payees": "SELECT entity_key AS payee_ref, max(supplier_name) AS payee_name, any_value(k.org_no ORDER BY "
        "k.org_no) AS org_no, count(*) AS payment_count, sum(amount_sek)::DECIMAL(14,2) AS amount_sek, "
        "min(k.first_month) AS first_month FROM core_payments p JOIN core_payees k USING (supplier_key, entity_key) "
        f"WHERE p.booked_month BETWEEN {since} AND {m} AND entity_key IN (SELECT entity_key FROM {LISTED} WHERE month = "
        f"{m}) GROUP BY 1 ORDER BY 1",
        "evidence_rows": _evidence_query(m),
        "peer_features": "SELECT f.* FROM peer_features f JOIN core_payments USING (payment_id) WHERE booked_month = "
        f"{m} ORDER BY payment_id, share DESC, feature",
        "drift": f"SELECT * FROM out_drift WHERE month BETWEEN {literal(add_months(month, 1 - DRIFT_MONTHS))} AND {m} "
        "ORDER BY month, measure",
    }
    frames = {name: _typed(name, connection.execute(query).pl()) for name, query in queries.items()}
    frames["indicators"] = _typed("indicators", _indicator_frame(settings, indicators, model_rows))
    frames["runs"] = _typed("runs", _run_frame(connection, month, run_id))
    return frames


def _in_month(column: str, month: str) -> str:
    return (
        f"{column} IN (SELECT source_file FROM deliveries WHERE is_in_force AND "
        f"coalesce(month, strftime(period_end, '%Y-%m'), {literal(month)}) = {literal(month)})"
    )


def _evidence_query(month: str) -> str:
    """Return the ledger rows of listed payments and of what their flags point at, with the columns officers read."""
    shown = (
        "json_object('booking_date', strftime(p.booking_date, '%Y-%m-%d'), 'supplier_name', pay.supplier_name, "
        "'invoice_no', pay.invoice_no, 'voucher_no', pay.voucher_no, 'amount_sek', p.amount_sek::VARCHAR, 'account_no', "
        "p.account_no, 'account_text', p.account_text, 'department', p.department)"
    )
    return (
        f"WITH listed AS (SELECT payment_id FROM out_ranked_payments WHERE month = {month}), wanted AS (SELECT payment_id, "
        "payment_id AS row_payment FROM listed UNION SELECT fp.payment_id, unnest(f.evidence) FROM out_flag_payments fp "
        f"JOIN listed USING (payment_id) JOIN out_flags f USING (flag_id) WHERE f.service_month = {month}) "
        f"SELECT DISTINCT w.payment_id, 'postings' AS \"table\", p.posting_id AS row_id, p.source_file, p.source_line, "
        f"{shown}::VARCHAR AS columns FROM wanted w JOIN core_postings p ON p.payment_id = w.row_payment OR p.posting_id = "
        "w.row_payment JOIN core_payments pay ON pay.payment_id = p.payment_id ORDER BY w.payment_id, p.posting_id"
    )


def _indicator_frame(
    settings: Settings, indicators: dict[str, Indicator], model_rows: tuple[dict[str, object], ...]
) -> pl.DataFrame:
    rows = [
        {
            "code": i.code, "area": i.area, "evidence_class": i.evidence_class, "family": i.family,
            "title_sv": i.title.sv, "title_en": i.title.en, "means_sv": i.means.sv, "means_en": i.means.en,
            "innocent_sv": [t.sv for t in i.innocent], "do_sv": i.do.sv, "review_minutes": i.review_minutes,
            "prior_mean": round(i.prior.mean, 4),
            "parameters": json.dumps(i.parameters(settings.indicators.get(i.code)), sort_keys=True),
            "code_version": i.digest,
        }
        for i in indicators.values()
    ]  # fmt: skip
    return pl.DataFrame([*rows, *model_rows])


def _run_frame(connection: duckdb.DuckDBPyConnection, month: str, run_id: str) -> pl.DataFrame:
    measures = {f"{key}_sek": str(value) for key, value in reconciliation(connection, month).items()}
    rows = [{"run_id": run_id, "month": month, "measure": k, "value": v} for k, v in sorted(measures.items())]
    return pl.DataFrame(rows)


def reconciliation(connection: duckdb.DuckDBPyConnection, month: str | None = None) -> dict[str, Any]:
    """Return kronor in, in core, in quarantine, in totals and superseded, of a month's files or of all."""
    where = f"WHERE {_in_month('source_file', month)}" if month else ""
    row = connection.execute(
        "SELECT coalesce(sum(sek_in), 0), coalesce(sum(sek_core), 0), coalesce(sum(sek_quarantine), 0), "
        f"coalesce(sum(sek_totals), 0), coalesce(sum(sek_superseded), 0) FROM reconciliation {where}"
    ).fetchone()
    return dict(zip(("in", "core", "quarantine", "totals", "superseded"), row or (), strict=False))


def _manifest(
    connection: duckdb.DuckDBPyConnection, settings: Settings, month: str, run_id: str, inputs: list[dict[str, str]]
) -> dict[str, Any]:
    covered = connection.execute(
        f"SELECT indicator, sek_tested::VARCHAR, sek_untested::VARCHAR FROM out_coverage WHERE month = {literal(month)} "
        "ORDER BY 1"
    ).fetchall()
    before = current_folder(settings, add_months(month, -1))
    manifest = before / "manifest.json" if before else None
    chained = hashlib.sha256(manifest.read_bytes()).hexdigest() if manifest and manifest.exists() else None
    capacity = settings.capacity
    return {
        "run_id": run_id,
        "municipality": settings.municipality.name,
        "month": month,
        "code_version": code_version(),
        "attribution": settings.attribution,
        "is_demo": settings.is_demo,
        "inputs": inputs,
        "settings": {
            "digest": settings.digest(), "currency": settings.currency,
            "municipality": {"id": settings.municipality.id, "name": settings.municipality.name},
            "capacity": {"hours_per_month": capacity.hours_per_month, "control_share": capacity.control_share,
                         "longest_list": capacity.longest_list},
            "indicators": settings.indicators, "switched_off": list(settings.switched_off),
        },
        "seeds": {"seed": settings.seed},
        "coverage_sek": {code: {"tested": tested, "untested": untested} for code, tested, untested in covered},
        "reconciliation": {f"{k}_sek": str(v) for k, v in reconciliation(connection, month).items()},
        "previous_manifest_sha256": chained,
    }  # fmt: skip


def _typed(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with just the contract's columns, in its order; polars types follow DuckDB's."""
    stated = contract("out", table)
    with duckdb.connect() as connection:
        connection.execute(stated.ddl("shape"))
        shape = connection.execute("FROM shape").pl().schema
    return (
        frame.select([pl.col(name).cast(kind) for name, kind in shape.items()])
        if frame.width
        else pl.DataFrame(schema=shape)
    )
