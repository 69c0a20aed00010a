"""A provider bills more evening, night and weekend hours than providers otherwise do."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC32",
    title=Text("Mycket kväll, natt och helg", "Many premium hours"),
    means=Text(
        "Kväll, natt och helg är en större del av utförarens ersättning för omvårdnad än hos andra utförare under ett år, "
        "sedan månadernas olika antal helger räknats bort (minst {least_gap} och {fence} robusta avvikelser över medianen). "
        "Raden bär sin del av det som ligger över.",
        "Evening, night and weekend are a larger part of the provider's pay for care than of other providers' in a year, "
        "once the months' unlike numbers of days off are taken away (at least {least_gap} and {fence} robust deviations "
        "above the median). The line bears its part of the excess.",
    ),
    measured=Measured(Text("Andel kväll, natt och helg", "Premium share"), "share", Text("andra", "others")),
    innocent=(
        Text(
            "Utföraren har nattpatrull eller många brukare med stora behov.",
            "The provider runs a night patrol or has many clients with great needs.",
        ),
        Text("Andra utförare tar inga kvällar eller helger.", "Other providers take no evenings or weekends."),
    ),
    do=Text(
        "Jämför besökens tider med besluten och planen. Är det brukarnas behov som ligger på kvällar och helger?",
        "Compare the visits' times with decisions and plan. Do the clients need care in evenings and weekends?",
    ),
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
        "least_gap": Param(0.1, "share", "the clients of honest providers differ by some hundredths"),
        "least_group": Param(20, "provider-months", "a fence needs a group of 20"),
        "least_sek": Param(100, "sek", "smaller sums are not worth an officer's time"),
    },
    sql="""
        WITH kind AS (
            SELECT rate_code, bool_or(day_type IN ('evening', 'weekend', 'night')) AND NOT bool_or(coalesce(day_type, 'weekday')
                   = 'weekday') AS is_premium FROM core_rates GROUP BY 1
        ), line AS (
            SELECT l.*, coalesce(is_premium, false) AS is_premium, (booked_month || '-01')::DATE AS month
            FROM core_compensation_lines l LEFT JOIN kind USING (rate_code)
            WHERE is_delivered AND amount_sek > 0 AND service = 'care'
        ), provider AS (
            SELECT provider_id, booked_month, month, sum(amount_sek) FILTER (is_premium) AS premium_sek, sum(amount_sek) AS all_sek, premium_sek / all_sek AS share
            FROM line GROUP BY ALL HAVING premium_sek > 0
        ), shared AS (  -- days off are a third of some months: what all others' months have more or less is taken away
            SELECT p.provider_id, p.month, sum(o.premium_sek) / sum(o.all_sek) AS level
            FROM provider p JOIN provider o ON o.provider_id <> p.provider_id AND o.month = p.month GROUP BY ALL
        ), usual AS (
            SELECT p.provider_id, p.booked_month, p.share, median(o.share - k.level + n.level) AS middle, 1.4826 * mad(o.share - k.level + n.level) AS spread
            FROM provider p JOIN shared n USING (provider_id, month) JOIN shared k ON k.provider_id = p.provider_id
              AND k.month BETWEEN p.month - INTERVAL 11 MONTH AND p.month
              JOIN provider o ON o.provider_id <> p.provider_id AND o.month = k.month
            GROUP BY ALL HAVING count(*) >= $least_group AND spread > 0
        )
        SELECT line_id AS subject_key, booked_month AS service_month, round(share, 4) AS value, round(middle, 4) AS compared,
               round(amount_sek * (1 - greatest(middle, 0) / share), 2) AS amount_at_risk_sek
        FROM line JOIN usual USING (provider_id, booked_month)
        WHERE is_premium AND share > middle + greatest($fence * spread, $least_gap) AND amount_at_risk_sek >= $least_sek
    """,
    example="""
        core_rates
        rate_code | service | day_type | unit | price_sek | valid_from
        TD        | care    | weekday  | hour | 400       | 2020-01-01
        TN        | care    | night    | hour | 500       | 2020-01-01
        core_compensation_lines
        line_id | provider_id | booked_month | rate_code | amount_sek
        """
    + "\n".join(  # in December the days off are half as many again: the share rises with everybody
        f"{rate[1]}{p}-{month} | P{p} | {month} | {rate} | {sek:.2f}"
        for p, usual in ((1, 0.19), (2, 0.20), (3, 0.21), (4, 0.195), (5, 0.215))
        for month in ("2025-07", "2025-08", "2025-09", "2025-10", "2025-11", "2025-12")
        for premium in [10000 * usual * (1.5 if month == "2025-12" else 1.0) + 2000 * (p == 5 and month == "2025-11")]
        for rate, sek in (("TD", 10000 - premium), ("TN", premium))
    ),
    flags={"N5-2025-11": "2175.00"},
    shown={"N5-2025-11": "0.415 (0.1975) | N5-2025-11"},
    source="Indicator catalogue HC32, there S: a provider-wide finding is context for its lines",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
