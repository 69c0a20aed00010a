"""The first digits of a payee's amounts differ from Benford's law more than chance allows: context only."""

from datetime import date
from math import log10, pi, sqrt

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

# _CHANCE / sqrt(n) is the mean absolute deviation that n amounts under the law show by chance alone.
_SHARES = {digit: log10(1 + 1 / digit) for digit in range(1, 10)}
_CHANCE = round(sum(sqrt(2 * p * (1 - p) / pi) for p in _SHARES.values()) / 9, 4)
_COUNTS = ", ".join(f"count(*) FILTER (left(amount_sek::VARCHAR, 1) = '{d}') AS d{d}" for d in _SHARES)
_DEVIATION = " + ".join(f"abs(sum(d{d}) OVER recent / total - {p:.5f})" for d, p in _SHARES.items())

INDICATOR = Indicator(
    code="SP34",
    title=Text("Ovanliga första siffror", "Unusual first digits"),
    means=Text(
        "Första siffrorna i mottagarens belopp avviker från Benfords lag: medelavvikelsen är minst {bound} över vad "
        "slumpen ger. Säger inget om enskilda betalningar och räknas utan kronor.",
        "The first digits of the payee's amounts depart from Benford's law by at least {bound} more than chance "
        "gives. It says nothing of single payments and counts no kronor.",
    ),
    measured=Measured(Text("Medelavvikelse utöver slumpen", "Mean deviation beyond chance"), "share"),
    innocent=(
        Text("Taxor, avgifter och fasta priser.", "Tariffs, fees and fixed prices."),
        Text("Beloppen ligger nära varandra av naturliga skäl.", "The amounts are close for natural reasons."),
    ),
    do=Text(
        "Använd bara som bakgrund när annat talar för granskning. Se om beloppen klumpar sig under en gräns.",
        "Use only as background when something else calls for review. See whether amounts crowd below a limit.",
    ),
    evidence_class="C",
    family="digit",
    prior=Prior(1, 199, "typology T45: never a ranking sign alone, fixed prices dominate in municipalities"),
    review_minutes=5,
    subject="payee",
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time AND same_amount_before = 0 AND amount_sek >= 10",
        testable="""entity_key IN (SELECT entity_key FROM core_payments WHERE is_live AND same_amount_before = 0
            AND amount_sek >= 10 GROUP BY 1 HAVING count(*) >= $amounts)""",
    ),
    params={
        "bound": Param(0.015, "share", "Nigrini's limit for the mean absolute deviation of first digits"),
        "amounts": Param(300, "amounts", "catalogue SP34: digit shares of fewer amounts are mostly noise"),
        "spread": Param(1.2, "log units", "the law holds only for amounts spread over orders of magnitude"),
    },
    sql=f"""
        WITH cut AS (  -- a ledger published from 500 kr has more fives to nines: decades that are whole begin at 1000
            SELECT booked_month, quantile_disc(amount_sek, 0.01) AS low, if(low < 100, 10, 10 ^ ceil(log10(low))) AS least_sek
            FROM core_payments WHERE is_live GROUP BY 1
        ), month AS (
            SELECT entity_key, booked_month, left(booked_month, 4)::INT * 12 + right(booked_month, 2)::INT AS month,
                   count(*) AS n, sum(ln(amount_sek)) AS logs, sum(ln(amount_sek) ^ 2) AS squares, {_COUNTS}
            FROM core_payments SEMI JOIN (SELECT entity_key FROM core_payments WHERE is_live AND same_amount_before = 0
                                          GROUP BY 1 HAVING count(*) >= $amounts) USING (entity_key)
            JOIN cut USING (booked_month)
            WHERE is_live AND NOT is_redacted AND NOT is_one_time AND same_amount_before = 0 AND amount_sek >= least_sek
            GROUP BY ALL
        ), year AS (
            SELECT entity_key, booked_month, sum(n) OVER recent AS total,
                   sqrt(greatest(0, sum(squares) OVER recent / total - (sum(logs) OVER recent / total) ^ 2))
                       AS log_spread,
                   ({_DEVIATION}) / 9 - {_CHANCE} / sqrt(total) AS excess
            FROM month
            WINDOW recent AS (PARTITION BY entity_key ORDER BY month RANGE BETWEEN 11 PRECEDING AND CURRENT ROW)
        )
        SELECT entity_key AS subject_key, booked_month AS service_month, round(any_value(excess), 5) AS value,
               0 AS amount_at_risk_sek,
               list({{'payment_id': payment_id, 'amount_at_risk_sek': 0}} ORDER BY payment_id) AS payments
        FROM year JOIN core_payments USING (entity_key, booked_month)
        WHERE total >= $amounts AND log_spread >= $spread AND excess >= $bound AND is_live
        GROUP BY 1, 2
    """,
    example="""
        core_payments
        payment_id | entity_key | booking_date | amount_sek | same_amount_before
        """
    + "\n".join(  # evenly spread over four orders of magnitude; every other made to start with 4; one fixed fee
        f"{name}{k} | {name} | 2026-03-10 | {amount:.2f} | 0"
        for k in range(300)
        for lawful in [10 ** (1 + 4 * (k + 0.5) / 300)]
        for name, amount in (
            ("natural", lawful), ("fours", 4.4 * 10 ** (k % 4 + 1) if k % 2 else lawful), ("fee", 450),
        )
    )
    + "\n"
    + "\n".join(f"cut{k} | cut | 2024-03-10 | {500 * 200 ** (((k + 0.5) / 300) ** 1.5):.2f} | 0" for k in range(300)),
    flags={"fours": "0.00"},
    source="Indicator catalogue SP34; Nigrini, Benford's Law (2012), for the limit",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
