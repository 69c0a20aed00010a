"""The same ledger as one Dagster backfill, measured: what the steps use, and what Dagster uses around them."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.ledger_speed import CURRENCY, FEES
from benchmarks.measure import Stages

ROOT = Path(__file__).resolve().parents[2]
STEPS = ("load_and_check", "judge", "build", "flag", "score", "order", "publish")
IMPORTS, DAGSTER = "imports and definitions", "Dagster's own"
SETTINGS = """
municipality: {{id: {dialect}, name: {name}}}
currency: {currency}
is_demo: true
inbox: inbox
var: var_dagster
sources:
  - {{name: ledger, dialect: {dialect}, files: "*"}}
limits:
  - {{kind: reminder_fee, amount_sek: {reminder_fee}, valid_from: 2000-01-01}}
  - {{kind: collection_fee, amount_sek: {collection_fee}, valid_from: 2000-01-01}}
"""


def run(stages: Stages, folder: Path, dialect: str, _: Path) -> dict[str, Any]:
    """Run the job in an instance with the project's own settings; returns counts. Raises RuntimeError when it fails."""
    settings, home = folder / "municipality.yaml", folder / "dagster"
    settings.write_text(
        SETTINGS.format(dialect=dialect, name=dialect.capitalize(), currency=CURRENCY[dialect], **FEES), "utf-8"
    )
    home.mkdir()
    os.environ |= {
        "DAGSTER_HOME": str(ROOT), "FUT_DAGSTER_DIR": str(home), "DAGSTER_DISABLE_TELEMETRY": "yes",
        "FUT_SETTINGS": str(settings),
    }  # fmt: skip
    with stages.stage(IMPORTS, is_apart=True):
        import dagster as dg
        import sklearn.tree  # noqa: F401

        from models import rank, scoring  # noqa: F401
        from pipelines import expectations, steps
        from pipelines.definitions import defs
        from pipelines.defs.house import END_TAG, START_TAG, load_house
        from reporting import publish  # noqa: F401
    setattr(expectations, "_great_expectations", _measured(stages, IMPORTS, expectations._great_expectations))  # noqa: B010
    for name in STEPS:
        setattr(steps, name, _measured(stages, name, getattr(steps, name)))
    months = [period.last for period in map(_period(dialect), sorted((folder / "inbox").iterdir())) if period]
    with stages.stage(DAGSTER, is_apart=True):
        job, known = defs.resolve_job_def("monthly"), load_house().months.get_partition_keys()
        tags = {START_TAG: min(months), END_TAG: min(max(months), known[-1])}
        with dg.DagsterInstance.get() as instance:
            quiet = {"loggers": {"console": {"config": {"log_level": "ERROR"}}}}
            result = job.execute_in_process(quiet, instance=instance, tags=tags, raise_on_error=False)
            runs = instance.get_runs_count()
    if not result.success:
        raise RuntimeError(f"the run failed at {[event.step_key for event in result.get_step_failure_events()]}")
    return {"months": len(months), "runs": runs, "events": len(result.all_events)}


def _period(dialect: str) -> Callable[[Path], Any]:
    from fut.dialect import dialect as known

    return lambda path: known(dialect).period(path.name)


def _measured(stages: Stages, name: str, known: Callable[..., Any]) -> Callable[..., Any]:
    """Return a step that is a stage of its own."""

    def step(*arguments: Any, **named: Any) -> Any:
        with stages.stage(name.replace("_", " ")):
            return known(*arguments, **named)

    return step
