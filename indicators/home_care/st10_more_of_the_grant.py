"""A provider's executed share of the granted time rises beyond its own history."""

from datetime import date

from core.own_history import RISE_PARAMS, rise
from fut.indicator import Indicator, Measured, Prior, Scope, Text

_MONTHS = ("2025-10", "2025-11", "2025-12", *(f"2026-0{n}" for n in range(1, 7)))

INDICATOR = Indicator(
    code="ST10",
    title=Text("Mer av beviljad tid utförd", "More of the grant executed"),
    means=Text(
        "Utförarens registrerade tid som andel av den beviljade steg under {recent_months} månader mer än dess egen historia "
        "förklarar ({fence} robusta avvikelser). Raden bär sin del av ökningen.",
        "The provider's registered time as a share of the granted rose over {recent_months} months more than its own history "
        "explains ({fence} robust deviations). The line bears its part of the rise.",
    ),
    measured=Measured(
        Text("Utförd andel av beviljad tid", "Executed share of granted time"), "share", Text("tidigare", "before")
    ),
    innocent=(
        Text(
            "Besluten har setts över och minskats till det som behövs.",
            "Grants were reviewed and cut to what is needed.",
        ),
        Text(
            "Personalbrist tidigare, så att besök ställdes in.",
            "A lack of staff before, so that visits were cancelled.",
        ),
    ),
    do=Text(
        "Vad hände den månad då ökningen började? Jämför samma brukare före och efter.",
        "What happened in the month the rise began? Compare the same clients before and after.",
    ),
    evidence_class="S",
    family="provider_level",
    prior=Prior(1, 15, "simulator notes 11.8: z of 6-35 against own history; drift and new clients move it too"),
    review_minutes=45,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="visit_count > 0",
        missing="visits.actual_start",
        needs=("visits", "compensation_lines", "decisions", "orders"),
    ),
    params=RISE_PARAMS,
    sql=rise("executed"),
    example="\n".join(
        (
            "core_compensation_lines",
            "line_id | provider_id | client_ref | booked_month | amount_sek | registered_minutes | granted_minutes",
            *(  # in the last three months P1 executes all of the grant; half of it before, and always with P2
                f"L{p}-{month}-{client} | P{p} | C{client} | {month} | 4000.00 | 300 | {granted}"
                for p in (1, 2)
                for month in _MONTHS
                for client in range(5)
                for granted in [300 if p == 1 and month > "2026-03" else 600]
            ),
        )
    ),
    flags={f"L1-2026-06-{client}": "1960.78" for client in range(5)},
    shown={"L1-2026-06-0": "1 (0.5) | L1-2026-06-0"},
    source="Indicator catalogue ST03, its part on executed of granted; simulator notes 11.8: own history tells what peers do not",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
