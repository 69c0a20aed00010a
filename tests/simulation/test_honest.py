"""A municipality without errors or fraud: nothing to find, everything adds up."""

import polars as pl
import pytest

from simulation.recompute import read, recompute

LINE = ["provider_id", "client_ref", "service", "rate_code"]


def test_truth_is_empty(honest):
    out, summary = honest
    assert pl.read_parquet(out / "truth" / "truth_labels.parquet").height == 0
    assert summary.labels == 0


@pytest.mark.parametrize("month", ["2025-08", "2025-09", "2025-10", "2026-01", "2026-03", "2026-04"])
def test_every_line_recomputes_to_the_ore(honest, month):
    out, _ = honest
    paid = read(out / "inbox", "compensation_lines").filter(pl.col("service_month") == month)
    due = recompute(out / "inbox", month).lines
    both = paid.join(due, on=LINE, how="full", coalesce=True)
    assert paid.height == due.height == both.height
    assert both.filter((pl.col("amount_sek") * 100).cast(pl.Int64) != pl.col("amount_ore")).height == 0
    assert both.filter(pl.col("rule_id") != pl.col("rule_id_right")).height == 0


def test_one_changed_visit_changes_one_line(honest):
    """The false case beside the true one: recomputation is not blind."""
    from simulation.payments import settle
    from simulation.recompute import registers_from, tariff_from, visits_from

    out, _ = honest
    visits = visits_from(out / "inbox")
    private = registers_from(out / "inbox").providers.filter(pl.col("regime") == "private")["provider_id"].to_list()
    one = visits.filter(
        pl.col("provider_id").is_in(private) & (pl.col("service") == "delegated_nursing")
        | (pl.col("service") == "escort")
    )["visit_id"][0]
    changed = visits.with_columns(minutes=pl.col("minutes") + pl.when(pl.col("visit_id") == one).then(60).otherwise(0))
    month = visits.filter(pl.col("visit_id") == one)["start"].dt.strftime("%Y-%m").item()
    args = (registers_from(out / "inbox"), tariff_from(out / "inbox"), month)
    before, after = settle(visits, *args).lines, settle(changed, *args).lines
    assert before.join(after, on=[*LINE, "amount_ore"], how="anti").height == 1


def test_ledger_invoices_pay_exactly_their_lines(honest):
    out, _ = honest
    lines = read(out / "inbox", "compensation_lines").filter(pl.col("invoice_id").is_not_null())
    due = lines.group_by("invoice_id").agg(pl.col("amount_sek").sum().alias("due"))
    paid = read(out / "inbox", "ap_postings").group_by("invoice_id").agg(pl.col("amount_sek").sum().alias("paid"))
    both = due.join(paid, on="invoice_id", how="left")
    assert both.height > 0
    assert both.filter(pl.col("due") != pl.col("paid")).height == 0
    regimes = lines.join(read(out / "inbox", "providers"), on="provider_id")["regime"].unique().to_list()
    assert regimes == ["private"]


def test_carers_are_never_in_two_places(honest):
    """Only times typed by hand, in fives, may touch by a few minutes."""
    out, _ = honest
    done = read(out / "inbox", "visits").filter(pl.col("status") == "performed").sort("carer_ref", "actual_start")
    homes = read(out / "inbox", "clients").select("client_ref", "household_ref")
    done = done.join(homes, on="client_ref").with_columns(
        reach=pl.col("actual_end").shift(1).over("carer_ref"), before=pl.col("household_ref").shift(1).over("carer_ref")
    )
    overlap = (pl.col("reach") - pl.col("actual_start")).dt.total_minutes()
    apart = (pl.col("before") != pl.col("household_ref")).fill_null(True)
    assert done.filter(apart).select(overlap.max()).item() <= 5


def test_nights_of_clock_changes_have_right_lengths(honest):
    out, _ = honest
    done = read(out / "inbox", "visits").filter(pl.col("status") == "performed")
    changed = done.filter(pl.col("utc_offset_start") != pl.col("utc_offset_end"))
    local = (pl.col("actual_end") - pl.col("actual_start")).dt.total_minutes()
    true = local - (pl.col("utc_offset_end") - pl.col("utc_offset_start")).cast(pl.Int64)
    assert done.select(true.alias("m")).filter(pl.col("m") < 1).height == 0
    assert set(done["utc_offset_start"].unique()) == {60, 120}
    assert changed.height == 0 or changed.select((local != true).all()).item()


def test_visits_cross_midnight_and_belong_to_their_first_day(honest):
    out, _ = honest
    night = read(out / "inbox", "visits").filter(pl.col("actual_end").dt.date() > pl.col("actual_start").dt.date())
    assert night.height > 0
    assert set(night["service"].unique()) <= {"night", "care", "alarm"}


def test_postings_of_an_invoice_share_its_head(honest):
    out, _ = honest
    heads = (
        read(out / "inbox", "ap_postings")
        .group_by("invoice_id")
        .agg(pl.col("invoice_no", "supplier_id", "booking_date", "payment_id", "payee_account").n_unique())
    )
    assert heads.select(pl.exclude("invoice_id").max()).row(0) == (1, 1, 1, 1, 1)


def test_invoice_lines_multiply(honest):
    out, _ = honest
    rows = read(out / "inbox", "invoice_lines")
    gap = (
        pl.col("quantity").cast(pl.Float64) * pl.col("unit_price_sek").cast(pl.Float64)
        - pl.col("amount_sek").cast(pl.Float64)
    ).abs()
    assert rows.height > 0
    assert rows.select(gap.max()).item() <= 0.006
