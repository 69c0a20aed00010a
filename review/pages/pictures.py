"""The pictures' own style sheet, from where they are drawn."""

from starlette.responses import Response

from reporting.svg import PICTURE_CSS
from review.web.ask import Ask
from review.web.routes import page


@page("/static/pictures.css", may=None)
def pictures(ask: Ask) -> Response:
    """Answer with the style sheet, which browsers keep as they do the static files beside it."""
    return Response(PICTURE_CSS, media_type="text/css")
