"""An invoice was paid long before it was due and faster than the payee's or the unit's invoices normally are."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

_DATED = "invoice_date IS NOT NULL AND payment_date IS NOT NULL AND due_date IS NOT NULL"


def _known(group: str) -> str:
    return (
        f"(left(booked_month, 4)::INT - 1, {group}) IN (SELECT (left(booked_month, 4)::INT, {group}) FROM core_payments "
        f"WHERE is_live AND {_DATED} GROUP BY ALL HAVING count(*) >= $fence_group)"
    )


INDICATOR = Indicator(
    code="SP36",
    title=Text("Betald ovanligt snabbt", "Paid unusually fast"),
    means=Text(
        "Fakturan på minst {floor_sek} kr betalades minst {days_early} dagar före förfallodagen och hör till de "
        "{fast_share} som betalades snabbast hos mottagaren eller förvaltningen året före.",
        "The invoice of at least {floor_sek} kr was paid at least {days_early} days before it was due, among the "
        "fastest {fast_share} of the payee's or department's of the year before.",
    ),
    measured=Measured(Text("Dagar före förfallodagen", "Days before the due date")),
    innocent=(
        Text("En påskyndad betalning som någon beslutat om.", "A hurried payment that somebody decided on."),
        Text("Fakturan gav rabatt för snabb betalning.", "The invoice gave a discount for quick payment."),
    ),
    do=Text(
        "Se vem som skyndade på betalningen och varför, och om attesten gjordes i ordning.",
        "See who hurried the payment and why, and whether approvals were made in order.",
    ),
    evidence_class="C",
    family="rhythm",
    prior=Prior(1, 99, "catalogue SP36 and typology T48: urgent payments are mostly urgent"),
    review_minutes=10,
    scope=Scope(
        where="is_live",
        testable=f"{_DATED} AND ({_known('entity_key')} OR {_known('department')})",
        missing="ap_postings.payment_date",
        needs=("ap_postings.invoice_date", "ap_postings.due_date", "ap_postings.payment_date"),
    ),
    params={
        "fast_share": Param(0.01, "share", "catalogue SP36: below the 1 % level"),
        "days_early": Param(10, "days", "payment runs a few days early are routine"),
        "fence_group": Param(100, "payments", "a 1 % level cannot be told from fewer"),
        "floor_sek": Param(20_000, "sek", "below it a review costs more than it can bring back"),
    },
    sql=f"""
        WITH paid AS (
            SELECT payment_id, if(is_redacted OR is_one_time, NULL, entity_key) AS entity_key, department, booked_month,
                   left(booked_month, 4)::INT AS year, amount_sek, payment_date - invoice_date AS days,
                   due_date - payment_date AS early
            FROM core_payments
            WHERE is_live AND {_DATED}
        ), level AS (
            SELECT year + 1 AS year, entity_key, department, quantile_disc(days, [$fast_share, 0.5]) AS days_level
            FROM paid GROUP BY GROUPING SETS ((year, entity_key), (year, department)) HAVING count(*) >= $fence_group
        )
        SELECT payment_id AS subject_key, booked_month AS service_month, early AS value,
               amount_sek AS amount_at_risk_sek
        FROM paid p
        LEFT JOIN level e ON e.year = p.year AND e.entity_key = p.entity_key
        LEFT JOIN level d ON d.year = p.year AND d.department = p.department
        WHERE early >= $days_early AND amount_sek >= $floor_sek
          AND days <= coalesce(e.days_level, d.days_level)[1]
          AND coalesce(e.days_level, d.days_level)[1] < coalesce(e.days_level, d.days_level)[2]
    """,
    example="""
        core_payments
        payment_id | entity_key | department | booking_date | invoice_date | due_date   | payment_date | amount_sek
        F1         | IT         | OTHER      | 2026-03-10   | 2026-03-01   | 2026-03-31 | 2026-03-06   | 30000.00
        F2         | NEW        | IT         | 2026-03-10   | 2026-03-01   | 2026-03-31 | 2026-03-06   | 30000.00
        A3         | IT         | IT         | 2026-03-10   | 2026-03-01   | 2026-03-12 | 2026-03-06   | 30000.00
        A4         | IT         | IT         | 2026-03-10   | 2026-03-01   | 2026-03-31 | 2026-03-06   | 19000.00
        A5         | IT         | IT         | 2026-03-25   | 2026-03-01   | 2026-04-30 | 2026-03-25   | 30000.00
        A6         | NEW        | OTHER      | 2026-03-10   | 2026-03-01   | 2026-03-31 | 2026-03-06   | 30000.00
        A7         | SAME       | SAME       | 2026-03-10   | 2026-03-01   | 2026-03-31 | 2026-03-06   | 30000.00
        """
    + "\n".join(  # last year: one payee paid after 20 to 29 days, one always after 29
        f"{name}{k} | {name} | {name} | 2025-06-30 | 2025-06-01 | 2025-07-01 | 2025-06-{30 - k % spread} | 900.00"
        for name, spread in (("IT", 10), ("SAME", 1))
        for k in range(100)
    ),
    flags={"F1": "30000.00", "F2": "30000.00"},
    source="Indicator catalogue SP36; AP Recovery and ACL test days to pay",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
