"""A new payee has a c/o or box address, or a payee shares its address with several others."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SU15",
    title=Text("Delad adress eller c/o", "Shared or c/o address"),
    means=Text(
        "Minst {payees} mottagare har samma adress, eller så är mottagaren ny ({new_months} månader) med c/o eller "
        "box. Den fick minst {floor_sek} kr under månaden.",
        "At least {payees} payees have the same address, or the payee is new ({new_months} months) with a c/o or "
        "box address. It was paid at least {floor_sek} kr in the month.",
    ),
    measured=Measured(Text("Mottagare på adressen", "Payees at the address")),
    innocent=(
        Text("Ett kontorshotell eller en redovisningsbyrå.", "An office hotel or an accounting firm."),
        Text("Bolag i samma koncern.", "Companies of one group."),
    ),
    do=Text(
        "Se vilka fler som har adressen och om de har samma företrädare, konto eller telefon.",
        "See who else has the address and whether they share representatives, account or phone.",
    ),
    evidence_class="C",
    family="register",
    prior=Prior(1, 99, "catalogue SU15: office hotels explain most; the Economic Crime Authority lists the sign"),
    review_minutes=10,
    subject="payee",
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable="""supplier_key IN (
            SELECT supplier_key FROM core_payees WHERE (address_key IS NOT NULL OR is_care_of) AND NOT is_personal
            AND coalesce(org_no NOT LIKE '2%', TRUE))""",
        missing="suppliers.postal_code", needs=("suppliers.address",),
    ),
    params={
        "payees": Param(5, "payees", "catalogue SU15: fewer share a house by chance"),
        "new_months": Param(12, "months", "box addresses are common among firms paid for years"),
        "floor_sek": Param(20_000, "sek", "below it a review costs more than it can bring back"),
    },
    sql="""
        WITH payee AS (
            SELECT supplier_key, entity_key, address_key, coalesce(is_care_of, FALSE) AS is_care_of, first_month
            FROM core_payees
            WHERE (address_key IS NOT NULL OR is_care_of) AND NOT is_personal AND NOT is_redacted AND NOT is_one_time
              AND coalesce(org_no NOT LIKE '2%', TRUE)  -- public bodies share houses and boxes
        ), crowd AS (
            SELECT address_key, list_sort(list(first_month)) AS months
            FROM (SELECT address_key, entity_key, min(first_month) AS first_month FROM payee GROUP BY 1, 2)
            GROUP BY 1 HAVING count(*) >= $payees
        )
        SELECT p.entity_key AS subject_key, p.booked_month AS service_month, coalesce(y.address_key, '') AS business_key,
               max(if(c.months[$payees] <= p.booked_month,
                      len(list_filter(c.months, lambda m: m <= p.booked_month)), 1)) AS value,
               sum(p.amount_sek) AS amount_at_risk_sek,
               list({'payment_id': p.payment_id, 'amount_at_risk_sek': p.amount_sek}
                    ORDER BY p.payment_id) AS payments
        FROM core_payments p JOIN payee y USING (supplier_key) LEFT JOIN crowd c USING (address_key)
        WHERE p.is_live AND (c.months[$payees] <= p.booked_month
           OR (y.is_care_of AND date_diff('month', (y.first_month || '-01')::DATE, (p.booked_month || '-01')::DATE)
                                < $new_months
            AND (y.first_month || '-01')::DATE >= (SELECT (min(booked_month) || '-01')::DATE FROM core_payments)
                                                  + INTERVAL 1 YEAR))
        GROUP BY 1, 2, 3 HAVING sum(p.amount_sek) >= $floor_sek
    """,
    example="""
        core_payees
        supplier_key | address_key    | is_care_of | is_personal | first_month | org_no
        S1           | GATAN 1 70122  | false      | false       | 2020-01     |
        S2           | GATAN 1 70122  | false      | false       | 2020-01     |
        S3           | GATAN 1 70122  | false      | false       | 2020-01     |
        S4           | GATAN 1 70122  | false      | false       | 2020-01     | 556000-0004
        S5           | GATAN 1 70122  | false      | false       | 2026-02     | 556000-0005
        S6           | BOX 7 70122    | true       | false       | 2026-01     |
        S7           | BOX 8 70122    | true       | false       | 2020-01     |
        S8           | GATAN 1 70122  | true       | true        | 2026-02     |
        S9           | GATAN 2 70122  | false      | false       | 2026-02     |
        TB           |                | true       | false       | 2026-01     |
        T1           | BOX 9 70122    | true       | false       | 2026-01     | 202100-0001
        T2           | TORGET 1 70122 | false      | false       | 2020-01     | 212000-0001
        T3           | TORGET 1 70122 | false      | false       | 2020-01     | 556000-0006
        T4           | TORGET 1 70122 | false      | false       | 2020-01     | 556000-0007
        T5           | TORGET 1 70122 | false      | false       | 2020-01     | 556000-0008
        T6           | TORGET 1 70122 | false      | false       | 2020-01     | 556000-0009
        core_payments
        payment_id | supplier_key | booking_date | amount_sek
        A0         | S0           | 2020-01-05   | 100.00
        A1         | S1           | 2026-01-05   | 30000.00
        F1         | S5           | 2026-02-05   | 30000.00
        A2         | S2           | 2026-02-05   | 3000.00
        F2         | S6           | 2026-02-05   | 30000.00
        A3         | S7           | 2026-02-05   | 30000.00
        A4         | S8           | 2026-02-05   | 30000.00
        A5         | S9           | 2026-02-05   | 30000.00
        F3         | TB           | 2026-02-05   | 30000.00
        A6         | T1           | 2026-02-05   | 30000.00
        A7         | T2           | 2026-02-05   | 30000.00
        A8         | T3           | 2026-02-05   | 30000.00
    """,
    flags={"S5": "30000.00", "S6": "30000.00", "TB": "30000.00"},
    source="Indicator catalogue SU15; signs listed by the Economic Crime Authority and AP Recovery",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
