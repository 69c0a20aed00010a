"""The list and the queue in a real browser: by keyboard, on a phone, without scripts, read aloud, in axe's eyes."""

import pytest
from playwright.sync_api import expect

from review.work import items
from tests.review.browser import announced, axe, chromium_path, focused, settled, sideways
from tests.review.case_tools import person

LISTS = ("/", "/flaggor", "/flaggor?sok=finns+inte", "/flaggor?indikator=SP01&fran=x&sortera=-belopp")


@pytest.mark.parametrize("path", LISTS)
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(live, path):
    page = live.as_("lead")
    page.goto(path)
    assert axe(page) == []
    assert sideways(page) == []
    assert axe(page) == []


def test_j_j_o_opens_the_second_payment_and_focus_goes_to_its_page(live, first):
    page = live.page
    page.goto("/flaggor")
    page.keyboard.press("j")
    assert focused(page) == "p-1"
    page.keyboard.press("j")
    assert focused(page) == "p-2"
    page.keyboard.press("k")
    page.keyboard.press("j")
    wanted = page.locator("#p-2").get_attribute("href")
    page.keyboard.press("o")
    page.wait_for_url(f"**{wanted}")
    settled(page)
    expect(page.locator("#page")).to_have_attribute("data-path", wanted.replace("%3A", ":"))
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_focus_stays_on_the_sorting_and_the_new_order_is_announced(live):
    page = live.page
    page.goto("/flaggor")
    page.focus("#s-belopp")
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=descending] #s-belopp")).to_be_focused()
    settled(page)
    assert focused(page) == "s-belopp"
    assert page.url.endswith("sortera=belopp")
    assert announced(page).replace("\xa0", " ") == "11 av 11 betalningar, sorterade efter belopp, störst först"
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=ascending] #s-belopp")).to_be_focused()
    page.fill("#f-sok", "finns inte")
    page.keyboard.press("Enter")
    page.wait_for_url("**/flaggor?sortera=-belopp&sok=finns%20inte")
    settled(page)
    assert announced(page).startswith("0 av 11")
    assert focused(page) == "f-sok"
    page.go_back()
    page.wait_for_url("**sortera=-belopp")
    expect(page.locator("#p-1")).to_be_visible()


def test_focus_goes_to_main_and_the_title_follows_on_a_new_page(live):
    page = live.page
    page.goto("/")
    page.focus("nav >> text=Flaggor")
    page.keyboard.press("Enter")
    page.wait_for_url("**/flaggor")
    settled(page)
    expect(page.locator("#main")).to_be_focused()
    assert page.title().startswith("Månadens flaggor oktober")
    assert page.evaluate("window.scrollY") == 0


def test_marked_rows_are_taken_by_keyboard_and_it_is_said(live):
    page = live.page
    page.goto("/flaggor")
    for key in ("j", "x", "j", "j", "x", "v"):
        page.keyboard.press(key)
    expect(page.locator("#live")).to_contain_text("dina nu")
    settled(page)
    assert "2\xa0betalningar" in announced(page)
    assert page.locator("tbody tr:has-text('Prov Officer')").count() == 2
    assert page.locator("input[name=vald]:checked").count() == 0
    page.check("#all")
    assert page.locator("input[name=vald]:checked").count() == 11


def test_a_refused_form_says_why_and_its_address_can_be_reloaded(live):
    page = live.as_("lead")
    page.goto("/flaggor?sortera=belopp")
    page.check("#v-1")
    page.click("#give")
    expect(page.locator("#problem")).to_be_focused()
    assert "Välj en person" in announced(page)
    assert page.url.endswith("/flaggor?sortera=belopp")


def test_single_keys_can_be_switched_off_and_stay_off(live):
    page = live.page
    page.goto("/flaggor")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Tangentbord")).to_be_visible()
    assert axe(page) == []
    page.uncheck("#keys-on")
    page.click("dialog >> text=Stäng")
    for key in ("j", "?"):
        page.keyboard.press(key)
        assert focused(page) not in ("p-1", "keys-on")
    page.reload()
    page.keyboard.press("j")
    assert focused(page) != "p-1"
    page.click("text=Tangentbord (?)")
    page.check("#keys-on")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert focused(page) == "p-1"


def test_keys_do_nothing_while_somebody_types(live):
    page = live.page
    page.goto("/flaggor")
    page.keyboard.press("/")
    assert focused(page) == "f-sok"
    page.keyboard.type("jov?")
    assert page.input_value("#f-sok") == "jov?"
    assert page.locator("dialog").count() == 0


def test_all_of_it_works_without_scripts(live, first):
    page = live.as_("lead", scripts=False)
    page.goto("/flaggor")
    page.click("#s-belopp")
    assert page.url.endswith("sortera=belopp")
    page.fill("#f-sok", first.payment_id)
    page.click("#f-visa")
    assert page.locator("tbody tr").count() == 1
    page.check("[name=vald]")
    page.select_option("#give-to", label="Prov Officer2")
    page.click("#give")
    assert "1\xa0betalning är tilldelade" in page.locator(".said").inner_text()
    assert "Prov Officer2" in page.locator("tbody").inner_text()
    page.click("#save-view")
    page.fill("#view-name", "En enda")
    page.click("text=Spara >> nth=-1")
    page.goto("/flaggor")
    page.click("text=En enda")
    assert page.locator("tbody tr").count() == 1
    page.goto("/")
    page.click("#next")
    assert "/betalning/2026-10/" in page.url


def test_the_capacity_line_stands_where_the_hours_end(live):
    page = live.page
    page.goto("/flaggor")
    lines = page.locator("tr.cut")
    assert lines.count() <= 1
    page.goto("/flaggor?sortera=belopp")
    assert lines.count() == 0


def test_the_server_away_is_said_and_what_is_typed_stays(live):
    page = live.page
    page.goto("/flaggor")
    page.fill("#f-sok", "något")
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    expect(page.locator("#away")).to_contain_text("Servern svarar inte")
    assert page.input_value("#f-sok") == "något"
    live.problems.clear()


def test_a_full_queue_reads_well_too(live, first):
    with live.world.store.write(live.world.ids["lead"]) as change:
        who = person(live.world, "lead")
        ids = [row["payment_id"] for row in first.shelf.ask("SELECT payment_id FROM listed ORDER BY place")]
        items.take(change, who, first.shelf, ids[1], 0)
        for payment_id, status, on in (
            (ids[2], "waiting", "2026-11-22"),
            (ids[3], "waiting", "2026-12-01"),
            (ids[4], "follow_up", "2026-12-02"),
        ):
            items.put_off(change, who, first.shelf, payment_id, 0, status, on)
    page = live.as_("lead")
    page.goto("/")
    assert page.locator("h2").all_inner_texts() == [
        "Att följa upp i dag eller tidigare 1",
        "Mina påbörjade 1",
        "Ingen har tagit 7",
        "Väntar på svar 1",
        "Följs upp senare 1",
    ]
    assert axe(page) == []
    assert sideways(page) == []
    page.keyboard.press("t")
    page.wait_for_url("**/betalning/2026-10/**")


def test_the_first_visit_asks_for_one_style_sheet_and_three_scripts(live):
    page, sizes = live.page, []
    page.on(
        "requestfinished", lambda request: sizes.append((request.resource_type, request.sizes()["responseBodySize"]))
    )
    page.goto("/flaggor", wait_until="networkidle")
    assert sorted(kind for kind, _ in sizes) == ["document", "script", "script", "script", "stylesheet"]
    assert sum(size for _, size in sizes) <= 100_000
    with page.expect_event("requestfinished"):
        page.click("#s-belopp")
    expect(page.locator("th[aria-sort] #s-belopp")).to_be_visible()
    assert [kind for kind, _ in sizes[5:]] == ["xhr"]


def test_without_a_browser_the_test_says_what_to_install(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        chromium_path()
