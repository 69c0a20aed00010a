"""A payee that is usually paid to a giro number is paid to a plain bank account."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP17",
    title=Text("Bankkonto fast giro finns", "Bank account although giro exists"),
    means=Text(
        "Mottagaren har fått betalt till bankgiro eller plusgiro de senaste {recent_months} månaderna, men den här "
        "betalningen på minst {floor_sek} kr gick till ett bankkonto.",
        "The payee was paid to a giro number within {recent_months} months, but this payment of at least "
        "{floor_sek} kr went to a bank account.",
    ),
    measured=Measured(Text("Månader sedan betalning till giro", "Months since a payment to a giro")),
    innocent=(
        Text("En enskild näringsidkare med flera konton.", "A sole trader with several accounts."),
        Text("Mottagaren har sagt upp sitt giro.", "The payee has given up its giro number."),
    ),
    do=Text(
        "Se vem som lade upp bankkontot och varför girot inte användes.",
        "See who entered the bank account and why the giro number was not used.",
    ),
    evidence_class="C",
    family="account",
    prior=Prior(1, 49, "domain notes 3.2: accounts without checked owner raise the risk, most of them are in order"),
    review_minutes=10,
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time", testable="payee_account_kind IS NOT NULL",
        missing="ap_postings.payee_account_kind", needs=("ap_postings.payee_account_kind",),
    ),
    params={
        "recent_months": Param(12, "months", "an older giro number may have been given up"),
        "floor_sek": Param(15_000, "sek", "domain notes 3.2: the size from which account transfers are checked"),
    },
    sql="""
        WITH giro AS (
            SELECT DISTINCT entity_key, booked_month AS giro_month FROM core_payments
            WHERE is_live AND payee_account_kind IN ('bankgiro', 'plusgiro')
        ), plain AS (
            SELECT payment_id, entity_key, booked_month, amount_sek FROM core_payments
            WHERE is_live AND NOT is_redacted AND NOT is_one_time
              AND payee_account_kind IN ('account', 'iban') AND amount_sek >= $floor_sek
        )
        SELECT payment_id AS subject_key, booked_month AS service_month, amount_sek AS amount_at_risk_sek,
               date_diff('month', (giro_month || '-01')::DATE, (booked_month || '-01')::DATE) AS value
        FROM plain p ASOF JOIN giro g ON p.entity_key = g.entity_key AND p.booked_month >= g.giro_month
        WHERE date_diff('month', (giro_month || '-01')::DATE, (booked_month || '-01')::DATE) <= $recent_months
    """,
    example="""
        core_payments
        payment_id | entity_key | booking_date | payee_account_kind | amount_sek
        A1         | E1         | 2025-11-05   | bankgiro           | 20000.00
        F1         | E1         | 2026-03-05   | account            | 20000.00
        A2         | E1         | 2026-03-06   | iban               | 14000.00
        A3         | E2         | 2025-02-05   | plusgiro           | 20000.00
        A4         | E2         | 2026-03-05   | account            | 20000.00
        A5         | E3         | 2026-03-05   | account            | 20000.00
        A6         | E3         | 2026-04-05   | bankgiro           | 20000.00
    """,
    flags={"F1": "20000.00"},
    source="Indicator catalogue SP17; Inyett advises the same in text",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
