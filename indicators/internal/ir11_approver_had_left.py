"""A payment was approved in the name of somebody who had left."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="IR11",
    title=Text("Attestanten hade slutat", "Approver had left"),
    means=Text(
        "Betalningen attesterades mer än {grace_days} dagar efter attestantens sista anställningsdag. Beloppet är minst "
        "{floor_sek} kr.",
        "The payment was approved more than {grace_days} days after the approver's last day of employment. The amount is at "
        "least {floor_sek} kr.",
    ),
    measured=Measured(Text("Dagar efter sista arbetsdagen", "Days after the last day of work")),
    innocent=(
        Text("Anställningen förlängdes men registret hann inte med.", "The employment was prolonged and the register lags."),
        Text("Personen arbetar kvar som konsult med rätt att attestera.", "The person stays on as a consultant with the right to approve."),
    ),
    do=Text(
        "Se vem som använde behörigheten och om den är avslutad. Låt någon annan granska fakturan.",
        "See who used the access and whether it is closed. Let somebody else look at the invoice.",
    ),
    evidence_class="R", family="segregation", review_minutes=20,
    prior=Prior(1, 9, "judgement: late registers explain most; an access that should be closed was used all the same"),
    scope=Scope(
        where="is_live",
        testable="invoice_id IN (SELECT invoice_id FROM core_approvals a JOIN core_employees e ON e.employee_ref = a.user_ref)",
        missing="approvals.user_ref", needs=("approvals", "employees.left", "ap_postings.invoice_id"),
    ),
    params={
        "grace_days": Param(7, "days", "the last week is registered late"),
        "floor_sek": Param(2000, "sek", "below it a review costs more than it can bring back"),
    },
    sql="""
        WITH gone AS (  -- who was hired again has another row
            SELECT employee_ref, max(coalesce("left", DATE '9999-12-31')) AS last_day FROM core_employees GROUP BY 1
        )
        SELECT p.payment_id AS subject_key, p.booked_month AS service_month, max(a.approved_at::DATE - g.last_day) AS value,
               any_value(p.amount_sek) AS amount_at_risk_sek, [p.payment_id, any_value(p.invoice_id)] AS evidence
        FROM core_payments p JOIN core_approvals a USING (invoice_id) JOIN gone g ON g.employee_ref = a.user_ref
        WHERE p.is_live AND p.amount_sek >= $floor_sek AND a.approved_at::DATE > g.last_day + $grace_days
          AND strftime(a.approved_at, '%Y-%m') <= p.booked_month
        GROUP BY 1, 2
    """,
    example="""
        core_employees
        employee_ref | hired      | left
        U1           | 2020-01-01 | 2026-02-20
        U2           | 2020-01-01 |
        U3           | 2020-01-01 | 2025-12-31
        U3           | 2026-02-01 |
        core_payments
        payment_id | invoice_id | booking_date | amount_sek
        F1         | I1         | 2026-03-05   | 9000.00
        A1         | I2         | 2026-03-05   | 9000.00
        A2         | I3         | 2026-03-05   | 9000.00
        A3         | I4         | 2026-03-05   | 900.00
        A4         | I5         | 2026-03-05   | 9000.00
        core_approvals
        invoice_id | step     | user_ref | approved_at
        I1         | decision | U1       | 2026-02-28 09:00:00
        I2         | decision | U1       | 2026-02-27 09:00:00
        I3         | decision | U2       | 2026-03-02 09:00:00
        I4         | decision | U1       | 2026-03-02 09:00:00
        I5         | decision | U3       | 2026-03-02 09:00:00
    """,
    flags={"F1": "9000.00"},
    source="Indicator catalogue IR11",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
