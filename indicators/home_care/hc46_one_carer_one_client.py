"""A carer and a client have hardly anybody but each other, month after month, and no approval says why."""

from datetime import date

from core.per_line import HIT_VISITS, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC46",
    title=Text("En medarbetare, en brukare", "One carer, one client"),
    means=Text(
        "Minst {least_share} av medarbetarens tid gick till ett hem, som fick minst {least_share} av sin tid från "
        "medarbetaren, i minst {least_months} månader i rad. Ingen godkänd anhöriganställning finns.",
        "At least {least_share} of the carer's time went to one home, which had at least {least_share} of its time from "
        "that carer, for at least {least_months} months on end. No approval of employing a relative exists.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text("Brukaren behöver en och samma person.", "The client needs one and the same person."),
        Text("Medarbetaren arbetar deltid eller med annat hos utföraren.", "The carer works part time, or elsewhere."),
        Text("Godkännandet har inte registrerats.", "The approval has not been entered."),
    ),
    do=Text(
        "Är de anhöriga, och är det i så fall godkänt? Fråga brukaren om tiden, och se hur beviljandet har ändrats.",
        "Are they relatives, and if so, is it approved? Ask the client about the time; see how the grant has changed.",
    ),
    evidence_class="S",
    family="relative",
    prior=Prior(4, 8, "simulated municipality: 0.72 of 116 hits, none in two without T12; no lawful pairs in it"),
    review_minutes=45,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="performed_count > 0",
        missing="visits.carer_ref",
        needs=("visits", "visits.carer_ref", "carers"),
    ),
    params={
        "least_share": Param(0.9, "share", "typology T12: about all, with room for a day of illness"),
        "least_months": Param(3, "months", "shorter may be a rota or an introduction"),
        "least_hours": Param(10, "hours a month", "fewer are extra hours of somebody with other work"),
        "few_carers": Param(5, "carers", "so few of a provider's cannot take turns in its rural area"),
        "least_sek": Param(500, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        """
        WITH pair AS (  -- a couple is one home; alarm, night and the second of two at once fall to others
            SELECT carer_ref, coalesce(household_ref, client_ref) AS home, service_month, (service_month || '-01')::DATE AS month,
                   sum(registered_minutes) AS minutes, sum(registered_minutes) FILTER (service NOT IN ('alarm', 'night')
                     AND pair_visit_id IS NULL AND NOT coalesce(double_staffed, false)) AS own_minutes
            FROM core_visits WHERE status = 'performed' GROUP BY ALL
        ), close AS (
            FROM pair JOIN (SELECT carer_ref, service_month, sum(minutes) AS carers FROM pair GROUP BY ALL) USING (carer_ref,
              service_month) JOIN (SELECT home, service_month, sum(own_minutes) AS homes FROM pair GROUP BY ALL) USING (home, service_month)
            WHERE minutes >= greatest(60 * $least_hours, $least_share * carers) AND own_minutes >= $least_share * homes
        ), lasting AS (
            SELECT * FROM close QUALIFY $least_months = count(*) OVER (
              PARTITION BY carer_ref, home ORDER BY month RANGE BETWEEN to_months($least_months - 1) PRECEDING AND CURRENT ROW)
        ), rural AS (
            SELECT provider_id, area_type, service_month FROM core_visits WHERE area_type = 'rural' AND status = 'performed'
            GROUP BY ALL HAVING count(DISTINCT carer_ref) <= $few_carers)
        SELECT v.visit_id, 1 AS share, NULL AS missing_field,
               CASE WHEN c.carer_ref IS NOT NULL THEN 'godkänd anhöriganställning'
                    WHEN r.provider_id IS NOT NULL THEN 'få medarbetare i glesbygd' END AS explained_by
        FROM lasting l JOIN core_visits v ON v.carer_ref = l.carer_ref AND v.service_month = l.service_month
          AND coalesce(v.household_ref, v.client_ref) = l.home AND v.status = 'performed'
        LEFT JOIN core_carers c ON c.carer_ref = v.carer_ref AND c.provider_id = v.provider_id AND c.relative_approved
          AND (c.relative_of_client_ref = v.client_ref OR c.household_ref = v.household_ref)
        LEFT JOIN rural r ON r.provider_id = v.provider_id AND r.area_type = v.area_type AND r.service_month = v.service_month
        """,
        "$least_sek",
    ),
    example="\n".join(
        [
            """
        core_carers
        carer_ref | provider_id | employed_from | relative_of_client_ref | relative_approved
        W1        | P1          | 2025-01-01    | C1                     | false
        W2        | P1          | 2025-01-01    | C2                     | true
        W7        | P1          | 2025-01-01    | C1                     | true
        core_visits
        visit_id | carer_ref | client_ref | household_ref | service | area_type | pair_visit_id | actual_start | actual_end
        E-01 | W13 | C13 |    | care  | urban |      | 2026-01-10 06:00 | 2026-01-10 18:00
        E-03 | W13 | C13 |    | care  | urban |      | 2026-03-10 06:00 | 2026-03-10 18:00
        E-04 | W13 | C13 |    | care  | urban |      | 2026-04-10 06:00 | 2026-04-10 18:00
        core_visit_pay
        visit_id | line_id | booked_month | paid_sek
        E-04     | LE-04   | 2026-04      | 5000.00
            """,
            *(
                """
        core_visits
        visit_id | carer_ref | client_ref | household_ref | service | area_type | pair_visit_id | actual_start | actual_end
        F-MM | W1  | C1  |    | care  | urban |      | 2026-MM-10 06:00 | 2026-MM-10 18:00
        Z-MM | W14 | C1  |    | care  | urban |      | 2026-MM-11 06:00 | 2026-MM-11 07:00
        X-MM | W2  | C2  |    | care  | urban |      | 2026-MM-10 06:00 | 2026-MM-10 18:00
        R-MM | W3  | C3  |    | care  | rural |      | 2026-MM-10 06:00 | 2026-MM-10 18:00
        A-MM | W4  | C4  |    | care  | urban |      | 2026-MM-10 06:00 | 2026-MM-10 18:00
        B-MM | W4  | C5  |    | care  | urban |      | 2026-MM-11 06:00 | 2026-MM-11 18:00
        C-MM | W5  | C6  |    | care  | urban |      | 2026-MM-10 06:00 | 2026-MM-10 18:00
        D-MM | W6  | C6  |    | care  | urban |      | 2026-MM-11 06:00 | 2026-MM-11 18:00
        G-MM | W7  | C7  | H1 | care  | urban |      | 2026-MM-10 06:00 | 2026-MM-10 18:00
        H-MM | W7  | C8  | H1 | care  | urban |      | 2026-MM-11 06:00 | 2026-MM-11 18:00
        I-MM | W8  | C9  |    | night | urban |      | 2026-MM-10 00:00 | 2026-MM-10 12:00
        J-MM | W9  | C10 |    | care  | urban |      | 2026-MM-10 06:00 | 2026-MM-10 15:59
        K-MM | W10 | C11 |    | care  | urban |      | 2026-MM-10 06:00 | 2026-MM-10 18:00
        L-MM | W10 | C11 |    | care  | urban | M-MM | 2026-MM-11 06:00 | 2026-MM-11 18:00
        M-MM | W11 | C11 |    | care  | urban | L-MM | 2026-MM-11 06:00 | 2026-MM-11 18:00
        N-MM | W12 | C12 |    | alarm | urban |      | 2026-MM-10 06:00 | 2026-MM-10 18:00
        core_visit_pay
        visit_id | line_id | booked_month | paid_sek
        F-MM     | LF-MM   | 2026-MM      | 5000.00
        Z-MM     | LZ-MM   | 2026-MM      | 600.00
        X-MM     | LX-MM   | 2026-MM      | 5000.00
        R-MM     | LR-MM   | 2026-MM      | 5000.00
        A-MM     | LA-MM   | 2026-MM      | 5000.00
        B-MM     | LB-MM   | 2026-MM      | 5000.00
        C-MM     | LC-MM   | 2026-MM      | 5000.00
        D-MM     | LC-MM   | 2026-MM      | 5000.00
        G-MM     | LG-MM   | 2026-MM      | 5000.00
        H-MM     | LH-MM   | 2026-MM      | 499.00
        I-MM     | LI-MM   | 2026-MM      | 5000.00
        J-MM     | LJ-MM   | 2026-MM      | 5000.00
        K-MM     | LK-MM   | 2026-MM      | 5000.00
        L-MM     | LK-MM   | 2026-MM      | 4000.00
        M-MM     | LK-MM   | 2026-MM      | 4000.00
        N-MM     | LN-MM   | 2026-MM      | 5000.00
                """.replace("MM", month)
                for month in ("01", "02", "03")
            ),
        ]
    ),
    flags={"LF-03": "5000.00", "LG-03": "5000.00", "LK-03": "9000.00"}
    | {"LX-03": "explained: godkänd anhöriganställning", "LR-03": "explained: få medarbetare i glesbygd"},
    source="typology T12: the cases of Södertälje and Linköping; new code beside HC28, which needs the relation stated",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
