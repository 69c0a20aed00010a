"""The payment reference (OCR) fails its check digit, although the payee's references otherwise hold one."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP20",
    title=Text("OCR-numret stämmer inte", "OCR reference does not compute"),
    means=Text(
        "OCR-numrets kontroll- eller längdsiffra är fel, fast minst {usual_share} av mottagarens tidigare OCR-nummer "
        "(minst {fence_group}) är rätt. Beloppet är minst {floor_sek} kr.",
        "The OCR reference's check or length digit is wrong, although at least {usual_share} of the payee's earlier "
        "ones (at least {fence_group}) are right. The amount is at least {floor_sek} kr.",
    ),
    measured=Measured(Text("Andel rätta OCR-nummer tidigare", "Share of right OCR numbers before"), "share"),
    innocent=(
        Text("Numret är feltryckt på en riktig faktura.", "A misprint on a genuine invoice."),
        Text("Ett fritt meddelande av bara siffror.", "A free message of digits only."),
    ),
    do=Text(
        "Läs OCR-numret på fakturabilden. Se om fakturan liknar mottagarens övriga och om pengarna kom fram.",
        "Read the reference on the invoice image. See whether it looks like the payee's other invoices and whether "
        "the money arrived.",
    ),
    evidence_class="R",
    family="sequence",
    prior=Prior(1, 24, "detection notes: match lists are right in 1-8 % of cases"),
    review_minutes=10,
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time", testable="regexp_full_match(ocr, '[0-9]{2,18}')",
        missing="ap_postings.ocr", needs=("ap_postings.ocr",),
    ),
    params={
        "usual_share": Param(
            0.95, "share",
            "one random number in ten passes, so a payee below this writes something else",
        ),
        "fence_group": Param(20, "payments", "catalogue: no fence on a smaller group"),
        "floor_sek": Param(5000, "sek", "below it a review costs more than it can bring back"),
    },
    sql="""
        WITH four_digits AS (
            SELECT list((p % 10 + p // 10 % 10 * 2 + (p // 10 % 10 > 4)::INT
                         + p // 100 % 10 + p // 1000 * 2 + (p // 1000 > 4)::INT) % 10 ORDER BY p) AS luhn
            FROM range(10000) AS r(p)
        ), judged AS MATERIALIZED (
            SELECT payment_id, entity_key, booked_month, amount_sek, ocr::BIGINT AS number,
                   (luhn[1 + number % 10000] + luhn[1 + number // 10000 % 10000]
                    + luhn[1 + number // 100000000 % 10000] + luhn[1 + number // 1000000000000 % 10000]
                    + luhn[1 + number // 10000000000000000]) % 10 = 0 AS is_luhn,
                   number // 10 % 10 = length(ocr) % 10 AS is_length
            FROM core_payments, four_digits
            WHERE is_live AND NOT is_redacted AND NOT is_one_time AND regexp_full_match(ocr, '[0-9]{2,18}')
        ), history AS (
            SELECT entity_key, booked_month, sum(count(*)) OVER earlier AS n_before,
                   sum(count(*) FILTER (is_luhn)) OVER earlier AS luhn_before,
                   sum(count(*) FILTER (is_length)) OVER earlier AS length_before
            FROM judged GROUP BY 1, 2
            WINDOW earlier AS (PARTITION BY entity_key ORDER BY booked_month
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        )
        SELECT payment_id AS subject_key, booked_month AS service_month, amount_sek AS amount_at_risk_sek,
               round(luhn_before / n_before, 3) AS value
        FROM judged JOIN history USING (entity_key, booked_month)
        WHERE amount_sek >= $floor_sek AND n_before >= $fence_group AND luhn_before >= $usual_share * n_before
          AND (NOT is_luhn OR (NOT is_length AND length_before >= $usual_share * n_before))
    """,
    example="""
        core_payments
        payment_id | entity_key | booking_date | ocr              | amount_sek
        A01        | luhn       | 2026-01-01   | 700054           | 100.00
        A02        | luhn       | 2026-01-02   | 700153           | 100.00
        A03        | luhn       | 2026-01-03   | 700252           | 100.00
        A04        | luhn       | 2026-01-04   | 700351           | 100.00
        A05        | luhn       | 2026-01-05   | 700450           | 100.00
        A06        | luhn       | 2026-01-06   | 700559           | 100.00
        A07        | luhn       | 2026-01-07   | 700658           | 100.00
        A08        | luhn       | 2026-01-08   | 700757           | 100.00
        A09        | luhn       | 2026-01-09   | 700856           | 100.00
        A10        | luhn       | 2026-01-10   | 700955           | 100.00
        A11        | luhn       | 2026-01-11   | 701052           | 100.00
        A12        | luhn       | 2026-01-12   | 701151           | 100.00
        A13        | luhn       | 2026-01-13   | 701250           | 100.00
        A14        | luhn       | 2026-01-14   | 701359           | 100.00
        A15        | luhn       | 2026-01-15   | 701458           | 100.00
        A16        | luhn       | 2026-01-16   | 701557           | 100.00
        A17        | luhn       | 2026-01-17   | 701656           | 100.00
        A18        | luhn       | 2026-01-18   | 701755           | 100.00
        A19        | luhn       | 2026-01-19   | 701854           | 100.00
        A20        | luhn       | 2026-01-20   | 701953           | 100.00
        F21        | luhn       | 2026-02-05   | 900152           | 8000.00
        A22        | luhn       | 2026-02-05   | 900258           | 8000.00
        A23        | luhn       | 2026-02-05   | 900152           | 400.00
        A24        | luhn       | 2026-02-05   | FAKTURA 12       | 8000.00
        B01        | length     | 2026-01-01   | 1234567890120060 | 100.00
        B02        | length     | 2026-01-02   | 1234567890120169 | 100.00
        B03        | length     | 2026-01-03   | 1234567890120268 | 100.00
        B04        | length     | 2026-01-04   | 1234567890120367 | 100.00
        B05        | length     | 2026-01-05   | 1234567890120466 | 100.00
        B06        | length     | 2026-01-06   | 1234567890120565 | 100.00
        B07        | length     | 2026-01-07   | 1234567890120664 | 100.00
        B08        | length     | 2026-01-08   | 1234567890120763 | 100.00
        B09        | length     | 2026-01-09   | 1234567890120862 | 100.00
        B10        | length     | 2026-01-10   | 1234567890120961 | 100.00
        B11        | length     | 2026-01-11   | 1234567890121068 | 100.00
        B12        | length     | 2026-01-12   | 1234567890121167 | 100.00
        B13        | length     | 2026-01-13   | 1234567890121266 | 100.00
        B14        | length     | 2026-01-14   | 1234567890121365 | 100.00
        B15        | length     | 2026-01-15   | 1234567890121464 | 100.00
        B16        | length     | 2026-01-16   | 1234567890121563 | 100.00
        B17        | length     | 2026-01-17   | 1234567890121662 | 100.00
        B18        | length     | 2026-01-18   | 1234567890121761 | 100.00
        B19        | length     | 2026-01-19   | 1234567890121860 | 100.00
        B20        | length     | 2026-01-20   | 1234567890121969 | 100.00
        F31        | length     | 2026-02-05   | 123456789012347  | 8000.00
        B32        | length     | 2026-02-05   | 1234567890123460 | 8000.00
        C01        | free       | 2026-01-01   | 4000             | 100.00
        C02        | free       | 2026-01-02   | 4007             | 100.00
        C03        | free       | 2026-01-03   | 4014             | 100.00
        C04        | free       | 2026-01-04   | 4021             | 100.00
        C05        | free       | 2026-01-05   | 4028             | 100.00
        C06        | free       | 2026-01-06   | 4035             | 100.00
        C07        | free       | 2026-01-07   | 4042             | 100.00
        C08        | free       | 2026-01-08   | 4049             | 100.00
        C09        | free       | 2026-01-09   | 4056             | 100.00
        C10        | free       | 2026-01-10   | 4063             | 100.00
        C11        | free       | 2026-01-11   | 4070             | 100.00
        C12        | free       | 2026-01-12   | 4077             | 100.00
        C13        | free       | 2026-01-13   | 4084             | 100.00
        C14        | free       | 2026-01-14   | 4091             | 100.00
        C15        | free       | 2026-01-15   | 4098             | 100.00
        C16        | free       | 2026-01-16   | 4105             | 100.00
        C17        | free       | 2026-01-17   | 4112             | 100.00
        C18        | free       | 2026-01-18   | 4119             | 100.00
        C19        | free       | 2026-01-19   | 4126             | 100.00
        C20        | free       | 2026-01-20   | 4133             | 100.00
        C21        | free       | 2026-02-05   | 90011            | 8000.00
        D01        | few        | 2026-01-05   | 900159           | 100.00
        D02        | few        | 2026-02-05   | 900153           | 8000.00
    """,
    flags={"F21": "8000.00", "F31": "8000.00"},
    source="Indicator catalogue SP20; Bankgirot describes the check digit and the length digit",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
