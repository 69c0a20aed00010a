"""Whoever approved the payment has a declared side job at the company that was paid."""

from datetime import date

from core.company_facts import PAYEES
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="IR05",
    title=Text("Attestanten har bisyssla där", "Approver's side job is there"),
    means=Text(
        "Den som attesterade betalningen har en bisyssla hos mottagaren enligt personalregistret. Beloppet är minst "
        "{floor_sek} kr.",
        "Whoever approved the payment has a side job at the payee by the staff register. The amount is at least "
        "{floor_sek} kr.",
    ),
    measured=Measured(Text("Attestanter med bisyssla hos mottagaren", "Approvers with a side job there")),
    innocent=(
        Text("Bisysslan är godkänd och attesten en formalitet på ett ramavtal.", "The side job is approved and the approval a formality under a framework."),
        Text("Bisysslan hade upphört.", "The side job had ended."),
    ),
    do=Text(
        "Se om bisysslan är prövad, vem som beställde och vad som levererades. Låt någon annan attestera framöver.",
        "See whether the side job was examined, who ordered and what was delivered. Let somebody else approve from now on.",
    ),
    evidence_class="R", family="segregation", review_minutes=25,
    prior=Prior(4, 6, "judgement: a plain conflict of interest; whether the payment is wrong is another matter; typology T47"),
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable="""invoice_id IN (SELECT invoice_id FROM core_approvals a JOIN core_employees e ON e.employee_ref = a.user_ref)
            AND entity_key IN (SELECT entity_key FROM core_payees WHERE NOT starts_with(org_no, '2'))""",
        missing="approvals.user_ref",
        needs=("approvals", "employees.side_job_org_no", "ap_postings.invoice_id"),
    ),
    params={"floor_sek": Param(1000, "sek", "below it a review costs more than it can bring back")},
    sql=f"""
        SELECT p.payment_id AS subject_key, p.booked_month AS service_month, count(DISTINCT a.user_ref) AS value,
               any_value(p.amount_sek) AS amount_at_risk_sek, [p.payment_id, any_value(p.invoice_id)] AS evidence
        FROM core_payments p JOIN ({PAYEES}) y USING (entity_key) JOIN core_approvals a USING (invoice_id)
        JOIN core_employees e ON e.employee_ref = a.user_ref AND e.side_job_org_no = y.org_no
          AND a.approved_at::DATE BETWEEN e.hired AND coalesce(e."left", DATE '9999-12-31')
        WHERE p.is_live AND NOT p.is_redacted AND NOT p.is_one_time AND p.amount_sek >= $floor_sek
          AND strftime(a.approved_at, '%Y-%m') <= p.booked_month AND NOT starts_with(y.org_no, '2')
        GROUP BY 1, 2
    """,
    example="""
        core_employees
        employee_ref | hired      | left       | side_job_org_no
        U1           | 2020-01-01 |            | 556000-0001
        U2           | 2020-01-01 |            | 556000-0009
        U3           | 2020-01-01 | 2025-12-31 | 556000-0001
        U4           | 2020-01-01 |            | 212000-0004
        core_payees
        supplier_key | entity_key | org_no
        S1           | E1         | 556000-0001
        S4           | E4         | 212000-0004
        core_payments
        payment_id | entity_key | invoice_id | booking_date | amount_sek
        F1         | E1         | I1         | 2026-03-05   | 9000.00
        A1         | E1         | I2         | 2026-03-05   | 9000.00
        A2         | E1         | I3         | 2026-03-05   | 900.00
        A3         | E1         | I4         | 2026-03-05   | 9000.00
        A4         | E4         | I5         | 2026-03-05   | 9000.00
        A5         | E1         | I6         | 2026-03-05   | 9000.00
        core_approvals
        invoice_id | step     | user_ref | approved_at
        I1         | receipt  | U2       | 2026-03-01 09:00:00
        I1         | decision | U1       | 2026-03-02 09:00:00
        I2         | decision | U2       | 2026-03-02 09:00:00
        I3         | decision | U1       | 2026-03-02 09:00:00
        I4         | decision | U3       | 2026-03-02 09:00:00
        I5         | decision | U4       | 2026-03-02 09:00:00
        I6         | decision | U1       | 2026-04-02 09:00:00
    """,
    flags={"F1": "9000.00"},
    source="Indicator catalogue IR05; typology T47",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
