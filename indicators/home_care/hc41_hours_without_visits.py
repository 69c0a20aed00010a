"""A line pays hours for which there are no visits."""

from datetime import date

from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC41",
    title=Text("Betalda timmar utan besök", "Hours paid without visits"),
    means=Text(
        "Raden betalar minst {least_minutes} minuter, och minst {least_share} av tiden, som inget besök svarar mot.",
        "The line pays at least {least_minutes} minutes, and at least {least_share} of its time, "
        "that no visit answers to.",
    ),
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
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="unit = 'hour' AND minutes > 0",
        missing="compensation_lines.minutes",
        needs=("visits", "compensation_lines.minutes", "compensation_rules"),
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
        ), first AS (
            SELECT provider_id, client_ref, service, min(service_month) AS first_month FROM core_compensation_lines
            WHERE is_delivered GROUP BY ALL
        )
        SELECT l.line_id AS subject_key, l.booked_month AS service_month, l.minutes - coalesce(v.minutes, 0) AS value,
               round(l.amount_sek * (1 - coalesce(v.minutes, 0) / l.minutes), 2) AS amount_at_risk_sek,
               CASE WHEN d.provider_id IS NULL THEN 'needs_field' WHEN is_new THEN 'explained' ELSE 'contradiction' END
               AS verdict,
               CASE WHEN is_new AND d.provider_id IS NOT NULL THEN 'startersättning för ny brukare' END AS explained_by,
               CASE WHEN d.provider_id IS NULL THEN 'visits' END AS missing_field
        FROM (
            SELECT l.*, l.service_month = f.first_month AND coalesce(r.new_client_minutes, 0) > 0 AS is_new
            FROM core_compensation_lines l JOIN first f USING (provider_id, client_ref, service)
            LEFT JOIN (SELECT rule_id, max(basis) AS basis, max(new_client_minutes) AS new_client_minutes
                       FROM core_compensation_rules GROUP BY 1) r ON r.rule_id = l.rule_id
            WHERE l.is_delivered AND l.unit = 'hour' AND l.minutes > 0 AND coalesce(r.basis, 'performed') <> 'granted'
        ) l LEFT JOIN visited v USING (line_id)
        -- a provider without any visit of the month has not delivered its file
        LEFT JOIN (SELECT DISTINCT provider_id, service_month FROM core_visits) d
          ON d.provider_id = l.provider_id AND d.service_month = l.service_month
        WHERE value >= $least_minutes AND value >= $least_share * l.minutes AND amount_at_risk_sek >= $least_sek
    """,
    example="""
        core_compensation_rules
        rule_id | basis     | new_client_minutes | valid_from
        R1      | performed | 240                | 2020-01-01
        R2      | granted   |                    | 2020-01-01
        core_compensation_lines
        line_id | client_ref | provider_id | booked_month | minutes | amount_sek | rule_id
        A0      | C1         | P1          | 2026-02      | 600     | 6000.00    | R1
        F1      | C1         | P1          | 2026-03      | 600     | 6000.00    | R1
        X1      | C2         | P1          | 2026-03      | 600     | 6000.00    | R1
        A1      | C3         | P1          | 2026-03      | 600     | 6000.00    | R2
        core_visits
        visit_id | actual_start     | actual_end
        V0       | 2026-02-10 08:00 | 2026-02-10 16:00
        V1       | 2026-03-10 08:00 | 2026-03-10 13:00
        core_visit_pay
        visit_id | line_id | weighted_minutes
        V0       | A0      | 541
        V1       | F1      | 300
    """,
    flags={"F1": "3000.00", "X1": "explained: startersättning för ny brukare"},
    source="Indicator catalogue HC41; New York's comptroller found 56 % of hours matched",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
