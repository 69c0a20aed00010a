"""A provider bills more evening, night and weekend hours than providers otherwise do."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC32",
    title=Text("Mycket kväll, natt och helg", "Many premium hours"),
    means=Text(
        "Kväll, natt och helg är en större del av utförarens ersättning än hos andra utförare under ett år (över "
        "medianen plus {fence} robusta avvikelser). Raden bär sin del av det som ligger över.",
        "The provider's share of pay for evening, night and weekend lies above what is usual for "
        "providers' months in a year (median plus {fence} robust deviations). The line bears its "
        "part of the excess.",
    ),
    measured=Measured(Text("Robusta avvikelser från andra utförare", "Robust deviations from other providers")),
    innocent=(
        Text(
            "Utföraren har nattpatrull eller många brukare med stora behov.",
            "The provider runs a night patrol or has many clients with great needs.",
        ),
    ),
    do=Text("Jämför tidpunkterna med beslut och plan.", "Compare the times with decisions and plan."),
    evidence_class="C",
    family="provider_level",
    prior=Prior(1, 15, "judgement: night teams are common; no published precision"),
    review_minutes=30,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="is_delivered AND service = 'care'",
        missing="rates.day_type",
        needs=("compensation_lines", "rates", "rates.day_type"),
    ),
    params={
        "fence": Param(3.5, "robust z", "catalogue HC32 takes the 99th percentile, which needs more providers"),
        "least_group": Param(20, "provider-months", "a fence needs a group of 20"),
        "least_sek": Param(100, "sek", "smaller sums are not worth an officer's time"),
    },
    sql="""
        WITH kind AS (
            SELECT rate_code, bool_or(day_type IN ('evening', 'weekend', 'night')) AND NOT bool_or(coalesce(day_type, 'weekday')
                   = 'weekday') AS is_premium
            FROM core_rates GROUP BY 1
        ), line AS (
            SELECT l.*, coalesce(is_premium, false) AS is_premium, (booked_month || '-01')::DATE AS month
            FROM core_compensation_lines l LEFT JOIN kind USING (rate_code)
            WHERE is_delivered AND amount_sek > 0 AND service = 'care'
        ), provider AS (
            SELECT provider_id, booked_month, month, sum(amount_sek) FILTER (is_premium) AS premium_sek,
                   premium_sek / sum(amount_sek) AS share
            FROM line GROUP BY ALL HAVING premium_sek > 0
        ), usual AS (
            SELECT p.provider_id, p.booked_month, p.share, p.premium_sek, median(o.share) AS middle,
                   1.4826 * mad(o.share) AS spread
            FROM provider p JOIN provider o ON o.provider_id <> p.provider_id
              AND o.month BETWEEN p.month - INTERVAL 11 MONTH AND p.month
            GROUP BY ALL HAVING count(*) >= $least_group AND spread > 0
        )
        SELECT line_id AS subject_key, booked_month AS service_month, round((share - middle) / spread, 2) AS value,
               round(amount_sek * (1 - middle / share), 2) AS amount_at_risk_sek
        FROM line JOIN usual USING (provider_id, booked_month)
        WHERE is_premium AND share > middle + $fence * spread AND amount_at_risk_sek >= $least_sek
    """,
    example="""
        core_rates
        rate_code | service | day_type | unit | price_sek | valid_from
        TD        | care    | weekday  | hour | 400       | 2020-01-01
        TN        | care    | night    | hour | 500       | 2020-01-01
        core_compensation_lines
        line_id | provider_id | booked_month | rate_code | amount_sek
        D101 | P1 | 2025-03 | TD | 8100.00
        D102 | P1 | 2025-04 | TD | 8200.00
        D103 | P1 | 2025-05 | TD | 8000.00
        D104 | P1 | 2025-06 | TD | 8100.00
        D105 | P1 | 2025-07 | TD | 8200.00
        D106 | P1 | 2025-08 | TD | 8000.00
        D107 | P1 | 2025-09 | TD | 8100.00
        D108 | P1 | 2025-10 | TD | 8200.00
        D109 | P1 | 2025-11 | TD | 8000.00
        D110 | P1 | 2025-12 | TD | 8100.00
        N101 | P1 | 2025-03 | TN | 2000.00
        N102 | P1 | 2025-04 | TN | 2000.00
        N103 | P1 | 2025-05 | TN | 2000.00
        N104 | P1 | 2025-06 | TN | 2000.00
        N105 | P1 | 2025-07 | TN | 2000.00
        N106 | P1 | 2025-08 | TN | 2000.00
        N107 | P1 | 2025-09 | TN | 2000.00
        N108 | P1 | 2025-10 | TN | 2000.00
        N109 | P1 | 2025-11 | TN | 2000.00
        N110 | P1 | 2025-12 | TN | 2000.00
        D201 | P2 | 2025-03 | TD | 8100.00
        D202 | P2 | 2025-04 | TD | 8200.00
        D203 | P2 | 2025-05 | TD | 8000.00
        D204 | P2 | 2025-06 | TD | 8100.00
        D205 | P2 | 2025-07 | TD | 8200.00
        D206 | P2 | 2025-08 | TD | 8000.00
        D207 | P2 | 2025-09 | TD | 8100.00
        D208 | P2 | 2025-10 | TD | 8200.00
        D209 | P2 | 2025-11 | TD | 8000.00
        D210 | P2 | 2025-12 | TD | 8100.00
        N201 | P2 | 2025-03 | TN | 2000.00
        N202 | P2 | 2025-04 | TN | 2000.00
        N203 | P2 | 2025-05 | TN | 2000.00
        N204 | P2 | 2025-06 | TN | 2000.00
        N205 | P2 | 2025-07 | TN | 2000.00
        N206 | P2 | 2025-08 | TN | 2000.00
        N207 | P2 | 2025-09 | TN | 2000.00
        N208 | P2 | 2025-10 | TN | 2000.00
        N209 | P2 | 2025-11 | TN | 2000.00
        N210 | P2 | 2025-12 | TN | 2000.00
        D3      | P3          | 2025-12      | TD        | 6000.00
        F3      | P3          | 2025-12      | TN        | 4000.00
        D4      | P3          | 2025-11      | TD        | 6000.00
        N4      | P3          | 2025-11      | TN        | 4000.00
    """,
    flags={"F3": "2019.80"},
    source="Indicator catalogue HC32, there S: a provider-wide finding is context for its lines",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
