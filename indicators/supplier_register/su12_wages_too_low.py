"""A provider's payroll is too small for the hours it was paid for."""

from datetime import date

from core.limits import known_in
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

_IS_PAID = "(provider_id, service_month) IN (SELECT (provider_id, month) FROM core_payroll_months WHERE gross_sek > 0)"

INDICATOR = Indicator(
    code="SU12",
    title=Text("Låg lönekostnad för timmarna", "Wages low for the hours"),
    means=Text(
        "Utförarens registrerade timmar gånger lägsta timlön ({hourly_wage}) är mer än {tolerance} gånger de löner "
        "som utbetalats för månaden.",
        "The provider's registered hours times the lowest hourly wage ({hourly_wage}) are more than {tolerance} times "
        "the wages paid for the month.",
    ),
    measured=Measured(Text("Andel av lönerna som saknas", "Share of the wages that is lacking"), "share"),
    innocent=(
        Text("Timlöner betalas ut månaden efter.", "Hourly pay is paid the month after."),
        Text("Ägaren arbetar själv utan lön.", "The owner works without a wage."),
        Text(
            "Underleverantör, bemanningsföretag eller lånad personal utför besöken.",
            "A subcontractor, an agency or lent staff makes the visits.",
        ),
    ),
    do=Text(
        "Jämför medarbetarna i besöken med lönelistan. Vilka har besök men ingen lön?",
        "Compare the carers of the visits with the payroll. Who has visits but no wage?",
    ),
    evidence_class="S",
    family="staffing",
    prior=Prior(1, 9, "judgement: subcontracting explains many; no published precision"),
    review_minutes=40,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable=f"registered_minutes > 0 AND {_IS_PAID} AND {known_in('hourly_wage', month='service_month')}",
        missing="payroll_months.gross_sek",
        opens=f"CASE WHEN registered_minutes > 0 AND {_IS_PAID} THEN ['limits.valid_from'] ELSE ['payroll_months.gross_sek'] END",
        needs=("visits", "payroll_months.gross_sek"),
    ),
    limits=("hourly_wage",),
    params={
        "tolerance": Param(1.2, "ratio", "catalogue SU12: room for unpaid owners and late pay"),
        "least_hours": Param(100, "hours", "small units vary by one absence"),
        "least_sek": Param(100, "sek", "less is not worth a review"),
    },
    sql="""
        WITH wages AS (
            SELECT provider_id, month AS service_month, sum(gross_sek) AS gross_sek, l.amount_sek AS wage
            FROM (SELECT *, (month || '-01')::DATE AS first_day FROM core_payroll_months)
              JOIN core_limits l ON kind = 'hourly_wage' AND first_day >= valid_from AND coalesce(first_day <= valid_to, TRUE)
            GROUP BY ALL HAVING sum(gross_sek) > 0
        ), provider AS (
            SELECT provider_id, service_month, booked_month,
                   1 - any_value(gross_sek) * $tolerance / (sum(registered_minutes) / 60 * any_value(wage)) AS share
            FROM core_compensation_lines JOIN wages USING (provider_id, service_month)
            WHERE is_delivered GROUP BY ALL
            HAVING sum(registered_minutes) / 60 >= $least_hours
               AND sum(registered_minutes) / 60 * any_value(wage) > any_value(gross_sek) * $tolerance
        )
        SELECT line_id AS subject_key, booked_month AS service_month, share AS value,
               round(amount_sek * share, 2)::DECIMAL(14,2) AS amount_at_risk_sek
        FROM core_compensation_lines JOIN provider USING (provider_id, service_month, booked_month)
        WHERE is_delivered AND amount_sek * share >= $least_sek
    """,
    example="""
        core_limits
        kind        | amount_sek | valid_from | valid_to
        hourly_wage | 100        | 2024-01-01 | 2026-02-28
        hourly_wage | 150        | 2026-03-01 |
        core_payroll_months
        provider_id | carer_ref | month   | paid_hours | gross_sek
        P1          | W1        | 2026-03 | 100        | 15000
        P2          | W2        | 2026-03 | 240        | 36000
        core_compensation_lines
        line_id | provider_id | registered_minutes | amount_sek
        LA      | P1          | 9000               | 75000.00
        LA2     | P1          | 3000               | 25000.00
        LB      | P2          | 12000              | 100000.00
        LC      | P3          | 12000              | 100000.00
    """,
    flags={"LA": "30000.00", "LA2": "10000.00"},
    source="Indicator catalogue SU12, there H: owners and subcontractors work unpaid; the collective agreement sets the least wage",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
