"""What may be ranked, side by side: payments to suppliers, and home-care lines.

A ledger invoice that compensation lines are paid by is the same money: of its payments only what goes beyond the lines'
sum, or below 0 what lacks of it, stays here, as an amount of its own, so that no krona counts twice.
"""

import duckdb

from core.paid_by_lines import PAID_BY_LINES, PROVIDER_PAYEES

# less than a krona from the lines is an invoice rounded to whole kronor
_PAID = f"CREATE OR REPLACE TEMP TABLE _paid_by_lines AS SELECT payment_id, beyond_sek FROM ({PAID_BY_LINES})"
_VIEW = f"""
CREATE OR REPLACE TEMP VIEW rankable AS
SELECT payment_id, 'supplier_payments' AS risk_area, booked_month, booked_month AS service_month, booking_date,
  entity_key AS payee_ref, supplier_name AS payee_name, is_redacted OR is_one_time AS is_hidden,
  coalesce(beyond_sek, amount_sek) AS amount_sek, is_live, is_expected, netted_month, netted_by, invoice_no, voucher_no,
  account_no, account_text, department
FROM core_payments LEFT JOIN _paid_by_lines USING (payment_id) WHERE coalesce(beyond_sek >= 1 OR beyond_sek <= -1 AND amount_sek > 0, true)
UNION ALL BY NAME
SELECT line_id AS payment_id, 'home_care' AS risk_area, booked_month, service_month, NULL::DATE AS booking_date,
  coalesce(k.entity_key, 'provider ' || l.provider_id) AS payee_ref, coalesce(p.name, l.provider_id) AS payee_name,
  false AS is_hidden, amount_sek, amount_sek > 0 AS is_live, false AS is_expected, NULL::VARCHAR AS netted_month,
  NULL::VARCHAR AS netted_by,
  l.payment_id AS voucher_no, service AS account_text, regime AS department
FROM core_compensation_lines l LEFT JOIN core_providers p USING (provider_id)
  LEFT JOIN {PROVIDER_PAYEES} k USING (provider_id)
WHERE is_delivered
"""


def prepare_rankable(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary view `rankable`: a row per payment that may be listed. Needs the core tables."""
    connection.execute(_PAID)
    connection.execute(_VIEW)
