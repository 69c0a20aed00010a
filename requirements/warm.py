"""Compile what the project imports, by importing it once: a first run should not, nor every run where none is kept.

Only names that import statements of the project's own code give are imported, those inside functions among them; what
is not installed in this environment is passed over.
"""

import ast
import contextlib
import importlib
import sys
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def imported(path: Path) -> set[str]:
    """Return the modules a file imports by absolute name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    sys.dont_write_bytecode = False
    warnings.simplefilter("ignore")
    packages = [path.parent for path in ROOT.glob("*/__init__.py")]
    for name in sorted({name for package in packages for path in package.rglob("*.py") for name in imported(path)}):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
