"""Make a municipality that pays, errs and cheats in known ways: files to try futvakt on, and the truth beside them.

OUT/inbox holds the delivery, OUT/truth what is wrong in it (never read by the batch), OUT/areas.geojson a map of the
areas, OUT/municipality.yaml settings to run it with. The same preset, difficulty and seed give the same bytes.
"""

import argparse
import time
from pathlib import Path

from commands._options import whole
from commands._screen import table

SETTINGS = """# Settings of a simulated municipality: preset {preset}, difficulty {difficulty}, seed {seed}. Its key is public.
municipality: {{id: simulated, name: Simulerad kommun}}
inbox: inbox
var: var
areas: areas.geojson
is_demo: true
seed: {seed}
sources:
  - {{name: municipality, dialect: canonical, files: "*.{suffix}"}}
capacity: {{hours_per_month: 40, control_share: 0.15}}
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("out", metavar="OUT", type=Path, help="folder to write to")
    parser.add_argument("--preset", default="small", help="tiny, small, medium or large (default: small)")
    parser.add_argument("--difficulty", default="hard", help="easy, medium or hard (default: hard)")
    parser.add_argument("--seed", type=whole(0), default=1, help="same seed, same bytes (default: 1)")
    parser.add_argument("--months", type=whole(1), help="how many months (default: the preset's)")
    parser.add_argument("--start", metavar="MONTH", default="2025-01", help="first month (default: 2025-01)")
    parser.add_argument("--honest", action="store_true", help="nobody cheats; honest errors stay")
    parser.add_argument("--format", choices=("parquet", "csv"), default="parquet", help="of the files")
    parser.add_argument("--dialects", action="store_true", help="also write the visits as three source systems do")


def execute(args: argparse.Namespace) -> int:
    """Simulate, write the settings, and say what was made."""
    from reporting import format as f
    from simulation import simulate

    began = time.perf_counter()
    made = simulate(
        args.out, args.preset, args.difficulty, args.seed, args.months, args.start, args.honest,
        file_format=args.format, dialects=args.dialects,
    )  # fmt: skip
    settings = args.out / "municipality.yaml"
    settings.write_text(
        SETTINGS.format(preset=args.preset, difficulty=args.difficulty, seed=args.seed, suffix=args.format),
        encoding="utf-8",
    )
    table(
        ["What", ">Rows"],
        [[name, f.number(rows)] for name, rows in made.rows.items()],
        f"{made.months[0]}..{made.months[-1]}, {f.number(made.visits)} visits, {f.kr(round(made.compensation_sek))} for home "
        f"care, {time.perf_counter() - began:.0f} s",
    )
    print(f"{made.labels} labels of what is wrong in {args.out / 'truth'}, parameters {made.parameters_hash}")
    print(f"Next: fut run --settings {settings}")
    return 0
