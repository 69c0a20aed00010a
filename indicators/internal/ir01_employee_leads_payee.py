"""An employee of the municipality leads or owns a company that it pays."""

from datetime import date

from core.company_facts import PAYEES
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="IR01",
    title=Text("Anställd leder mottagaren", "Employee leads the payee"),
    means=Text(
        "En anställd i kommunen sitter i bolagets styrelse, är dess vd eller äger det, enligt företagsregistret. Månadens "
        "betalningar är minst {floor_sek} kr.",
        "By the company register an employee of the municipality sits on the company's board, is its chief executive or owns "
        "it. The month's payments are at least {floor_sek} kr.",
    ),
    measured=Measured(Text("Betalningar i månaden", "Payments in the month")),
    innocent=(
        Text("Bisysslan är anmäld och godkänd, och den anställde rör inte köpen.", "The side job is declared and approved, and the employee is apart from the purchases."),
        Text("Den anställde sitter där för kommunen, i ett kommunalt bolag.", "The employee sits there for the municipality, in a municipal company."),
    ),
    do=Text(
        "Se registret över bisysslor och vem som beställt och attesterat. Är det någon nära den anställde?",
        "See the register of side jobs and who ordered and approved. Is it somebody close to the employee?",
    ),
    evidence_class="C", family="segregation", review_minutes=30, subject="payee",
    prior=Prior(1, 24, "judgement: a tie is no error; it says whose purchases to look at"),
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable="entity_key IN (SELECT entity_key FROM core_payees SEMI JOIN core_company_roles USING (org_no) WHERE NOT starts_with(org_no, '2'))",
        missing="company_roles.person_ref", needs=("company_roles", "employees"),
    ),
    params={"floor_sek": Param(5000, "sek", "below it a review costs more than it can bring back")},
    sql=f"""
        WITH tied AS (
            SELECT DISTINCT r.org_no, r.valid_from AS since, least(r.valid_to, e."left") AS until, e.hired
            FROM core_company_roles r JOIN core_employees e ON e.employee_ref = r.person_ref WHERE r.role <> 'auditor'
        )
        SELECT entity_key AS subject_key, booked_month AS service_month, count(*) AS value,
               sum(amount_sek) AS amount_at_risk_sek,
               list({{'payment_id': payment_id, 'amount_at_risk_sek': amount_sek}} ORDER BY payment_id) AS payments
        FROM core_payments p JOIN ({PAYEES}) y USING (entity_key)
        WHERE p.is_live AND NOT p.is_redacted AND NOT p.is_one_time AND NOT starts_with(y.org_no, '2')
          AND EXISTS (FROM tied t WHERE t.org_no = y.org_no AND p.booking_date >= greatest(t.since, t.hired)
                      AND p.booking_date <= coalesce(t.until, p.booking_date))
        GROUP BY 1, 2 HAVING sum(amount_sek) >= $floor_sek
    """,
    example="""
        core_employees
        employee_ref | hired      | left
        N1           | 2020-01-01 |
        N2           | 2020-01-01 | 2026-02-28
        core_company_roles
        org_no      | person_ref | role    | valid_from | valid_to
        556000-0001 | N1         | board   | 2024-01-01 | 2026-03-31
        556000-0002 | N1         | auditor | 2024-01-01 |
        556000-0003 | N2         | ceo     | 2024-01-01 |
        556000-0004 | N9         | ceo     | 2024-01-01 |
        core_payees
        supplier_key | entity_key | org_no
        S1           | E1         | 556000-0001
        S2           | E2         | 556000-0002
        S3           | E3         | 556000-0003
        S4           | E4         | 556000-0004
        core_payments
        payment_id | entity_key | booking_date | amount_sek
        F1         | E1         | 2026-03-05   | 4000.00
        F2         | E1         | 2026-03-31   | 4000.00
        A1         | E1         | 2026-04-01   | 9000.00
        A2         | E2         | 2026-03-05   | 9000.00
        A3         | E3         | 2026-03-05   | 9000.00
        A4         | E4         | 2026-03-05   | 9000.00
    """,
    flags={"E1": "8000.00"},
    source="Indicator catalogue IR01, there R: a tie is lawful in itself",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
