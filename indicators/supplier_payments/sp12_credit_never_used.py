"""A credit has not been set off although the payee has been paid enough since to use it."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP12",
    title=Text("Kreditfaktura aldrig använd", "Credit note never used"),
    means=Text(
        "En kreditfaktura på minst {floor_sek} kr har legat i {open_days} dagar utan att räknas av, fast mottagaren "
        "sedan dess har fått betalt för minst lika mycket.",
        "A credit note of at least {floor_sek} kr has lain for {open_days} days without being set off, although "
        "the payee has since been paid at least as much.",
    ),
    measured=Measured(Text("Betalt till mottagaren efter krediten", "Paid to the payee after the credit"), "sek"),
    innocent=(
        Text("Krediten är omtvistad.", "The credit is in dispute."),
        Text(
            "Den kvittades mot en faktura som aldrig betalades.",
            "It was set against an invoice that was never paid.",
        ),
    ),
    do=Text(
        "Se i reskontran om krediten står öppen. Begär pengarna tillbaka eller dra av dem vid nästa betalning.",
        "See in the ledger whether the credit stands open. Claim it back or deduct it from the next payment.",
    ),
    evidence_class="R",
    family="credit",
    prior=Prior(1, 9, "no published figure; peer notes: duplicate lists hold 4-25 % true ones, taken as guide"),
    review_minutes=15,
    scope=Scope(
        where="amount_sek <= -$floor_sek",
        needs=("ap_postings.payment_date",),
        amount="-amount_sek",
        month="strftime(greatest(booking_date, (booked_month || '-01')::DATE) + $open_days::INT, '%Y-%m')",
    ),
    params={
        "floor_sek": Param(1000, "sek", "below it a review costs more than it can bring back"),
        "open_days": Param(90, "days", "catalogue SP12: three payment terms of 30 days"),
    },
    sql="""
        WITH months AS (
            SELECT DISTINCT booked_month AS month FROM core_payments
        ), credits AS (
            SELECT c.payment_id, c.entity_key, c.booked_month, c.amount_sek, c.payment_date, c.netted_month,
                   d.payment_date AS debit_paid,
                   strftime(greatest(c.booking_date, (c.booked_month || '-01')::DATE) + $open_days::INT, '%Y-%m') AS due
            FROM core_payments c LEFT JOIN core_payments d ON d.payment_id = c.netted_by
            WHERE c.amount_sek <= -$floor_sek
        ), open AS (
            SELECT c.*, month, last_day((month || '-01')::DATE) AS month_end
            FROM credits c ASOF JOIN months m ON c.due <= m.month
            WHERE (payment_date IS NULL OR payment_date > month_end)
              AND (netted_month IS NULL OR netted_month > month OR debit_paid <= month_end)
        ), paid AS (
            SELECT entity_key, booked_month AS paid_month, sum(amount_sek) AS paid_sek,
                   max({'sek': amount_sek, 'payment_id': payment_id}, 5) AS largest
            FROM core_payments SEMI JOIN open USING (entity_key) WHERE is_live GROUP BY ALL
        )
        SELECT payment_id AS subject_key, month AS service_month, sum(paid_sek) AS value,
               -amount_sek AS amount_at_risk_sek, [payment_id] || list_transform(
                 list_reverse_sort(flatten(list(largest)))[:5], lambda x: x.payment_id) AS evidence
        FROM open o JOIN paid p ON p.entity_key = o.entity_key AND paid_month > booked_month AND paid_month <= month
        GROUP BY payment_id, month, amount_sek
        HAVING sum(paid_sek) >= -amount_sek
    """,
    example="""
        core_payments
        payment_id | entity_key | booking_date | amount_sek | payment_date | netted_by | netted_month
        F1         | E1         | 2026-01-10   | -1000.00   |              |           |
        A2         | E1         | 2026-01-10   | -1000.01   |              |           |
        F3         | E1         | 2026-01-10   | -1000.00   | 2026-05-02   |           |
        A4         | E1         | 2026-01-10   | -1000.00   | 2026-04-30   |           |
        A5         | E1         | 2026-04-10   | -1000.00   |              |           |
        A6         | E1         | 2026-01-10   | -999.99    |              |           |
        P7         | E1         | 2026-02-15   | 1000.00    | 2026-03-01   |           |
        P8         | E1         | 2026-06-15   | 90000.00   | 2026-06-30   |           |
        F9         | E2         | 2026-01-10   | -2000.00   |              | P1        | 2026-01
        P1         | E2         | 2025-12-10   | 2000.00    | 2026-01-05   | F9        | 2026-01
        A1         | E2         | 2026-01-10   | -1500.00   |              | P2        | 2026-01
        P2         | E2         | 2025-12-10   | 1500.00    |              | A1        | 2026-01
        F2         | E2         | 2026-01-10   | -1700.00   |              | P3        | 2026-06
        P3         | E2         | 2025-12-20   | 1700.00    |              | F2        | 2026-06
        P4         | E2         | 2026-03-10   | 2500.00    | 2026-03-20   |           |
        P5         | E3         | 2026-04-10   | 100.00     | 2026-04-20   |           |
        A3         | E4         | 2026-01-10   | -3000.00   |              |           |
        P6         | E4         | 2026-01-20   | 5000.00    | 2026-02-20   |           |
        F5         | E5         | 2026-01-10   | -1500.00   |              |           |
        P9         | E5         | 2026-04-20   | 1500.00    | 2026-05-20   |           |
        B1         | E5         | 2026-01-10   | -1400.00   |              | Q1        | 2026-04
        Q1         | E5         | 2025-12-10   | 1400.00    |              | B1        | 2026-04
        F6         | E5         | 2026-01-10   | -1300.00   |              | Q2        | 2026-01
        Q2         | E5         | 2025-12-10   | 1300.00    | 2026-04-30   | F6        | 2026-01
        B2         | E5         | 2026-01-10   | -1200.00   |              | Q3        | 2026-01
        Q3         | E5         | 2025-12-10   | 1200.00    | 2026-05-01   | B2        | 2026-01
    """,
    flags={"F1": "1000.00", "F3": "1000.00", "F9": "2000.00", "F2": "1700.00", "F5": "1500.00", "F6": "1300.00"},
    shown={"F5": "1500 | F5 P9"},
    source="Indicator catalogue SP12; Xelix describes unused credits",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
