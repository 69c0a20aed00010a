"""A visit is billed as one service although its task belongs, everywhere else, to another."""

from datetime import date

from core.per_line import BY_VISIT, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

_USUAL = "\n".join(f"        D{n:02d} | domestic | cleaning | 2026-03-02 08:00" for n in range(1, 20))

INDICATOR = Indicator(
    code="HC45",
    title=Text("Momentet hör till annan insats", "Task of another service"),
    means=Text(
        "Besöket är ersatt som en insats, men dess moment utförs annars under en annan (minst {usual_share} av fallen).",
        "The visit is paid as one service, but its task is otherwise done under another (at least {usual_share} of "
        "the cases).",
    ),
    innocent=(
        Text("Biståndsbeslutet lägger momentet under just den här insatsen.", "The decision puts the task there."),
        Text("Momentet är fel men insatsen rätt.", "The task is wrong but the service is right."),
    ),
    do=Text(
        "Läs beslutet: vilken insats hör momentet till? Räkna om med den insatsens taxa.",
        "Read the decision: which service does the task belong to? Recalculate at that service's rate.",
    ),
    evidence_class="R",
    family="service_code",
    prior=Prior(18, 2, "simulated municipality, development seeds: 0.97 of hits by half of the sum; nothing published"),
    review_minutes=15,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="performed_count > 0",
        missing="visits.task",
        needs=("visits", "visits.task"),
    ),
    params={
        "usual_share": Param(0.9, "share", "so that tasks done under two services are left alone"),
        "least_visits": Param(20, "visits", "fewer visits of a task say nothing about its usual service"),
        "least_sek": Param(300, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        """
        SELECT v.visit_id, 1 AS share, NULL AS explained_by, NULL AS missing_field
        FROM core_visits v JOIN (
            SELECT task, service, service_month,
                   sum(count(*)) OVER (PARTITION BY task, service ORDER BY service_month) AS here,
                   sum(count(*)) OVER (PARTITION BY task ORDER BY service_month) AS everywhere
            FROM core_visits WHERE status = 'performed' AND task IS NOT NULL GROUP BY task, service, service_month
        ) u USING (task, service, service_month)
        WHERE v.status = 'performed' AND everywhere >= $least_visits AND here <= (1 - $usual_share) * everywhere
        """,
        "$least_sek",
        paid_by="minutes",
    ),
    example=f"""
        core_visits
        visit_id | service  | task     | actual_start
{_USUAL}
        W1       | care     | cleaning | 2026-03-10 08:00
        R1       | care     | meal     | 2026-03-10 09:00
        F1       | domestic | meal     | 2026-03-10 10:00
        core_visit_pay
        visit_id | line_id | paid_sek
        D01      | LD      | 400.00
        W1       | LW      | 500.00
        R1       | LR      | 500.00
        F1       | LF      | 500.00
    """,
    flags={"LW": "500.00"},
    source="Simulated honest error 'wrong service'; price differs by service in every Swedish tariff",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
