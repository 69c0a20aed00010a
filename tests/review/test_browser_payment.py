"""A payment's page in a real browser: by keyboard, with a colleague in between, hostile text, on a phone, without scripts."""

import json
from decimal import Decimal

import polars as pl
import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from review.store.schema import decisions
from review.web.ask import payment_path
from tests.review.browser import Live, Server, announced, axe, focused, settled, sideways
from tests.review.conftest import MONTHS, publish

HOSTILE = "=HYPERLINK(1)<script>window.hit=1</script><img src=x onerror=window.hit=1>\u202eBA dagaN\u2066"


@pytest.fixture
def path(first):
    return payment_path(first.shelf.month, first.payment_id)


def outcomes(world):
    with world.store.read() as connection:
        return [(row.verdict, row.state, row.note) for row in connection.execute(select(decisions))]


def test_a_payment_is_decided_from_the_list_with_three_keys(live, first):
    page = live.page
    page.goto("/flaggor")
    for key in ("j", "o", "4"):
        page.keyboard.press(key)
        settled(page)
        if key == "o":
            expect(page.locator("h1")).to_have_text(first.payee_name)
    second = first.shelf.one("SELECT * FROM listed WHERE place = 2")
    expect(page.locator("h1")).to_have_text(second["payee_name"])
    assert outcomes(live.world) == [("explained", "final", "")]
    assert announced(page).startswith("Sparat: Förklarad.")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_claim_is_proposed_by_keyboard_in_fewer_than_eight_keys_and_its_note(live, first):
    page = live.page
    page.goto("/flaggor")
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator("h1")).to_have_text(first.payee_name)
    settled(page)
    for key in ("1", "Tab", "u"):
        page.keyboard.press(key)
    page.keyboard.press("Tab")
    page.keyboard.type("Två likadana.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".said")).to_contain_text("Sparat: Fel med återkrav, förslag")
    assert outcomes(live.world) == [("error_recovery", "proposed", "Två likadana.")]
    assert page.input_value("textarea[name=note]") == ""
    assert page.locator("input[name=verdict]:checked").count() == 0


def test_enter_in_a_field_saves_the_form_and_never_a_one_click_outcome(live, path):
    page = live.page
    page.goto(path)
    page.focus("input[name=error_sek]")
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).to_be_focused()
    assert "Välj ett utfall." in page.inner_text("#panel")
    assert outcomes(live.world) == []
    assert announced(page) == "Rätta det som är markerat och spara igen."
    assert axe(page) == []
    page.reload()
    assert page.url.endswith(path)


def test_a_colleague_in_between_costs_no_typed_word(live, path):
    page, other = live.page, live.as_("officer2")
    page.goto(path)
    other.goto(path)
    page.keyboard.press("2")
    assert focused(page).startswith("error-")
    page.select_option("select[name=cause]", "system")
    page.fill("textarea[name=note]", "Mina ord & <tankar>.")
    other.keyboard.press("t")
    expect(other.locator(".said")).to_have_text("Betalningen är din.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#problem")).to_contain_text("Prov Officer2 hann före: tog betalningen")
    settled(page)
    assert focused(page) == "problem"
    assert page.input_value("textarea[name=note]") == "Mina ord & <tankar>."
    assert page.input_value("select[name=cause]") == "system"
    assert page.is_checked("input[value=error_no_recovery]")
    page.click("button[data-submit][value=next]")
    expect(page.locator(".said")).to_contain_text("Sparat: Fel utan återkrav.")
    assert outcomes(live.world) == [("error_no_recovery", "final", "Mina ord & <tankar>.")]


def test_p_and_n_walk_the_list_and_g_confirms(live, first, path):
    page, lead = live.page, live.as_("lead")
    page.goto(path)
    page.keyboard.press("n")
    expect(page.locator("dd", has_text="2").first).to_be_visible()
    settled(page)
    page.keyboard.press("p")
    expect(page.locator("h1")).to_have_text(first.payee_name)
    settled(page)
    page.keyboard.press("3")
    page.select_option("select[name=cause]", "provider")
    page.fill("textarea[name=note]", "Anmäl.")
    page.click("button[value=stay]")
    expect(page.locator("#panel")).to_contain_text("Väntar på att en annan person")
    assert axe(page) == []
    lead.goto(path)
    assert axe(lead) == []
    lead.keyboard.press("g")
    expect(lead.locator(".said")).to_have_text("Bekräftat: Misstänkt brott.")
    assert outcomes(live.world) == [("suspected_crime", "final", "Anmäl.")]


@pytest.mark.parametrize("state", ["new", "control", "decided", "queue"])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(live, first, path, state):
    page = live.page
    if state in ("control", "queue"):
        drawn = first.shelf.one("SELECT payment_id FROM listed WHERE arm = 'random'")
        path = payment_path(first.shelf.month, drawn["payment_id"]) if state == "control" else "/blind"
    page.goto(path)
    if state == "decided":
        page.click("button[value=data_error]")
        expect(page.locator(".said")).to_be_visible()
        page.goto(path)
        page.click("summary:has-text('Ångra')")
    page.evaluate("document.querySelectorAll('details').forEach((el) => { el.open = true })")
    assert axe(page) == []
    assert sideways(page) == []
    assert axe(page) == []


def test_a_phone_has_a_way_to_the_panel(live, path):
    page = live.as_("officer", width=320, height=640)
    page.goto(path)
    page.click(".to-panel")
    assert page.evaluate("document.querySelector('#panel').getBoundingClientRect().top") < 640


def test_a_payment_is_decided_without_scripts(live, path):
    page = live.as_("officer", scripts=False)
    page.goto("/flaggor")
    page.click("#p-1")
    page.check("input[value=error_no_recovery]")
    page.click("button[value=stay]")
    assert "Ange vem som orsakade felet." in page.inner_text("#panel")
    page.select_option("select[name=cause]", "municipality")
    page.fill("textarea[name=note]", "Dubbelt.")
    page.click("button[value=stay]")
    assert "Sparat: Fel utan återkrav." in page.inner_text("main")
    assert page.url.endswith(path)
    assert [said[0] for said in outcomes(live.world)] == ["error_no_recovery"]


@pytest.fixture
def hostile(make_world, own_var, chromium):
    """A month whose every text from outside is hostile, and the application running over it."""
    folder = publish(own_var, MONTHS[1], "r-99")
    for table, columns in (("ranked_payments", ("payee_name",)), ("payees", ("payee_name",)),
                           ("payments", ("payee_name", "invoice_no", "account_text", "department"))):  # fmt: skip
        file = folder / f"{table}.parquet"
        pl.read_parquet(file).with_columns(pl.lit(HOSTILE).alias(name) for name in columns).write_parquet(file)
    file = folder / "evidence_rows.parquet"
    shown = json.dumps(dict.fromkeys(("supplier_name", "invoice_no", "amount_sek", "department"), HOSTILE))
    named = {"columns": shown, "source_file": HOSTILE, "row_id": HOSTILE}
    frame = pl.read_parquet(file).with_columns(pl.lit(text).alias(name) for name, text in named.items())
    frame.write_parquet(file)
    care = {"visits": 1, "performed": 1, "by_hand": 0, "carers": 1, "first_start": None, "last_end": None}
    minutes = {f"{name}_minutes": Decimal("30.0000") for name in ("planned", "registered", "billable")}
    ids = pl.read_parquet(folder / "ranked_payments.parquet")["payment_id"]
    days = [{"payment_id": i, "visit_date": "2026-10-05", "absence": HOSTILE} | care | minutes for i in ids]
    paid = pl.lit(Decimal("100.00")).alias("paid_sek")
    pl.DataFrame(days).with_columns(paid, pl.col("visit_date").str.to_date()).write_parquet(
        folder / "visit_days.parquet"
    )
    peers = [{"payment_id": i, "feature": "x", "label_sv": HOSTILE, "unit": HOSTILE, "value": 2.0} for i in ids]
    numbers = [pl.lit(1.0).alias(name) for name in ("own_median", "peer_median", "peer_p95", "share")]
    pl.DataFrame(peers).with_columns(numbers).write_parquet(folder / "peer_features.parquet")
    world = make_world(var=own_var)
    server = Server(world.app)
    running = Live(server.base_url, world, chromium)
    yield running
    running.close()
    server.stop()
    assert running.problems == []


def test_hostile_text_is_shown_and_does_nothing(hostile):
    shelf, page = hostile.world.app.state.library.shelf(MONTHS[1]), hostile.page
    for arm in ("risk", "random"):
        row = shelf.one("SELECT payment_id FROM listed WHERE arm = ?", (arm,))
        page.goto(payment_path(MONTHS[1], row["payment_id"]))
        text = page.content()
        assert "<script>window" not in text
        assert not {"\u202e", "\u2066"} & set(text)
        assert "=HYPERLINK(1)<script>" in page.inner_text("h1")
        assert page.locator("svg.pic").count() == (4 if arm == "risk" else 2)
        page.click("summary:has-text('anteckning')")
        page.fill("textarea[name=text]", HOSTILE)
        page.click("text=Spara anteckning")
        expect(page.locator(".said")).to_have_text("Antecknat.")
        assert "\u202e" not in page.content()
        assert page.evaluate("window.hit") is None
        assert axe(page) == []
        assert sideways(page) == []
        page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/blind")
    assert page.evaluate("window.hit") is None


def test_on_paper_no_column_is_cut_and_the_outcome_stands_without_forms(live, path):
    """A printed page cannot be scrolled: file and row of the evidence were beyond its edge, the outcome left out."""
    page = live.page
    page.goto(path)
    page.keyboard.press("2")
    page.fill("textarea[name=note]", "Prövat mot avtalet.")
    page.select_option("select[name=cause]", "municipality")
    page.get_by_role("button", name="Spara", exact=True).click()
    settled(page)
    expect(page.locator("#panel")).to_contain_text("Fel utan återkrav")
    page.set_viewport_size({"width": 718, "height": 1000})  # what A4 leaves between its margins
    page.emulate_media(media="print")
    wide = "all => all.filter((el) => el.scrollWidth > el.clientWidth + 1).map((el) => el.getAttribute('aria-label'))"
    assert page.locator("div.scroll:visible").evaluate_all(wide) == []
    assert page.locator("#panel dl.facts").is_visible()
    assert page.locator("#panel :is(button, summary, textarea):visible, .bar:visible, .steps:visible").count() == 0


POSTING = ("booking_date", "supplier_name", "invoice_no", "voucher_no", "amount_sek", "account_no", "account_text",
           "department", "cost_centre", "user_ref")  # fmt: skip
LONG = "Transporter och skolskjuts"


@pytest.mark.parametrize("rows", [1, 4], ids=["one row", "four rows that differ in all"])
def test_evidence_fits_beside_the_panel_and_a_cited_row_names_its_reason(chromium, own_var, make_world, rows):
    """At 1366 the column with file and row lay beyond the edge, and a dot alone told which row was meant."""
    folder = publish(own_var, MONTHS[1], "r-wide")
    flags = pl.read_parquet(folder / "flags.parquet")
    ranked = pl.read_parquet(folder / "ranked_payments.parquet").filter(pl.col("arm") == "risk").row(0, named=True)
    flag = flags.filter(pl.col("flag_id") == ranked["flag_ids"][0]).row(0, named=True)
    pointing = flags.filter(
        pl.col("flag_id").is_in(ranked["flag_ids"]) & pl.col("evidence").list.contains(flag["evidence"][0])
    )
    file = folder / "evidence_rows.parquet"
    schema = pl.read_parquet(file).schema
    told = [
        {"payment_id": ranked["payment_id"], "table": "postings", "source_file": f"ap_postings_2026-0{n}.parquet",
         "row_id": flag["evidence"][0] if n == 1 else f"other{n}", "source_line": 4300 + n,
         "columns": json.dumps({name: f"{LONG} {n}" if "text" in name else f"V20260500443{n}" for name in POSTING})}
        for n in range(1, rows + 1)
    ]  # fmt: skip
    pl.DataFrame(told, schema=schema).write_parquet(file)
    world = make_world(var=own_var)
    server = Server(world.app)
    running = Live(server.base_url, world, chromium)
    page = running.page
    page.goto(payment_path(MONTHS[1], ranked["payment_id"]))
    wide = "all => all.filter((el) => el.scrollWidth > el.clientWidth + 1).map((el) => el.getAttribute('aria-label'))"
    for width in (1366, 1093, 683, 390):
        page.set_viewport_size({"width": width, "height": 768})
        assert (width, page.locator("div.scroll:visible").evaluate_all(wide)) == (width, [])
    assert page.locator(".records tbody").count() == rows
    cited = page.locator(".records tbody.cited")
    assert (cited.count(), cited.locator(".tag").inner_text()) == (1, " ".join(sorted(set(pointing["indicator"]))))
    assert cited.locator(".source").inner_text().endswith("ap_postings_2026-01.parquet, rad 4301")
    assert axe(page) == []
    running.close()
    server.stop()
    assert running.problems == []


@pytest.mark.parametrize("outcome", [False, True], ids=["all", "only those of the same reasons"])
def test_one_press_marks_the_bundle_and_none_is_marked_before_it(chromium, own_var, make_world, outcome):
    """All were marked from the start: sixteen payments were one press from a decision that nobody had looked at."""
    publish(own_var, MONTHS[1], "r-bundle", listed=60, control=1)
    world = make_world(var=own_var)
    shelf = world.app.state.library.shelf(MONTHS[1])
    shelf_rows = shelf.ask("SELECT bundle_id, payment_id, codes FROM listed WHERE arm = 'risk' ORDER BY payment_id")
    bundles = [[row for row in shelf_rows if row["bundle_id"] == name] for name in {r["bundle_id"] for r in shelf_rows}]

    def alike(row, of):
        return sum(row["codes"] == other["codes"] for other in of) - 1

    of, own = max(
        ((of, row) for of in bundles for row in of if alike(row, of) < len(of) - 1), key=lambda x: alike(x[1], x[0])
    )
    same = alike(own, of)
    assert same > 0
    server = Server(world.app)
    running = Live(server.base_url, world, chromium)
    page = running.page
    page.goto(payment_path(MONTHS[1], own["payment_id"]))
    if outcome:
        page.keyboard.press("4")
        settled(page)
        page.goto(payment_path(MONTHS[1], own["payment_id"]))
    assert page.locator("input[name=vald]:checked").count() == 0
    page.locator("[data-all=vald]").focus()
    page.keyboard.press("Space")
    assert page.locator("input[name=vald]:checked").count() == (same if outcome else len(of) - 1)
    running.close()
    server.stop()


def test_a_wrong_key_is_undone_by_p_z_and_a_reason_and_what_was_said_is_in_sight(live, path):
    """Undoing took 48 presses of Tab, and the page stood at its foot while its top told that it was done."""
    page = live.as_("officer", width=1366, height=400)
    page.goto(path)
    for key in ("4", "p", "z"):
        page.keyboard.press(key)
        settled(page)
        if key != "z":
            expect(page.locator("#panel")).to_contain_text("Ny" if key == "4" else "Avgjord")
    assert focused(page).startswith("undo-note-")
    page.keyboard.type("Fel knapp.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".said")).to_have_text("Utfallet är ångrat.")
    settled(page)
    expect(page.locator(".said")).to_be_in_viewport()
    assert [state for _, state, _ in outcomes(live.world)] == ["undone"]
