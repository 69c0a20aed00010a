"""What may be ranked, side by side: payments to suppliers, and home-care lines.

A ledger invoice that compensation lines are paid by is the same money and is left out here, so that no krona counts
twice: its payments until the lines' sum is reached, and what is credited of it. What is paid once more is new money and
stays. A provider is the payee that bears its organisation number in the ledger; a ledger without invoice ids is met by
the provider's invoice number.
"""

import duckdb

_PROVIDERS = """(SELECT provider_id, min(entity_key) AS entity_key
  FROM core_providers p LEFT JOIN core_payees k ON k.org_no = p.org_no GROUP BY ALL)"""
_PAID_BY_LINES = f"""
CREATE OR REPLACE TEMP TABLE _paid_by_lines AS
WITH owed AS (
  SELECT invoice_id AS ref, entity_key, sum(amount_sek) AS lines_sek
  FROM core_compensation_lines LEFT JOIN {_PROVIDERS} USING (provider_id)
  WHERE is_delivered AND invoice_id IS NOT NULL GROUP BY ALL
), paid AS (
  SELECT p.payment_id, p.amount_sek, p.booked_month, p.booking_date, o.ref, o.lines_sek
  FROM core_payments p JOIN (SELECT ref, sum(lines_sek) AS lines_sek FROM owed GROUP BY 1) o ON o.ref = p.invoice_id
  UNION ALL SELECT p.payment_id, p.amount_sek, p.booked_month, p.booking_date, concat_ws(' ', o.ref, o.entity_key), o.lines_sek
  FROM core_payments p JOIN owed o ON o.ref = p.invoice_no AND o.entity_key = p.entity_key WHERE p.invoice_id IS NULL
)
SELECT payment_id FROM paid QUALIFY amount_sek <= 0 OR sum(amount_sek) OVER (PARTITION BY ref
  ORDER BY booked_month, booking_date, payment_id ROWS UNBOUNDED PRECEDING) - amount_sek < lines_sek
"""
_VIEW = f"""
CREATE OR REPLACE TEMP VIEW rankable AS
SELECT payment_id, 'supplier_payments' AS risk_area, booked_month, booked_month AS service_month, booking_date,
  entity_key AS payee_ref, supplier_name AS payee_name, is_redacted OR is_one_time AS is_hidden, amount_sek, is_live,
  is_expected, netted_month, invoice_no, voucher_no, account_no, account_text, department
FROM core_payments ANTI JOIN _paid_by_lines USING (payment_id)
UNION ALL BY NAME
SELECT line_id AS payment_id, 'home_care' AS risk_area, booked_month, service_month, NULL::DATE AS booking_date,
  coalesce(k.entity_key, 'provider ' || l.provider_id) AS payee_ref, coalesce(p.name, l.provider_id) AS payee_name,
  false AS is_hidden, amount_sek, amount_sek > 0 AS is_live, false AS is_expected, NULL::VARCHAR AS netted_month,
  l.payment_id AS voucher_no, service AS account_text, regime AS department
FROM core_compensation_lines l LEFT JOIN core_providers p USING (provider_id)
  LEFT JOIN {_PROVIDERS} k USING (provider_id)
WHERE is_delivered
"""


def prepare_rankable(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary view `rankable`: a row per payment that may be listed. Needs the core tables."""
    connection.execute(_PAID_BY_LINES)
    connection.execute(_VIEW)
