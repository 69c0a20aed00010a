"""Run the monthly batch: load, check, flag, score, rank, publish.

It is the same job that Dagster schedules. A run that was cut off is run again; the same files, settings and seed
publish the same bytes.
"""

import argparse
import sys
from decimal import Decimal

from commands._options import add_month, add_settings, files_of, months_of, settings_of
from commands._screen import CORE_STEPS, gone, of_no_source, progress, table
from fut.errors import InputError
from fut.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_settings(parser)
    add_month(parser, several=True)


def execute(args: argparse.Namespace) -> int:
    """Run the batch and print what was published; exit code 3 when a month was blocked."""
    return run(settings_of(args), months_of(args))


def run(settings: Settings, months: list[str] | None) -> int:
    """Run the batch for the months (the latest when None) and print what was published."""
    import polars as pl

    from pipelines import steps
    from reporting import format as f

    with progress(files_of(settings) + CORE_STEPS + len(steps.active_library(settings)) + len(months or [1])) as tick:
        result = steps.run(settings, months, tick)
    loaded = result.loaded
    print(
        f"{len(loaded.loaded)} files loaded, {len(loaded.unchanged)} unchanged, {len(loaded.ignored)} of no source "
        f"({settings.municipality.name})"
    )
    if loaded.ignored:
        print(of_no_source(loaded.ignored))
    print(gone(loaded.gone), end="")
    rows = []
    for month, folder in sorted(result.published.items()):
        ranked = pl.read_parquet(folder / "ranked_payments.parquet", columns=["arm", "expected_error_sek"])
        listed = ranked.filter(pl.col("arm") != "random")
        expected = f.kr(sum(map(abs, listed["expected_error_sek"]), Decimal()), settings.currency)
        rows.append([month, listed.height, ranked.height - listed.height, expected, folder.name])
    table(["Month", ">Listed", ">Drawn by lot", ">Expected error", "Published run"], rows)
    if others := sorted(loaded.months - result.published.keys() - result.blocked.keys()):
        span = f"{others[0]}..{max(*others, *result.published)}"
        print(f"not ranked anew, though their files are new or changed: {', '.join(others[:12])}"
              f"{' ...' if len(others) > 12 else ''}; fut run --month {span}")  # fmt: skip
    for month, why in sorted(result.blocked.items()):
        print(f"fut: {month} is not ranked: {why}", file=sys.stderr)
    return InputError.exit_code if result.blocked else 0
