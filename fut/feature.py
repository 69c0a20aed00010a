"""Features: one public function is one column, with its unit and its bad tail; what no model may see is refused here.

A feature function takes nothing and returns a `pl.Expr`. Its docstring is one sentence, then lines `Swedish: ...` (the
label officers read, at most six words), `Unit: ...`, `Bad tail: high|low|both` and, where it is a rate or a deviation,
`Exposure: ...` (what it is conditional on). A line `Counted: hits of exposure`, or `Counted: exposure`, names the columns
that a payee's profile tells as plain numbers.
"""

import inspect
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import FunctionType, ModuleType
from typing import Literal, get_args

import polars as pl

from fut.contract import load_contracts
from fut.errors import ConfigError, did_you_mean

Tail = Literal["high", "low", "both"]
DECIMALS = 6
LABEL_WORDS = 6
# what describes a person, in English and Swedish: whole words (with a number after them too), and parts of words
_WHOLE_WORDS = (
    "age ages dob yob sex gender female male woman man women men name names initials birth kin origin senior zip pnr ssn "
    "kön kon ålder alder namn land gift"
)
_PARTS = (
    "agegr birthd birthy born nationality citizen country languag mother_tongue religio faith family marital married widow "
    "spouse ethnic immigra postcode postal zipcode neighbourhood surname firstname lastname maiden diagnos disab "
    "needs_interpreter personnummer person_no personnr åldersg aldersg född fodd födel fodel medborgar språk sprak trossamf "
    "civilst invandr utrikes postn bostadsomr förnamn fornamn efternamn funktionsn tolkbehov"
)
_FORBIDDEN = re.compile(
    rf"(?:^|_)(?:{'|'.join(_WHOLE_WORDS.split())})(?:_|\d|$)|{'|'.join(_PARTS.split())}", re.IGNORECASE
)
_STRUCT_FIELD = re.compile(r"field_by_name\((\w+)\)")


@dataclass(frozen=True)
class Feature:
    """One column of a feature matrix; `columns` are the columns of the frame it is computed from.

    `label_sv` is what officers read; only a feature made by hand may lack it. `hits` and `exposed` are the columns its
    rate is of; "" where it tells none.
    """

    name: str
    sentence: str
    unit: str
    bad_tail: Tail
    exposure: str
    columns: tuple[str, ...]
    expr: pl.Expr = field(compare=False, repr=False)
    label_sv: str = ""
    hits: str = ""
    exposed: str = ""


@cache
def refused_columns() -> frozenset[str]:
    """Return the columns that any core contract marks as personal data (`pii`) or audit-only."""
    return frozenset(
        column.name
        for contract in load_contracts("core").values()
        for column in contract.columns
        if column.classification == "pii" or column.said("auditOnly")
    )


def refuse(names: Iterable[str], where: str) -> None:
    """Raise ConfigError when one of the columns may not reach a model: personal data, audit-only, forbidden word."""
    for name in sorted(set(names)):
        if name in refused_columns():
            raise ConfigError(f"{where}: column '{name}' is personal data or audit-only; no model may see it")
        if _FORBIDDEN.search(name):
            raise ConfigError(f"{where}: column '{name}' describes a person; no model may see it")


def refuse_in_sql(sql: str, where: str, keys: Iterable[str] = ()) -> None:
    """Refuse a history query that mentions a refused column; `keys` are the ones it only groups by."""
    bare = re.sub(r"--[^\n]*|'[^']*'", " ", sql)
    refuse(set(re.findall(r"[A-Za-z_]\w*", bare)) - set(keys), where)


def collect_features(module: ModuleType) -> list[Feature]:
    """Return the module's features in the order they are written.

    The module states in `COLUMNS` which columns its frame has. Raises ConfigError for a missing label, unit or tail,
    for a label that is too long or another feature's, a column the frame does not have, and one no model may see.
    """
    known: Sequence[str] = getattr(module, "COLUMNS", ())
    functions = [
        f
        for name, f in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_")
        and f.__module__ == module.__name__
        and inspect.signature(f).return_annotation is pl.Expr
    ]
    features = [_feature(f, known) for f in sorted(functions, key=lambda f: f.__code__.co_firstlineno)]
    if not features:
        raise ConfigError(f"{module.__name__}: states no feature (a public function that returns pl.Expr)")
    labels: dict[str, str] = {}
    for feature in features:
        if labels.setdefault(feature.label_sv, feature.name) != feature.name:
            raise ConfigError(f"feature {feature.name}: {labels[feature.label_sv]} has the same Swedish label")
    return features


def feature_matrix(frame: pl.DataFrame, features: Sequence[Feature]) -> pl.DataFrame:
    """Return a Float64 frame of shape (rows, features), rounded to 6 decimals; what is not finite is null.

    Raises ConfigError for a column the frame does not have and for one no model may see.
    """
    for feature in features:
        _check_columns(feature.expr, feature.name, frame.columns)
    wide = frame.select(feature.expr.cast(pl.Float64).alias(feature.name) for feature in features)
    finite = pl.all()
    return wide.select(pl.when(finite.is_finite()).then(finite.round(DECIMALS)))


def _feature(function: FunctionType, known: Sequence[str]) -> Feature:
    name = function.__name__
    where = f"feature {name}"
    doc = inspect.getdoc(function) or ""
    said = dict(re.findall(r"^(Swedish|Unit|Bad tail|Exposure|Counted): (.+?)\.?$", doc, re.MULTILINE))
    for needed in ("Swedish", "Unit", "Bad tail"):
        if needed not in said:
            raise ConfigError(f"{where}: its docstring has no line '{needed}: ...'")
    if len(said["Swedish"].split()) > LABEL_WORDS:
        raise ConfigError(f"{where}: its Swedish label is over {LABEL_WORDS} words")
    if said["Bad tail"] not in get_args(Tail):
        raise ConfigError(f"{where}: bad tail '{said['Bad tail']}'{did_you_mean(said['Bad tail'], get_args(Tail))}")
    if inspect.signature(function).parameters:
        raise ConfigError(f"{where}: takes parameters; a helper's name starts with _")
    expr: pl.Expr = function()
    columns = _check_columns(expr, name, known)
    refuse([name], where)
    sentence = " ".join(doc.split("\n\n")[0].split())
    exposure = said.get("Exposure", "")
    hits, _, exposed = said.get("Counted", "").rpartition(" of ")
    counted = tuple(column for column in (hits, exposed) if column)
    refuse(counted, where)
    _require(counted, name, known)
    return Feature(
        name, sentence, said["Unit"], said["Bad tail"], exposure, columns, expr, said["Swedish"], hits, exposed
    )


def _check_columns(expr: pl.Expr, name: str, known: Sequence[str]) -> tuple[str, ...]:
    # all columns, those of a pattern or a place, have no names to judge
    if expr.meta.has_multiple_outputs() or expr.meta.is_regex_projection():
        raise ConfigError(f"feature {name}: names no column, write pl.col with one column")
    columns = tuple(sorted(set(expr.meta.root_names())))
    refuse([*columns, *_STRUCT_FIELD.findall(str(expr))], f"feature {name}")
    _require(columns, name, known)
    return columns


def _require(columns: Iterable[str], name: str, known: Sequence[str]) -> None:
    for column in columns:
        if column not in known:
            raise ConfigError(f"feature {name}: no column '{column}'{did_you_mean(column, known)}")
