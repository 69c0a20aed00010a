"""A payee record is new although another record for the same organisation or name already exists."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SU16",
    title=Text("Dubbel leverantörspost", "Duplicate supplier record"),
    means=Text(
        "Posten är högst {new_months} månader gammal och har samma organisationsnummer eller nästan samma namn "
        "som en äldre. Den fick minst {floor_sek} kr i månaden.",
        "The record is at most {new_months} months old and has the same organisation, or nearly the same name, as "
        "an older one. It was paid at least {floor_sek} kr in the month.",
    ),
    measured=Measured(Text("Likhet mellan namnen", "Likeness of the names"), "share"),
    innocent=(
        Text("Filialer eller enheter med egna poster.", "Branches or units with records of their own."),
        Text("Två skilda mottagare som råkar heta lika.", "Two payees that happen to share a name."),
        Text("Ett namnbyte eller byte av system.", "A change of name or of system."),
    ),
    do=Text("Se om samma faktura är betald på båda. Spärra den ena.", "See if an invoice was paid on both; block one."),
    evidence_class="R",
    family="register",
    prior=Prior(1, 49, "detection notes: match lists 1-8 %; a double record only makes double payment easier"),
    review_minutes=10,
    subject="payee",
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable="supplier_key NOT IN (SELECT supplier_key FROM core_payees WHERE is_personal OR length(name_key) < 6)",
        missing="suppliers.name",
    ),
    params={
        "similarity": Param(0.95, "share", "catalogue SU16"),
        "edits": Param(2, "letters", "more differing letters are mostly another word"),
        "new_months": Param(
            12, "months",
            "an older double record has been seen; in its first year a ledger knows nobody",
        ),
        "floor_sek": Param(10_000, "sek", "below it the clean-up of the register deals with it"),
    },
    sql="""
        WITH payee AS MATERIALIZED (
            SELECT supplier_key, entity_key, if(org_no_problem IS NULL, org_no, NULL) AS org_no, name_key, first_month,
                   regexp_replace(name_key, '[^0-9]+', '', 'g') AS digits,
                   strftime((min(first_month) OVER () || '-01')::DATE + INTERVAL 1 YEAR, '%Y-%m') AS warm_month,
                   array_to_string(list_sort(string_split(name_key, ' ')), '') AS words
            FROM core_payees
            WHERE length(name_key) > 5 AND NOT is_personal AND NOT is_redacted AND NOT is_one_time
        ), early AS (
            FROM (SELECT *, unnest(['=' || entity_key, '~' || words, digits || '<' || left(name_key, 8),
                                    digits || '>' || right(name_key, 8)]) AS block FROM payee)
            QUALIFY row_number() OVER (PARTITION BY block ORDER BY first_month, supplier_key) <= 200
        ), double AS (
            SELECT b.supplier_key, b.first_month, max(a.supplier_key) AS older_key,
                   max(jaro_winkler_similarity(a.name_key, b.name_key)) AS similarity
            FROM early b JOIN early a USING (block)
            WHERE a.first_month || a.supplier_key < b.first_month || b.supplier_key AND b.first_month >= b.warm_month
              AND (a.entity_key = b.entity_key OR coalesce(a.org_no = b.org_no, TRUE) AND (a.words = b.words
                   OR a.digits = b.digits AND abs(length(a.name_key) - length(b.name_key)) <= $edits
                      AND jaro_winkler_similarity(a.name_key, b.name_key) >= $similarity
                      AND levenshtein(a.name_key, b.name_key) <= $edits))
            GROUP BY 1, 2
        ), older AS (
            SELECT supplier_key AS older_key, min({'month': booked_month, 'payment_id': payment_id}).payment_id AS older_id FROM core_payments SEMI JOIN (SELECT older_key AS supplier_key FROM double) USING (supplier_key) WHERE is_live GROUP BY 1
        )
        SELECT p.entity_key AS subject_key, p.booked_month AS service_month, d.supplier_key AS business_key, round(any_value(d.similarity), 3) AS value, sum(p.amount_sek) AS amount_at_risk_sek,
               list({'payment_id': p.payment_id, 'amount_at_risk_sek': p.amount_sek} ORDER BY p.payment_id) AS payments, list_filter(
                 [d.supplier_key, any_value(d.older_key), any_value(o.older_id)] || min(p.payment_id, 10), lambda x: x IS NOT NULL) AS evidence
        FROM core_payments p JOIN double d USING (supplier_key) LEFT JOIN older o USING (older_key)
        WHERE p.is_live AND date_diff('month', (d.first_month || '-01')::DATE, (p.booked_month || '-01')::DATE) < $new_months
        GROUP BY 1, 2, 3 HAVING sum(p.amount_sek) >= $floor_sek
    """,
    example="""
        core_payees
        supplier_key | entity_key | org_no      | name_key              | first_month
        S1           | E1         | 556000-0001 | NORDVIKS RÖR          | 2020-01
        S2           | E1         | 556000-0001 | VÄSTRA VÄRME          | 2026-01
        S3           | E3         |             | BERGETS SKOLA         | 2020-01
        S4           | E4         |             | SKOLA BERGETS         | 2026-02
        S5           | E5         |             | SJÖBERGA STÄDTJÄNST   | 2020-01
        S6           | E6         | 556000-0006 | SJÖBERGA STÄDTJÄNSTER | 2026-02
        S7           | E7         |             | FÖRSKOLAN SOLEN 1     | 2020-01
        S8           | E8         |             | FÖRSKOLAN SOLEN 2     | 2026-02
        S9           | E9         | 556000-0009 | LINDENS TRÄDGÅRD      | 2020-01
        S10          | E10        | 556000-0010 | LINDENS TRÄDGÅRD      | 2026-02
        S11          | E11        |             | HAMNENS MÅLERI        | 2020-01
        S12          | E12        |             | HAMNENS MÅLERI        | 2024-02
        core_payments
        payment_id | supplier_key | entity_key | booking_date | amount_sek
        A1         | S1           | E1         | 2026-03-05   | 20000.00
        F1         | S2           | E1         | 2026-03-05   | 20000.00
        F2         | S4           | E4         | 2026-03-05   | 20000.00
        F3         | S6           | E6         | 2026-03-05   | 20000.00
        A2         | S6           | E6         | 2026-04-05   | 2000.00
        A3         | S8           | E8         | 2026-03-05   | 20000.00
        A4         | S10          | E10        | 2026-03-05   | 20000.00
        A5         | S12          | E12        | 2026-03-05   | 20000.00
        A6         | S6           | E6         | 2027-03-05   | 20000.00
    """,
    flags={"E1": "20000.00", "E4": "20000.00", "E6": "20000.00"},
    shown={"E6": "0.983 | S6 S5 F3"},
    source="Indicator catalogue SU16; NFI and vendors list duplicate supplier records",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
