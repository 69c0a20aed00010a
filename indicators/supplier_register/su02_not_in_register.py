"""A payee's organisation number is in no company register, though the register has nearly every other payee."""

from datetime import date

from core.company_facts import PAYEES
from fut.indicator import Indicator, Param, Prior, Scope, Text

# payees that a register could have, in the months in which it has nearly all of them
_COVERED = f"""
    SELECT *, avg(is_known::INTEGER) OVER w AS known_share, count(*) OVER w AS payees FROM (
        SELECT entity_key, org_no, booked_month, sum(amount_sek) AS paid_sek,
               list({{'payment_id': payment_id, 'amount_at_risk_sek': amount_sek}} ORDER BY payment_id) AS payments,
               org_no IN (SELECT org_no FROM core_company_register r
                          WHERE r.as_of <= last_day((booked_month || '-01')::DATE)) AS is_known
        FROM core_payments JOIN ({PAYEES}) USING (entity_key)
        WHERE is_live AND NOT is_redacted AND NOT is_one_time AND NOT starts_with(org_no, 'P-') AND NOT starts_with(org_no, 'U-')
          AND NOT starts_with(org_no, '2')  -- the state, regions and municipalities
        GROUP BY ALL
    ) WINDOW w AS (PARTITION BY booked_month) QUALIFY known_share >= $least_known AND payees >= $least_payees
"""

INDICATOR = Indicator(
    code="SU02",
    title=Text("Saknas i företagsregistret", "Not in the company register"),
    means=Text(
        "Mottagarens organisationsnummer är rätt bildat men finns inte i företagsregistret, som har nästan alla andra "
        "mottagare. Månadens betalningar är minst {floor_sek} kr.",
        "The payee's organisation number is well formed but is not in the company register, which has nearly all other "
        "payees. The month's payments are at least {floor_sek} kr.",
    ),
    innocent=(
        Text("Bolaget är nybildat och registret släpar.", "The company is new and the register lags."),
        Text("En stiftelse, ett dödsbo eller en myndighet som registret inte har.", "A foundation, an estate or an authority that the register leaves out."),
        Text("Numret är felskrivet men råkar stämma.", "The number is mistyped but happens to compute."),
    ),
    do=Text(
        "Slå upp numret hos Bolagsverket och Skatteverket. Finns det inte: se vem som lade upp mottagaren och varför.",
        "Look the number up with the registrar and the tax agency. If unknown, see who added the payee and why.",
    ),
    evidence_class="R", family="register", review_minutes=15, subject="payee",
    prior=Prior(1, 19, "judgement: register lag and odd kinds of organisation explain nearly all"),
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable=f"(entity_key, booked_month) IN (SELECT (entity_key, booked_month) FROM ({_COVERED}))",
        missing="company_register.org_no", needs=("company_register",),
    ),
    params={
        "least_known": Param(0.9, "share", "a register of fewer payees is an extract: that one is missing says nothing"),
        "least_payees": Param(20, "payees", "a share of fewer says nothing"),
        "floor_sek": Param(10_000, "sek", "below it a review costs more than it can bring back"),
    },
    sql=f"""
        SELECT entity_key AS subject_key, booked_month AS service_month, 1 AS value, paid_sek AS amount_at_risk_sek, payments
        FROM ({_COVERED}) WHERE NOT is_known AND paid_sek >= $floor_sek
    """,
    example="\n".join([
        "core_company_register", "org_no | as_of | status",
        *(f"5560{n:02d}-0001 | 2026-01-01 | active" for n in range(30)), "556099-0002 | 2026-04-15 | active",
        "core_payees", "supplier_key | entity_key | org_no",
        *(f"S{n} | E{n} | 5560{n:02d}-0001" for n in range(30)),
        "SF | EF | 556099-0009", "SL | EL | 556099-0002", "SP | EP | P-0123456789abcdef", "SO | EO | 212000-0001",
        "core_payments", "payment_id | supplier_key | entity_key | booking_date | amount_sek",
        *(f"A{n} | S{n} | E{n} | 2026-0{3 + n % 2}-05 | 20000.00" for n in range(30)),
        *(f"B{n} | S{n} | E{n} | 2026-0{4 - n % 2}-05 | 20000.00" for n in range(30)),
        "F1 | SF | EF | 2026-03-05 | 20000.00", "L1 | SL | EL | 2026-04-20 | 20000.00", "P1 | SP | EP | 2026-03-05 | 20000.00",
        "O1 | SO | EO | 2026-03-05 | 20000.00",
    ]),
    flags={"EF": "20000.00"},
    source="Indicator catalogue SU02; Inyett describes the same test",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
