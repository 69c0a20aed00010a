"""Publish a month: an immutable folder of Parquet files and a manifest, then a pointer moved to it at once.

Readers never open the warehouse. The same inputs, settings and code give the same bytes: frames are ordered, no
clock enters, and the manifest carries the hash of the month before, so that a changed past shows.
"""

import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from inspect import cleandoc
from pathlib import Path
from typing import Any, get_args

import duckdb
import polars as pl

import reporting.filled_list
import reporting.outcomes_form  # noqa: F401 - and so do the outcomes of the officers' application
from fut.errors import StoreError
from fut.indicator import Indicator
from fut.limit import LimitKind
from fut.limits import in_force
from fut.period import add_months
from fut.settings import Settings
from fut.version import code_version
from reporting.frames import Month, month_frames, typed
from reporting.outcomes_file import NAME as OUTCOMES_FILE
from reporting.outcomes_file import log_head

Delivered = tuple[str, str, str | None, str | None, str, bool]
Limits = dict[str, list[dict[str, Any]]]
_DELIVERED = """SELECT DISTINCT source_file, sha256, month, coalesce(month, strftime(period_end, '%Y-%m')), "table",
  rows_in > 0 FROM deliveries WHERE is_in_force ORDER BY ALL"""


@dataclass(frozen=True)
class _File:
    """One table as Parquet, ready to be written."""

    data: bytes
    rows: int


def publish_months(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    months: Iterable[str],
    indicators: dict[str, Indicator],
    model_rows: tuple[dict[str, object], ...] = (),
) -> Iterator[tuple[str, Path]]:
    """Write each month's snapshot in order and move the pointers; yields month and folder. Raises StoreError.

    `model_rows` are rows of out/indicators for reasons that are no indicator file: the models.
    """
    texts: dict[str, _File] = {}
    delivered = connection.execute(_DELIVERED).fetchall()
    evaluated = [row[0] for row in connection.execute("SELECT DISTINCT month FROM out_coverage ORDER BY 1").fetchall()]
    erased = _erased_outcomes(connection)
    for ready in month_frames(connection, list(months)):
        limits = in_force(connection, get_args(LimitKind), ready.month)
        if (said := json.dumps(limits)) not in texts:
            texts[said] = _file(typed("indicators", _indicator_frame(settings, indicators, model_rows, limits)))
        known = [m for m in evaluated if m <= ready.month]
        told = {"limits": limits} | ({"erased_outcomes_sha256": erased} if erased else {})
        yield ready.month, _publish(settings, ready, delivered, known, texts[said], told)


def _publish(
    settings: Settings,
    ready: Month,
    delivered: list[Delivered],
    evaluated: list[str],
    texts: _File,
    told: dict[str, Any],
) -> Path:
    month = ready.month
    inputs = _inputs(delivered, month)
    erased = [said] if (said := told.get("erased_outcomes_sha256")) else []
    run_id = _run_id(settings, month, inputs, [*evaluated, *erased])
    frames = ready.frames | {"runs": typed("runs", _run_frame(ready, run_id))}
    frames["ranked_payments"] = frames["ranked_payments"].with_columns(run_id=pl.lit(run_id))
    files = {name: _file(frame) if frame.height else _empty(name) for name, frame in frames.items()}
    files["indicators"] = texts
    folder = settings.published / month / run_id
    try:
        hashes = {f"{name}.parquet": hashlib.sha256(file.data).hexdigest() for name, file in sorted(files.items())}
        manifest = _manifest(settings, ready, run_id, inputs) | {
            "tables": _tables(delivered, month),
            **told,
            "evaluated_months": evaluated,
            "files": hashes,
            "row_counts": {name: file.rows for name, file in sorted(files.items())},
        }
        written = {f"{name}.parquet": file.data for name, file in files.items()}
        write_folder(folder, written | {"manifest.json": _lines(manifest).encode()})
        _point(settings.published / month / "current", run_id)
        newest = settings.published / "latest"
        if not newest.exists() or newest.read_text(encoding="utf-8").strip() <= month:
            _point(newest, month)
    except OSError as error:
        raise StoreError(f"published {month}: cannot be written ({error.strerror})") from None
    return folder


def write_folder(folder: Path, files: dict[str, bytes]) -> None:
    """Put the folder in its place at once; one that holds the same is left alone, for its readers and for a cut."""
    draft, before = (folder.with_name(f".{folder.name}.{kind}") for kind in ("draft", "before"))
    for left in (draft, before):
        shutil.rmtree(left, ignore_errors=True)
    if folder.is_dir() and {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == files:
        return
    draft.mkdir(parents=True)
    for name, data in sorted(files.items()):
        (draft / name).write_bytes(data)
    if folder.exists():
        os.replace(folder, before)
    os.replace(draft, folder)
    shutil.rmtree(before, ignore_errors=True)


def _erased_outcomes(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the hash of what erased outcomes taught, which the order depends on too; "" when none was erased."""
    known = connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'erased_outcomes'").fetchone()
    rows = connection.execute("FROM erased_outcomes ORDER BY ALL").fetchall() if known else []
    return hashlib.sha256(repr(rows).encode()).hexdigest() if rows else ""


def _lines(manifest: dict[str, Any]) -> str:
    """Return JSON with a line for each entry: indented throughout, Python writes it ten times slower."""
    cells = (
        f" {json.dumps(k)}: {json.dumps(v, sort_keys=True, ensure_ascii=False)}" for k, v in sorted(manifest.items())
    )
    return "{\n" + ",\n".join(cells) + "\n}\n"


def _file(frame: pl.DataFrame) -> _File:
    held = io.BytesIO()
    frame.write_parquet(held, compression="zstd", compression_level=3, statistics=True, row_group_size=100_000)
    return _File(held.getvalue(), frame.height)


@cache
def _empty(table: str) -> _File:
    return _file(typed(table, pl.DataFrame()))


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


def _inputs(delivered: list[Delivered], month: str) -> list[dict[str, str]]:
    """Return file and hash of every delivery the month may know of, in order."""
    files = dict.fromkeys((file, sha256) for file, sha256, stated, *_ in delivered if stated is None or stated <= month)
    return [{"file": file, "sha256": sha256} for file, sha256 in files]


def _tables(delivered: list[Delivered], month: str) -> list[str]:
    """Return the tables that some delivery brought rows of by the month: what is not among them was not to be had."""
    return sorted({table for *_, ends, table, has_rows in delivered if has_rows and (ends is None or ends <= month)})


def _run_id(settings: Settings, month: str, inputs: list[dict[str, str]], evaluated: list[str]) -> str:
    """Return the hash of all that a snapshot depends on; what earlier months flagged tells alarms, lists and outcomes."""
    parts = [month, settings.digest(), code_version(), *(f"{i['file']}:{i['sha256']}" for i in inputs), *evaluated]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _indicator_frame(
    settings: Settings, indicators: dict[str, Indicator], model_rows: tuple[dict[str, object], ...], limits: Limits
) -> pl.DataFrame:
    rows = [
        {
            "code": i.code, "area": i.area, "evidence_class": i.evidence_class, "family": i.family,
            "title_sv": i.title.sv, "title_en": i.title.en, "means_sv": i.means.sv, "means_en": i.means.en,
            "measured_sv": i.measured.name.sv if i.measured else None,
            "measured_en": i.measured.name.en if i.measured else None,
            "measured_unit": i.measured.unit if i.measured else None,
            "compared_sv": i.measured.beside.sv if i.measured and i.measured.beside else None,
            "compared_en": i.measured.beside.en if i.measured and i.measured.beside else None,
            "innocent_sv": [t.sv for t in i.innocent], "do_sv": i.do.sv, "review_minutes": i.review_minutes,
            "prior_mean": round(i.prior.mean, 4),
            "parameters": json.dumps(
                i.parameters(settings.indicators.get(i.code)) | {kind: limits[kind] for kind in i.limits},
                sort_keys=True, ensure_ascii=False,
            ),
            "code_version": i.digest, "sql": cleandoc(i.sql),
        }
        for i in indicators.values()
    ]  # fmt: skip
    return pl.DataFrame([*rows, *model_rows])


def _run_frame(ready: Month, run_id: str) -> pl.DataFrame:
    measures = {f"{key}_sek": str(value) for key, value in ready.sums.items()}
    if ready.care:
        measures |= {f"care_{name}": value for name, value in ready.care.stated().items()}
    rows = [(run_id, ready.month, measure, value) for measure, value in sorted(measures.items())]
    return pl.DataFrame(rows, schema=["run_id", "month", "measure", "value"], orient="row")


def _manifest(settings: Settings, ready: Month, run_id: str, inputs: list[dict[str, str]]) -> dict[str, Any]:
    month = ready.month
    covered = ready.frames["coverage"].select("indicator", pl.col("sek_tested", "sek_untested").cast(pl.String)).rows()
    before = current_folder(settings, add_months(month, -1))
    manifest = before / "manifest.json" if before else None
    chained = hashlib.sha256(manifest.read_bytes()).hexdigest() if manifest and manifest.exists() else None
    told = any(given["file"] == OUTCOMES_FILE for given in inputs)
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
            "capacity": vars(settings.capacity),
            "indicators": settings.indicators, "switched_off": list(settings.switched_off),
        },
        "seeds": {"seed": settings.seed},
        "coverage_sek": {code: {"tested": tested, "untested": untested} for code, tested, untested in covered},
        "reconciliation": {f"{k}_sek": str(v) for k, v in ready.sums.items()},
        "home_care": ready.care.stated() if ready.care else None,
        "previous_manifest_sha256": chained,
        "decisions_log": log_head(settings.inbox / OUTCOMES_FILE) if told else None,
    }  # fmt: skip
