"""Visits are registered far from the home, or without the digital lock being opened, more often than chance lets them."""

from datetime import date

from core.per_line import per_line
from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC22",
    title=Text("Registrerat men inte vid dörren", "Registered, not at the door"),
    means=Text(
        "Minst {least_visits} besök i månaden är registrerade mer än {far_m} meter från hemmet, eller utan att brukarens "
        "digitala lås öppnades. Det är fler än vad tekniska fel i {noise_share} av besöken förklarar.",
        "At least {least_visits} visits of the month are registered more than {far_m} metres from the home, or without the "
        "client's digital lock being opened. They are more than technical failures in {noise_share} of visits explain.",
    ),
    measured=Measured(Text("Meter från hemmet som längst", "Metres from the home at most")),
    innocent=(
        Text("Låset eller positionen fungerade inte.", "The lock or the position failed."),
        Text("Brukaren eller en anhörig öppnade dörren.", "The client or a relative opened the door."),
        Text("Insatsen gavs utanför hemmet.", "The service was given outside the home."),
    ),
    do=Text(
        "Se hur de andra besöken hos brukaren registrerades, och fråga brukaren om besöken.",
        "See how the client's other visits were registered, and ask the client about these.",
    ),
    evidence_class="S",
    family="presence",
    prior=Prior(1, 15, "simulated municipality, seeds 1 and 3: 0.03 of 172 hits; 12 of 14 where a provider cheats"),
    review_minutes=30,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="performed_count > 0",
        missing="visits.distance_start_m",
        needs=("visits", "visits.distance_start_m"),
    ),
    params={
        "far_m": Param(200, "metre", "catalogue HC22; positions drift by tens of metres"),
        "noise_share": Param(0.03, "share", "catalogue HC22: missing lock events and drift; 2 % each when simulated"),
        "least_visits": Param(3, "visits", "one or two in a month are chance"),
        "margin_minutes": Param(15, "minutes", "late log-ins: the lock counts in the half hours around the start"),
        "least_sek": Param(100, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        """
        WITH visit AS (
            SELECT visit_id, provider_id, client_ref, service, service_month, start_method, epoch(actual_start)::BIGINT AS at, distance_start_m > $far_m AND coalesce(distance_end_m > $far_m, true) AS is_far,
                   distance_start_m
            FROM core_visits WHERE status = 'performed' AND actual_start IS NOT NULL AND service <> 'alarm'
              AND coalesce(task, '') NOT IN ('shopping', 'laundry', 'walk', 'escort')
        ), opened AS (
            SELECT client_ref, epoch("at")::BIGINT // 1800 AS half_hour FROM core_lock_events WHERE coalesce(kind, 'open') = 'open'
        ), has_lock AS (
            FROM (SELECT provider_id, client_ref, service_month FROM visit WHERE start_method = 'lock'
                  GROUP BY ALL HAVING count(*) >= 5) SEMI JOIN opened USING (client_ref)
        ), shut AS (
            SELECT visit_id FROM visit v SEMI JOIN has_lock h ON h.provider_id = v.provider_id
              AND h.client_ref = v.client_ref AND h.service_month = v.service_month
            ANTI JOIN opened a ON a.client_ref = v.client_ref AND a.half_hour = (v.at - 60 * $margin_minutes) // 1800
            ANTI JOIN opened b ON b.client_ref = v.client_ref AND b.half_hour = (v.at + 60 * $margin_minutes) // 1800
            WHERE v.at // 86400 IN (SELECT half_hour // 48 FROM opened)  -- else the day's events may not have come
        ), many AS (
            SELECT provider_id, client_ref, service, service_month, count(*) AS visits,
                   list({'visit_id': visit_id, 'measured': distance_start_m}) FILTER (is_far OR is_shut) AS hits
            FROM visit LEFT JOIN (SELECT visit_id, true AS is_shut FROM shut) USING (visit_id) GROUP BY ALL
            HAVING len(hits) >= $least_visits AND len(hits) > visits * $noise_share + 3 * sqrt(visits * $noise_share)
        )
        SELECT unnest(hits, recursive := true), concat_ws('|', provider_id, client_ref, service, service_month) AS together, 1 AS share, NULL AS missing_field, NULL AS explained_by FROM many
        """,
        "$least_sek",
    ),
    example="""
        core_visits
        visit_id | client_ref | actual_start     | distance_start_m
        V01      | C1         | 2026-03-01 08:00 |
        V02      | C1         | 2026-03-02 08:00 |
        V03      | C1         | 2026-03-03 08:00 |
        V04      | C1         | 2026-03-04 08:00 |
        V05      | C1         | 2026-03-05 08:00 |
        V06      | C1         | 2026-03-06 08:00 |
        V07      | C1         | 2026-03-07 08:00 |
        V08      | C1         | 2026-03-08 08:00 |
        V09      | C1         | 2026-03-09 08:00 |
        V10      | C1         | 2026-03-10 08:00 |
        V11      | C1         | 2026-03-11 08:00 |
        V12      | C1         | 2026-03-12 08:00 |
        V13      | C1         | 2026-03-13 08:00 |
        V14      | C1         | 2026-03-14 08:00 |
        V15      | C1         | 2026-03-15 08:00 |
        V16      | C1         | 2026-03-16 08:00 |
        V17      | C1         | 2026-03-17 08:00 |
        V18      | C1         | 2026-03-18 08:00 |
        V19      | C1         | 2026-03-19 08:00 |
        V20      | C1         | 2026-03-20 08:00 |
        V21      | C1         | 2026-03-21 08:00 |
        V22      | C1         | 2026-03-22 08:00 |
        V23      | C1         | 2026-03-23 08:00 |
        V24      | C1         | 2026-03-24 08:00 |
        V25      | C1         | 2026-03-25 08:00 |
        W1       | C1         | 2026-03-26 08:00 |
        W2       | C1         | 2026-03-27 08:00 |
        W3       | C1         | 2026-03-28 08:00 |
        W4       | C1         | 2026-03-29 08:00 |
        W5       | C1         | 2026-03-30 08:00 |
        H01      | C2         | 2026-03-01 08:00 | 20
        H02      | C2         | 2026-03-02 08:00 | 20
        H03      | C2         | 2026-03-03 08:00 | 20
        H04      | C2         | 2026-03-04 08:00 | 20
        H05      | C2         | 2026-03-05 08:00 | 20
        H06      | C2         | 2026-03-06 08:00 | 20
        H07      | C2         | 2026-03-07 08:00 | 20
        H08      | C2         | 2026-03-08 08:00 | 20
        H09      | C2         | 2026-03-09 08:00 | 20
        H10      | C2         | 2026-03-10 08:00 | 20
        H11      | C2         | 2026-03-11 08:00 | 20
        H12      | C2         | 2026-03-12 08:00 | 20
        H13      | C2         | 2026-03-13 08:00 | 20
        H14      | C2         | 2026-03-14 08:00 | 20
        H15      | C2         | 2026-03-15 08:00 | 20
        H16      | C2         | 2026-03-16 08:00 | 20
        F1       | C2         | 2026-03-17 08:00 | 900
        F2       | C2         | 2026-03-18 08:00 | 900
        F3       | C3         | 2026-03-17 08:00 | 900
        F4       | C3         | 2026-03-18 08:00 | 900
        F5       | C3         | 2026-03-19 08:00 | 201
        A1       | C4         | 2026-03-17 08:00 | 199
        A2       | C4         | 2026-03-18 08:00 | 199
        A3       | C4         | 2026-03-19 08:00 | 900
        Q1       | C1         | 2026-04-01 08:00 |
        Q2       | C1         | 2026-04-02 08:00 |
        Q3       | C1         | 2026-04-03 08:00 |
        Q4       | C1         | 2026-04-04 08:00 |
        Q5       | C1         | 2026-04-05 08:00 |
        core_lock_events
        client_ref | at               | kind
        C1         | 2026-03-01 07:59 | open
        C1         | 2026-03-02 07:59 | open
        C1         | 2026-03-03 07:59 | open
        C1         | 2026-03-04 07:59 | open
        C1         | 2026-03-05 07:59 | open
        C1         | 2026-03-06 07:59 | open
        C1         | 2026-03-07 07:59 | open
        C1         | 2026-03-08 07:59 | open
        C1         | 2026-03-09 07:59 | open
        C1         | 2026-03-10 07:59 | open
        C1         | 2026-03-11 07:59 | open
        C1         | 2026-03-12 07:59 | open
        C1         | 2026-03-13 07:59 | open
        C1         | 2026-03-14 07:59 | open
        C1         | 2026-03-15 07:59 | open
        C1         | 2026-03-16 07:59 | open
        C1         | 2026-03-17 07:59 | open
        C1         | 2026-03-18 07:59 | open
        C1         | 2026-03-19 07:59 | open
        C1         | 2026-03-20 07:59 | open
        C1         | 2026-03-21 07:59 | open
        C1         | 2026-03-22 07:59 | open
        C1         | 2026-03-23 07:59 | open
        C1         | 2026-03-24 07:59 | open
        C1         | 2026-03-25 07:59 | open
        C9         | 2026-03-26 07:59 | open
        C9         | 2026-03-27 07:59 | open
        C9         | 2026-03-28 07:59 | open
        C9         | 2026-03-29 07:59 | open
        C9         | 2026-03-30 07:59 | open
        core_visit_pay
        visit_id | line_id | paid_sek
        V01      | L1      | 100.00
        W1       | L1      | 100.00
        W2       | L1      | 100.00
        W3       | L1      | 100.00
        W4       | L1      | 100.00
        W5       | L1      | 100.00
        H01      | L2      | 200.00
        Q1       | L5      | 100.00
        Q2       | L5      | 100.00
        Q3       | L5      | 100.00
        Q4       | L5      | 100.00
        Q5       | L5      | 100.00
        F1       | L2      | 200.00
        F2       | L2      | 200.00
        F3       | L3      | 150.00
        F4       | L3      | 150.00
        F5       | L3      | 150.00
        A1       | L4      | 150.00
        A2       | L4      | 150.00
        A3       | L4      | 150.00
    """,
    flags={"L1": "500.00", "L3": "450.00"},
    shown={"L3": "900 | F3 F4 F5"},
    source="Indicator catalogue HC22 (H there): one event alone is often a failure, so it must repeat; "
    "typology T01-T03; visit verification by position",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
