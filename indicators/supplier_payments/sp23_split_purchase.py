"""Payments each under a limit pass it together within days, in one department and to one payee."""

from datetime import date

from core.limits import known_in
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP23",
    title=Text("Delat inköp", "Split purchase"),
    means=Text(
        "Flera betalningar från en förvaltning till samma mottagare ligger var för sig under en gräns för attest "
        "({approval}) eller direktupphandling ({direct_award}), men passerar den tillsammans: inom {short_days} dagar, "
        "eller inom {long_days} dagar när varje del är nära gränsen. Delar av vanlig storlek räknas inte.",
        "Several payments of one department to one payee each lie under a limit for approval ({approval}) or direct award "
        "({direct_award}) but pass it together: within {short_days} days, or {long_days} when each part is near the limit. "
        "Parts of a usual size do not count.",
    ),
    measured=Measured(Text("Summan delad med gränsen", "The sum divided by the limit")),
    innocent=(
        Text("Skilda beställningar som råkade komma samtidigt.", "Separate orders that came at one time."),
        Text("Avrop på ett avtal som inte finns i underlaget.", "Call-offs on a contract missing in the data."),
    ),
    do=Text("Jämför beställningar, datum och text. Är det ett köp i delar, och fanns upphandling eller rätt attest?",
            "Compare orders, dates and text. Is it one purchase in parts, with procurement or due approval?"),
    evidence_class="R",
    family="splitting",
    prior=Prior(1, 39, "detection notes: match lists hold 1-8 % true ones"),
    review_minutes=45, limits=("approval", "direct_award"),
    scope=Scope(
        where="is_live AND NOT is_expected AND contract_id IS NULL AND NOT is_redacted AND NOT is_one_time",
        testable=known_in("approval", "direct_award"), missing="limits.valid_from", day_precision=True,
    ),
    params={
        "short_days": Param(7, "days", "catalogue SP23"),
        "long_days": Param(30, "days", "catalogue SP23"),
        "least_part": Param(0.5, "share of the limit", "many small invoices are trade, not a purchase in parts"),
        "near_part": Param(0.8, "share of the limit", "over a month only parts near the limit tell of a split"),
        "most_parts": Param(6, "payments", "typology T41: splits are few parts; more are deliveries"),
        "usual_parts": Param(2, "payments", "like parts in the year before: with more only a rush of near ones tells"),
        "least_excess_sek": Param(5000, "sek", "below it a review costs more than it can bring back"),
    },
    sql="""
        WITH limits AS (SELECT amount_sek AS limit_sek, list([valid_from, coalesce(valid_to, '9999-12-31')]) AS spans
            FROM core_limits WHERE kind IN ('approval', 'direct_award') GROUP BY 1), parts AS (
            SELECT payment_id, entity_key, department, supplier_ref, booked_month, booking_date, amount_sek, limit_sek,
                   amount_sek >= $near_part * limit_sek AS is_near, (booked_month || '-01')::DATE AS first_day,
                   least(greatest(booking_date, first_day), last_day(first_day)) - DATE '2000-01-01' AS day
            FROM core_payments JOIN limits ON amount_sek < limit_sek AND amount_sek >= $least_part * limit_sek
                 AND len(list_filter(spans, s -> booking_date BETWEEN s[1] AND s[2])) > 0
            WHERE is_live AND NOT is_expected AND contract_id IS NULL AND NOT is_redacted AND NOT is_one_time
        ), summed AS (
            SELECT *, count(*) OVER year AS before, count(*) FILTER (is_near) OVER year AS near_before,
                   sum(amount_sek) OVER short AS any_sek, sum(amount_sek) FILTER (is_near) OVER short AS rush_sek,
                   sum(amount_sek) FILTER (is_near) OVER (w RANGE $long_days PRECEDING) AS near_sek
            FROM parts WINDOW w AS (PARTITION BY entity_key, department, limit_sek ORDER BY day),
                   year AS (w RANGE BETWEEN 365 + $long_days PRECEDING AND 1 + $long_days PRECEDING),
                   short AS (w RANGE $short_days PRECEDING)
        ), passing AS (
            SELECT *, before > $usual_parts AS is_rush, is_near AND near_sek >= any_sek AND NOT is_rush AS is_long,
                   CASE WHEN is_rush THEN rush_sek WHEN is_long THEN near_sek ELSE any_sek END AS sum_sek,
                   if(is_long, $long_days, $short_days) AS span FROM summed
            WHERE (NOT is_rush OR is_near AND near_before <= $usual_parts) AND sum_sek - limit_sek >= $least_excess_sek
            QUALIFY row_number() OVER (PARTITION BY entity_key, department, limit_sek, day ORDER BY payment_id DESC) = 1
        )
        SELECT p.payment_id AS subject_key, p.booked_month AS service_month, round(sum_sek / p.limit_sek, 3) AS value,
               least(p.amount_sek, sum_sek - p.limit_sek) AS amount_at_risk_sek,
               p.limit_sek::BIGINT AS business_key, list(DISTINCT q.payment_id ORDER BY q.payment_id) AS evidence,
               if(max(c.contract_id) IS NOT NULL, 'avtal gäller', NULL) AS explained_by, if(explained_by IS NULL, 'contradiction', 'explained') AS verdict
        FROM passing p JOIN parts q ON q.entity_key = p.entity_key AND q.department IS NOT DISTINCT FROM p.department
             AND q.limit_sek = p.limit_sek AND q.day BETWEEN p.day - span AND p.day AND (q.is_near OR NOT (is_long OR is_rush)) LEFT JOIN core_contracts c ON c.supplier_ref = p.supplier_ref
             AND p.booking_date >= c.valid_from AND (c.valid_to IS NULL OR p.booking_date <= c.valid_to)
        GROUP BY ALL HAVING count(DISTINCT q.payment_id) <= $most_parts
    """,
    example="""
        core_limits
        kind          | amount_sek | valid_from | valid_to
        approval      | 100000.00  | 2025-01-01 | 2026-06-30
        direct_award  | 100000.00  | 2025-01-01 | 2026-06-30
        documentation | 500000.00  | 2025-01-01 |
        core_contracts
        contract_id | supplier_ref | valid_from | valid_to
        K1          | R7           | 2026-01-01 | 2026-12-31
        K2          | R8           | 2025-01-01 | 2025-12-31
        K3          | R8           | 2026-04-01 |
        core_payments
        payment_id|entity_key|department|supplier_ref|booking_date|booked_month|amount_sek|contract_id|is_expected|is_live
        A1        |E1        |U1        |R1          |2026-03-02  |2026-03     |60000.00  |           |false      |true
        F1        |E1        |U1        |R1          |2026-03-09  |2026-03     |50000.00  |           |false      |true
        A2        |E2        |U1        |R1          |2026-03-02  |2026-03     |60000.00  |           |false      |true
        B2        |E2        |U1        |R1          |2026-03-10  |2026-03     |60000.00  |           |false      |true
        A3        |E3        |U1        |R1          |2026-02-10  |2026-02     |80000.00  |           |false      |true
        F3        |E3        |U1        |R1          |2026-03-12  |2026-03     |99999.99  |           |false      |true
        A4        |E4        |U1        |R1          |2026-02-09  |2026-02     |80000.00  |           |false      |true
        B4        |E4        |U1        |R1          |2026-03-12  |2026-03     |99999.99  |           |false      |true
        A5        |E5        |U1        |R1          |2026-03-02  |2026-03     |60000.00  |           |false      |true
        B5        |E5        |U2        |R1          |2026-03-02  |2026-03     |60000.00  |           |false      |true
        A6        |E6        |U1        |R1          |2026-03-02  |2026-03     |60000.00  |           |false      |true
        B6        |E6        |U1        |R1          |2026-03-02  |2026-03     |49999.99  |           |false      |true
        C6        |E6        |U1        |R1          |2026-03-02  |2026-03     |60000.00  |K9         |false      |true
        D6        |E6        |U1        |R1          |2026-03-02  |2026-03     |60000.00  |           |true       |true
        A7        |E7        |U1        |R7          |2026-03-02  |2026-03     |60000.00  |           |false      |true
        F7        |E7        |U1        |R7          |2026-03-04  |2026-03     |60000.00  |           |false      |true
        A8        |E8        |U1        |R8          |2026-03-02  |2026-03     |60000.00  |           |false      |true
        F8        |E8        |U1        |R8          |2026-03-02  |2026-03     |60000.01  |           |false      |true
        A9        |E9        |U1        |R1          |2026-03-02  |2026-03     |52000.00  |           |false      |true
        B9        |E9        |U1        |R1          |2026-03-04  |2026-03     |52000.00  |           |false      |true
        G1        |G1        |U1        |R1          |2025-09-02  |2025-09     |60000.00  |           |false      |true
        G2        |G1        |U1        |R1          |2025-10-02  |2025-10     |60000.00  |           |false      |true
        G3        |G1        |U1        |R1          |2025-12-02  |2025-12     |60000.00  |           |false      |true
        G4        |G1        |U1        |R1          |2026-03-02  |2026-03     |60000.00  |           |false      |true
        G5        |G1        |U1        |R1          |2026-03-04  |2026-03     |60000.00  |           |false      |true
        H1        |H1        |U1        |R1          |2026-07-02  |2026-07     |60000.00  |           |false      |true
        H2        |H1        |U1        |R1          |2026-07-02  |2026-07     |60000.00  |           |false      |true
        I1        |I1        |U1        |R1          |2026-03-02  |2026-04     |60000.00  |           |false      |true
        I2        |I1        |U1        |R1          |2026-03-04  |2026-03     |60000.00  |           |false      |true
        J1        |J1        |U1        |R1          |2026-03-02  |2026-03     |60000.00  |           |false      |true
        J2        |J1        |U1        |R1          |2026-03-02  |2026-03     |60000.00  |           |false      |true
        J3        |J1        |U1        |R1          |2026-03-02  |2026-03     |60000.00  |           |false      |true
        J4        |J1        |U1        |R1          |2026-03-02  |2026-03     |60000.00  |           |false      |true
        J5        |J1        |U1        |R1          |2026-03-02  |2026-03     |60000.00  |           |false      |true
        J6        |J1        |U1        |R1          |2026-03-02  |2026-03     |60000.00  |           |false      |true
        J7        |J1        |U1        |R1          |2026-03-02  |2026-03     |60000.00  |           |false      |true
        K1        |L1        |U1        |R1          |2026-03-02  |2026-03     |105000.00 |           |false      |true
        K2        |L1        |U1        |R1          |2026-03-02  |2026-03     |60000.00  |           |false      |false
        K3        |L1        |U1        |R1          |2026-03-02  |2026-03     |60000.00  |           |false      |true
        M1        |M1        |U1        |R1          |2026-03-02  |2026-03     |300000.00 |           |false      |true
        M2        |M1        |U1        |R1          |2026-03-03  |2026-03     |300000.00 |           |false      |true
        N0        |N1        |U1        |R1          |2025-09-02  |2025-09     |60000.00  |           |false      |true
        N1        |N1        |U1        |R1          |2025-10-02  |2025-10     |60000.00  |           |false      |true
        N4        |N1        |U1        |R1          |2026-03-02  |2026-03     |60000.00  |           |false      |true
        F9        |N1        |U1        |R1          |2026-03-04  |2026-03     |60000.00  |           |false      |true
        O1        |O1        |U1        |R1          |2026-03-02  |2026-03     |52500.00  |           |false      |true
        F6        |O1        |U1        |R1          |2026-03-04  |2026-03     |52500.00  |           |false      |true
        P0        |P1        |U1        |R1          |2025-09-02  |2025-09     |60000.00  |           |false      |true
        P1        |P1        |U1        |R1          |2025-10-02  |2025-10     |60000.00  |           |false      |true
        P2        |P1        |U1        |R1          |2025-12-02  |2025-12     |60000.00  |           |false      |true
        P3        |P1        |U1        |R1          |2026-03-02  |2026-03     |90000.00  |           |false      |true
        F10       |P1        |U1        |R1          |2026-03-04  |2026-03     |90000.00  |           |false      |true
        Q0        |Q1        |U1        |R1          |2025-05-02  |2025-05     |90000.00  |           |false      |true
        Q1        |Q1        |U1        |R1          |2025-08-02  |2025-08     |90000.00  |           |false      |true
        Q2        |Q1        |U1        |R1          |2025-12-02  |2025-12     |90000.00  |           |false      |true
        Q3        |Q1        |U1        |R1          |2026-03-02  |2026-03     |90000.00  |           |false      |true
        Q4        |Q1        |U1        |R1          |2026-03-04  |2026-03     |90000.00  |           |false      |true
    """,
    flags={"F1": "10000.00", "F3": "79999.99", "F7": "explained: avtal gäller", "F8": "20000.01", "F9": "20000.00",
           "F6": "5000.00", "F10": "80000.00"},
    source="Indicator catalogue SP23; SAP calls it smurfing, IDEA describes rolling sums",
    authored_by="futvakt", checked_by="futvakt statistics", review_by=date(2027, 11, 1),
)  # fmt: skip
