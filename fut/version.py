"""Which code made a result: a digest of everything that can change one."""

import hashlib
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_PACKAGES = ("fut", "core", "indicators", "features", "models", "reporting", "pipelines", "data_contracts")


@cache
def code_version() -> str:
    """Return the digest of code, SQL and contracts, in an order that does not depend on the machine."""
    digest = hashlib.sha256()
    for package in _PACKAGES:
        files = (p for p in (_ROOT / package).rglob("*") if p.suffix in {".py", ".sql", ".yaml", ".html", ".css"})
        for path in sorted(files, key=lambda p: p.relative_to(_ROOT).as_posix()):
            digest.update(path.relative_to(_ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
