"""KNN: how far away a row's nearest training rows are.

Ramaswamy, Rastogi & Shim (2000), SIGMOD; PyOD's estimator. Blind to anomalies that come in copies.
"""

from typing import Any

from models.detector import PyodDetector


class Knn(PyodDetector):
    """Distance to the 30th neighbour, fewer where the training set is small."""

    def _estimator(self, rows: int) -> Any:
        from pyod.models.knn import KNN

        return KNN(n_neighbors=min(30, rows - 1), n_jobs=1, contamination=self.contamination)
