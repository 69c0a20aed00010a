"""What a feature module must state, and what no model may see."""

from dataclasses import replace
from types import ModuleType

import polars as pl
import pytest

from fut import feature
from fut.contract import Custom, load_contracts
from fut.errors import ConfigError
from fut.feature import Feature, collect_features, feature_matrix, refuse, refuse_in_sql, refused_columns

TAIL = "Swedish: Andel\nUnit: share\nBad tail: high"


def module(source: str, columns: tuple[str, ...] = ("month_count", "amount_sek")) -> ModuleType:
    made = ModuleType("drawn_features")
    made.__dict__.update(pl=pl, COLUMNS=columns)
    exec(compile(source, "drawn_features.py", "exec"), made.__dict__)
    return made


def function(name: str, doc: str, expression: str) -> str:
    return f"def {name}() -> pl.Expr:\n    {doc!r}\n    return {expression}\n"


def test_features_come_in_the_order_they_are_written_with_what_they_state() -> None:
    source = function(
        "zebra",
        "Stripes.\n\nSwedish: Antal ränder\nUnit: count\nBad tail: both\nExposure: days.\nCounted: amount_sek of month_count",
        "pl.col('month_count')",
    )
    source += function("ant", f"Legs.\n\n{TAIL}", "pl.col('amount_sek') / pl.col('month_count')")
    source += "def _helper(x: str) -> pl.Expr:\n    return pl.col(x)\ndef load() -> int:\n    return 1\n"
    zebra, ant = collect_features(module(source))
    assert (zebra.name, zebra.sentence, zebra.unit, zebra.bad_tail) == ("zebra", "Stripes.", "count", "both")
    assert (zebra.exposure, ant.exposure) == ("days", "")
    assert (zebra.label_sv, ant.label_sv) == ("Antal ränder", "Andel")
    assert ant.columns == ("amount_sek", "month_count")
    assert (zebra.hits, zebra.exposed, ant.hits, ant.exposed) == ("amount_sek", "month_count", "", "")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (function("a", "No label.\n\nUnit: sek\nBad tail: high", "pl.col('amount_sek')"), "no line 'Swedish: ...'"),
        (
            function(
                "a", "x.\n\nSwedish: ett två tre fyra fem sex sju\nUnit: sek\nBad tail: high", "pl.col('amount_sek')"
            ),
            "over 6 words",
        ),
        (
            function("a", f"x.\n\n{TAIL}", "pl.col('amount_sek')") + function("b", f"x.\n\n{TAIL}", "pl.lit(1)"),
            "feature b: a has the same Swedish label",
        ),
        (
            function("a", f"x.\n\n{TAIL}\nCounted: amount_se of month_count", "pl.col('amount_sek')"),
            "no column 'amount_se', did you mean 'amount_sek'?",
        ),
        (function("a", f"x.\n\n{TAIL}\nCounted: person_ref", "pl.col('amount_sek')"), "no model may see it"),
        (function("a", "No unit.\n\nSwedish: Andel\nBad tail: high", "pl.col('amount_sek')"), "no line 'Unit: ...'"),
        (function("a", "No tail.\n\nSwedish: Andel\nUnit: sek", "pl.col('amount_sek')"), "no line 'Bad tail: ...'"),
        (
            function("a", "x.\n\nSwedish: Andel\nUnit: sek\nBad tail: hihg", "pl.col('amount_sek')"),
            "did you mean 'high'?",
        ),
        (function("a", f"x.\n\n{TAIL}", "pl.col('amount_sk')"), "did you mean 'amount_sek'?"),
        (f"def a(x: str) -> pl.Expr:\n    '''x.\n\n{TAIL}'''\n    return pl.col(x)\n", "takes parameters"),
        ("", "states no feature"),
    ],
)
def test_a_module_that_states_too_little_is_refused(source: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        collect_features(module(source))
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "column",
    ["supplier_name", "entity_key", "payee_account", "text", "birth_country", "client_age", "sex", "postal_code",
     "language", "religion", "family_status", "household_postcode", "first_name", "nationality_code", "kon", "klient_ålder",
     "age65", "fodelsear", "födelseland", "postnr", "zip_code", "medborgarskap", "sprak", "is_female", "dob", "origin",
     "civilstand", "diagnosis_code", "agegroup", "efternamn"],
)  # fmt: skip
@pytest.mark.parametrize(
    "expression",
    ["pl.col('{}')", "pl.col('amount_sek').sum().over('{}')", "pl.when(pl.col('{}') == 'x').then(1).otherwise(0)"],
)
def test_personal_and_audit_only_columns_never_reach_a_matrix(column: str, expression: str) -> None:
    expr = eval(expression.format(column), {"pl": pl})
    frame = pl.DataFrame({column: ["x", "y"], "amount_sek": [1.0, 2.0]})
    with pytest.raises(ConfigError, match=f"column '{column}'"):
        collect_features(module(function("a", f"x.\n\n{TAIL}", expression.format(column)), tuple(frame.columns)))
    by_hand = Feature("a", "x.", "share", "high", "", (), expr.alias("harmless"))
    with pytest.raises(ConfigError, match=f"column '{column}'"):
        feature_matrix(frame, [by_hand])


@pytest.mark.parametrize(
    "expression",
    ["pl.first()", "pl.nth(1)", "pl.all().sum()", "pl.col('^b.*$')", "cs.by_name('birth_year')", "pl.col('amount_sek') * pl.last()",
     "pl.col('person').struct.field('sex')"],
)  # fmt: skip
def test_a_column_without_a_name_to_judge_never_reaches_a_matrix(expression: str) -> None:
    expr = eval(expression, {"pl": pl, "cs": pl.selectors})
    frame = pl.DataFrame({"birth_year": [1], "amount_sek": [1.0], "person": [{"sex": 1}]})
    with pytest.raises(ConfigError, match=r"names no column|describes a person"):
        feature_matrix(frame, [Feature("a", "x.", "share", "high", "", (), expr.alias("harmless"))])


def test_a_column_its_contract_marks_audit_only_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    payments = load_contracts("core")["payments"]
    marked = replace(payments.column("department"), custom=(Custom("auditOnly", True),))
    monkeypatch.setattr(feature, "load_contracts", lambda layer: {"payments": replace(payments, columns=(marked,))})
    refused_columns.cache_clear()
    try:
        with pytest.raises(ConfigError, match="'department' is personal data or audit-only"):
            refuse(["department"], "test")
    finally:
        refused_columns.cache_clear()


@pytest.mark.parametrize(
    "column",
    [
        "amount_sek",
        "average_sek",
        "usage_share",
        "stage",
        "counter",
        "department",
        "original_sek",
        "icon_count",
        "islands",
    ],
)
def test_columns_that_only_look_alike_are_allowed(column: str) -> None:
    refuse([column], "test")
    assert column not in refused_columns()


def test_a_history_query_may_group_by_a_payee_but_not_read_its_name() -> None:
    refuse_in_sql("-- a name\nSELECT hash(entity_key), 'language' FROM core_payments", "q", keys=("entity_key",))
    with pytest.raises(ConfigError, match="'supplier_name'"):
        refuse_in_sql("SELECT length(supplier_name) AS harmless FROM core_payments", "q")


def test_a_matrix_is_floats_with_null_for_what_is_not_finite() -> None:
    frame = pl.DataFrame({"month_count": [0, 3, None], "amount_sek": [1.0, 2.0, 4.0]})
    ratio = Feature("ratio", "", "", "high", "", (), pl.col("amount_sek") / pl.col("month_count"))
    flag = Feature("large", "", "", "high", "", (), pl.col("amount_sek") > 1)
    matrix = feature_matrix(frame, [ratio, flag])
    assert matrix.schema == {"ratio": pl.Float64, "large": pl.Float64}
    assert matrix.rows() == [(None, 0.0), (0.666667, 1.0), (None, 1.0)]


def test_a_matrix_of_a_frame_without_the_column_names_the_nearest() -> None:
    absent = Feature("a", "", "", "high", "", (), pl.col("month_count"))
    with pytest.raises(ConfigError, match="did you mean 'month_cont'"):
        feature_matrix(pl.DataFrame({"month_cont": [1]}), [absent])
