"""A client's granted time rises sharply right after a change of provider."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC36",
    title=Text("Mer tid efter utförarbyte", "More time after switching"),
    means=Text(
        "Den beviljade tiden steg med minst {least_rise_share} och {least_hours} timmar i månaden inom "
        "{months} månader efter att brukaren bytt utförare.",
        "The granted time rose by at least {least_rise_share} and {least_hours} hours a month within "
        "{months} months after the client changed provider.",
    ),
    measured=Measured(
        Text("Beviljade timmar i månaden", "Hours granted a month"), "number", Text("före bytet", "before the change")
    ),
    innocent=(
        Text("Brukarens hälsa försämrades.", "The client's health declined."),
        Text(
            "Bytet gjordes i samband med utskrivning från sjukhus.", "The change came with a discharge from hospital."
        ),
    ),
    do=Text(
        "Läs utredningarna före och efter bytet. Vad hade ändrats, och vem begärde mer tid?",
        "Read the assessments before and after. Which case officer, and who asked for more time?",
    ),
    evidence_class="C",
    family="grant",
    prior=Prior(1, 15, "simulated municipality, development seed: 0 of 3 hits; health declines"),
    review_minutes=45,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="granted_minutes > 0",
        missing="decisions.minutes_per_month",
        needs=("compensation_lines", "decisions", "orders"),
    ),
    params={
        "least_rise_share": Param(0.3, "share", "reassessments commonly change time by up to a third"),
        "least_hours": Param(5, "hours", "small grants rise by large shares"),
        "months": Param(3, "months", "catalogue HC36: after the switch"),
        "least_sek": Param(100, "sek", "smaller sums are not worth an officer's time"),
    },
    sql="""
        WITH month AS (
            SELECT client_ref, service, provider_id, service_month, max(booked_month) AS booked_month, min(line_id) AS line_id,
                   (service_month || '-01')::DATE AS first_day, datesub('month', DATE '2000-01-01', first_day) AS m
            FROM core_compensation_lines WHERE is_delivered AND granted_minutes > 0 GROUP BY ALL
        ), whole AS (  -- what lines have is granted for the days of a month, not for the month
            SELECT m.client_ref, m.service, provider_id, service_month, m, m.line_id, org_no,
                   sum(minutes_per_month * if(double_staffed, 2, 1)) AS granted
            FROM month m LEFT JOIN core_providers USING (provider_id)
              JOIN core_orders o USING (client_ref, provider_id)  -- a decision left open is no longer ordered
              JOIN core_decisions d ON d.decision_id = o.decision_id AND d.service = m.service
              AND last_day(first_day) BETWEEN greatest(o.valid_from, d.valid_from) AND least( coalesce(o.valid_to, DATE '9999-12-31'), coalesce(d.valid_to, DATE '9999-12-31')) GROUP BY ALL
        ), alone AS (  -- a month with two providers shares the grant between them
            SELECT * FROM whole QUALIFY count(*) OVER (PARTITION BY client_ref, service, service_month) = 1
        ), step AS (
            SELECT *, lag(coalesce(org_no, provider_id)) OVER w AS before, lag(granted) OVER w AS granted_before, lag(m) OVER w AS m_before, lag(line_id) OVER w AS line_before
            FROM alone WINDOW w AS (PARTITION BY client_ref, service ORDER BY m)
        ), switch AS (
            SELECT client_ref, service, provider_id, m, granted_before, line_before FROM step WHERE before <> coalesce(org_no, provider_id) AND m - m_before <= 2
        )
        SELECT l.line_id AS subject_key, l.booked_month AS service_month, round(a.granted / 60, 1) AS value, round(granted_before / 60, 1) AS compared, [l.line_id, line_before] AS evidence,
               round(l.amount_sek * (1 - granted_before / a.granted), 2) AS amount_at_risk_sek
        FROM switch s JOIN alone a USING (client_ref, service, provider_id)
        JOIN core_compensation_lines l USING (client_ref, service, provider_id, service_month)
        WHERE a.m BETWEEN s.m AND s.m + $months AND a.granted >= (1 + $least_rise_share) * granted_before
          AND a.granted - granted_before >= 60 * $least_hours AND l.is_delivered AND amount_at_risk_sek >= $least_sek
        QUALIFY row_number() OVER (PARTITION BY l.line_id ORDER BY s.m DESC) = 1
    """,
    example="""
        core_compensation_lines
        line_id | client_ref | provider_id | booked_month | amount_sek | granted_minutes
        A1      | C1         | P1          | 2026-01      | 9000.00    | 1200
        F1      | C1         | P2          | 2026-02      | 12000.00   | 1600
        A2      | C2         | P1          | 2026-01      | 9000.00    | 1200
        A3      | C2         | P1          | 2026-02      | 9000.00    | 1600
        A4      | C3         | P1          | 2026-01      | 9000.00    | 1200
        A5      | C3         | P2          | 2026-02      | 9000.00    | 1490
        A6      | C4         | P1          | 2026-01      | 4000.00    | 600
        A7      | C4         | P2          | 2026-02      | 9000.00    | 1200
        A8      | C5         | M1          | 2026-01      | 9000.00    | 1200
        A9      | C5         | M2          | 2026-02      | 12000.00   | 1600
        B1      | C6         | P1          | 2026-01      | 9000.00    | 1200
        B2      | C6         | P2          | 2026-02      | 9000.00    | 1200
        core_orders
        order_id | client_ref | provider_id | decision_id | valid_from | valid_to
        O01      | C1 | P1 | D1 | 2025-01-01 | 2026-01-31
        O02      | C1 | P2 | D1 | 2026-02-01 |
        O03      | C1 | P2 | D2 | 2026-02-15 |
        O04      | C2 | P1 | D3 | 2025-01-01 |
        O05      | C2 | P1 | D4 | 2026-02-01 |
        O06      | C3 | P1 | D5 | 2025-01-01 | 2026-01-31
        O07      | C3 | P2 | D6 | 2026-02-01 |
        O08      | C4 | P1 | D7 | 2026-01-17 | 2026-01-31
        O09      | C4 | P2 | D7 | 2026-02-01 |
        O10      | C5 | M1 | D8 | 2025-01-01 | 2026-01-31
        O11      | C5 | M2 | D9 | 2026-02-01 |
        O12      | C6 | P1 | DA | 2025-01-01 | 2026-01-31
        O13      | C6 | P2 | DB | 2026-02-01 |
        core_decisions
        decision_id | client_ref | service | minutes_per_month | valid_from | valid_to
        D1          | C1         | care    | 1200              | 2025-01-01 | 2026-02-14
        D2          | C1         | care    | 1600              | 2026-02-15 |
        D3          | C2         | care    | 1200              | 2025-01-01 | 2026-01-31
        D4          | C2         | care    | 1600              | 2026-02-01 |
        D5          | C3         | care    | 1200              | 2025-01-01 | 2026-01-31
        D6          | C3         | care    | 1490              | 2026-02-01 |
        D7          | C4         | care    | 1200              | 2026-01-17 |
        D8          | C5         | care    | 1200              | 2025-01-01 | 2026-01-31
        D9          | C5         | care    | 1600              | 2026-02-01 |
        DA          | C6         | care    | 1200              | 2025-01-01 |
        DB          | C6         | care    | 1200              | 2026-02-01 |
        core_providers
        provider_id | org_no
        P1          | 556000-0001
        P2          | 556000-0002
        M1          | 212000-0001
        M2          | 212000-0001
    """,
    flags={"F1": "3000.00"},
    shown={"F1": "26.7 (20) | F1 A1"},
    source="Indicator catalogue HC36, there S: health declines; typology T13: Södertälje 2013",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
