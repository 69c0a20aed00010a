"""The recalculation as officers read it: published rows of a listed line, and the text made of them."""

from pathlib import Path

import pytest

from commands.explain_line import read_line, show_line
from fut.contract import contract
from reporting.care_frames import RECALCULATION
from reporting.care_lines import DIFFERS
from tests.core.drawn_care import care_of

DRAWN = """
core_compensation_rules
rule_id | service | basis     | minimum_minutes | rounding | rounding_minutes | declined_share | valid_from
R1      | care    | performed | 15              | nearest  | 10               | 0.5            | 2026-01-01
core_visits
visit_id | task | status    | planned_start    | planned_end      | actual_start     | actual_end
V1       | meal | performed | 2026-03-02 08:00 | 2026-03-02 08:30 | 2026-03-02 08:00 | 2026-03-02 08:12
V2       | meal | declined  | 2026-03-03 08:00 | 2026-03-03 08:30 |                  |
V3       | meal | performed | 2026-03-04 08:00 | 2026-03-04 08:30 | 2026-03-04 08:00 | 2026-03-04 08:30
raw_compensation_lines
line_id | minutes | amount_sek
L1      | 80      | 800.00
L2      | 20      | 200.00
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A published folder with the recalculation of L1, which is listed; L2 is not."""
    with care_of(DRAWN) as connection:
        connection.execute(contract("out", "ranked_payments").ddl())
        connection.execute("INSERT INTO out_ranked_payments BY NAME SELECT 'L1' AS payment_id, '2026-03' AS month")
        connection.execute(contract("out", "recalculation").ddl())
        connection.execute("CREATE TEMP TABLE _shown_listed AS SELECT month, payment_id FROM out_ranked_payments")
        connection.execute(f"INSERT INTO out_recalculation BY NAME SELECT * EXCLUDE (_month) FROM ({RECALCULATION})")
        assert connection.execute("SELECT count(*), count(DISTINCT row_id) FROM out_recalculation").fetchone() == (4, 4)
        connection.execute(f"COPY out_recalculation TO '{tmp_path / 'recalculation.parquet'}'")
    return tmp_path


def test_every_step_of_every_visit_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert show_line(read_line(folder, "L1"))
    shown = capsys.readouterr().out.replace("\u00a0", " ")
    first, second, third = (next(r for r in shown.splitlines() if f"2026-03-0{day}" in r) for day in (2, 3, 4))
    assert " ".join(first.split()) == "2026-03-02 08:00 Måltid utfört 12 12 15 20 20 R1 T1 600,00/tim 200,00 246,15"
    assert " ".join(second.split()) == "2026-03-03 08:00 Måltid avböjt 0 30 0,5 15 15 R1 T1 600,00/tim 150,00 184,62"
    assert " ".join(third.split()) == "2026-03-04 08:00 Måltid utfört 30 30 30 R1 T1 600,00/tim 300,00 369,23"
    assert "Omräkning: Omvårdnad, mars 2026" in shown
    assert "Enligt reglerna 650,00 kr (65 min, taxa T1)." in shown
    assert "Betalt 800,00 kr (80 min, taxa T1). Skillnad 150,00 kr." in shown
    assert DIFFERS["declined"] in shown


def test_a_line_that_is_not_published_has_no_recalculation(folder: Path, tmp_path: Path) -> None:
    assert not show_line(read_line(folder, "L2"))
    assert not show_line(read_line(tmp_path / "nowhere", "L1"))


def test_every_reason_has_a_sentence() -> None:
    assert set(contract("core", "compensation_lines").column("differs_by").said("values")) == set(DIFFERS)
