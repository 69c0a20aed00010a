"""A carer's electronic registrations begin and end on the five minutes far more often than clocks do."""

from datetime import date

from core.per_line import per_line
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC26",
    title=Text("Jämna klockslag", "Round clock times"),
    means=Text(
        "Minst {least_share} av medarbetarens elektroniskt registrerade besök i månaden börjar och "
        "slutar på jämna fem minuter. Av en slump gör ungefär 4 av 100 det.",
        "At least {least_share} of the carer's electronically registered visits of the month begin "
        "and end on a multiple of five minutes. By chance about 4 in 100 do.",
    ),
    measured=Measured(Text("Andel av medarbetarens besök", "Share of the carer's visits"), "share"),
    innocent=(
        Text("Systemet avrundar tiderna.", "The system rounds the times."),
        Text(
            "Registreringen gjordes i efterhand utan att det syns.", "The times were typed in later without saying so."
        ),
    ),
    do=Text(
        "Fråga leverantören om systemet avrundar. Jämför med låshändelser.",
        "Ask the vendor whether the system rounds. Compare with lock events.",
    ),
    evidence_class="C",
    family="manual",
    prior=Prior(1, 12, "simulated municipality, development seed: 0.08 of 13 hits; no published precision"),
    review_minutes=15,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="performed_count > 0",
        missing="visits.actual_start",
        needs=("visits", "visits.carer_ref", "visits.start_method"),
    ),
    params={
        "least_share": Param(0.25, "share", "six times what chance gives"),
        "least_visits": Param(20, "visits", "a share needs a group of 20"),
        "least_sek": Param(100, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        """
        WITH visit AS (
            SELECT visit_id, provider_id, carer_ref, service_month,
                   minute(actual_start) % 5 = 0 AND minute(actual_end) % 5 = 0 AS is_round
            FROM core_visits WHERE start_utc IS NOT NULL AND NOT is_manual AND carer_ref IS NOT NULL
        ), whole AS (  -- a provider whose every time is round has a system that rounds
            SELECT provider_id, service_month FROM visit GROUP BY ALL HAVING count(*) FILTER (is_round) > 0.9 * count(*)
        ), odd AS (
            SELECT provider_id, carer_ref, service_month, round(avg(is_round::INTEGER), 3) AS measured FROM visit GROUP BY ALL
            HAVING count(*) >= $least_visits AND count(*) FILTER (is_round) >= $least_share * count(*)
        )
        SELECT v.visit_id, concat_ws('|', provider_id, carer_ref, service_month) AS together, measured, 1 AS share, NULL AS missing_field,
               CASE WHEN w.provider_id IS NOT NULL THEN 'systemet avrundar' END AS explained_by
        FROM visit v JOIN odd USING (provider_id, carer_ref, service_month)
        LEFT JOIN whole w ON w.provider_id = v.provider_id AND w.service_month = v.service_month
        WHERE v.is_round
        """,
        "$least_sek",
    ),
    example="""
        core_visits
        visit_id | provider_id | carer_ref | start_method | actual_start     | actual_end
        F01 | P1 | W1 | lock | 2026-03-01 08:00 | 2026-03-01 08:30
        F02 | P1 | W1 | lock | 2026-03-02 08:00 | 2026-03-02 08:30
        F03 | P1 | W1 | lock | 2026-03-03 08:00 | 2026-03-03 08:30
        F04 | P1 | W1 | lock | 2026-03-04 08:00 | 2026-03-04 08:30
        F05 | P1 | W1 | lock | 2026-03-05 08:00 | 2026-03-05 08:30
        F06 | P1 | W1 | lock | 2026-03-06 08:01 | 2026-03-06 08:30
        F07 | P1 | W1 | lock | 2026-03-07 08:01 | 2026-03-07 08:30
        F08 | P1 | W1 | lock | 2026-03-08 08:01 | 2026-03-08 08:30
        F09 | P1 | W1 | lock | 2026-03-09 08:01 | 2026-03-09 08:30
        F10 | P1 | W1 | lock | 2026-03-10 08:01 | 2026-03-10 08:30
        F11 | P1 | W1 | lock | 2026-03-11 08:01 | 2026-03-11 08:30
        F12 | P1 | W1 | lock | 2026-03-12 08:01 | 2026-03-12 08:30
        F13 | P1 | W1 | lock | 2026-03-13 08:01 | 2026-03-13 08:30
        F14 | P1 | W1 | lock | 2026-03-14 08:01 | 2026-03-14 08:30
        F15 | P1 | W1 | lock | 2026-03-15 08:01 | 2026-03-15 08:30
        F16 | P1 | W1 | lock | 2026-03-16 08:01 | 2026-03-16 08:30
        F17 | P1 | W1 | lock | 2026-03-17 08:01 | 2026-03-17 08:30
        F18 | P1 | W1 | lock | 2026-03-18 08:01 | 2026-03-18 08:30
        F19 | P1 | W1 | lock | 2026-03-19 08:01 | 2026-03-19 08:30
        F20 | P1 | W1 | lock | 2026-03-20 08:01 | 2026-03-20 08:30
        A01 | P1 | W2 | lock | 2026-03-01 08:00 | 2026-03-01 08:30
        A02 | P1 | W2 | lock | 2026-03-02 08:00 | 2026-03-02 08:30
        A03 | P1 | W2 | lock | 2026-03-03 08:00 | 2026-03-03 08:30
        A04 | P1 | W2 | lock | 2026-03-04 08:00 | 2026-03-04 08:30
        A05 | P1 | W2 | lock | 2026-03-05 08:01 | 2026-03-05 08:30
        A06 | P1 | W2 | lock | 2026-03-06 08:01 | 2026-03-06 08:30
        A07 | P1 | W2 | lock | 2026-03-07 08:01 | 2026-03-07 08:30
        A08 | P1 | W2 | lock | 2026-03-08 08:01 | 2026-03-08 08:30
        A09 | P1 | W2 | lock | 2026-03-09 08:01 | 2026-03-09 08:30
        A10 | P1 | W2 | lock | 2026-03-10 08:01 | 2026-03-10 08:30
        A11 | P1 | W2 | lock | 2026-03-11 08:01 | 2026-03-11 08:30
        A12 | P1 | W2 | lock | 2026-03-12 08:01 | 2026-03-12 08:30
        A13 | P1 | W2 | lock | 2026-03-13 08:01 | 2026-03-13 08:30
        A14 | P1 | W2 | lock | 2026-03-14 08:01 | 2026-03-14 08:30
        A15 | P1 | W2 | lock | 2026-03-15 08:01 | 2026-03-15 08:30
        A16 | P1 | W2 | lock | 2026-03-16 08:01 | 2026-03-16 08:30
        A17 | P1 | W2 | lock | 2026-03-17 08:01 | 2026-03-17 08:30
        A18 | P1 | W2 | lock | 2026-03-18 08:01 | 2026-03-18 08:30
        A19 | P1 | W2 | lock | 2026-03-19 08:01 | 2026-03-19 08:30
        A20 | P1 | W2 | lock | 2026-03-20 08:01 | 2026-03-20 08:30
        B01 | P1 | W3 | manual | 2026-03-01 08:00 | 2026-03-01 08:30
        B02 | P1 | W3 | manual | 2026-03-02 08:00 | 2026-03-02 08:30
        B03 | P1 | W3 | manual | 2026-03-03 08:00 | 2026-03-03 08:30
        B04 | P1 | W3 | manual | 2026-03-04 08:00 | 2026-03-04 08:30
        B05 | P1 | W3 | manual | 2026-03-05 08:00 | 2026-03-05 08:30
        B06 | P1 | W3 | manual | 2026-03-06 08:00 | 2026-03-06 08:30
        B07 | P1 | W3 | manual | 2026-03-07 08:00 | 2026-03-07 08:30
        B08 | P1 | W3 | manual | 2026-03-08 08:00 | 2026-03-08 08:30
        B09 | P1 | W3 | manual | 2026-03-09 08:00 | 2026-03-09 08:30
        B10 | P1 | W3 | manual | 2026-03-10 08:00 | 2026-03-10 08:30
        B11 | P1 | W3 | manual | 2026-03-11 08:00 | 2026-03-11 08:30
        B12 | P1 | W3 | manual | 2026-03-12 08:00 | 2026-03-12 08:30
        B13 | P1 | W3 | manual | 2026-03-13 08:00 | 2026-03-13 08:30
        B14 | P1 | W3 | manual | 2026-03-14 08:00 | 2026-03-14 08:30
        B15 | P1 | W3 | manual | 2026-03-15 08:00 | 2026-03-15 08:30
        B16 | P1 | W3 | manual | 2026-03-16 08:00 | 2026-03-16 08:30
        B17 | P1 | W3 | manual | 2026-03-17 08:00 | 2026-03-17 08:30
        B18 | P1 | W3 | manual | 2026-03-18 08:00 | 2026-03-18 08:30
        B19 | P1 | W3 | manual | 2026-03-19 08:00 | 2026-03-19 08:30
        B20 | P1 | W3 | manual | 2026-03-20 08:00 | 2026-03-20 08:30
        X01 | P2 | W4 | lock | 2026-03-01 08:00 | 2026-03-01 08:30
        X02 | P2 | W4 | lock | 2026-03-02 08:00 | 2026-03-02 08:30
        X03 | P2 | W4 | lock | 2026-03-03 08:00 | 2026-03-03 08:30
        X04 | P2 | W4 | lock | 2026-03-04 08:00 | 2026-03-04 08:30
        X05 | P2 | W4 | lock | 2026-03-05 08:00 | 2026-03-05 08:30
        X06 | P2 | W4 | lock | 2026-03-06 08:00 | 2026-03-06 08:30
        X07 | P2 | W4 | lock | 2026-03-07 08:00 | 2026-03-07 08:30
        X08 | P2 | W4 | lock | 2026-03-08 08:00 | 2026-03-08 08:30
        X09 | P2 | W4 | lock | 2026-03-09 08:00 | 2026-03-09 08:30
        X10 | P2 | W4 | lock | 2026-03-10 08:00 | 2026-03-10 08:30
        X11 | P2 | W4 | lock | 2026-03-11 08:00 | 2026-03-11 08:30
        X12 | P2 | W4 | lock | 2026-03-12 08:00 | 2026-03-12 08:30
        X13 | P2 | W4 | lock | 2026-03-13 08:00 | 2026-03-13 08:30
        X14 | P2 | W4 | lock | 2026-03-14 08:00 | 2026-03-14 08:30
        X15 | P2 | W4 | lock | 2026-03-15 08:00 | 2026-03-15 08:30
        X16 | P2 | W4 | lock | 2026-03-16 08:00 | 2026-03-16 08:30
        X17 | P2 | W4 | lock | 2026-03-17 08:00 | 2026-03-17 08:30
        X18 | P2 | W4 | lock | 2026-03-18 08:00 | 2026-03-18 08:30
        X19 | P2 | W4 | lock | 2026-03-19 08:00 | 2026-03-19 08:30
        X20 | P2 | W4 | lock | 2026-03-20 08:00 | 2026-03-20 08:30
        core_visit_pay
        visit_id | line_id | paid_sek
        F01      | L1      | 300.00
        F20      | L1      | 300.00
        A01      | L2      | 300.00
        B01      | L3      | 300.00
        X01      | L4      | 300.00
    """,
    flags={"L1": "300.00", "L4": "explained: systemet avrundar"},
    shown={"L1": "0.25 | F01 F02 F03 F04 F05"},
    source="Indicator catalogue HC26, there S: systems round",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
