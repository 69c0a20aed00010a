"""An invoice is dated after all the payee's earlier ones but bears a number the series has already passed."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP28",
    title=Text("Fakturanumret går bakåt", "Invoice number goes backwards"),
    means=Text(
        "Fakturan är daterad efter mottagarens tidigare fakturor men har ett lägre nummer än serien redan "
        "nått, efter minst {rising_months} månader av stigande nummer. Beloppet är minst {floor_sek} kr.",
        "The invoice is dated after the payee's earlier ones but has a number the series passed before, after at "
        "least {rising_months} months of rising numbers. The amount is at least {floor_sek} kr.",
    ),
    measured=Measured(Text("Nummer efter seriens högsta", "Numbers behind the highest of the series")),
    innocent=(
        Text("Mottagaren har flera nummerserier.", "The payee has several number series."),
        Text("Mottagaren har bytt faktureringssystem.", "The payee changed its invoicing system."),
    ),
    do=Text(
        "Jämför fakturan med mottagarens övriga: nummer, utseende, konto och vem som beställde.",
        "Compare the invoice with the payee's others: number, look, account and who ordered.",
    ),
    evidence_class="S",
    family="sequence",
    prior=Prior(1, 49, "catalogue SP28: two series explain most hits; a made-up invoice gets a made-up number"),
    review_minutes=15,
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable="ref_number IS NOT NULL AND invoice_date IS NOT NULL", missing="ap_postings.invoice_date",
        needs=("ap_postings.invoice_no", "ap_postings.invoice_date"),
    ),
    params={
        "rising_months": Param(12, "months", "a series that rose this many active months is one series"),
        "floor_sek": Param(10_000, "sek", "below it a review costs more than it can bring back"),
    },
    sql="""
        WITH month AS (
            SELECT entity_key, length(invoice_no) AS digits, booked_month, min(ref_number) AS low,
                   max(invoice_date) AS newest, max(max({'n': ref_number, 'payment_id': payment_id})) OVER earlier AS passed,
                   max(max(ref_number)) OVER earlier AS top,
                   min(low) OVER earlier AS bottom, max(newest) OVER earlier AS last_date,
                   count(*) OVER earlier AS months_before
            FROM core_payments
            WHERE is_live AND NOT is_redacted AND NOT is_one_time AND ref_number IS NOT NULL
              AND invoice_date IS NOT NULL
            GROUP BY 1, 2, 3
            WINDOW earlier AS (PARTITION BY entity_key, digits ORDER BY booked_month
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        ), backwards AS (
            SELECT p.payment_id, p.amount_sek, p.ref_number, m.*
            FROM core_payments p JOIN month m
              ON m.entity_key = p.entity_key AND m.booked_month = p.booked_month AND m.digits = length(p.invoice_no)
            WHERE p.is_live AND m.low < m.top AND m.newest > m.last_date
              AND p.ref_number < m.top AND p.ref_number > m.bottom AND p.invoice_date > m.last_date
        ), broken AS (
            SELECT entity_key, digits, booked_month,
                   any_value(months_before) - coalesce(lag(any_value(months_before)) OVER series, 0) AS rising_months
            FROM backwards GROUP BY 1, 2, 3
            WINDOW series AS (PARTITION BY entity_key, digits ORDER BY booked_month)
        )
        SELECT payment_id AS subject_key, booked_month AS service_month, amount_sek AS amount_at_risk_sek,
               (top - ref_number)::DOUBLE AS value, [payment_id, passed.payment_id] AS evidence
        FROM backwards JOIN broken USING (entity_key, digits, booked_month)
        WHERE rising_months >= $rising_months AND amount_sek >= $floor_sek
    """,
    example="""
        core_payments
        payment_id | entity_key | booking_date | invoice_date | invoice_no | ref_number | amount_sek
        O01        | one        | 2025-01-20   | 2025-01-05   | 2000       | 2000       | 500.00
        O02        | one        | 2025-02-20   | 2025-02-05   | 2010       | 2010       | 500.00
        O03        | one        | 2025-03-20   | 2025-03-05   | 2020       | 2020       | 500.00
        O04        | one        | 2025-04-20   | 2025-04-05   | 2030       | 2030       | 500.00
        O05        | one        | 2025-05-20   | 2025-05-05   | 2040       | 2040       | 500.00
        O06        | one        | 2025-06-20   | 2025-06-05   | 2050       | 2050       | 500.00
        O07        | one        | 2025-07-20   | 2025-07-05   | 2060       | 2060       | 500.00
        O08        | one        | 2025-08-20   | 2025-08-05   | 2070       | 2070       | 500.00
        O09        | one        | 2025-09-20   | 2025-09-05   | 2080       | 2080       | 500.00
        O10        | one        | 2025-10-20   | 2025-10-05   | 2090       | 2090       | 500.00
        O11        | one        | 2025-11-20   | 2025-11-05   | 2100       | 2100       | 500.00
        O12        | one        | 2025-12-20   | 2025-12-05   | 2110       | 2110       | 500.00
        T01        | two        | 2025-01-20   | 2025-01-05   | 2000       | 2000       | 500.00
        T02        | two        | 2025-02-20   | 2025-02-05   | 2010       | 2010       | 500.00
        T03        | two        | 2025-03-20   | 2025-03-05   | 2020       | 2020       | 500.00
        T04        | two        | 2025-04-20   | 2025-04-05   | 2030       | 2030       | 500.00
        T05        | two        | 2025-05-20   | 2025-05-05   | 2040       | 2040       | 500.00
        T06        | two        | 2025-06-20   | 2025-06-05   | 2050       | 2050       | 500.00
        T07        | two        | 2025-07-20   | 2025-07-05   | 2060       | 2060       | 500.00
        T08        | two        | 2025-08-20   | 2025-08-05   | 2070       | 2070       | 500.00
        T09        | two        | 2025-09-20   | 2025-09-05   | 2080       | 2080       | 500.00
        T10        | two        | 2025-10-20   | 2025-10-05   | 2090       | 2090       | 500.00
        T11        | two        | 2025-11-20   | 2025-11-05   | 2100       | 2100       | 500.00
        T12        | two        | 2025-12-20   | 2025-12-05   | 2110       | 2110       | 500.00
        L01        | late       | 2025-01-20   | 2025-01-05   | 2000       | 2000       | 500.00
        L02        | late       | 2025-02-20   | 2025-02-05   | 2010       | 2010       | 500.00
        L03        | late       | 2025-03-20   | 2025-03-05   | 2020       | 2020       | 500.00
        L04        | late       | 2025-04-20   | 2025-04-05   | 2030       | 2030       | 500.00
        L05        | late       | 2025-05-20   | 2025-05-05   | 2040       | 2040       | 500.00
        L06        | late       | 2025-06-20   | 2025-06-05   | 2050       | 2050       | 500.00
        L07        | late       | 2025-07-20   | 2025-07-05   | 2060       | 2060       | 500.00
        L08        | late       | 2025-08-20   | 2025-08-05   | 2070       | 2070       | 500.00
        L09        | late       | 2025-09-20   | 2025-09-05   | 2080       | 2080       | 500.00
        L10        | late       | 2025-10-20   | 2025-10-05   | 2090       | 2090       | 500.00
        L11        | late       | 2025-11-20   | 2025-11-05   | 2100       | 2100       | 500.00
        L12        | late       | 2025-12-20   | 2025-12-05   | 2110       | 2110       | 500.00
        F13        | one        | 2026-01-20   | 2026-01-05   | 2045       | 2045       | 20000.00
        A14        | one        | 2026-01-21   | 2026-01-06   | 2047       | 2047       | 2000.00
        A15        | one        | 2026-01-21   | 2026-01-06   | 2150       | 2150       | 20000.00
        A16        | one        | 2026-02-21   | 2026-02-06   | 2055       | 2055       | 20000.00
        A17        | two        | 2026-01-20   | 2026-01-05   | 1001       | 1001       | 20000.00
        A18        | two        | 2026-01-20   | 2026-01-05   | 905        | 905        | 20000.00
        A19        | late       | 2026-01-20   | 2025-06-15   | 2055       | 2055       | 20000.00
    """,
    flags={"F13": "20000.00"},
    shown={"F13": "65 | F13 O12"},
    source="Indicator catalogue SP28; MindBridge lists out of order numbers",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
