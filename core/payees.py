"""Payees: the ledger's own records, and the real organisation behind each of them.

A hidden name never becomes one giant supplier and a one-time record is split by name.
"""

import duckdb
import polars as pl

from fut.frames import put
from fut.identity import parse_org_no, repair_org_no

COMPANY_FORMS = (
    "AB|AKTIEBOLAG|HB|HANDELSBOLAG|KB|KOMMANDITBOLAG|EF|EK FOR|EKONOMISK FORENING|LTD|LIMITED|PLC|LLP|CIC|INC|GMBH|"
    "A S|AS|OY|I LIKVIDATION|I KONKURS|PUBL"
)
# one expression for a name however it was typed: accents folded, punctuation gone, company form off the end
NAME_KEY = (
    "nullif(trim(regexp_replace(regexp_replace(regexp_replace(upper(strip_accents({name})), '[^A-Z0-9]+', ' ', 'g'), "
    f"'( ({COMPANY_FORMS}))+ *$', ''), '^(AB|HB|KB) ', '')), '')"
)
# the ledger's own record of a payee, told from a posting alone
SUPPLIER_KEY = f"""CASE WHEN supplier_id = 'one-time' OR supplier_id IN (SELECT supplier_id FROM core_suppliers WHERE
  is_one_time) THEN 'once:' || coalesce(CASE WHEN supplier_name <> '*' THEN {NAME_KEY.format(name="supplier_name")} END,
  voucher_no)
  WHEN supplier_id IS NOT NULL THEN 'id:' || supplier_id WHEN supplier_ref IS NOT NULL THEN 'ref:' || supplier_ref
  WHEN supplier_name = '*' THEN 'hidden:' || voucher_no
  ELSE 'name:' || coalesce({NAME_KEY.format(name="supplier_name")}, supplier_name) END"""
_DISTINCT = f"""
CREATE OR REPLACE TEMP TABLE _payee_rows AS
WITH posted AS (
  SELECT supplier_key, supplier_id, supplier_ref, supplier_name, count(*) AS n, min(booked_month) AS first_month
  FROM raw_ap_postings r JOIN _keys ON r.rowid = rid GROUP BY ALL
)
SELECT p.*, {NAME_KEY.format(name="supplier_name")} AS name_key, supplier_name = '*' AS is_redacted, r.address,
  coalesce(regexp_replace(r.postal_code, '[^0-9A-Za-z]+', '', 'g'), r.city) AS town,
  r.payee_account, r.created_at, r.created_by, coalesce(r.supplier_ref, p.supplier_ref) AS number,
  starts_with(supplier_key, 'once:') AS is_one_time
FROM posted p LEFT JOIN core_suppliers r ON r.supplier_id = p.supplier_id
"""
_PAYEES = """
CREATE OR REPLACE TABLE core_payees AS
WITH latest AS (
  SELECT supplier_key, max(supplier_id) AS supplier_id, max(number) AS number, min(first_month) AS first_month,
         max(struct_pack(n := n, name := supplier_name)).name AS name,
         max(struct_pack(n := n, name := name_key)).name AS name_key,
         max(address) AS address, max(town) AS town, max(payee_account) AS payee_account, min(created_at) AS created_at,
         min(created_by) AS created_by, bool_or(is_redacted) AS is_redacted, bool_or(is_one_time) AS is_one_time
  FROM _payee_rows GROUP BY supplier_key
), numbered AS (
  SELECT l.*, n.org_no, n.org_no_problem, n.org_no_repair, coalesce(n.is_personal, false) AS is_personal,
         -- a street alone is in every town: it says nothing without postal code or city, beside it or in it
         CASE WHEN town IS NOT NULL OR regexp_matches(address, '[0-9]{3} ?[0-9]{2}([^0-9]|$)')
              THEN nullif(trim(regexp_replace(upper(strip_accents(concat_ws(' ', address, town))), '[^A-Z0-9]+', ' ', 'g')), '')
              END AS address_key
  FROM latest l LEFT JOIN _numbers n USING (number)
), owner AS (
  SELECT name_key, min(org_no) AS org_no FROM numbered WHERE org_no IS NOT NULL AND NOT is_redacted AND
         length(name_key) >= 5 GROUP BY name_key HAVING count(DISTINCT org_no) = 1
)
SELECT supplier_key,
       CASE WHEN n.org_no IS NOT NULL THEN 'org:' || n.org_no WHEN is_redacted OR name_key IS NULL THEN supplier_key
            WHEN o.org_no IS NOT NULL THEN 'org:' || o.org_no WHEN length(name_key) >= 5 THEN 'name:' || name_key
            ELSE supplier_key END AS entity_key,
       supplier_id, n.org_no, org_no_problem, org_no_repair, is_personal, name, name_key, address_key,
       regexp_matches(upper(address), '(^|[^A-Z])(C/O|BOX)([^A-Z]|$)') AS is_care_of,
       payee_account, created_at, created_by, first_month, is_redacted, is_one_time
FROM numbered n LEFT JOIN owner o USING (name_key) ORDER BY supplier_key
"""


def resolve_payees(connection: duckdb.DuckDBPyConnection) -> None:
    """Build core_payees, and the temporary `_payee_rows` that maps each spelling in the ledger to its record."""
    connection.execute(_DISTINCT)
    found = connection.execute("SELECT DISTINCT number FROM _payee_rows WHERE number IS NOT NULL ORDER BY 1").fetchall()
    put(connection, "_numbers", _numbers([row[0] for row in found]))
    connection.execute(_PAYEES)


def _numbers(numbers: list[str]) -> pl.DataFrame:
    """Judge each distinct number: an organisation number, a sole trader's token, or the ledger's own id."""
    read = {number: parse_org_no(number) for number in numbers}
    known = {r.normal for r in read.values() if r.is_valid and r.normal}
    rows = []
    for number, org_no in read.items():
        is_token = number.startswith(("P-", "U-"))
        is_wrong = not org_no.is_valid and org_no.problem in ("check_digit", "third_digit", "excel")
        repairs = repair_org_no(number, known) if is_wrong else []
        rows.append(
            {
                "number": number,
                "org_no": number if is_token else org_no.normal if org_no.is_valid else None,
                "org_no_problem": org_no.problem if is_wrong and not is_token else None,
                "org_no_repair": repairs[0] if len(repairs) == 1 else None,
                "is_personal": is_token,
            }
        )
    schema = {"number": pl.String, "org_no": pl.String, "org_no_problem": pl.String, "org_no_repair": pl.String,
              "is_personal": pl.Boolean}  # fmt: skip
    return pl.DataFrame(rows, schema=schema)
