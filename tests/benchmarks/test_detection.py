"""The figures of the detection benchmark, on a list small enough to count by hand."""

from datetime import date

import polars as pl
import pytest

from benchmarks.detection.__main__ import SEEDS
from benchmarks.detection.measure import best_single, by_typology, figures
from benchmarks.detection.report import Report
from benchmarks.measure import Stages


@pytest.fixture
def frame() -> pl.DataFrame:
    """Return a month of 200 payments: the first ten are listed, six of them wrong; two wrong ones are missed."""
    wrong = {0, 1, 2, 3, 4, 5, 150, 151}
    return pl.DataFrame(
        {
            "month": ["2026-01"] * 200,
            "service_month": ["2026-01"] * 200,
            "closing_date": [date(2026, 2, 6)] * 200,
            "payment_id": [f"P{n:03d}" for n in range(200)],
            "risk_area": ["home_care"] * 200,
            "payee_ref": [f"E{n % 4}" for n in range(200)],
            "amount_sek": [1000.0 + n for n in range(200)],
            "error_sek": [1000.0 if n in wrong else 0.0 for n in range(200)],
            "typologies": [["T01"] if n in wrong else [] for n in range(200)],
            "typology": ["T01" if n in wrong else None for n in range(200)],
            "is_wrong": [n in wrong for n in range(200)],
            "is_innocent": [n == 7 for n in range(200)],
            "place": [n + 1 if n < 10 else None for n in range(200)],
            "other_place": [n + 1 if n < 5 else n + 100 if n < 10 else None for n in range(200)],
            "is_likely": [True if n < 10 else None for n in range(200)],
            "sek_per_minute": [100.0 - n if n < 10 else None for n in range(200)],
            "robust_z": [0.5] * 200,
            "lot": list(range(200)),
            "codes": [["HC12"] if n < 10 else [] for n in range(200)],
            "difficulty": ["hard"] * 200,
            "seed": [1] * 200,
        },
        schema_overrides={"codes": pl.List(pl.String), "typologies": pl.List(pl.String)},
    )


def test_precision_kronor_and_lift_are_counted(frame: pl.DataFrame) -> None:
    found = {(f.method, f.name): f.value for f in figures(frame)}
    assert found["futvakt", "precision@20"] == pytest.approx(6 / 20)
    assert found["all", "base rate"] == pytest.approx(8 / 200)
    assert found["futvakt", "kronor in top 2 %"] == pytest.approx(4 / 8)
    assert found["futvakt", "of oracle, top 2 %"] == 1
    assert found["futvakt", "innocent outliers in top 50"] == 1
    assert found["futvakt", "precision@50, months pooled"] == pytest.approx(6 / 50)
    assert found["futvakt", "cases found"] == 1
    assert found["futvakt", "days to first hit"] == 6
    assert found["futvakt", "stability of the top 20"] == pytest.approx(5 / 10)
    # amount only puts the largest first: 151 and 150 stand at places 49 and 50
    assert found["amount only", "precision@50"] == pytest.approx(2 / 50)
    assert found["amount only", "cases found"] == pytest.approx(2 / 4)


def test_the_best_single_indicator_and_what_is_missed(frame: pl.DataFrame) -> None:
    assert best_single(frame) == ("HC12", pytest.approx(6 / 50))
    row = by_typology(frame).row(0, named=True)
    assert (row["typology"], row["payments"], row["found"], row["flagged"]) == ("T01", 8, 0.75, 0.75)


def test_the_report_says_all_of_it(frame: pl.DataFrame, tmp_path) -> None:
    report = Report("develop", "tiny", frame, Stages())
    text = report.text()
    assert "precision@50" in text
    assert "invented visits, own carers" in text
    assert "door locks in every home" in text, "what would show the missed ones is said"
    assert "e638764b62a993db" in text, "the simulator's parameters are frozen"
    assert all(path.stat().st_size > 100 for path in report.write(tmp_path))


def test_seeds_for_development_and_reporting_are_disjoint() -> None:
    assert not set(SEEDS["develop"]) & set(SEEDS["report"])


def test_a_case_found_later_takes_the_days_until_that_month_closed(frame: pl.DataFrame) -> None:
    late = frame.filter(pl.col("place").is_not_null()).with_columns(
        month=pl.lit("2026-03"), payment_id=pl.format("Q{}", "payment_id"), closing_date=pl.lit(date(2026, 4, 6))
    )
    both = pl.concat([frame.filter(pl.col("place").is_null()), late], how="vertical_relaxed")
    found = {(f.method, f.name): f.value for f in figures(both)}
    assert found["futvakt", "days to first hit"] == 65
    nothing = frame.with_columns(is_wrong=pl.lit(False))
    assert ("futvakt", "days to first hit") not in {(f.method, f.name) for f in figures(nothing)}
