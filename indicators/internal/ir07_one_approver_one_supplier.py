"""One person alone approves everything a new supplier bills, never on an order or contract, always under the own limit."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

_TWELVE = "\n".join(f"        F{n} | I{n} | id:S1 | E1 | {n * 3000 + 1000}.00 | 2026-{n:02d}-10" for n in range(1, 13))
_HALF = "\n".join(f"        A{n} | J{n} | id:S2 | E2 | {n * 3000 + 1000}.00 | 2026-{n:02d}-10" for n in range(1, 13))
_STEPS = "\n".join(f"        I{n} | decision | U1 | 2026-{n:02d}-05 09:00:00 | 50000.00 |" for n in range(1, 13))
_OTHERS = "\n".join(f"        J{n} | decision | U{n} | 2026-{n:02d}-05 09:00:00 | 50000.00 |" for n in range(1, 13))
# of thirteen: the sixth approved by a second person too, by nobody known, by a substitute; N: two by nobody known
_OTHER = {"K": "U9 | false", "L": "", "M": "U9 | true", "N": ""}
_THIRTEEN = "\n".join(
    f"        {x}{n} | {x}{n} | id:S{k} | E{k} | {n * 3000 + 1000}.00 | 2026-{min(n, 12):02d}-{9 + n}"
    for k, x in enumerate(_OTHER, 3)
    for n in range(1, 14)
)
_WHO = "\n".join(
    f"        {x}{n} | decision | {who.split(' | ')[0]} | 2026-{min(n, 12):02d}-05 09:00:00 | 50000.00 | {who.split(' | ')[1]}"
    for x, other in _OTHER.items()
    for n in range(1, 14)
    for who in (
        [other] if n == 6 + (x == "N" and n == 7) and x != "K" else ["U1 | false", other] if n == 6 else ["U1 | false"]
    )
    if who
)

INDICATOR = Indicator(
    code="IR07",
    title=Text("En attestant, en leverantör", "One approver, one supplier"),
    means=Text(
        "En ny leverantör har fått minst {least_payments} fakturor betalda, utan beställning eller avtal och med skiftande "
        "belopp. Alla vars beslutsattest är känd (minst {least_told_share}) är attesterade av en och samma person eller "
        "dennes ersättare, var och en under personens beloppsgräns.",
        "A new supplier has had at least {least_payments} invoices paid, without order or contract and for changing "
        "amounts. All whose approval is known (at least {least_told_share}) were approved by one and the same person, or a "
        "substitute, each under that person's limit.",
    ),
    measured=Measured(Text("Fakturor hittills", "Invoices so far")),
    innocent=(
        Text("Liten enhet med en chef och en lokal hantverkare.", "A small unit with one manager and a local trader."),
        Text("Avtalet finns men är inte registrerat.", "There is a contract, but it is not registered."),
    ),
    do=Text(
        "Be om underlag för leveransen och se om attestanten har koppling till företaget: styrelse, bisyssla, adress.",
        "Ask for proof of delivery and look for ties between approver and firm: board, side job, address.",
    ),
    evidence_class="R", family="segregation",
    prior=Prior(3, 8, "by payee: 12 of 35 in four simulated development municipalities, 2 of 22 in one of them"), review_minutes=25,
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable="invoice_id IN (SELECT invoice_id FROM core_approvals WHERE step = 'decision')",
        missing="approvals.user_ref", needs=("approvals.limit_sek", "suppliers.created_at", "ap_postings.invoice_id", "ap_postings.order_no",
               "ap_postings.contract_id"),
    ),
    params={
        "least_payments": Param(12, "payments", "a year's: fewer are approved by one person in most small units"),
        "least_told_share": Param(0.9, "share", "a lost approval hides no pattern; many say that the log is not whole"),
        "new_days": Param(730, "days", "an old supplier of one unit is ordinary"),
        "least_spread": Param(0.25, "share", "standard deviation over mean: rents and fees do not vary"),
        "floor_sek": Param(5000, "sek", "below it a review costs more than it can bring back"),
    },
    sql="""
        WITH decided AS (
            SELECT invoice_id, count(DISTINCT user_ref) = 1 AS is_alone,  -- one who is stood in for approves nothing
                   min(user_ref) FILTER (is_substitute IS DISTINCT FROM TRUE) AS user_ref,
                   max(limit_sek) FILTER (is_substitute IS DISTINCT FROM TRUE) AS limit_sek
            FROM core_approvals WHERE step = 'decision' GROUP BY 1
        ), paid AS (
            SELECT p.payment_id, p.invoice_id, p.entity_key, p.booked_month, p.booking_date, p.amount_sek, d.user_ref, d.limit_sek, s.created_at, is_alone IS NOT NULL AS is_told, coalesce(p.order_no, p.contract_id) IS NOT NULL OR NOT coalesce(is_alone, TRUE) AS is_ordinary
            FROM core_payments p LEFT JOIN decided d USING (invoice_id)
            LEFT JOIN core_suppliers s ON 'id:' || s.supplier_id = p.supplier_key
            WHERE p.is_live AND NOT p.is_redacted AND NOT p.is_one_time
        ), known AS (
            SELECT *, count(*) FILTER (is_told) OVER w AS payments, avg(is_told::INTEGER) OVER w AS told_share, bool_or(is_ordinary) OVER w AS any_ordinary,
                   min(user_ref) OVER w AS one_ref, max(user_ref) OVER w AS other_ref, max(amount_sek / limit_sek) OVER w AS largest_share, stddev_pop(amount_sek) OVER w / avg(amount_sek) OVER w AS spread
            FROM paid WINDOW w AS (PARTITION BY entity_key ORDER BY booked_month)
        )
        SELECT h.payment_id AS subject_key, h.booked_month AS service_month, h.payments AS value, h.amount_sek AS amount_at_risk_sek, [h.payment_id, h.invoice_id] || list_transform(
                 max({'month': q.booked_month, 'payment_id': q.payment_id}, 20) FILTER (q.payment_id <> h.payment_id),
                 lambda x: x.payment_id) AS evidence
        FROM (FROM known WHERE is_told AND payments >= $least_payments AND told_share >= $least_told_share AND NOT any_ordinary AND one_ref = other_ref AND largest_share <= 1
          AND spread >= $least_spread AND amount_sek >= $floor_sek AND created_at >= booking_date - $new_days) h
        JOIN core_payments q ON q.entity_key = h.entity_key AND q.booked_month <= h.booked_month AND q.is_live GROUP BY h.payment_id, h.booked_month, h.payments, h.amount_sek, h.invoice_id
    """,
    example=f"""
        core_suppliers
        supplier_id | name | created_at
        S1          | Ett  | 2025-12-01
        S2          | Två  | 2025-12-01
        S3          | Tre  | 2025-12-01
        S4          | Fyra | 2025-12-01
        S5          | Fem  | 2025-12-01
        S6          | Sex  | 2025-12-01
        core_payments
        payment_id | invoice_id | supplier_key | entity_key | amount_sek | booking_date
{_TWELVE}
{_HALF}
{_THIRTEEN}
        core_approvals
        invoice_id | step | user_ref | approved_at | limit_sek | is_substitute
{_STEPS}
{_OTHERS}
{_WHO}
    """,
    flags={"F12": "37000.00", "L12": "37000.00", "L13": "40000.00", "M12": "37000.00", "M13": "40000.00"},
    shown={"F12": "12 | F12 I12 F11 F10 F9 F8 F7 F6 F5 F4 F3 F2 F1"},
    source="Indicator catalogue IR07, there S: here every step is on one person; typology T47",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
