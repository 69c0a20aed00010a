"""Erased months in the officers' application: what a case needs is there, and every page opens and says the rest is not."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from fut.errors import StoreError
from fut.retention import Retention, Rule
from reporting.erased import acts
from reporting.words import erased_sentence
from review import retention
from review.exports.case_file import made
from review.store import log
from review.store.schema import events
from review.web.ask import payee_path, payment_path
from review.work.keeping import needed
from review.work.results import results
from tests.review.case_tools import opened
from tests.review.conftest import MONTHS, publish
from tests.review.decide import closed_case, decided

OLD, YOUNG = MONTHS
DAY = date(2028, 10, 1)
"""On it September 2026 has been kept for 24 months, and October lacks one."""


@pytest.fixture
def own(make_world, own_var):
    return make_world(var=own_var)


@pytest.fixture
def worked(own):
    """One payment in an open case, one found wrong, one explained, one taken up; returns the payments by these words."""
    shelf = own.app.state.library.shelf(OLD)
    rows = shelf.ask("SELECT * FROM listed WHERE arm = 'risk' ORDER BY place")
    ids = [row["payment_id"] for row in rows]
    case = opened(own, shelf, ids[0], rows[0]["payee_ref"])
    decided(own, ids[1], OLD, "error_no_recovery", 100)
    decided(own, ids[2], OLD, "explained")
    own.as_("officer").post(payment_path(OLD, ids[3]) + "/ta", {"version": "0"})
    return {"case": case, "in_case": ids[0], "wrong": ids[1], "explained": ids[2], "taken": ids[3], "others": ids[4:]}


def due(world, day=DAY):
    with world.store.read() as connection:
        return retention.due_published(world.settings, connection, day)


def erase(world, day=DAY):
    listed = due(world, day)
    retention.erase_published(world.settings, world.store, listed, day)
    return listed


def left(world, month=OLD):
    return {row["payment_id"] for row in world.app.state.library.shelf(month).ask("SELECT payment_id FROM listed")}


def test_a_month_one_month_too_young_is_not_due(own):
    assert due(own, date(2028, 9, 30)) == []
    assert {run.month for run in due(own)} == {OLD}
    assert {run.month for run in due(own, date(2028, 11, 1))} == set(MONTHS)


def test_cases_errors_and_work_in_hand_stay_and_what_was_explained_goes(own, worked):
    erase(own)
    assert left(own) == {worked["in_case"], worked["wrong"], worked["taken"]}
    assert worked["others"][0] in left(own, YOUNG)
    assert due(own) == []


def test_a_closed_case_stays_and_an_undone_error_does_not(own, worked):
    kept, undone = worked["others"][:2]
    decided(own, kept, OLD, "explained", case=closed_case(own))
    decided(own, undone, OLD, "error_no_recovery", 100, state="undone")
    with own.store.read() as connection:
        assert kept in needed(connection)[OLD]
        assert undone not in needed(connection)[OLD]


def test_the_application_over_an_erased_month(own, worked):
    lead, shelf = own.as_("lead"), own.app.state.library.shelf(OLD)
    payee = shelf.one("SELECT payee_ref FROM listed WHERE payment_id = ?", (worked["in_case"],))["payee_ref"]
    assert lead.get("/flaggor", manad=OLD).text.count(" gallrades ") == 0
    erase(own)
    for path in ("/", f"/flaggor?manad={OLD}", f"/blind?manad={OLD}", f"/lagesbild?manad={OLD}",
                 f"/korningar?manad={OLD}", "/uppfoljning?ar=alla", f"/arende/{worked['case']}", payee_path(payee),
                 payment_path(OLD, worked["in_case"]), "/uppfoljning/2026.html"):  # fmt: skip
        assert lead.get(path).status_code == 200, path
    assert erased_sentence(OLD, DAY.isoformat()) in lead.get(f"/flaggor?manad={OLD}").text
    assert " gallrades " not in lead.get(f"/flaggor?manad={YOUNG}").text
    assert "är gallrad och räknas inte" in lead.get("/uppfoljning?ar=alla").text
    assert "publicerade rader är gallrade" in lead.get(payment_path(OLD, worked["explained"])).text
    assert lead.get(payment_path(OLD, worked["others"][0])).status_code == 404


def test_a_year_of_which_nothing_is_left_is_told_of(own, worked):
    erase(own, date(2028, 11, 1))
    lead = own.as_("lead")
    assert "Månaderna 2026-09, 2026-10 är gallrade och räknas inte." in lead.get("/uppfoljning?ar=2026").text
    assert lead.get("/uppfoljning/2026.html").status_code == 404


def test_results_of_the_other_months_are_as_they_were(own, worked):
    def figures():
        with own.store.read() as connection:
            return results(connection, own.app.state.library, [YOUNG])

    before = figures()
    erase(own)
    assert figures() == before
    with own.store.read() as connection:
        both = results(connection, own.app.state.library, MONTHS)
    assert (both.erased, both.months, both.decided) == ((OLD,), (YOUNG,), before.decided)


def test_a_case_s_file_is_the_same_before_and_after(own, worked):
    def file():
        with own.store.read() as connection:
            return made(connection, own.app.state.library, worked["case"], log.head(connection).seq).html

    before = file()
    erase(own)
    assert file() == before


def test_no_copy_of_what_was_erased_is_left_in_the_application_or_among_the_lists(own, own_var, worked):
    for month in MONTHS:
        own.app.state.library.shelf(month)
        written = own.settings.reports / month / f"lista-{month}.xlsx"
        written.parent.mkdir(parents=True)
        written.write_bytes(b"x")
    erase(own)
    holding = [p for p in own_var.rglob("*") if p.is_file() and worked["explained"].encode() in p.read_bytes()]
    assert {p.name[:7] for p in holding if p.suffix == ".sqlite"} == {YOUNG}
    assert sorted(p.name for p in own.settings.reports.iterdir()) == [YOUNG]


@pytest.mark.parametrize("left", [".r-77aa01.draft", ".r-77aa01.before", ".current.draft"])
def test_what_a_publishing_that_was_cut_off_left_goes_too(own, own_var, worked, left):
    month = own_var / "published" / "prov" / OLD
    for folder in (month, month.with_name(YOUNG)):
        if left.startswith(".r-"):
            (folder / left).mkdir()
            (folder / left / "payments.parquet").write_bytes(worked["explained"].encode())
        else:
            (folder / left).write_text("r-77aa01")
    erase(own)
    assert not (month / left).exists()
    assert (month.with_name(YOUNG) / left).exists()


def test_what_a_filled_in_list_found_wrong_stays(own, worked):
    found = worked["others"][0]
    with own.store.read() as connection:
        listed = retention.due_published(own.settings, connection, DAY, frozenset({found}))
    retention.erase_published(own.settings, own.store, listed, DAY)
    assert left(own) == {worked["in_case"], worked["wrong"], worked["taken"], found}


def test_earlier_runs_of_a_month_are_erased_too(own, own_var, worked):
    publish(own_var, OLD, "r-77aa01")
    assert {run.run_id for run in erase(own)} == {"r-5f2c91", "r-77aa01"}
    assert own.app.state.library.run(OLD, "r-5f2c91").rows("payments", "payment_id", [worked["explained"]]) == []


def test_a_case_opened_after_the_list_was_made_keeps_its_payment(own, worked):
    listed = due(own)
    shelf = own.app.state.library.shelf(OLD)
    late = shelf.one("SELECT * FROM listed WHERE payment_id = ?", (worked["others"][0],))
    opened(own, shelf, late["payment_id"], late["payee_ref"])
    copies = [path for run in listed for path in run.copies]
    assert any(path.is_file() for path in copies)
    retention.erase_published(own.settings, own.store, listed, DAY)
    assert not any(path.exists() for path in copies)
    assert late["payment_id"] in left(own)


def test_a_database_that_does_not_know_the_runs_log_is_refused_and_the_right_one_is_not(
    own, make_world, own_var, tmp_path
):
    decided(own, "x", OLD)
    with own.store.write() as change:
        change.record("view.saved", "view", name="x")
    with own.store.read() as connection:
        head = log.head(connection)
    inbox = own.settings.inbox
    inbox.mkdir(exist_ok=True)
    (inbox / "granskningsutfall.csv").write_text(f"# log {head.seq} {head.hash}\n", "utf-8")
    with own.store.read() as connection:
        retention.require_own_log(own.settings, connection)
    other = make_world(url=f"sqlite:///{tmp_path / 'other.sqlite'}", var=own_var)
    with other.store.read() as connection, pytest.raises(StoreError, match=f"entry {head.seq} of its log"):
        retention.require_own_log(other.settings, connection)


def test_another_municipality_in_the_same_folder_is_left_alone(own, own_var, worked):
    other = publish(own_var, OLD).parent.parent.rename(own_var / "published" / "grannby")
    publish(own_var, OLD)
    erase(own)
    assert acts(own_var / "published" / "prov" / OLD / "r-5f2c91") != []
    assert acts(other / OLD / "r-5f2c91") == []


def test_the_municipality_s_own_rule_decides(own, worked):
    rules = Retention(rules=(Rule("published", 60, date(2000, 1, 1), "Gallringsplan 2026-12"),))
    longer = replace(own, settings=replace(own.settings, retention=rules))
    assert due(longer) == []
    assert {run.rule.ground for run in due(longer, date(2031, 10, 1))} == {"Gallringsplan 2026-12"}


def test_reading_what_is_due_writes_nothing_in_the_log(own, worked):
    with own.store.read() as connection:
        before = connection.execute(select(events.c.seq)).all()
    due(own)
    with own.store.read() as connection:
        assert connection.execute(select(events.c.seq)).all() == before
