"""List the benchmarks, or run them all on the shared data: python -m benchmarks [--data DIR]."""

import argparse
import ast
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
HELPERS = {"__init__", "__main__", "measure"}


def known() -> dict[str, str]:
    """Return the first sentence about each benchmark by name: a module, or a folder that can be run."""
    found = {p.stem: p for p in HERE.glob("*.py")} | {p.parent.name: p for p in HERE.glob("*/__main__.py")}
    told = {}
    for name, path in sorted(found.items()):
        if name not in HELPERS:
            about = path.with_name("__init__.py") if path.name == "__main__.py" else path
            told[name] = (ast.get_docstring(ast.parse(about.read_text(encoding="utf-8"))) or "").split("\n")[0]
    return told


def main(argv: list[str] | None = None) -> int:
    """List every benchmark; with --data run each in a process of its own. Returns 1 when one fails."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--data", type=Path, help="folder with the shared ledgers; without it they are only listed")
    parser.add_argument("--only", choices=sorted(known()), action="append", help="may be given several times")
    arguments = parser.parse_args(argv)
    failed = 0
    for name, about in known().items():
        if arguments.only and name not in arguments.only:
            continue
        sys.stdout.write(f"{name:24s}{about}\n")
        if arguments.data:
            sys.stdout.flush()
            command = [sys.executable, "-m", f"benchmarks.{name}", "--data", str(arguments.data)]
            failed += subprocess.run(command, check=False).returncode != 0  # noqa: S603
            sys.stdout.write("\n")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
