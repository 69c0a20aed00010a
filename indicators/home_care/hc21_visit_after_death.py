"""A visit is registered on a day after the client died or moved away."""

from datetime import date

from core.per_line import HIT_VISITS, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC21",
    title=Text("Besök efter dödsfall eller flytt", "Visit after death or move"),
    means=Text(
        "Besök är registrerade som utförda efter dagen då brukaren avled eller flyttade.",
        "Visits are registered as performed after the day on which the client died or moved.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text("Datumet i registret är fel.", "The date in the register is wrong."),
        Text("Avslutande städning eller återlämning av nycklar.", "A last cleaning, or keys handed back."),
        Text("Besöket registrerades på fel brukare.", "The visit was registered on the wrong client."),
    ),
    do=Text(
        "Kontrollera datumet i folkbokföringen. Vem registrerade besöket, och var?",
        "Check the date in the population register. Who registered the visit, and where?",
    ),
    evidence_class="H",
    family="absence",
    prior=Prior(3, 3, "judgement: hard contradiction, but dates in registers err; no published precision"),
    review_minutes=20,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="performed_count > 0",
        missing="visits.actual_start",
        needs=("visits", "absences|clients.end_reason"),
    ),
    params={
        "cleaning_days": Param(31, "days", "a home is cleared within a month"),
        "least_sek": Param(100, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        """
        WITH gone AS (
            SELECT client_ref, why = 'moved' AS is_moved, min(day) AS day
            FROM (SELECT client_ref, kind AS why, from_at::DATE AS day FROM core_absences
                  UNION ALL SELECT client_ref, end_reason, valid_to FROM core_clients WHERE valid_to IS NOT NULL)
            WHERE why IN ('deceased', 'moved') GROUP BY 1, 2
        )
        SELECT v.visit_id, 1 AS share, NULL AS missing_field,
               CASE WHEN (v.task = 'cleaning' OR v.task IS NULL AND v.service = 'domestic') AND v.visit_date <= day + $cleaning_days THEN 'avslutande städning' END
               AS explained_by
        FROM core_visits v JOIN gone USING (client_ref)
        WHERE v.status = 'performed' AND v.visit_date > day AND NOT (is_moved AND EXISTS (
            -- moved to another home here, or back
            FROM core_clients c WHERE c.client_ref = v.client_ref AND c.valid_from > day
              AND v.visit_date BETWEEN c.valid_from AND coalesce(c.valid_to, v.visit_date)))
        """,
        "$least_sek",
    ),
    example="""
        core_absences
        client_ref | kind     | from_at
        C1         | deceased | 2026-03-10 14:00
        C2         | hospital | 2026-03-10 14:00
        core_clients
        client_ref | area | valid_from | valid_to   | end_reason
        C3         | A1   | 2020-01-01 | 2026-03-12 | moved
        C4         | A1   | 2020-01-01 | 2026-03-12 | no_need
        C5         | A1   | 2020-01-01 | 2026-03-12 | moved
        C5         | A2   | 2026-03-13 | 2026-03-15 | moved
        core_visits
        visit_id | client_ref | status    | task     | actual_start     | planned_start
        A1       | C1         | performed | meal     | 2026-03-10 20:00 | 2026-03-10 20:00
        F1       | C1         | performed | meal     | 2026-03-11 08:00 | 2026-03-11 08:00
        A2       | C1         | declined  | meal     |                  | 2026-03-12 08:00
        X1       | C1         | performed | cleaning | 2026-03-20 08:00 | 2026-03-20 08:00
        A3       | C2         | performed | meal     | 2026-03-12 08:00 | 2026-03-12 08:00
        F2       | C3         | performed | meal     | 2026-03-13 08:00 | 2026-03-13 08:00
        A4       | C4         | performed | meal     | 2026-03-13 08:00 | 2026-03-13 08:00
        A5       | C5         | performed | meal     | 2026-03-13 08:00 | 2026-03-13 08:00
        F3       | C5         | performed | meal     | 2026-03-16 08:00 | 2026-03-16 08:00
        core_visit_pay
        visit_id | line_id | paid_sek
        A1       | L1      | 150.00
        F1       | L1      | 160.00
        A2       | L1      | 80.00
        X1       | L2      | 400.00
        A3       | L3      | 150.00
        F2       | L4      | 170.00
        A4       | L5      | 150.00
        A5       | L6      | 150.00
        F3       | L6      | 180.00
    """,
    flags={"L1": "160.00", "L2": "explained: avslutande städning", "L4": "170.00", "L6": "180.00"},
    source="Indicator catalogue HC21; typology T14; the National Fraud Initiative and the US inspector "
    "general match so",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
