"""The pandas stages on one inbox, measured."""

from pathlib import Path
from typing import Any

from benchmarks.ledger_speed import FILES, FLAGS, PAIRS, PAYMENTS, POSTINGS, SUBSET
from benchmarks.measure import Stages


def run(stages: Stages, folder: Path, dialect: str, out: Path) -> dict[str, Any]:
    """Run every stage; what it returns beside its tables is nothing."""
    with stages.stage("imports", is_apart=True):
        import pandas as pd  # noqa: F401
        import pyarrow.parquet  # noqa: F401

        from benchmarks.ledger_speed import pandas_core as core
        from benchmarks.ledger_speed import pandas_ledger as ledger
        from benchmarks.ledger_speed import pandas_pairs as pairing
        from indicators import library

        stated = {code: library()[code].parameters() for code in SUBSET}
    with stages.stage("ingest"):
        rows = ledger.read(sorted((folder / "inbox").iterdir()), dialect)
        rows.to_parquet(out / "rows.parquet")
    with stages.stage("validation"):
        failing = ledger.judge(rows)
    with stages.stage("core"):
        posted = core.postings(rows, failing)
        paid = core.payments(posted, core.payees(posted))
        paid = core.recurrence(core.netting(paid))
        pairs = pairing.pairs(paid)
        for name, frame in {"postings": posted, "payments": paid, "pairs": pairs}.items():
            frame.to_parquet(out / f"core_{name}.parquet")
    with stages.stage("indicators in both"):
        flags = pairing.flags(pairs, paid, stated)
        flags.to_parquet(out / "out_flags.parquet")
    tables = {
        "files": (ledger.files(rows, failing), FILES),
        "postings": (posted, POSTINGS),
        "payments": (paid, PAYMENTS),
        "pairs": (pairs, PAIRS),
        "flags": (flags, FLAGS),
    }
    for name, (frame, columns) in tables.items():
        frame[list(columns)].to_parquet(out / f"{name}.pandas.parquet", index=False, compression=None)
    return {}
