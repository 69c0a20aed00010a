"""More minutes were paid than the visits of the line registered and the rules add."""

from datetime import date

from core.per_line import BY_VISIT
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC06",
    title=Text("Betald tid över registrerad", "Paid over registered time"),
    means=Text(
        "Raden betalar mer än {least_minutes} minuter utöver besökens registrerade tid och det som reglerna lägger "
        "till.",
        "The line pays more than {least_minutes} minutes beyond the registered time of its visits and what the "
        "rules add.",
    ),
    measured=Measured(Text("Betalda minuter utöver de registrerade", "Paid minutes beyond those registered")),
    innocent=(
        Text("Besöksfilen kom sent eller saknar dagar.", "The file of visits came late or lacks days."),
        Text(
            "En avtalad minsta tid som inte finns bland reglerna.",
            "An agreed least time that is not among the rules.",
        ),
    ),
    do=Text(
        "Be utföraren om de besök som raden bygger på, och räkna om raden.",
        "Ask the provider for the visits the line rests on, and recompute the line.",
    ),
    evidence_class="H",
    family="recalculation",
    prior=Prior(8, 4, "judgement: arithmetic on delivered rows; late files explain the rest"),
    review_minutes=15,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="visit_count > 0 AND unit = 'hour'",
        missing="visits",
        needs=("visits",),
    ),
    params={
        "least_minutes": Param(5, "minutes", "below it, delivered minutes were rounded"),
        "least_sek": Param(200, "sek", "smaller sums are not worth a review"),
    },
    sql="""
        SELECT line_id AS subject_key, booked_month AS service_month, minutes - registered_minutes AS value,
               round(amount_sek * (minutes - greatest(registered_minutes, recalculated_minutes)) / minutes, 2)
               ::DECIMAL(14,2) AS amount_at_risk_sek,
               CASE WHEN recalculated_minutes IS NULL THEN 'needs_field' ELSE 'contradiction' END AS verdict,
               CASE WHEN recalculated_minutes IS NULL THEN CASE differs_by WHEN 'no_orders' THEN 'orders' WHEN 'no_absences'
               THEN 'absences' WHEN 'no_rates' THEN 'rates' ELSE 'compensation_rules' END END AS missing_field
        FROM core_compensation_lines l ANTI JOIN (FROM core_compensation_rules WHERE basis = 'granted') r
          ON r.rule_id = coalesce(l.recalculated_rule_id, l.rule_id)
        WHERE is_delivered AND visit_count > 0 AND unit = 'hour' AND minutes > 0 AND amount_at_risk_sek >= $least_sek
          AND minutes - greatest(registered_minutes, recalculated_minutes) > $least_minutes
    """,
    example="""
        core_compensation_lines
        line_id | unit | minutes | amount_sek | registered_minutes | recalculated_minutes | rule_id | visit_count
        LA      | hour | 600     | 5000.00    | 480                | 480                  | R1      | 9
        LB      | hour | 600     | 5000.00    | 597                | 597                  | R1      | 9
        LC      | hour | 600     | 5000.00    | 480                | 600                  | R1      | 9
        LD      | hour | 600     | 5000.00    | 0                  | 600                  | R2      | 9
        LE      | hour | 600     | 5000.00    | 480                |                      | R1      | 9
        LF      | hour | 600     | 5000.00    | 590                | 590                  | R1      | 9
        LG      | hour | 600     | 5000.00    | 0                  |                      | R1      | 0
        core_compensation_rules
        rule_id | basis     | valid_from
        R1      | performed | 2025-01-01
        R2      | granted   | 2025-01-01
    """,
    flags={"LA": "1000.00", "LE": "1000.00"},
    source="Indicator catalogue HC06",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
