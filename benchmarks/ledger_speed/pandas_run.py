"""The pandas stages on one inbox, measured; a process of its own, so that its memory peaks are its own."""

import argparse
import json
import sys
from pathlib import Path

from benchmarks.ledger_speed import FILES, FLAGS, PAIRS, PAYMENTS, POSTINGS, SUBSET
from benchmarks.measure import Stages


def main(argv: list[str] | None = None) -> int:
    """Run the stages on `--folder`/inbox and write pandas.json and the tables to compare into `--out`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger_speed.pandas_run")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--dialect", required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args(argv)
    stages = Stages()
    with stages.stage("imports", is_apart=True):
        import pandas as pd  # noqa: F401
        import pyarrow.parquet  # noqa: F401

        from benchmarks.ledger_speed import pandas_core as core
        from benchmarks.ledger_speed import pandas_ledger as ledger
        from benchmarks.ledger_speed import pandas_pairs as pairing
        from indicators import library

        stated = {code: library()[code].parameters() for code in SUBSET}
    with stages.stage("ingest"):
        rows = ledger.read(sorted((arguments.folder / "inbox").iterdir()), arguments.dialect)
        rows.to_parquet(arguments.out / "rows.parquet")
    with stages.stage("validation"):
        failing = ledger.judge(rows)
    with stages.stage("core"):
        posted = core.postings(rows, failing)
        paid = core.payments(posted, core.payees(posted))
        paid = core.recurrence(core.netting(paid))
        pairs = pairing.pairs(paid)
        for name, frame in {"postings": posted, "payments": paid, "pairs": pairs}.items():
            frame.to_parquet(arguments.out / f"core_{name}.parquet")
    with stages.stage("indicators in both"):
        flags = pairing.flags(pairs, paid, stated)
        flags.to_parquet(arguments.out / "out_flags.parquet")
    tables = {
        "files": (ledger.files(rows, failing), FILES),
        "postings": (posted, POSTINGS),
        "payments": (paid, PAYMENTS),
        "pairs": (pairs, PAIRS),
        "flags": (flags, FLAGS),
    }
    for name, (frame, columns) in tables.items():
        frame[list(columns)].to_parquet(arguments.out / f"{name}.pandas.parquet", index=False, compression=None)
    (arguments.out / "pandas.json").write_text(json.dumps({"stages": stages.rows()}), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
