"""The person who created a payee in the supplier register also approved its first payments."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="IR06",
    title=Text("Lade upp och attesterade", "Created payee and approved"),
    means=Text(
        "Den som lade upp mottagaren i leverantörsregistret beslutsattesterade betalningen inom {within_days} "
        "dagar. Beloppet är minst {floor_sek} kr.",
        "Whoever created the payee in the supplier register approved the payment within {within_days} days. The "
        "amount is at least {floor_sek} kr.",
    ),
    measured=Measured(Text("Dagar från uppläggning till attest", "Days from creation to approval")),
    innocent=(
        Text("Ett litet kontor där få personer delar på allt.", "A small office where few people do everything."),
        Text("Posten lades upp i en annan persons namn.", "The record was created in another person's name."),
    ),
    do=Text(
        "Se att mottagaren finns, vem som beställde och om någon annan har sett varan eller tjänsten.",
        "See that the payee exists, who ordered, and whether anybody else saw the goods or service.",
    ),
    evidence_class="R",
    family="segregation",
    prior=Prior(1, 15, "domain notes 3.3: creator and approver must differ; few breaches hide a made-up supplier"),
    review_minutes=20,
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable="""invoice_id IN (SELECT invoice_id FROM core_approvals WHERE step = 'decision')
            AND supplier_key IN (SELECT supplier_key FROM core_payees WHERE created_by IS NOT NULL)""",
        missing="suppliers.created_by",
        needs=("approvals", "suppliers.created_by", "suppliers.created_at", "ap_postings.invoice_id"),
    ),
    params={
        "within_days": Param(30, "days", "catalogue IR06"),
        "floor_sek": Param(5000, "sek", "below it a review costs more than it can bring back"),
    },
    sql="""
        SELECT p.payment_id AS subject_key, p.booked_month AS service_month, p.amount_sek AS amount_at_risk_sek,
               min(a.approved_at::DATE - y.created_at) AS value,
               [p.payment_id, p.invoice_id, p.supplier_key] AS evidence
        FROM core_payments p JOIN core_payees y USING (supplier_key)
        JOIN core_approvals a ON a.invoice_id = p.invoice_id AND a.user_ref = y.created_by
        WHERE a.step = 'decision' AND a.approved_at::DATE BETWEEN y.created_at AND y.created_at + $within_days
          AND strftime(a.approved_at, '%Y-%m') <= p.booked_month AND p.is_live AND p.amount_sek >= $floor_sek
          AND NOT p.is_redacted AND NOT p.is_one_time
        GROUP BY p.payment_id, p.booked_month, p.amount_sek, p.invoice_id, p.supplier_key
    """,
    example="""
        core_payees
        supplier_key | created_by | created_at
        S1           | U1         | 2026-02-10
        S2           | U2         | 2025-02-10
        core_payments
        payment_id | supplier_key | invoice_id | booking_date | amount_sek
        F1         | S1           | I1         | 2026-03-05   | 9000.00
        A2         | S1           | I2         | 2026-03-06   | 4000.00
        A3         | S1           | I3         | 2026-03-06   | 9000.00
        A4         | S1           | I4         | 2026-04-06   | 9000.00
        A5         | S2           | I5         | 2026-03-06   | 9000.00
        core_approvals
        invoice_id | step     | user_ref | approved_at
        I1         | decision | U1       | 2026-03-01 09:00:00
        I2         | decision | U1       | 2026-03-01 09:00:00
        I3         | receipt  | U1       | 2026-03-01 09:00:00
        I3         | decision | U3       | 2026-03-02 09:00:00
        I4         | decision | U1       | 2026-04-01 09:00:00
        I5         | decision | U2       | 2026-03-01 09:00:00
    """,
    flags={"F1": "9000.00"},
    source="Indicator catalogue IR06; SAP describes the same segregation of duties",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
