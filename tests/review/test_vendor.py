"""Vendored files are what their lists say: as released, with their licence, none unlisted."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (ROOT / "review/static/vendor", ROOT / "tests/review/vendor")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("folder", FOLDERS, ids=("served", "tests"))
def test_each_vendored_file_is_listed_with_its_hash_and_licence(folder):
    lines = [line for line in (folder / "README.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    listed = {line.split("|")[1].strip(): line for line in lines if re.search(r"\b[0-9a-f]{64}\b", line)}
    there = {path.name for path in folder.iterdir() if path.suffix not in (".md",) and "LICENSE" not in path.name}
    assert set(listed) == there
    for name, line in listed.items():
        content = (folder / name).read_bytes()
        hashes = re.findall(r"\b[0-9a-f]{64}\b", line)
        assert hashes[0] == sha256(content)
        assert re.search(r"0BSD|MPL-2\.0|MIT", line)
        assert (folder / f"LICENSE.{name.split('.')[0].removesuffix('-ext')}").is_file() or "https://" in line
        if name.endswith(".gz"):
            assert hashes[1] == sha256(gzip.decompress(content))
            assert len(content) <= 600_000
