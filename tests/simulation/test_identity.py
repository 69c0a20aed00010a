import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fut.identity import parse_org_no, parse_personal_no
from fut.payee_account import ACCOUNT_KINDS, parse_account
from simulation.identity import accounts, municipality_org_no, org_numbers, public_hash
from simulation.recompute import read


@given(st.integers(0, 99_999), st.sampled_from(["limited", "association", "partnership"]))
def test_org_numbers_are_valid_companies(serial, kind):
    read_as = parse_org_no(org_numbers(kind, np.array([serial]))[0])
    assert read_as.is_valid
    assert read_as.kind == "legal_entity"


def test_the_municipality_is_a_public_body():
    assert parse_org_no(municipality_org_no()).group == "state"


@pytest.mark.parametrize("kind", ACCOUNT_KINDS)
def test_accounts_are_valid_and_unique(kind):
    found = accounts(np.full(500, kind), np.arange(500))
    assert len(set(found)) == 500
    assert all(parse_account(text, kind).is_valid for text in found)


def test_public_hash_ignores_how_an_account_is_written():
    assert public_hash("9004-1542") == public_hash("90041542")
    assert public_hash("9004-1542") != public_hash("9004-1543")


def test_nobody_has_a_personal_number(hard):
    out, _ = hard
    for table, column in (
        ("clients", "client_ref"),
        ("carers", "carer_ref"),
        ("employees", "employee_ref"),
        ("company_roles", "person_ref"),
        ("suppliers", "supplier_ref"),
        ("providers", "org_no"),
    ):
        values = read(out / "inbox", table)[column].drop_nulls().to_list()
        assert values
        assert not [v for v in values if parse_personal_no(v).is_valid]


def test_some_organisation_numbers_in_the_register_are_wrong(hard, honest):
    wrong = {
        name: sum(not parse_org_no(ref).is_valid for ref in read(out / "inbox", "suppliers")["supplier_ref"])
        for name, (out, _) in (("hard", hard), ("honest", honest))
    }
    assert wrong["hard"] > 0
    assert wrong["honest"] == 0


def test_supplier_ids_do_not_repeat(hard):
    out, _ = hard
    assert read(out / "inbox", "suppliers")["supplier_id"].is_unique().all()
    assert read(out / "inbox", "clients").select(pl.col("client_ref").is_unique().all()).item()
