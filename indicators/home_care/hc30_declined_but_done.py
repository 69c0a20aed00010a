"""A declined visit is paid although the same task was done at the same time, or is paid beyond the rule."""

from datetime import date

from core.per_line import BY_VISIT, HIT_VISITS, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC30",
    title=Text("Avböjt besök betalt ändå", "Declined visit paid anyway"),
    means=Text(
        "Ett avböjt besök är betalt fast samma moment utfördes hos brukaren inom {near_minutes} "
        "minuter, eller så begär utföraren mer än {most_share} av den planerade tiden och mer än reglerna ger.",
        "A declined visit is paid although the same task was done for the client within "
        "{near_minutes} minutes, or the provider claims more than {most_share} of the planned time and than the rules give.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text("Besöket bokades om samma dag.", "The visit was booked again the same day."),
        Text("Lokala regler betalar mer för vissa insatser.", "Local rules pay more for some services."),
    ),
    do=Text(
        "Fråga brukaren vad som avböjdes. Fanns besöket i planen?",
        "Ask the client what was declined. Was the visit in the plan?",
    ),
    evidence_class="S",
    family="declined",
    prior=Prior(
        1, 19, "simulated municipality, development seeds 1 and 3: 0.03 of 295 hits by 500 kr, 0.26 by half of the sum"
    ),
    review_minutes=20,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="visit_count > performed_count",
        missing="visits.status",
        needs=("visits",),
    ),
    params={
        "near_minutes": Param(30, "minutes", "a task done within the half hour was hardly declined"),
        "most_share": Param(0.75, "share", "domain notes: declined visits pay 50-75 %"),
        "least_sek": Param(50, "sek", "declined visits are small, and many"),
    },
    sql=per_line(
        """
        WITH declined AS (
            SELECT visit_id, client_ref, provider_id, task, visit_date, planned_start, planned_end, planned_minutes,
                   billable_minutes, is_double_granted
            FROM core_visits WHERE status IN ('declined', 'blank') AND pair_visit_id IS NULL
        ), shared AS (
            SELECT visit_id, max(declined_share) AS declined_share FROM declined
            JOIN (SELECT visit_id, rule_id FROM core_visit_pay) USING (visit_id)
            JOIN core_compensation_rules USING (rule_id) GROUP BY 1
        )
        SELECT d.visit_id, v.visit_id AS beside, 1 AS share, NULL AS missing_field,
               CASE WHEN d.is_double_granted THEN 'dubbelbemanning' END AS explained_by
        FROM declined d JOIN core_visits v USING (client_ref, visit_date)
        WHERE v.status = 'performed' AND v.task = d.task AND v.provider_id = d.provider_id
          AND v.pair_visit_id IS DISTINCT FROM d.visit_id
          AND coalesce(v.actual_start, v.planned_start) < d.planned_end + to_minutes($near_minutes)
          AND coalesce(v.actual_end, v.planned_end) > d.planned_start - to_minutes($near_minutes)
        UNION ALL
        SELECT visit_id, NULL, 1 - greatest($most_share, declined_share) * planned_minutes / billable_minutes, NULL, NULL
        FROM declined LEFT JOIN shared USING (visit_id)
        WHERE planned_minutes > 0 AND billable_minutes > greatest($most_share, declined_share) * planned_minutes
        """,
        "$least_sek",
        paid_by="visit",
    ),
    example="""
        core_visits
        visit_id | client_ref | status    | task | planned_start    | planned_end      | actual_start     | actual_end       | billable_minutes | is_double_granted | pair_visit_id
        F1       | C1         | declined  | meal | 2026-03-10 12:00 | 2026-03-10 12:30 |                  |                  |                  | false |
        A1       | C1         | performed | meal | 2026-03-10 12:30 | 2026-03-10 13:00 | 2026-03-10 12:40 | 2026-03-10 13:00 |                  | false |
        A2       | C1         | declined  | meal | 2026-03-11 12:00 | 2026-03-11 12:30 |                  |                  |                  | false |
        A3       | C1         | performed | meal | 2026-03-11 17:00 | 2026-03-11 17:30 | 2026-03-11 17:00 | 2026-03-11 17:30 |                  | false |
        A4       | C2         | declined  | walk | 2026-03-10 12:00 | 2026-03-10 12:30 |                  |                  |                  | false |
        A5       | C2         | performed | meal | 2026-03-10 12:00 | 2026-03-10 12:30 | 2026-03-10 12:00 | 2026-03-10 12:30 |                  | false |
        F2       | C3         | declined  | meal | 2026-03-10 12:00 | 2026-03-10 12:40 |                  |                  | 40 | false |
        A6       | C4         | declined  | meal | 2026-03-10 12:00 | 2026-03-10 12:40 |                  |                  | 30 | false |
        A7       | C5         | declined  | meal | 2026-03-10 12:00 | 2026-03-10 12:40 |                  |                  | 40               | false |
        X1       | C6         | declined  | meal | 2026-03-10 12:00 | 2026-03-10 12:30 |                  |                  |                  | true  |
        A8       | C6         | performed | meal | 2026-03-10 12:00 | 2026-03-10 12:30 | 2026-03-10 12:00 | 2026-03-10 12:30 |                  | true  |
        A9       | C7         | declined  | meal | 2026-03-10 12:00 | 2026-03-10 12:30 |                  |                  |                  | false |
        B1       | C7         | performed | meal | 2026-03-10 12:00 | 2026-03-10 12:30 | 2026-03-10 12:00 | 2026-03-10 12:30 |                  | false | A9
        B2       | C8         | declined  | meal | 2026-03-10 12:00 | 2026-03-10 12:40 |                  |                  | 40               | false |
        core_visit_pay
        visit_id | line_id | paid_sek | rule_id
        F1       | L1      | 120.00   |
        A1       | L1      | 200.00   |
        A2       | L1      | 120.00   |
        A4       | L2      | 120.00   |
        A5       | L2      | 200.00   |
        F2       | L3      | 240.00   |
        A6       | L4      | 200.00   |
        A7       | L5      | 240.00   | R1
        X1       | L6      | 120.00   |
        A9       | L7      | 120.00   |
        B2       | L8      | 240.00   | R2
        core_compensation_rules
        rule_id | basis     | declined_share | valid_from
        R1      | performed | 1              | 2020-01-01
        R2      | granted   | 0              | 2020-01-01
    """,
    flags={"L1": "120.00", "L3": "60.00", "L6": "explained: dubbelbemanning"},
    shown={"L1": "1 | F1 A1", "L3": "1 | F2"},
    source="Indicator catalogue HC30 (R there, but most are booked again the same day); typology T21",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
