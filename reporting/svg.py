"""Own SVG pictures: self-contained, with text alternatives, no dependency, no style attributes.

Put `PICTURE_CSS` once on a page and the pictures inline, or write `standalone(picture)` to a file.
"""

from reporting.pictures.base import NARROW, PICTURE_CSS, WIDE, standalone
from reporting.pictures.charts import bars, lines
from reporting.pictures.coverage import CoverageBar, coverage_bars
from reporting.pictures.drift import DriftSeries, drift_panels
from reporting.pictures.rank import rank_curve, reach
from reporting.pictures.reasons import ReasonBar, reasons_bars

__all__ = [
    "NARROW",
    "PICTURE_CSS",
    "WIDE",
    "CoverageBar",
    "DriftSeries",
    "ReasonBar",
    "bars",
    "coverage_bars",
    "drift_panels",
    "lines",
    "rank_curve",
    "reach",
    "reasons_bars",
    "standalone",
]
