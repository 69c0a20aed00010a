"""Every address of the application, every role, and who is not signed in: the table below says who gets where."""

import pytest

from review.web.routes import found
from review.work.people import GRANTS, May, Role

CASE, PAYMENT, YEAR = "/arende/{id}", "/betalning/{month}/{payment_id:path}", "/uppfoljning/{year}"
RIGHTS: dict[tuple[str, str], May | None] = {
    ("GET", "/logga-in"): None,
    ("POST", "/logga-in"): None,
    ("GET", "/logga-in/kommunen"): None,
    ("GET", "/logga-in/svar"): None,
    ("POST", "/logga-ut"): May.ENTER,
    ("GET", "/losenord"): May.ENTER,
    ("POST", "/losenord"): May.ENTER,
    ("GET", "/"): May.ENTER,
    ("POST", "/ta-nasta"): May.WORK,
    ("GET", "/blind"): May.SEE_PAYMENTS,
    ("GET", "/flaggor"): May.SEE_PAYMENTS,
    ("GET", "/flaggor.xlsx"): May.SEE_PAYMENTS,
    ("POST", "/flaggor/ta"): May.WORK,
    ("POST", "/flaggor/tilldela"): May.LEAD,
    ("POST", "/flaggor/vyer"): May.SEE_PAYMENTS,
    ("POST", "/flaggor/vyer/bort"): May.SEE_PAYMENTS,
    ("GET", PAYMENT): May.SEE_PAYMENTS,
    **{("POST", f"{PAYMENT}/{act}"): May.WORK for act in ("angra", "anteckning", "bunt-arende", "bunt-ta", "bunt-utfall", "lamna", "skjut-upp", "ta", "utfall")},
    ("POST", f"{PAYMENT}/forslag"): May.LEAD,
    ("GET", "/utforare/{payee_ref:path}"): May.SEE_PAYMENTS,
    ("POST", "/utforare/{payee_ref:path}/paus"): May.WORK,
    ("GET", "/arenden"): May.SEE_PAYMENTS,
    ("POST", "/arende/nytt"): May.WORK,
    ("GET", CASE): May.SEE_PAYMENTS,
    ("GET", f"{CASE}/akt.html"): May.SEE_PAYMENTS,
    ("GET", f"{CASE}/akt.pdf"): May.SEE_PAYMENTS,
    **{
        ("POST", f"{CASE}/{act}"): May.WORK
        for act in ("akt", "anteckning", "atgard", "atgard/{measure}", "avsluta", "bedomning", "betalning", "brev",
                    "brev/{letter}", "steg", "uppgift", "uppgifter")
    },
    ("POST", f"{CASE}/steg/{{step}}"): May.LEAD,
    ("GET", "/lagesbild"): May.SEE_RESULTS,
    ("GET", "/uppfoljning"): May.SEE_RESULTS,
    ("GET", f"{YEAR}.html"): May.SEE_RESULTS,
    ("GET", f"{YEAR}.pdf"): May.SEE_RESULTS,
    ("GET", "/korningar"): May.SEE_RUNS,
    ("GET", "/logg"): May.SEE_LOG,
    ("GET", "/logg.csv"): May.SEE_LOG,
    ("POST", "/logg/kontroll"): May.SEE_LOG,
    ("GET", "/identitet"): May.REVEAL,
    ("POST", "/identitet"): May.REVEAL,
    ("GET", "/jav"): May.SEE_PAYMENTS,
    ("POST", "/jav"): May.WORK,
    ("POST", "/jav/{id}/avsluta"): May.WORK,
    ("GET", "/anvandare"): May.MANAGE,
    ("POST", "/anvandare"): May.MANAGE,
    ("POST", "/anvandare/{id}"): May.MANAGE,
}  # fmt: skip
ALLOWED = {
    May.ENTER: set(Role),
    May.SEE_PAYMENTS: {Role.OFFICER, Role.LEAD, Role.CONTROLLER, Role.AUDITOR},
    May.WORK: {Role.OFFICER, Role.LEAD},
    May.LEAD: {Role.LEAD},
    May.SEE_RESULTS: {Role.OFFICER, Role.LEAD, Role.CONTROLLER, Role.AUDITOR},
    May.SEE_RUNS: {Role.OFFICER, Role.LEAD, Role.CONTROLLER, Role.AUDITOR, Role.ENGINEER},
    May.SEE_LOG: {Role.AUDITOR},
    May.REVEAL: {Role.OFFICER, Role.LEAD},
    May.MANAGE: {Role.ADMIN},
}
NO_RIGHT = "Din roll har inte tillgång till sidan."
OLD_FORM = "Formuläret är för gammalt."
ROUTES = sorted(RIGHTS)
EXPENSIVE = (".pdf", "/logga-ut")


def address(path, first):
    """Return the path with its parts filled in; cases and the like do not exist, which is told after the rights."""
    parts = {"month": first.shelf.month, "payment_id": first.payment_id, "payee_ref": first.payee_ref, "year": "2026"}
    for name in ("id", "measure", "letter", "step"):
        parts[name] = "987654"
    for name, value in parts.items():
        path = path.replace(f"{{{name}:path}}", value).replace(f"{{{name}}}", value)
    return path


def test_every_address_stands_in_the_table():
    registered = {(page.method, page.path): page.may for page in found()}
    assert registered == RIGHTS


def test_every_right_is_given_to_the_roles_of_the_table():
    given = {may: {role for role in Role if may is May.ENTER or may in GRANTS[role]} for may in May}
    assert given == ALLOWED


def test_who_is_not_signed_in_gets_to_the_form_alone(world, first):
    visitor = world.as_("officer")
    visitor.client.cookies.clear()
    for method, path in ROUTES:
        answer = visitor.client.request(
            method, address(path, first), data={"csrf": visitor.csrf} if method == "POST" else None
        )
        if RIGHTS[method, path] is not None:
            assert (answer.status_code, answer.headers["location"][:9]) == (303, "/logga-in"), (method, path)
        else:
            assert answer.status_code in (200, 404, 403, 422), (method, path)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_where_the_table_says(world, first, role):
    browser = world.as_(role.value)
    for method, path in ROUTES:
        may, where = RIGHTS[method, path], address(path, first)
        if may is None:
            continue
        if role not in ALLOWED[may]:
            answer = browser.post(where) if method == "POST" else browser.get(where)
            assert (answer.status_code, NO_RIGHT in answer.text) == (403, True), (method, path)
            continue
        if method == "POST":
            for token in ("", "guess", browser.csrf[:-1] + "å"):
                refused = browser.client.post(where, data={"csrf": token})
                assert (refused.status_code, OLD_FORM in refused.text) == (403, True), (method, path)
        if not path.endswith(EXPENSIVE):
            answer = browser.post(where) if method == "POST" else browser.get(where)
            assert answer.status_code != 500, (method, path)
            assert not answer.headers.get("location", "").startswith("/logga-in"), (method, path)
            assert NO_RIGHT not in answer.text, (method, path)
            assert OLD_FORM not in answer.text, (method, path)


@pytest.mark.parametrize("login", ["controller", "auditor", "engineer", "admin"])
def test_who_may_not_work_leaves_no_trace_but_readings(world, first, login):
    browser = world.as_(login)
    for method, path in ROUTES:
        may = RIGHTS[method, path]
        if method == "POST" and may is not None and Role(login) not in ALLOWED[may]:
            browser.post(address(path, first), {"version": "0", "note": "x" * 20, "verdict": "explained"})
    with world.store.read() as connection:
        from review.store.schema import cases, conflicts, decisions, items, notes

        for table in (cases, conflicts, decisions, items, notes):
            assert connection.execute(table.select()).first() is None
