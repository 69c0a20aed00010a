"""One person took both steps of the approval, or entered the invoice and approved it, and nobody else saw it."""

from datetime import date

from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="IR04",
    title=Text("Samma person i båda stegen", "Same person in both steps"),
    means=Text(
        "Den som beslutsattesterade fakturan hade också registrerat eller mottagningsattesterat den, och ingen annan "
        "hade attesterat den då. Beloppet är minst {floor_sek} kr.",
        "One person both entered the invoice or confirmed receipt and approved the cost, and nobody else had "
        "approved it by then. The amount is at least {floor_sek} kr.",
    ),
    innocent=(
        Text("Automatisk attest mot beställning eller abonnemang.", "Automatic approval against an order or subscription."),
        Text("Delegerad rätt att ensam attestera små belopp.", "A delegated right to approve small amounts alone."),
        Text("Granskningen gjordes på papper eller i annat system.", "The review was on paper or in another system."),
    ),
    do=Text(
        "Se delegationsordningen och be om underlag för att varan eller tjänsten kom.",
        "See the delegation rules and ask for proof that the goods or service arrived.",
    ),
    evidence_class="R",
    family="segregation",
    prior=Prior(1, 24, "typology T47: a breach of four eyes is common, a wrong payment behind it rare"),
    review_minutes=15,
    scope=Scope(
        where="is_live",
        testable="""invoice_id IN (SELECT invoice_id FROM core_approvals WHERE step = 'decision')
            AND (created_by IS NOT NULL OR invoice_id IN (SELECT invoice_id FROM core_approvals WHERE step = 'receipt'))""",
        missing="approvals.user_ref", needs=("approvals", "ap_postings.invoice_id"),
    ),
    params={"floor_sek": Param(5000, "sek", "small amounts are often delegated to one person")},
    sql="""
        WITH paid AS (
            SELECT payment_id, invoice_id, booked_month, created_by, amount_sek FROM core_payments
            WHERE is_live AND invoice_id IS NOT NULL AND amount_sek >= $floor_sek
        ), seen AS (
            SELECT payment_id, any_value(p.booked_month) AS booked_month, any_value(p.amount_sek) AS amount_sek,
                   any_value(p.invoice_id) AS invoice_id, any_value(p.created_by) AS created_by,
                   min(a.user_ref) AS user_ref, bool_or(a.step = 'receipt') AS has_receipt
            FROM core_approvals a JOIN paid p USING (invoice_id)
            WHERE strftime(a.approved_at, '%Y-%m') <= p.booked_month
            GROUP BY 1 HAVING min(a.user_ref) = max(a.user_ref) AND bool_or(a.step = 'decision')
        )
        SELECT payment_id AS subject_key, booked_month AS service_month, 1 AS value, amount_sek AS amount_at_risk_sek,
               [payment_id, invoice_id] AS evidence
        FROM seen WHERE has_receipt OR created_by = user_ref
    """,
    example="""
        core_payments
        payment_id | invoice_id | booking_date | created_by | amount_sek
        F1         | I1         | 2026-03-05   | U9         | 9000.00
        F2         | I2         | 2026-03-05   | U2         | 9000.00
        A3         | I3         | 2026-03-05   | U9         | 9000.00
        A4         | I4         | 2026-03-05   | U9         | 4000.00
        A5         | I5         | 2026-03-05   | U5         | 9000.00
        A6         | I6         | 2026-03-05   | U9         | 9000.00
        A7         | I7         | 2026-03-05   | U9         | 9000.00
        core_approvals
        invoice_id | step     | user_ref | approved_at
        I1         | receipt  | U1       | 2026-03-01 09:00:00
        I1         | decision | U1       | 2026-03-02 09:00:00
        I1         | decision | U8       | 2026-04-09 09:00:00
        I2         | decision | U2       | 2026-03-02 09:00:00
        I3         | receipt  | U1       | 2026-03-01 09:00:00
        I3         | decision | U2       | 2026-03-02 09:00:00
        I4         | receipt  | U1       | 2026-03-01 09:00:00
        I4         | decision | U1       | 2026-03-02 09:00:00
        I5         | receipt  | U1       | 2026-03-01 09:00:00
        I5         | decision | U5       | 2026-03-02 09:00:00
        I6         | receipt  | U1       | 2026-03-01 09:00:00
        I6         | decision | U1       | 2026-03-02 09:00:00
        I6         | receipt  | U3       | 2026-03-01 10:00:00
        I7         | receipt  | U1       | 2026-04-01 09:00:00
        I7         | decision | U1       | 2026-04-02 09:00:00
    """,
    flags={"F1": "9000.00", "F2": "9000.00"},
    source="Indicator catalogue IR04; SAP describes segregation of duties",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
