"""What the registers say of a listed payee by the end of the month: permits, contracts, roles, links, exclusions, company.

A row counts when its file was delivered by that month and met its contract; the latest delivery of a key wins, as in
core. Persons are the tokens of the raw tables, never names. A link is another payee in which a person of this payee's
board or management has such a role at the same time; auditors, who serve many, make none.
"""

from fut.accepted import LATEST_FIRST, accepted


def _accepted(table: str, dated: str, key: str, among: str = "true") -> str:
    """Return a register's rows as of each month; `among` may leave out whole keys, never some of a key's rows."""
    return (
        f"SELECT m.month, m.last_day, r.* FROM (SELECT r.*, d.month AS delivered, d.period_end FROM {accepted(table)}) r "
        "JOIN closing m ON coalesce(r.delivered, strftime(r.period_end, '%Y-%m'), m.month) <= m.month "
        f"WHERE {dated} <= m.last_day AND {among} QUALIFY row_number() OVER (PARTITION BY m.month, {key} ORDER BY "
        f"{LATEST_FIRST}) = 1"
    )


def _yes_no(column: str) -> str:
    return f"CASE {column} WHEN TRUE THEN 'yes' WHEN FALSE THEN 'no' END AS {column}"


_OWN = "(SELECT org_no FROM own)"
_THEIRS = f"r.person_ref IN (SELECT person_ref FROM raw_company_roles WHERE org_no IN {_OWN})"
PAYEE_RECORDS = f"""WITH closing AS (
  SELECT month, last_day((month || '-01')::DATE) AS last_day FROM _shown_months
), numbered AS (
  SELECT org_no, min(entity_key) AS payee_ref, any_value(name ORDER BY supplier_key) AS name FROM core_payees
  WHERE org_no IS NOT NULL GROUP BY 1
), known AS (
  FROM numbered UNION ALL SELECT org_no, 'provider ' || min(provider_id), any_value(name ORDER BY provider_id)
  FROM core_providers ANTI JOIN numbered USING (org_no) WHERE org_no IS NOT NULL GROUP BY 1
), own AS (
  SELECT DISTINCT l.month, l.payee_ref, k.org_no FROM _shown_listed l JOIN known k USING (payee_ref)
), permits AS ({_accepted("permits", "r.valid_from", "permit_id, valid_from")}
), contracts AS ({_accepted("contracts", "r.valid_from", "contract_id")}
), roles AS ({_accepted("company_roles", "r.valid_from", "org_no, person_ref, role, valid_from", _THEIRS)}
), excluded AS (
  {_accepted("exclusions", "r.decided_date", "org_no, person_ref, reason, decided_date, r.source")}
), companies AS (
  FROM ({_accepted("company_register", "r.as_of", "org_no, as_of", f"r.org_no IN {_OWN}")})
  QUALIFY row_number() OVER (PARTITION BY month, org_no ORDER BY as_of DESC) = 1
), leaders AS (FROM roles WHERE role <> 'auditor'
), facts AS (
  UNPIVOT (SELECT month, org_no, as_of, status, {_yes_no("f_tax")}, {_yes_no("vat_registered")}, {_yes_no("employer")},
    _source_file, _source_line FROM companies)
  ON status, f_tax, vat_registered, employer INTO NAME what VALUE said
)
FROM (
  SELECT o.month AS _month, o.payee_ref, 'permit' AS kind, permit_id AS number, service AS what,
    if(status_date > last_day, NULL, status) AS status, NULL AS other_ref, NULL AS other_name, valid_from, valid_to,
    NULL::DECIMAL(14,2) AS amount_sek, _source_file AS source_file, _source_line AS source_line
  FROM own o JOIN permits p USING (month, org_no)
  UNION ALL SELECT o.month, payee_ref, 'contract', contract_id, category, procurement, NULL, NULL, valid_from, valid_to,
    ceiling_sek, _source_file, _source_line
  FROM own o JOIN contracts c ON c.month = o.month AND c.supplier_ref = o.org_no
  UNION ALL SELECT o.month, payee_ref, 'role', person_ref, role, NULL, NULL, NULL, valid_from, valid_to, NULL,
    _source_file, _source_line
  FROM own o JOIN roles USING (month, org_no)
  UNION ALL SELECT DISTINCT o.month, o.payee_ref, 'link', b.person_ref, b.role, NULL, k.payee_ref, k.name, b.valid_from,
    b.valid_to, NULL::DECIMAL(14,2), b._source_file, b._source_line
  FROM own o JOIN leaders a USING (month, org_no) JOIN leaders b ON b.month = a.month AND b.person_ref = a.person_ref AND
    b.org_no <> a.org_no AND b.valid_from <= coalesce(a.valid_to, DATE '9999-12-31') AND a.valid_from <=
    coalesce(b.valid_to, DATE '9999-12-31') JOIN known k ON k.org_no = b.org_no AND k.payee_ref <> o.payee_ref
  UNION ALL SELECT DISTINCT o.month, payee_ref, 'exclusion', e.person_ref, reason, e.source, NULL, NULL, decided_date,
    NULL::DATE, NULL::DECIMAL(14,2), e._source_file, e._source_line
  FROM own o LEFT JOIN leaders a USING (month, org_no) JOIN excluded e ON e.month = o.month AND
    (e.org_no = o.org_no AND e.person_ref IS NULL OR e.person_ref = a.person_ref)
  UNION ALL SELECT o.month, payee_ref, 'company', o.org_no, what, said, NULL, NULL, as_of, NULL, NULL, _source_file,
    _source_line
  FROM own o JOIN facts USING (month, org_no)
) ORDER BY payee_ref, kind, number, what, valid_from, other_ref, source_file, source_line"""
"""For a block of months: `_shown_listed` has month and payee_ref, `_shown_months` has month."""
