"""Outcomes that the officers' application leaves in the inbox: learnt from, and the log's head in the manifest."""

import json
from pathlib import Path
from types import ModuleType

from fut.settings import load_settings
from fut.warehouse import open_warehouse
from pipelines import steps
from reporting.loading import read_snapshot
from reporting.outcomes_file import NAME, outcomes_text

MONTHS = ["2019-01", "2019-02"]


def test_outcomes_of_the_application_are_learnt_from_and_their_log_is_anchored(
    ledger: ModuleType, tmp_path: Path
) -> None:
    settings = load_settings(ledger.make(tmp_path, MONTHS))
    before = steps.run(settings, MONTHS).published[MONTHS[-1]]
    assert json.loads((before / "manifest.json").read_text("utf-8"))["decisions_log"] is None
    judged = read_snapshot(before).listed[0]
    row = {
        "outcome_id": "review-1",
        "payment_id": judged.payment_id,
        "flag_ids": " ".join(flag.flag_id for flag in judged.flags),
        "decided_at": "2019-02-27T08:00:00",
        "decided_by_ref": "user-1",
        "arm": "risk",
        "verdict": "explained",
        "was_worth_looking": "false",
        "explanation_code": 'Ett "citat", två\nrader',
    }
    (settings.inbox / NAME).write_text(outcomes_text([row], 41, "ab" * 32), "utf-8")
    after = steps.run(settings, MONTHS[-1:]).published[MONTHS[-1]]
    assert json.loads((after / "manifest.json").read_text("utf-8"))["decisions_log"] == {"seq": 41, "hash": "ab" * 32}
    assert judged.payment_id not in {payment.payment_id for payment in read_snapshot(after).listed}
    with open_warehouse(settings) as connection:
        known = connection.execute("SELECT payment_id, verdict, explanation_code FROM core_outcomes").fetchall()
    assert known == [(judged.payment_id, "explained", row["explanation_code"].replace("\n", " "))]
