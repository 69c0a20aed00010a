"""Reasons of a score: additive along the paths, in agreement with masking, beside own history and peers."""

import numpy as np
import pytest

from fut.settings import Settings
from models import recipe
from models.explain import attribute, explain_listed, mask_to_median, path_attribution, shares
from models.isolation_forest import IsolationForest
from models.scoring import score_months

RNG = np.random.default_rng(11)
ROWS = RNG.normal(size=(2000, 8))
PLANTED = RNG.integers(8, size=200)
ODD = RNG.normal(size=(200, 8))
ODD[np.arange(200), PLANTED] = 6


@pytest.fixture(scope="module")
def forest() -> IsolationForest:
    return IsolationForest(tails=["high"] * 8).fit(ROWS)


def test_parts_add_up_to_how_much_shorter_the_path_is(forest: IsolationForest) -> None:
    parts = path_attribution(forest, ODD)
    prepared = forest.prepare(ODD).astype(np.float32)
    own = np.mean([grown.path[grown.tree.apply(prepared)] for grown in forest.trees_], axis=0)
    usual = own + parts.sum(axis=1)
    assert np.ptp(usual) < 1e-9
    assert usual[0] == pytest.approx(path_of_a_training_row(forest), rel=0.05)


def path_of_a_training_row(forest: IsolationForest) -> float:
    prepared = forest.prepare(ROWS).astype(np.float32)
    return float(np.mean([grown.path[grown.tree.apply(prepared)] for grown in forest.trees_]))


def test_path_attribution_agrees_with_masking_to_the_median(forest: IsolationForest) -> None:
    by_path, by_mask = path_attribution(forest, ODD), mask_to_median(forest, ODD)
    top = by_path.argmax(axis=1)
    assert (top == PLANTED).mean() > 0.95
    assert (top == by_mask.argmax(axis=1)).mean() > 0.95
    assert np.corrcoef(by_path.ravel(), by_mask.ravel())[0, 1] > 0.9


def test_a_usual_row_has_no_part_that_stands_out(forest: IsolationForest) -> None:
    usual = path_attribution(forest, np.tile(forest.median_, (1, 1)))
    assert usual.max() < 0.5 < path_attribution(forest, ODD).max(axis=1).min()


def test_shares_are_of_the_positive_parts() -> None:
    assert shares(np.array([[3.0, 1, -5], [-1, -2, 0]])).tolist() == [[0.75, 0.25, 0], [0, 0, 0]]


def test_other_recipes_are_explained_by_masking() -> None:
    detector = recipe("robust_z")(tails=["high"] * 8).fit(ROWS)
    assert (attribute(detector, ODD).argmax(axis=1) == PLANTED).mean() > 0.98


def test_listed_payments_get_reasons_beside_own_history_and_peers(ledger, pay, settings: Settings) -> None:
    pay("odd", "S1", "2025-12", 7_000, account_no="7690")
    pay("drawn", "S2", "2025-12", 9_000)
    ledger.execute(
        "INSERT INTO out_ranked_payments BY NAME SELECT payment_id, booked_month AS month, CASE payment_id WHEN 'odd' "
        "THEN 'risk' ELSE 'random' END AS arm FROM core_payments WHERE payment_id IN ('odd', 'drawn')"
    )
    score_months(ledger, settings, ["2025-12"])
    explain_listed(ledger, settings, ["2025-12"])
    found = ledger.execute("FROM peer_features ORDER BY share DESC, feature").fetchall()
    assert {row[0] for row in found} == {"odd"}, "the control arm is blind"
    by_feature = {row[1]: row for row in found}
    _, _, label, unit, value, own_median, peer_median, peer_p95, share = by_feature["amount_against_own_history"]
    assert (label, unit) == ("Belopp mot mottagarens vanliga", "standard deviations")
    assert value > 6 > peer_p95 > peer_median
    assert abs(own_median) < 1
    assert 0.05 <= share <= 1
    assert 2 <= len(found) <= 5
    assert sum(row[8] for row in found) <= 1.000001
    explain_listed(ledger, settings, ["2025-12"])
    assert ledger.execute("FROM peer_features ORDER BY share DESC, feature").fetchall() == found


def test_a_month_with_nothing_listed_has_no_reasons(ledger, settings: Settings) -> None:
    explain_listed(ledger, settings, ["2025-12"])
    assert ledger.execute("SELECT count(*) FROM peer_features").fetchone() == (0,)
