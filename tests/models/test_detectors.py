"""Every recipe keeps PyOD's interface; one-sided columns, nulls and seeds mean the same in all of them."""

import subprocess
import sys

import numpy as np
import pytest

from fut.errors import ConfigError
from models import DEFAULT, recipe, recipes
from models.isolation_forest import IsolationForest, expected_path
from models.robust_z import RobustZ

every = pytest.mark.parametrize("name", sorted(recipes()))
RNG = np.random.default_rng(7)
ROWS = RNG.normal(size=(600, 4))
ODD = np.array([[6.0, 6, 6, 6], [0, 0, 0, 0]])


def test_recipes_are_found_by_their_file_names() -> None:
    assert set(recipes()) == {"copod", "ecod", "hbos", "isolation_forest", "knn", "robust_z"}
    assert recipe() is recipes()[DEFAULT] is IsolationForest


def test_an_unknown_recipe_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match="did you mean 'isolation_forest'"):
        recipe("isolation_forrest")


def test_looking_up_recipes_imports_nothing_heavy() -> None:
    code = "import sys, models; models.recipes(); assert not {'sklearn', 'pyod', 'scipy', 'pandas'} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@every
def test_interface_is_pyods(name: str) -> None:
    detector = recipe(name)(contamination=0.05)
    assert detector.fit(ROWS) is detector
    scores = detector.decision_function(np.vstack([ROWS, ODD]))
    assert scores.shape == (602,)
    assert np.isfinite(scores).all()
    assert scores[600] > np.percentile(scores[:600], 99) > scores[601]
    assert detector.labels_.sum() == 30
    assert (detector.decision_scores_ > detector.threshold_).sum() == 30
    assert detector.predict(ODD).tolist() == [1, 0]


@every
def test_the_good_side_is_not_abnormal_and_nulls_are_usual(name: str) -> None:
    detector = recipe(name)(tails=["high", "low", "both", "both"]).fit(ROWS)
    good, usual, bad, null = detector.decision_function(
        [[-9, 9, 0, 0], [*detector.median_[:2], 0, 0], [9, -9, 0, 0], [np.nan, np.nan, 0, 0]]
    )
    assert good <= usual < bad
    assert null == usual


@every
def test_the_same_seed_gives_the_same_scores(name: str) -> None:
    first, second = (recipe(name)(random_state=3).fit(ROWS).decision_function(ODD) for _ in range(2))
    assert first.tolist() == second.tolist()


@every
def test_columns_without_spread_or_values_do_not_break(name: str) -> None:
    rows = np.column_stack([ROWS[:, 0], np.full(600, 3.0), np.full(600, np.nan)])
    scores = recipe(name)(tails=["high"] * 3).fit(rows).decision_function(rows)
    assert np.isfinite(scores).all()


def test_robust_z_is_the_mean_one_sided_deviation_and_zero_without_spread() -> None:
    rows = np.array([[0.0, 5], [1, 5], [2, 5], [3, 5], [4, 5]])
    detector = RobustZ(tails=["high", "both"]).fit(rows)
    assert detector.decision_function([[6.0, 9], [-6, 5]]).tolist() == pytest.approx([4 / 1.4826 / 2, 0])
    low = RobustZ(tails=["low", "both"]).fit(rows)
    assert low.decision_function([[6.0, 5], [-6, 5]]).tolist() == pytest.approx([0, 8 / 1.4826 / 2])


@pytest.mark.parametrize("contamination", [0, 0.6, -1])
def test_contamination_outside_its_range_is_refused(contamination: float) -> None:
    with pytest.raises(ConfigError, match="contamination"):
        recipe()(contamination=contamination)


def test_wrong_shapes_and_tails_are_refused() -> None:
    with pytest.raises(ConfigError, match="none of high, low, both"):
        recipe()(tails=["up"])
    with pytest.raises(ValueError, match="3 tails for 4 columns"):
        recipe()(tails=["high"] * 3).fit(ROWS)
    with pytest.raises(ValueError, match="rows and columns"):
        recipe()().fit(ROWS[:, 0])


def test_scores_are_those_of_scikit_learns_forest_up_to_the_lottery() -> None:
    from sklearn.ensemble import IsolationForest as Forest

    theirs, other = (
        -Forest(n_estimators=100, max_samples=256, random_state=seed).fit(ROWS).score_samples(ROWS) for seed in (1, 2)
    )
    ours = IsolationForest().fit(ROWS).decision_scores_
    between_seeds = np.corrcoef(theirs, other)[0, 1]
    assert np.corrcoef(ours, theirs)[0, 1] > between_seeds - 0.02
    assert abs(ours.mean() - theirs.mean()) < 0.01


def test_expected_path_of_small_counts() -> None:
    # 2 H(n - 1) - 2 (n - 1) / n with H(n) taken as ln n + Euler's constant
    assert expected_path(np.array([1, 2, 256])).round(3).tolist() == [0, 1, 10.245]
