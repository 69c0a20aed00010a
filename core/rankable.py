"""What may be ranked, side by side: payments to suppliers, and home-care lines.

A ledger invoice that compensation lines are paid by is the same money and is left out here, so that no krona counts
twice. A provider is the payee that bears its organisation number in the ledger.
"""

import duckdb

_VIEW = """
CREATE OR REPLACE TEMP VIEW rankable AS
SELECT payment_id, 'supplier_payments' AS risk_area, booked_month, booked_month AS service_month, booking_date,
  entity_key AS payee_ref, supplier_name AS payee_name, is_redacted OR is_one_time AS is_hidden, amount_sek, is_live,
  is_expected, netted_month, invoice_no, voucher_no, account_no, account_text, department
FROM core_payments ANTI JOIN (SELECT DISTINCT invoice_id FROM core_compensation_lines WHERE is_delivered)
  USING (invoice_id)
UNION ALL BY NAME
SELECT line_id AS payment_id, 'home_care' AS risk_area, booked_month, service_month, NULL::DATE AS booking_date,
  coalesce(k.entity_key, 'provider ' || l.provider_id) AS payee_ref, coalesce(p.name, l.provider_id) AS payee_name,
  false AS is_hidden, amount_sek, amount_sek > 0 AS is_live, false AS is_expected, NULL::VARCHAR AS netted_month,
  l.payment_id AS voucher_no, service AS account_text, regime AS department
FROM core_compensation_lines l LEFT JOIN core_providers p USING (provider_id)
  LEFT JOIN (SELECT org_no, min(entity_key) AS entity_key FROM core_payees GROUP BY ALL) k ON k.org_no = p.org_no
WHERE is_delivered
"""


def prepare_rankable(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary view `rankable`: a row per payment that may be listed. Needs the core tables."""
    connection.execute(_VIEW)
