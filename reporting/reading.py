"""Reads the files of a published run, manifest and Parquet; errors name the file and the column."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from fut.errors import InputError, did_you_mean

if TYPE_CHECKING:
    import polars as pl

REQUIRED = {
    "ranked_payments": ("payment_id", "arm", "rank", "payee_ref", "amount_sek", "reasons"),
    "indicators": ("code", "title_sv"),
}
OPTIONAL = {
    "flags": ("flag_id", "indicator"),
    "flag_payments": ("flag_id", "payment_id", "amount_at_risk_sek"),
    "coverage": ("indicator", "status", "sek_tested", "sek_untested"),
    "quarantine": ("table", "rule", "severity", "amount_sek"),
    "repairs": ("table", "column", "kind", "rows"),
    "payments": ("payment_id",),
    "payees": ("payee_ref", "payee_name"),
    "payee_records": ("payee_ref", "kind", "valid_from"),
    "payee_profile": ("payee_ref", "grain", "feature", "value"),
    "evidence_rows": ("payment_id", "table", "row_id", "columns"),
    "drift": ("table", "month", "measure", "value", "lower", "upper", "status"),
    "runs": ("measure", "value"),
    "peer_features": ("payment_id", "feature", "value"),
    "baselines": ("name",),
    "visit_days": ("payment_id", "visit_date", "visits", "paid_sek"),
    "recalculation": ("payment_id", "kind", "differs_by"),
    "areas": ("area", "risk_area", "clients", "amount_sek", "flagged_sek"),
}
# a run without a model has neither of the first two, one made before profiles were no third, one without home care none
# of the others
SILENT = ("peer_features", "baselines", "payee_profile", "visit_days", "recalculation", "areas")

Row = dict[str, Any]


class Tables(Protocol):
    """A published run's tables, read from its files or from where the officers' application keeps them."""

    @property
    def currency(self) -> str:
        """Return the ledger's currency."""
        ...

    def rows(self, name: str, column: str = "", keys: Iterable[str] | None = None) -> list[Row]:
        """Return a table's rows, only those whose `column` is among `keys` when given; none for an absent table."""
        ...


@dataclass
class Reader:
    """One published run; `absent` collects the tables it lacks."""

    folder: Path
    manifest: Row
    currency: str = "SEK"
    absent: list[str] = field(default_factory=list)

    def scan(self, name: str) -> "pl.LazyFrame | None":
        """Return a table, or None when the run lacks it; raises InputError for a missing column."""
        path = self.folder / f"{name}.parquet"
        if not path.is_file():
            if name in REQUIRED:
                raise InputError(f"{path.name}: missing in the published run {self.folder.name}")
            if name not in SILENT:
                self.absent.append(path.name)
            return None
        import polars as pl

        frame = pl.scan_parquet(path)
        try:
            known = frame.collect_schema().names()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise InputError(f"{path.name}: not a readable Parquet file") from error
        for column in (REQUIRED | OPTIONAL)[name]:
            if column not in known:
                raise InputError(f"{path.name}: no column '{column}'{did_you_mean(column, known)}")
        return frame

    def rows(self, name: str, column: str = "", keys: Iterable[str] | None = None) -> list[Row]:
        """Return a table's rows, only those whose `column` is among `keys` when given."""
        frame = self.scan(name)
        if frame is None:
            return []
        if keys is not None:
            import polars as pl

            frame = frame.filter(pl.col(column).is_in(sorted(set(keys))))
        return frame.collect().to_dicts()


def capacity(manifest: Row) -> Row:
    """Return what the run's settings gave the officers, as `Capacity` names it; empty when they are not stated."""
    settings = manifest.get("settings")
    return (settings.get("capacity") or {}) if isinstance(settings, dict) else {}


def capacity_minutes(manifest: Row) -> int | None:
    """Return the minutes left for the ranked list, the control arm's share taken off; None when they are not stated."""
    given = capacity(manifest)
    if given.get("hours_per_month") is None:
        return None
    return round(float(given["hours_per_month"]) * 60 * (1 - float(given.get("control_share") or 0)))


def money(value: Any) -> Decimal | None:
    """Return an amount as Decimal; a float is rounded to the smallest unit first."""
    if value is None or isinstance(value, Decimal):
        return value
    return Decimal(str(round(value, 2) if isinstance(value, float) else value))


def text(value: Any) -> str:
    """Return a value as text, a missing one as the empty text."""
    return "" if value is None else str(value)


def texts(value: Any) -> tuple[str, ...]:
    """Return a list column, or text of several lines, as texts that are not blank."""
    if isinstance(value, str):
        value = value.splitlines()
    return tuple(said for item in value or () if (said := str(item).strip()))


def by(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    """Return rows grouped by one column."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


def read_manifest(folder: Path) -> Row:
    """Return the manifest; raises InputError when there is none or it cannot be read."""
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text("utf-8"), parse_float=Decimal)
    except FileNotFoundError as error:
        raise InputError(f"{folder.name}: no manifest.json, not a published run") from error
    except ValueError as error:
        raise InputError(f"manifest.json of {folder.name}: not readable JSON") from error
    missing = [key for key in ("run_id", "month") if key not in manifest]
    if missing:
        raise InputError(f"manifest.json of {folder.name}: no '{missing[0]}'{did_you_mean(missing[0], manifest)}")
    return manifest
