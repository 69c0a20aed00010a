"""The pandas stages on one inbox, measured."""

import json
from pathlib import Path
from typing import Any

from benchmarks.ledger_speed import COVERAGE, FILES, FLAGS, PAIRS, PAYMENTS, POSTINGS, SCORES, SUBSET, settings
from benchmarks.measure import Stages, forest_measured


def run(stages: Stages, folder: Path, dialect: str, out: Path) -> dict[str, Any]:
    """Run every stage; what it returns beside its tables is nothing."""
    with stages.stage("imports", is_apart=True):
        import pandas as pd
        import pyarrow.parquet  # noqa: F401
        import sklearn.tree  # noqa: F401

        from benchmarks.ledger_speed import pandas_amounts as amounts
        from benchmarks.ledger_speed import pandas_core as core
        from benchmarks.ledger_speed import pandas_coverage as coverage
        from benchmarks.ledger_speed import pandas_features as features
        from benchmarks.ledger_speed import pandas_ledger as ledger
        from benchmarks.ledger_speed import pandas_pair_flags as pair_flags
        from benchmarks.ledger_speed import pandas_pairs as pairing
        from benchmarks.ledger_speed import pandas_scores as scoring
        from benchmarks.ledger_speed import pandas_series as series
        from indicators import library
        from models import recipe

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
        known = amounts.known(paid)
        told = pair_flags.flags(pairs, paid, stated), amounts.flags(known, stated, amounts.lows(paid))
        flags = pd.concat([*told, series.flags(known, stated, paid)])[list(FLAGS)]
        flags.to_parquet(out / "out_flags.parquet")
        tested = coverage.coverage(paid, stated)
        tested.to_parquet(out / "out_coverage.parquet")
    seed = settings(folder, dialect).seed
    detector = forest_measured(stages, recipe)()
    with stages.stage("features and scores"):
        live = features.live(paid)
        with stages.stage("lottery, given", is_apart=True):
            lots = scoring.lottery(live, seed)
        values = features.features(live, lots["draw"])
        scores = scoring.scores(values, _months(out, paid), lots["lot"], lambda: detector(random_state=seed))
        scores.to_parquet(out / "scores.parquet")
    tables = {
        "files": (ledger.files(rows, failing), FILES),
        "postings": (posted, POSTINGS),
        "payments": (paid, PAYMENTS),
        "pairs": (pairs, PAIRS),
        "flags": (flags, FLAGS),
        "coverage": (tested, COVERAGE),
        "features": (values, tuple(values)),
        "scores": (scores, SCORES),
    }
    for name, (frame, columns) in tables.items():
        frame[list(columns)].to_parquet(out / f"{name}.pandas.parquet", index=False, compression=None)
    return {}


def _months(out: Path, paid: Any) -> list[str]:
    """Return the months to rank: those our version may, or all where it has not run."""
    given = out / "ready.json"
    return json.loads(given.read_text("utf-8")) if given.exists() else sorted(paid["booked_month"].unique())
