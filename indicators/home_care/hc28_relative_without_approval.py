"""A carer visits a relative or somebody of the same household without an approval."""

from datetime import date

from core.per_line import HIT_VISITS, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC28",
    title=Text("Anhörig utan godkännande", "Relative without approval"),
    means=Text(
        "Medarbetaren är anhörig till brukaren, eller bor i samma hushåll, och inget godkännande av "
        "anhöriganställning finns.",
        "The carer is a relative of the client, or lives in the same household, and no approval of "
        "employing a relative exists.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text("Namne eller fel hushåll i registret.", "A namesake, or a wrong household in the register."),
        Text("Godkännandet har inte registrerats.", "The approval has not been entered."),
        Text("Reglerna tillåter anhöriga.", "The rules allow relatives."),
    ),
    do=Text(
        "Finns godkännandet, och motsvarar tiden behovet? Jämför beslutet före och efter anställningen.",
        "Is there an approval, and does the time meet the need? Compare the grant before and after the employment.",
    ),
    evidence_class="R",
    family="relative",
    prior=Prior(3, 7, "judgement: allowed in about a third of municipalities (typology T12); no published precision"),
    review_minutes=45,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="performed_count > 0",
        missing="carers.relative_of_client_ref",
        needs=("visits", "carers.relative_of_client_ref|carers.household_ref"),
    ),
    params={
        "least_sek": Param(100, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        """
        SELECT v.visit_id, 1 AS share, NULL AS missing_field,
               CASE WHEN bool_or(c.relative_approved AND v.visit_date >= c.employed_from
                    AND v.visit_date <= coalesce(c.employed_to, v.visit_date)) THEN 'godkänd anhöriganställning' END AS explained_by
        FROM core_visits v JOIN core_carers c ON c.carer_ref = v.carer_ref AND c.provider_id = v.provider_id
          AND (c.relative_of_client_ref = v.client_ref OR c.household_ref = v.household_ref)
        WHERE v.status = 'performed' AND (c.relative_of_client_ref IS NOT NULL OR c.household_ref IS NOT NULL)
        GROUP BY v.visit_id
        """,
        "$least_sek",
    ),
    example="""
        core_carers
        carer_ref | provider_id | employed_from | relative_of_client_ref | relative_approved | household_ref | employed_to
        W1        | P1          | 2025-01-01    | C1                     |                   |            |
        W2        | P1          | 2025-01-01    | C2                     | true              |            |
        W3        | P1          | 2025-01-01    |                        |                   | H3         |
        W4        | P2          | 2025-01-01    | C1                     |                   |            |
        W5        | P1          | 2025-01-01    |                        |                   | H6         |
        W5        | P1          | 2026-01-01    | C6                     | true              |            |
        W6        | P1          | 2024-01-01    | C7                     | true              |               | 2025-12-31
        W6        | P1          | 2026-01-01    | C7                     |                   |               |
        core_visits
        visit_id | client_ref | carer_ref | household_ref | actual_start
        F1       | C1         | W1        |               | 2026-03-10 08:00
        A1       | C4         | W1        |               | 2026-03-10 09:00
        X1       | C2         | W2        |               | 2026-03-10 08:00
        F2       | C3         | W3        | H3            | 2026-03-10 08:00
        A2       | C5         | W3        | H5            | 2026-03-10 09:00
        F3       | C7         | W6        |               | 2026-03-10 08:00
        X3       | C7         | W6        |               | 2025-12-31 08:00
        A3       | C1         | W4        |               | 2026-03-10 20:00
        X2       | C6         | W5        | H6            | 2026-03-10 08:00
        core_visit_pay
        visit_id | line_id | paid_sek
        F1       | L1      | 300.00
        A3       | L1      | 300.00
        A1       | L4      | 200.00
        X1       | L2      | 300.00
        F2       | L3      | 250.00
        A2       | L5      | 250.00
        X2       | L6      | 250.00
        F3       | L7      | 250.00
        X3       | L8      | 250.00
    """,
    flags={"L1": "300.00", "L3": "250.00", "L7": "250.00"}
    | dict.fromkeys(("L2", "L6", "L8"), "explained: godkänd anhöriganställning"),
    source="Indicator catalogue HC28; typology T12 and T13: the cases of Södertälje, Järfälla and Linköping",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
