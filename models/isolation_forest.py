"""Isolation forest, the default: rows that few random cuts separate from the rest are abnormal.

Liu, Ting & Zhou (2008), Isolation forest, ICDM. The trees are scikit-learn's, grown as its IsolationForest grows
them, but without its bagging shell: with a fit a quarter, most of the time went into cloning estimators. PyOD's
wrapper would besides score every training row again.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.detector import Detector, Matrix

TREES = 100
SAMPLE = 256
EULER = 0.5772156649015329


@dataclass(frozen=True)
class IsolationTree:
    """One grown tree; `path` is the expected number of cuts to isolate a row that ends in the node, 0 at the root."""

    tree: Any
    path: Matrix


class IsolationForest(Detector):
    """100 trees on 256 rows each; the score is 2^(-mean path / expected path), between 0 and 1."""

    def _fit(self, x: Matrix) -> None:
        from sklearn import config_context
        from sklearn.tree import ExtraTreeRegressor

        rows, drawn = len(x), np.random.default_rng(self.random_state)
        size = min(SAMPLE, rows)
        depth = max(1, int(np.ceil(np.log2(max(size, 2)))))
        # one generator sown anew for each tree: making one costs a third of growing a tree
        trees, state = [], np.random.RandomState(0)
        with config_context(skip_parameter_validation=True):
            for seed in drawn.integers(2**31 - 1, size=TREES):
                sample = x[drawn.choice(rows, size, replace=False)].astype(np.float32)
                state.seed(int(seed))
                tree = ExtraTreeRegressor(max_features=1, max_depth=depth, splitter="random", random_state=state).fit(
                    sample, drawn.uniform(size=size), check_input=False
                )
                trees.append(tree.tree_)
        self.trees_ = [IsolationTree(tree, path) for tree, path in zip(trees, _paths(trees), strict=True)]
        self.expected_ = max(float(expected_path(np.array([size]))[0]), 1e-9)

    def _score(self, x: Matrix) -> Matrix:
        rows = x.astype(np.float32)
        total = np.zeros(len(rows))
        for grown in self.trees_:
            total += grown.path.take(grown.tree.apply(rows))
        return 2 ** (-total / (len(self.trees_) * self.expected_))


def expected_path(count: NDArray[np.int64]) -> Matrix:
    """Return how many more cuts isolate one of `count` rows on average: 2 H(n - 1) - 2 (n - 1) / n."""
    n = np.maximum(count.astype(np.float64), 2)
    many = 2 * (np.log(n - 1) + EULER) - 2 * (n - 1) / n
    return np.where(count <= 1, 0.0, np.where(count == 2, 1.0, many))


def _paths(trees: list[Any]) -> list[Matrix]:
    """Return each tree's `path`; the levels of all trees are walked at once."""
    ends = np.cumsum([tree.node_count for tree in trees])
    roots = ends - [tree.node_count for tree in trees]
    left, right = (
        np.concatenate([getattr(tree, side) for tree in trees]) for side in ("children_left", "children_right")
    )
    shift = np.repeat(roots, np.diff(ends, prepend=0))
    depth, level = np.zeros(len(left)), roots
    while len(level := level[left[level] >= 0]):
        below = np.concatenate([left[level] + shift[level], right[level] + shift[level]])
        depth[below] = np.tile(depth[level] + 1, 2)
        level = below
    path = depth + expected_path(np.concatenate([tree.n_node_samples for tree in trees]))
    return np.split(path, ends[:-1])
