"""A visit is called performed although its start or its stop is missing."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC01",
    title=Text("Start eller stopp saknas", "Start or stop missing"),
    means=Text(
        "Utförda besök saknar start- eller sluttid. Minst {least_sek} kr har betalats fast tiden saknas, "
        "eller inte betalats därför att den saknas.",
        "Performed visits lack a start or an end. At least {least_sek} kr were paid although a time is "
        "lacking, or not paid because it is.",
    ),
    measured=Measured(Text("Besök utan start eller slut", "Visits without start or end")),
    innocent=(
        Text("Telefonen var urladdad eller låset trasigt.", "The phone was dead or the lock broken."),
        Text("Tiden rättas först efter att månaden stängt.", "The time is corrected only after the month closed."),
    ),
    do=Text(
        "Fråga utföraren om tiderna. Det som utförts ska betalas, det som inte kan visas ska inte det.",
        "Ask the provider for the times. Pay what was done, not what cannot be shown.",
    ),
    evidence_class="R",
    family="manual",
    prior=Prior(12, 5, "simulated municipality, development seeds: 0.95 of hits by half of the sum, 0.49 by 500 kr"),
    review_minutes=15,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="visit_count > 0",
        missing="visits.actual_end",
        needs=("visits", "visits.actual_end"),
    ),
    params={
        "least_sek": Param(300, "sek", "one ordinary visit; less is not worth a review"),
    },
    sql="""
        WITH open AS (
            SELECT v.visit_id, p.line_id, p.booked_month, p.after_flat <> p.basis_minutes AS is_flat,
                   CASE WHEN p.paid_sek > 0 THEN p.paid_sek ELSE -v.planned_minutes * p.price_sek / 60 END AS sek
            FROM core_visits v JOIN core_visit_pay p USING (visit_id)
            WHERE v.status = 'performed' AND (v.actual_start IS NULL OR v.actual_end IS NULL)
              AND p.line_id IS NOT NULL AND p.rate_code IS NOT NULL
        )
        SELECT line_id AS subject_key, booked_month AS service_month, count(*) AS value,
               round(sum(sek), 2)::DECIMAL(14,2) AS amount_at_risk_sek, list_sort(list(visit_id)) AS evidence,
               CASE WHEN is_flat THEN 'explained' ELSE 'contradiction' END AS verdict,
               CASE WHEN is_flat THEN 'schablontid' END AS explained_by
        FROM open GROUP BY line_id, booked_month, is_flat HAVING abs(sum(sek)) >= $least_sek
    """,
    example="""
        core_visits
        visit_id | status    | planned_start    | planned_end      | actual_start     | actual_end
        A1       | performed | 2026-03-10 08:00 | 2026-03-10 09:00 | 2026-03-10 08:02 |
        A2       | performed | 2026-03-11 08:00 | 2026-03-11 09:00 | 2026-03-11 08:02 | 2026-03-11 09:00
        B1       | performed | 2026-03-10 10:00 | 2026-03-10 10:15 | 2026-03-10 10:01 |
        C1       | declined  | 2026-03-10 12:00 | 2026-03-10 13:00 |                  |
        D1       | performed | 2026-03-10 14:00 | 2026-03-10 15:20 | 2026-03-10 14:05 |
        E1       | performed | 2026-03-10 14:00 | 2026-03-10 15:20 | 2026-03-10 14:05 |
        core_visit_pay
        visit_id | line_id | basis_minutes | after_flat | paid_sek
        A1       | LA      | 0             | 0          | 0.00
        A2       | LA      | 58            | 58         | 386.67
        B1       | LB      | 0             | 0          | 0.00
        C1       | LC      | 30            | 30         | 400.00
        D1       | LD      | 0             | 80         | 533.33
        E1       | LE      | 0             | 0          | 500.00
    """,
    flags={"LA": "-400.00", "LD": "explained: schablontid", "LE": "500.00"},
    source="Indicator catalogue HC01; electronic visit verification rejects such records",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
