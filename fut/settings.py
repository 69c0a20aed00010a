"""One strict YAML per municipality: what is read, limits of the team's time, thresholds, seeds. No secrets."""

import hashlib
import re
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_type_hints

from fut.errors import ConfigError, did_you_mean
from fut.limit import Limit, require_limits
from fut.period import is_month
from fut.retention import Retention, require_sense
from fut.strict import build, load_yaml

NO_RESULT = ("path", "inbox", "var", "key_file", "areas", "review", "retention")
"""Settings that change no result of a run, and so no run's identity."""

MEASURED = ("ap_postings", "visits", "compensation_lines")
MEASURES = ("rows", "sek", "new_account_share", "no_invoice_share", "hidden_payee_share", "columns")
CARE_MEASURES = ("rows", "mean_minutes", "median_sek", "new_client_share")
"""Tables whose drift is measured, the ledger's measures and those of care; of care `null_share_<column>` are too."""


def called(name_sv: str, default: Any = MISSING) -> Any:
    """Return a dataclass field whose setting reports call `name_sv`."""
    return field(default=default, metadata={"name_sv": name_sv})


def name_sv(setting: str) -> str:
    """Return what reports call a setting, given as the manifest has it (`capacity.control_share`), else its name."""
    kind, said = Settings, setting
    for part in setting.split("."):
        known = {one.name: one for one in fields(kind)} if is_dataclass(kind) else {}
        if part not in known:
            return setting
        said, kind = known[part].metadata.get("name_sv", setting), get_type_hints(kind)[part]
    return said


@dataclass(frozen=True)
class Source:
    """One kind of file in the inbox: which dialect reads it and which names it has (a glob).

    `ids` names the register its local ids (clients, carers, devices) come from. Sources that share a register name the
    same one, so that a client of the lock system is the client of the decisions; else the ids are the source's own.
    """

    name: str
    dialect: str
    files: str = "*"
    ids: str = ""

    @property
    def namespace(self) -> str:
        """Return what the source's local ids are unique within."""
        return self.ids or self.name


@dataclass(frozen=True)
class Capacity:
    """What the officers have time for in a month; `control_share` of it goes to the random control arm.

    Payments whose error is at least as probable as `likely_probability` stand before the others: a large sum that is
    probably right would else take the hours of many that are probably wrong.
    """

    hours_per_month: float = called("Timmar för granskning per månad", 40.0)
    control_share: float = called("Andel av tiden som går till slumpurvalet", 0.15)
    longest_list: int = called("Längsta lista, betalningar", 400)
    likely_probability: float = called("Sannolikhet för fel som sätter en betalning först", 0.3)


@dataclass(frozen=True)
class AcceptedChange:
    """A drift the municipality knows of: the month is ranked although the measure left its fence."""

    month: str
    table: str
    measure: str
    reason: str


@dataclass(frozen=True)
class Checks:
    """When data quality blocks ranking."""

    row_change_share: float = 0.2
    null_change_share: float = 0.25
    new_vocabulary_share: float = 0.5
    quarantine_block_share: float = 0.02
    accepted: tuple[AcceptedChange, ...] = ()


@dataclass(frozen=True)
class Municipality:
    """Who the data controller is: one municipality, one warehouse."""

    id: str = called("Kommunens beteckning")
    name: str = called("Kommun")
    org_no: str = ""


@dataclass(frozen=True)
class Review:
    """The officers' application: where decisions are kept and how people sign in. Changes no result of a run.

    `database` is an SQLAlchemy address, by default a file under `var`. `sign_in` is local accounts, an OpenID Connect
    provider (`issuer`, `client_id`; the secret comes from FUTVAKT_OIDC_SECRET) or a proxy in front that has signed the
    person in and says so in `proxy_header` (believed from `proxies` alone).
    """

    database: str = ""
    sign_in: Literal["local", "oidc", "proxy"] = "local"
    issuer: str = ""
    client_id: str = ""
    proxies: tuple[str, ...] = ()
    proxy_header: str = "X-Remote-User"
    address: str = ""
    idle_minutes: int = 30
    answer_days: int = 14


@dataclass(frozen=True)
class Settings:
    """Everything a run depends on besides the data; `path` is the file it was read from.

    `areas` is a GeoJSON file of the municipality's areas (WGS 84), drawn by the officers' application alone.
    """

    municipality: Municipality
    sources: tuple[Source, ...]
    inbox: Path
    var: Path
    currency: str = called("Valuta", "SEK")
    attribution: str = ""
    seed: int = called("Slumpfrö", 1)
    capacity: Capacity = field(default_factory=Capacity)
    checks: Checks = field(default_factory=Checks)
    limits: tuple[Limit, ...] = ()
    indicators: dict[str, dict[str, Any]] = field(default_factory=dict)
    switched_off: tuple[str, ...] = called("Avstängda indikatorer", ())
    key_file: Path | None = None
    areas: Path | None = None
    review: Review = field(default_factory=Review)
    retention: Retention = field(default_factory=Retention)
    is_demo: bool = False
    path: Path = Path()

    @property
    def warehouse(self) -> Path:
        """Return the municipality's own DuckDB file."""
        return self.var / "warehouse" / f"{self.municipality.id}.duckdb"

    @property
    def scratch(self) -> Path:
        """Return the folder of what one process stages, whose rows may name people: emptied by whoever opens the warehouse."""
        return self.var / "tmp" / self.municipality.id

    @property
    def published(self) -> Path:
        """Return the folder of the municipality's published snapshots."""
        return self.var / "published" / self.municipality.id

    @property
    def reports(self) -> Path:
        """Return the folder of the municipality's lists and reports, a folder a month."""
        return self.var / "reports" / self.municipality.id

    def digest(self) -> str:
        """Return a hash of what the settings say, independent of where the file lies."""
        said = {k: v for k, v in sorted(vars(self).items()) if k not in NO_RESULT}
        return hashlib.sha256(repr(said).encode()).hexdigest()


def load_settings(path: Path) -> Settings:
    """Read a municipality's settings; paths in it are relative to the file. Raises ConfigError."""
    data = load_yaml(path)
    if "path" in data:
        raise ConfigError(f"{path.name}: unknown key 'path'")
    data.setdefault("inbox", "inbox")
    data.setdefault("var", "var")
    settings = build(Settings, data | {"path": str(path)}, path.name)
    _require_sense(settings, path.name)
    base = path.resolve().parent
    resolved = {name: (base / getattr(settings, name)).resolve() for name in ("inbox", "var")}
    resolved |= {name: (base / said).resolve() for name in ("key_file", "areas") if (said := getattr(settings, name))}
    return Settings(**(vars(settings) | resolved))


def _require_sense(settings: Settings, where: str) -> None:
    """Raise ConfigError for a value of the right type that can mean nothing, which would else be passed over silently."""
    if not re.fullmatch(r"\w[\w-]*", settings.municipality.id):
        raise ConfigError(f"{where}.municipality.id: names files, so it holds letters, digits, '-' and '_' alone")
    if not re.fullmatch(r"[A-Z]{3}", settings.currency):
        raise ConfigError(f"{where}.currency: expected a code of three capital letters, as SEK")
    require_sense(settings.retention, where)
    capacity, checks = settings.capacity, settings.checks
    if capacity.hours_per_month < 0 or capacity.longest_list < 0:
        raise ConfigError(f"{where}.capacity: hours_per_month and longest_list are not below 0")
    shares = {f"capacity.{name}": getattr(capacity, name) for name in ("control_share", "likely_probability")}
    shares["checks.quarantine_block_share"] = checks.quarantine_block_share
    for name, share in shares.items():
        if not 0 <= share <= 1:
            raise ConfigError(f"{where}.{name}: expected a share between 0 and 1, as 0.15")
    for name in ("row_change_share", "null_change_share", "new_vocabulary_share"):
        if getattr(checks, name) < 0:
            raise ConfigError(f"{where}.checks.{name}: expected a share of at least 0, as 0.2")
    require_limits(settings.limits, where)
    for i, change in enumerate(checks.accepted):
        said = f"{where}.checks.accepted[{i}]"
        if not is_month(change.month):
            raise ConfigError(f"{said}.month: expected a month as 2026-10")
        if change.table not in MEASURED:
            raise ConfigError(f"{said}.table: '{change.table}' is not measured{did_you_mean(change.table, MEASURED)}")
        known = sorted({*MEASURES, *CARE_MEASURES})
        if change.measure not in known and not change.measure.startswith("null_share_"):
            raise ConfigError(f"{said}.measure: no measure '{change.measure}'{did_you_mean(change.measure, known)}")


def exact(amount: float) -> Decimal:
    """Return a settings amount as exact decimal with two places."""
    return Decimal(repr(amount)).quantize(Decimal("0.01"))
