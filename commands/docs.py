"""Write docs/generated/ from contracts, indicators, features and models, or check that it is fresh."""

import argparse
from pathlib import Path

from commands._options import ROOT

GENERATED = ROOT / "docs" / "generated"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 4 when a file is stale")
    parser.add_argument("--out", type=Path, default=GENERATED, help=argparse.SUPPRESS)


def execute(args: argparse.Namespace) -> int:
    """Write or check the generated files."""
    from models.described import sections
    from reporting.documents import check, generate

    if args.check:
        print(f"{check(args.out, sections())} generated files are fresh")
        return 0
    written, removed = generate(args.out, sections())
    print(f"{len(written)} files written, {len(removed)} removed")
    return 0
