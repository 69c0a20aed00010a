"""Visits were typed in after the month had ended, to the minute as planned, in many of the provider's cases."""

from datetime import date

from core.per_line import BY_VISIT, HIT_VISITS, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

_FILLED_IN = "\n".join(
    f"        A{n} | P1 | {hours} | {hours} | true | 2026-04-02 09:00"
    for n in range(1, 11)
    for hours in [f"2026-03-{n + 9} 08:00 | 2026-03-{n + 9} 09:00"]
)

INDICATOR = Indicator(
    code="HC04",
    title=Text("Ifyllt i efterhand efter planen", "Filled in later as planned"),
    means=Text(
        "Besöken skrevs in för hand sedan månaden tagit slut men före spärrdatum, på minuten som planerat. Utföraren "
        "gjorde så med minst {least_edits} besök i månaden.",
        "The visits were typed in after the month had ended and before it closed, to the minute as planned. The "
        "provider did so with at least {least_edits} visits of the month.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text("Ett driftstopp rättades samlat.", "An outage was put right all at once."),
        Text(
            "Systemet föreslår planens tider när ett besök skrivs in.",
            "The system proposes the plan's times for a visit typed in.",
        ),
    ),
    do=Text(
        "Be om dokumentationen för besöken: vem var där, och hur länge? Se vem som skrev in dem.",
        "Ask for the record of the visits: who was there, and for how long? See who typed them in.",
    ),
    evidence_class="R",
    family="manual",
    prior=Prior(6, 4, "simulated municipality, development seeds: 0.8 of hits by half of the sum, 0.56 by 500 kr"),
    review_minutes=20,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="performed_count > 0",
        missing="visits.edited_at",
        needs=("visits", "visits.edited_at", "month_closes"),
    ),
    params={
        "least_edits": Param(10, "visits", "single visits are put right so by everybody"),
        "lost_share": Param(
            0.5, "share", "typology T07: so typed, a visit lasted 35-90 % of its plan; some were not made"
        ),
        "least_sek": Param(500, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        """
        SELECT visit_id, concat_ws('|', provider_id, service_month) AS together, $lost_share AS share, NULL AS missing_field, NULL AS explained_by
        FROM core_visits JOIN core_month_closes ON month = service_month
        WHERE status = 'performed' AND is_manual AND actual_start = planned_start AND actual_end = planned_end
          AND edited_at <= closed_at AND strftime(edited_at, '%Y-%m') > service_month
        QUALIFY count(*) OVER (PARTITION BY provider_id, service_month) >= $least_edits
        """,
        "$least_sek",
        paid_by="visit",
    ),
    example=f"""
        core_month_closes
        month   | closed_at
        2026-03 | 2026-04-06 18:00
        core_visits
        visit_id | provider_id | planned_start | planned_end | actual_start | actual_end | is_manual | edited_at
{_FILLED_IN}
        A11 | P1 | 2026-03-20 08:00 | 2026-03-20 09:00 | 2026-03-20 08:00 | 2026-03-20 09:10 | true  | 2026-04-02 09:00
        A12 | P1 | 2026-03-21 08:00 | 2026-03-21 09:00 | 2026-03-21 08:00 | 2026-03-21 09:00 | true  | 2026-03-25 09:00
        A13 | P1 | 2026-03-22 08:00 | 2026-03-22 09:00 | 2026-03-22 08:00 | 2026-03-22 09:00 | false | 2026-04-02 09:00
        B1  | P2 | 2026-03-10 08:00 | 2026-03-10 09:00 | 2026-03-10 08:00 | 2026-03-10 09:00 | true  | 2026-04-02 09:00
        core_visit_pay
        visit_id | line_id | paid_sek
        A1       | LA      | 600.00
        A2       | LA      | 600.00
        A11      | LA      | 600.00
        A3       | LB      | 900.00
        A12      | LC      | 1200.00
        A13      | LD      | 1200.00
        B1       | LE      | 1200.00
    """,
    flags={"LA": "600.00"},
    source="Indicator catalogue HC04, there S: here each visit is typed in as planned",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
