"""The report in a real browser: no sideways scrolling of the page at 320 px, every row open, nothing refused."""

import subprocess

from reporting.html import render_html
from tests.review.browser import chromium_path

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"),
    *("--allow-file-access-from-files", "--hide-scrollbars", "--virtual-time-budget=5000", "--dump-dom"),
)
FRAME = """<!doctype html><iframe id="page" width="320" height="900" src="report.html"></iframe><p id="told"></p>
<script>page.onload = () => {
  const root = page.contentDocument.documentElement
  const chosen = page.contentWindow.getComputedStyle(page.contentDocument.querySelector(".narrow")).display
  told.textContent = [root.clientWidth, root.scrollWidth, chosen].join(" ")
}</script>"""


def test_the_page_does_not_scroll_sideways_on_a_phone(snapshot, tmp_path):
    page = render_html(snapshot).replace("<details>", "<details open>")
    (tmp_path / "report.html").write_text(page, "utf-8")
    (tmp_path / "frame.html").write_text(FRAME, "utf-8")
    command = [chromium_path(), *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", (tmp_path / "frame.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    told = done.stdout.split('<p id="told">')[1].split("</p>")[0].split()
    assert len(told) == 3, "the page was not loaded"
    client, scroll, chosen = told
    assert int(client) <= 320
    assert int(scroll) <= int(client)
    assert chosen == "block", "the page's own style was refused or the narrow pictures not chosen"
