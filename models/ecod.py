"""ECOD: how far out a row lies in the tails of each column's empirical distribution.

Li, Zhao, Hu, Botta, Ionescu & Chen (2022), IEEE Transactions on Knowledge and Data Engineering; PyOD's estimator.
"""

from typing import Any

from models.detector import PyodDetector


class Ecod(PyodDetector):
    """Sum of tail log probabilities; scoring grows with the training set."""

    def _estimator(self, rows: int) -> Any:
        from pyod.models.ecod import ECOD

        return ECOD(contamination=self.contamination)
