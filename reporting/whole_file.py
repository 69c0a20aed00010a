"""Write a file whole or not at all, so that a full disk leaves the one that was there."""

import os
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Put the bytes in the file's place at once; raises OSError, and then what was there is still there."""
    path = path.resolve()
    if path.exists() and not path.is_file():
        path.write_bytes(data)  # a device or a pipe has no place beside it
        return
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.write_bytes(data)
        os.replace(draft, path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
