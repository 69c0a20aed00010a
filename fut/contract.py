"""Data contracts (Open Data Contract Standard v3.1): the one place that states a table's columns and promises.

Everything else about a table is derived here: DDL, schema, the validation query, the supplier's template.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from fut.errors import ConfigError, did_you_mean
from fut.strict import build, load_yaml

CONTRACTS = Path(__file__).resolve().parent.parent / "data_contracts"
LAYERS = ("raw", "core", "out")
RAW_META = {
    "_source": "VARCHAR",
    "_source_file": "VARCHAR",
    "_source_line": "BIGINT",
    "_delivered_month": "VARCHAR",
    "_unreadable": "VARCHAR[]",
}
_PREDICATE = re.compile(r"\s*SELECT\s+COUNT\(\*\)\s+FROM\s+\{table\}\s+WHERE\s+(?P<where>.+)", re.I | re.S)


@dataclass(frozen=True)
class Custom:
    """An ODCS customProperty, of a known name: a misspelt `pseudonym` would leave identities in the warehouse."""

    property: Literal["present", "unit", "values", "pseudonym", "grid", "keyPart", "auditOnly", "distinct", "neutral", "failing_sv"]  # fmt: skip
    value: Any


@dataclass(frozen=True)
class Quality:
    """An ODCS quality rule; `query` counts failing rows, so that its WHERE tells which rows fail."""

    name: str
    description: str
    query: str
    type: Literal["sql"] = "sql"
    severity: Literal["error", "warning"] = "error"
    dimension: str = "conformity"
    must_be: int = field(default=0, metadata={"key": "mustBe"})
    custom: tuple[Custom, ...] = field(default=(), metadata={"key": "customProperties"})

    @property
    def failing_sv(self) -> str:
        """Return in Swedish what a failing row is like; empty where the contract does not say."""
        return next((str(c.value) for c in self.custom if c.property == "failing_sv"), "")

    @property
    def predicate(self) -> str | None:
        """Return the condition a failing row meets; None when the rule is about the table as a whole."""
        found = _PREDICATE.fullmatch(self.query.strip())
        return found["where"].strip() if found else None


@dataclass(frozen=True)
class Column:
    """One column as an ODCS property states it."""

    name: str
    logical_type: Literal["string", "date", "timestamp", "number", "integer", "boolean", "array", "object"] = field(
        metadata={"key": "logicalType"}
    )
    physical_type: str = field(metadata={"key": "physicalType"})
    description: str
    label_sv: str = field(default="", metadata={"key": "businessName"})
    required: bool = False
    primary_key: bool = field(default=False, metadata={"key": "primaryKey"})
    primary_key_position: int = field(default=-1, metadata={"key": "primaryKeyPosition"})
    classification: Literal["public", "internal", "pii"] = "internal"
    quality: tuple[Quality, ...] = ()
    custom: tuple[Custom, ...] = field(default=(), metadata={"key": "customProperties"})

    def said(self, name: str, default: Any = None) -> Any:
        """Return a custom property (see `Custom`), `default` where the contract does not state it."""
        return next((c.value for c in self.custom if c.property == name), default)

    @property
    def must_be_present(self) -> bool:
        """Whether a delivery without this column is refused."""
        return bool(self.said("present", False))


@dataclass(frozen=True)
class _Table:
    name: str
    physical_name: str = field(metadata={"key": "physicalName"})
    description: str
    properties: tuple[Column, ...]
    label_sv: str = field(default="", metadata={"key": "businessName"})
    physical_type: str = field(default="table", metadata={"key": "physicalType"})
    quality: tuple[Quality, ...] = ()
    custom: tuple[Custom, ...] = field(default=(), metadata={"key": "customProperties"})


@dataclass(frozen=True)
class _Document:
    id: str
    name: str
    version: str
    schema: tuple[_Table, ...]
    api_version: str = field(default="v3.1.0", metadata={"key": "apiVersion"})
    kind: str = "DataContract"
    status: str = "active"
    domain: str = ""
    description: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Contract:
    """A table's contract, its file read and checked."""

    layer: str
    table: str
    version: str
    domain: str
    description: str
    label_sv: str
    columns: tuple[Column, ...]
    rules: tuple[Quality, ...]

    @property
    def physical(self) -> str:
        """Return the table's name in the warehouse, for example raw_ap_postings."""
        return f"{self.layer}_{self.table}"

    @property
    def names(self) -> tuple[str, ...]:
        """Return the column names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def key(self) -> tuple[str, ...]:
        """Return the columns that tell rows apart, in their order: the primary key, and parts that may be empty.

        A primary key has no empty part (Open Data Contract Standard): where one may be, all say `keyPart` instead.
        """
        places = {c.name: c.primary_key_position if c.primary_key else c.said("keyPart") for c in self.columns}
        return tuple(sorted((name for name in places if places[name] is not None), key=lambda name: places[name]))

    @property
    def amount(self) -> str | None:
        """Return the column whose kronor a row carries."""
        return "amount_sek" if "amount_sek" in self.names else None

    def column(self, name: str) -> Column:
        """Return one column; raises ConfigError with the nearest name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise ConfigError(f"{self.physical}: no column '{name}'{did_you_mean(name, self.names)}")

    def ddl(self, name: str | None = None) -> str:
        """Return CREATE TABLE for DuckDB; raw tables also carry where each row came from."""
        # words that hardly ever come again: a dictionary of them takes four times as long, packing slows every reader
        own = [c for c in self.columns if self.key == (c.name,) or c.said("distinct")]
        packed = {c.name: " USING COMPRESSION uncompressed" for c in own if c.physical_type == "VARCHAR"}
        columns = [f'"{c.name}" {c.physical_type}{packed.get(c.name, "")}' for c in self.columns]
        columns += [f"{column} {kind}" for column, kind in RAW_META.items() if self.layer == "raw"]
        return f"CREATE TABLE IF NOT EXISTS {name or self.physical} (\n  " + ",\n  ".join(columns) + "\n)"

    def row_rules(self) -> list[tuple[str, str, str]]:
        """Return (rule, severity, condition of a failing row), those that follow from the columns first."""
        rules = []
        for c in self.columns:
            if c.required:
                rules.append((f"missing:{c.name}", "error", f'"{c.name}" IS NULL'))
            if values := c.said("values"):
                listed = ", ".join("'" + str(v).replace("'", "''") + "'" for v in values)
                rules.append((f"value:{c.name}", "error", f'"{c.name}" NOT IN ({listed})'))
        written = [q for c in self.columns for q in c.quality] + list(self.rules)
        rules += [(q.name, q.severity, q.predicate) for q in written if q.predicate]
        return rules

    def table_rules(self) -> list[Quality]:
        """Return the rules that judge the table as a whole."""
        return [q for q in (*self.rules, *(q for c in self.columns for q in c.quality)) if not q.predicate]

    def validation_sql(self) -> str:
        """Return ONE query giving every failing row of the raw table with each rule it breaks."""
        rules = self.row_rules()
        tests = [f"CASE WHEN {condition} THEN '{name}' END" for name, _, condition in rules]
        unreadable = "list_transform(_unreadable, lambda c: 'unreadable:' || c)"
        weak = ", ".join(f"'{name}'" for name, severity, _ in rules if severity == "warning")
        key = self.key or ("_source_line",)
        row_key = " || '|' || ".join(f"coalesce(\"{k}\"::VARCHAR, '')" for k in key)
        return (
            f"SELECT _source, _source_file, _source_line, _delivered_month, {row_key} AS row_key, "
            f"{self.amount or 'NULL::DECIMAL(14,2)'} AS amount_sek, rule, "
            f"CASE WHEN rule IN ({weak or 'NULL'}) THEN 'warning' ELSE 'error' END AS severity FROM (SELECT *, unnest(list_filter("
            f"list_concat([{', '.join(tests) or 'NULL'}], {unreadable}), lambda r: r IS NOT NULL)) AS rule "
            f"FROM {self.physical} WHERE {' OR '.join(f'({c})' for _, _, c in rules) or 'false'} OR len(_unreadable) > 0)"
        )

    def template(self) -> str:
        """Return the CSV header a supplier of data can start from (canonical dialect)."""
        return ",".join(self.names) + "\n"


def load_contract(path: Path) -> Contract:
    """Read one contract file strictly; raises ConfigError naming the file and the wrong key."""
    document = build(_Document, load_yaml(path), path.name)
    layer = path.parent.name
    if len(document.schema) != 1:
        raise ConfigError(f"{path.name}: one contract states one table, found {len(document.schema)}")
    table = document.schema[0]
    expected = f"{layer}_{table.name}"
    if table.physical_name != expected or path.name != f"{table.name}.odcs.yaml":
        raise ConfigError(f"{path.name}: name, physicalName '{expected}' and file name must agree")
    names = [c.name for c in table.properties]
    twice = {n for n in names if names.count(n) > 1}
    if twice:
        raise ConfigError(f"{path.name}: column '{min(twice)}' is stated twice")
    return Contract(
        layer, table.name, document.version, document.domain, table.description, table.label_sv,
        table.properties, table.quality,
    )  # fmt: skip


@cache
def load_contracts(layer: str, root: Path = CONTRACTS) -> dict[str, Contract]:
    """Return a layer's contracts by table name, sorted; a core table without one keeps its raw contract."""
    found = {c.table: c for c in map(load_contract, sorted((root / layer).glob("*.odcs.yaml")))}
    if layer == "core":
        for table, raw in load_contracts("raw", root).items():
            if table != "ap_postings":
                found.setdefault(table, _as_core(raw))
    return dict(sorted(found.items()))


def _as_core(raw: Contract) -> Contract:
    return replace(raw, layer="core")


def contract(layer: str, table: str) -> Contract:
    """Return one contract; raises ConfigError with the nearest table name."""
    contracts = load_contracts(layer)
    if table not in contracts:
        raise ConfigError(f"no contract for table '{table}' in {layer}{did_you_mean(table, contracts)}")
    return contracts[table]


def all_contracts(layers: Iterable[str] = LAYERS) -> list[Contract]:
    """Return every contract of the layers, raw first."""
    return [c for layer in layers for c in load_contracts(layer).values()]
