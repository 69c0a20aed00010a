"""A client's visits share time although no double staffing was granted."""

from datetime import date

from core.per_line import BY_VISIT, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC15",
    title=Text("Två besök samtidigt", "Two visits at once"),
    means=Text(
        "Brukaren har två besök samtidigt, mer än {least_minutes} minuter och mer än {least_share} av det kortare, "
        "utan beslut om dubbelbemanning.",
        "The client has two visits at once, for more than {least_minutes} minutes and more than {least_share} of "
        "the shorter, without a grant of double staffing.",
    ),
    innocent=(
        Text(
            "Besöket registrerades två gånger vid synkronisering.",
            "The visit was registered twice by a synchronisation.",
        ),
        Text("Två medarbetare behövdes akut den gången.", "Two carers were needed that once."),
    ),
    do=Text(
        "Var det ett besök eller två? Se medarbetare, lås och plan. Betala tiden en gång.",
        "Was it one visit or two? Look at carers, locks and plan. Pay the time once.",
    ),
    evidence_class="H",
    family="client_time",
    prior=Prior(4, 15, "simulated municipality, development seed: 0.2 of hits; no published precision"),
    review_minutes=20,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="performed_count > 0",
        missing="visits.actual_start",
        needs=("visits", "decisions"),
    ),
    params={
        "least_minutes": Param(15, "minutes", "handovers take some minutes"),
        "least_share": Param(0.5, "share", "less is a visit that came early or ran late"),
        "least_sek": Param(300, "sek", "less is not worth a review"),
    },
    sql=per_line(
        """
        WITH pair AS (
            SELECT o.*, v.registered_minutes AS minutes, w.registered_minutes AS other_minutes,
                   v.registered_minutes - v.planned_minutes - w.registered_minutes + w.planned_minutes AS further,
                   v.is_double_granted AND v.service = w.service AS is_double,
                   v.service <> w.service AND NOT o.is_same_carer AS is_other
            FROM core_visit_overlaps o JOIN core_visits v ON v.visit_id = o.visit_id
              JOIN core_visits w ON w.visit_id = o.other_id
            WHERE o.subject = 'client' AND NOT o.is_pair AND o.overlap_minutes > $least_minutes
              AND o.overlap_minutes > $least_share * least(v.registered_minutes, w.registered_minutes)
              AND (v.service = w.service OR o.is_same_carer
                OR list_has_any([v.service, w.service], ['alarm', 'night', 'delegated_nursing']))
        )
        SELECT visit_id, overlap_minutes / minutes AS share, NULL AS missing_field,
               CASE WHEN is_double THEN 'dubbelbemanning' WHEN is_other THEN 'larm, natt, sjukvård' END AS explained_by
        FROM (SELECT * FROM pair WHERE further >= -$least_minutes
              UNION ALL SELECT * REPLACE (other_id AS visit_id, other_minutes AS minutes) FROM pair
              WHERE further <= $least_minutes)
        WHERE minutes > 0
        """,
        "$least_sek",
        paid_by="visit",
    ),
    example="""
        core_visits
        visit_id | carer_ref | service | is_double_granted | actual_start     | actual_end
        A1       | W1        | care    | false             | 2026-03-10 08:00 | 2026-03-10 08:40
        A2       | W1        | care    | false             | 2026-03-10 08:00 | 2026-03-10 08:40
        B1       | W1        | care    | false             | 2026-03-10 10:00 | 2026-03-10 10:40
        B2       | W2        | care    | false             | 2026-03-10 10:30 | 2026-03-10 11:10
        D1       | W1        | care    | true              | 2026-03-10 12:00 | 2026-03-10 12:30
        D2       | W2        | care    | true              | 2026-03-10 12:00 | 2026-03-10 12:30
        E1       | W1        | care    | false             | 2026-03-10 14:00 | 2026-03-10 14:30
        E2       | W2        | alarm   | false             | 2026-03-10 14:00 | 2026-03-10 14:30
        core_visit_overlaps
        subject | visit_id | other_id | overlap_minutes | is_pair | is_same_carer
        client  | A2       | A1       | 40              | false   | true
        client  | B2       | B1       | 10              | false   | false
        client  | D2       | D1       | 30              | false   | false
        client  | E2       | E1       | 30              | false   | false
        core_visit_pay
        visit_id | line_id | paid_sek
        A1       | LA      | 300.00
        A2       | LA2     | 300.00
        B1       | LB      | 300.00
        B2       | LB      | 300.00
        D1       | LD      | 400.00
        E2       | LE      | 400.00
    """,
    flags={
        "LA": "300.00",
        "LA2": "300.00",
        "LD": "explained: dubbelbemanning",
        "LE": "explained: larm, natt, sjukvård",
    },
    source="Indicator catalogue HC15",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
