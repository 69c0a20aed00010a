"""A provider's share of visits registered by hand rises beyond its own history."""

from datetime import date

from core.own_history import RISE_PARAMS, rise
from fut.indicator import Indicator, Measured, Prior, Scope, Text

_MONTHS = ("2025-10", "2025-11", "2025-12", *(f"2026-0{n}" for n in range(1, 7)))

INDICATOR = Indicator(
    code="ST09",
    title=Text("Mer registrerat för hand", "More registered by hand"),
    means=Text(
        "Utförarens andel besök som registrerats eller ändrats för hand steg under {recent_months} månader mer än dess egen "
        "historia förklarar ({fence} robusta avvikelser). Raden bär sin del av ökningen.",
        "The provider's share of visits registered or changed by hand rose over {recent_months} months more than its own "
        "history explains ({fence} robust deviations). The line bears its part of the rise.",
    ),
    measured=Measured(Text("Andel för hand", "Share by hand"), "share", Text("tidigare", "before")),
    innocent=(
        Text("Byte av system, eller trasiga lås och telefoner.", "A change of system, or broken locks and phones."),
        Text("Sommarvikarier utan eget inlogg.", "Summer substitutes without a log-in of their own."),
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
        missing="visits.start_method",
        needs=("visits", "visits.start_method", "compensation_lines"),
    ),
    params=RISE_PARAMS,
    sql=rise("by_hand"),
    example="\n".join(
        (
            "core_visits",
            "visit_id | provider_id | client_ref | actual_start | start_method",
            *(  # half of P1's visits are by hand in the last three months; one in ten before, and always with P2
                f"V{p}-{month}-{day} | P{p} | C{day % 5} | {month}-{day + 10} 08:00 | {'manual' if by_hand else 'lock'}"
                for p in (1, 2)
                for month in _MONTHS
                for day in range(1, 11)
                for by_hand in [day == 1 or (day <= 5 and p == 1 and month > "2026-03")]
            ),
            "core_compensation_lines",
            "line_id | provider_id | client_ref | booked_month | amount_sek | registered_minutes | granted_minutes",
            *(
                f"L{p}-{month}-{client} | P{p} | C{client} | {month} | 4000.00 | 300 | 400"
                for p in (1, 2)
                for month in _MONTHS
                for client in range(5)
            ),
        )
    ),
    flags={f"L1-2026-06-{client}": "769.23" for client in range(5)},
    shown={"L1-2026-06-0": "0.5 (0.1) | L1-2026-06-0"},
    source="Indicator catalogue ST03, its part on the manual share; simulator notes 11.8: own history tells what peers do not",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
