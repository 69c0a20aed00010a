"""The yearly report: one HTML file with its own style, which the PDF is made of; no script, nothing fetched."""

import base64
import re
from pathlib import Path
from typing import Any

from markupsafe import Markup

from fut.settings import Settings
from reporting.html import security_policy
from reporting.svg import standalone
from review.store.log import Head
from review.web.templates import environment

STYLE = Path(__file__).parent.parent / "templates" / "year_report.css"
_TOLD = re.compile(r"<title[^>]*>(.*?)</title>.*?<desc[^>]*>(.*?)</desc>", re.DOTALL)


def report_html(settings: Settings, year: str, figures: dict[str, Any], runs: list[tuple[str, str]], head: Head) -> str:
    """Return the report; the same figures, runs and log head give the same text."""
    style = STYLE.read_text("utf-8")
    pictures = {name: (as_image(pair[0]), "") for name, pair in figures["pictures"].items()}
    shown = figures | {
        "pictures": pictures,
        "runs": runs,
        "head": head,
        "year": year,
        "settings": settings,
        "is_report": True,
    }
    page = environment().get_template("year_report.html")
    return page.render(**shown, style=Markup(style), policy=security_policy(style))  # noqa: S704 - our own file


def as_image(picture: str) -> Markup:
    """Return a picture as an image of its own with its words as the alternative: the PDF's layout asks for it."""
    said = _TOLD.search(picture)
    alternative = ". ".join(said.groups()).replace('"', "&quot;") if said else ""
    encoded = base64.b64encode(standalone(picture).encode()).decode()
    return Markup(f'<img src="data:image/svg+xml;base64,{encoded}" alt="{alternative}">')  # noqa: S704
