"""A new, smaller payee is named nearly as a big supplier, or with a word added, but has not its number or account."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SU17",
    title=Text("Nästan samma namn som storleverantör", "Near-namesake of big supplier"),
    means=Text(
        "Mottagaren är ny ({new_months} månader), fick minst {floor_sek} kr och heter nästan som en leverantör som "
        "fått minst {big_sek} kr på ett år, eller likadant med ett ord till, men har inte dess nummer eller konto.",
        "The payee is new ({new_months} months), got at least {floor_sek} kr and is named nearly as a supplier that "
        "got at least {big_sek} kr in a year, or with a word added, but has another number and account.",
    ),
    measured=Measured(Text("Likhet mellan namnen", "Likeness of the names"), "share"),
    innocent=(
        Text("Franchise, systerbolag eller filial.", "Franchise, sister company or branch."),
        Text("Leverantören har bytt bolag eller namn.", "The supplier changed company or name."),
    ),
    do=Text("Jämför konto, organisationsnummer och avtal. Fråga storleverantören.", "Compare account, number and contract; ask the big one."),
    evidence_class="R",
    family="register",
    prior=Prior(1, 32, "detection notes: match lists are right in 1-8 %; typology T40"),
    review_minutes=20,
    subject="payee",
    scope=Scope(
        where="is_live AND NOT is_redacted AND NOT is_one_time",
        testable="supplier_key NOT IN (SELECT supplier_key FROM core_payees WHERE is_personal OR length(name_key) < 6)",
        missing="suppliers.name",
    ),
    params={
        "similarity": Param(0.92, "share", "catalogue SU17"),
        "edits": Param(3, "letters", "more differing letters are mostly another word"),
        "big_sek": Param(1_000_000, "sek", "a name worth borrowing is one that everybody approves"),
        "new_months": Param(12, "months", "an older namesake has been seen; in its first year a ledger knows nobody"),
        "floor_sek": Param(5000, "sek", "below it a review costs more than it can bring back"),
    },
    sql="""
        WITH payee AS MATERIALIZED (
            SELECT entity_key, if(org_no_problem IS NULL, org_no, NULL) AS org_no, name_key,
                   payee_account AS account, min(first_month) OVER (PARTITION BY entity_key) AS first_month,
                   strftime((min(first_month) OVER () || '-01')::DATE + INTERVAL 1 YEAR, '%Y-%m') AS warm_month,
                   regexp_replace(name_key, '[^0-9]+', '', 'g') AS digits,
                   [digits || '<' || left(name_key, 8), digits || '>' || right(name_key, 8)] AS blocks
            FROM core_payees WHERE length(name_key) > 5 AND NOT is_personal AND NOT is_redacted AND NOT is_one_time
        ), early AS (
            SELECT * FROM payee, unnest(blocks) AS u(block)
            QUALIFY row_number() OVER (PARTITION BY block ORDER BY first_month, entity_key) <= 200
        ), pair AS (
            SELECT b.entity_key, a.entity_key AS big_key, b.first_month,
                   max(jaro_winkler_similarity(a.name_key, b.name_key)) AS similarity
            FROM early b JOIN early a USING (block)
            WHERE a.first_month < b.first_month AND b.first_month >= b.warm_month AND a.entity_key <> b.entity_key
              AND coalesce(a.org_no <> b.org_no, a.name_key <> b.name_key) AND coalesce(a.account <> b.account, TRUE)
              AND (starts_with(b.name_key, a.name_key || ' ') OR abs(length(a.name_key) - length(b.name_key)) <= $edits
                   AND jaro_winkler_similarity(a.name_key, b.name_key) >= $similarity
                   AND levenshtein(a.name_key, b.name_key) <= $edits)
            GROUP BY 1, 2, 3
        ), month AS (
            SELECT entity_key, booked_month, (booked_month || '-01')::DATE AS day, sum(amount_sek) AS paid_sek,
                   list({'payment_id': payment_id, 'amount_at_risk_sek': amount_sek}) AS payments
            FROM core_payments WHERE is_live AND entity_key IN (SELECT unnest([entity_key, big_key]) FROM pair)
            GROUP BY 1, 2
        )
        SELECT s.entity_key AS subject_key, s.booked_month AS service_month, big_key AS business_key,
               round(any_value(similarity), 3) AS value, any_value(s.paid_sek) AS amount_at_risk_sek,
               list_sort(any_value(s.payments)) AS payments, [s.entity_key, big_key] || list_transform(list_sort(any_value(s.payments))[:10], lambda x: x.payment_id) || list_transform(list_sort(flatten(list(b.payments)))[:5], lambda x: x.payment_id) AS evidence
        FROM pair JOIN month s USING (entity_key)
        JOIN month b ON b.entity_key = big_key AND b.day BETWEEN s.day - INTERVAL 11 MONTH AND s.day
        WHERE date_diff('month', (first_month || '-01')::DATE, s.day) < $new_months AND s.paid_sek >= $floor_sek
        GROUP BY 1, 2, 3 HAVING sum(b.paid_sek) >= $big_sek AND sum(b.paid_sek) > any_value(s.paid_sek)
    """,
    example="""
        core_payees
        supplier_key | org_no      | name_key         | payee_account | first_month
        BIG          | 556000-0001 | NORDVIKS ENERGI  | 100-1000      | 2020-01
        COPY         | 556000-0002 | NORDVIKS ENERGIE | 200-2000      | 2026-02
        PAIR         | 556000-0003 | NORDVIK ENERGI   | 100-1000      | 2026-02
        OTHER        | 556000-0004 | NORDVIKS BYGG    | 400-4000      | 2026-02
        OLD          | 556000-0005 | NORDVIKS ENERGIA | 500-5000      | 2021-02
        MID          |             | SÖDERÅS TAXI     |               | 2020-01
        MIDCOPY      |             | SÖDERÅS TAXIE    |               | 2026-02
        BIG2         |             | VÄSTANÅ LIVS     |               | 2020-01
        COPY2        |             | VÄSTANÅ LIV      |               | 2026-02
        SAME2        |             | VÄSTANÅ LIVS     |               | 2026-02
        LONG2        |             | VÄSTANÅ LIVS SYD |               | 2026-02
        core_payments
        payment_id | supplier_key | booking_date | amount_sek
        A1         | BIG          | 2025-06-05   | 900000.00
        A2         | BIG          | 2026-03-05   | 300000.00
        F1         | COPY         | 2026-03-05   | 20000.00
        F2         | COPY         | 2026-03-06   | 10000.00
        A3         | PAIR         | 2026-03-05   | 20000.00
        A4         | OTHER        | 2026-03-05   | 20000.00
        A5         | OLD          | 2026-03-05   | 20000.00
        A6         | MID          | 2026-03-05   | 300000.00
        A7         | MIDCOPY      | 2026-03-05   | 20000.00
        A8         | BIG2         | 2026-02-05   | 2000000.00
        F3         | COPY2        | 2026-03-05   | 20000.00
        A9         | SAME2        | 2026-03-05   | 20000.00
        A10        | COPY2        | 2026-04-05   | 2000.00
        F4         | LONG2        | 2026-03-05   | 20000.00
    """,
    flags={"COPY": "30000.00", "COPY2": "20000.00", "LONG2": "20000.00"},
    shown={"COPY2": "0.986 | COPY2 BIG2 F3 A8"},
    source="Indicator catalogue SU17, there S; R as SU16, which asks less; zynoviq describes look-alike suppliers",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
