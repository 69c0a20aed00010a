"""A carer who is not on the provider's staff list on the date registers visits."""

from datetime import date

from core.per_line import HIT_VISITS, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC29",
    title=Text("Medarbetaren saknas i personallistan", "Carer not on staff list"),
    means=Text(
        "Besök är registrerade på en medarbetare som inte finns i utförarens personallista på dagen, "
        "med {grace_days} dagars marginal.",
        "Visits are registered on a carer who is not on the provider's staff list on the day, with "
        "{grace_days} days to spare.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text("Bemanningsföretag eller lånad personal.", "Agency or lent staff."),
        Text("Listan är inte uppdaterad.", "The list is not up to date."),
    ),
    do=Text(
        "Begär anställningsbevis och lönespecifikation. Vem loggade in?",
        "Ask for employment contract and pay slip. Who logged in?",
    ),
    evidence_class="R",
    family="staffing",
    prior=Prior(2, 8, "judgement: agency staff and late lists are common; no published precision"),
    review_minutes=30,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="performed_count > 0 AND provider_id IN (SELECT provider_id FROM core_carers)",
        opens="CASE WHEN performed_count > 0 THEN ['carers'] ELSE ['visits.carer_ref'] END",
        needs=("visits", "visits.carer_ref", "carers"),
    ),
    params={
        "grace_days": Param(14, "days", "lists are brought up to date with each pay run"),
        "least_sek": Param(100, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        """
        WITH listed AS (
            SELECT DISTINCT provider_id FROM core_carers
        ), seen AS (
            SELECT provider_id, carer_ref, visit_date FROM core_visits SEMI JOIN listed USING (provider_id)
            WHERE status = 'performed' AND carer_ref IS NOT NULL GROUP BY ALL
        ), employed AS (
            -- an anti join on a range of dates compares every pair: the days within are found first
            SELECT DISTINCT s.provider_id, s.carer_ref, s.visit_date
            FROM seen s JOIN core_carers c ON c.provider_id = s.provider_id AND c.carer_ref = s.carer_ref
            WHERE visit_date >= c.employed_from - $grace_days
              AND visit_date <= coalesce(c.employed_to + $grace_days, visit_date)
        ), absent AS (
            FROM seen ANTI JOIN employed USING (provider_id, carer_ref, visit_date)
        ), own AS (
            SELECT provider_id FROM core_providers WHERE regime = 'in_house'
        ), lent AS (
            SELECT DISTINCT s.provider_id, s.carer_ref, s.visit_date
            FROM absent s SEMI JOIN own USING (provider_id) JOIN core_carers c ON c.carer_ref = s.carer_ref
              AND c.provider_id <> s.provider_id
              AND visit_date BETWEEN c.employed_from AND coalesce(c.employed_to, visit_date)
            WHERE c.provider_id IN (FROM own)
        )
        SELECT v.visit_id, 1 AS share, NULL AS missing_field,
               CASE WHEN l.carer_ref IS NOT NULL THEN 'lånad inom egen regi' END AS explained_by
        FROM core_visits v JOIN absent USING (provider_id, carer_ref, visit_date)
             LEFT JOIN lent l USING (provider_id, carer_ref, visit_date) WHERE v.status = 'performed'
        """,
        "$least_sek",
    ),
    example="""
        core_carers
        carer_ref | provider_id | employed_from | employed_to
        W1        | P1          | 2026-03-20    |
        W2        | P1          | 2025-01-01    | 2026-02-20
        W3        | P2          | 2025-01-01    |
        W5        | M1          | 2025-01-01    |
        W6        | M2          | 2025-01-01    |
        core_providers
        provider_id | org_no      | name | regime   | valid_from
        M1          | 219900-0001 | M1   | in_house | 2020-01-01
        M2          | 219900-0001 | M2   | in_house | 2020-01-01
        core_visits
        visit_id | provider_id | carer_ref | actual_start
        F1       | P1          | W1        | 2026-03-05 08:00
        A1       | P1          | W1        | 2026-03-06 08:00
        A2       | P1          | W2        | 2026-03-06 08:00
        F2       | P1          | W2        | 2026-03-07 08:00
        F3       | P1          | W3        | 2026-03-07 08:00
        A3       | P3          | W9        | 2026-03-07 08:00
        X1       | M2          | W5        | 2026-03-07 08:00
        core_visit_pay
        visit_id | line_id | paid_sek
        F1       | L1      | 200.00
        A1       | L1      | 200.00
        A2       | L2      | 150.00
        F2       | L2      | 150.00
        F3       | L3      | 170.00
        A3       | L4      | 170.00
        X1       | L5      | 170.00
    """,
    flags={"L1": "200.00", "L2": "150.00", "L3": "170.00", "L5": "explained: lånad inom egen regi"},
    source="Indicator catalogue HC29; typology T05 and T25",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
