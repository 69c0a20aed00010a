"""Reads a published snapshot folder into a `reporting.model.Snapshot`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from reporting import model as m
from reporting.care_sums import read_care_sums
from reporting.dated import LABELS, value_text
from reporting.erased import acts
from reporting.format import number
from reporting.loading_payments import indicator_record, read_ranked
from reporting.loading_run import read_coverage, read_drift, read_reconciliation, read_repairs
from reporting.reading import Reader, Row, capacity, capacity_minutes, money, read_manifest, text
from reporting.settings_rows import settings_rows
from reporting.words import table_label


def _quarantine(reader: Reader) -> list[m.QuarantineSummary]:
    frame = reader.scan("quarantine")
    if frame is None:
        return []
    keys = ["table", "rule", "severity"]
    amount = pl.col("amount_sek")
    counted = (pl.len().alias("rows"), pl.when(amount.count() > 0).then(amount.sum()).alias("amount_sek"))
    grouped = frame.group_by(keys).agg(*counted).sort(keys).collect()
    return [
        m.QuarantineSummary(r["table"], r["rule"], r["severity"], r["rows"], money(r["amount_sek"]))
        for r in grouped.to_dicts()
    ]


def _municipality(manifest: Row, folder: Path) -> str:
    said = manifest.get("municipality") or manifest.get("settings", {}).get("municipality") or ""
    return (said.get("name") or said.get("id", "") if isinstance(said, dict) else said) or folder.parent.parent.name


def read_snapshot(folder: Path) -> m.Snapshot:
    """Return the published run in `folder`; raises InputError naming file and column."""
    manifest = read_manifest(folder)
    stated = manifest.get("settings")
    settings: dict[str, Any] = stated if isinstance(stated, dict) else {}
    month = manifest["month"]
    reader = Reader(folder, manifest, currency=settings.get("currency") or manifest.get("currency") or "SEK")
    raw = {row["code"]: row for row in reader.rows("indicators")}
    indicators = {code: indicator_record(raw[code], reader.currency) for code in sorted(raw)}
    return m.Snapshot(
        run_id=manifest["run_id"],
        municipality=_municipality(manifest, folder),
        month=month,
        currency=reader.currency,
        attribution=text(manifest.get("attribution")),
        code_version=text(manifest.get("code_version")),
        capacity_minutes=capacity_minutes(manifest),
        likely_probability=capacity(manifest).get("likely_probability"),
        ranked=tuple(read_ranked(reader, indicators, raw)),
        indicators=indicators,
        coverage=tuple(read_coverage(reader, month, indicators)),
        drift=tuple(read_drift(reader)),
        quarantine=tuple(_quarantine(reader)),
        repairs=tuple(read_repairs(reader)),
        reconciliation=read_reconciliation(manifest.get("reconciliation")),
        care=read_care_sums(manifest.get("home_care")),
        baselines=tuple(_baseline(r) for r in reader.rows("baselines")),
        row_counts=tuple((table_label(k), number(v)) for k, v in (manifest.get("row_counts") or {}).items()),
        settings_rows=settings_rows(settings | (manifest.get("seeds") or {}), indicators),
        limits=tuple(_limits(manifest.get("limits") or {}, reader.currency)),
        inputs=tuple((text(i.get("file")), text(i.get("sha256"))) for i in manifest.get("inputs") or ()),
        erased_on=str(told[-1]["at"]) if (told := acts(folder)) else "",
        previous_manifest=text(manifest.get("previous_manifest_sha256")),
        absent=tuple(reader.absent),
    )


def _limits(stated: dict[str, list[Row]], currency: str) -> Iterator[m.DatedValue]:
    for kind, label in LABELS.items():
        for row in stated.get(kind, ()):
            role = f", {row['role']}" if row.get("role") else ""
            dates = (text(row.get("valid_from")), text(row.get("valid_to")))
            source = text(row.get("source"))
            verified = "Nej" if not row["is_verified"] else "Ja" if source else "Kommunens uppgift"
            yield m.DatedValue(label + role, value_text(row, currency), *dates, source, verified)


def _baseline(row: Row) -> m.Baseline:
    shares = {k: row.get(k) for k in ("precision_share", "lower_share", "upper_share")}
    return m.Baseline(row["name"], row.get("payments"), found_sek=money(row.get("found_sek")), **shares)
