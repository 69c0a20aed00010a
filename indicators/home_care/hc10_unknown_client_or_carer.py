"""A visit names a client or a carer that no register knows on the date."""

from datetime import date

from core.per_line import HIT_VISITS, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC10",
    title=Text("Okänd brukare eller medarbetare", "Unknown client or carer"),
    means=Text(
        "Besöket anger en brukare eller medarbetare som inte finns i registren den dagen.",
        "The visit names a client or a carer that the registers do not have on that day.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text("Nyanställd eller ny brukare, registrerad sent.", "A new carer or client, registered late."),
        Text("Id bytt vid systembyte eller felskrivet.", "An id changed with the system, or mistyped."),
    ),
    do=Text(
        "Ta reda på vem som avses. Kan besöket inte knytas till en person ska det inte betalas.",
        "Find out who is meant. A visit that cannot be tied to a person is not to be paid.",
    ),
    evidence_class="R",
    family="staffing",
    prior=Prior(3, 9, "judgement: most unknown ids are late registrations; no published precision"),
    review_minutes=15,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="performed_count > 0",
        missing="visits.carer_ref",
        needs=("visits", "clients", "carers"),
    ),
    params={
        "days": Param(14, "days", "registers are some two weeks behind"),
        "least_sek": Param(200, "sek", "smaller sums are not worth a review"),
    },
    sql=per_line(
        """
        SELECT v.visit_id, 1 AS share, NULL AS missing_field,
               CASE WHEN k.client_ref IS NOT NULL THEN 'registrerad inom ' || $days || ' dagar' END AS explained_by
        FROM (
            FROM core_visits v ANTI JOIN core_clients c ON c.client_ref = v.client_ref
              AND v.visit_date BETWEEN c.valid_from AND coalesce(c.valid_to, DATE '9999-12-31')
            WHERE v.status = 'performed'
        ) v ANTI JOIN core_clients g ON g.client_ref = v.client_ref  -- HC21 has these, and knows what is done afterwards
          AND g.end_reason IN ('deceased', 'moved') AND g.valid_to < v.visit_date
        LEFT JOIN core_clients k ON k.client_ref = v.client_ref
          AND k.valid_from BETWEEN v.visit_date AND least(v.visit_date + $days::INTEGER, last_day(v.visit_date))
        UNION ALL
        SELECT visit_id, 1, CASE WHEN carer_ref IS NULL THEN 'visits.carer_ref' END, NULL
        FROM core_visits SEMI JOIN core_carers USING (provider_id)  -- others have sent no list
        ANTI JOIN core_carers USING (carer_ref) WHERE status = 'performed'
        """,
        "$least_sek",
    ),
    example="""
        core_clients
        client_ref | area | area_type | valid_from | valid_to   | end_reason
        C1         | A1   | urban     | 2025-01-01 | 2026-03-01 | no_need
        C2         | A1   | urban     | 2025-01-01 |            |
        C3         | A1   | urban     | 2026-03-14 |            |
        C4         | A1   | urban     | 2025-01-01 | 2026-03-09 | deceased
        core_carers
        carer_ref | provider_id | employed_from
        W1        | P1          | 2025-01-01
        core_visits
        visit_id | client_ref | carer_ref | provider_id | actual_start     | actual_end
        A1       | C1         | W1        | P1          | 2026-03-10 08:00 | 2026-03-10 09:00
        B1       | C2         | W1        | P1          | 2026-03-10 08:00 | 2026-03-10 09:00
        C1       | C3         | W1        | P1          | 2026-03-10 08:00 | 2026-03-10 09:00
        C4       | C4         | W1        | P1          | 2026-03-10 08:00 | 2026-03-10 09:00
        D1       | C2         | W9        | P1          | 2026-03-10 08:00 | 2026-03-10 09:00
        E1       | C2         | W9        | P2          | 2026-03-10 08:00 | 2026-03-10 09:00
        F1       | C9         | W9        | P2          | 2026-03-10 08:00 | 2026-03-10 09:00
        core_visit_pay
        visit_id | line_id | paid_sek
        A1       | LA      | 500.00
        B1       | LB      | 500.00
        C1       | LC      | 500.00
        C4       | LG      | 500.00
        D1       | LD      | 500.00
        E1       | LE      | 500.00
        F1       | LF      | 500.00
    """,
    flags={"LA": "500.00", "LC": "explained: registrerad inom 14 dagar", "LD": "500.00", "LF": "500.00"},
    source="Indicator catalogue HC10",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
