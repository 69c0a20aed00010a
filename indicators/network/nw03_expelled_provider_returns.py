"""A new provider shares people, address, telephone, account or staff with one that was excluded."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="NW03",
    title=Text("Utesluten utförare återkommer", "Expelled provider returns"),
    means=Text(
        "Utföraren började efter att ett bolag eller en person uteslutits, och delar företrädare, adress, "
        "telefon, konto eller minst {staff_share} av personalen med den uteslutna. Raden bär hela beloppet.",
        "The provider began after a company or person was excluded and shares representatives, address, telephone, account or at "
        "least {staff_share} of its staff with it. The line bears its whole sum.",
    ),
    measured=Measured(Text("Slag av uppgifter som delas", "Kinds of facts shared")),
    innocent=(
        Text("Personalen följde enligt lag med verksamheten.", "Staff followed the business by law."),
        Text("Företrädaren hade slutat i det förra bolaget.", "The person had left the other company before."),
        Text("Gemensam redovisningsbyrå eller kontorshotell.", "A common accountant or office hotel."),
    ),
    do=Text(
        "Vem ägde och ledde de båda bolagen? Prövades det när utföraren godkändes?",
        "Who owned and led the two companies? Was that looked at when the provider was approved?",
    ),
    evidence_class="S", family="register", review_minutes=60,
    prior=Prior(2, 18, "judgement: common boards and staff are lawful; no error by itself when simulated"),
    scope=Scope(
        table="core_compensation_lines", where="amount_sek > 0", testable="is_delivered", missing="exclusions.org_no",
        needs=("compensation_lines", "providers", "exclusions"),
    ),
    params={
        "staff_share": Param(0.4, "share", "catalogue NW03"),
        "years": Param(3, "years", "exclusions lose weight after three years"),
        "least_sek": Param(100, "sek", "smaller sums are not worth an officer's time"),
    },
    sql="""
        WITH held AS (  -- a trait of many belongs to an accountant, an office hotel or a switchboard
            SELECT org_no, trait, coalesce(min(since), DATE '1900-01-01') AS since FROM (
                SELECT org_no, 'person ' || person_ref AS trait, valid_from AS since FROM core_company_roles
                WHERE role <> 'auditor'  -- who serves many companies
                UNION ALL SELECT coalesce(org_no, person_ref), 'person ' || person_ref, decided_date FROM core_exclusions
                UNION ALL SELECT org_no, unnest(['phone ' || regexp_replace(phone, '[^0-9]', '', 'g'),  -- a street is in every town
                    'address ' || regexp_replace(upper(address || postal_code), '[ .,]', '', 'g')]), as_of FROM core_company_register
                UNION ALL SELECT supplier_ref, 'phone ' || regexp_replace(phone, '[^0-9]', '', 'g'), created_at::DATE FROM core_suppliers
                UNION ALL SELECT supplier_ref, 'account ' || payee_account, created_at::DATE FROM core_suppliers
                WHERE payee_account NOT IN (SELECT payee_account FROM core_payee_accounts WHERE is_factoring)
            ) WHERE org_no IS NOT NULL AND trait IS NOT NULL GROUP BY org_no, trait
            QUALIFY count(*) OVER (PARTITION BY trait) BETWEEN 2 AND 4
        ), newcomer AS (
            SELECT p.provider_id, p.org_no, p.valid_from, e.org_no AS old_no
            FROM (SELECT *, min(valid_from) OVER (PARTITION BY org_no) AS since FROM core_providers WHERE regime = 'private') p
            JOIN (SELECT coalesce(org_no, person_ref) AS org_no, max(decided_date) AS decided_date FROM core_exclusions GROUP BY 1) e
              ON e.org_no <> p.org_no AND p.since >= e.decided_date AND p.valid_from < e.decided_date + to_years($years)
        ), staff AS (
            SELECT provider_id, carer_ref, min(visit_date) AS since FROM core_visits WHERE carer_ref IS NOT NULL GROUP BY ALL
        ), shared AS (
            SELECT n.provider_id, t.trait, greatest(t.since, o.since, n.valid_from) AS since FROM newcomer n
            JOIN held t USING (org_no) JOIN held o ON o.org_no = n.old_no AND o.trait = t.trait
            UNION ALL  -- the crew of the first quarter
            SELECT n.provider_id, 'staff', n.valid_from + 90 FROM newcomer n JOIN staff s USING (provider_id)
            LEFT JOIN (SELECT DISTINCT org_no, carer_ref FROM staff JOIN core_providers USING (provider_id)) o
              ON o.org_no = n.old_no AND o.carer_ref = s.carer_ref
            WHERE s.since < n.valid_from + 90
            GROUP BY n.provider_id, n.valid_from, n.old_no HAVING count(o.carer_ref) >= $staff_share * count(*)
        )
        SELECT line_id AS subject_key, booked_month AS service_month, count(DISTINCT trait) AS value,
               any_value(amount_sek) AS amount_at_risk_sek
        FROM core_compensation_lines l JOIN shared s ON s.provider_id = l.provider_id
          AND l.booked_month >= strftime(s.since, '%Y-%m')
        WHERE is_delivered AND amount_sek >= $least_sek GROUP BY ALL
    """,
    example="""
        core_exclusions
        org_no      | person_ref | reason    | decided_date
        556000-0001 |            | cancelled | 2025-10-01
                    | R7         | cancelled | 2025-10-01
        core_providers
        provider_id | org_no      | name | regime  | valid_from
        P1          | 556000-0001 | OLD  | private | 2020-01-01
        P2          | 556000-0002 | NEW  | private | 2026-01-01
        P3          | 556000-0003 | ELSE | private | 2026-01-01
        P4          | 556000-0004 | SAME | private | 2020-01-01
        P5          | 556000-0005 | CREW | private | 2026-01-01
        P6          | 556000-0006 | TOWN | private | 2026-01-01
        P7          | 556000-0007 | ROOM | private | 2026-01-01
        P8          | 212000-0008 | OWN  | in_house | 2026-01-01
        P9          | 556000-0009 | KEPT | private | 2020-01-01
        PB          | 556000-0011 | LED  | private | 2026-01-01
        PA          | 556000-0009 | KEPT | private | 2026-01-01
        core_company_register
        org_no      | as_of      | address     | postal_code | phone
        556000-0001 | 2025-01-01 | Storgatan 2 | 701 22      |
        556000-0006 | 2026-01-01 | Storgatan 2 | 994 32      | 019-10 10 10
        556000-0007 | 2026-01-01 | STORGATAN 2 | 70122       |
        core_company_roles
        org_no      | person_ref | role    | valid_from
        556000-0001 | R1         | board   | 2020-01-01
        556000-0001 | R9         | auditor | 2020-01-01
        556000-0002 | R1         | ceo     | 2026-01-01
        556000-0003 | R9         | auditor | 2026-01-01
        556000-0004 | R1         | board   | 2020-01-01
        556000-0009 | R1         | board   | 2020-01-01
        556000-0011 | R7         | ceo     | 2026-01-01
        core_visits
        visit_id | provider_id | carer_ref | actual_start
        V1       | P1          | W1        | 2025-09-01 08:00
        V2       | P1          | W2        | 2025-09-01 08:00
        V3       | P5          | W1        | 2026-02-01 08:00
        V4       | P5          | W3        | 2026-02-01 08:00
        V5       | P3          | W2        | 2026-02-01 08:00
        V6       | P3          | W4        | 2026-02-01 08:00
        V7       | P3          | W5        | 2026-02-01 08:00
        V8       | P8          | W1        | 2026-02-01 08:00
        core_compensation_lines
        line_id | provider_id | booked_month | amount_sek
        A1      | P1          | 2025-09      | 900.00
        F1      | P2          | 2026-02      | 700.00
        A2      | P3          | 2026-02      | 800.00
        A3      | P4          | 2026-02      | 600.00
        A4      | P5          | 2026-02      | 500.00
        F2      | P5          | 2026-04      | 500.00
        A5      | P6          | 2026-04      | 500.00
        F3      | P7          | 2026-04      | 500.00
        A6      | P8          | 2026-04      | 500.00
        A7      | PA          | 2026-04      | 500.00
        F4      | PB          | 2026-04      | 500.00
    """,
    flags={"F1": "700.00", "F2": "500.00", "F3": "500.00", "F4": "500.00"},
    source="Indicator catalogue NW03 (R there; a provider-wide finding is context for its lines); typology T28",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
