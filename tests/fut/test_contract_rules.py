"""Every written rule of the raw contracts: a row that breaks it, and the same row that does not."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fut.contract import CONTRACTS, load_contract, load_contracts
from fut.errors import ConfigError
from fut.payee_account import parse_account
from tests.fut.inbox_tools import Inbox

GOOD = {
    "absences": "client_ref=C1 kind=hospital from_at=2026-03-01T08:00:00 to_at=2026-03-04T10:00:00",
    "ap_postings": "buyer_id=212000-1355 voucher_no=V1 supplier_name=Bolaget supplier_ref=556047-1234 account_no=4010 amount_sek=100.50 "
    "booking_date=2026-03-10 invoice_date=2026-03-01 due_date=2026-03-31 is_credit=false",
    "carers": "carer_ref=W1 provider_id=P1 employed_from=2025-01-01 employed_to=2026-03-31",
    "clients": "client_ref=C1 area=A1 valid_from=2025-01-01 valid_to=2026-03-31",
    "company_register": "org_no=556047-1234 as_of=2026-03-31 period_from=2025-01-01 period_to=2025-12-31",
    "company_roles": "org_no=556047-1234 person_ref=R1 role=board valid_from=2025-01-01 valid_to=2026-03-31",
    "compensation_lines": "line_id=L1 payment_id=U1 provider_id=P1 client_ref=C1 service=care service_month=2026-02 "
    "booked_month=2026-03 minutes=600 amount_sek=5000.00",
    "compensation_rules": "rule_id=R1 basis=performed valid_from=2025-01-01 valid_to=2026-03-31",
    "contracts": "contract_id=A1 supplier_ref=556047-1234 valid_from=2025-01-01 valid_to=2026-03-31",
    "decisions": "decision_id=B1 client_ref=C1 service=care minutes_per_month=600 double_staffed=false "
    "valid_from=2025-01-01 valid_to=2026-03-31",
    "exclusions": "org_no=556047-1234 person_ref= reason=dom decided_date=2026-03-10",
    "invoice_lines": "invoice_id=I1 line_no=1 quantity=2 unit=st unit_price_sek=50.25 amount_sek=100.50",
    "limits": "kind=approval amount_sek=100000.00 valid_from=2025-01-01 valid_to=2026-03-31",
    "month_closes": "month=2026-03 closed_at=2026-04-05T12:00:00",
    "orders": "order_id=O1 client_ref=C1 provider_id=P1 valid_from=2025-01-01 valid_to=2026-03-31",
    "permits": "permit_id=T1 org_no=556047-1234 service=home_care valid_from=2025-01-01 valid_to=2026-03-31",
    "payroll_months": "provider_id=P1 carer_ref=W1 month=2026-03 paid_hours=120",
    "price_items": "contract_id=A1 item=timme unit=h price_sek=450.00 valid_from=2025-01-01 valid_to=2026-03-31",
    "providers": "provider_id=P1 org_no=556047-1234 name=Omsorg regime=private valid_from=2025-01-01 valid_to=2026-03-31",
    "rates": "rate_code=T1 service=care unit=hour price_sek=450.00 valid_from=2025-01-01 valid_to=2026-03-31",
    "supplier_changes": "changed_at=2026-03-10T09:00:00 supplier_id=L1 field=payee_account old_value= new_value= changed_by=U1",
    "suppliers": "supplier_id=L1 name=Bolaget payee_account=BG160-9908 payee_account_kind=bankgiro",
    "visits": "visit_id=V1 client_ref=C1 provider_id=P1 carer_ref=W1 service=care planned_start=2026-03-10T07:00:00 "
    "planned_end=2026-03-10T07:30:00 actual_start=2026-03-10T07:05:00 actual_end=2026-03-10T07:35:00 start_method=lock "
    "status=performed billable_minutes=30 utc_offset_start=60 utc_offset_end=60",
}  # fmt: skip
ENDED = dict.fromkeys(
    (
        "clients",
        "company_roles",
        "compensation_rules",
        "contracts",
        "decisions",
        "limits",
        "orders",
        "permits",
        "price_items",
        "providers",
        "rates",
    ),
    "valid_to=2024-12-31",
)
BREAKS = {(table, "ends_before_start"): change for table, change in ENDED.items()} | {
    ("ap_postings", "booking_date_out_of_range"): "booking_date=1989-12-31",
    ("ap_postings", "booked_after_delivery"): "booking_date=2026-06-02",
    ("ap_postings", "amount_out_of_range"): "amount_sek=-10000000000.00",
    ("ap_postings", "total_row_as_posting"): "supplier_name=Totalt:",
    ("ap_postings", "due_before_invoice"): "due_date=2026-02-28",
    ("ap_postings", "credit_sign"): "is_credit=true",
    ("company_register", "period_ends_before_start"): "period_to=2024-12-31",
    ("exclusions", "nobody_named"): "org_no=",
    ("invoice_lines", "line_amount_differs"): "amount_sek=101.51",
    ("limits", "limit_not_positive"): "amount_sek=0.00",
    ("limits", "limit_of_another_unit"): "kind=daily_rest",
    ("supplier_changes", "field_of_no_column"): "field=anteckning",
    ("suppliers", "giro_check_digit"): "payee_account=160-9909",
    ("absences", "ends_before_start"): "to_at=2026-02-28T10:00:00",
    ("carers", "ends_before_start"): "employed_to=2024-12-31",
    ("carers", "fte_looks_like_per_cent"): "fte=75",
    ("compensation_rules", "share_out_of_range"): "declined_share=55",
    ("compensation_rules", "rounding_without_step"): "rounding=up rounding_minutes=0",
    ("compensation_rules", "minutes_out_of_range"): "minimum_minutes=-5",
    ("rates", "price_out_of_range"): "price_sek=-450.00",
    ("rates", "price_looks_like_ore"): "price_sek=45000.00",
    ("rates", "window_not_a_clock"): "day_type=night from_time=22.00 to_time=kl7",
    ("compensation_lines", "month_not_a_month"): "service_month=2026-00",
    ("compensation_lines", "booked_before_service"): "service_month=2026-04",
    ("compensation_lines", "amount_out_of_range"): "amount_sek=-10000000.00",
    ("compensation_lines", "booked_after_delivery"): "booked_month=2026-06",
    ("compensation_lines", "minutes_look_like_hours"): "minutes=6.33 quantity=6.33 unit=hour",
    ("compensation_lines", "minutes_out_of_range"): "minutes=89281",
    ("decisions", "minutes_out_of_range"): "minutes_per_month=44641",
    ("decisions", "minutes_look_like_hours"): "minutes_per_month=4",
    ("month_closes", "month_not_a_month"): "month=2026-3",
    ("payroll_months", "hours_out_of_range"): "paid_hours=745",
    ("payroll_months", "month_not_a_month"): "month=202603",
    ("visits", "no_time_at_all"): "planned_start= planned_end= actual_start= actual_end= status=cancelled",
    ("visits", "time_out_of_range"): "planned_start=1926-03-10T07:00:00",
    ("visits", "performed_without_start"): "actual_end=",
    ("visits", "ends_before_start"): "actual_end=2026-03-10T07:04:00",
    ("visits", "longer_than_25_hours"): "actual_end=2026-03-11T08:06:00",
    ("visits", "billable_looks_like_hours"): "billable_minutes=0.45",
    ("visits", "month_late"): "planned_start= planned_end= actual_start=2026-01-31T07:00:00 actual_end=2026-01-31T07:30:00",
    ("visits", "month_early"): "planned_start= planned_end= actual_start=2026-04-03T07:00:00 actual_end=2026-04-03T07:30:00",
}  # fmt: skip
SPARED = {
    ("carers", "fte_looks_like_per_cent"): "fte=0.75",
    (
        "compensation_rules",
        "share_out_of_range",
    ): "declined_share=0.55 cap_share_of_granted=1.15 double_staffing_factor=2",
    ("compensation_rules", "rounding_without_step"): "rounding=none rounding_minutes=0",
    ("rates", "price_looks_like_ore"): "price_sek=9999.00",
    ("rates", "window_not_a_clock"): "day_type=night from_time=22.00 to_time=7:00",
    ("ap_postings", "booking_date_out_of_range"): "booking_date=1990-01-01",
    ("ap_postings", "booked_after_delivery"): "booking_date=2026-06-01",
    ("ap_postings", "amount_out_of_range"): "amount_sek=-9999999999.99",
    ("ap_postings", "total_row_as_posting"): "supplier_name=TotaltBygg",
    ("ap_postings", "due_before_invoice"): "due_date=2026-03-01",
    ("ap_postings", "credit_sign"): "is_credit=true amount_sek=-100.50",
    ("exclusions", "nobody_named"): "org_no= person_ref=R1",
    ("invoice_lines", "line_amount_differs"): "amount_sek=101.50",
    ("limits", "limit_not_positive"): "amount_sek=0.01",
    ("limits", "limit_of_another_unit"): "kind=daily_rest amount_sek= hours=11",
    ("supplier_changes", "field_of_no_column"): "field=phone",
    ("suppliers", "giro_check_digit"): "payee_account=1609909 payee_account_kind=account",
    ("visits", "performed_without_start"): "actual_end= status=declined",
    ("visits", "ends_before_start"): "actual_end=2026-03-10T06:10:00 utc_offset_start=120",
    ("visits", "longer_than_25_hours"): "actual_end=2026-03-11T08:05:00",
    ("visits", "billable_looks_like_hours"): "billable_minutes=4 actual_end=2026-03-10T07:19:00",
    ("visits", "month_late"): "actual_start=2026-02-01T07:00:00 actual_end=2026-02-01T07:30:00",
    ("visits", "month_early"): "actual_start=2026-04-02T00:00:00 actual_end=2026-04-02T00:00:00",
    ("decisions", "minutes_look_like_hours"): "minutes_per_month=4 service=alarm",
    ("compensation_lines", "amount_out_of_range"): "amount_sek=-9999999.99",
    ("compensation_lines", "booked_after_delivery"): "booked_month=2026-05",
    ("compensation_lines", "minutes_look_like_hours"): "minutes=379.8 quantity=6.33 unit=hour",
}


def cells(text: str) -> dict[str, str]:
    """Return cells by column."""
    return dict(part.split("=", 1) for part in text.split())


def broken(inbox: Inbox, table: str, change: str) -> dict[str, str]:
    """Return severity by rule of the good row with a change."""
    row = cells(GOOD[table]) | cells(change)
    inbox.put(f"{table}_2026-03.csv", f"{','.join(row)}\n{','.join(row.values())}\n")
    inbox.load()
    assert inbox.rows(f"SELECT count(*) FROM raw_{table}") == [(1,)]
    return dict(inbox.rows("SELECT rule, severity FROM quarantine"))


def test_every_written_rule_has_a_case() -> None:
    written = {
        (table, rule.name, rule.severity)
        for table, stated in load_contracts("raw").items()
        for rule in (*stated.rules, *(rule for column in stated.columns for rule in column.quality)) if rule.predicate
    }  # fmt: skip
    assert {(table, rule) for table, rule, _ in written} == set(BREAKS) | {("clients", "two_homes_at_once")}
    assert set(SPARED) <= set(BREAKS)


@pytest.mark.parametrize(("table", "rule"), BREAKS, ids=lambda value: value)
def test_a_row_that_breaks_a_rule_and_one_that_does_not(
    table: str, rule: str, make_inbox: Callable[[str], Inbox]
) -> None:
    inbox = make_inbox("canonical")
    stated = {name: severity for name, severity, _ in load_contracts("raw")[table].row_rules()}
    assert broken(inbox, table, "") == {}
    assert rule not in broken(inbox, table, SPARED.get((table, rule), ""))
    found = broken(inbox, table, BREAKS[table, rule])
    assert found[rule] == stated[rule]
    assert all(re.fullmatch(r"[a-z_0-9:]+", name) for name in found)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["bankgiro", "plusgiro"]), st.from_regex("(BG |PG: ?)?[0-9][0-9 -]{0,9}", fullmatch=True)
        )
    )
)
def test_giro_numbers_fail_as_their_reader_says(drawn: list[tuple[str, str]]) -> None:
    rule = {q.name: q.predicate for q in load_contracts("raw")["suppliers"].rules}["giro_check_digit"]
    for kind, account in (*drawn, ("bankgiro", "BG 160-9908"), ("bankgiro", "0001609908"), ("plusgiro", "1-8")):
        row = f"(SELECT '{kind}' AS payee_account_kind, '{account}' AS payee_account)"
        assert duckdb.sql(f"SELECT {rule} FROM {row}").fetchall() == [(not parse_account(account, kind).is_valid,)]


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ("required: true", "requierd: true", "unknown key 'requierd', did you mean 'required'?"),
        ("property: pseudonym", "property: psuedonym", "unknown value 'psuedonym', did you mean 'pseudonym'?"),
        ("severity: error", "severity: eror", "unknown value 'eror', did you mean 'error'?"),
        ("name: valid_to", "name: valid_from", "column 'valid_from' is stated twice"),
    ],
)
def test_a_misspelt_contract_is_refused_with_the_nearest_name(
    tmp_path: Path, was: str, becomes: str, told: str
) -> None:
    text = (CONTRACTS / "raw" / "clients.odcs.yaml").read_text(encoding="utf-8")
    wrong = tmp_path / "raw" / "clients.odcs.yaml"
    wrong.parent.mkdir()
    wrong.write_text(text, encoding="utf-8")
    assert load_contract(wrong) == load_contracts("raw")["clients"]
    wrong.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"^clients\.odcs\.yaml") as error:
        load_contract(wrong)
    assert str(error.value).endswith(told)


def test_a_key_with_a_part_that_may_be_empty_is_no_primary_key() -> None:
    parted = [c for layer in ("raw", "core", "out") for c in load_contracts(layer).values()
              if any(column.said("keyPart") for column in c.columns)]  # fmt: skip
    assert parted
    assert [c.physical for c in parted if any(column.primary_key for column in c.columns)] == []
    assert load_contracts("raw")["limits"].key == ("kind", "role", "valid_from")


@pytest.mark.parametrize(
    ("second", "warned"),
    [
        ("C1,A2,200,2026-01-01,", 2),
        ("C1,A2,200,2025-06-01,2025-12-31", 2),
        ("C1,A2,200,2026-04-01,", 0),
        ("C1,A1,100,2026-01-01,", 0),
        ("C2,A2,200,2026-01-01,", 0),
    ],
)
def test_two_homes_at_once_are_warned_of(second: str, warned: int, make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("canonical")
    first = "C1,A1,100,2025-01-01,2026-03-31"
    inbox.put("clients.csv", f"client_ref,area,x_m,valid_from,valid_to\n{first}\n{second}\n")
    inbox.load()
    found = inbox.rows("SELECT count(*) FROM quarantine WHERE rule = 'two_homes_at_once' AND severity = 'warning'")
    assert found == [(warned,)]


def test_lines_booked_far_after_all_others_are_set_aside_where_the_name_gives_no_month(
    make_inbox: Callable[[str], Inbox],
) -> None:
    inbox = make_inbox("canonical")
    good = cells(GOOD["compensation_lines"])
    rows = [good | {"line_id": f"L{n}"} for n in range(120)]
    rows += [
        good | {"line_id": f"Z{n}", "booked_month": month} for n, month in enumerate(("2027-03", "2042-03", "2026-3"))
    ]
    lines = [",".join(good), *(",".join(row.values()) for row in rows)]
    inbox.put("compensation_lines.csv", "\n".join(lines))
    inbox.load()
    found = inbox.rows("SELECT row_key, rule, amount_sek FROM quarantine ORDER BY 1")
    amount = Decimal("5000.00")
    assert found == [("Z1", "booked_far_after_file", amount), ("Z2", "month_not_a_month", amount)]


@pytest.mark.parametrize(
    "said", ["tills vidare", "Tillsvidare", "t.v.", "T v", "--", "0000-00-00", "0000-00-00 00:00:00"]
)
@pytest.mark.parametrize(
    ("table", "column"), [("decisions", "valid_to"), ("absences", "to_at"), ("carers", "employed_to")]
)
def test_an_end_said_to_be_none_is_none_and_told(
    table: str, column: str, said: str, make_inbox: Callable[[str], Inbox]
) -> None:
    inbox = make_inbox("canonical")
    row = cells(GOOD[table]) | {column: said}
    inbox.put(f"{table}.csv", f"{','.join(row)}\n{','.join(row.values())}\n")
    inbox.load()
    assert inbox.rows(f"SELECT {column} FROM raw_{table}") == [(None,)]
    assert inbox.rules() == {}
    assert inbox.repairs()[column, "open_ended"] == 1


def test_a_beginning_or_an_end_that_says_something_else_is_set_aside(make_inbox: Callable[[str], Inbox]) -> None:
    inbox = make_inbox("canonical")
    row = cells(GOOD["decisions"])
    rows = [
        row | {"decision_id": "B1", "valid_from": "tills vidare"},
        row | {"decision_id": "B2", "valid_to": "vidare"},
    ]
    inbox.put("decisions.csv", "\n".join([",".join(row), *(",".join(one.values()) for one in rows)]))
    inbox.load()
    assert sorted(inbox.rules()) == ["missing:valid_from", "unreadable:valid_from", "unreadable:valid_to"]
