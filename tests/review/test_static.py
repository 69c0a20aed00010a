"""Static files: one style sheet and three scripts, packed, kept as long as they are the same, nothing else beside."""

import gzip
import re

from review.web.static import files, static_url


def asked(page):
    return re.findall(r'(?:src|href)="(/static/[^"]+)"', page)


def test_the_first_visit_is_small_and_asks_for_four_files(world):
    client = world.as_("officer").client
    page = client.get("/flaggor")
    names = asked(page.text)
    assert [name.split("?")[0].rsplit(".", 1)[1] for name in names] == ["css", "js", "js", "js"]
    sent = len(page.content)
    for name in names:
        answer = client.get(name, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        sent += int(answer.headers["content-length"])
    assert sent <= 100_000


def test_an_address_without_the_files_hash_is_kept_for_an_hour_and_revalidated(world):
    client = world.as_("officer").client
    client.cookies.clear()
    plain = client.get("/static/app.css?v=old", headers={"Accept-Encoding": "identity"})
    assert (plain.status_code, plain.headers["cache-control"]) == (200, "public, max-age=3600")
    assert plain.headers["content-type"] == "text/css; charset=utf-8"
    assert ".pic" in plain.text
    assert plain.text.startswith(":root")
    again = client.get("/static/app.css", headers={"If-None-Match": plain.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_no_static_file_is_not_served(world):
    client = world.as_("officer").client
    for name in ("vendor/README.md", "../pages/queue.py", "%2e%2e/pages/queue.py", "", "app.css/"):
        assert client.get(f"/static/{name}").status_code == 404
    assert client.post("/static/app.css").status_code == 404


def test_packed_and_plain_are_the_same():
    assert {name: gzip.decompress(file.packed) == file.plain for name, file in files().items()} == dict.fromkeys(
        files(), True
    )
    assert re.fullmatch(r"/static/app\.js\?v=[0-9a-f]{12}", static_url("app.js"))
