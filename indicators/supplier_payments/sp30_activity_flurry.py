"""A payee sends far more invoices in a week than its own year before leads one to expect."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP30",
    title=Text("Ovanligt många fakturor", "Unusually many invoices"),
    means=Text(
        "Mottagaren fick fler betalningar under veckan än det senaste året låter vänta, också när slumpen räknas in, och "
        "minst {record_factor} gånger så många som i sin tidigare toppvecka. De överskjutande betalningarna är på minst "
        "{floor_sek} kr.",
        "The payee has more payments in the week than chance gives by its own last year, and at least {record_factor} times "
        "its highest week. The surplus is at least {floor_sek} kr.",
    ),
    measured=Measured(Text("Antalet delat med det vanliga", "The count divided by the usual")),
    innocent=(
        Text("Säsong, skolstart eller samlad fakturering.", "Season, start of term, or collective invoicing."),
        Text("Kommunen har arbetat av en kö av fakturor.", "The municipality worked off a backlog."),
    ),
    do=Text(
        "Se om fakturorna gäller olika leveranser, och om någon är en dubblett eller delad under en gräns.",
        "See whether the invoices are for different deliveries, or duplicates, or split below a limit.",
    ),
    evidence_class="S",
    family="rhythm",
    prior=Prior(
        1, 49,
        "catalogue SP30: season explains most hits; a flurry is what splitting and shells leave (T41, T43)",
    ),
    review_minutes=15,
    subject="payee",
    scope=Scope(where="is_live AND NOT is_redacted AND NOT is_one_time AND NOT is_expected", day_precision=True),
    params={
        "sigmas": Param(3.09, "standard deviations", "the 99.9 % level of a Poisson count"),
        "record_factor": Param(
            1.5, "times",
            "invoices come in batches, so a Poisson level alone is passed every month",
        ),
        "history": Param(20, "payments", "catalogue: no fence on a smaller group"),
        "weeks": Param(26, "weeks", "half a year shows a normal week"),
        "floor_sek": Param(20_000, "sek", "below it a review costs more than it can bring back"),
    },
    sql="""
        WITH counted AS MATERIALIZED (
            SELECT entity_key, booked_month, (booking_date - DATE '2000-01-03') // 7 AS week, count(*) AS n
            FROM core_payments
            WHERE is_live AND NOT is_redacted AND NOT is_one_time AND NOT is_expected
              AND year(booking_date) = left(booked_month, 4)::INT AND month(booking_date) = right(booked_month, 2)::INT
            GROUP BY 1, 2, 3
        ), week AS (
            SELECT *, sum(n) OVER past AS n_past, max(n) OVER past AS top,
                   week - min(week) OVER (PARTITION BY entity_key) AS age,
                   n_past / least(age, 53) AS usual
            FROM counted SEMI JOIN (
                SELECT entity_key FROM counted GROUP BY 1
                HAVING sum(n) > $history AND max(n) >= $history / 53 + $sigmas * sqrt($history / 53) + ($sigmas ^ 2 - 1) / 6
            ) USING (entity_key)
            WINDOW past AS (PARTITION BY entity_key ORDER BY week RANGE BETWEEN 53 PRECEDING AND 1 PRECEDING)
        ), flurry AS (
            SELECT * FROM week WHERE n_past >= $history AND age >= $weeks AND n >= $record_factor * top
              AND n >= usual + $sigmas * sqrt(usual) + ($sigmas ^ 2 - 1) / 6
        )
        SELECT entity_key AS subject_key, booked_month AS service_month, week::VARCHAR AS business_key,
               round(any_value(n / usual), 3) AS value, sum(risk_sek) AS amount_at_risk_sek,
               list_sort(list({'payment_id': payment_id, 'amount_at_risk_sek': risk_sek})) AS payments
        FROM (SELECT payment_id, f.*, round(amount_sek * (1 - usual / n), 2)::DECIMAL(14, 2) AS risk_sek
              FROM core_payments p JOIN flurry f ON f.entity_key = p.entity_key AND f.booked_month = p.booked_month
               AND f.week = (p.booking_date - DATE '2000-01-03') // 7
              WHERE p.is_live AND NOT p.is_expected)
        GROUP BY 1, 2, 3 HAVING sum(risk_sek) >= $floor_sek
    """,
    example="""
        core_payments
        payment_id | entity_key | booking_date | amount_sek | is_expected
        A01        | flurry     | 2025-08-04   | 9000.00    | false
        C01        | expected   | 2025-08-04   | 9000.00    | false
        A02        | flurry     | 2025-08-11   | 9000.00    | false
        C02        | expected   | 2025-08-11   | 9000.00    | false
        A03        | flurry     | 2025-08-18   | 9000.00    | false
        C03        | expected   | 2025-08-18   | 9000.00    | false
        A04        | flurry     | 2025-08-25   | 9000.00    | false
        C04        | expected   | 2025-08-25   | 9000.00    | false
        A05        | flurry     | 2025-09-01   | 9000.00    | false
        C05        | expected   | 2025-09-01   | 9000.00    | false
        A06        | flurry     | 2025-09-08   | 9000.00    | false
        C06        | expected   | 2025-09-08   | 9000.00    | false
        A07        | flurry     | 2025-09-15   | 9000.00    | false
        C07        | expected   | 2025-09-15   | 9000.00    | false
        A08        | flurry     | 2025-09-22   | 9000.00    | false
        C08        | expected   | 2025-09-22   | 9000.00    | false
        A09        | flurry     | 2025-09-29   | 9000.00    | false
        C09        | expected   | 2025-09-29   | 9000.00    | false
        A10        | flurry     | 2025-10-06   | 9000.00    | false
        C10        | expected   | 2025-10-06   | 9000.00    | false
        A11        | flurry     | 2025-10-13   | 9000.00    | false
        C11        | expected   | 2025-10-13   | 9000.00    | false
        A12        | flurry     | 2025-10-20   | 9000.00    | false
        C12        | expected   | 2025-10-20   | 9000.00    | false
        A13        | flurry     | 2025-10-27   | 9000.00    | false
        C13        | expected   | 2025-10-27   | 9000.00    | false
        A14        | flurry     | 2025-11-03   | 9000.00    | false
        C14        | expected   | 2025-11-03   | 9000.00    | false
        A15        | flurry     | 2025-11-10   | 9000.00    | false
        C15        | expected   | 2025-11-10   | 9000.00    | false
        A16        | flurry     | 2025-11-17   | 9000.00    | false
        C16        | expected   | 2025-11-17   | 9000.00    | false
        A17        | flurry     | 2025-11-24   | 9000.00    | false
        C17        | expected   | 2025-11-24   | 9000.00    | false
        A18        | flurry     | 2025-12-01   | 9000.00    | false
        C18        | expected   | 2025-12-01   | 9000.00    | false
        A19        | flurry     | 2025-12-08   | 9000.00    | false
        C19        | expected   | 2025-12-08   | 9000.00    | false
        A20        | flurry     | 2025-12-15   | 9000.00    | false
        C20        | expected   | 2025-12-15   | 9000.00    | false
        A21        | flurry     | 2026-01-12   | 9000.00    | false
        A22        | flurry     | 2026-01-13   | 9000.00    | false
        F1         | flurry     | 2026-03-02   | 9000.00    | false
        F2         | flurry     | 2026-03-02   | 9000.00    | false
        F3         | flurry     | 2026-03-02   | 9000.00    | false
        F4         | flurry     | 2026-03-02   | 9000.00    | false
        F5         | flurry     | 2026-03-02   | 9000.00    | false
        F6         | flurry     | 2026-03-02   | 9000.00    | false
        F7         | flurry     | 2026-03-02   | 9000.00    | false
        F8         | flurry     | 2026-03-02   | 9000.00    | false
        X1         | expected   | 2026-03-02   | 9000.00    | true
        X2         | expected   | 2026-03-02   | 9000.00    | true
        X3         | expected   | 2026-03-02   | 9000.00    | true
        X4         | expected   | 2026-03-02   | 9000.00    | true
        X5         | expected   | 2026-03-02   | 9000.00    | true
        X6         | expected   | 2026-03-02   | 9000.00    | true
        X7         | expected   | 2026-03-02   | 9000.00    | true
        X8         | expected   | 2026-03-02   | 9000.00    | true
        B00        | batch      | 2025-08-04   | 9000.00    | false
        B01        | batch      | 2025-08-04   | 9000.00    | false
        B02        | batch      | 2025-08-04   | 9000.00    | false
        B03        | batch      | 2025-08-04   | 9000.00    | false
        B04        | batch      | 2025-08-04   | 9000.00    | false
        B05        | batch      | 2025-08-04   | 9000.00    | false
        B10        | batch      | 2025-09-08   | 9000.00    | false
        B11        | batch      | 2025-09-08   | 9000.00    | false
        B12        | batch      | 2025-09-08   | 9000.00    | false
        B13        | batch      | 2025-09-08   | 9000.00    | false
        B14        | batch      | 2025-09-08   | 9000.00    | false
        B15        | batch      | 2025-09-08   | 9000.00    | false
        B20        | batch      | 2025-10-13   | 9000.00    | false
        B21        | batch      | 2025-10-13   | 9000.00    | false
        B22        | batch      | 2025-10-13   | 9000.00    | false
        B23        | batch      | 2025-10-13   | 9000.00    | false
        B24        | batch      | 2025-10-13   | 9000.00    | false
        B25        | batch      | 2025-10-13   | 9000.00    | false
        B30        | batch      | 2025-11-17   | 9000.00    | false
        B31        | batch      | 2025-11-17   | 9000.00    | false
        B32        | batch      | 2025-11-17   | 9000.00    | false
        B33        | batch      | 2025-11-17   | 9000.00    | false
        B34        | batch      | 2025-11-17   | 9000.00    | false
        B35        | batch      | 2025-11-17   | 9000.00    | false
        B40        | batch      | 2025-12-22   | 9000.00    | false
        B41        | batch      | 2025-12-22   | 9000.00    | false
        B42        | batch      | 2025-12-22   | 9000.00    | false
        B43        | batch      | 2025-12-22   | 9000.00    | false
        B44        | batch      | 2025-12-22   | 9000.00    | false
        B45        | batch      | 2025-12-22   | 9000.00    | false
        B90        | batch      | 2026-03-02   | 9000.00    | false
        B91        | batch      | 2026-03-02   | 9000.00    | false
        B92        | batch      | 2026-03-02   | 9000.00    | false
        B93        | batch      | 2026-03-02   | 9000.00    | false
        B94        | batch      | 2026-03-02   | 9000.00    | false
        B95        | batch      | 2026-03-02   | 9000.00    | false
        B96        | batch      | 2026-03-02   | 9000.00    | false
        B97        | batch      | 2026-03-02   | 9000.00    | false
        D0         | young      | 2026-03-02   | 9000.00    | false
        D1         | young      | 2026-03-02   | 9000.00    | false
        D2         | young      | 2026-03-02   | 9000.00    | false
        D3         | young      | 2026-03-02   | 9000.00    | false
        D4         | young      | 2026-03-02   | 9000.00    | false
        D5         | young      | 2026-03-02   | 9000.00    | false
        D6         | young      | 2026-03-02   | 9000.00    | false
        D7         | young      | 2026-03-02   | 9000.00    | false
    """,
    flags={"flurry": "65400.00"},
    source="Indicator catalogue SP30; MindBridge describes activity flurries",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
