"""The vault and the page that opens it: only who may, only for a purpose, always logged, never kept."""

import re

import pytest
from sqlalchemy import text

from commands.main import main
from fut.errors import ConfigError, StoreError
from fut.pseudonym import DEMO_KEY, Pseudonymiser
from fut.settings import Municipality, Settings
from review.store.schema import metadata
from review.vault import Identity, Vault, path_of
from tests.review.browser import axe, focused, settled, sideways
from tests.review.case_tools import bar

PURPOSE = "Brev till mottagaren i ärende 12"
LEDGER = "kopare_id,kopare,verifikationsnummer,leverantor,leverantor_id,konto_nr,konto_text,belopp,datum,forvaltning"


def number(serial: int = 238) -> str:
    """Return an invented personal number with its check digit."""
    digits = f"640823{serial:03d}"
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(digits))
    return f"19{digits}{-total % 10}"


@pytest.fixture
def demo(world):
    """The world's application over the public key and an empty vault folder of its own."""
    settings = world.app.state.settings
    object.__setattr__(settings, "is_demo", True)
    path_of(settings).unlink(missing_ok=True)
    yield settings
    path_of(settings).unlink(missing_ok=True)


@pytest.fixture
def token(demo):
    found = Pseudonymiser(DEMO_KEY).person(number())
    Vault(demo, DEMO_KEY).fill([Identity(found, number()), Identity("L-00000000000000aa", "hk 17", "tid")])
    return found


def everything(world) -> str:
    """Return all that the decisions database holds, as text."""
    with world.store.read() as connection:
        rows = [str(tuple(row)) for t in metadata.sorted_tables for row in connection.execute(t.select())]
    return "\n".join(rows)


def reveal(world, login, token, purpose=PURPOSE):
    return world.as_(login).post("/identitet", {"token": token, "purpose": purpose})


def test_an_identity_is_shown_once_and_only_the_act_is_kept(world, token, caplog, capfd):
    answer = reveal(world, "officer", f" {token} ")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert number() in answer.text
    kept = everything(world)
    assert "identity.revealed" in kept
    assert PURPOSE in kept
    assert token in kept
    shelf = world.app.state.library.shelf().path.read_bytes()
    vault = path_of(world.settings).read_bytes()
    for short in (number(), number()[2:]):
        assert short not in kept + caplog.text + "".join(capfd.readouterr())
        assert short.encode() not in shelf + vault
    assert number() not in world.as_("officer").get("/identitet", token=token).text


def test_a_purpose_that_names_the_person_is_kept_without_the_name(world, token):
    assert reveal(world, "officer", token, f"Brev till {number()} om ärende 3").status_code == 200
    assert reveal(world, "officer", "L-00000000000000aa", "Fråga vem HK 17 är i schemat").status_code == 200
    kept = everything(world)
    assert f"Brev till {token} om ärende 3" in kept
    assert "Fråga vem L-00000000000000aa är i schemat" in kept
    assert number() not in kept
    assert "HK 17" not in kept


@pytest.mark.parametrize("purpose", ["", "nyfiken", " " * 40, "x" * 501])
def test_without_a_purpose_nothing_is_shown(world, token, purpose):
    answer = reveal(world, "lead", token, purpose)
    assert (answer.status_code, number() in answer.text) == (422, False)
    assert 'aria-describedby="w-purpose' in answer.text
    assert "identity.revealed" not in everything(world)


def test_an_unknown_token_is_said_so_and_logged(world, token):
    answer = reveal(world, "officer", "P-0123456789abcdef")
    assert (answer.status_code, "finns inte i valvet" in answer.text) == (404, True)
    assert PURPOSE in answer.text
    assert "identity.sought" in everything(world)
    for nonsense in ("", number(), "p-0123456789abcdef", "P-0123456789abcdef\u0660", "\x00"):
        assert reveal(world, "officer", nonsense).status_code == 422
    assert number() not in everything(world)
    assert number() not in world.as_("officer").get("/identitet", token=number()).text


def test_only_who_may_reveal_reaches_the_page(world, token):
    for login in ("controller", "auditor", "engineer", "admin"):
        assert world.as_(login).get("/identitet").status_code == 403
        assert reveal(world, login, token).status_code == 403
    assert "identity.revealed" not in everything(world)


def test_who_has_an_interest_in_the_person_is_refused(world, token):
    bar(world, "officer", token)
    answer = reveal(world, "officer", token)
    assert (answer.status_code, number() in answer.text) == (403, False)


@pytest.mark.parametrize("damage", ["absent", "other_key", "no_vault", "moved"])
def test_a_vault_that_cannot_be_opened_is_told_of_and_shows_nothing(world, demo, token, damage):
    path = path_of(demo)
    if damage == "absent":
        path.unlink()
    elif damage == "other_key":
        Vault(demo, b"k" * 32).fill([Identity(token, number())])
    elif damage == "no_vault":
        path.write_bytes(b"not a database at all, in no way" * 64)
    else:
        import sqlite3

        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE vault SET sealed = (SELECT sealed FROM vault WHERE token LIKE 'L%')")
        connection.close()
    with pytest.raises(StoreError if damage in ("absent", "no_vault") else ConfigError, match="fut identities"):
        Vault(demo, DEMO_KEY).open_one(token)
    answer = reveal(world, "officer", token)
    assert (answer.status_code, number() in answer.text) == (503, False)
    assert "fut identities" in answer.text


def test_the_command_reads_the_originals_and_seals_what_they_hold(tmp_path, capsys):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    rows = [
        f"2120001355,Prov,V1,Anna Prov,{number()[2:8]}-{number()[8:]},4010,Varor,100.00,2026-03-10,Skola",
        f"2120001355,Prov,V2,Firma {number()},556042-1234,4010,Varor,50.00,2026-03-11,Skola",
        f"2120001355,Prov,V3,Bengt,{number(239)},4010,Varor,70.00,2026-03-12,Skola",
    ]
    (inbox / "ledger.csv").write_text("\n".join([LEDGER, *rows]) + "\n", encoding="utf-8")
    written = tmp_path / "municipality.yaml"
    said = (
        "municipality: {id: prov, name: Prov}\nis_demo: true\nsources:\n  - {name: ledger, dialect: lankadedata-1.1}\n"
    )
    written.write_text(said, encoding="utf-8")
    assert main(["identities", "--settings", str(written)]) == 0
    told = capsys.readouterr()
    assert "2 identities from 1 files, 2 of them personal numbers" in told.out
    settings = Settings(Municipality("prov", "Prov"), (), inbox, tmp_path / "var", is_demo=True)
    vault, pseudonyms = Vault(settings, DEMO_KEY), Pseudonymiser(DEMO_KEY)
    for serial in (238, 239):
        assert vault.open_one(pseudonyms.person(number(serial))) == Identity(
            pseudonyms.person(number(serial)), number(serial)
        )
    assert vault.open_one("P-0000000000000000") is None
    assert (vault.path.stat().st_mode & 0o777, vault.path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert not list((tmp_path / "var" / "tmp").glob("*/*"))
    assert not (tmp_path / "var" / "warehouse").exists()
    for held in (vault.path.read_bytes().decode("latin-1"), told.out + told.err, repr(vault.open_one(
        pseudonyms.person(number())))):  # fmt: skip
        assert not re.search(f"{number()}|{number()[2:]}", held)
    (inbox / "ledger.csv").write_text("\n".join([LEDGER, rows[2]]) + "\n", encoding="utf-8")
    assert main(["identities", "--settings", str(written)]) == 0
    assert vault.open_one(pseudonyms.person(number())) is None


def test_a_broken_file_leaves_the_old_vault(tmp_path, capsys):
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "ledger.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    written = tmp_path / "municipality.yaml"
    said = (
        "municipality: {id: prov, name: Prov}\nis_demo: true\nsources:\n  - {name: ledger, dialect: lankadedata-1.1}\n"
    )
    written.write_text(said, encoding="utf-8")
    settings = Settings(Municipality("prov", "Prov"), (), tmp_path / "inbox", tmp_path / "var", is_demo=True)
    Vault(settings, DEMO_KEY).fill([Identity("P-0000000000000000", number())])
    assert main(["identities", "--settings", str(written)]) == 4
    assert "ledger.csv" in capsys.readouterr().err
    assert Vault(settings, DEMO_KEY).open_one("P-0000000000000000").text == number()


def test_the_page_is_accessible_and_the_browser_keeps_nothing(live, token):
    page = live.page
    page.goto(f"/identitet?token={token}")
    assert axe(page) == []
    page.fill("#purpose", PURPOSE)
    page.click("text=Visa identiteten")
    assert page.locator("#identity").inner_text() == number()
    settled(page)
    assert focused(page) == "identity-found"
    assert number() not in page.locator("#live").inner_text()
    assert axe(page) == []
    assert sideways(page) == []
    page.click("nav a[href='/']")
    page.wait_for_selector("h1:text-is('Min kö')")
    kept = page.evaluate("JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])")
    assert number() not in kept + page.content()
    page.go_back()
    page.wait_for_selector("#purpose")
    assert number() not in page.content()
    assert everything(live.world).count("identity.revealed") == 1


def test_the_database_tells_nothing_in_its_own_words(world, token):
    reveal(world, "officer", token)
    with world.store.read() as connection:
        said = connection.execute(text("SELECT payload FROM events WHERE kind = 'identity.revealed'")).scalar_one()
    assert said == f'{{"purpose":"{PURPOSE}"}}'
