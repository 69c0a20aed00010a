"""HTML to a tagged PDF (PDF/UA-1), laid out in a process of its own: the server never carries the layout engine.

Nothing is fetched: pictures must be `data:` addresses. The same HTML gives the same bytes.
"""

import hashlib
import os
import subprocess
import sys

from fut.errors import StoreError

SECONDS = 120
EPOCH = "315619200"  # 1980-01-01: fonts cut to size carry a time, which must not be the clock's


def to_pdf(html: str) -> bytes:
    """Return the PDF of a whole HTML page; raises StoreError when it cannot be made."""
    command = [sys.executable, "-m", "review.exports.pdf"]
    env = os.environ | {"SOURCE_DATE_EPOCH": EPOCH}
    try:
        done = subprocess.run(  # noqa: S603
            command, input=html.encode(), capture_output=True, check=False, timeout=SECONDS, env=env
        )
    except subprocess.TimeoutExpired:
        raise StoreError("PDF: laying the page out took too long") from None
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        raise StoreError("PDF: the page could not be laid out (is Pango installed?)")
    return done.stdout


def _main() -> None:
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    html = sys.stdin.buffer.read()
    page = HTML(string=html.decode(), url_fetcher=URLFetcher(allowed_protocols=("data",)))
    identifier = hashlib.sha256(html).digest()[:16]
    sys.stdout.buffer.write(page.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier) or b"")


if __name__ == "__main__":
    _main()
