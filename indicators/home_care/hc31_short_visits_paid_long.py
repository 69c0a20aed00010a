"""Many very short visits are paid as much longer ones."""

from datetime import date

from core.per_line import BY_VISIT, HIT_VISITS, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC31",
    title=Text("Korta besök betalda som långa", "Short visits paid as long"),
    means=Text(
        "Minst {least_visits} utförda besök och minst {least_share} av månadens besök hos brukaren "
        "är kortare än {short_minutes} minuter men betalda som minst {paid_minutes}.",
        "At least {least_visits} performed visits and at least {least_share} of the client's visits "
        "of the month are shorter than {short_minutes} minutes but paid as at least {paid_minutes}.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text("Korta tillsynsbesök.", "Short check-in visits."),
        Text("Schablontid enligt avtalet.", "Flat time by the contract."),
        Text("Inloggning glömdes vid ankomsten.", "The log-in on arrival was forgotten."),
    ),
    do=Text(
        "Behöver brukaren så korta besök, och hinner momenten utföras?",
        "Does the client need visits so short, and can the tasks be done in them?",
    ),
    evidence_class="S",
    family="duration",
    prior=Prior(1, 9, "judgement: flat times make lawful cases; none in the simulated municipality"),
    review_minutes=20,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="performed_count > 0",
        missing="visits.actual_start",
        needs=("visits", "compensation_rules"),
    ),
    params={
        "short_minutes": Param(5, "minutes", "catalogue HC31"),
        "paid_minutes": Param(15, "minutes", "catalogue HC31"),
        "least_visits": Param(3, "visits", "catalogue HC31: many times"),
        "least_share": Param(0.1, "share", "short visits as a habit, not an accident"),
        "least_sek": Param(100, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        """
        WITH suspect AS (
            SELECT line_id FROM core_visits v JOIN core_visit_pay p USING (visit_id)
            WHERE v.registered_minutes < $short_minutes AND p.billable_minutes >= $paid_minutes AND v.registered_minutes > 0
            GROUP BY 1 HAVING count(*) >= $least_visits
        ), visit AS (
            SELECT p.line_id, v.visit_id, v.registered_minutes, p.billable_minutes, v.service,
                   coalesce(p.after_flat <> p.basis_minutes, FALSE) AS is_flat,
                   v.registered_minutes < $short_minutes AND p.billable_minutes >= $paid_minutes AS is_short
            FROM core_visits v JOIN (FROM core_visit_pay SEMI JOIN suspect USING (line_id)) p USING (visit_id)
            WHERE v.status = 'performed' AND v.registered_minutes > 0
        ), many AS (
            SELECT line_id, is_flat FROM visit GROUP BY ALL
            HAVING count(*) FILTER (is_short) >= $least_visits AND count(*) FILTER (is_short) >= $least_share * count(*)
        )
        SELECT visit_id, 1 - registered_minutes / billable_minutes AS share, NULL AS missing_field,
               CASE WHEN service IN ('alarm', 'night') THEN 'larm eller nattpatrull'
                    WHEN is_flat THEN 'schablontid enligt reglerna' END AS explained_by
        FROM visit SEMI JOIN many USING (line_id, is_flat) WHERE is_short
        """,
        "$least_sek",
        paid_by="visit",
    ),
    example="""
        core_visits
        visit_id | actual_start     | actual_end       | service
        F1       | 2026-03-10 08:00 | 2026-03-10 08:03 | care
        F2       | 2026-03-11 08:00 | 2026-03-11 08:03 | care
        F3       | 2026-03-12 08:00 | 2026-03-12 08:03 | care
        A1       | 2026-03-13 08:00 | 2026-03-13 08:05 | care
        A2       | 2026-03-10 08:00 | 2026-03-10 08:03 | care
        A3       | 2026-03-11 08:00 | 2026-03-11 08:03 | care
        A4       | 2026-03-12 08:00 | 2026-03-12 08:03 | care
        N1       | 2026-03-10 23:00 | 2026-03-10 23:03 | night
        N2       | 2026-03-11 23:00 | 2026-03-11 23:03 | night
        N3       | 2026-03-12 23:00 | 2026-03-12 23:03 | night
        S1       | 2026-03-10 08:00 | 2026-03-10 08:03 | domestic
        S2       | 2026-03-11 08:00 | 2026-03-11 08:03 | domestic
        S3       | 2026-03-12 08:00 | 2026-03-12 08:03 | domestic
        A5       | 2026-03-13 08:00 | 2026-03-13 08:03 | domestic
        G1       | 2026-03-11 08:00 | 2026-03-11 08:03 | care
        G2       | 2026-03-12 08:00 | 2026-03-12 08:03 | care
        G3       | 2026-03-13 08:00 | 2026-03-13 08:03 | care
        core_visit_pay
        visit_id | line_id | paid_sek | billable_minutes | basis_minutes | after_flat | rule_id
        F1       | L1      | 100.00   | 15               |               |  |
        F2       | L1      | 100.00   | 15               |               |  |
        F3       | L1      | 100.00   | 15               |               |  |
        A1       | L1      | 100.00   | 15               |               |  |
        A2       | L2      | 100.00   | 15               |               |  |
        A3       | L2      | 100.00   | 15               |               |  |
        A4       | L2      | 100.00   | 14               |               |  |
        N1       | L3      | 100.00   | 15               |               |  |
        N2       | L3      | 100.00   | 15               |               |  |
        N3       | L3      | 100.00   | 15               |               |  |
        S1       | L4      | 100.00   | 60               | 3             | 60 |
        S2       | L4      | 100.00   | 60               | 3             | 60 |
        S3       | L4      | 100.00   | 60               | 3             | 60 |
        A5       | L4      | 100.00   | 15               | 3             | 3 |
        G1       | L5      | 100.00   | 15               |               |            | R1
        G2       | L5      | 100.00   | 15               |               |            | R1
        G3       | L5      | 100.00   | 15               |               |            | R1
        core_compensation_rules
        rule_id | basis   | valid_from
        R1      | granted | 2020-01-01
    """,
    flags={"L1": "240.00", "L3": "explained: larm eller nattpatrull", "L4": "explained: schablontid enligt reglerna"},
    source="Indicator catalogue HC31",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
