"""The invoice charges a higher unit price than the contract holds for the item on that day."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SP26",
    title=Text("Högre pris än avtalet", "Price above contract"),
    means=Text(
        "Priset per enhet på fakturan är högre än avtalets pris den dagen, utöver en tolerans på "
        "{tolerance_share}. Skillnaden är minst {floor_sek} kr på fakturan.",
        "The unit price is above the contract price of that day by more than {tolerance_share}. The "
        "difference on the invoice is at least {floor_sek} kr.",
    ),
    measured=Measured(Text("Största prispåslag mot avtalet", "Largest rise above the contract's price"), "share"),
    innocent=(
        Text("Priset är uppräknat med index men prislistan inte ändrad.", "Indexation is not yet in the price list."),
        Text("Raden gäller en annan vara än den i prislistan.", "The line is for another item than the listed one."),
    ),
    do=Text(
        "Jämför fakturans rader med prisbilagan och indexklausulen. Begär kredit på skillnaden.",
        "Compare the lines with the price list and the index clause. Ask for credit of the difference.",
    ),
    evidence_class="R",
    family="price",
    prior=Prior(12, 8, "detection notes: good selection is right in 25-75 %; simulated development seeds: 30 of 31 hits"),
    review_minutes=20,
    scope=Scope(
        where="is_live AND contract_id IS NOT NULL",
        testable="""contract_id IN (SELECT contract_id FROM core_price_items)
            AND invoice_id IN (SELECT invoice_id FROM core_invoice_lines WHERE item IS NOT NULL)""",
        missing="invoice_lines.item",
        needs=("ap_postings.contract_id", "ap_postings.invoice_id", "invoice_lines", "price_items"),
    ),
    params={
        "tolerance_share": Param(0.01, "share", "rounding of prices per unit"),
        "floor_sek": Param(200, "sek", "below it a review costs more than it can bring back"),
    },
    sql="""
        WITH price AS (
            SELECT contract_id, lower(item) AS item, lower(unit) AS unit, price_sek, valid_from,
                   coalesce(least(valid_to, lead(valid_from) OVER same - 1), DATE '9999-12-31') AS last_day
            FROM core_price_items
            WINDOW same AS (PARTITION BY contract_id, lower(item), lower(unit) ORDER BY valid_from)
        ), invoice AS (
            SELECT invoice_id, min_by(payment_id, booked_month || payment_id) AS payment_id,
                   min(booked_month) AS booked_month, max(contract_id) AS contract_id,
                   min(coalesce(invoice_date, booking_date)) AS priced_date
            FROM core_payments SEMI JOIN price USING (contract_id) WHERE is_live AND invoice_id IS NOT NULL
            GROUP BY 1
        ), line AS MATERIALIZED (
            SELECT i.*, line_no, quantity, unit_price_sek, lower(item) AS item, lower(unit) AS unit
            FROM core_invoice_lines JOIN invoice i USING (invoice_id) WHERE quantity > 0
        )
        SELECT payment_id AS subject_key, booked_month AS service_month,
               round(sum((unit_price_sek - price_sek) * quantity), 2) AS amount_at_risk_sek,
               round(max(unit_price_sek / price_sek) - 1, 4) AS value,
               list_prepend(payment_id, list(concat(invoice_id, '/', line_no) ORDER BY line_no)) AS evidence
        FROM line JOIN price USING (contract_id, item, unit)
        WHERE priced_date BETWEEN valid_from AND last_day AND unit_price_sek > price_sek * (1 + $tolerance_share)
        GROUP BY 1, 2 HAVING sum((unit_price_sek - price_sek) * quantity) >= $floor_sek
    """,
    example="""
        core_price_items
        contract_id | item    | unit | price_sek | valid_from | valid_to
        K1          | Konsult | tim  | 900       | 2025-01-01 |
        K1          | Konsult | tim  | 950       | 2026-01-01 | 2026-12-31
        core_payments
        payment_id | invoice_id | contract_id | booking_date | invoice_date | amount_sek
        F1         | I1         | K1          | 2026-03-05   | 2026-02-28   | 10500.00
        A2         | I2         | K1          | 2026-03-05   | 2026-02-28   | 9550.00
        A3         | I3         | K1          | 2026-03-05   | 2026-02-28   | 1050.00
        A4         | I4         | K1          | 2026-03-05   | 2026-02-28   | 10500.00
        A5         | I5         | K9          | 2026-03-05   | 2026-02-28   | 10500.00
        F6         | I6         | K1          | 2026-01-15   | 2025-12-28   | 9500.00
        A7         | I7         | K1          | 2026-01-15   | 2025-12-28   | 9000.00
        A8         | I1         | K1          | 2026-04-15   | 2026-02-28   | 500.00
        core_invoice_lines
        invoice_id | line_no | item    | unit | quantity | unit_price_sek
        I1         | 1       | KONSULT | tim  | 10       | 1000
        I1         | 2       | Resa    | km   | 20       | 25
        I2         | 1       | Konsult | tim  | 10       | 955
        I3         | 1       | Konsult | tim  | 1        | 1050
        I4         | 1       | Konsult | dag  | 10       | 1050
        I5         | 1       | Konsult | tim  | 10       | 1050
        I6         | 1       | Konsult | tim  | 10       | 950
        I7         | 1       | Konsult | tim  | 10       | 900
    """,
    flags={"F1": "500.00", "F6": "500.00"},
    source="Indicator catalogue SP26; typology T49",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
