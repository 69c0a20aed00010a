"""The files every page needs: read once, packed once, kept by browsers under an address that holds their hash.

Pages themselves are never packed: they hold the form token beside what somebody may have typed, and the length of such
a mixture, packed, can tell an eavesdropper about the token.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from reporting.svg import PICTURE_CSS

FOLDER = Path(__file__).parent.parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript"}
AT_THE_END = {"app.css": PICTURE_CSS}
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class File:
    """One file as served: plain, packed, and the hash its address carries."""

    kind: str
    plain: bytes
    packed: bytes
    mark: str


@cache
def files() -> dict[str, File]:
    """Return every file by its path under `/static/`."""
    found = {}
    for path in sorted(p for p in FOLDER.rglob("*") if p.suffix in KINDS):
        name = path.relative_to(FOLDER).as_posix()
        plain = path.read_bytes() + AT_THE_END.get(name, "").encode("utf-8")
        packed = gzip.compress(plain, 9, mtime=0)
        found[name] = File(KINDS[path.suffix], plain, packed, hashlib.sha256(plain).hexdigest()[:12])
    return found


def static_url(name: str) -> str:
    """Return a file's address; raises KeyError when there is none, so that no page is served with a dead link."""
    return f"/static/{name}?v={files()[name].mark}"


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request under `/static/` (an ASGI application)."""
    request = Request(scope)
    file = files().get(request.url.path.removeprefix("/static/"))
    if file is None or request.method not in ("GET", "HEAD"):
        await Response("Finns inte", status_code=404, media_type="text/plain")(scope, receive, send)
        return
    headers = {"ETag": f'"{file.mark}"', "Vary": "Accept-Encoding"}
    if request.query_params.get("v") == file.mark:
        headers["Cache-Control"] = FOREVER
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        await Response(status_code=304, headers=headers)(scope, receive, send)
        return
    is_packed = "gzip" in request.headers.get("accept-encoding", "")
    if is_packed:
        headers["Content-Encoding"] = "gzip"
    body = file.packed if is_packed else file.plain
    await Response(body, media_type=file.kind, headers=headers)(scope, receive, send)
