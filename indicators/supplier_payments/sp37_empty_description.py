"""A large payment has no text, or only words that say nothing about what was bought."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP37",
    title=Text("Text saknas eller säger inget", "Description empty or generic"),
    means=Text(
        "Betalningen på minst {floor_sek} kr har bara allmänna ord som text, eller ingen text fast förvaltningen "
        "skriver text i minst {text_share} av fallen.",
        "The payment of at least {floor_sek} kr has only general words as text, or none although the department "
        "writes one in at least {text_share} of cases.",
    ),
    measured=Measured(Text("Tecken i texten", "Characters of the text")),
    innocent=(
        Text("Fakturan lästes in utan text av systemet.", "The system imported the invoice without text."),
        Text("Texten står på fakturabilden eller beställningen.", "The text is on the invoice or the order."),
    ),
    do=Text(
        "Öppna fakturan: framgår vad som köpts, hur mycket, när och av vem?",
        "Open the invoice: does it say what was bought, how much, when and by whom?",
    ),
    evidence_class="C",
    family="text",
    prior=Prior(1, 99, "catalogue SP37: imports explain most; a vague text goes with invoices for nothing"),
    review_minutes=5,
    scope=Scope(where="is_live AND NOT is_redacted", needs=("ap_postings.text",)),
    params={
        "generic_words": Param(
            "(konsult)?tjänst(er)?|arbete|diverse|övrigt|varor|faktura|enl|enligt|ök|avtal|offert|[0-9]+", "pattern",
            "words that name no thing; fit to own habits",
        ),
        "text_share": Param(0.8, "share", "where text is often left out, its absence says nothing"),
        "fence_group": Param(20, "payments", "catalogue: no fence on a smaller group"),
        "floor_sek": Param(50_000, "sek", "below it a review costs more than it can bring back"),
    },
    sql="""
        WITH large AS (
            SELECT payment_id, department, booked_month, amount_sek, order_no, trim(coalesce(text, '')) AS words
            FROM core_payments WHERE is_live AND NOT is_redacted AND amount_sek >= $floor_sek
        ), habit AS (
            SELECT department, booked_month, sum(count(*)) OVER so_far AS n,
                   sum(count(*) FILTER (words <> '')) OVER so_far AS n_text
            FROM large GROUP BY 1, 2
            WINDOW so_far AS (PARTITION BY department ORDER BY booked_month)
        )
        SELECT payment_id AS subject_key, booked_month AS service_month, amount_sek AS amount_at_risk_sek,
               length(words) AS value, CASE WHEN order_no IS NOT NULL THEN 'köpet har en beställning' END AS explained_by,
               CASE WHEN order_no IS NULL THEN 'contradiction' ELSE 'explained' END AS verdict
        FROM large JOIN habit USING (department, booked_month)
        WHERE (words = '' AND n >= $fence_group AND n_text >= $text_share * n)
           OR regexp_full_match(lower(words), '((' || $generic_words || ')[ .,:;/-]*)+')
    """,
    example="""
        core_payments
        payment_id | department | booking_date | text                    | amount_sek | order_no
        A01        | Skola      | 2026-03-10   | Läromedel åk 0          | 60000.00 |
        B01        | Teknik     | 2026-03-10   |                         | 60000.00 |
        A02        | Skola      | 2026-03-10   | Läromedel åk 1          | 60000.00 |
        B02        | Teknik     | 2026-03-10   |                         | 60000.00 |
        A03        | Skola      | 2026-03-10   | Läromedel åk 2          | 60000.00 |
        B03        | Teknik     | 2026-03-10   |                         | 60000.00 |
        A04        | Skola      | 2026-03-10   | Läromedel åk 3          | 60000.00 |
        B04        | Teknik     | 2026-03-10   |                         | 60000.00 |
        A05        | Skola      | 2026-03-10   | Läromedel åk 4          | 60000.00 |
        B05        | Teknik     | 2026-03-10   |                         | 60000.00 |
        A06        | Skola      | 2026-03-10   | Läromedel åk 5          | 60000.00 |
        B06        | Teknik     | 2026-03-10   |                         | 60000.00 |
        A07        | Skola      | 2026-03-10   | Läromedel åk 6          | 60000.00 |
        B07        | Teknik     | 2026-03-10   |                         | 60000.00 |
        A08        | Skola      | 2026-03-10   | Läromedel åk 7          | 60000.00 |
        B08        | Teknik     | 2026-03-10   |                         | 60000.00 |
        A09        | Skola      | 2026-03-10   | Läromedel åk 8          | 60000.00 |
        B09        | Teknik     | 2026-03-10   |                         | 60000.00 |
        A10        | Skola      | 2026-03-10   | Läromedel åk 9          | 60000.00 |
        B10        | Teknik     | 2026-03-10   |                         | 60000.00 |
        A11        | Skola      | 2026-03-10   | Läromedel åk 10         | 60000.00 |
        B11        | Teknik     | 2026-03-10   |                         | 60000.00 |
        A12        | Skola      | 2026-03-10   | Läromedel åk 11         | 60000.00 |
        B12        | Teknik     | 2026-03-10   |                         | 60000.00 |
        A13        | Skola      | 2026-03-10   | Läromedel åk 12         | 60000.00 |
        B13        | Teknik     | 2026-03-10   |                         | 60000.00 |
        A14        | Skola      | 2026-03-10   | Läromedel åk 13         | 60000.00 |
        B14        | Teknik     | 2026-03-10   |                         | 60000.00 |
        A15        | Skola      | 2026-03-10   | Läromedel åk 14         | 60000.00 |
        B15        | Teknik     | 2026-03-10   |                         | 60000.00 |
        A16        | Skola      | 2026-03-10   | Läromedel åk 15         | 60000.00 |
        B16        | Teknik     | 2026-03-10   |                         | 60000.00 |
        A17        | Skola      | 2026-03-10   | Läromedel åk 16         | 60000.00 |
        B17        | Teknik     | 2026-03-10   |                         | 60000.00 |
        A18        | Skola      | 2026-03-10   | Läromedel åk 17         | 60000.00 |
        B18        | Teknik     | 2026-03-10   |                         | 60000.00 |
        A19        | Skola      | 2026-03-10   | Läromedel åk 18         | 60000.00 |
        B19        | Teknik     | 2026-03-10   |                         | 60000.00 |
        A20        | Skola      | 2026-03-10   | Läromedel åk 19         | 60000.00 |
        B20        | Teknik     | 2026-03-10   |                         | 60000.00 |
        F21        | Skola      | 2026-03-10   |                         | 60000.00 |
        A22        | Skola      | 2026-03-10   |                         | 4000.00 |
        F23        | Skola      | 2026-03-10   | Tjänster enl. ök        | 60000.00 |
        A24        | Skola      | 2026-03-10   | Tjänster skolskjuts maj | 60000.00 |
        F25        | Teknik     | 2026-03-10   | Faktura 12345           | 60000.00 |
        X27        | Skola      | 2026-03-10   | Tjänster enl. ök        | 60000.00   | O17
        A26        | Kultur     | 2026-03-10   |                         | 60000.00 |
    """,
    flags={"F21": "60000.00", "F23": "60000.00", "F25": "60000.00", "X27": "explained: köpet har en beställning"},
    source="Indicator catalogue SP37; MindBridge lists empty descriptions",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
