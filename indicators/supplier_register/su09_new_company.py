"""A company that was registered lately got an unusually large payment."""

from datetime import date

from core.company_facts import at_payment, is_stated
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SU09",
    title=Text("Nytt bolag, stort belopp", "New company, large sum"),
    means=Text(
        "Bolaget registrerades mindre än {new_days} dagar före betalningen, som är större än nio av tio under året före och minst "
        "{floor_sek} kr.",
        "The company was registered less than {new_days} days before the payment, which is larger than nine in ten of the year before "
        "and at least {floor_sek} kr.",
    ),
    measured=Measured(Text("Dagar sedan registreringen", "Days since the registration")),
    innocent=(
        Text("Ett känt företag har fått ny bolagsform eller knoppats av.", "A known business changed its form or was spun off."),
        Text("Ett projektbolag bildat för uppdraget.", "A company founded for the project."),
    ),
    do=Text(
        "Se upphandlingen och vem som äger bolaget. Fanns det personal och erfarenhet för uppdraget?",
        "See the procurement and who owns the company. Did it have the staff and experience for the work?",
    ),
    evidence_class="S", family="register", review_minutes=25,
    prior=Prior(1, 19, "judgement: new firms are ordinary; typology T43 begins with one"),
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable=f"booked_month > (SELECT min(booked_month) FROM core_payments) AND {is_stated('registered_date')}",
        missing="company_register.registered_date", needs=("company_register.registered_date",),
    ),
    params={
        "new_days": Param(365, "days", "catalogue SU09"),
        "floor_sek": Param(50_000, "sek", "below it a review costs more than it can bring back"),
    },
    sql=f"""
        WITH usual AS (
            SELECT m.booked_month, quantile_disc(p.amount_sek, 0.9) AS high_sek
            FROM (SELECT DISTINCT booked_month FROM core_payments) m JOIN core_payments p
              ON p.booked_month BETWEEN strftime((m.booked_month || '-01')::DATE - INTERVAL 12 MONTH, '%Y-%m')
                AND strftime((m.booked_month || '-01')::DATE - INTERVAL 1 MONTH, '%Y-%m')
            WHERE p.is_live AND p.amount_sek > 0 GROUP BY 1
        )
        SELECT payment_id AS subject_key, booked_month AS service_month, booking_date - registered_date AS value,
               amount_sek AS amount_at_risk_sek
        FROM ({at_payment("registered_date")}) JOIN usual USING (booked_month)
        WHERE booking_date - registered_date BETWEEN 0 AND $new_days - 1 AND amount_sek >= $floor_sek AND amount_sek > high_sek
    """,
    example="\n".join([
        "core_company_register", "org_no | as_of | status | registered_date",
        "556000-0001 | 2026-01-01 | active | 2025-09-01", "556000-0002 | 2026-01-01 | active | 2015-09-01",
        "556000-0003 | 2026-01-01 | active | 2025-03-20",
        "core_payees", "supplier_key | entity_key | org_no",
        "S1 | E1 | 556000-0001", "S2 | E2 | 556000-0002", "S3 | E3 | 556000-0003",
        "core_payments", "payment_id | entity_key | booking_date | amount_sek",
        *(f"A{n} | E2 | 2026-03-05 | {n * 9000}.00" for n in range(1, 11)),
        *(f"B{n} | E9 | 2026-02-05 | {n * 9000}.00" for n in range(1, 11)),
        "F1 | E1 | 2026-03-05 | 95000.00", "A20 | E1 | 2026-03-05 | 60000.00", "A21 | E3 | 2026-03-20 | 95000.00",
        "A22 | E2 | 2026-03-20 | 95000.00", "L1 | E9 | 2026-04-20 | 5000000.00",
    ]),
    flags={"F1": "95000.00"},
    source="Indicator catalogue SU09",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
