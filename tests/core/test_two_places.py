"""Two visits at once: on which of them the finding is laid, with what share, and what explains it."""

import duckdb
import pytest

from core.two_places import TWO_AT_ONE_CLIENT, in_two_places
from fut.drawn import fill

LIMITS = {"least_minutes": 10, "long_minutes": 30, "far_m": 200, "least_share": 0.5, "linked_share": 0.9}
Pair = tuple[str, str, str]

# registered/planned minutes and what else is said of the later and the earlier visit, the overlap, and what is found
CARER: dict[str, tuple[str, str, str, str]] = {
    "the one longer beyond its plan": ("60/30", "50/50", "40", "L 0.667"),
    "the other one": ("50/50", "60/30", "40", "E 0.667"),
    "both, ten minutes apart": ("60/50", "50/50", "40", "E 0.800, L 0.667"),
    "both, ten minutes apart the other way": ("50/50", "60/50", "40", "E 0.667, L 0.800"),
    "one, eleven minutes apart": ("61/50", "50/50", "40", "L 0.656"),
    "one, eleven minutes apart the other way": ("50/50", "61/50", "40", "E 0.656"),
    "typed by hand": ("50/50 hand", "50/50 0m", "40", "L 0.800"),
    "the other typed by hand": ("50/50", "50/50 hand", "40", "E 0.800"),
    "both typed by hand": ("50/50 hand", "50/50 hand", "40", "E 0.800, L 0.800"),
    "far away": ("50/50 201m", "50/50", "40", "L 0.800"),
    "the other far away": ("50/50", "50/50 201m", "40", "E 0.800"),
    "not far away": ("50/50 200m", "50/50 0m", "40", "E 0.800, L 0.800"),
    "the other not far away": ("50/50", "50/50 200m", "40", "E 0.800, L 0.800"),
    "proof goes before half an hour": ("80/50", "50/50 hand", "40", "E 0.800"),
    "half an hour the other way": ("50/50 hand", "70/50", "40", "L 0.800"),
    "more than half an hour goes before proof": ("81/50", "50/50 hand", "40", "L 0.494"),
    "more than half an hour the other way": ("50/50 hand", "81/50", "40", "E 0.494"),
    "a short overlap": ("50/50", "50/50", "10", ""),
    "an overlap just long enough": ("50/50", "50/50", "11", "E 0.220, L 0.220"),
    "across a month's end": ("50/50 april", "90/50", "40", "L 0.800"),
    "across a month's end, alike": ("50/50 april", "50/50", "40", "L 0.800"),
    "one client": ("50/50 same_client", "50/50", "40", ""),
    "night patrol": ("50/50 night", "50/50 night", "40", "E 0.800 nattpatrull, L 0.800 nattpatrull"),
    "one of them at night": ("50/50 night", "50/50", "40", "E 0.800, L 0.800"),
    "the other at night": ("50/50", "50/50 night", "40", "E 0.800, L 0.800"),
    "one house": ("50/50 same_building night", "50/50 night", "40", "E 0.800 samma byggnad, L 0.800 samma byggnad"),
    "one home": (
        "50/50 same_household same_building",
        "50/50",
        "40",
        "E 0.800 samma hushåll, L 0.800 samma hushåll",
    ),
}
# besides, whether the provider ties nine visits in ten to decisions, or fewer
CLIENT: dict[str, tuple[str, str, str, str]] = {
    "one without a decision": ("40/40 loose", "40/40", "30", "L 0.750"),
    "the other without a decision": ("40/40", "40/40 loose", "30", "E 0.750"),
    "both tied": ("40/40", "40/40", "30", "L 0.750 två beviljade besök"),
    "ties say nothing": ("40/40 loose fewer", "40/40", "30", "L 0.750 visits.decision_id?"),
    "ties say nothing of the other": ("40/40 fewer", "40/40 loose", "30", "L 0.750 visits.decision_id?"),
    "two providers": ("40/40 loose elsewhere", "40/40", "30", "L 0.750 visits.decision_id?"),
    "one carer": ("40/40 same_carer", "40/40", "30", "L 0.750"),
    "one carer, two services, two granted": ("40/40 same_carer double escort", "40/40", "30", "L 0.750"),
    "ran longer": ("71/40", "40/40", "30", "L 0.423"),
    "ran longer the other way": ("40/40", "71/40", "30", "E 0.423"),
    "half an hour is open": ("40/40", "70/40", "30", "L 0.750 två beviljade besök"),
    "the tie goes before half an hour": ("40/40 loose", "70/40", "30", "L 0.750"),
    "longer goes before the tie": ("40/40 loose", "71/40", "30", "E 0.423"),
    "a short overlap": ("15/15", "15/15", "10", ""),
    "half of the shorter": ("22/22", "40/40", "11", ""),
    "more than half of the shorter": ("21/21", "40/40", "11", "L 0.524 två beviljade besök"),
    "more than half of the shorter, the earlier": ("40/40", "21/21", "11", "L 0.275 två beviljade besök"),
    "a pair": ("40/40 pair", "40/40", "30", ""),
    "two granted": ("40/40 double", "40/40", "30", "L 0.750 dubbelbemanning"),
    "other services": ("40/40 escort", "40/40", "30", ""),
    "an alarm": ("40/40 alarm", "40/40", "30", "L 0.750 larm, natt, sjukvård"),
    "the other an alarm": ("40/40 double", "40/40 alarm", "30", "L 0.750 larm, natt, sjukvård"),
    "across a month's end": ("40/40 april", "90/40", "30", "L 0.750"),
    "across a month's end, the other without a decision": ("40/40 april", "40/40 loose", "30", "L 0.750"),
}


def visit(name: str, said: str, day: int) -> str:
    minutes, *words = said.split()
    registered, planned = minutes.split("/")
    date = "2026-04-01" if "april" in words else f"2026-03-{day:02d}"
    distance = next((word[:-1] for word in words if word[:-1].isdigit()), "")
    service = next((word for word in words if word in ("night", "alarm", "escort")), "care")
    cells = (
        name, "P2" if "elsewhere" in words else "P1", service, f"{date} 08:00", date[:7], registered, planned, "performed",
        "hand" in words, distance, "" if "loose" in words else "D1", "double" in words,
    )  # fmt: skip
    return " | ".join(map(str, cells))


def found(core: duckdb.DuckDBPyConnection, select: str, case: tuple[str, str, str, str], subject: str) -> str:
    later, earlier, minutes, _ = case
    words = later.split()
    same = ("same_client", "same_building", "same_household", "same_carer")
    # of twenty visits two, or three, are not tied to a decision
    loose = 3 if "fewer" in words else 2
    tied = sum("loose" in said for said in (later, earlier))
    others = [visit(f"B{n}", "40/40 loose" if n < loose - tied else "40/40", 9) for n in range(18)]
    april = [visit(f"C{n}", "40/40 april", 9) for n in range(19)] if "april" in words else []
    drawing = [
        "core_visits",
        "visit_id | provider_id | service | actual_start | service_month | registered_minutes | planned_minutes | status | "
        "is_manual | distance_start_m | decision_id | is_double_granted",
        visit("L", later, 10), visit("E", earlier, 10), *others, *april,
        "core_visit_overlaps",
        "subject | visit_id | other_id | overlap_minutes | service_month | is_pair | is_same_provider | "
        + " | ".join(f"is_{s}" for s in same),
        " | ".join(map(str, (subject, "L", "E", minutes, "2026-04" if "april" in words else "2026-03", "pair" in words,
                             "elsewhere" not in words, *(s in words for s in same)))),
    ]  # fmt: skip
    given = {name: LIMITS[name] for name in LIMITS if f"${name}" in select}
    core.execute("BEGIN")
    try:
        fill(core, "\n".join(drawing))
        rows = core.execute(
            "SELECT concat_ws(' ', visit_id, format('{:.3f}', share), explained_by, missing_field || '?') "
            f"FROM ({select}) ORDER BY visit_id",
            given,
        ).fetchall()
    finally:
        core.execute("ROLLBACK")
    return ", ".join(row for (row,) in rows)


@pytest.mark.parametrize("case", CARER)
def test_a_carer_in_two_homes(core: duckdb.DuckDBPyConnection, case: str) -> None:
    select = in_two_places(is_one_provider=True)
    assert found(core, select, CARER[case], "carer") == CARER[case][-1]
    assert found(core, select, CARER[case], "client") == ""
    assert found(core, in_two_places(is_one_provider=False), CARER[case], "carer") == ""


@pytest.mark.parametrize("case", CLIENT)
def test_two_visits_to_a_client(core: duckdb.DuckDBPyConnection, case: str) -> None:
    assert found(core, TWO_AT_ONE_CLIENT, CLIENT[case], "client") == CLIENT[case][-1]
    assert found(core, TWO_AT_ONE_CLIENT, CLIENT[case], "carer") == ""
