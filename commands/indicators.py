"""Show the library of indicators, or one of them."""

import argparse

from commands._screen import table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("code", nargs="?", metavar="CODE", help="show this indicator's page, for example SP01")
    parser.add_argument("--english", action="store_true", help="the page in English instead of Swedish")


def execute(args: argparse.Namespace) -> int:
    """Print every indicator, or the page of one; raises ConfigError with the nearest code."""
    from fut.indicator import pick
    from indicators import library
    from reporting.words import AREAS

    known = library()
    if args.code:
        from reporting.documents.indicators import page

        print(page(pick(known, [args.code.upper()])[0], "en" if args.english else "sv"))
        return 0
    rows = [
        [i.code, i.title.sv, i.title.en, i.evidence_class, i.family, i.review_minutes, AREAS.get(i.area, i.area)]
        for i in known.values()
    ]
    table(["Kod", "Namn", "Name", "Klass", "Familj", ">Minuter", "Område"], rows)
    print("Klass: H motsägelse, R regel eller avtal, S statistisk avvikelse, C sammanhang.")
    return 0
