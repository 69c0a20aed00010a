"""Show the library of indicators, or one of them."""

import argparse

from commands._screen import table
from fut.errors import UsageError, did_you_mean


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("code", nargs="?", metavar="CODE", help="show this indicator's page, for example SP01")
    parser.add_argument("--english", action="store_true", help="the page in English instead of Swedish")


def execute(args: argparse.Namespace) -> int:
    """Print every indicator, or the page of one; raises UsageError with the nearest code."""
    from indicators import library
    from reporting.words import AREAS

    known = library()
    if args.code:
        from reporting.documents.indicators import page

        code = args.code.upper()
        if code not in known:
            raise UsageError(f"no indicator '{code}'{did_you_mean(code, known)}")
        print(page(known[code], "en" if args.english else "sv"))
        return 0
    rows = [
        [i.code, i.title.sv, i.title.en, i.evidence_class, i.family, i.review_minutes, AREAS.get(i.area, i.area)]
        for i in known.values()
    ]
    table(["Kod", "Namn", "Name", "Klass", "Familj", ">Minuter", "Område"], rows)
    print("Klass: H motsägelse, R regel eller avtal, S statistisk avvikelse, C sammanhang.")
    return 0
