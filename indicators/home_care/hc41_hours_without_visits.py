"""A line pays hours for which there are no visits."""

from datetime import date

from core.per_line import BY_VISIT
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC41",
    title=Text("Betalda timmar utan besök", "Hours paid without visits"),
    means=Text(
        "Raden betalar minst {least_minutes} minuter, och minst {least_share} av tiden, som inget besök svarar mot.",
        "The line pays at least {least_minutes} minutes, and at least {least_share} of its time, "
        "that no visit answers to.",
    ),
    measured=Measured(Text("Betalda minuter utan besök", "Paid minutes without visits")),
    innocent=(
        Text("Besöken levereras i en senare fil.", "The visits come in a later file."),
        Text("Startersättning för en ny brukare.", "The starting fee for a new client."),
    ),
    do=Text(
        "Begär besöksunderlaget för de timmar som saknar besök.",
        "Ask for the visit records of the hours without visits.",
    ),
    evidence_class="H",
    family="recalculation",
    prior=Prior(3, 9, "judgement: late visit files are common; New York matched 56 % of hours"),
    review_minutes=20,
    scope=Scope(
        table="core_compensation_lines", where=BY_VISIT, testable="unit = 'hour' AND minutes > 0",
        missing="compensation_lines.minutes", needs=("visits", "compensation_lines.minutes", "compensation_rules"),
    ),
    params={
        "least_minutes": Param(60, "minutes", "minimum and flat times add minutes to short visits"),
        "least_share": Param(0.2, "share", "catalogue HC41: match rates above 90 % are the aim"),
        "least_sek": Param(100, "sek", "smaller sums are not worth an officer's time"),
    },
    sql="""
        WITH visited AS (
            SELECT line_id, sum(greatest(p.weighted_minutes, v.registered_minutes, v.planned_minutes)) AS minutes
            FROM core_visit_pay p JOIN core_visits v USING (visit_id) WHERE line_id IS NOT NULL GROUP BY 1
        ), ordered AS (
            SELECT o.provider_id, o.client_ref, d.service, strftime(min(o.valid_from), '%Y-%m') AS first_month
            FROM core_orders o JOIN core_decisions d USING (decision_id) GROUP BY ALL
        ), first AS (
            SELECT provider_id, client_ref, service, coalesce(any_value(o.first_month), min(service_month)) AS first_month
            FROM core_compensation_lines LEFT JOIN ordered o USING (provider_id, client_ref, service) GROUP BY ALL
        ), line AS (
            SELECT l.*, l.minutes - coalesce(v.minutes, 0) AS own,  -- not recalculated, all visits may lie on one line
                   least(own, CASE WHEN difference_sek IS NULL THEN sum(own) OVER (PARTITION BY provider_id, client_ref,
                     service, service_month ORDER BY l.booked_month) END) AS beyond,
                   CASE WHEN l.service_month = f.first_month THEN coalesce(r.new_client_minutes, 0) ELSE 0 END AS for_new
            FROM core_compensation_lines l JOIN first f USING (provider_id, client_ref, service)
            LEFT JOIN visited v USING (line_id)
            LEFT JOIN (SELECT rule_id, max(basis) AS basis, max(new_client_minutes) AS new_client_minutes
                       FROM core_compensation_rules GROUP BY 1) r ON r.rule_id = coalesce(l.recalculated_rule_id, l.rule_id)
            WHERE l.is_delivered AND l.unit = 'hour' AND l.minutes > 0 AND coalesce(r.basis, 'performed') <> 'granted'
        ), judged AS (
            -- what the bonus does not cover is judged by itself
            SELECT *, beyond - for_new >= greatest($least_minutes, $least_share * minutes) AS is_more,
                   beyond - CASE WHEN is_more THEN for_new ELSE 0 END AS lacking
            FROM line WHERE beyond >= greatest($least_minutes, $least_share * minutes)
              -- a later part of what is due has its visits on the first line
              AND (for_new > 0 OR difference_sek IS DISTINCT FROM 0))
        SELECT line_id AS subject_key, booked_month AS service_month, lacking AS value,
               round(amount_sek * lacking / minutes, 2) AS amount_at_risk_sek,
               CASE WHEN d.month IS NULL THEN 'needs_field' WHEN is_more THEN 'contradiction' ELSE 'explained' END AS verdict,
               CASE WHEN NOT is_more AND d.month IS NOT NULL THEN 'startersättning för ny brukare' END AS explained_by,
               CASE WHEN d.month IS NULL THEN 'visits' END AS missing_field
        FROM judged LEFT JOIN (SELECT DISTINCT provider_id, service_month, service_month AS month FROM core_visits) d
            USING (provider_id, service_month)  -- without any visit of the month the provider's file has not come
        WHERE amount_at_risk_sek >= $least_sek
    """,
    example="""
        core_compensation_rules
        rule_id | basis     | new_client_minutes | valid_from
        R1      | performed | 240                | 2020-01-01
        R2      | granted   |                    | 2020-01-01
        core_decisions
        decision_id | client_ref | service | valid_from
        D4          | C4         | care    | 2025-01-01
        core_orders
        order_id | client_ref | provider_id | decision_id | valid_from
        O4       | C4         | P1          | D4          | 2025-01-01
        core_compensation_lines
        line_id | client_ref | provider_id | booked_month | minutes | amount_sek | rule_id | recalculated_rule_id | difference_sek
        A0      | C1         | P1          | 2026-02      | 600     | 6000.00    | R1      |                      | 600.00
        F1      | C1         | P1          | 2026-03      | 600     | 6000.00    | R1      |                      | 3000.00
        F2      | C1         | P1          | 2026-03      | 300     | 3000.00    | R1      |                      | 0.00
        X1      | C2         | P1          | 2026-03      | 240     | 2400.00    |         | R1                   | 0.00
        X2      | C5         | P1          | 2026-03      | 600     | 6000.00    | R1      |                      | 3600.00
        X4      | C4         | P1          | 2026-03      | 240     | 2400.00    | R1      |                      | 2400.00
        A1      | C3         | P1          | 2026-03      | 600     | 6000.00    |         | R2                   | 0.00
        A2      | C6         | P1          | 2026-03      | 600     | 6000.00    | R1      |                      |
        A3      | C6         | P1          | 2026-03      | 300     | 3000.00    | R1      |                      |
        F4      | C7         | P1          | 2026-03      | 600     | 6000.00    | R1      |                      |
        core_visits
        visit_id | actual_start     | actual_end
        V0       | 2026-02-10 08:00 | 2026-02-10 16:00
        V1       | 2026-03-10 08:00 | 2026-03-10 13:00
        V2       | 2026-03-11 08:00 | 2026-03-11 23:00
        core_visit_pay
        visit_id | line_id | weighted_minutes
        V0       | A0      | 541
        V1       | F1      | 300
        V2       | A2      | 900
    """,
    flags={"F1": "3000.00", "F4": "3600.00", "X1": "explained: startersättning för ny brukare", "X2": "3600.00", "X4": "2400.00"},
    source="Indicator catalogue HC41; New York's comptroller found 56 % of hours matched",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
