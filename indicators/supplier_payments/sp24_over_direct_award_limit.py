"""Purchases from one payee in twelve months exceed the direct award limit, and no contract covers them."""

from datetime import date

from core.limits import known_in
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP24",
    title=Text("Över direktupphandlingsgränsen utan avtal", "Over direct award limit, uncontracted"),
    means=Text(
        "Inköpen utan avtal från mottagaren har på tolv månader passerat direktupphandlingsgränsen "
        "({direct_award}). Minst {floor_sek} kr ligger över den.",
        "Uncontracted purchases from the payee passed the direct award limit ({direct_award}) within twelve months. At "
        "least {floor_sek} kr lies above it.",
    ),
    measured=Measured(Text("Köpt på tolv månader", "Bought in twelve months"), "sek", Text("gränsen", "the limit")),
    innocent=(
        Text("Avtalet finns men under annat namn eller nummer.", "A contract exists under another name or number."),
        Text("Köpen är av olika slag och räknas inte ihop.", "The purchases differ in kind."),
    ),
    do=Text(
        "Sök avtalet i avtalsdatabasen. Saknas det: dela upp köpen efter slag och räkna hela kommunens köp i år.",
        "Look for the contract. If none: split the purchases by kind and add up those of all units.",
    ),
    evidence_class="R",
    family="contract",
    prior=Prior(1, 19, "a breach of procurement rules is seldom a wrong payment; detection notes: match lists 1-8 %"),
    review_minutes=30, limits=("direct_award",),
    subject="payee",
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time AND coalesce(account_no NOT SIMILAR TO $other_rules_accounts, TRUE)",
        testable=known_in("direct_award"), missing="limits.valid_from", needs=("contracts",),
    ),
    params={
        "other_rules_accounts": Param("4[56].*|60.*", "pattern", "grants (45), welfare (46), rents (60) are exempt"),
        "overprice_share": Param(0.1, "share", "what a competing offer might have saved; not verified, state your own"),
        "floor_sek": Param(10_000, "sek", "below it a review costs more than it can bring back"),
    },
    sql="""
        WITH contract AS (
            SELECT contract_id, supplier_ref, valid_from, coalesce(valid_to, DATE '9999-12-31') AS valid_to
            FROM core_contracts WHERE procurement IS DISTINCT FROM 'direct_award'
        ), covered AS (
            SELECT supplier_key, valid_from, valid_to FROM core_payees y JOIN contract c ON c.supplier_ref = y.org_no
            UNION ALL SELECT supplier_key, DATE '1900-01-01', DATE '9999-12-31' FROM core_payees WHERE org_no LIKE '2%'
        ), bought AS MATERIALIZED (
            SELECT p.payment_id, p.entity_key, p.booked_month, p.amount_sek, p.is_live, left(booked_month, 4)::INT * 12 + right(booked_month, 2)::INT AS month
            FROM core_payments p ANTI JOIN contract c ON c.contract_id = p.contract_id ANTI JOIN covered c ON c.supplier_key = p.supplier_key AND p.booking_date BETWEEN valid_from AND valid_to
            WHERE NOT p.is_redacted AND NOT p.is_one_time
              AND coalesce(p.account_no NOT SIMILAR TO $other_rules_accounts, TRUE)
        ), monthly AS MATERIALIZED (
            SELECT entity_key, booked_month, month, sum(amount_sek) FILTER (is_live) AS month_sek, sum(amount_sek) AS all_sek FROM bought GROUP BY ALL
        ), rolled AS (
            SELECT entity_key, booked_month, month, month_sek, sum(all_sek) OVER (PARTITION BY entity_key ORDER BY month
                   RANGE BETWEEN 11 PRECEDING AND CURRENT ROW) AS year_sek
            FROM monthly SEMI JOIN (SELECT entity_key FROM monthly GROUP BY 1 HAVING sum(greatest(all_sek, 0)) >
                (SELECT min(amount_sek) FROM core_limits WHERE kind = 'direct_award')) USING (entity_key)
        ), over_limit AS (
            SELECT r.*, amount_sek AS limit_sek, least(1, (year_sek - amount_sek) / month_sek) AS share
            FROM rolled r ASOF JOIN (FROM core_limits WHERE kind = 'direct_award' AND coalesce(role, '') = '') l
              ON r.booked_month >= strftime(l.valid_from, '%Y-%m') WHERE month_sek > 0 AND year_sek > amount_sek
              AND coalesce(strftime(l.valid_to, '%Y-%m') >= booked_month, TRUE)
        )
        SELECT entity_key AS subject_key, booked_month AS service_month, any_value(year_sek) AS value, any_value(limit_sek) AS compared,
               sum(risk_sek) FILTER (is_now) AS amount_at_risk_sek,
               list_sort(list({'payment_id': payment_id, 'amount_at_risk_sek': risk_sek}) FILTER (is_now)) AS payments,
               list_transform(max({'sek': amount_sek, 'payment_id': payment_id}, 20), lambda x: x.payment_id) AS evidence
        FROM (SELECT o.*, payment_id, b.amount_sek, b.amount_sek * share AS over_sek, b.month = o.month AS is_now,
                     round(over_sek * $overprice_share, 2)::DECIMAL(14, 2) AS risk_sek
              FROM bought b JOIN over_limit o ON o.entity_key = b.entity_key AND b.month BETWEEN o.month - 11 AND o.month WHERE is_live)
        GROUP BY 1, 2 HAVING sum(over_sek) FILTER (is_now) >= $floor_sek
    """,
    example="""
        core_limits
        kind         | amount_sek | valid_from | valid_to
        direct_award | 600000     | 2020-01-01 | 2025-12-31
        direct_award | 700000     | 2026-01-01 |
        approval     | 50000      | 2020-01-01 |
        core_contracts
        contract_id | supplier_ref | valid_from | valid_to   | procurement
        K1          | 556000-0001  | 2025-01-01 | 2026-12-31 | framework
        K2          | 556000-0002  | 2025-01-01 | 2026-12-31 | direct_award
        K3          | 556000-0009  | 2025-01-01 |            | framework
        core_payees
        supplier_key | org_no
        COVERED      | 556000-0001
        AWARDED      | 556000-0002
        PUBLIC       | 212000-0001
        core_payments
        payment_id | supplier_key | booking_date | amount_sek | contract_id | account_no
        A1         | COVERED      | 2026-03-05   | 900000.00  |             | 6110
        F1         | AWARDED      | 2025-06-05   | 400000.00  |             | 6110
        F2         | AWARDED      | 2026-03-05   | 300000.00  |             | 6110
        F3         | AWARDED      | 2026-03-06   | 100000.00  |             | 6110
        A2         | PUBLIC       | 2026-03-05   | 900000.00  |             | 6110
        A3         | OTHER_NAME   | 2026-03-05   | 900000.00  | K3          | 6110
        A4         | GRANTED      | 2026-03-05   | 900000.00  |             | 4510
        A9         | LANDLORD     | 2026-03-05   | 900000.00  |             | 6010
        A5         | LONG_AGO     | 2025-03-05   | 400000.00  |             | 6110
        A6         | LONG_AGO     | 2026-03-05   | 400000.00  |             | 6110
        A7         | CREDITED     | 2026-02-05   | -200000.00 |             | 6110
        A8         | CREDITED     | 2026-03-05   | 800000.00  |             | 6110
        F4         | OLD_LIMIT    | 2025-12-05   | 650000.00  |             | 6110
    """,
    flags={"AWARDED": "10000.00", "OLD_LIMIT": "5000.00"},
    shown={"AWARDED": "800000 (700000) | F1 F2 F3"},
    source="Indicator catalogue SP24; the procurement act (2016:1145) sets the limit and 3:19 exempts rents, Inyett sells the same test",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
