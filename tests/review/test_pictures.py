"""The pictures' style sheet."""


def test_pictures_have_their_style_without_signing_in_and_may_be_kept(world):
    client = world.as_("officer").client
    client.cookies.clear()
    answer = client.get("/static/pictures.css")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert ".pic" in answer.text
    assert "max-age" in answer.headers["cache-control"]
    assert "/static/pictures.css" in world.as_("officer").get("/").text
