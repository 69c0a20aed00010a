"""A payee nobody knew before sends invoices numbered one after the other, as if to us alone."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP42",
    title=Text("Ny mottagare, nummer i följd", "New payee, unbroken numbers"),
    means=Text(
        "Mottagaren är högst {new_months} månader gammal och har skickat minst {invoices} fakturor för minst "
        "{floor_sek} kr, numrerade utan lucka: vi tycks vara dess enda kund.",
        "The payee is at most {new_months} months old and sent at least {invoices} invoices for at least "
        "{floor_sek} kr, numbered without a gap: we seem to be its only customer.",
    ),
    measured=Measured(Text("Fakturor hittills", "Invoices so far")),
    innocent=(
        Text("En nystartad liten firma med oss som första kund.", "A new small firm with us as its first customer."),
        Text("Numren räknas per kund.", "The numbers are counted per customer."),
    ),
    do=Text(
        "Se när företaget startade, vem som beställde och vad som levererades.",
        "See when the firm started, who ordered, and what was delivered.",
    ),
    evidence_class="S",
    family="sequence",
    prior=Prior(1, 32, "typology T40, T43: most such payees are small new firms"),
    review_minutes=20,
    subject="payee",
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable="ref_number IS NOT NULL AND channel IS DISTINCT FROM 'self_billing'",
        missing="ap_postings.invoice_no",
        needs=("ap_postings.invoice_no",),
    ),
    params={
        "new_months": Param(3, "months", "later SP27 tells it, from a year of numbers"),
        "warmup_months": Param(6, "months", "in the first half year of a ledger every payee looks new"),
        "invoices": Param(3, "invoices", "two numbers follow each other by chance"),
        "floor_sek": Param(5000, "sek", "paid so far: below it a review costs more than it can bring back"),
    },
    sql="""
        WITH payee AS (
            SELECT entity_key, (min(booked_month) || '-01')::DATE AS first_date,
                   (min(min(booked_month)) OVER () || '-01')::DATE AS start_date,
                   strftime(first_date + to_months($new_months::INT), '%Y-%m') AS known_month
            FROM core_payments WHERE NOT is_redacted AND NOT is_one_time
            GROUP BY 1
        ), month AS (
            SELECT entity_key, booked_month, count(*) AS n, count(DISTINCT ref_number) AS numbers,
                   min(ref_number) AS low, max(ref_number) AS high, sum(amount_sek) AS paid_sek,
                   sum((abs(ref_number % 100 - month(booking_date)) IN (0, 1, 11)
                        AND ref_number // 100 % 100 - year(booking_date) % 100 IN (-1, 0, 1))::INT) AS date_n,
                   list({'payment_id': payment_id, 'amount_at_risk_sek': amount_sek}) AS payments
            FROM core_payments JOIN payee USING (entity_key)
            WHERE is_live AND channel IS DISTINCT FROM 'self_billing'
              AND first_date >= start_date + to_months($warmup_months::INT)
              AND booked_month < known_month
            GROUP BY 1, 2
        ), so_far AS (
            SELECT *, list_transform(flatten(list(payments) OVER w), lambda x: x.payment_id) AS so_far_ids,
                   sum(n) OVER w AS bills, sum(numbers) OVER w AS distinct_numbers, sum(paid_sek) OVER w AS total_sek,
                   sum(date_n) OVER w AS date_bills, max(high) OVER w - min(low) OVER w + 1 AS span
            FROM month WINDOW w AS (PARTITION BY entity_key ORDER BY booked_month)
        )
        SELECT entity_key AS subject_key, booked_month AS service_month, bills AS value,
               paid_sek AS amount_at_risk_sek, list_sort(payments) AS payments, list_sort(so_far_ids)[:20] AS evidence
        FROM so_far
        WHERE bills >= $invoices AND distinct_numbers = bills AND span = bills AND total_sek >= $floor_sek
          AND 2 * date_bills < bills
    """,
    example="""
        core_payments
        payment_id | entity_key | booking_date | ref_number | amount_sek
        A0         | old        | 2025-06-05   | 900        | 4000.00
        A1         | new        | 2026-02-05   | 101        | 4000.00
        F2         | new        | 2026-03-05   | 102        | 2000.00
        F3         | new        | 2026-03-25   | 103        | 3000.00
        A4         | new        | 2026-05-05   | 104        | 3000.00
        B1         | gap        | 2026-02-05   | 101        | 4000.00
        B2         | gap        | 2026-03-05   | 102        | 4000.00
        B3         | gap        | 2026-03-25   | 104        | 4000.00
        C1         | two        | 2026-03-05   | 101        | 4000.00
        C2         | two        | 2026-03-25   | 102        | 4000.00
        D1         | old        | 2026-03-05   | 901        | 4000.00
        D2         | old        | 2026-03-25   | 902        | 4000.00
        E1         | small      | 2026-03-05   | 101        | 1000.00
        E2         | small      | 2026-03-15   | 102        | 1000.00
        E3         | small      | 2026-03-25   | 103        | 2999.99
        G1         | same       | 2026-03-05   | 101        | 4000.00
        G2         | same       | 2026-03-15   | 101        | 4000.00
        G3         | same       | 2026-03-25   | 102        | 4000.00
        D3         | dates      | 2026-02-05   | 202602     | 4000.00
        D4         | dates      | 2026-03-05   | 202603     | 4000.00
        D5         | dates      | 2026-04-05   | 202604     | 4000.00
        H1         | early      | 2025-07-05   | 101        | 4000.00
        H2         | early      | 2025-07-15   | 102        | 4000.00
        H3         | early      | 2025-07-25   | 103        | 4000.00
    """,
    flags={"new": "5000.00"},
    shown={"new": "3 | A1 F2 F3"},
    source="typology T40; catalogue SP27 for payees too new for a year of numbers",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
