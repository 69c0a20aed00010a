"""A payee that was not paid for a long time is paid again, and more than it usually was."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP31",
    title=Text("Vilande mottagare vaknar", "Dormant payee wakes up"),
    means=Text(
        "Mottagaren har inte fått betalt på minst {dormant_months} månader och får nu minst {floor_sek} kr, mer än "
        "den brukade få.",
        "The payee was not paid for at least {dormant_months} months and now gets at least {floor_sek} kr, more "
        "than it used to.",
    ),
    measured=Measured(Text("Månader utan betalning", "Months without a payment")),
    innocent=(
        Text("Ett arbete som bara behövs ibland.", "Work that is needed only now and then."),
        Text("Mottagaren har vunnit en ny upphandling.", "The payee has won a new tender."),
    ),
    do=Text(
        "Se vem som beställde, och om konto och adress ändrades i registret under uppehållet.",
        "See who ordered, and whether account and address were changed in the register meanwhile.",
    ),
    evidence_class="S",
    family="rhythm",
    prior=Prior(1, 32, "typology T43: a shell or a taken-over record wakes like this; most are new orders"),
    review_minutes=15,
    scope=Scope(where="is_live AND NOT is_redacted AND NOT is_one_time"),
    params={
        "dormant_months": Param(15, "months", "yearly invoices come 11-14 months apart and are not dormant"),
        "usual_share": Param(0.75, "share", "catalogue SP31: above the 75 % level of the earlier payments"),
        "history": Param(2, "payments", "one earlier payment tells nothing about what is usual"),
        "fence_group": Param(20, "payments", "below it the largest earlier payment stands in for the 75 % level"),
        "floor_sek": Param(50_000, "sek", "below it a review costs more than it can bring back"),
    },
    sql="""
        WITH month AS (
            SELECT entity_key, booked_month, max(amount_sek) AS top_sek, (booked_month || '-01')::DATE AS month_date,
                   date_diff('month', lag(month_date) OVER (PARTITION BY entity_key ORDER BY booked_month), month_date)
                       AS gap_months
            FROM core_payments WHERE is_live AND NOT is_redacted AND NOT is_one_time AND entity_key IN (
                SELECT entity_key FROM core_payments WHERE is_live AND amount_sek >= $floor_sek)
            GROUP BY 1, 2
        ), woken AS (
            SELECT * FROM month WHERE gap_months >= $dormant_months AND top_sek >= $floor_sek
        ), usual AS (
            SELECT w.entity_key, w.booked_month, any_value(gap_months) AS gap_months,
                   if(count(*) < $fence_group, max(p.amount_sek),
                      quantile_disc(p.amount_sek, $usual_share)) AS usual_sek,
                   max({'month': p.booked_month, 'payment_id': p.payment_id}, 5) AS latest
            FROM woken w JOIN core_payments p ON p.entity_key = w.entity_key AND p.booked_month < w.booked_month
            WHERE p.is_live
            GROUP BY 1, 2 HAVING count(*) >= $history
        )
        SELECT payment_id AS subject_key, booked_month AS service_month, gap_months AS value,
               amount_sek AS amount_at_risk_sek, [payment_id] || list_transform(latest, lambda x: x.payment_id) AS evidence
        FROM core_payments JOIN usual USING (entity_key, booked_month)
        WHERE is_live AND NOT is_expected AND amount_sek > usual_sek AND amount_sek >= $floor_sek
    """,
    example="""
        core_payments
        payment_id | entity_key | booking_date | amount_sek | is_expected
        A1         | woken      | 2024-05-05   | 20000.00   | false
        A2         | woken      | 2024-06-05   | 60000.00   | false
        F3         | woken      | 2026-03-05   | 70000.00   | false
        A4         | woken      | 2026-03-06   | 49000.00   | false
        A5         | woken      | 2026-04-06   | 90000.00   | false
        B1         | larger     | 2024-05-05   | 200000.00  | false
        B2         | larger     | 2024-06-05   | 200000.00  | false
        B3         | larger     | 2026-03-05   | 200000.00  | false
        C1         | yearly     | 2024-03-05   | 50000.00   | false
        C2         | yearly     | 2025-03-05   | 60000.00   | false
        C3         | yearly     | 2026-04-05   | 70000.00   | false
        D1         | expected   | 2024-03-05   | 50000.00   | false
        D2         | expected   | 2024-06-05   | 60000.00   | false
        D3         | expected   | 2026-04-05   | 70000.00   | true
        E1         | single     | 2024-03-05   | 50000.00   | false
        E2         | single     | 2026-04-05   | 70000.00   | false
        G00        | many       | 2024-01-01   | 20000.00   | false
        G01        | many       | 2024-01-02   | 20000.00   | false
        G02        | many       | 2024-01-03   | 20000.00   | false
        G03        | many       | 2024-01-04   | 20000.00   | false
        G04        | many       | 2024-01-05   | 20000.00   | false
        G05        | many       | 2024-01-06   | 20000.00   | false
        G06        | many       | 2024-01-07   | 20000.00   | false
        G07        | many       | 2024-01-08   | 20000.00   | false
        G08        | many       | 2024-01-09   | 20000.00   | false
        G09        | many       | 2024-01-10   | 20000.00   | false
        G10        | many       | 2024-02-01   | 20000.00   | false
        G11        | many       | 2024-02-02   | 20000.00   | false
        G12        | many       | 2024-02-03   | 20000.00   | false
        G13        | many       | 2024-02-04   | 20000.00   | false
        G14        | many       | 2024-02-05   | 20000.00   | false
        G15        | many       | 2024-02-06   | 20000.00   | false
        G16        | many       | 2024-02-07   | 100000.00  | false
        G17        | many       | 2024-02-08   | 100000.00  | false
        G18        | many       | 2024-02-09   | 100000.00  | false
        G19        | many       | 2024-02-10   | 100000.00  | false
        F4         | many       | 2026-03-05   | 60000.00   | false
    """,
    flags={"F3": "70000.00", "F4": "60000.00"},
    shown={"F3": "21 | F3 A2 A1"},
    source="Indicator catalogue SP31; ACL and Skywind test dormant suppliers",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
