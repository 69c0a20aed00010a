"""HTML to tagged PDF (PDF/UA-1), the same bytes for the same page; in a process of its own, fetching nothing.

Run as `python -m review.exports.pdf IDENTIFIER`, HTML on standard input, PDF on standard output. Dates in the PDF are
those the page states in its `meta` elements.
"""

import os
import subprocess
import sys

ABSENT = (
    "PDF kan inte göras på den här servern: systembiblioteket Pango saknas (paketet libpango-1.0-0). "
    "Samma innehåll finns som HTML."
)
SLOW = "PDF-filen tog för lång tid att göra. Samma innehåll finns som HTML."
LONGEST_SECONDS = 300
_NO_LIBRARY = 3


class PdfError(Exception):
    """The PDF cannot be made; the text says why, in Swedish."""


def pdf_of(html: str, identifier: str) -> bytes:
    """Return the page as tagged PDF; `identifier` takes the place of one drawn by chance. Raises PdfError."""
    command = [sys.executable, "-m", "review.exports.pdf", identifier]
    env = os.environ | {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0"}
    try:
        done = subprocess.run(  # noqa: S603
            command, input=html.encode("utf-8"), capture_output=True, check=False, env=env, timeout=LONGEST_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise PdfError(SLOW) from None
    if done.returncode == _NO_LIBRARY:
        raise PdfError(ABSENT)
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        raise PdfError("PDF-filen kunde inte göras. Samma innehåll finns som HTML.")
    return done.stdout


def _write(identifier: str) -> int:
    import logging

    logging.disable(logging.CRITICAL)
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError):
        return _NO_LIBRARY

    only_data = URLFetcher(allowed_protocols=("data",))  # what the page itself carries
    page = HTML(string=sys.stdin.buffer.read().decode("utf-8"), url_fetcher=only_data)
    page.write_pdf(sys.stdout.buffer, pdf_variant="pdf/ua-1", pdf_identifier=identifier.encode("ascii"))
    return 0


if __name__ == "__main__":
    sys.exit(_write(sys.argv[1]))
