"""A carer's visits for one provider share time although the homes lie apart."""

from datetime import date

from core.per_line import per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC12",
    title=Text("Samtidiga besök, samma medarbetare", "One carer, two visits"),
    means=Text(
        "Samma medarbetare är registrerad hos två brukare i skilda hem samtidigt, mer än {least_minutes} minuter.",
        "One carer is registered with two clients in separate homes at once, for more than {least_minutes} minutes.",
    ),
    innocent=(
        Text("Utloggningen glömdes och rättades inte.", "The log-out was forgotten and not corrected."),
        Text("Ett lånat inlogg: två personer var på plats.", "A borrowed log-in: two people were there."),
        Text("Gruppaktivitet eller promenad med flera brukare.", "A group activity or walk with several clients."),
    ),
    do=Text(
        "Jämför besöken minut för minut med plan, låshändelser och lön. Vilket av besöken kan ha ägt rum?",
        "Compare the visits minute by minute with plan, lock events and pay. Which of them can have taken place?",
    ),
    evidence_class="H",
    family="carer_time",
    prior=Prior(1, 2, "judgement: hard contradiction, but forgotten log-outs are common; no published precision"),
    review_minutes=30,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="performed_count > 0",
        missing="visits.actual_start",
        needs=("visits", "visits.carer_ref"),
    ),
    params={
        "least_minutes": Param(5, "minutes", "catalogue HC12 says 2; clocks and tags differ by a few minutes"),
        "least_sek": Param(100, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        """
        SELECT v.visit_id, o.overlap_minutes / v.registered_minutes AS share, NULL AS missing_field,
               CASE WHEN o.is_same_household THEN 'samma hushåll' WHEN o.is_same_building THEN 'samma byggnad' END
               AS explained_by
        FROM (SELECT *, unnest([visit_id, other_id]) AS either_id FROM core_visit_overlaps) o
        JOIN core_visits v ON v.visit_id = o.either_id
        WHERE o.subject = 'carer' AND o.is_same_provider AND NOT o.is_same_client
          AND o.overlap_minutes > $least_minutes AND v.registered_minutes > 0
        """,
        "$least_sek",
    ),
    example="""
        core_visits
        visit_id | client_ref | actual_start     | actual_end
        A1       | C1         | 2026-03-10 08:00 | 2026-03-10 08:40
        A2       | C2         | 2026-03-10 08:20 | 2026-03-10 09:00
        B1       | C3         | 2026-03-10 10:00 | 2026-03-10 10:30
        B2       | C4         | 2026-03-10 10:25 | 2026-03-10 11:00
        D1       | C5         | 2026-03-10 12:00 | 2026-03-10 12:30
        D2       | C6         | 2026-03-10 12:00 | 2026-03-10 12:30
        core_visit_overlaps
        subject | visit_id | other_id | overlap_minutes | is_same_building
        carer   | A2       | A1       | 20              | false
        carer   | B2       | B1       | 5               | false
        carer   | D2       | D1       | 30              | true
        core_visit_pay
        visit_id | line_id | paid_sek
        A1       | LA1     | 300.00
        A2       | LA2     | 300.00
        B1       | LB1     | 250.00
        B2       | LB2     | 300.00
        D1       | LD1     | 250.00
        D2       | LD2     | 250.00
    """,
    flags={"LA1": "150.00", "LA2": "150.00", "LD1": "explained: samma byggnad", "LD2": "explained: samma byggnad"},
    source="Indicator catalogue HC12; electronic visit verification systems refuse such pairs",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
