"""One payee is paid the same unusual amount twice on one day under different invoice numbers."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP04",
    title=Text("Lika belopp samma dag", "Same amount and day"),
    means=Text(
        "Samma mottagare har fått samma belopp två gånger samma dag med olika fakturanummer. Beloppet är inte "
        "vanligt för mottagaren och är minst {floor_sek} kr.",
        "The same payee got the same amount twice on one day under different invoice numbers. The amount is not "
        "usual for the payee and is at least {floor_sek} kr.",
    ),
    measured=Measured(Text("Lika betalningar samma dag", "Like payments the same day")),
    innocent=(
        Text("Två lika beställningar, till exempel två platser.", "Two like orders, for instance two places."),
        Text("En omgång lika avgifter.", "A batch of like fees."),
    ),
    do=Text(
        "Läs båda fakturornas text, period och beställning. Är det samma tjänst under två nummer?",
        "Read text, period and order of both invoices. Is it one service under two numbers?",
    ),
    evidence_class="S",
    family="duplicate",
    prior=Prior(
        1,
        59,
        "detection notes: any repeated amount is right 0.4 % of the time; Devon 2011-21: 13 of 796 credited later",
    ),
    review_minutes=15,
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable="invoice_no IS NOT NULL",
        missing="ap_postings.invoice_no",
        needs=("ap_postings.invoice_no",),
        day_precision=True,
    ),
    params={
        "floor_sek": Param(1000, "sek", "below it a review costs more than it can bring back"),
        "most_copies": Param(3, "payments", "more like payments on one day are a batch"),
        "most_before": Param(0, "payments", "earlier uses of the amount: Devon 2011-21 credits new amounts most"),
    },
    sql="""
        SELECT payment_id AS subject_key, q.booked_month AS service_month, earlier_id AS business_key,
               p.copies_same_day AS value, q.amount_sek AS amount_at_risk_sek,
               [payment_id] || list(earlier_id) OVER copies AS evidence
        FROM core_payment_pairs q JOIN core_payments p USING (payment_id)
        WHERE q.block = 'amount' AND q.ref_relation = 'different' AND q.days_apart = 0 AND NOT q.is_expected
          AND q.amount_sek >= $floor_sek AND p.copies_same_day <= $most_copies
          AND p.same_amount_before <= $most_before AND NOT p.is_redacted AND NOT p.is_one_time
        WINDOW copies AS (PARTITION BY payment_id ORDER BY earlier_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
        QUALIFY row_number() OVER copies = 1
    """,
    example="""
        core_payments
        payment_id | booking_date | amount_sek | copies_same_day | same_amount_before | is_redacted | is_one_time
        F1         | 2026-03-15   | 1000.00    | 2               | 0                  | false       | false
        F2         | 2026-03-15   | 1500.00    | 3               | 0                  | false       | false
        A3         | 2026-03-15   | 1500.00    | 4               | 0                  | false       | false
        A4         | 2026-03-15   | 1500.00    | 2               | 1                  | false       | false
        A5         | 2026-03-15   | 1500.00    | 2               | 0                  | true        | false
        A6         | 2026-03-15   | 1500.00    | 2               | 0                  | false       | true
        A7         | 2026-03-15   | 1500.00    | 2               | 0                  | false       | false
        A8         | 2026-03-15   | 1500.00    | 2               | 0                  | false       | false
        A9         | 2026-03-15   | 1500.00    | 2               | 0                  | false       | false
        B1         | 2026-03-15   | 999.99     | 2               | 0                  | false       | false
        core_payment_pairs
        payment_id | earlier_id | ref_relation | days_apart | amount_sek | is_expected
        F1         | P1         | different    | 0          | 1000.00    | false
        F2         | P1         | different    | 0          | 1500.00    | false
        F2         | P2         | different    | 0          | 1500.00    | false
        A3         | P1         | different    | 0          | 1500.00    | false
        A4         | P1         | different    | 0          | 1500.00    | false
        A5         | P1         | different    | 0          | 1500.00    | false
        A6         | P1         | different    | 0          | 1500.00    | false
        A7         | P1         | sequence     | 0          | 1500.00    | false
        A8         | P1         | different    | 1          | 1500.00    | false
        A9         | P1         | different    | 0          | 1500.00    | true
        B1         | P1         | different    | 0          | 999.99     | false
    """,
    flags={"F1": "1000.00", "F2": "1500.00"},
    shown={"F2": "3 | F2 P1 P2"},
    source="Indicator catalogue SP04; Inyett describes the same test",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
