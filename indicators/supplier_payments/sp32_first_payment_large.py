"""A payee's first payment is larger than nearly all first payments in its category."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP32",
    title=Text("Stor första betalning", "Large first payment"),
    means=Text(
        "Mottagarens första betalning hör till de {top_share} största första i sin kategori och är "
        "på minst {floor_sek} kr.",
        "The payee's first payment is among the top {top_share} of first payments in its category and at least "
        "{floor_sek} kr.",
    ),
    measured=Measured(Text("Beloppet delat med kategorins median", "The amount divided by the category's median")),
    innocent=(
        Text("Ett enda stort projekt som är upphandlat.", "A single large project that was tendered."),
        Text("En känd leverantör med nytt namn eller nummer.", "A known supplier under a new name or number."),
    ),
    do=Text(
        "Se avtal och beställning, och när företaget startade. Se vem som lade upp mottagaren.",
        "See contract and order, and when the firm started. See who created the payee.",
    ),
    evidence_class="S",
    family="rhythm",
    prior=Prior(1, 32, "typology T43: new payee with sudden high value; most are tendered projects"),
    review_minutes=20,
    scope=Scope(
        where="""is_live AND NOT is_redacted AND NOT is_one_time AND (entity_key, booked_month) IN (SELECT (entity_key,
            min(booked_month)) FROM core_payments WHERE is_live AND NOT is_redacted AND NOT is_one_time GROUP BY entity_key)""",
        testable="""category IS NOT NULL AND (booked_month || '-01')::DATE >= (
            SELECT (min(booked_month) || '-01')::DATE + to_months($warmup_months) FROM core_payments)""",
        missing="ap_postings.category",
    ),
    params={
        "top_share": Param(0.05, "share", "catalogue SP32: above the 95 % level"),
        "fence_group": Param(20, "payees", "catalogue: no fence on a smaller group"),
        "warmup_months": Param(12, "months", "in the first year of a ledger every payee looks new"),
        "floor_sek": Param(100_000, "sek", "below it a large first payment is nothing out of the ordinary"),
    },
    sql="""
        WITH payee AS (
            SELECT entity_key, min(booked_month) AS booked_month,
                   (min(min(booked_month)) OVER () || '-01')::DATE + to_months($warmup_months) AS warm_date
            FROM core_payments WHERE is_live AND NOT is_redacted AND NOT is_one_time
            GROUP BY 1
        ), first_payment AS (
            SELECT payment_id, entity_key, booked_month, category, amount_sek FROM core_payments
            JOIN payee USING (entity_key, booked_month)
            WHERE is_live AND category IS NOT NULL
              AND (booked_month || '-01')::DATE >= warm_date
            QUALIFY row_number() OVER (PARTITION BY entity_key ORDER BY booking_date, amount_sek DESC, payment_id) = 1
        ), judged AS (
            SELECT *, count(*) OVER known AS n,
                   quantile_cont(amount_sek, [0.25, 0.5, 0.75, 1 - $top_share]) OVER known AS level
            FROM first_payment
            WINDOW known AS (PARTITION BY category ORDER BY booked_month
                             RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
        )
        SELECT payment_id AS subject_key, booked_month AS service_month, amount_sek AS amount_at_risk_sek,
               round(amount_sek / level[2], 3) AS value
        FROM judged
        WHERE n >= $fence_group AND level[3] > level[1] AND amount_sek >= level[4] AND amount_sek >= $floor_sek
    """,
    example="""
        core_payments
        payment_id | entity_key | booking_date | category | amount_sek
        A0         | old        | 2025-01-05   | K1       | 900000.00
        A01        | new01      | 2026-02-01   | K1       | 1000.00
        A02        | new02      | 2026-02-02   | K1       | 2000.00
        A03        | new03      | 2026-02-03   | K1       | 3000.00
        A04        | new04      | 2026-02-04   | K1       | 4000.00
        A05        | new05      | 2026-02-05   | K1       | 5000.00
        A06        | new06      | 2026-02-06   | K1       | 6000.00
        A07        | new07      | 2026-02-07   | K1       | 7000.00
        A08        | new08      | 2026-02-08   | K1       | 8000.00
        A09        | new09      | 2026-02-09   | K1       | 9000.00
        A10        | new10      | 2026-02-10   | K1       | 10000.00
        A11        | new11      | 2026-02-11   | K1       | 11000.00
        A12        | new12      | 2026-02-12   | K1       | 12000.00
        A13        | new13      | 2026-02-13   | K1       | 13000.00
        A14        | new14      | 2026-02-14   | K1       | 14000.00
        A15        | new15      | 2026-02-15   | K1       | 15000.00
        A16        | new16      | 2026-02-16   | K1       | 16000.00
        A17        | new17      | 2026-02-17   | K1       | 17000.00
        A18        | new18      | 2026-02-18   | K1       | 18000.00
        A19        | new19      | 2026-02-19   | K1       | 19000.00
        A20        | new20      | 2026-02-20   | K1       | 20000.00
        F21        | large      | 2026-03-05   | K1       | 150000.00
        A22        | large      | 2026-03-06   | K1       | 250000.00
        A23        | mid        | 2026-03-06   | K1       | 20500.00
        A24        | old        | 2026-03-06   | K1       | 900000.00
        B01        | same01     | 2026-02-01   | K2       | 150000.00
        B02        | same02     | 2026-02-02   | K2       | 150000.00
        B03        | same03     | 2026-02-03   | K2       | 150000.00
        B04        | same04     | 2026-02-04   | K2       | 150000.00
        B05        | same05     | 2026-02-05   | K2       | 150000.00
        B06        | same06     | 2026-02-06   | K2       | 150000.00
        B07        | same07     | 2026-02-07   | K2       | 150000.00
        B08        | same08     | 2026-02-08   | K2       | 150000.00
        B09        | same09     | 2026-02-09   | K2       | 150000.00
        B10        | same10     | 2026-02-10   | K2       | 150000.00
        B11        | same11     | 2026-02-11   | K2       | 150000.00
        B12        | same12     | 2026-02-12   | K2       | 150000.00
        B13        | same13     | 2026-02-13   | K2       | 150000.00
        B14        | same14     | 2026-02-14   | K2       | 150000.00
        B15        | same15     | 2026-02-15   | K2       | 150000.00
        B16        | same16     | 2026-02-16   | K2       | 150000.00
        B17        | same17     | 2026-02-17   | K2       | 150000.00
        B18        | same18     | 2026-02-18   | K2       | 150000.00
        B19        | same19     | 2026-02-19   | K2       | 150000.00
        B20        | same20     | 2026-02-20   | K2       | 150000.00
        B21        | same21     | 2026-03-02   | K2       | 150000.00
        C01        | few        | 2026-03-02   | K3       | 150000.00
        C02        | none       | 2026-03-02   |          | 150000.00
    """,
    flags={"F21": "150000.00"},
    source="Indicator catalogue SP32; typology T43",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
