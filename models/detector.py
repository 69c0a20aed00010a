"""What every recipe has in common: PyOD's interface, nulls and one-sided columns.

PyOD's own base class is not inherited, because importing PyOD costs seconds; the words and their meaning are its.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fut.errors import ConfigError

Matrix = NDArray[np.float64]


class Detector(ABC):
    """An unsupervised detector: higher scores are more abnormal.

    `contamination` is the share of the training rows that `threshold_` cuts off, above 0 and at most 0.5. `tails`
    holds high, low or both for every column: in a one-sided column, values on the good side of the training median
    count as the median. Null (NaN) counts as the median too. `random_state` seeds what is drawn.
    """

    def __init__(self, contamination: float = 0.01, random_state: int = 1, tails: Sequence[str] | None = None) -> None:
        """Raise ConfigError for a contamination outside (0, 0.5] or an unknown tail."""
        if not 0 < contamination <= 0.5:
            raise ConfigError(f"contamination must be above 0 and at most 0.5, not {contamination}")
        if unknown := set(tails or ()) - {"high", "low", "both"}:
            raise ConfigError(f"tail '{min(unknown)}' is none of high, low, both")
        self.contamination = contamination
        self.random_state = random_state
        self.tails = tuple(tails) if tails is not None else None

    def fit(self, x: ArrayLike, y: object = None) -> Self:
        """Learn from rows of shape (rows, columns); `y` is ignored. Raises ValueError for another shape."""
        rows = _rows(x)
        if self.tails is not None and len(self.tails) != rows.shape[1]:
            raise ValueError(f"{len(self.tails)} tails for {rows.shape[1]} columns")
        empty = np.isnan(rows).all(axis=0)
        self.median_: Matrix = np.zeros(rows.shape[1])
        self.median_[~empty] = np.nanmedian(rows[:, ~empty], axis=0)
        for name in ("decision_scores_", "threshold_", "labels_"):
            vars(self).pop(name, None)
        self._training = self.prepare(rows)
        self._fit(self._training)
        return self

    def forget(self) -> Self:
        """Let go of the training rows: the detector scores as before, but has no scores of its own any more."""
        vars(self).pop("_training", None)
        return self

    def prepare(self, rows: Matrix) -> Matrix:
        """Return rows as the recipe sees them: nulls filled, good sides of one-sided columns put at the median."""
        filled = np.where(np.isnan(rows), self.median_, rows)
        for column, tail in enumerate(self.tails or ()):
            if tail == "high":
                np.maximum(filled[:, column], self.median_[column], out=filled[:, column])
            elif tail == "low":
                np.minimum(filled[:, column], self.median_[column], out=filled[:, column])
        return filled

    def decision_function(self, x: ArrayLike) -> Matrix:
        """Return the score of each row of shape (rows, columns)."""
        return self._score(self.prepare(_rows(x)))

    def predict(self, x: ArrayLike) -> NDArray[np.int64]:
        """Return 1 for rows above the threshold, else 0."""
        return (self.decision_function(x) > self.threshold_).astype(np.int64)

    @cached_property
    def decision_scores_(self) -> Matrix:
        """Scores of the training rows, computed when first asked for."""
        return self._score(self._training)

    @cached_property
    def threshold_(self) -> float:
        """The training score that `contamination` of the rows exceed."""
        return float(np.percentile(self.decision_scores_, 100 * (1 - self.contamination)))

    @cached_property
    def labels_(self) -> NDArray[np.int64]:
        """1 for training rows above the threshold, else 0."""
        return (self.decision_scores_ > self.threshold_).astype(np.int64)

    @abstractmethod
    def _fit(self, x: Matrix) -> None: ...

    @abstractmethod
    def _score(self, x: Matrix) -> Matrix: ...


class PyodDetector(Detector):
    """A detector PyOD supplies: `_estimator` imports it, so that nobody else pays for the import.

    Columns in which the training rows do not differ are left out: skewness and histograms are undefined there.
    """

    @abstractmethod
    def _estimator(self, rows: int) -> Any:
        """Return the unfitted PyOD estimator for that many training rows."""

    def _fit(self, x: Matrix) -> None:
        self._varies = np.ptp(x, axis=0) > 0
        self.estimator_ = self._estimator(len(x)).fit(x[:, self._varies]) if self._varies.any() else None

    def _score(self, x: Matrix) -> Matrix:
        if self.estimator_ is None:
            return np.zeros(len(x))
        return np.asarray(self.estimator_.decision_function(x[:, self._varies]), dtype=np.float64)


def _rows(x: ArrayLike) -> Matrix:
    rows = np.asarray(x, dtype=np.float64)
    if rows.ndim != 2 or not len(rows):
        raise ValueError(f"rows and columns are needed, not shape {rows.shape}")
    return rows
