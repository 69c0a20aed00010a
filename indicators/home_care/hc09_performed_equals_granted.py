"""A provider's clients get almost exactly the granted time."""

from datetime import date

from core.per_line import BY_VISIT
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC09",
    title=Text("Utfört nära hela beviljandet", "Performed equals granted"),
    means=Text(
        "Minst {least_share} av utförarens brukare fick mellan {low} och {high} av beviljad tid. Det är ovanligt "
        "jämnt.",
        "At least {least_share} of the provider's clients got between {low} and {high} of granted time. That is "
        "unusually even.",
    ),
    measured=Measured(Text("Andel brukare nära hela beviljandet", "Share of clients near the whole grant"), "share"),
    innocent=(
        Text("Mycket stabila brukare, tät uppföljning av beslut.", "Very stable clients, grants reviewed often."),
        Text("Utföraren får betalt efter beviljad tid.", "The provider is paid by granted time."),
    ),
    do=Text(
        "Se om besök läggs till i slutet av månaden så att beviljandet fylls.",
        "See whether visits are added at the end of the month so that the grant is filled.",
    ),
    evidence_class="S",
    family="grant",
    prior=Prior(1, 19, "judgement: mean 0.83 in a city (2014); a provider near 1.0 is a reason to look, not a finding"),
    review_minutes=30,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="granted_minutes > 0 AND service = 'care'",
        missing="decisions",
        needs=("visits", "decisions", "orders"),
    ),
    params={
        "low": Param(0.96, "ratio", "chance puts a tenth to a fifth of clients in the band"),
        "high": Param(1.02, "ratio", "about the ceiling"),
        "usual": Param(0.85, "ratio", "usual performed of granted"),
        "least_share": Param(0.5, "share", "usual is 0.1 to 0.2"),
        "least_clients": Param(20, "clients", "a share of fewer is chance"),
    },
    sql="""
        WITH client AS (
            SELECT provider_id, client_ref, service_month, booked_month, sum(registered_minutes) AS minutes,
                   sum(registered_minutes) / any_value(granted_minutes) AS ratio
            FROM core_compensation_lines WHERE is_delivered AND service = 'care' AND granted_minutes >= 300
              AND performed_count > 0 GROUP BY ALL
        ), provider AS (
            SELECT provider_id, service_month, booked_month, avg((ratio BETWEEN $low AND $high)::INTEGER) AS full_share
            FROM client GROUP BY ALL HAVING count(*) >= $least_clients AND full_share >= $least_share)
        SELECT l.line_id AS subject_key, l.booked_month AS service_month, full_share AS value,
               round(l.amount_sek * (1 - $usual / ratio), 2)::DECIMAL(14,2) AS amount_at_risk_sek
        FROM provider JOIN client USING (provider_id, service_month, booked_month)
          JOIN core_compensation_lines l USING (provider_id, client_ref, service_month, booked_month)
          ANTI JOIN (FROM core_compensation_rules WHERE basis = 'granted') r
            ON r.rule_id = coalesce(l.recalculated_rule_id, l.rule_id)
        WHERE l.is_delivered AND l.service = 'care' AND ratio BETWEEN $low AND $high
    """,
    example="""
        core_compensation_lines
        line_id | provider_id | client_ref | registered_minutes | granted_minutes | amount_sek
        P101 | P1 | C1 | 990 | 1000 | 5000.00
        P102 | P1 | C2 | 990 | 1000 | 5000.00
        P103 | P1 | C3 | 990 | 1000 | 5000.00
        P104 | P1 | C4 | 990 | 1000 | 5000.00
        P105 | P1 | C5 | 990 | 1000 | 5000.00
        P106 | P1 | C6 | 990 | 1000 | 5000.00
        P107 | P1 | C7 | 990 | 1000 | 5000.00
        P108 | P1 | C8 | 990 | 1000 | 5000.00
        P109 | P1 | C9 | 990 | 1000 | 5000.00
        P110 | P1 | C10 | 990 | 1000 | 5000.00
        P111 | P1 | C11 | 990 | 1000 | 5000.00
        P112 | P1 | C12 | 990 | 1000 | 5000.00
        P113 | P1 | C13 | 700 | 1000 | 5000.00
        P114 | P1 | C14 | 700 | 1000 | 5000.00
        P115 | P1 | C15 | 700 | 1000 | 5000.00
        P116 | P1 | C16 | 700 | 1000 | 5000.00
        P117 | P1 | C17 | 700 | 1000 | 5000.00
        P118 | P1 | C18 | 700 | 1000 | 5000.00
        P119 | P1 | C19 | 700 | 1000 | 5000.00
        P120 | P1 | C20 | 700 | 1000 | 5000.00
        P201 | P2 | D1 | 990 | 1000 | 5000.00
        P202 | P2 | D2 | 990 | 1000 | 5000.00
        P203 | P2 | D3 | 990 | 1000 | 5000.00
        P204 | P2 | D4 | 990 | 1000 | 5000.00
        P205 | P2 | D5 | 990 | 1000 | 5000.00
        P206 | P2 | D6 | 990 | 1000 | 5000.00
        P207 | P2 | D7 | 800 | 1000 | 5000.00
        P208 | P2 | D8 | 800 | 1000 | 5000.00
        P209 | P2 | D9 | 800 | 1000 | 5000.00
        P210 | P2 | D10 | 800 | 1000 | 5000.00
        P211 | P2 | D11 | 800 | 1000 | 5000.00
        P212 | P2 | D12 | 800 | 1000 | 5000.00
        P213 | P2 | D13 | 800 | 1000 | 5000.00
        P214 | P2 | D14 | 800 | 1000 | 5000.00
        P215 | P2 | D15 | 800 | 1000 | 5000.00
        P216 | P2 | D16 | 800 | 1000 | 5000.00
        P217 | P2 | D17 | 800 | 1000 | 5000.00
        P218 | P2 | D18 | 800 | 1000 | 5000.00
        P219 | P2 | D19 | 800 | 1000 | 5000.00
        P220 | P2 | D20 | 800 | 1000 | 5000.00
    """,
    flags={
        "P101": "707.07",
        "P102": "707.07",
        "P103": "707.07",
        "P104": "707.07",
        "P105": "707.07",
        "P106": "707.07",
        "P107": "707.07",
        "P108": "707.07",
        "P109": "707.07",
        "P110": "707.07",
        "P111": "707.07",
        "P112": "707.07",
    },
    source="Indicator catalogue HC09; mean performed of granted 82.5 % (Stockholm 2014)",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
