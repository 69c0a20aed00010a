"""Own SVG pictures: self-contained, with text alternatives, no dependency, no style attributes.

Put `PICTURE_CSS` once on a page and the pictures inline, or write `standalone(picture)` to a file.
"""

from reporting.pictures.areas import LEAST_CLIENTS, AreaRate, area_map, area_rates
from reporting.pictures.base import NARROW, PICTURE_CSS, WIDE, standalone
from reporting.pictures.charts import bars, lines
from reporting.pictures.coverage import CoverageBar, coverage_bars
from reporting.pictures.drift import DriftSeries, drift_panels
from reporting.pictures.peers import PeerValue, peer_dots
from reporting.pictures.profile import ProfileValue, furthest_first, profile_rows
from reporting.pictures.provider import ProviderMonth, provider_months
from reporting.pictures.rank import rank_curve, reach
from reporting.pictures.reasons import ReasonBar, reasons_bars
from reporting.pictures.shapes import Shape, load_shapes, read_shapes
from reporting.pictures.timeline import VisitDay, visit_timeline
from reporting.pictures.trend import TrendPoint, interval_trend, wilson, wilson_point

__all__ = [
    "LEAST_CLIENTS",
    "NARROW",
    "PICTURE_CSS",
    "WIDE",
    "AreaRate",
    "CoverageBar",
    "DriftSeries",
    "PeerValue",
    "ProfileValue",
    "ProviderMonth",
    "ReasonBar",
    "Shape",
    "TrendPoint",
    "VisitDay",
    "area_map",
    "area_rates",
    "bars",
    "coverage_bars",
    "drift_panels",
    "furthest_first",
    "interval_trend",
    "lines",
    "load_shapes",
    "peer_dots",
    "profile_rows",
    "provider_months",
    "rank_curve",
    "reach",
    "read_shapes",
    "reasons_bars",
    "standalone",
    "visit_timeline",
    "wilson",
    "wilson_point",
]
