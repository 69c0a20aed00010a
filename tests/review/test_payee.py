"""A payee's screen: its months counted by hand, who may see it, and pauses."""

import json
from dataclasses import replace
from urllib.parse import quote

import polars as pl
import pytest
from sqlalchemy import select

from reporting.words import PROFILE_SENTENCE
from review.store.schema import conflicts, events, pauses
from review.work import payee as payees
from review.work.people import GRANTS, May, Role
from tests.review.decide import closed_case, decided

PAUSE = {"indicator": "SP01", "until": "2027-01-31", "note": "Hyra med samma belopp."}


def path(ref):
    return f"/utforare/{quote(ref, safe='')}"


def months(world, ref):
    with world.store.read() as connection:
        return payees.months_of(connection, world.app.state.library, ref)


def test_months_add_up_payments_flags_and_outcomes(world, first):
    shelf, ref = first.shelf, first.payee_ref
    own = shelf.ask("SELECT payment_id, amount_ore, reasons FROM listed WHERE payee_ref = ?", (ref,))
    decided(world, own[0]["payment_id"], payee=ref, verdict="error_recovery", error=10_00)
    decided(world, own[0]["payment_id"], payee=ref, month="2026-09", verdict="explained")
    found = months(world, ref)
    assert [one.month for one in found] == ["2026-09", "2026-10"]
    newest = found[-1]
    assert (newest.payments, newest.amount_ore) == (len(own), sum(row["amount_ore"] for row in own))
    assert newest.flags == sum(len(json.loads(row["reasons"])) for row in own)
    assert [(one.outcomes, one.errors) for one in found] == [(1, 0), (1, 1)]
    assert newest.drawn.is_listed
    assert newest.drawn.is_decided


def test_a_payment_drawn_by_lot_shows_no_flag_before_its_outcome(world):
    shelf = world.app.state.library.shelf()
    lot = shelf.one("SELECT * FROM listed WHERE arm = 'random' ORDER BY place LIMIT 1")
    ref = lot["payee_ref"]
    own = shelf.ask("SELECT flag_id FROM flag_payments WHERE payment_id = ?", (lot["payment_id"],))
    assert own
    before = months(world, ref)[-1].flags
    decided(world, lot["payment_id"], payee=ref, arm="random")
    assert months(world, ref)[-1].flags == before + len(own)


def test_features_are_the_mean_over_listed_payments_and_hide_the_lot(make_world, own_var):
    folder = next((own_var / "published" / "prov" / "2026-10").glob("r-*"))
    rows = pl.read_parquet(folder / "ranked_payments.parquet").to_dicts()
    ref = next(row["payee_ref"] for row in rows if row["arm"] == "random")
    own = [row for row in rows if row["payee_ref"] == ref] + [row for row in rows if row["arm"] == "risk"]
    feature = {"feature": "same_amount_again", "label_sv": "Samma belopp igen", "unit": "share", "own_median": 0.1}
    told = [
        feature | {"payment_id": row["payment_id"], "value": value, "peer_median": 0.2, "peer_p95": 0.4, "share": 1.0}
        for row, value in zip(own, (0.9, 0.5), strict=False)
    ]
    pl.DataFrame(told).write_parquet(folder / "peer_features.parquet")
    for old in (own_var / "review" / "shelves").glob("2026-10-*"):
        old.unlink()
    world = make_world(var=own_var)
    lot = months(world, ref)
    assert payees.features_of(world.app.state.library, lot) == []
    decided(world, own[0]["payment_id"], payee=ref, arm="random")
    (found,) = payees.features_of(world.app.state.library, months(world, ref))
    assert (found.label, [(p.month, p.value, p.peer_p95) for p in found.points]) == (
        "Samma belopp igen",
        [("2026-10", 0.9, 0.4)],
    )
    assert "Samma belopp igen" in world.as_("officer").get(path(ref)).text


def test_the_page_shows_recovered_kronor_and_is_logged(world, first):
    closed_case(world, payee=first.payee_ref, recovery_claim=(500_00, 200_00), set_off=(100_00, 100_00))
    page = world.as_("auditor").get(path(first.payee_ref))
    assert page.status_code == 200
    assert "600\u00a0kr" in page.text
    assert "300\u00a0kr" in page.text
    assert 'name="indicator"' not in page.text  # an auditor changes nothing
    with world.store.read() as connection:
        last = connection.execute(select(events).order_by(events.c.seq.desc()).limit(1)).one()
    assert (last.kind, last.subject) == ("read.payee", f"payee:{first.payee_ref}")


@pytest.mark.parametrize("role", list(Role))
def test_payees_are_for_those_who_may_see_payments(world, first, role):
    expected = 200 if May.SEE_PAYMENTS in GRANTS[role] else 403
    assert world.as_(role.value).get(path(first.payee_ref)).status_code == expected
    may = 303 if May.WORK in GRANTS[role] else 403
    assert world.as_(role.value).post(path(first.payee_ref) + "/paus", PAUSE).status_code == may


def test_an_unknown_payee_is_missing_and_one_with_jav_is_closed(world, first):
    officer = world.as_("officer")
    for ref in ("org-unknown", "a/b/paus", "%", "' OR 1=1"):
        assert officer.get(path(ref)).status_code in (303, 404)
        assert officer.post(path(ref) + "/paus", PAUSE).status_code == 404
    with world.store.write() as change:
        row = {"user_id": world.ids["officer"], "payee_ref": first.payee_ref, "note": "Släkt"}
        told = {"registered_by": world.ids["lead"], "registered_at": change.at}
        change.connection.execute(conflicts.insert().values(**row, **told))
    assert officer.get(path(first.payee_ref)).status_code == 403
    assert officer.post(path(first.payee_ref) + "/paus", PAUSE).status_code == 403
    assert "<dt>Registrerade jäviga</dt><dd>1</dd>" in world.as_("lead").get(path(first.payee_ref)).text


def test_a_pause_is_set_shown_and_ended_by_a_new_act(world, first):
    officer, where = world.as_("officer"), path(first.payee_ref)
    assert officer.post(where + "/paus", PAUSE).headers["location"] == where + "#pauser"
    with world.store.read() as connection:
        row = connection.execute(select(pauses)).one()
    assert (row.indicator, row.until, row.ended_at) == ("SP01", "2027-01-31", None)
    assert "Hyra med samma belopp." in officer.get(where).text
    again = officer.post(where + "/paus", PAUSE)
    assert (again.status_code, "redan pausad" in again.text, "Hyra med samma belopp.</textarea>" in again.text) == (
        422,
        True,
        True,
    )
    ending = {"pause": str(row.id), "version": "1"}
    assert world.as_("officer2").post(where + "/paus", ending).status_code == 303
    late = officer.post(where + "/paus", ending)
    assert (late.status_code, "hann före" in late.text) == (409, True)
    with world.store.read() as connection:
        kinds = [
            e.kind for e in connection.execute(select(events).order_by(events.c.seq)) if e.kind.startswith("pause")
        ]
    assert kinds == ["pause.set", "pause.ended"]
    assert "1\u00a0tidigare paus" in officer.get(where).text
    assert officer.post(where + "/paus", PAUSE).status_code == 303


def test_a_pause_ends_by_itself_after_its_last_day(world, first):
    officer, where = world.as_("officer"), path(first.payee_ref)
    officer.post(where + "/paus", PAUSE | {"until": "2026-11-30"})
    for at, told in (("2026-11-30T20:00:00Z", False), ("2026-12-01T09:00:00Z", True)):
        world.clock.at = at
        page = world.as_("officer").get(where).text
        assert ("Ingen indikator är pausad" in page) is told


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("indicator", "XX99"),
        ("until", "2026-11-22"),
        ("until", "2027-05-22"),
        ("until", "snart"),
        ("note", "  "),
        ("note", "x" * 10_001),
    ],
)
def test_a_pause_form_names_what_is_wrong(world, first, field, value):
    answer = world.as_("officer").post(path(first.payee_ref) + "/paus", PAUSE | {field: value})
    assert answer.status_code == 422
    assert f'id="pause-{field}-wrong"' in answer.text
    with world.store.read() as connection:
        assert connection.execute(select(pauses)).first() is None


def test_the_last_day_a_pause_may_have_is_180_days_away(world, first):
    answer = world.as_("officer").post(path(first.payee_ref) + "/paus", PAUSE | {"until": "2027-05-21"})
    assert answer.status_code == 303


def test_the_page_shows_permit_contract_and_links_with_their_source(world):
    shelf = world.app.state.library.shelf()
    ref = shelf.one("SELECT payee_ref FROM payee_records")["payee_ref"]
    text = world.as_("officer").get(path(ref)).text
    for shown in ("T3001", "Hemtjänst", "Återkallat", "Valfrihetssystem (LOV)", "1\u00a0250\u00a0000\u00a0kr",
                  "Företrädare vid hävning", "I likvidation", "Nordlyckan Bygg AB", "permit.csv, rad 7"):  # fmt: skip
        assert shown in text, shown
    assert text.count('<span class="tag">upphört</span>') == 1
    assert 'href="/utforare/org-01"' in text
    assert "Registret över uteslutna har inte lästs in" not in text  # it has a row
    assert "Företagsregistret har inte lästs in" not in text
    assert f'href="/jav?mottagare={quote(ref, safe="")}"' in text
    assert 'href="/identitet?token=L-5a09e8d244fbb42c"' in text
    seen = world.as_("auditor").get(path(ref)).text
    assert "L-5a09e8d244fbb42c" in seen
    assert "/identitet?token=" not in seen  # an auditor may reveal nobody
    assert "/jav?mottagare=" not in seen


def test_a_payee_without_records_and_a_register_not_read_are_told_apart(world):
    shelf = world.app.state.library.shelf()
    ref = shelf.one("SELECT payee_ref FROM payees WHERE payee_ref NOT IN (SELECT payee_ref FROM payee_records)")
    text = world.as_("officer").get(path(ref["payee_ref"])).text
    assert "Registret har inget tillstånd för mottagaren." in text
    assert "Avtalsregistret har inget avtal med mottagaren." in text
    assert "Företagsregistret har inte lästs in." in text  # not among the run's tables
    assert "Registret över uteslutna har inte lästs in." in text


def test_a_run_that_published_no_records_says_so(make_world, own_var):
    for folder in (own_var / "published" / "prov").glob("*/r-*"):
        (folder / "payee_records.parquet").unlink()
    for old in (own_var / "review" / "shelves").glob("*"):
        old.unlink()
    world = make_world(var=own_var)
    ref = world.app.state.library.shelf().one("SELECT payee_ref FROM payees")["payee_ref"]
    assert "Ingen publicerad körning har registeruppgifter" in world.as_("officer").get(path(ref)).text


def test_a_link_to_a_payee_one_has_an_interest_in_is_not_shown(world):
    ref = world.app.state.library.shelf().one("SELECT payee_ref FROM payee_records")["payee_ref"]
    with world.store.write() as change:
        row = {"user_id": world.ids["officer"], "payee_ref": "org-01", "note": "Släkt"}
        told = {"registered_by": world.ids["lead"], "registered_at": change.at}
        change.connection.execute(conflicts.insert().values(**row, **told))
    assert "Nordlyckan Bygg AB" not in world.as_("officer").get(path(ref)).text
    assert "Nordlyckan Bygg AB" in world.as_("officer2").get(path(ref)).text


def test_the_page_lays_the_payee_beside_its_peers(world):
    ref = world.app.state.library.shelf().one("SELECT payee_ref FROM payee_profile")["payee_ref"]
    text = world.as_("officer").get(path(ref)).text
    for shown in (PROFILE_SENTENCE, "Hemtjänst i oktober\u00a02026: P7", "Jämfört med 11 liknande utförare",
                  "Jämfört med 140 liknande mottagare", "1\u00a0mått avviker", "avviker: högre än alla 11",
                  "410 av 1\u00a0234 besök (33,2\u00a0%; liknande 3,1\u00a0%)", "inget att räkna",
                  "standardavvikelser, högt är värt att titta på"):  # fmt: skip
        assert shown in text, shown
    section = text[text.index('id="profile-h"') : text.index('id="features-h"')]
    assert len(section.encode()) < 40_000


def test_a_payee_listed_by_an_undecided_lot_alone_shows_no_profile(world):
    library = world.app.state.library
    ref = library.shelf().one("SELECT payee_ref FROM payee_profile")["payee_ref"]
    shown, rows = payees.profile_of(library, ref, months(world, ref))
    assert shown == "2026-10"
    assert [len(part) for part in rows] == [3, 3]
    lots = [replace(one, listed=tuple(replace(row, arm="random") for row in one.listed)) for one in months(world, ref)]
    assert payees.profile_of(library, ref, lots) == ("", [])
    told = [replace(lots[-1], listed=tuple(replace(row, verdict="explained") for row in lots[-1].listed))]
    assert payees.profile_of(library, ref, told)[0] == "2026-10"


def test_a_run_of_an_earlier_version_says_that_nothing_is_laid_beside_peers(make_world, own_var):
    for folder in (own_var / "published" / "prov").glob("*/r-*"):
        (folder / "payee_profile.parquet").unlink()
    for old in (own_var / "review" / "shelves").glob("*"):
        old.unlink()
    world = make_world(var=own_var)
    ref = world.app.state.library.shelf().one("SELECT payee_ref FROM payees")["payee_ref"]
    page = world.as_("officer").get(path(ref))
    assert page.status_code == 200
    assert "Ingen publicerad månad har mottagarens mått bredvid liknandes" in page.text
