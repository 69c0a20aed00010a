"""COPOD: how far out a row lies in the tails of the empirical copula.

Li, Zhao, Botta, Ionescu & Hu (2020), ICDM; PyOD's estimator.
"""

from typing import Any

from models.detector import PyodDetector


class Copod(PyodDetector):
    """Sum of tail log probabilities; scoring grows with the training set."""

    def _estimator(self, rows: int) -> Any:
        from pyod.models.copod import COPOD

        return COPOD(contamination=self.contamination)
