"""One account, one spelling: hyphens, blanks, leading zeros and words like "Bg" differ between a ledger and a register.

Indicators compare accounts as text. Of an account written in several ways the spelling that the ledger used first stands
in every core table; an account written in one way only stays as delivered. The same digits hyphenated as a bankgiro
and as a plusgiro number are two accounts, and spellings between them are left alone.
"""

import duckdb

_COLUMNS = (
    ("core_payments", "payee_account", "TRUE"),
    ("core_payees", "payee_account", "TRUE"),
    ("core_suppliers", "payee_account", "TRUE"),
    ("core_payee_accounts", "payee_account", "TRUE"),
    ("core_supplier_changes", "old_value", "is_account"),
    ("core_supplier_changes", "new_value", "is_account"),
)
ACCOUNT_FIELDS = "('payee_account', 'bankgiro', 'plusgiro', 'iban', 'account', 'konto')"
_IS_ACCOUNT = f"lower(field) IN {ACCOUNT_FIELDS}"
_KEY = (
    "nullif(ltrim(regexp_replace(regexp_replace(upper(account), '^ *(BANKGIRO|PLUSGIRO|POSTGIRO|IBAN|BG|PG)[ .:]*([0-9]|SE)', '\\2'), "
    "'[^0-9A-Z]+', '', 'g'), '0'), '')"
)
_SPELLED = f"""
CREATE OR REPLACE TEMP TABLE _spelled AS
WITH written AS (
  SELECT payee_account AS account, min(booked_month) AS first_month FROM core_payments GROUP BY 1
  UNION ALL {
    " UNION ALL ".join(
        f"SELECT {name}, NULL FROM {table} WHERE {where}" for table, name, where in _COLUMNS[1:]
    ).replace("is_account", _IS_ACCOUNT)
}
), keyed AS (
  SELECT account, {_KEY} AS key, coalesce(min(first_month), '9999') AS first_month,
    CASE WHEN regexp_matches(account, '[0-9]-[0-9]{{4}}$') THEN 'bankgiro'
         WHEN regexp_matches(account, '^[^-]*[0-9]-[0-9]$') THEN 'plusgiro' END AS shape
  FROM written WHERE account IS NOT NULL GROUP BY 1
)
SELECT k.account, spelling FROM keyed k JOIN (
  SELECT key, arg_min(account, {{'m': first_month, 'a': account}}) AS spelling FROM keyed WHERE key IS NOT NULL
  GROUP BY 1 HAVING count(*) > 1 AND count(DISTINCT shape) < 2) USING (key)
WHERE account <> spelling
"""


def unify_accounts(connection: duckdb.DuckDBPyConnection) -> None:
    """Write each payee account as the ledger first did, in every core table that holds accounts."""
    connection.execute(_SPELLED)
    if connection.execute("FROM _spelled LIMIT 1").fetchone():
        for table, name, where in _COLUMNS:
            connection.execute(
                f"UPDATE {table} SET {name} = spelling FROM _spelled WHERE account = {name} AND "
                f"{where.replace('is_account', _IS_ACCOUNT)}"
            )
    connection.execute("DROP TABLE _spelled")
