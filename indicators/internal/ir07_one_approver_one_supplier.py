"""One person alone approves everything a new supplier bills, never on an order or contract, always under the own limit."""

from datetime import date

from fut.indicator import Indicator, Param, Prior, Scope, Text

_TWELVE = "\n".join(f"        F{n} | I{n} | id:S1 | E1 | {n * 3000 + 1000}.00 | 2026-{n:02d}-10" for n in range(1, 13))
_HALF = "\n".join(f"        A{n} | J{n} | id:S2 | E2 | {n * 3000 + 1000}.00 | 2026-{n:02d}-10" for n in range(1, 13))
_STEPS = "\n".join(f"        I{n} | decision | U1 | 2026-{n:02d}-05 09:00:00 | 50000.00" for n in range(1, 13))
_OTHERS = "\n".join(f"        J{n} | decision | U{n} | 2026-{n:02d}-05 09:00:00 | 50000.00" for n in range(1, 13))

INDICATOR = Indicator(
    code="IR07",
    title=Text("En attestant, en leverantör", "One approver, one supplier"),
    means=Text(
        "En ny leverantör har fått minst {least_payments} fakturor betalda. Alla är attesterade av samma person, under "
        "personens beloppsgräns, utan beställning och avtal, med skiftande belopp.",
        "A new supplier has had at least {least_payments} invoices paid. All were approved by one person, under that "
        "person's limit, without order or contract, for changing amounts.",
    ),
    innocent=(
        Text("Liten enhet med en chef och en lokal hantverkare.", "A small unit with one manager and a local trader."),
        Text("Avtalet finns men är inte registrerat.", "There is a contract, but it is not registered."),
    ),
    do=Text(
        "Be om underlag för leveransen och se om attestanten har koppling till företaget: styrelse, bisyssla, adress.",
        "Ask for proof of delivery and look for ties between approver and firm: board, side job, address.",
    ),
    evidence_class="R",
    family="segregation",
    prior=Prior(3, 8, "by payee: 12 of 35 in four simulated development municipalities, 2 of 22 in one of them"),
    review_minutes=25,
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable="invoice_id IN (SELECT invoice_id FROM core_approvals WHERE step = 'decision')",
        missing="approvals.user_ref",
        needs=("approvals.limit_sek", "ap_postings.invoice_id", "suppliers.created_at"),
    ),
    params={
        "least_payments": Param(12, "payments", "a year's: fewer are approved by one person in most small units"),
        "new_days": Param(730, "days", "an old supplier of one unit is ordinary"),
        "least_spread": Param(0.25, "share", "standard deviation over mean: rents and fees do not vary"),
        "floor_sek": Param(5000, "sek", "below it a review costs more than it can bring back"),
    },
    sql="""
        WITH decided AS (
            SELECT invoice_id, arg_min(user_ref, approved_at) AS user_ref, max(limit_sek) AS limit_sek
            FROM core_approvals WHERE step = 'decision' AND NOT coalesce(is_substitute, FALSE) GROUP BY 1
        ), paid AS (
            SELECT p.payment_id, p.invoice_id, p.entity_key, p.booked_month, p.booking_date, p.amount_sek, d.user_ref,
                   d.limit_sek, s.created_at, p.order_no IS NOT NULL OR p.contract_id IS NOT NULL AS is_agreed
            FROM core_payments p LEFT JOIN decided d USING (invoice_id)
            LEFT JOIN core_suppliers s ON 'id:' || s.supplier_id = p.supplier_key
            WHERE p.is_live AND NOT p.is_redacted AND NOT p.is_one_time
        ), known AS (
            SELECT *, count(*) OVER w AS payments, bool_or(is_agreed) OVER w AS any_agreed,
                   min(user_ref) OVER w AS one_ref, max(user_ref) OVER w AS other_ref,
                   max(amount_sek / limit_sek) OVER w AS largest_share,
                   stddev_pop(amount_sek) OVER w / avg(amount_sek) OVER w AS spread
            FROM paid WINDOW w AS (PARTITION BY entity_key ORDER BY booked_month)
        )
        SELECT payment_id AS subject_key, booked_month AS service_month, payments AS value,
               amount_sek AS amount_at_risk_sek, [payment_id, invoice_id] AS evidence
        FROM known
        WHERE payments >= $least_payments AND NOT any_agreed AND one_ref = other_ref AND largest_share <= 1
          AND spread >= $least_spread AND amount_sek >= $floor_sek AND created_at >= booking_date - $new_days
    """,
    example=f"""
        core_suppliers
        supplier_id | name | created_at
        S1          | Ett  | 2025-12-01
        S2          | Två  | 2025-12-01
        core_payments
        payment_id | invoice_id | supplier_key | entity_key | amount_sek | booking_date
{_TWELVE}
{_HALF}
        core_approvals
        invoice_id | step | user_ref | approved_at | limit_sek
{_STEPS}
{_OTHERS}
    """,
    flags={"F12": "37000.00"},
    source="Indicator catalogue IR07, there S: here every step is on one person; typology T47",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
