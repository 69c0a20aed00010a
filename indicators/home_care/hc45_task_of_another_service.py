"""A visit is billed as one service although its task belongs, everywhere else, to another."""

from datetime import date

from core.per_line import BY_VISIT, per_line
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

_USUAL = "\n".join(f"        D{n:02d} | domestic | cleaning | 2026-03-02 08:00" for n in range(2, 20))

_MISPLACED = """
    SELECT v.visit_id, v.provider_id, v.client_ref, v.service_month, v.visit_date, v.actual_start, usual, 1 AS share,
           NULL AS explained_by, NULL AS missing_field FROM core_visits v JOIN (
        SELECT task, service, service_month, here, everywhere, arg_max(service, here) OVER (PARTITION BY task, service_month) AS usual
        FROM (SELECT task, service, service_month, sum(count(*)) OVER (PARTITION BY task, service ORDER BY service_month) AS here,
                     sum(count(*)) OVER (PARTITION BY task ORDER BY service_month) AS everywhere
              FROM core_visits WHERE status = 'performed' AND task IS NOT NULL GROUP BY task, service, service_month)
    ) u USING (task, service, service_month)
    WHERE v.status = 'performed' AND everywhere >= $least_visits AND here <= (1 - $usual_percent / 100) * everywhere
"""
_OVERPAID = per_line(_MISPLACED, "$least_sek", paid_by="minutes")
# the line that should have paid: the one of the client's visit of that service nearest in kind of day and hour
_NEAR = "n.provider_id = m.provider_id AND n.client_ref = m.client_ref AND n.service = usual AND n.service_month = m.service_month"
_UNDERPAID = f"""
    WITH misplaced AS MATERIALIZED ({_MISPLACED}), near AS (
        SELECT n.*, line_id FROM (FROM core_visits n SEMI JOIN misplaced m ON {_NEAR} WHERE status = 'performed') n
          JOIN core_visit_pay USING (visit_id) WHERE line_id IS NOT NULL
    ), due AS (
        SELECT m.visit_id, arg_min(n.line_id, ((isodow(n.visit_date) >= 6) <> (isodow(m.visit_date) >= 6),
               abs(epoch(n.actual_start::TIME) - epoch(m.actual_start::TIME)), n.line_id)) AS line_id
        FROM misplaced m JOIN near n ON {_NEAR} GROUP BY m.visit_id
    )
    SELECT l.line_id AS subject_key, l.booked_month AS service_month, count(*)::DOUBLE AS value, -sum(y.paid_sek) AS amount_at_risk_sek, list_sort(list(visit_id)) AS evidence, 'contradiction' AS verdict
    FROM due JOIN core_visit_pay y USING (visit_id)
      JOIN (FROM core_compensation_lines WHERE is_delivered AND {BY_VISIT}) l ON l.line_id = due.line_id
    WHERE y.line_id IS DISTINCT FROM l.line_id GROUP BY ALL HAVING sum(y.paid_sek) >= $least_sek
"""

INDICATOR = Indicator(
    code="HC45",
    title=Text("Momentet hör till annan insats", "Task of another service"),
    means=Text(
        "Besöket är ersatt som en insats, men dess moment utförs annars under en annan (minst {usual_percent} "
        "procent av fallen): den ena raden blir för hög, den andra för låg.",
        "The visit is paid as one service, but its task is otherwise done under another (at least "
        "{usual_percent} per cent of cases): one line is paid too much, the other too little.",
    ),
    measured=Measured(Text("Besök som träffen gäller", "Visits the flag is about")),
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
    prior=Prior(17, 3, "simulated municipality, development seeds: 0.89 of hits by half of the sum; nothing published"),
    review_minutes=15,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="performed_count > 0",
        missing="visits.task",
        needs=("visits", "visits.task"),
    ),
    params={
        "usual_percent": Param(90, "percent", "so that tasks done under two services are left alone"),
        "least_visits": Param(20, "visits", "fewer visits of a task say nothing about its usual service"),
        "least_sek": Param(500, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=f"SELECT * FROM ({_OVERPAID}) UNION ALL BY NAME SELECT * FROM ({_UNDERPAID})",
    example=f"""
        core_visits
        visit_id | service  | task     | actual_start
        D01      | domestic | cleaning | 2026-03-07 08:00
{_USUAL}
        W1       | care     | cleaning | 2026-03-10 08:00
        R1       | care     | meal     | 2026-03-10 09:00
        F1       | domestic | meal     | 2026-03-10 10:00
        core_visit_pay
        visit_id | line_id | paid_sek
        D01      | LH      | 400.00
        D02      | LG      | 400.00
        W1       | LW      | 500.00
        R1       | LR      | 500.00
        F1       | LF      | 500.00
        core_compensation_lines
        line_id | service  | minutes | client_ref
        LG      | domestic | 300     | C1
        LH      | domestic | 60      | C1
        LI      | domestic | 300     | C2
    """,
    flags={"LW": "500.00", "LG": "-500.00"},
    source="Simulated honest error 'wrong service'; price differs by service in every Swedish tariff",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
