"""A client's time is paid by two decisions on one service, of which the later seems to replace the former."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC49",
    title=Text("Två beslut om samma insats", "Two decisions on one service"),
    means=Text(
        "Brukaren har två beslut om samma insats hos samma utförare. Det äldre saknar slutdag, och det senare gäller tills "
        "vidare eller i minst {lasting_days} dagar. Båda räknas som beviljad tid. Beloppet är vad som betalats utöver det "
        "senare beslutet.",
        "The client has two decisions on one service with one provider. The older has no last day, and the later is open or "
        "holds for at least {lasting_days} days. Both count as granted time. The sum is what was paid beyond the later one.",
    ),
    measured=Measured(
        Text("Beviljade timmar i månaden med båda besluten", "Hours granted a month by both decisions"),
        beside=Text("med det senare", "by the later"),
    ),
    innocent=(
        Text("Besluten gäller skilda delar av insatsen och ska läggas ihop.", "The decisions are on different parts of the service and add up."),
        Text("Det senare är en utökning som inte ersätter det äldre.", "The later one is an addition that replaces nothing."),
    ),
    do=Text(
        "Fråga handläggaren om det senare beslutet ersätter det äldre. Avsluta i så fall det äldre och räkna om månaden.",
        "Ask the case officer whether the later decision replaces the older. If so, end the older and reckon the month again.",
    ),
    evidence_class="C",
    family="grant",
    prior=Prior(1, 9, "judgement: a grant is mostly changed under its own number; the simulated municipality has no such case"),
    review_minutes=20,
    scope=Scope(
        table="core_compensation_lines", where="amount_sek > 0 AND unit = 'hour'", testable="granted_minutes > 0",
        missing="decisions.valid_to", needs=("compensation_lines", "decisions", "orders"),
    ),
    params={
        "lasting_days": Param(180, "days", "a shorter later decision is mostly a passing addition, as after hospital"),
        "least_sek": Param(500, "sek", "smaller sums are not worth an officer's time"),
    },
    sql="""
        WITH given AS (
            SELECT provider_id, o.client_ref, service, decision_id, greatest(o.valid_from, d.valid_from) AS begin,
                   least(o.valid_to, d.valid_to) AS until, minutes_per_month * if(double_staffed, 2, 1) AS minutes
            FROM core_orders o JOIN core_decisions d USING (decision_id)
        ), pair AS (
            SELECT n.*, o.decision_id AS old_id, o.minutes + n.minutes AS both_minutes
            FROM given o JOIN given n USING (provider_id, client_ref, service)
            WHERE o.until IS NULL AND n.begin > o.begin AND o.decision_id <> n.decision_id
              AND coalesce(n.until >= n.begin + $lasting_days::INTEGER, TRUE)
        ), paid AS (
            SELECT *, sum(minutes) OVER (PARTITION BY provider_id, client_ref, service, service_month, booked_month) AS all_minutes,
                   (service_month || '-01')::DATE AS first_day
            FROM core_compensation_lines SEMI JOIN pair USING (provider_id, client_ref, service)
            WHERE is_delivered AND unit = 'hour' AND amount_sek > 0
        )
        SELECT line_id AS subject_key, booked_month AS service_month, round(both_minutes / 60, 1) AS value,
               round(n.minutes / 60, 1) AS compared, [line_id, old_id, n.decision_id] AS evidence,
               round(amount_sek * (1 - n.minutes / all_minutes), 2)::DECIMAL(14,2) AS amount_at_risk_sek
        FROM paid p JOIN pair n USING (provider_id, client_ref, service)
        WHERE first_day >= n.begin AND coalesce(last_day(first_day) <= n.until, TRUE) AND all_minutes > n.minutes
          AND amount_at_risk_sek >= $least_sek
        QUALIFY row_number() OVER (PARTITION BY line_id ORDER BY n.begin DESC, n.decision_id, old_id) = 1
    """,
    example="""
        core_decisions
        decision_id | client_ref | service | minutes_per_month | double_staffed | valid_from | valid_to
        D1          | C1         | care    | 1200              | false          | 2025-01-01 |
        D2          | C1         | care    | 1800              | false          | 2026-02-15 |
        D3          | C2         | care    | 1200              | false          | 2025-01-01 | 2026-02-14
        D4          | C2         | care    | 1800              | false          | 2026-02-15 |
        D5          | C3         | care    | 1200              | false          | 2025-01-01 |
        D6          | C3         | care    | 1800              | false          | 2026-02-15 | 2026-04-15
        D7          | C4         | care    | 1200              | false          | 2026-02-15 |
        D8          | C4         | care    | 1800              | false          | 2026-02-15 |
        D9          | C5         | care    | 1200              | false          | 2025-01-01 |
        D10         | C5         | night   | 1800              | false          | 2026-02-15 |
        D11         | C6         | care    | 1200              | false          | 2025-01-01 |
        D12         | C6         | care    | 1800              | false          | 2026-02-15 |
        core_orders
        order_id | client_ref | provider_id | decision_id | valid_from | valid_to
        O1       | C1         | P1          | D1          | 2025-01-01 |
        O2       | C1         | P1          | D2          | 2026-02-15 |
        O3       | C2         | P1          | D3          | 2025-01-01 |
        O4       | C2         | P1          | D4          | 2026-02-15 |
        O5       | C3         | P1          | D5          | 2025-01-01 |
        O6       | C3         | P1          | D6          | 2026-02-15 |
        O7       | C4         | P1          | D7          | 2026-02-15 |
        O8       | C4         | P1          | D8          | 2026-02-15 |
        O9       | C5         | P1          | D9          | 2025-01-01 |
        O10      | C5         | P1          | D10         | 2026-02-15 |
        O11      | C6         | P1          | D11         | 2025-01-01 | 2026-02-14
        O12      | C6         | P1          | D12         | 2026-02-15 |
        core_compensation_lines
        line_id | client_ref | provider_id | service | booked_month | minutes | granted_minutes | amount_sek
        A1      | C1         | P1          | care    | 2026-02      | 2400    | 2000            | 20000.00
        F1      | C1         | P1          | care    | 2026-03      | 2400    | 3000            | 20000.00
        A2      | C1         | P1          | care    | 2026-04      | 1800    | 3000            | 15000.00
        A3      | C2         | P1          | care    | 2026-03      | 2400    | 1800            | 20000.00
        A4      | C3         | P1          | care    | 2026-03      | 2400    | 3000            | 20000.00
        A5      | C4         | P1          | care    | 2026-03      | 2400    | 3000            | 20000.00
        A6      | C5         | P1          | care    | 2026-03      | 2400    | 1200            | 20000.00
        A7      | C6         | P1          | care    | 2026-03      | 2400    | 1800            | 20000.00
    """,
    flags={"F1": "5000.00"},
    shown={"F1": "50 (30) | F1 D1 D2"},
    source="Domain notes 1.2: a grant is bound to its decision; two of them both count as granted time",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
