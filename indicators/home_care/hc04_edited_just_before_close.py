"""A provider makes a large share of its edits in the last hours before the month closes."""

from datetime import date

from core.per_line import BY_VISIT, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC04",
    title=Text("Ändrat strax före spärrdatum", "Edited just before closing"),
    means=Text(
        "Minst {least_share} av utförarens ändringar för månaden gjordes under de sista {hours} timmarna före "
        "spärrdatum. Radens besök hör till dem.",
        "At least {least_share} of the provider's edits for the month were made in the last {hours} hours before "
        "closing. Visits of the line are among them.",
    ),
    innocent=(
        Text("Rutin: allt granskas sista dagen.", "Routine: everything is reviewed on the last day."),
        Text("Ett driftstopp rättades samlat.", "An outage was put right all at once."),
    ),
    do=Text(
        "Se om ändringarna följer planen på minuten och vem som gjort dem.",
        "See whether the edits follow the plan to the minute, and who made them.",
    ),
    evidence_class="S",
    family="manual",
    prior=Prior(5, 10, "simulated municipality, development seeds: 0.47 of 38 hits; month-end routines explain others"),
    review_minutes=20,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="performed_count > 0",
        missing="visits.edited_at",
        needs=("visits", "visits.edited_at", "month_closes"),
    ),
    params={
        "hours": Param(48, "hours", "catalogue HC04"),
        "least_share": Param(0.2, "share", "evenly spread edits give less than a tenth"),
        "least_edits": Param(10, "visits", "a share of fewer is chance"),
        "least_sek": Param(500, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        """
        WITH edited AS (
            SELECT visit_id, provider_id, service_month,
                   edited_at BETWEEN closed_at - to_hours($hours) AND closed_at AS is_late
            FROM core_visits JOIN core_month_closes ON month = service_month
            WHERE edited_at <= closed_at AND status = 'performed'
        )
        SELECT visit_id, 1 AS share, NULL AS missing_field, NULL AS explained_by
        FROM edited JOIN (
            SELECT provider_id, service_month FROM edited GROUP BY ALL
            HAVING count(*) >= $least_edits AND avg(is_late::INTEGER) >= $least_share
        ) USING (provider_id, service_month)
        WHERE is_late
        """,
        "$least_sek",
        paid_by="visit",
    ),
    example="""
        core_month_closes
        month   | closed_at
        2026-03 | 2026-04-06 18:00
        core_visits
        visit_id | provider_id | actual_start     | actual_end       | edited_at
        A1 | P1 | 2026-03-10 08:00 | 2026-03-10 09:00 | 2026-04-06 09:00
        A2 | P1 | 2026-03-11 08:00 | 2026-03-11 09:00 | 2026-04-06 09:00
        A3 | P1 | 2026-03-12 08:00 | 2026-03-12 09:00 | 2026-04-06 09:00
        A4 | P1 | 2026-03-13 08:00 | 2026-03-13 09:00 | 2026-04-06 09:00
        A5 | P1 | 2026-03-14 08:00 | 2026-03-14 09:00 | 2026-03-25 09:00
        A6 | P1 | 2026-03-15 08:00 | 2026-03-15 09:00 | 2026-03-25 09:00
        A7 | P1 | 2026-03-16 08:00 | 2026-03-16 09:00 | 2026-03-25 09:00
        A8 | P1 | 2026-03-17 08:00 | 2026-03-17 09:00 | 2026-03-25 09:00
        A9 | P1 | 2026-03-18 08:00 | 2026-03-18 09:00 | 2026-03-25 09:00
        A10 | P1 | 2026-03-19 08:00 | 2026-03-19 09:00 | 2026-03-25 09:00
        B1 | P2 | 2026-03-10 08:00 | 2026-03-10 09:00 | 2026-04-06 09:00
        B2 | P2 | 2026-03-11 08:00 | 2026-03-11 09:00 | 2026-03-25 09:00
        B3 | P2 | 2026-03-12 08:00 | 2026-03-12 09:00 | 2026-03-25 09:00
        B4 | P2 | 2026-03-13 08:00 | 2026-03-13 09:00 | 2026-03-25 09:00
        B5 | P2 | 2026-03-14 08:00 | 2026-03-14 09:00 | 2026-03-25 09:00
        B6 | P2 | 2026-03-15 08:00 | 2026-03-15 09:00 | 2026-03-25 09:00
        B7 | P2 | 2026-03-16 08:00 | 2026-03-16 09:00 | 2026-03-25 09:00
        B8 | P2 | 2026-03-17 08:00 | 2026-03-17 09:00 | 2026-03-25 09:00
        B9 | P2 | 2026-03-18 08:00 | 2026-03-18 09:00 | 2026-03-25 09:00
        B10 | P2 | 2026-03-19 08:00 | 2026-03-19 09:00 | 2026-03-25 09:00
        core_visit_pay
        visit_id | line_id | paid_sek
        A1       | LA      | 600.00
        A5       | LA      | 600.00
        A2       | LB      | 100.00
        B1       | LC      | 600.00
    """,
    flags={"LA": "600.00"},
    source="Indicator catalogue HC04",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
