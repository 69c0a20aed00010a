"""Most of a client's visits were made by another carer than the plan said."""

from datetime import date

from core.per_line import BY_VISIT, per_line
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC11",
    title=Text("Annan medarbetare än planerat", "Another carer than planned"),
    means=Text(
        "Minst {least_share} av brukarens besök gjordes av någon annan än den som planen anger.",
        "At least {least_share} of the client's visits were made by another carer than the plan names.",
    ),
    measured=Measured(Text("Andel av brukarens besök", "Share of the client's visits"), "share"),
    innocent=(
        Text("Sjukfrånvaro, semester eller ny tjänstgöring.", "Sick leave, holidays or a new roster."),
        Text("Planen uppdateras inte när någon byter pass.", "The plan is not updated when shifts are swapped."),
    ),
    do=Text(
        "Jämför med sjukfrånvaro och schema. Är det samma ersättare hos många brukare?",
        "Compare with sick leave and roster. Is it the same substitute with many clients?",
    ),
    evidence_class="C",
    family="staffing",
    prior=Prior(1, 19, "judgement: substitutes are ordinary; counts only beside other signs"),
    review_minutes=15,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="performed_count > 0",
        missing="visits.planned_carer_ref",
        needs=("visits", "visits.planned_carer_ref"),
    ),
    params={
        "least_visits": Param(8, "visits", "a share of fewer is chance"),
        "least_share": Param(0.4, "share", "one client in a hundred is above it by chance"),
        "least_sek": Param(500, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        """
        WITH swapped AS (  -- looked into below: clients whose visits another carer than their own planned one made
            SELECT provider_id, client_ref FROM core_visits WHERE status = 'performed' AND planned_carer_ref IS NOT NULL
            GROUP BY provider_id, client_ref, service, service_month HAVING count(*) >= $least_visits
              AND avg((carer_ref <> planned_carer_ref)::INTEGER) >= $least_share
        ), visit AS (  -- two who were planned together may each register for the other
            SELECT visit_id, provider_id, client_ref, service, service_month, NOT list_contains(list(planned_carer_ref) OVER (
                     PARTITION BY provider_id, client_ref, planned_start), carer_ref) AS is_other
            FROM core_visits SEMI JOIN swapped USING (provider_id, client_ref)
            WHERE status = 'performed' AND planned_carer_ref IS NOT NULL
        ), often AS (
            SELECT provider_id, client_ref, service, service_month, round(avg(is_other::INTEGER), 3) AS measured FROM visit
            GROUP BY ALL HAVING count(*) >= $least_visits AND avg(is_other::INTEGER) >= $least_share
        )
        SELECT visit_id, concat_ws('|', provider_id, client_ref, service, service_month) AS together, measured, 1 AS share, NULL AS missing_field, NULL AS explained_by
        FROM visit JOIN often USING (provider_id, client_ref, service, service_month) WHERE is_other
        """,
        "$least_sek",
        paid_by="visit",
    ),
    example="""
        core_visits
        visit_id | client_ref | carer_ref | planned_carer_ref | actual_start | actual_end
         A01 | C1 | W2 | W1 | 2026-03-01 08:00 | 2026-03-01 09:00
         A02 | C1 | W2 | W1 | 2026-03-02 08:00 | 2026-03-02 09:00
         A03 | C1 | W2 | W1 | 2026-03-03 08:00 | 2026-03-03 09:00
         A04 | C1 | W2 | W1 | 2026-03-04 08:00 | 2026-03-04 09:00
         A05 | C1 | W2 | W1 | 2026-03-05 08:00 | 2026-03-05 09:00
         A06 | C1 | W2 | W1 | 2026-03-06 08:00 | 2026-03-06 09:00
         A07 | C1 | W1 | W1 | 2026-03-07 08:00 | 2026-03-07 09:00
         A08 | C1 | W1 | W1 | 2026-03-08 08:00 | 2026-03-08 09:00
         A09 | C1 | W1 | W1 | 2026-03-09 08:00 | 2026-03-09 09:00
         A10 | C1 | W1 | W1 | 2026-03-10 08:00 | 2026-03-10 09:00
         B01 | C2 | W2 | W1 | 2026-03-01 10:00 | 2026-03-01 11:00
         B02 | C2 | W1 | W1 | 2026-03-02 10:00 | 2026-03-02 11:00
         B03 | C2 | W1 | W1 | 2026-03-03 10:00 | 2026-03-03 11:00
         B04 | C2 | W1 | W1 | 2026-03-04 10:00 | 2026-03-04 11:00
         B05 | C2 | W1 | W1 | 2026-03-05 10:00 | 2026-03-05 11:00
         B06 | C2 | W1 | W1 | 2026-03-06 10:00 | 2026-03-06 11:00
         B07 | C2 | W1 | W1 | 2026-03-07 10:00 | 2026-03-07 11:00
         B08 | C2 | W1 | W1 | 2026-03-08 10:00 | 2026-03-08 11:00
         B09 | C2 | W1 | W1 | 2026-03-09 10:00 | 2026-03-09 11:00
         B10 | C2 | W1 | W1 | 2026-03-10 10:00 | 2026-03-10 11:00
         D01 | C3 | W1 | W2 | 2026-03-01 12:00 | 2026-03-01 13:00
         E01 | C3 | W2 | W1 | 2026-03-01 12:00 | 2026-03-01 13:00
         D02 | C3 | W1 | W2 | 2026-03-02 12:00 | 2026-03-02 13:00
         E02 | C3 | W2 | W1 | 2026-03-02 12:00 | 2026-03-02 13:00
         D03 | C3 | W1 | W2 | 2026-03-03 12:00 | 2026-03-03 13:00
         E03 | C3 | W2 | W1 | 2026-03-03 12:00 | 2026-03-03 13:00
         D04 | C3 | W1 | W2 | 2026-03-04 12:00 | 2026-03-04 13:00
         E04 | C3 | W2 | W1 | 2026-03-04 12:00 | 2026-03-04 13:00
         D05 | C3 | W1 | W2 | 2026-03-05 12:00 | 2026-03-05 13:00
         E05 | C3 | W2 | W1 | 2026-03-05 12:00 | 2026-03-05 13:00
         D06 | C3 | W1 | W2 | 2026-03-06 12:00 | 2026-03-06 13:00
         E06 | C3 | W2 | W1 | 2026-03-06 12:00 | 2026-03-06 13:00
         D07 | C3 | W1 | W2 | 2026-03-07 12:00 | 2026-03-07 13:00
         E07 | C3 | W2 | W1 | 2026-03-07 12:00 | 2026-03-07 13:00
         D08 | C3 | W1 | W2 | 2026-03-08 12:00 | 2026-03-08 13:00
         E08 | C3 | W2 | W1 | 2026-03-08 12:00 | 2026-03-08 13:00
        core_visit_pay
        visit_id | line_id | paid_sek
        A01 | LA | 500.00
        A09 | LA | 500.00
        A02 | LB | 100.00
        B01 | LC | 500.00
        D01 | LD | 900.00
        E01 | LD | 900.00
    """,
    flags={"LA": "500.00"},
    source="Indicator catalogue HC11",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
