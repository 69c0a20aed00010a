"""A provider new to the market bills far more than its own last months."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC35",
    title=Text("Snabbt växande ny utförare", "New provider grows fast"),
    means=Text(
        "Utföraren har funnits i högst {new_months} månader, och månadens belopp är minst {times} "
        "gånger medianen av dess tidigare månader, den första oräknad. Raden bär sin del av ökningen.",
        "The provider has been there for at most {new_months} months, and the month's sum is at "
        "least {times} times the median of its earlier months but the first. The line bears its part of the rise.",
    ),
    measured=Measured(Text("Månadens belopp delat med det vanliga", "The month's sum divided by the usual")),
    innocent=(
        Text("Utföraren tog över brukare från en annan.", "The provider took over clients from another."),
        Text("De första månaderna var inte hela.", "The first months were not whole."),
    ),
    do=Text(
        "Räcker personalen till? Jämför timmarna med personallista och löner.",
        "Is there staff enough? Compare the hours with staff list and wages.",
    ),
    evidence_class="C",
    family="provider_level",
    prior=Prior(1, 19, "judgement: take-overs are common; no published precision"),
    review_minutes=30,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="is_delivered",
        missing="compensation_lines.provider_id",
        needs=("compensation_lines",),
    ),
    params={
        "new_months": Param(12, "months", "catalogue HC35: new in the market"),
        "times": Param(1.5, "times", "three robust deviations of a usual provider's months"),
        "least_rise_sek": Param(100000, "sek", "a small provider's new client is no finding"),
        "least_sek": Param(100, "sek", "smaller sums are not worth an officer's time"),
    },
    sql="""
        WITH provider AS (
            SELECT provider_id, booked_month, sum(amount_sek) AS paid_sek FROM core_compensation_lines
            WHERE is_delivered GROUP BY ALL
        ), history AS (
            SELECT *, median(if(booked_month > first_month, paid_sek, NULL)) OVER earlier AS usual_sek,
                   count(*) OVER earlier AS months, min(booked_month) OVER () AS first_delivered
            FROM (SELECT *, min(booked_month) OVER (PARTITION BY provider_id) AS first_month FROM provider) WINDOW earlier AS (PARTITION BY provider_id ORDER BY booked_month
              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        )
        SELECT line_id AS subject_key, l.booked_month AS service_month, round(paid_sek / usual_sek, 2) AS value,
               round(amount_sek * (1 - usual_sek / paid_sek), 2) AS amount_at_risk_sek
        FROM core_compensation_lines l JOIN history h USING (provider_id, booked_month)
        LEFT JOIN (SELECT provider_id, min(valid_from) AS since, min(regime) AS regime FROM core_providers GROUP BY 1) p USING (provider_id)
        -- a provider that is there from the first delivery is new only when its register says so
        WHERE is_delivered AND p.regime IS DISTINCT FROM 'in_house' AND usual_sek > 0 AND months BETWEEN 2 AND $new_months AND paid_sek >= $times * usual_sek
          AND paid_sek - usual_sek >= $least_rise_sek AND amount_at_risk_sek >= $least_sek
          AND coalesce(since >= (l.booked_month || '-01')::DATE - to_months($new_months), first_month > first_delivered)
    """,
    example="""
        core_providers
        provider_id | org_no      | name | regime  | valid_from
        P1          | 556000-0001 | P1   | private | 2026-01-01
        P2          | 556000-0002 | P2   | private | 2020-01-01
        P3          | 212000-0001 | P3   | in_house | 2026-01-01
        P5          | 556000-0005 | P5   | private | 2026-01-20
        P4          | 556000-0004 | P4   | private | 2026-01-01
        core_compensation_lines
        line_id | provider_id | booked_month | amount_sek
        A1      | P1          | 2026-01      | 200000.00
        A2      | P1          | 2026-02      | 210000.00
        F1      | P1          | 2026-03      | 410000.00
        A3      | P1          | 2026-04      | 250000.00
        B1      | P2          | 2026-01      | 200000.00
        B2      | P2          | 2026-02      | 210000.00
        B3      | P2          | 2026-03      | 410000.00
        C1      | P3          | 2026-01      | 200000.00
        C2      | P3          | 2026-02      | 210000.00
        C3      | P3          | 2026-03      | 410000.00
        E1      | P5          | 2026-01      | 10000.00
        E2      | P5          | 2026-02      | 200000.00
        E3      | P5          | 2026-03      | 210000.00
        D0      | P4          | 2025-12      | 20000.00
        D1      | P4          | 2026-01      | -50000.00
        D2      | P4          | 2026-02      | 20000.00
        D3      | P4          | 2026-03      | 200000.00
    """,
    flags={"F1": "200000.00"},
    source="Indicator catalogue HC35, there S: a provider-wide finding is context for its lines",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
