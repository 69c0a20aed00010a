"""An established payee's account was changed in the register shortly before an unusually large payment."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP14",
    title=Text("Kontobyte före stor betalning", "Account changed, then large payment"),
    means=Text(
        "Kontot byttes i leverantörsregistret högst {within_days} dagar före en betalning på minst {floor_sek} kr "
        "som är större än mottagarens vanliga.",
        "The account was changed in the supplier register at most {within_days} days before a payment of at least "
        "{floor_sek} kr, larger than usual.",
    ),
    measured=Measured(Text("Beloppet delat med mottagarens vanliga toppnivå", "The amount divided by the payee's usual peak")),
    innocent=(
        Text("Mottagaren har bytt bank och bytet är kontrollerat.", "The payee changed bank; it was checked."),
        Text("En väntad stor slutfaktura.", "An expected large final invoice."),
    ),
    do=Text(
        "Se i ändringsloggen vem som bytte konto och varför. Ring mottagaren på ett nummer ni redan har.",
        "See in the change log who changed the account and why. Call the payee on a number you already hold.",
    ),
    evidence_class="S",
    family="account",
    prior=Prior(1, 11, "typology T39: change, then large payment is what a takeover leaves; still rare"),
    review_minutes=25,
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable="supplier_key IN (SELECT supplier_key FROM core_payees WHERE supplier_id IS NOT NULL)",
        missing="suppliers.supplier_id", needs=("supplier_changes",), day_precision=True,
    ),
    params={
        "within_days": Param(30, "days", "catalogue SP14; takeovers are paid within three weeks (T39)"),
        "history": Param(5, "payments", "fewer earlier payments tell nothing about what is usual"),
        "fence_group": Param(20, "payments", "below it the largest earlier payment stands in for the 90 % level"),
        "floor_sek": Param(50_000, "sek", "below it a review costs more than it can bring back"),
    },
    sql="""
        WITH changed AS (
            SELECT y.supplier_key, c.changed_at, c.changed_at::DATE AS changed_date, c.old_value
            FROM core_supplier_changes c JOIN core_payees y USING (supplier_id)
            WHERE lower(c.field) IN ('payee_account', 'bankgiro', 'plusgiro', 'iban', 'account', 'konto')
              AND coalesce(c.new_value <> c.old_value, c.new_value IS NOT NULL) AND NOT y.is_redacted AND NOT y.is_one_time
        ), paid AS (
            SELECT payment_id, supplier_key, booked_month, amount_sek, booking_date, payee_account,
                   coalesce(payment_date, booking_date) AS paid_date
            FROM core_payments SEMI JOIN changed USING (supplier_key) WHERE is_live
        ), usual AS (
            SELECT supplier_key, changed_at, max(changed_date) AS changed_date, list(old_value) AS old_values,
                   max({'sek': amount_sek, 'payment_id': payment_id}, 5) AS largest,
                   if(count(*) < $fence_group, max(amount_sek), quantile_disc(amount_sek, 0.9)) AS high_sek
            FROM changed c JOIN paid p USING (supplier_key)
            WHERE p.booking_date < changed_date AND p.booked_month <= strftime(changed_date, '%Y-%m')
            GROUP BY 1, 2 HAVING count(*) >= $history
        )
        SELECT payment_id AS subject_key, booked_month AS service_month, amount_sek AS amount_at_risk_sek,
               round(amount_sek / high_sek, 3) AS value,
               [payment_id] || list_transform(largest, lambda x: x.payment_id) AS evidence
        FROM paid p JOIN usual u USING (supplier_key)
        WHERE paid_date BETWEEN changed_date AND changed_date + $within_days AND amount_sek > high_sek
          AND amount_sek >= $floor_sek AND NOT coalesce(list_contains(old_values, payee_account), FALSE) AND strftime(changed_date, '%Y-%m') <= booked_month
        QUALIFY row_number() OVER (PARTITION BY payment_id ORDER BY changed_at DESC) = 1
    """,
    example="""
        core_payees
        supplier_key | supplier_id
        S1           | L1
        S2           | L2
        S3           | L3
        S4           | L4
        core_supplier_changes
        changed_at          | supplier_id | field         | old_value | new_value
        2026-03-01 09:00:00 | L1          | payee_account | 111-1111  | 222-2222
        2026-03-01 09:00:00 | L2          | phone         | 1         | 2
        2026-03-01 09:00:00 | L3          | payee_account | 333-3333  |
        2026-03-01 09:00:00 | L4          | payee_account | 444-4444  | 555-5555
        core_payments
        payment_id | supplier_key | booking_date | payment_date | amount_sek | payee_account
        A1         | S1           | 2026-01-05   | 2026-01-20   | 60000.00 |
        A2         | S1           | 2026-01-12   | 2026-01-20   | 20000.00 |
        A3         | S1           | 2026-01-19   | 2026-01-30   | 20000.00 |
        A4         | S1           | 2026-02-05   | 2026-02-20   | 20000.00 |
        A5         | S1           | 2026-02-12   | 2026-02-20   | 20000.00 |
        A6         | S1           | 2026-02-27   | 2026-03-25   | 200000.00 |
        F7         | S1           | 2026-03-10   | 2026-03-25   | 250000.00 |
        A8         | S1           | 2026-03-11   | 2026-03-25   | 60000.00 |
        A9         | S1           | 2026-04-10   | 2026-05-10   | 300000.00 |
        B1         | S2           | 2026-01-05   | 2026-01-20   | 20000.00 |
        B2         | S2           | 2026-01-12   | 2026-01-20   | 20000.00 |
        B3         | S2           | 2026-01-19   | 2026-01-30   | 20000.00 |
        B4         | S2           | 2026-02-05   | 2026-02-20   | 20000.00 |
        B5         | S2           | 2026-02-12   | 2026-02-20   | 20000.00 |
        B6         | S2           | 2026-03-10   | 2026-03-25   | 200000.00 |
        C1         | S3           | 2026-01-05   | 2026-02-20   | 20000.00   | 444-4444
        C2         | S3           | 2026-01-12   | 2026-02-20   | 20000.00   | 444-4444
        C3         | S3           | 2026-01-19   | 2026-02-20   | 20000.00   | 444-4444
        C4         | S3           | 2026-02-05   | 2026-02-20   | 20000.00   | 444-4444
        C5         | S3           | 2026-02-12   | 2026-02-20   | 20000.00   | 444-4444
        D1         | S4           | 2026-01-05   | 2026-02-20   | 20000.00   | 444-4444
        D2         | S4           | 2026-01-12   | 2026-02-20   | 20000.00   | 444-4444
        D3         | S4           | 2026-01-19   | 2026-02-20   | 20000.00   | 444-4444
        D4         | S4           | 2026-02-05   | 2026-02-20   | 20000.00   | 444-4444
        D5         | S4           | 2026-02-12   | 2026-02-20   | 20000.00   | 444-4444
        C6         | S3           | 2026-03-10   | 2026-03-25   | 200000.00  |
        D6         | S4           | 2026-03-10   | 2026-03-25   | 200000.00  | 444-4444
        F8         | S4           | 2026-03-11   | 2026-03-25   | 210000.00  | 555-5555
    """,
    flags={"F7": "250000.00", "F8": "210000.00"},
    shown={"F8": "10.5 | F8 D5 D4 D3 D2 D1"},
    source="Indicator catalogue SP14; SAP describes the change of master data before payment",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
