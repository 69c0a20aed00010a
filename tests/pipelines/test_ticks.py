"""When the job starts by itself: the schedule's tick, and the sensor's on a changed inbox."""

import json
from datetime import datetime
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from pipelines.definitions import define
from pipelines.defs.house import END_TAG, START_TAG, House, load_house
from pipelines.defs.sensor import LOOK_BACK_MONTHS, latest_stated, months_of, reached, stretches

MONTHS = ["2019-01", "2019-02", "2019-04"]


@pytest.fixture
def house(ledger: ModuleType, tmp_path: Path) -> House:
    """Return a house with three months in its inbox, one of them apart."""
    return load_house(ledger.make(tmp_path, MONTHS))


def tick(house: House, cursor: str | None) -> dg.SensorResult:
    definitions = define(house)
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(
            instance=instance, cursor=cursor, repository_def=definitions.get_repository_def()
        )
        return definitions.resolve_sensor_def("inbox").evaluate_tick(context)


def asked(result) -> list[tuple[str, str]]:
    return [(r.tags[START_TAG], r.tags[END_TAG]) for r in result.run_requests or ()]


@pytest.mark.parametrize(("day", "month"), [("2019-05-07", "2019-04"), ("2019-12-07", "2019-11")])
def test_the_schedule_runs_the_closed_month_on_day_7_at_6_in_sweden(house: House, day: str, month: str) -> None:
    definitions = define(house)
    schedule = definitions.resolve_schedule_def("monthly_day_7")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 6 7 * *", "Europe/Stockholm")
    at = datetime.fromisoformat(f"{day}T06:00").replace(tzinfo=ZoneInfo("Europe/Stockholm"))
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_schedule_context(
            instance=instance, scheduled_execution_time=at, repository_def=definitions.get_repository_def()
        )
        requests = schedule.evaluate_tick(context).run_requests
    assert [r.tags["dagster/partition"] for r in requests] == [month]


def test_runs_carry_their_municipality(house: House) -> None:
    assert define(house).resolve_job_def("monthly").tags["municipality"] == "testby"
    assert tick(house, None).run_requests[0].tags["municipality"] == "testby"


def test_a_new_inbox_asks_for_its_months_and_those_between_as_one_run(house: House) -> None:
    first = tick(house, None)
    assert asked(first) == [("2019-01", "2019-04")]
    again = tick(house, first.cursor)
    assert asked(again) == []
    assert again.cursor == first.cursor


def test_a_changed_a_new_and_a_removed_file_ask_for_their_months(house: House, ledger: ModuleType) -> None:
    before = tick(house, None)
    inbox = house.settings.inbox
    ledger.write_month(inbox, "2019-02", ledger.rows_of("2019-02", seed=2))
    ledger.write_month(inbox, "2019-05")
    (inbox / "DCCSpendingOver500_201904.csv.gz").unlink()
    after = tick(house, before.cursor)
    assert asked(after) == [("2019-02", "2019-05")]
    assert after.run_requests[0].run_key != before.run_requests[0].run_key


def test_a_file_only_touched_asks_for_nothing(house: House) -> None:
    before = tick(house, None)
    (house.settings.inbox / "DCCSpendingOver500_201901.csv.gz").touch()
    after = tick(house, before.cursor)
    assert asked(after) == []
    assert json.loads(after.cursor).keys() == json.loads(before.cursor).keys()


def test_files_of_no_source_and_months_not_closed_ask_for_nothing(house: House, ledger: ModuleType) -> None:
    before = tick(house, None)
    (house.settings.inbox / "notes.txt").write_text("x", encoding="utf-8")
    ledger.write_month(house.settings.inbox, "2099-01")
    after = tick(house, before.cursor)
    assert asked(after) == []


def test_a_register_touches_the_latest_month_and_an_undated_ledger_all(house: House, ledger: ModuleType) -> None:
    closed = ["2019-01", "2019-02", "2019-03"]
    settings = ledger.SETTINGS.replace("dialect: devon", "dialect: canonical").replace("DCCSpendingOver500_*", "*.csv")
    path = house.settings.path
    path.write_text(settings, encoding="utf-8")
    changed = load_house(path).settings
    assert months_of(changed, "suppliers.csv", closed) == ["2019-03"]
    assert months_of(changed, "ap_postings.csv", closed) == closed, "gone: nobody knows what it held"
    assert months_of(changed, "suppliers.csv", []) == []


def test_stretches_join_adjoining_months_over_new_year() -> None:
    assert stretches(["2018-12", "2019-01", "2019-03"]) == [("2018-12", "2019-01"), ("2019-03", "2019-03")]


def test_later_months_that_may_look_back_are_asked_for_and_none_after_the_latest() -> None:
    closed = [f"{year}-{month:02d}" for year in (2018, 2019, 2020) for month in range(1, 13)]
    found = reached({"2018-03"}, closed, None)
    assert (found[0], found[-1], len(found)) == ("2018-03", "2019-05", LOOK_BACK_MONTHS + 1)
    assert reached({"2018-03"}, closed, "2018-05") == ["2018-03", "2018-04", "2018-05"]
    assert reached({"2020-12"}, closed, None) == ["2020-12"]
    assert reached({"2020-12"}, closed, "2018-05") == ["2020-12"], "a register touches the latest closed month"
    assert reached(set(), closed, None) == []


def test_the_latest_month_is_known_only_when_every_ledger_file_states_its_own(house: House) -> None:
    names = [path.name for path in house.settings.inbox.iterdir()]
    assert latest_stated(house.settings, names) == "2019-04"
    assert latest_stated(house.settings, [*names, "lista-2019-04.xlsx"]) == "2019-04"
    assert latest_stated(house.settings, [*names, "DCCSpendingOver500_all.csv"]) is None


def test_an_undated_ledger_touches_the_months_of_its_rows(house: House, ledger: ModuleType) -> None:
    path = house.settings.path
    canonical = ledger.SETTINGS.replace("dialect: devon", "dialect: canonical").replace("DCCSpendingOver500_*", "*.csv")
    path.write_text(canonical, encoding="utf-8")
    changed = load_house(path).settings
    text = ["buyer_id,voucher_no,supplier_name,supplier_ref,account_no,amount_sek,booking_date,department"]
    text += [f"B,{n},Payee,1,4600,100.00,2019-0{n}-05,D" for n in (1, 3)]
    (changed.inbox / "ap_postings.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    assert months_of(changed, "ap_postings.csv", ["2019-01", "2019-02", "2019-03"]) == ["2019-01", "2019-03"]
    (changed.inbox / "ap_postings.csv").write_text("nothing,known\n1,2\n", encoding="utf-8")
    assert months_of(changed, "ap_postings.csv", ["2019-01", "2019-02"]) == ["2019-01", "2019-02"]
