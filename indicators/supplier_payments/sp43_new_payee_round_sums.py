"""A payee nobody knew before bills round sums and nothing else."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP43",
    title=Text("Ny mottagare, runda belopp", "New payee, round sums"),
    means=Text(
        "Mottagaren är högst {new_months} månader gammal och har fått minst {payments} betalningar för minst "
        "{floor_sek} kr, nästan alla jämna {unit_sek}-tal.",
        "The payee is at most {new_months} months old and got at least {payments} payments for at least "
        "{floor_sek} kr, nearly all of them multiples of {unit_sek}.",
    ),
    measured=Measured(Text("Andel jämna belopp", "Share of round amounts"), "share"),
    innocent=(
        Text("Bidrag, arvoden eller avgifter enligt taxa.", "Grants, fees or charges by tariff."),
        Text("En hyra eller ett abonnemang.", "A rent or a subscription."),
    ),
    do=Text(
        "Se vad fakturorna säger att vi fått: period, antal, plats. Finns en beställning?",
        "See what the invoices say we got: period, quantity, place. Is there an order?",
    ),
    evidence_class="S",
    family="amount",
    prior=Prior(1, 32, "typology T40, T43: a bogus invoice has a small round sum; most round sums are fees"),
    review_minutes=15,
    subject="payee",
    scope=Scope(where="is_live AND NOT is_expected AND NOT is_redacted AND NOT is_one_time"),
    params={
        "new_months": Param(3, "months", "a payee paid for longer has its own history to be compared with"),
        "warmup_months": Param(6, "months", "in the first half year of a ledger every payee looks new"),
        "payments": Param(3, "payments", "one or two round sums are common"),
        "unit_sek": Param(50, "sek", "one sum in fifty or fewer is such a multiple by chance"),
        "least_share": Param(0.8, "share", "one bill may carry odd expenses"),
        "floor_sek": Param(5000, "sek", "paid so far: below it a review costs more than it can bring back"),
    },
    sql="""
        WITH payee AS (
            SELECT entity_key, (min(booked_month) || '-01')::DATE AS first_date,
                   (min(min(booked_month)) OVER () || '-01')::DATE AS start_date,
                   strftime(first_date + to_months($new_months::INT), '%Y-%m') AS known_month
            FROM core_payments WHERE NOT is_redacted AND NOT is_one_time
            GROUP BY 1
        ), month AS (
            SELECT entity_key, booked_month, count(*) AS n, sum((amount_sek % $unit_sek = 0)::INT) AS round_n,
                   sum(amount_sek) AS paid_sek,
                   list({'payment_id': payment_id, 'amount_at_risk_sek': amount_sek}) AS payments
            FROM core_payments JOIN payee USING (entity_key)
            WHERE is_live AND NOT is_expected AND first_date >= start_date + to_months($warmup_months::INT)
              AND booked_month < known_month
            GROUP BY 1, 2
        ), so_far AS (
            SELECT *, list_transform(flatten(list(payments) OVER w), lambda x: x.payment_id) AS so_far_ids,
                   sum(n) OVER w AS paid_n, sum(round_n) OVER w AS round_paid, sum(paid_sek) OVER w AS total_sek
            FROM month WINDOW w AS (PARTITION BY entity_key ORDER BY booked_month)
        )
        SELECT entity_key AS subject_key, booked_month AS service_month, round(round_paid / paid_n, 3) AS value,
               paid_sek AS amount_at_risk_sek, list_sort(payments) AS payments, list_sort(so_far_ids)[:20] AS evidence
        FROM so_far
        WHERE paid_n >= $payments AND round_paid >= $least_share * paid_n AND total_sek >= $floor_sek
    """,
    example="""
        core_payments
        payment_id | entity_key | booking_date | amount_sek | is_expected
        A0         | old        | 2025-06-05   | 4000.00    | false
        A1         | new        | 2026-02-05   | 1500.00    | false
        F2         | new        | 2026-03-05   | 2000.00    | false
        F3         | new        | 2026-03-25   | 1550.00    | false
        A4         | new        | 2026-05-05   | 3000.00    | false
        B1         | odd        | 2026-02-05   | 4000.00    | false
        B2         | odd        | 2026-03-05   | 4010.00    | false
        B3         | odd        | 2026-03-25   | 4000.00    | false
        C1         | two        | 2026-03-05   | 4000.00    | false
        C2         | two        | 2026-03-25   | 4000.00    | false
        D1         | old        | 2026-03-05   | 4000.00    | false
        D2         | old        | 2026-03-25   | 4000.00    | false
        E1         | small      | 2026-03-05   | 1000.00    | false
        E2         | small      | 2026-03-15   | 1000.00    | false
        E3         | small      | 2026-03-25   | 2950.00    | false
        G1         | rent       | 2026-03-05   | 4000.00    | true
        G2         | rent       | 2026-03-15   | 4000.00    | true
        G3         | rent       | 2026-03-25   | 4000.00    | false
        H1         | early      | 2025-07-05   | 4000.00    | false
        H2         | early      | 2025-07-15   | 4000.00    | false
        H3         | early      | 2025-07-25   | 4000.00    | false
    """,
    flags={"new": "3550.00"},
    shown={"new": "1 | A1 F2 F3"},
    source="typology T40 (small round sums of a new supplier)",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
