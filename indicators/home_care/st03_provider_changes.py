"""A provider changes against its own history in hours per client, manual share or executed share of the grant."""

from datetime import date

from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="ST03",
    title=Text("Utföraren bryter mot sin historia", "Provider breaks its own pattern"),
    means=Text(
        "Timmar per brukare, manuell andel eller utförd andel av beviljad tid steg under "
        "{recent_months} månader mer än utförarens egen historia förklarar ({fence} robusta "
        "avvikelser). Raden bär sin del av ökningen.",
        "Hours per client, manual share or the executed share of the grant rose over {recent_months} "
        "months more than the provider's own history explains ({fence} robust deviations). The line "
        "bears its part of the rise.",
    ),
    innocent=(
        Text("Nya brukare med större behov.", "New clients with greater needs."),
        Text("Byte av system eller trasiga lås.", "A change of system or broken locks."),
        Text("Sommarvikarier.", "Summer substitutes."),
    ),
    do=Text(
        "Vad hände den månad då ändringen började? Jämför samma brukare före och efter.",
        "What happened in the month the change began? Compare the same clients before and after.",
    ),
    evidence_class="S",
    family="provider_level",
    prior=Prior(
        1, 15, "simulator.md 11.8: z against own history of 6-35 under fraud, but drift and new clients move it too"
    ),
    review_minutes=45,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="visit_count > 0",
        missing="visits.actual_start",
        needs=("visits", "compensation_lines"),
    ),
    params={
        "recent_months": Param(3, "months", "one odd month is chance"),
        "least_history": Param(6, "months", "a history shorter than this has no spread"),
        "fence": Param(
            4, "robust z", "three measures are searched: z of 3.5 alone would be passed by chance too often"
        ),
        "shrink_clients": Param(10, "clients", "one client weighs as much as ten months' drift where there are few"),
        "least_rise": Param(0.05, "share", "a rise too small to recover is not worth reviewing"),
        "least_sek": Param(50, "sek", "a provider's rise is spread over many lines"),
    },
    sql="""
        WITH hand AS (
            SELECT provider_id, service_month AS booked_month, count(*) FILTER (is_manual) / count(*) AS manual_share,
                   count(DISTINCT client_ref) AS clients
            FROM core_visits WHERE status = 'performed' GROUP BY ALL
        ), time AS (
            SELECT provider_id, booked_month, sum(registered_minutes) / count(DISTINCT client_ref) AS minutes_per_client,
                   sum(registered_minutes) FILTER (granted_minutes > 0) / nullif(sum(granted_minutes / parts), 0) AS executed_share
            FROM (SELECT *, count(*) OVER (PARTITION BY provider_id, client_ref, service, service_month) AS parts
                  FROM core_compensation_lines WHERE is_delivered AND service_month = booked_month AND visit_count > 0)
            GROUP BY ALL
        ), measure AS (
            SELECT provider_id, booked_month, clients, unnest([
                {'name': 'hours', 'x': ln(minutes_per_client + 1), 'noise': 0.05},
                {'name': 'manual', 'x': ln(manual_share + 0.02), 'noise': 0.15},
                {'name': 'executed', 'x': ln(executed_share + 0.02), 'noise': 0.03}], recursive := true)
            FROM hand JOIN time USING (provider_id, booked_month)
        ), change AS (
            SELECT *, median(x) OVER recent AS lately, median(x) OVER past AS formerly, mad(x) OVER past AS own_spread,
                   count(x) OVER past AS history, count(x) OVER recent AS months
            FROM measure
            WINDOW recent AS (PARTITION BY provider_id, name ORDER BY booked_month
              ROWS BETWEEN $recent_months - 1 PRECEDING AND CURRENT ROW), past AS (PARTITION BY provider_id, name
              ORDER BY booked_month ROWS BETWEEN UNBOUNDED PRECEDING AND $recent_months PRECEDING)
        ), odd AS (  -- the spread is never below what chance and drift give, more so for small providers
            SELECT provider_id, booked_month, name, lately - formerly AS rise,
                   rise / sqrt((1.4826 * own_spread) ** 2 + noise ** 2 * (1 + $shrink_clients / clients)) AS z
            FROM change WHERE history >= $least_history AND months = $recent_months
        ), worst AS (
            SELECT provider_id, booked_month, max_by(name, z) AS name, max(z) AS z, max_by(rise, z) AS rise FROM odd
            WHERE z >= $fence AND rise >= $least_rise GROUP BY ALL
        )
        SELECT line_id AS subject_key, booked_month AS service_month, round(z, 2) AS value,
               round(amount_sek * CASE name WHEN 'manual' THEN 0.25 ELSE 1 END * (1 - exp(-rise)), 2) AS amount_at_risk_sek
        FROM core_compensation_lines JOIN worst USING (provider_id, booked_month)
        WHERE is_delivered AND visit_count > 0 AND amount_at_risk_sek >= $least_sek
    """,
    example="""
        core_visits
        visit_id | provider_id | client_ref | actual_start     | start_method
        V1011 | P1 | C1 | 2025-10-11 08:00 | manual
        V1012 | P1 | C2 | 2025-10-12 08:00 | lock
        V1013 | P1 | C3 | 2025-10-13 08:00 | lock
        V1014 | P1 | C4 | 2025-10-14 08:00 | lock
        V1015 | P1 | C0 | 2025-10-15 08:00 | lock
        V1016 | P1 | C1 | 2025-10-16 08:00 | lock
        V1017 | P1 | C2 | 2025-10-17 08:00 | lock
        V1018 | P1 | C3 | 2025-10-18 08:00 | lock
        V1019 | P1 | C4 | 2025-10-19 08:00 | lock
        V10110 | P1 | C0 | 2025-10-20 08:00 | lock
        V1021 | P1 | C1 | 2025-11-11 08:00 | manual
        V1022 | P1 | C2 | 2025-11-12 08:00 | lock
        V1023 | P1 | C3 | 2025-11-13 08:00 | lock
        V1024 | P1 | C4 | 2025-11-14 08:00 | lock
        V1025 | P1 | C0 | 2025-11-15 08:00 | lock
        V1026 | P1 | C1 | 2025-11-16 08:00 | lock
        V1027 | P1 | C2 | 2025-11-17 08:00 | lock
        V1028 | P1 | C3 | 2025-11-18 08:00 | lock
        V1029 | P1 | C4 | 2025-11-19 08:00 | lock
        V10210 | P1 | C0 | 2025-11-20 08:00 | lock
        V1031 | P1 | C1 | 2025-12-11 08:00 | manual
        V1032 | P1 | C2 | 2025-12-12 08:00 | lock
        V1033 | P1 | C3 | 2025-12-13 08:00 | lock
        V1034 | P1 | C4 | 2025-12-14 08:00 | lock
        V1035 | P1 | C0 | 2025-12-15 08:00 | lock
        V1036 | P1 | C1 | 2025-12-16 08:00 | lock
        V1037 | P1 | C2 | 2025-12-17 08:00 | lock
        V1038 | P1 | C3 | 2025-12-18 08:00 | lock
        V1039 | P1 | C4 | 2025-12-19 08:00 | lock
        V10310 | P1 | C0 | 2025-12-20 08:00 | lock
        V1041 | P1 | C1 | 2026-01-11 08:00 | manual
        V1042 | P1 | C2 | 2026-01-12 08:00 | lock
        V1043 | P1 | C3 | 2026-01-13 08:00 | lock
        V1044 | P1 | C4 | 2026-01-14 08:00 | lock
        V1045 | P1 | C0 | 2026-01-15 08:00 | lock
        V1046 | P1 | C1 | 2026-01-16 08:00 | lock
        V1047 | P1 | C2 | 2026-01-17 08:00 | lock
        V1048 | P1 | C3 | 2026-01-18 08:00 | lock
        V1049 | P1 | C4 | 2026-01-19 08:00 | lock
        V10410 | P1 | C0 | 2026-01-20 08:00 | lock
        V1051 | P1 | C1 | 2026-02-11 08:00 | manual
        V1052 | P1 | C2 | 2026-02-12 08:00 | lock
        V1053 | P1 | C3 | 2026-02-13 08:00 | lock
        V1054 | P1 | C4 | 2026-02-14 08:00 | lock
        V1055 | P1 | C0 | 2026-02-15 08:00 | lock
        V1056 | P1 | C1 | 2026-02-16 08:00 | lock
        V1057 | P1 | C2 | 2026-02-17 08:00 | lock
        V1058 | P1 | C3 | 2026-02-18 08:00 | lock
        V1059 | P1 | C4 | 2026-02-19 08:00 | lock
        V10510 | P1 | C0 | 2026-02-20 08:00 | lock
        V1061 | P1 | C1 | 2026-03-11 08:00 | manual
        V1062 | P1 | C2 | 2026-03-12 08:00 | lock
        V1063 | P1 | C3 | 2026-03-13 08:00 | lock
        V1064 | P1 | C4 | 2026-03-14 08:00 | lock
        V1065 | P1 | C0 | 2026-03-15 08:00 | lock
        V1066 | P1 | C1 | 2026-03-16 08:00 | lock
        V1067 | P1 | C2 | 2026-03-17 08:00 | lock
        V1068 | P1 | C3 | 2026-03-18 08:00 | lock
        V1069 | P1 | C4 | 2026-03-19 08:00 | lock
        V10610 | P1 | C0 | 2026-03-20 08:00 | lock
        V1071 | P1 | C1 | 2026-04-11 08:00 | manual
        V1072 | P1 | C2 | 2026-04-12 08:00 | manual
        V1073 | P1 | C3 | 2026-04-13 08:00 | manual
        V1074 | P1 | C4 | 2026-04-14 08:00 | manual
        V1075 | P1 | C0 | 2026-04-15 08:00 | manual
        V1076 | P1 | C1 | 2026-04-16 08:00 | lock
        V1077 | P1 | C2 | 2026-04-17 08:00 | lock
        V1078 | P1 | C3 | 2026-04-18 08:00 | lock
        V1079 | P1 | C4 | 2026-04-19 08:00 | lock
        V10710 | P1 | C0 | 2026-04-20 08:00 | lock
        V1081 | P1 | C1 | 2026-05-11 08:00 | manual
        V1082 | P1 | C2 | 2026-05-12 08:00 | manual
        V1083 | P1 | C3 | 2026-05-13 08:00 | manual
        V1084 | P1 | C4 | 2026-05-14 08:00 | manual
        V1085 | P1 | C0 | 2026-05-15 08:00 | manual
        V1086 | P1 | C1 | 2026-05-16 08:00 | lock
        V1087 | P1 | C2 | 2026-05-17 08:00 | lock
        V1088 | P1 | C3 | 2026-05-18 08:00 | lock
        V1089 | P1 | C4 | 2026-05-19 08:00 | lock
        V10810 | P1 | C0 | 2026-05-20 08:00 | lock
        V1091 | P1 | C1 | 2026-06-11 08:00 | manual
        V1092 | P1 | C2 | 2026-06-12 08:00 | manual
        V1093 | P1 | C3 | 2026-06-13 08:00 | manual
        V1094 | P1 | C4 | 2026-06-14 08:00 | manual
        V1095 | P1 | C0 | 2026-06-15 08:00 | manual
        V1096 | P1 | C1 | 2026-06-16 08:00 | lock
        V1097 | P1 | C2 | 2026-06-17 08:00 | lock
        V1098 | P1 | C3 | 2026-06-18 08:00 | lock
        V1099 | P1 | C4 | 2026-06-19 08:00 | lock
        V10910 | P1 | C0 | 2026-06-20 08:00 | lock
        V2011 | P2 | C1 | 2025-10-11 08:00 | manual
        V2012 | P2 | C2 | 2025-10-12 08:00 | lock
        V2013 | P2 | C3 | 2025-10-13 08:00 | lock
        V2014 | P2 | C4 | 2025-10-14 08:00 | lock
        V2015 | P2 | C0 | 2025-10-15 08:00 | lock
        V2016 | P2 | C1 | 2025-10-16 08:00 | lock
        V2017 | P2 | C2 | 2025-10-17 08:00 | lock
        V2018 | P2 | C3 | 2025-10-18 08:00 | lock
        V2019 | P2 | C4 | 2025-10-19 08:00 | lock
        V20110 | P2 | C0 | 2025-10-20 08:00 | lock
        V2021 | P2 | C1 | 2025-11-11 08:00 | manual
        V2022 | P2 | C2 | 2025-11-12 08:00 | lock
        V2023 | P2 | C3 | 2025-11-13 08:00 | lock
        V2024 | P2 | C4 | 2025-11-14 08:00 | lock
        V2025 | P2 | C0 | 2025-11-15 08:00 | lock
        V2026 | P2 | C1 | 2025-11-16 08:00 | lock
        V2027 | P2 | C2 | 2025-11-17 08:00 | lock
        V2028 | P2 | C3 | 2025-11-18 08:00 | lock
        V2029 | P2 | C4 | 2025-11-19 08:00 | lock
        V20210 | P2 | C0 | 2025-11-20 08:00 | lock
        V2031 | P2 | C1 | 2025-12-11 08:00 | manual
        V2032 | P2 | C2 | 2025-12-12 08:00 | lock
        V2033 | P2 | C3 | 2025-12-13 08:00 | lock
        V2034 | P2 | C4 | 2025-12-14 08:00 | lock
        V2035 | P2 | C0 | 2025-12-15 08:00 | lock
        V2036 | P2 | C1 | 2025-12-16 08:00 | lock
        V2037 | P2 | C2 | 2025-12-17 08:00 | lock
        V2038 | P2 | C3 | 2025-12-18 08:00 | lock
        V2039 | P2 | C4 | 2025-12-19 08:00 | lock
        V20310 | P2 | C0 | 2025-12-20 08:00 | lock
        V2041 | P2 | C1 | 2026-01-11 08:00 | manual
        V2042 | P2 | C2 | 2026-01-12 08:00 | lock
        V2043 | P2 | C3 | 2026-01-13 08:00 | lock
        V2044 | P2 | C4 | 2026-01-14 08:00 | lock
        V2045 | P2 | C0 | 2026-01-15 08:00 | lock
        V2046 | P2 | C1 | 2026-01-16 08:00 | lock
        V2047 | P2 | C2 | 2026-01-17 08:00 | lock
        V2048 | P2 | C3 | 2026-01-18 08:00 | lock
        V2049 | P2 | C4 | 2026-01-19 08:00 | lock
        V20410 | P2 | C0 | 2026-01-20 08:00 | lock
        V2051 | P2 | C1 | 2026-02-11 08:00 | manual
        V2052 | P2 | C2 | 2026-02-12 08:00 | lock
        V2053 | P2 | C3 | 2026-02-13 08:00 | lock
        V2054 | P2 | C4 | 2026-02-14 08:00 | lock
        V2055 | P2 | C0 | 2026-02-15 08:00 | lock
        V2056 | P2 | C1 | 2026-02-16 08:00 | lock
        V2057 | P2 | C2 | 2026-02-17 08:00 | lock
        V2058 | P2 | C3 | 2026-02-18 08:00 | lock
        V2059 | P2 | C4 | 2026-02-19 08:00 | lock
        V20510 | P2 | C0 | 2026-02-20 08:00 | lock
        V2061 | P2 | C1 | 2026-03-11 08:00 | manual
        V2062 | P2 | C2 | 2026-03-12 08:00 | lock
        V2063 | P2 | C3 | 2026-03-13 08:00 | lock
        V2064 | P2 | C4 | 2026-03-14 08:00 | lock
        V2065 | P2 | C0 | 2026-03-15 08:00 | lock
        V2066 | P2 | C1 | 2026-03-16 08:00 | lock
        V2067 | P2 | C2 | 2026-03-17 08:00 | lock
        V2068 | P2 | C3 | 2026-03-18 08:00 | lock
        V2069 | P2 | C4 | 2026-03-19 08:00 | lock
        V20610 | P2 | C0 | 2026-03-20 08:00 | lock
        V2071 | P2 | C1 | 2026-04-11 08:00 | manual
        V2072 | P2 | C2 | 2026-04-12 08:00 | lock
        V2073 | P2 | C3 | 2026-04-13 08:00 | lock
        V2074 | P2 | C4 | 2026-04-14 08:00 | lock
        V2075 | P2 | C0 | 2026-04-15 08:00 | lock
        V2076 | P2 | C1 | 2026-04-16 08:00 | lock
        V2077 | P2 | C2 | 2026-04-17 08:00 | lock
        V2078 | P2 | C3 | 2026-04-18 08:00 | lock
        V2079 | P2 | C4 | 2026-04-19 08:00 | lock
        V20710 | P2 | C0 | 2026-04-20 08:00 | lock
        V2081 | P2 | C1 | 2026-05-11 08:00 | manual
        V2082 | P2 | C2 | 2026-05-12 08:00 | lock
        V2083 | P2 | C3 | 2026-05-13 08:00 | lock
        V2084 | P2 | C4 | 2026-05-14 08:00 | lock
        V2085 | P2 | C0 | 2026-05-15 08:00 | lock
        V2086 | P2 | C1 | 2026-05-16 08:00 | lock
        V2087 | P2 | C2 | 2026-05-17 08:00 | lock
        V2088 | P2 | C3 | 2026-05-18 08:00 | lock
        V2089 | P2 | C4 | 2026-05-19 08:00 | lock
        V20810 | P2 | C0 | 2026-05-20 08:00 | lock
        V2091 | P2 | C1 | 2026-06-11 08:00 | manual
        V2092 | P2 | C2 | 2026-06-12 08:00 | lock
        V2093 | P2 | C3 | 2026-06-13 08:00 | lock
        V2094 | P2 | C4 | 2026-06-14 08:00 | lock
        V2095 | P2 | C0 | 2026-06-15 08:00 | lock
        V2096 | P2 | C1 | 2026-06-16 08:00 | lock
        V2097 | P2 | C2 | 2026-06-17 08:00 | lock
        V2098 | P2 | C3 | 2026-06-18 08:00 | lock
        V2099 | P2 | C4 | 2026-06-19 08:00 | lock
        V20910 | P2 | C0 | 2026-06-20 08:00 | lock
        core_compensation_lines
        line_id | provider_id | client_ref | booked_month | amount_sek | registered_minutes | granted_minutes
        L1010 | P1 | C0 | 2025-10 | 4000.00 | 300 | 400
        L1011 | P1 | C1 | 2025-10 | 4000.00 | 300 | 400
        L1012 | P1 | C2 | 2025-10 | 4000.00 | 300 | 400
        L1013 | P1 | C3 | 2025-10 | 4000.00 | 300 | 400
        L1014 | P1 | C4 | 2025-10 | 4000.00 | 300 | 400
        L1020 | P1 | C0 | 2025-11 | 4000.00 | 300 | 400
        L1021 | P1 | C1 | 2025-11 | 4000.00 | 300 | 400
        L1022 | P1 | C2 | 2025-11 | 4000.00 | 300 | 400
        L1023 | P1 | C3 | 2025-11 | 4000.00 | 300 | 400
        L1024 | P1 | C4 | 2025-11 | 4000.00 | 300 | 400
        L1030 | P1 | C0 | 2025-12 | 4000.00 | 300 | 400
        L1031 | P1 | C1 | 2025-12 | 4000.00 | 300 | 400
        L1032 | P1 | C2 | 2025-12 | 4000.00 | 300 | 400
        L1033 | P1 | C3 | 2025-12 | 4000.00 | 300 | 400
        L1034 | P1 | C4 | 2025-12 | 4000.00 | 300 | 400
        L1040 | P1 | C0 | 2026-01 | 4000.00 | 300 | 400
        L1041 | P1 | C1 | 2026-01 | 4000.00 | 300 | 400
        L1042 | P1 | C2 | 2026-01 | 4000.00 | 300 | 400
        L1043 | P1 | C3 | 2026-01 | 4000.00 | 300 | 400
        L1044 | P1 | C4 | 2026-01 | 4000.00 | 300 | 400
        L1050 | P1 | C0 | 2026-02 | 4000.00 | 300 | 400
        L1051 | P1 | C1 | 2026-02 | 4000.00 | 300 | 400
        L1052 | P1 | C2 | 2026-02 | 4000.00 | 300 | 400
        L1053 | P1 | C3 | 2026-02 | 4000.00 | 300 | 400
        L1054 | P1 | C4 | 2026-02 | 4000.00 | 300 | 400
        L1060 | P1 | C0 | 2026-03 | 4000.00 | 300 | 400
        L1061 | P1 | C1 | 2026-03 | 4000.00 | 300 | 400
        L1062 | P1 | C2 | 2026-03 | 4000.00 | 300 | 400
        L1063 | P1 | C3 | 2026-03 | 4000.00 | 300 | 400
        L1064 | P1 | C4 | 2026-03 | 4000.00 | 300 | 400
        L1070 | P1 | C0 | 2026-04 | 4000.00 | 300 | 400
        L1071 | P1 | C1 | 2026-04 | 4000.00 | 300 | 400
        L1072 | P1 | C2 | 2026-04 | 4000.00 | 300 | 400
        L1073 | P1 | C3 | 2026-04 | 4000.00 | 300 | 400
        L1074 | P1 | C4 | 2026-04 | 4000.00 | 300 | 400
        L1080 | P1 | C0 | 2026-05 | 4000.00 | 300 | 400
        L1081 | P1 | C1 | 2026-05 | 4000.00 | 300 | 400
        L1082 | P1 | C2 | 2026-05 | 4000.00 | 300 | 400
        L1083 | P1 | C3 | 2026-05 | 4000.00 | 300 | 400
        L1084 | P1 | C4 | 2026-05 | 4000.00 | 300 | 400
        L1090 | P1 | C0 | 2026-06 | 4000.00 | 300 | 400
        L1091 | P1 | C1 | 2026-06 | 4000.00 | 300 | 400
        L1092 | P1 | C2 | 2026-06 | 4000.00 | 300 | 400
        L1093 | P1 | C3 | 2026-06 | 4000.00 | 300 | 400
        L1094 | P1 | C4 | 2026-06 | 4000.00 | 300 | 400
        L2010 | P2 | C0 | 2025-10 | 4000.00 | 300 | 400
        L2011 | P2 | C1 | 2025-10 | 4000.00 | 300 | 400
        L2012 | P2 | C2 | 2025-10 | 4000.00 | 300 | 400
        L2013 | P2 | C3 | 2025-10 | 4000.00 | 300 | 400
        L2014 | P2 | C4 | 2025-10 | 4000.00 | 300 | 400
        L2020 | P2 | C0 | 2025-11 | 4000.00 | 300 | 400
        L2021 | P2 | C1 | 2025-11 | 4000.00 | 300 | 400
        L2022 | P2 | C2 | 2025-11 | 4000.00 | 300 | 400
        L2023 | P2 | C3 | 2025-11 | 4000.00 | 300 | 400
        L2024 | P2 | C4 | 2025-11 | 4000.00 | 300 | 400
        L2030 | P2 | C0 | 2025-12 | 4000.00 | 300 | 400
        L2031 | P2 | C1 | 2025-12 | 4000.00 | 300 | 400
        L2032 | P2 | C2 | 2025-12 | 4000.00 | 300 | 400
        L2033 | P2 | C3 | 2025-12 | 4000.00 | 300 | 400
        L2034 | P2 | C4 | 2025-12 | 4000.00 | 300 | 400
        L2040 | P2 | C0 | 2026-01 | 4000.00 | 300 | 400
        L2041 | P2 | C1 | 2026-01 | 4000.00 | 300 | 400
        L2042 | P2 | C2 | 2026-01 | 4000.00 | 300 | 400
        L2043 | P2 | C3 | 2026-01 | 4000.00 | 300 | 400
        L2044 | P2 | C4 | 2026-01 | 4000.00 | 300 | 400
        L2050 | P2 | C0 | 2026-02 | 4000.00 | 300 | 400
        L2051 | P2 | C1 | 2026-02 | 4000.00 | 300 | 400
        L2052 | P2 | C2 | 2026-02 | 4000.00 | 300 | 400
        L2053 | P2 | C3 | 2026-02 | 4000.00 | 300 | 400
        L2054 | P2 | C4 | 2026-02 | 4000.00 | 300 | 400
        L2060 | P2 | C0 | 2026-03 | 4000.00 | 300 | 400
        L2061 | P2 | C1 | 2026-03 | 4000.00 | 300 | 400
        L2062 | P2 | C2 | 2026-03 | 4000.00 | 300 | 400
        L2063 | P2 | C3 | 2026-03 | 4000.00 | 300 | 400
        L2064 | P2 | C4 | 2026-03 | 4000.00 | 300 | 400
        L2070 | P2 | C0 | 2026-04 | 4000.00 | 300 | 400
        L2071 | P2 | C1 | 2026-04 | 4000.00 | 300 | 400
        L2072 | P2 | C2 | 2026-04 | 4000.00 | 300 | 400
        L2073 | P2 | C3 | 2026-04 | 4000.00 | 300 | 400
        L2074 | P2 | C4 | 2026-04 | 4000.00 | 300 | 400
        L2080 | P2 | C0 | 2026-05 | 4000.00 | 300 | 400
        L2081 | P2 | C1 | 2026-05 | 4000.00 | 300 | 400
        L2082 | P2 | C2 | 2026-05 | 4000.00 | 300 | 400
        L2083 | P2 | C3 | 2026-05 | 4000.00 | 300 | 400
        L2084 | P2 | C4 | 2026-05 | 4000.00 | 300 | 400
        L2090 | P2 | C0 | 2026-06 | 4000.00 | 300 | 400
        L2091 | P2 | C1 | 2026-06 | 4000.00 | 300 | 400
        L2092 | P2 | C2 | 2026-06 | 4000.00 | 300 | 400
        L2093 | P2 | C3 | 2026-06 | 4000.00 | 300 | 400
        L2094 | P2 | C4 | 2026-06 | 4000.00 | 300 | 400
    """,
    flags={"L1090": "769.23", "L1091": "769.23", "L1092": "769.23", "L1093": "769.23", "L1094": "769.23"},
    source="Indicator catalogue ST03; simulator.md 11.8: own history tells what peers do not",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
