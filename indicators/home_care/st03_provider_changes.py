"""A provider changes against its own history in hours per client, manual share or executed share of the grant."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="ST03",
    title=Text("Utföraren bryter mot sin historia", "Provider breaks its own pattern"),
    means=Text(
        "Timmar per brukare, manuell andel eller utförd andel av beviljad tid steg under {recent_months} månader mer "
        "än utförarens egen historia förklarar ({fence} robusta avvikelser). Raden bär sin del av ökningen.",
        "Hours per client, manual share or the executed share of the grant rose over {recent_months} months more than "
        "the provider's own history explains ({fence} robust deviations). The line bears its part of the rise.",
    ),
    measured=Measured(Text("Robusta avvikelser från egen historia", "Robust deviations from its own history")),
    innocent=(
        Text("Nya brukare med större behov.", "New clients with greater needs."),
        Text("Byte av system eller trasiga lås.", "A change of system or broken locks."),
        Text("Sommarvikarier.", "Summer substitutes."),
    ),
    do=Text(
        "Vad hände den månad då ändringen började? Jämför samma brukare före och efter.",
        "What happened in the month the change began? Compare the same clients before and after.",
    ),
    evidence_class="S",
    family="provider_level",
    prior=Prior(1, 15, "simulator notes 11.8: z of 6-35 against own history; drift and new clients move it too"),
    review_minutes=45,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="visit_count > 0",
        missing="visits.actual_start",
        needs=("visits", "compensation_lines"),
    ),
    params={
        "recent_months": Param(3, "months", "one odd month is chance"),
        "least_history": Param(6, "months", "a history shorter than this has no spread"),
        "fence": Param(4, "robust z", "three measures are searched: chance would pass 3.5 too often"),
        "shrink_clients": Param(10, "clients", "one client weighs as much as ten months' drift where there are few"),
        "least_rise": Param(0.05, "share", "a rise too small to recover is not worth reviewing"),
        "least_sek": Param(50, "sek", "a provider's rise is spread over many lines"),
    },
    sql="""
        WITH measure AS (
            SELECT provider_id, booked_month, clients, unnest([{'name': 'hours', 'x': ln(per_client + 1), 'noise': 0.05},
                {'name': 'manual', 'x': ln(by_hand + 0.02), 'noise': 0.15},
                {'name': 'executed', 'x': ln(executed + 0.02), 'noise': 0.03}], recursive := true)
            FROM (SELECT provider_id, service_month AS booked_month, avg(is_manual::INTEGER) AS by_hand,
                         count(DISTINCT client_ref) AS clients FROM core_visits WHERE status = 'performed' GROUP BY ALL)
            JOIN (SELECT provider_id, booked_month, sum(registered_minutes) / count(DISTINCT client_ref) AS per_client,
                    sum(registered_minutes) FILTER (granted_minutes > 0) / nullif(sum(granted_minutes / parts), 0) AS executed
                  FROM (SELECT *, count(*) OVER (PARTITION BY provider_id, client_ref, service, service_month) AS parts
                        FROM core_compensation_lines WHERE is_delivered AND service_month = booked_month AND visit_count > 0)
                  GROUP BY ALL) USING (provider_id, booked_month)
        ), change AS (
            SELECT *, median(x) OVER recent AS lately, median(x) OVER past AS formerly, mad(x) OVER past AS own_spread,
                   count(x) OVER past AS history, count(x) OVER recent AS months
            FROM measure WINDOW own AS (PARTITION BY provider_id, name ORDER BY booked_month),
                 recent AS (own ROWS BETWEEN $recent_months - 1 PRECEDING AND CURRENT ROW),
                 past AS (own ROWS BETWEEN UNBOUNDED PRECEDING AND $recent_months PRECEDING)
        ), worst AS (  -- the spread is never below what chance and drift give, more so for small providers
            SELECT provider_id, booked_month, name, lately - formerly AS rise,
                   rise / sqrt((1.4826 * own_spread) ** 2 + noise ** 2 * (1 + $shrink_clients / clients)) AS z
            FROM change
            WHERE history >= $least_history AND months = $recent_months AND z >= $fence AND rise >= $least_rise
            QUALIFY row_number() OVER (PARTITION BY provider_id, booked_month ORDER BY z DESC, name) = 1)
        SELECT line_id AS subject_key, booked_month AS service_month, round(z, 2) AS value,
               round(amount_sek * CASE name WHEN 'manual' THEN 0.25 ELSE 1 END * (1 - exp(-rise)), 2) AS amount_at_risk_sek
        FROM core_compensation_lines JOIN worst USING (provider_id, booked_month)
        WHERE is_delivered AND visit_count > 0 AND amount_at_risk_sek >= $least_sek
    """,
    example="\n".join(
        (
            "core_visits",
            "visit_id | provider_id | client_ref | actual_start | start_method",
            *(  # half of P1's visits are by hand in the last three months; one in ten before, and always with P2
                f"V{p}-{month}-{day} | P{p} | C{day % 5} | {month}-{day + 10} 08:00 | {'manual' if by_hand else 'lock'}"
                for p in (1, 2)
                for month in ("2025-10", "2025-11", "2025-12", *(f"2026-0{n}" for n in range(1, 7)))
                for day in range(1, 11)
                for by_hand in [day == 1 or (day <= 5 and p == 1 and month > "2026-03")]
            ),
            "core_compensation_lines",
            "line_id | provider_id | client_ref | booked_month | amount_sek | registered_minutes | granted_minutes",
            *(
                f"L{p}-{month}-{client} | P{p} | C{client} | {month} | 4000.00 | 300 | 400"
                for p in (1, 2)
                for month in ("2025-10", "2025-11", "2025-12", *(f"2026-0{n}" for n in range(1, 7)))
                for client in range(5)
            ),
        )
    ),
    flags={f"L1-2026-06-{client}": "769.23" for client in range(5)},
    source="Indicator catalogue ST03; simulator notes 11.8: own history tells what peers do not",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
