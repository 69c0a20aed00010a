"""Erasing a published run: what the kept payments need stays, all else goes, and the chain tells of it."""

import hashlib
import json
import os
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fut.contract import load_contracts
from fut.retention import Rule
from reporting import erasing
from reporting.chain import check
from reporting.erased import RECORD, acts, runs
from reporting.erasing import WHOLE, due_run, erase_run
from tests.reporting.sample import write_sample

RULE = Rule("published", 24, date(2000, 1, 1), "Gallringsplan")
TODAY = date(2026, 11, 23)
MONTH = "2024-01"
FILTERED = {"flags", "quarantine"}


def published(folder: Path, month: str = MONTH, run: str = "r1", previous: str = "") -> Path:
    """Write an invented run with a manifest that states its files' hashes; returns its folder."""
    made = folder / month / run
    write_sample(made, listed=6, control=2)
    manifest = json.loads((made / "manifest.json").read_text("utf-8"))
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in made.glob("*.parquet")}
    manifest |= {"month": month, "run_id": run, "files": hashes, "previous_manifest_sha256": previous or None}
    (made / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (folder / month / "current").write_text(run + "\n", "utf-8")
    return made


def payments(folder: Path) -> list[str]:
    return pl.read_parquet(folder / "ranked_payments.parquet")["payment_id"].to_list()


def rows(folder: Path) -> dict[str, int]:
    return {path.stem: pl.read_parquet(path).height for path in sorted(folder.glob("*.parquet"))}


def state(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_each_published_table_is_classed_so_that_a_new_one_is_thought_of() -> None:
    by_payment = {name for name, c in load_contracts("out").items() if "payment_id" in c.names} - FILTERED
    by_payee = {name for name, c in load_contracts("out").items() if "payee_ref" in c.names} - by_payment
    assert by_payment | by_payee | FILTERED | set(WHOLE) == set(load_contracts("out"))
    assert not (by_payment | by_payee | FILTERED) & set(WHOLE)


def test_what_a_kept_payment_needs_stays_and_nothing_of_the_others(tmp_path: Path) -> None:
    folder = published(tmp_path)
    kept, *others = payments(folder)
    before = {path.stem: pl.read_parquet(path) for path in folder.glob("*.parquet")}
    due = due_run(MONTH, folder, RULE, {kept})
    assert due is not None
    erase_run(due, TODAY)
    left = {path.stem: pl.read_parquet(path) for path in folder.glob("*.parquet")}
    for name, frame in left.items():
        if "payment_id" in frame.columns:
            assert set(frame["payment_id"]) <= {kept}
            whole = before[name].filter(pl.col("payment_id") == kept)
            assert frame.equals(whole) if name != "flags" else frame.height >= whole.height
    text = "".join(frame.write_json() for frame in left.values())
    assert kept in text
    assert [other for other in others if other in text] == []
    own = set(left["ranked_payments"]["payee_ref"])
    assert set(left["payees"]["payee_ref"]) <= own if "payees" in left else True
    assert left["coverage"].equals(before["coverage"])
    assert due_run(MONTH, folder, RULE, {kept}) is None


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(picked=st.sets(st.integers(0, 7)))
def test_what_goes_is_what_was_listed(tmp_path_factory: pytest.TempPathFactory, picked: set[int]) -> None:
    folder = published(tmp_path_factory.mktemp("p"))
    before, all_of_them = rows(folder), payments(folder)
    due = due_run(MONTH, folder, RULE, {all_of_them[i] for i in picked})
    listed = {name: t.rows_before - t.rows_after for name, t in due.tables.items()} if due else {}
    if due:
        erase_run(due, TODAY)
    after = rows(folder)
    gone = {name: before[name] - after[name] for name in before if name != "quarantine"}
    assert {name: n for name, n in gone.items() if n} == {n: k for n, k in listed.items() if n != "quarantine"}
    assert len(payments(folder)) == len(picked)
    assert [one.wrong for one in check(folder.parent.parent)] == [()]


def test_an_erasure_cut_off_anywhere_ends_the_same_when_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = published(tmp_path / "whole")
    kept = set(payments(whole)[:2])
    due = due_run(MONTH, whole, RULE, kept)
    assert due is not None
    erase_run(due, TODAY)
    wanted, cut, replace = state(whole), 0, os.replace
    while True:
        folder, left = published(tmp_path / f"cut{cut}"), cut

        def killed(source: Path, target: Path) -> None:
            nonlocal left
            if left == 0:
                raise KeyboardInterrupt
            left -= 1
            replace(source, target)

        monkeypatch.setattr(erasing.os, "replace", killed)
        first = due_run(MONTH, folder, RULE, kept)
        assert first is not None
        try:
            erase_run(first, TODAY)
            break
        except KeyboardInterrupt:
            monkeypatch.setattr(erasing.os, "replace", replace)
        checked = check(folder.parent.parent)[0]
        assert bool(checked.wrong) == (cut > 0)  # nothing has happened yet, or it is told that it is half done
        again = due_run(MONTH, folder, RULE, kept)
        assert again is not None
        erase_run(again, TODAY)
        assert {name: data for name, data in state(folder).items() if not name.startswith(".")} == wanted
        cut += 1
    assert cut > 5


def test_rows_and_bytes_told_are_those_that_go_and_a_table_nobody_has_classed_goes_whole(tmp_path: Path) -> None:
    folder = published(tmp_path)
    pl.DataFrame({"said": ["a", "b", "c"]}).write_parquet(folder / "unclassed.parquet")
    keys = pl.read_parquet(folder / "quarantine.parquet")["row_key"].drop_nulls().len()
    before, sizes = rows(folder), {path.stem: path.stat().st_size for path in folder.iterdir()}
    (tmp_path / "lists").mkdir()
    copies = (tmp_path / "list.xlsx", tmp_path / "lists" / "list.csv", tmp_path / "gone.xlsx")
    copies[0].write_bytes(b"12345")
    copies[1].write_bytes(b"1234567")
    due = due_run(MONTH, folder, RULE, set(payments(folder)[:1]))
    assert due is not None
    assert not due.is_half_done
    due = replace(due, copies=(copies[0], copies[1].parent, copies[2]))
    assert due.bytes == sum(sizes[name] for name in due.tables) + 12
    erase_run(due, TODAY)
    assert rows(folder)["unclassed"] == 0
    assert due.rows == sum(before.values()) - sum(rows(folder).values()) + keys
    assert due.kept_rows == 1
    assert not any(path.exists() for path in (*copies, copies[1].parent))
    assert due_run(MONTH, folder, RULE, set(payments(folder)[:1])) is None


def test_the_chain_of_months_holds_and_says_which_is_erased(tmp_path: Path) -> None:
    first = published(tmp_path, "2024-01")
    chained = hashlib.sha256((first / "manifest.json").read_bytes()).hexdigest()
    published(tmp_path, "2024-02", "r2", chained)
    assert [(one.erased_on, one.wrong, one.notes) for one in check(tmp_path)] == [("", (), ()), ("", (), ())]
    due = due_run("2024-01", first, RULE, set())
    assert due is not None
    erase_run(due, TODAY)
    assert [(one.erased_on, one.wrong) for one in check(tmp_path)] == [("2026-11-23", ()), ("", ())]
    assert acts(first)[0]["ground"] == "Gallringsplan"


def test_rows_taken_away_or_put_back_by_hand_are_found_out(tmp_path: Path) -> None:
    folder = published(tmp_path)
    original = (folder / "payments.parquet").read_bytes()
    due = due_run(MONTH, folder, RULE, set())
    assert due is not None
    erase_run(due, TODAY)
    (folder / "payments.parquet").write_bytes(original)
    assert check(tmp_path)[0].wrong == ("payments.parquet: not the published bytes",)
    (folder / "payments.parquet").unlink()
    assert check(tmp_path)[0].wrong == ("payments.parquet: missing",)
    (folder / RECORD).unlink()
    assert len(check(tmp_path)[0].wrong) > 1


def test_a_month_whose_manifest_or_run_is_gone_is_not_passed_over(tmp_path: Path) -> None:
    first = published(tmp_path)
    before = hashlib.sha256((first / "manifest.json").read_bytes()).hexdigest()
    published(tmp_path, "2024-02", previous=before)
    (first / "manifest.json").unlink()
    unread = ("the pointer or the manifest cannot be read",)
    unchained = ("the manifest of 2024-01 is not the one it was chained to",)
    assert [(one.month, one.wrong) for one in check(tmp_path)] == [("2024-01", unread), ("2024-02", unchained)]
    shutil.rmtree(first)
    assert [(one.month, one.wrong) for one in check(tmp_path)] == [("2024-01", unread), ("2024-02", unchained)]
    shutil.rmtree(first.parent)
    [alone] = check(tmp_path)
    gone = "2024-01, which it was chained to, is gone: retention leaves a month's manifest in place"
    assert (alone.wrong, alone.notes) == ((gone,), ())


def test_a_changed_past_breaks_the_chain_and_a_month_published_anew_does_not(tmp_path: Path) -> None:
    first = published(tmp_path, "2024-01")
    chained = hashlib.sha256((first / "manifest.json").read_bytes()).hexdigest()
    published(tmp_path, "2024-02", "r2", chained)
    published(tmp_path, "2024-01", "r3")
    assert check(tmp_path)[1].notes == ("2024-01 has been published anew since",)
    assert check(tmp_path)[1].wrong == ()
    assert [(month, folder.name) for month, folder in runs(tmp_path)] == [
        ("2024-01", "r1"), ("2024-01", "r3"), ("2024-02", "r2")
    ]  # fmt: skip
    (first / "manifest.json").write_text("{}", "utf-8")
    assert check(tmp_path)[1].wrong == ("the manifest of 2024-01 is not the one it was chained to",)


def test_what_is_needed_no_longer_goes_later_and_both_acts_are_told(tmp_path: Path) -> None:
    folder = published(tmp_path)
    one, other = payments(folder)[:2]
    for kept, day in (({one, other}, date(2026, 1, 2)), ({one}, date(2026, 3, 4))):
        due = due_run(MONTH, folder, RULE, kept)
        assert due is not None
        erase_run(due, day)
    told = acts(folder)
    assert [(act["at"], act["payments_kept"], act["is_finished"]) for act in told] == [
        ("2026-01-02", 2, True), ("2026-03-04", 1, True),
    ]  # fmt: skip
    assert [act["tables"]["ranked_payments"]["rows_after"] for act in told] == [2, 1]
    assert [(found.erased_on, found.wrong) for found in check(tmp_path)] == [("2026-03-04", ())]


def test_an_erasure_cut_off_goes_on_with_what_is_needed_by_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, replace = published(tmp_path), os.replace
    one, other = payments(folder)[:2]
    first = due_run(MONTH, folder, RULE, {one})
    assert first is not None
    told: list[Path] = []

    def killed(source: Path, target: Path) -> None:
        if told:
            raise KeyboardInterrupt
        told.append(target)
        replace(source, target)

    monkeypatch.setattr(erasing.os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        erase_run(first, TODAY)
    monkeypatch.setattr(erasing.os, "replace", replace)
    again = due_run(MONTH, folder, RULE, {one, other})
    assert again is not None
    erase_run(again, TODAY)
    assert set(payments(folder)) == {one, other}
    assert [found.wrong for found in check(tmp_path)] == [()]


@pytest.mark.parametrize("table", ["payments", "ranked_payments"])
def test_the_payee_of_a_kept_payment_stays_whichever_table_tells_of_it(tmp_path: Path, table: str) -> None:
    folder = published(tmp_path)
    kept = pl.read_parquet(folder / "ranked_payments.parquet").row(0, named=True)
    path = folder / f"{table}.parquet"
    pl.read_parquet(path).filter(pl.col("payment_id") != kept["payment_id"]).write_parquet(path)
    due = due_run(MONTH, folder, RULE, {kept["payment_id"]})
    assert due is not None
    erase_run(due, TODAY)
    assert set(pl.read_parquet(folder / "payees.parquet")["payee_ref"]) == {kept["payee_ref"]}


def test_a_table_that_was_never_published_is_told_also_when_its_rows_are_erased(tmp_path: Path) -> None:
    folder = published(tmp_path)
    pl.DataFrame({"said": ["a"]}).write_parquet(folder / "added.parquet")
    added = ("added.parquet: not in the manifest",)
    assert check(tmp_path)[0].wrong == added
    due = due_run(MONTH, folder, RULE, set())
    assert due is not None
    erase_run(due, TODAY)
    assert check(tmp_path)[0].wrong == added
