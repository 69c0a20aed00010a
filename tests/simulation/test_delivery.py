"""What is written: tables, columns, formats, determinism, and errors a user can mend."""

from dataclasses import FrozenInstanceError, replace

import polars as pl
import pytest

from fut.contract import CONTRACTS, contract
from fut.errors import UsageError
from simulation import parameters_hash, simulate
from simulation.parameters import FROZEN, PARAMETERS, PRESETS
from simulation.recompute import read
from simulation.streams import stream

WANTED = {  # the starred columns of the canonical page
    "ap_postings": "buyer_id voucher_no supplier_name supplier_ref account_no amount_sek booking_date department",
    "invoice_lines": "invoice_id line_no item quantity unit unit_price_sek amount_sek",
    "suppliers": "supplier_id name",
    "supplier_changes": "changed_at supplier_id field changed_by",
    "approvals": "invoice_id step user_ref approved_at",
    "contracts": "contract_id supplier_ref valid_from",
    "payee_accounts": "payee_account as_of",
    "limits": "kind amount_sek valid_from valid_to",
    "price_items": "contract_id item unit price_sek valid_from valid_to",
    "company_register": "org_no as_of",
    "company_roles": "org_no person_ref role valid_from valid_to",
    "permits": "permit_id org_no service valid_from valid_to",
    "exclusions": "decided_date",
    "employees": "employee_ref hired",
    "providers": "provider_id org_no name regime valid_from valid_to",
    "clients": "client_ref area valid_from valid_to",
    "decisions": "decision_id client_ref service minutes_per_month double_staffed valid_from valid_to",
    "visits": "visit_id client_ref provider_id carer_ref service actual_start actual_end start_method status",
    "lock_events": "client_ref at",
    "orders": "order_id client_ref provider_id valid_from valid_to",
    "month_closes": "month closed_at",
    "visit_edits": "visit_id edited_at edited_by field",
    "absences": "client_ref kind from_at",
    "carers": "carer_ref provider_id employed_from",
    "payroll_months": "provider_id carer_ref month paid_hours gross_sek",
    "rates": "rate_code service unit price_sek valid_from valid_to",
    "compensation_rules": "rule_id basis valid_from valid_to",
    "compensation_lines": "line_id payment_id provider_id client_ref service service_month booked_month minutes "
    "amount_sek",
    "calendar": "date day_type",
    "areas": "area",
}


@pytest.mark.parametrize("table", WANTED)
def test_every_table_has_its_columns(hard, table):
    out, _ = hard
    frame = read(out / "inbox", table)
    assert not set(WANTED[table].split()) - set(frame.columns)
    assert frame.height > 0 or table == "exclusions"


@pytest.mark.parametrize("table", WANTED)
def test_values_keep_the_contracts(hard, table):
    """Where a raw contract exists: no unknown column, required values there, listed values only."""
    if not (CONTRACTS / "raw" / f"{table}.odcs.yaml").exists():
        assert table in WANTED
        return
    out, _ = hard
    frame, stated = read(out / "inbox", table), contract("raw", table)
    assert not set(frame.columns) - set(stated.names)
    for column in stated.columns:
        if column.name in frame.columns:
            allowed = column.said("values")
            if allowed:
                assert set(frame[column.name].drop_nulls().unique().to_list()) <= set(allowed), column.name
            if column.required:
                assert frame[column.name].null_count() == 0, column.name


def test_money_is_decimal_with_two_places(hard):
    out, _ = hard
    for table in ("ap_postings", "compensation_lines", "invoice_lines", "payroll_months", "rates", "company_register"):
        for name, kind in read(out / "inbox", table).schema.items():
            assert not name.endswith("_sek") or kind == pl.Decimal(14, 2), (table, name)


def test_equal_seeds_give_equal_bytes(hard, tmp_path):
    _, first = hard
    again = simulate(tmp_path / "a", "tiny", seed=5, months=4, dialects=True)
    other = simulate(tmp_path / "b", "tiny", seed=6, months=4)
    assert again == first
    assert other.inbox_sha256 != first.inbox_sha256
    assert other.truth_sha256 != first.truth_sha256


def test_csv_holds_the_same_rows(tmp_path):
    parquet = simulate(tmp_path / "p", "tiny", months=1)
    text = simulate(tmp_path / "c", "tiny", months=1, file_format="csv")
    assert parquet.rows == text.rows
    visits = pl.read_csv(tmp_path / "c" / "inbox" / "visits_2025-01.csv", try_parse_dates=True)
    same = pl.read_parquet(tmp_path / "p" / "inbox" / "visits_2025-01.parquet")
    assert visits["actual_start"].to_list() == same["actual_start"].to_list()
    assert visits.columns == same.columns


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"preset": "smal"}, "did you mean 'small'"),
        ({"difficulty": "hrad"}, "did you mean 'hard'"),
        ({"months": 0}, "1 or more"),
        ({"start_month": "2025-13"}, "not YYYY-MM"),
        ({"file_format": "xlsx"}, "unknown format"),
    ],
)
def test_wrong_calls_are_explained_in_one_line(tmp_path, given, said):
    with pytest.raises(UsageError, match=said) as caught:
        simulate(tmp_path, **{"preset": "tiny", **given})
    assert "\n" not in str(caught.value)


def test_parameters_are_frozen_and_hashed():
    with pytest.raises(FrozenInstanceError):
        PARAMETERS.demand.couple_share = 0.5  # type: ignore[misc]
    changed = replace(PARAMETERS, demand=replace(PARAMETERS.demand, couple_share=0.5))
    assert parameters_hash() == parameters_hash(PARAMETERS)
    assert parameters_hash(changed) != parameters_hash()
    before = parameters_hash()
    PRESETS["extra"] = PRESETS["tiny"]
    try:
        assert parameters_hash() != before
    finally:
        del PRESETS["extra"]


def test_streams_are_independent_of_each_other():
    first = stream(1, "visits", 202501).integers(0, 10**9, 5).tolist()
    assert first == stream(1, "visits", 202501).integers(0, 10**9, 5).tolist()
    assert first != stream(1, "visits", 202502).integers(0, 10**9, 5).tolist()
    assert first != stream(1, "visit", 202501).integers(0, 10**9, 5).tolist()
    assert first != stream(2, "visits", 202501).integers(0, 10**9, 5).tolist()


def test_honest_errors_are_in_the_hard_delivery(hard):
    out, _ = hard
    labels = pl.read_parquet(out / "truth" / "truth_labels.parquet")
    found = set(labels.filter(pl.col("intent") == "error")["typology"])
    assert {"forgotten_logout", "late_login", "wrong_service", "wrong_client"} <= found
    errors = labels.filter(pl.col("typology") == "late_login")["error_sek"]
    assert errors.sum() < 0  # an underpayment is an error too


def test_parameters_are_those_that_were_frozen():
    assert parameters_hash() == FROZEN
