"""An invoice is paid, and then once more with what looks like a reminder fee on top."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP03",
    title=Text("Påminnelse också betald", "Reminder paid too"),
    means=Text(
        "Samma mottagare och fakturanummer har betalats igen inom {within_days} dagar. Beloppet är högre än första gången "
        "med minst en påminnelseavgift ({reminder_fee}) och högst den och ett inkassokrav ({collection_fee}), på {room_sek} "
        "kr när.",
        "The same payee and invoice number was paid again within {within_days} days. The amount is higher than the first "
        "time by at least a reminder fee ({reminder_fee}) and at most that and a collection fee ({collection_fee}), within "
        "{room_sek} kr.",
    ),
    measured=Measured(Text("Höjning sedan första gången", "Rise since the first time"), "sek"),
    innocent=(
        Text("Tillägget är en egen faktura med samma nummer.", "The extra is an invoice with the same number."),
        Text("Numret är ett avtalsnummer, inte ett fakturanummer.", "The number is a contract, not an invoice."),
    ),
    do=Text(
        "Se om den senare fakturan är en påminnelse eller ett inkassokrav. Då är grundbeloppet betalt två gånger.",
        "See whether the later invoice is a reminder or a collection claim. Then the principal was paid twice.",
    ),
    evidence_class="R",
    family="duplicate",
    prior=Prior(1, 19, "detection notes: match lists hold 1-8 % true ones; Devon 2011-21: 1 of 40 credited later"),
    review_minutes=15,
    scope=Scope(
        where="is_live",
        testable="invoice_no IS NOT NULL",
        missing="ap_postings.invoice_no",
        needs=("ap_postings.invoice_no",),
    ),
    limits=("reminder_fee", "collection_fee"),
    params={
        "floor_sek": Param(500, "sek", "below it a review costs more than it can bring back"),
        "within_days": Param(60, "days", "catalogue SP03: reminders and collection come within two months"),
        "room_sek": Param(10, "sek", "catalogue SP03: from just under the reminder fee to just over both fees"),
    },
    sql="""
        SELECT x.payment_id AS subject_key, x.booked_month AS service_month, earlier_id AS business_key, rise AS value,
               earlier_amount_sek AS amount_at_risk_sek, [x.payment_id, earlier_id] AS evidence
        FROM (SELECT *, amount_sek - earlier_amount_sek AS rise FROM core_payment_pairs
              WHERE block = 'reference' AND ref_relation IN ('equal', 'cleaned') AND NOT is_expected
                AND coalesce(days_apart, months_apart * 30) <= $within_days AND earlier_amount_sek >= $floor_sek
                AND amount_sek > earlier_amount_sek) x
          JOIN core_payments p ON p.payment_id = x.payment_id
          JOIN core_limits r ON r.kind = 'reminder_fee' AND booking_date >= r.valid_from
            AND coalesce(booking_date <= r.valid_to, TRUE)
          LEFT JOIN core_limits c ON c.kind = 'collection_fee' AND booking_date >= c.valid_from
            AND coalesce(booking_date <= c.valid_to, TRUE)
        WHERE rise BETWEEN r.amount_sek - $room_sek AND r.amount_sek + coalesce(c.amount_sek, 0) + $room_sek
    """,
    example="""
        core_limits
        kind           | amount_sek | valid_from | valid_to
        reminder_fee   | 30         | 1996-12-01 | 2013-03-15
        reminder_fee   | 60         | 2013-03-16 |
        collection_fee | 20         | 1996-12-01 | 2013-03-15
        collection_fee | 180        | 2013-03-16 |
        core_payment_pairs
        payment_id|block    |ref_relation|days_apart|months_apart|earlier_amount_sek|amount_sek|is_expected
        F1        |reference|equal       |35        |1           |500.00            |560.00    |false
        F2        |reference|cleaned     |          |2           |4000.00           |4250.00   |false
        F3        |reference|equal       |60        |2           |4000.00           |4050.00   |false
        A4        |reference|equal       |61        |2           |4000.00           |4060.00   |false
        A5        |reference|equal       |          |3           |4000.00           |4060.00   |false
        A6        |reference|equal       |35        |1           |4000.00           |4049.99   |false
        A7        |reference|equal       |35        |1           |4000.00           |4250.01   |false
        A8        |reference|equal       |35        |1           |4060.00           |4000.00   |false
        A9        |reference|equal       |35        |1           |499.99            |559.99    |false
        B1        |reference|equal       |35        |1           |4000.00           |4060.00   |true
        B2        |reference|missing     |35        |1           |4000.00           |4060.00   |false
        B3        |amount   |equal       |35        |1           |4000.00           |4060.00   |false
        O1        |reference|equal       |35        |1           |4000.00           |4060.00   |false
        O2        |reference|equal       |35        |1           |4000.00           |4030.00   |false
        O3        |reference|equal       |35        |1           |4000.00           |4100.00   |false
        core_payments
        payment_id|booking_date
        F1        |2026-03-10
        F2        |2026-03-10
        F3        |2026-03-10
        A4        |2026-03-10
        A5        |2026-03-10
        A6        |2026-03-10
        A7        |2026-03-10
        A8        |2026-03-10
        A9        |2026-03-10
        B1        |2026-03-10
        B2        |2026-03-10
        B3        |2026-03-10
        O1        |2013-03-15
        O2        |2013-03-15
        O3        |2013-03-15
    """,
    flags={"F1": "500.00", "F2": "4000.00", "F3": "4000.00", "O1": "4000.00", "O2": "4000.00"},
    source="Indicator catalogue SP03; Inyett describes reminders paid beside their invoice",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
