"""Visits of a line were edited after the fact so that they became longer."""

from datetime import date

from core.per_line import BY_VISIT, HIT_VISITS, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC03",
    title=Text("Ändrat till längre tid", "Edited to longer time"),
    means=Text(
        "Besöken ändrades i efterhand så att den registrerade tiden ökade med mer än {least_minutes} minuter per "
        "besök.",
        "The visits were edited afterwards so that registered time grew by more than {least_minutes} minutes a visit.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text("Utloggningen kom för tidigt och rättades.", "The log-out came too early and was corrected."),
        Text("Fel start rättades med stöd av planen.", "A wrong start was corrected from the plan."),
    ),
    do=Text(
        "Be om underlag för ändringen. Se om samma person ändrar åt samma håll för flera brukare.",
        "Ask for what the edit rests on. See whether one person edits the same way for several clients.",
    ),
    evidence_class="S",
    family="manual",
    prior=Prior(1, 9, "judgement: corrections go both ways; no published precision"),
    review_minutes=20,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="performed_count > 0",
        missing="visit_edits",
        needs=("visits", "visit_edits"),
    ),
    params={
        "least_minutes": Param(10, "minutes", "smaller moves are roundings"),
        "least_sek": Param(200, "sek", "smaller sums are not worth a review"),
    },
    sql=per_line(
        """
        WITH moved AS (
            SELECT visit_id, sum(CASE field WHEN 'actual_end' THEN 1 ELSE -1 END * date_diff('minute',
                   try_cast(old_value AS TIMESTAMP), try_cast(new_value AS TIMESTAMP))) AS gained
            FROM core_visit_edits WHERE field IN ('actual_start', 'actual_end') GROUP BY visit_id
        )
        SELECT visit_id, gained / registered_minutes AS share, NULL AS missing_field,
               CASE WHEN registered_minutes <= planned_minutes * 0.9 THEN 'kortare än planerat även efter ändringen' END
               AS explained_by
        FROM moved JOIN core_visits v USING (visit_id)
        WHERE gained > $least_minutes AND v.status = 'performed' AND v.registered_minutes > 0
        """,
        "$least_sek",
        paid_by="minutes",
    ),
    example="""
        core_visits
        visit_id | actual_start     | actual_end       | planned_start    | planned_end
        A1       | 2026-03-10 08:00 | 2026-03-10 09:00 | 2026-03-10 08:00 | 2026-03-10 09:00
        B1       | 2026-03-10 10:00 | 2026-03-10 11:00 | 2026-03-10 10:00 | 2026-03-10 11:00
        C1       | 2026-03-10 12:00 | 2026-03-10 13:00 | 2026-03-10 12:00 | 2026-03-10 13:00
        D1       | 2026-03-10 14:00 | 2026-03-10 15:00 | 2026-03-10 14:00 | 2026-03-10 15:30
        E1       | 2026-03-10 16:00 | 2026-03-10 17:00 | 2026-03-10 16:00 | 2026-03-10 17:00
        core_visit_edits
        visit_id | edited_at        | edited_by | field        | old_value           | new_value
        A1       | 2026-03-12 08:00 | K1        | actual_end   | 2026-03-10T08:30:00 | 2026-03-10T09:00:00
        B1       | 2026-03-12 08:00 | K1        | actual_end   | 2026-03-10T12:30:00 | 2026-03-10T11:00:00
        C1       | 2026-03-12 08:00 | K1        | actual_end   |                     | 2026-03-10T13:00:00
        D1       | 2026-03-12 08:00 | K1        | actual_end   | 2026-03-10T14:20:00 | 2026-03-10T15:00:00
        E1       | 2026-03-12 08:00 | K1        | actual_start | 2026-03-10T16:06:00 | 2026-03-10T16:00:00
        core_visit_pay
        visit_id | line_id | paid_sek
        A1       | LA      | 800.00
        B1       | LB      | 800.00
        C1       | LC      | 800.00
        D1       | LD      | 800.00
        E1       | LE      | 800.00
    """,
    flags={"LA": "400.00", "LD": "explained: kortare än planerat även efter ändringen"},
    source="Indicator catalogue HC03; visit verification systems log the reason code of each edit",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
