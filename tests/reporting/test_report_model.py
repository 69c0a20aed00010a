"""Reading a published run: what is shown, what the control arm never shows, errors that name file and column."""

import json
import shutil
from decimal import Decimal

import polars as pl
import pytest

from fut.contract import contract
from fut.errors import InputError
from reporting import summary
from reporting.loading_payments import evidence_tables
from reporting.model import Reconciliation, load_snapshot
from reporting.reading import OPTIONAL, REQUIRED


@pytest.fixture
def copy(folder, tmp_path):
    """A run of one's own to break."""
    return shutil.copytree(folder, tmp_path / "bjorklunda" / "2026-10" / "r-copy")


def _edit(copy, name, change):
    path = copy / f"{name}.parquet"
    change(pl.read_parquet(path)).write_parquet(path)


def test_a_run_reads_twice_alike_and_in_rank_order(folder, snapshot):
    assert load_snapshot(folder) == snapshot
    assert [p.rank for p in snapshot.listed] == list(range(1, 10))
    assert (snapshot.municipality, snapshot.month, snapshot.currency) == ("Björklunda kommun", "2026-10", "SEK")
    assert snapshot.capacity_minutes == round(14 * 60 * 0.85)
    assert snapshot.absent == ()


def test_a_listed_payment_has_its_reasons_evidence_and_filled_texts(snapshot):
    payment = next(p for p in snapshot.listed if any(r.code == "SP02" for r in p.reasons))
    flag = next(flag for flag in payment.flags if flag.code == "SP02")
    assert "inom 400 dagar" in flag.means
    assert isinstance(payment.amount_sek, Decimal)
    rows = payment.evidence[0].rows
    assert [row.is_cited for row in rows] == [True, True, False]
    assert (rows[0].columns[3][0], rows[0].columns[4][0]) == ("Belopp exkl. moms", "Bokföringsdatum")
    assert rows[0].source_line is not None


def test_a_bundle_tells_the_ranks_of_one_payee_in_the_month_and_of_nobody_else(snapshot):
    ranks: dict[str, list[int | None]] = {}
    for payment in snapshot.listed:
        ranks.setdefault(payment.payee_ref, []).append(payment.rank)
    assert {len(of) > 1 for of in ranks.values()} == {True, False}
    for payment in snapshot.listed:
        own = ranks[payment.payee_ref]
        assert payment.bundle == (tuple(own) if len(own) > 1 else ())


def test_the_control_arm_shows_the_payment_and_nothing_else(snapshot):
    assert len(snapshot.control) == 2
    for payment in snapshot.control:
        assert payment.payment_id
        assert payment.facts
        hidden = ("rank", "amount_at_risk_sek", "error_probability", "expected_error_sek", "review_minutes")
        assert all(getattr(payment, name) is None for name in (*hidden, "model_percentile"))
        lists = ("reasons", "speaks_against", "flags", "evidence", "peers", "bundle")
        assert [name for name in lists if getattr(payment, name)] == []
    ids = [p.payment_id for p in snapshot.control]
    assert ids == sorted(ids), "the order tells nothing of the score"


def test_a_missing_table_is_named_and_not_taken_for_zero(copy):
    (copy / "quarantine.parquet").unlink()
    assert load_snapshot(copy).absent == ("quarantine.parquet",)


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("ranked_payments", lambda f: f.rename({"reasons": "reason"}), "no column 'reasons', did you mean 'reason'"),
        ("coverage", lambda f: f.drop("sek_untested"), "coverage.parquet: no column 'sek_untested'"),
    ],
)
def test_a_lost_column_is_named_with_the_nearest_one(copy, name, change, told):
    _edit(copy, name, change)
    with pytest.raises(InputError, match=told):
        load_snapshot(copy)


def test_extra_columns_are_welcome(copy, snapshot):
    _edit(copy, "ranked_payments", lambda f: f.with_columns(pl.lit(1).alias("extra")))
    assert load_snapshot(copy).ranked == snapshot.ranked


def test_what_is_not_a_run_is_refused_in_one_line(tmp_path, copy):
    with pytest.raises(InputError, match=r"no manifest\.json, not a published run"):
        load_snapshot(tmp_path)
    (copy / "drift.parquet").write_bytes(b"PAR0")
    with pytest.raises(InputError, match=r"drift\.parquet: not a readable Parquet file"):
        load_snapshot(copy)
    (copy / "manifest.json").write_text("{", "utf-8")
    with pytest.raises(InputError, match="not readable JSON"):
        load_snapshot(copy)


def test_the_ledgers_currency_follows_the_settings(copy):
    manifest = json.loads((copy / "manifest.json").read_text("utf-8"))
    manifest["settings"]["currency"] = "GBP"
    (copy / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    snapshot = load_snapshot(copy)
    assert snapshot.currency == "GBP"
    assert snapshot.listed[0].evidence[0].rows[0].columns[3][1].endswith("£")


def test_reconciliation_tells_an_unexplained_krona(snapshot):
    assert snapshot.reconciliation.difference_sek == 0
    assert Reconciliation(*map(Decimal, ("10", "6", "2", "1", "0.5"))).difference_sek == Decimal("0.5")


def test_quarantine_is_counted_by_rule_and_unreadable_amounts_stay_unknown(snapshot):
    rows = {q.rule: (q.rows, q.amount_sek) for q in snapshot.quarantine}
    assert rows["missing:booking_date"] == (12, Decimal("107160.60"))
    assert rows["unreadable:amount_sek"] == (12, None)


def test_missing_fields_are_priced_by_the_indicator_with_most_to_test(snapshot):
    fields = summary.missing_fields(snapshot)
    account = next(m for m in fields if m.field == "payee_account")
    assert account.indicators == ("SP13", "SP15")
    assert account.untested_sek == Decimal("84200000")
    assert fields == sorted(fields, key=lambda m: (-m.untested_sek, m.field))


def test_reasons_add_up_to_what_is_at_risk(snapshot):
    bars = summary.reason_bars(snapshot)
    assert min(p.amount_at_risk_sek for p in snapshot.listed) < 0, "what is too low must not take out what is too high"
    at_risk = sum(abs(p.amount_at_risk_sek) for p in snapshot.listed)
    assert abs(sum(b.amount_sek for b in bars) - at_risk) < 1
    assert sum(b.payments for b in bars) == sum(len(p.reasons) for p in snapshot.listed)


def test_drift_has_one_series_per_table_and_measure(snapshot):
    series = summary.drift_series(snapshot)
    assert len(series) == 5
    assert [s.months for s in series] == [series[0].months] * 5
    outside = [(s.name, s.measure) for s in series if s.is_outside[-1]]
    assert outside == [("Fakturarader", "rader"), ("Fakturarader", "belopp")]


def test_what_is_read_is_what_the_contracts_promise(folder):
    tables = {name: columns for name, columns in (REQUIRED | OPTIONAL).items() if name != "baselines"}
    for name, columns in tables.items():
        promised = contract("out", name).names
        assert set(columns) <= set(promised), name
        file = folder / f"{name}.parquet"
        if file.exists():
            assert set(pl.read_parquet_schema(file)) <= set(promised), name


def test_a_flag_that_names_an_invoice_points_at_its_postings(copy):
    """Flags on invoices name payments; the rows are postings, whose ids have an occurrence after the payment's."""
    other = pl.lit("another-payment")
    _edit(copy, "flags", lambda t: t.with_columns(evidence=pl.concat_list("payment_id", other)))
    _edit(
        copy,
        "evidence_rows",
        lambda t: t.with_columns(
            row_id=pl.when(pl.col("row_id").str.ends_with("#3"))
            .then(pl.concat_str(pl.lit("unnamed"), pl.lit("-1")))
            .otherwise(pl.col("row_id").str.replace("#", "-"))
        ),
    )
    for payment in load_snapshot(copy).listed:
        assert {row.row_id: row.is_cited for row in payment.evidence[0].rows} == {
            f"{payment.payment_id}-1": True,
            f"{payment.payment_id}-2": True,
            "unnamed-1": False,
        }


def test_the_expected_error_tells_how_much_of_it_was_paid_too_little(snapshot):
    told = [p.expected_error_sek for p in snapshot.listed if p.expected_error_sek is not None]
    assert min(told) < 0 < max(told)
    assert snapshot.expected_too_low_sek == -sum(sek for sek in told if sek < 0)
    assert snapshot.expected_error_sek - 2 * snapshot.expected_too_low_sek == sum(told)


def test_a_payments_own_rows_stand_before_those_of_others_that_its_flags_point_at() -> None:
    rows = [
        {"table": "postings", "row_id": row_id, "source_file": "a.csv", "source_line": line, "columns": "{}"}
        for line, row_id in enumerate(("P1-1", "P2-1", "P3-1", "P10-1", "P10-2"))
    ]
    (table,) = evidence_tables(rows, "P10", {"P2": {"SP42"}, "P3": {"SP42"}}, "SEK", most=4)
    assert [row.row_id for row in table.rows] == ["P10-1", "P10-2", "P2-1", "P3-1"]
    assert table.left_out == 1
