"""Mean robust z, the transparent control: how many spreads a row lies from the median, averaged over columns."""

import numpy as np

from models.detector import Detector, Matrix

MAD_TO_SD = 1.4826


class RobustZ(Detector):
    """Mean over columns of (x - median) / (1.4826 MAD) on the bad side; a column without spread gives zero."""

    def prepare(self, rows: Matrix) -> Matrix:
        """Return rows with nulls filled; sides are taken in the score, since clipping would shrink the spread."""
        return np.where(np.isnan(rows), self.median_, rows)

    def _fit(self, x: Matrix) -> None:
        self.spread_ = MAD_TO_SD * np.median(np.abs(x - self.median_), axis=0)

    def _score(self, x: Matrix) -> Matrix:
        deviation = x - self.median_
        z = np.divide(deviation, self.spread_, out=np.zeros_like(deviation), where=self.spread_ > 0)
        for column, tail in enumerate(self.tails or ["both"] * x.shape[1]):
            z[:, column] = {"high": z[:, column], "low": -z[:, column], "both": np.abs(z[:, column])}[tail]
        return np.maximum(z, 0).mean(axis=1)
