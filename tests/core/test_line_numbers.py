"""One number for several compensation lines is refused, and a line delivered again to correct it is not."""

from collections.abc import Callable

import pytest

from fut.errors import InputError
from tests.core.drawn_ledger import core_of

LINES = 12
Cells = tuple[str, str, str, str]


def raw(*files: Callable[[int], Cells]) -> str:
    """Return the drawing of files of twelve lines each; what a function says is client, month, month booked and kronor."""
    rows = [
        f"L{n:02d} | P1 | {client} | care | {month} | {booked} | 60 | {amount}"
        for cells in files
        for n in range(LINES)
        for client, month, booked, amount in [cells(n)]
    ]
    head = "line_id | provider_id | client_ref | service | service_month | booked_month | minutes | amount_sek"
    return "\n".join(["raw_compensation_lines", head, *rows])


@pytest.mark.parametrize(
    ("second", "is_refused"),
    [
        pytest.param(lambda n: (f"C{n}", "2026-03", "2026-03", "450.00"), False, id="the same lines with other kronor"),
        pytest.param(lambda n: (f"D{n}", "2026-03", "2026-03", "600.00"), True, id="other clients"),
        pytest.param(lambda n: (f"C{n}", "2026-04", "2026-04", "600.00"), True, id="numbered anew each month"),
        pytest.param(lambda n: (f"C{n}", "2026-03", "2026-04", "600.00"), False, id="the same lines booked anew"),
        pytest.param(lambda n: (f"{'CD'[n < 5]}{n}", "2026-03", "2026-03", "600.00"), False, id="a few merged clients"),
    ],
)
def test_one_number_for_several_lines_is_refused(second: Callable[[int], Cells], is_refused: bool) -> None:
    both = raw(lambda n: (f"C{n}", "2026-03", "2026-03", "600.00"), second)
    if is_refused:
        with (
            pytest.raises(
                InputError, match=r"raw_compensation_lines: 12 of the 12 numbers in line_id that are further up"
            ),
            core_of(both),
        ):
            pytest.fail("lines that replaced others were accepted")
    else:
        with core_of(both) as connection:
            kept = connection.execute("SELECT count(*) FROM core_compensation_lines WHERE is_delivered").fetchone()
        assert kept == (LINES,)
