"""Settings: what cannot mean anything is one clear line, never passed over."""

from pathlib import Path

import pytest

from fut.errors import ConfigError
from fut.settings import load_settings

WHOLE = """municipality: {{id: {id}, name: Storstad}}
currency: {currency}
sources: [{{name: ledger, dialect: canonical}}]
capacity: {{hours_per_month: {hours}, control_share: {share}}}
limits:
  - {{kind: {kind}, {unit}: {limit}, valid_from: {day}, valid_to: {last}}}
  - {{kind: approval, amount_sek: 5, valid_from: {second}}}
checks: {{row_change_share: {change}, accepted: [{{month: {month}, table: {table}, measure: {measure}, reason: holidays}}]}}
"""
GOOD = {
    "id": "storstad-2", "currency": "SEK", "hours": "40", "share": "0.15", "day": "2026-01-01", "month": "2026-07",
    "table": "ap_postings", "measure": "rows", "limit": "1", "kind": "approval", "unit": "amount_sek", "second": "2026-01-02", "last": "2026-01-01", "change": "0.2",
}  # fmt: skip


def said_of(folder: Path, **changes: str) -> str:
    """Return what is wrong with the settings; nothing when they load."""
    path = folder / "m.yaml"
    path.write_text(WHOLE.format(**GOOD | changes), encoding="utf-8")
    try:
        load_settings(path)
    except ConfigError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id": "../other"}, "m.yaml.municipality.id: names files"),
        ({"id": "''"}, "m.yaml.municipality.id: names files"),
        ({"currency": "kronor"}, "m.yaml.currency: expected a code"),
        ({"hours": "-1"}, "m.yaml.capacity: hours_per_month"),
        ({"share": "15"}, "m.yaml.capacity.control_share: expected a share between 0 and 1"),
        ({"share": "-0.1"}, "m.yaml.capacity.control_share: expected a share between 0 and 1"),
        ({"day": "2026-13-01"}, "m.yaml: a date or number cannot be (month must be in 1..12)"),
        ({"limit": "-1"}, "m.yaml.limits[0].amount_sek: expected an amount above 0"),
        ({"kind": "daily_rest"}, "m.yaml.limits[0]: 'daily_rest' is stated as hours, and as that alone"),
        ({"kind": "daily_rest", "unit": "hours", "limit": "25"}, "m.yaml.limits[0].hours: a day has 24 hours"),
        ({"kind": "tax_deduction"}, "m.yaml.limits[0]: 'tax_deduction' is stated as share, and as that alone"),
        (
            {"kind": "tax_deduction", "unit": "share", "limit": "30"},
            "m.yaml.limits[0].share: expected a share of at most 1",
        ),
        ({"kind": "tax_deduction", "unit": "share", "limit": "0"}, "m.yaml.limits[0].share: expected a share above 0"),
        ({"unit": "hours"}, "m.yaml.limits[0]: 'approval' is stated as amount_sek, and as that alone"),
        ({"kind": "reminder_fees"}, "unknown value 'reminder_fees', did you mean 'reminder_fee'?"),
        ({"second": "2026-01-01"}, "m.yaml.limits[1]: 'approval' is stated twice from 2026-01-01"),
        ({"last": "2025-12-31"}, "m.yaml.limits[0].valid_to: is before valid_from"),
        ({"change": "-0.2"}, "m.yaml.checks.row_change_share: expected a share of at least 0"),
        ({"month": "2026-7"}, "m.yaml.checks.accepted[0].month: expected a month as 2026-10"),
        ({"table": "ap_posting"}, "table: 'ap_posting' is not measured, did you mean 'ap_postings'?"),
        ({"measure": "row"}, "measure: no measure 'row', did you mean 'rows'?"),
    ],
)
def test_a_value_that_means_nothing_is_named(tmp_path: Path, changes: dict[str, str], told: str) -> None:
    assert told in said_of(tmp_path, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"share": "0"},
        {"share": "1"},
        {"table": "visits", "measure": "null_share_actual_end"},
        {"id": "åmål"},
        {"kind": "tax_deduction", "unit": "share", "limit": "0.3"},
    ],
)
def test_values_that_mean_something_load(tmp_path: Path, changes: dict[str, str]) -> None:
    assert said_of(tmp_path, **changes) == ""
