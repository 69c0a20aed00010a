"""A carer's visits are registered or changed by hand far more often than colleagues' are."""

from datetime import date

from core.per_line import BY_VISIT, per_line
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC02",
    title=Text("Mycket registrerat för hand", "Much registered by hand"),
    means=Text(
        "Medarbetaren har minst {least_share} av månadens besök i hemmet registrerade eller ändrade för hand, bland "
        "de högsta andelarna i kommunen.",
        "At least {least_share} of the carer's visits in homes in the month were registered or changed by hand, "
        "among the highest shares in the municipality.",
    ),
    measured=Measured(Text("Andel av medarbetarens besök", "Share of the carer's visits"), "share"),
    innocent=(
        Text("Låset, taggen eller telefonen var trasig.", "The lock, the tag or the phone was broken."),
        Text("Vikarie utan eget inlogg, eller ny brukare utan tagg.", "A substitute without log-in, or no tag yet."),
        Text("Driftstopp eller ingen täckning.", "An outage, or no coverage."),
    ),
    do=Text(
        "Läs orsakerna och vem som ändrat. Jämför tiderna med planen och med vad brukaren säger.",
        "Read the reasons and who made the change. Compare the times with the plan and with what the client says.",
    ),
    evidence_class="C",
    family="manual",
    prior=Prior(1, 9, "judgement: most are broken devices; counts only beside other signs"),
    review_minutes=20,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="performed_count > 0",
        missing="visits.start_method",
        needs=("visits", "visits.start_method"),
    ),
    params={
        "least_share": Param(
            0.4, "share", "contracts ask for 80 to 95 % electronic, 3 to 35 % by hand is usual: both unverified"
        ),
        "least_visits": Param(10, "visits", "a share of fewer is chance"),
        "tail_share": Param(0.95, "share", "rank among all carers of the month"),
        "least_sek": Param(500, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        """
        SELECT v.visit_id, concat_ws('|', provider_id, carer_ref, service_month) AS together, round(manual_share, 3) AS measured,
               1 AS share, NULL AS missing_field,
               CASE WHEN v.task IN ('shopping', 'laundry', 'walk', 'escort') THEN 'utanför bostaden' END AS explained_by
        FROM core_visits v JOIN (
            SELECT provider_id, carer_ref, service_month, avg(is_manual::INTEGER) AS manual_share
            FROM core_visits
            WHERE status = 'performed' AND coalesce(task NOT IN ('shopping', 'laundry', 'walk', 'escort'), TRUE)
            GROUP BY provider_id, carer_ref, service_month HAVING count(*) >= $least_visits
            QUALIFY manual_share >= $least_share
                AND percent_rank() OVER (PARTITION BY service_month ORDER BY manual_share) >= $tail_share
        ) c USING (provider_id, carer_ref, service_month)
        WHERE v.is_manual AND v.status = 'performed'
        """,
        "$least_sek",
        paid_by="visit",
    ),
    example="""
        core_visits
        visit_id | carer_ref | start_method | task | actual_start | actual_end
        V01 | W1 | manual | care | 2026-03-01 08:00 | 2026-03-01 09:00
        V02 | W1 | manual | care | 2026-03-02 08:00 | 2026-03-02 09:00
        V03 | W1 | manual | care | 2026-03-03 08:00 | 2026-03-03 09:00
        V04 | W1 | manual | care | 2026-03-04 08:00 | 2026-03-04 09:00
        V05 | W1 | manual | care | 2026-03-05 08:00 | 2026-03-05 09:00
        V06 | W1 | manual | care | 2026-03-06 08:00 | 2026-03-06 09:00
        V07 | W1 | lock   | care | 2026-03-07 08:00 | 2026-03-07 09:00
        V08 | W1 | lock   | care | 2026-03-08 08:00 | 2026-03-08 09:00
        V09 | W1 | lock   | care | 2026-03-09 08:00 | 2026-03-09 09:00
        V10 | W1 | lock   | care | 2026-03-10 08:00 | 2026-03-10 09:00
        V11 | W2 | manual | care | 2026-03-01 08:00 | 2026-03-01 09:00
        V12 | W2 | lock   | care | 2026-03-02 08:00 | 2026-03-02 09:00
        V13 | W2 | lock   | care | 2026-03-03 08:00 | 2026-03-03 09:00
        V14 | W2 | lock   | care | 2026-03-04 08:00 | 2026-03-04 09:00
        V15 | W2 | lock   | care | 2026-03-05 08:00 | 2026-03-05 09:00
        V16 | W2 | lock   | care | 2026-03-06 08:00 | 2026-03-06 09:00
        V17 | W2 | lock   | care | 2026-03-07 08:00 | 2026-03-07 09:00
        V18 | W2 | lock   | care | 2026-03-08 08:00 | 2026-03-08 09:00
        V19 | W2 | lock   | care | 2026-03-09 08:00 | 2026-03-09 09:00
        V20 | W2 | lock   | care | 2026-03-10 08:00 | 2026-03-10 09:00
        V21 | W1 | manual | shopping | 2026-03-20 10:00 | 2026-03-20 11:00
        core_visit_pay
        visit_id | line_id | paid_sek
        V01 | LA | 400.00
        V02 | LA | 400.00
        V07 | LA | 400.00
        V03 | LB | 300.00
        V11 | LC | 700.00
        V21 | LD | 600.00
    """,
    flags={"LA": "800.00", "LD": "explained: utanför bostaden"},
    shown={"LA": "0.6 | V01 V02 V03 V04 V05 V06"},
    source="Indicator catalogue HC02; Texas asks for a usage score of at least 80 % (electronic visit verification)",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
