"""The list and the queue in a real browser."""

from tests.review.browser import axe, sideways


def test_the_queue_has_no_fault_axe_knows_and_fits_a_phone(live):
    live.page.goto("/")
    assert axe(live.page) == []
    assert sideways(live.page) == []
