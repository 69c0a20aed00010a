"""HBOS: how rare a row's values are in each column's histogram.

Goldstein & Dengel (2012), KI; PyOD's estimator.
"""

from typing import Any

from models.detector import PyodDetector


class Hbos(PyodDetector):
    """Ten equal bins a column, columns taken as independent."""

    def _estimator(self, rows: int) -> Any:
        from pyod.models.hbos import HBOS

        return HBOS(n_bins=10, contamination=self.contamination)
