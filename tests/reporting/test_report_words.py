"""Swedish words for codes: named by contracts where they can be, filled slots, no code left without a word."""

import re
from pathlib import Path

import pytest

from features import carer_month, delivery_month, payment, provider_month, supplier_year, visit_day
from fut.contract import contract, load_contracts
from fut.feature import collect_features
from fut.settings import CARE_MEASURES, MEASURES
from reporting import words
from reporting.format import MISSING, NBSP, by_unit
from reporting.glossary import GLOSSARY

GRAINS = (payment, supplier_year, visit_day, carer_month, delivery_month, provider_month)


def test_columns_and_tables_are_named_by_their_contracts():
    assert words.column_label("booking_date", "raw_ap_postings") == "Bokföringsdatum"
    assert words.column_label("ap_postings.payee_account") == "Mottagarkonto"
    assert words.column_label("no_such_column") == "No such column"
    assert words.table_label("core_payments") == words.table_label("payments")
    assert words.field_label("payee_account") == "Mottagarkonto (payee_account)"
    assert words.field_label("approvals").endswith("(approvals)")
    told = words.against_text("HC41: kan inte avgöras utan uppgiften visits")
    assert told == f"HC41: kan inte avgöras utan uppgiften {words.field_label('visits')}"
    assert told.endswith("(visits)")
    assert words.against_text("HC12: förklaras av samma byggnad") == "HC12: förklaras av samma byggnad"


def test_rules_read_as_swedish():
    assert words.rule_text("ap_postings", "missing:booking_date") == "Saknar Bokföringsdatum"
    assert words.rule_text("permits", "ends_before_start") == "Tillståndet slutar innan det börjar"
    assert words.rule_text("core_visits", "month_early") == "Levererat före besöket"
    assert words.rule_text("ap_postings", "booked_far_after_file") == "Bokförd långt efter filens övriga rader"
    assert words.rule_text("ap_postings", "shifted_columns") == "Shifted columns"


@pytest.mark.parametrize(
    ("table", "measure", "lower", "upper", "said"),
    [
        ("ap_postings", "rows", 90.0, 400.5, "Rader 90 till 400,5"),
        ("ap_postings", "hidden_payee_share", 0.01, 0.043, "Andel med dold mottagare 1,0 % till 4,3 %"),
        ("visits", "new_client_share", None, 0.2, "Andel rader om nya brukare högst 20,0 %"),
        ("visits", "null_share_actual_end", 0.1, None, "Andel utan Slut minst 10,0 %"),
        ("visits", "mean_minutes", None, None, "Minuter per besök –"),
    ],
)
def test_a_measure_of_a_delivery_reads_as_swedish_with_its_fence(table, measure, lower, upper, said):
    told = f"{words.drift_name(table, measure)} {words.drift_fence(measure, lower, upper)}"
    assert told.replace(NBSP, " ") == said


def test_every_measure_of_drift_has_a_word_and_no_other_has():
    assert set(words.DRIFT_NAMES) == {*MEASURES, *CARE_MEASURES}


def test_every_rule_of_a_delivery_says_in_swedish_what_breaks_it():
    stated = [(c.table, rule.name, rule.failing_sv) for c in load_contracts("raw").values() for rule in c.rules]
    assert len(stated) > 30
    assert [(table, name) for table, name, text in stated if not text or text.endswith(".")] == []


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"days": 30}, "inom 30 dagar"),
        ({}, "inom … dagar"),
        ({"days": 2.5}, "inom 2,5 dagar"),
        ({"days": True}, "inom … dagar"),
    ],
)
def test_slots_are_filled_or_dotted(parameters, text):
    assert words.filled("inom {days} dagar", parameters) == text


@pytest.mark.parametrize(("value", "text"), [(0.9, "90 %"), (0.07, "7 %"), (0.005, "0,5 %"), (1, "100 %")])
def test_shares_are_told_as_per_cent(value, text):
    assert words.filled("minst {least_share}", {"least_share": value}).replace("\xa0", " ") == f"minst {text}"


@pytest.mark.parametrize(
    ("currency", "text"), [("SEK", "minst 500 kr"), ("GBP", "minst 500 £"), ("USD", "minst 500 USD")]
)
def test_amounts_are_told_in_the_ledgers_own_currency(currency, text):
    assert words.filled("minst {floor_sek} kr", {"floor_sek": 500}, currency) == text
    assert words.filled("{days} kryss, 60 kr", {"days": 2}, currency) == "2 kryss, 60 kr"


def test_a_month_of_service_has_one_name():
    named = {c.label_sv for layer in ("raw", "core", "out") for t in load_contracts(layer).values() for c in t.columns
             if c.name == "service_month"}  # fmt: skip
    assert named == {"Tjänstemånad"}


def test_words_that_officers_meet_are_those_of_the_glossary():
    glossary = (Path(__file__).parents[2] / "GLOSSARY.md").read_text(encoding="utf-8").lower()
    explained = {
        cell.strip() for line in glossary.splitlines() if line.startswith("| ") for cell in line.split("|")[1:2]
    }
    assert [word for word, _ in GLOSSARY if word.lower() not in explained] == []


def test_identifiers_of_the_glossary_are_those_of_the_code():
    root = Path(__file__).parents[2]
    named = [
        line.split("|")[3] for line in (root / "GLOSSARY.md").read_text("utf-8").splitlines() if line.startswith("| ")
    ]
    folders = [
        "commands",
        "core",
        "data_contracts",
        "features",
        "fut",
        "indicators",
        "models",
        "pipelines",
        "reporting",
        "review",
    ]
    files = [
        file for name in folders for end in ("py", "yaml", "sql", "html") for file in (root / name).rglob(f"*.{end}")
    ]
    known = {word for file in files for word in re.findall(r"\w+", file.read_text("utf-8"))}
    used = {
        word
        for cell in named
        for identifier in re.findall("`([^`]+)`", cell)
        for word in re.findall(r"\w+", identifier)
    }
    assert len(used) > 100
    assert used - known - set(folders) == set()


def test_parameters_that_are_not_an_object_give_none():
    assert words.parsed_parameters('{"days": 3}') == {"days": 3}
    assert [words.parsed_parameters(t) for t in (None, "", "[1]", "{")] == [{}, {}, {}, {}]


@pytest.mark.parametrize(
    ("table", "column", "known"),
    [
        ("coverage", "status", words.STATUSES),
        ("drift", "status", words.DRIFT_STATUSES),
        ("quarantine", "severity", words.SEVERITIES),
        ("flags", "evidence_class", words.EVIDENCE_CLASSES),
    ],
)
def test_every_published_code_has_a_word(table, column, known):
    assert set(contract("out", table).column(column).said("values")) == set(known)


@pytest.mark.parametrize(
    ("column", "known"), [("verdict", words.OUTCOMES), ("cause", words.CAUSES), ("intent", words.INTENTS)]
)
def test_every_outcome_code_has_one_word(column, known):
    assert set(contract("raw", "outcomes").column(column).said("values")) == set(known)
    assert len(set(known.values())) == len(known)


def test_every_unit_of_a_feature_has_its_swedish_and_a_shown_value() -> None:
    units = {feature.unit for module in GRAINS for feature in collect_features(module)}
    assert units == set(words.UNITS)
    assert [by_unit(unit, 1.0) for unit in ("share", "hours", "log2 ratio", "yes or no")] == [
        f"100,0{NBSP}%", f"1{NBSP}tim", "2,0", "Ja",
    ]  # fmt: skip
    assert by_unit("standard deviations", None) == MISSING


def test_a_difference_to_peers_is_called_so() -> None:
    """`Andel besök utan öppnat lås: −1 %` told of a share below nothing: it was the difference to the peers' share."""
    told = [
        f.label_sv
        for module in GRAINS
        for f in collect_features(module)
        if "than the peers'" in f.sentence and f.unit == "share"
    ]
    assert len(told) > 10
    assert [label for label in told if "liknande" not in label] == []


@pytest.mark.parametrize("table", ["visits", "lock_events"])
def test_what_registered_a_visit_is_called_by_a_word_true_of_phones_locks_and_tags(table):
    assert words.column_label("device_ref", table) == "Registreringsenhet"
