"""A client's hours fall sharply once another provider takes over, which puts the earlier provider's last lines in doubt."""

from datetime import date

from fut.indicator import Indicator, Measured, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC43",
    title=Text("Färre timmar efter utförarbyte", "Fewer hours after switching"),
    means=Text(
        "Brukarens registrerade timmar minskade med minst {least_fall_share} första hela månaden hos en ny utförare. Raden "
        "hör till den tidigare utförarens {last_months} sista hela månader. Beloppet är den del av den som svarar mot "
        "minskningen.",
        "The client's registered hours fell by at least {least_fall_share} in the first whole month with a new provider. "
        "The line is one of the earlier provider's last {last_months} whole months and bears the share of the fall.",
    ),
    measured=Measured(Text("Andel av timmarna som föll bort", "Share of the hours that fell away"), "share"),
    innocent=(
        Text("Brukaren fick ett nytt beslut om mindre tid.", "A new decision granted the client less time."),
        Text("Brukaren var borta delar av månaden.", "The client was away for part of the month."),
        Text("Den nya utföraren har inte kommit igång, eller inte lämnat alla besök.", "The new provider has not got going, or not sent all visits."),
    ),
    do=Text(
        "Fråga brukaren och den nya utföraren vad som behövs. Begär den tidigare utförarens underlag.",
        "Ask the client and the new provider what is needed. Ask for the earlier provider's records.",
    ),
    evidence_class="S", family="grant", review_minutes=60,
    prior=Prior(2, 8, "judgement: needs fall too; typology T23: one court case"),
    scope=Scope(
        table="core_compensation_lines", where="amount_sek > 0", testable="visit_count > 0",
        missing="visits.actual_start", needs=("visits", "compensation_lines"),
    ),
    params={
        "least_fall_share": Param(0.4, "share", "typology T23: a fall of more than 40 %"),
        "last_months": Param(3, "months", "what can still be recalled with a visit record"),
        "least_minutes": Param(600, "minutes", "ten hours a month: small needs vary by chance"),
        "least_sek": Param(500, "sek", "a retrospective review costs an hour"),
    },
    sql="""
        WITH whole AS (  -- months with one provider alone
            SELECT client_ref, service, provider_id, service_month, sum(registered_minutes) AS minutes,
                   max(granted_minutes) AS granted, max(booked_month) AS known_month, min(line_id) AS line_id, (service_month || '-01')::DATE AS m, coalesce(any_value(org_no), provider_id) AS org
            FROM core_compensation_lines LEFT JOIN core_providers USING (provider_id)
            WHERE is_delivered AND visit_count > 0 GROUP BY 1, 2, 3, 4 QUALIFY count(*) OVER (PARTITION BY client_ref, service, service_month) = 1
        ), first AS (  -- the first whole month with another provider than in the last whole month before
            SELECT *, lag(provider_id) OVER w AS old_id, lag(m) OVER w AS old_m, lag(org) OVER w AS old_org FROM whole
            WINDOW w AS (PARTITION BY client_ref, service ORDER BY m)
            QUALIFY old_org <> org AND old_m >= m - INTERVAL 2 MONTH
        ), fall AS (
            SELECT f.client_ref, f.service, f.old_id, f.m, f.old_m, f.known_month, f.line_id AS new_line, list_sort(list(o.line_id)) AS old_lines, 1 - f.minutes / avg(o.minutes) AS share,
                   f.granted < (1 - $least_fall_share / 2) * avg(o.granted) AS is_less_granted
            FROM first f JOIN whole o ON o.client_ref = f.client_ref AND o.service = f.service AND o.provider_id = f.old_id
              AND o.m > f.old_m - to_months($last_months) AND o.m <= f.old_m
            GROUP BY f.client_ref, f.service, f.old_id, f.m, f.old_m, f.known_month, f.minutes, f.granted, f.line_id
            HAVING avg(o.minutes) >= $least_minutes AND share >= $least_fall_share)
        SELECT l.line_id AS subject_key, greatest(f.known_month, l.booked_month) AS service_month, round(share, 2) AS value,
               round(l.amount_sek * share, 2) AS amount_at_risk_sek,
               [l.line_id, new_line] || list_filter(old_lines, lambda x: x <> l.line_id) AS evidence,
               CASE WHEN is_less_granted THEN 'nytt beslut om mindre tid'
                    WHEN a.client_ref IS NOT NULL THEN 'frånvaro'
                    WHEN until < last_day(f.m) THEN 'brukarens omsorg upphörde' END AS explained_by,
               CASE WHEN explained_by IS NULL THEN 'contradiction' ELSE 'explained' END AS verdict
        FROM core_compensation_lines l JOIN whole o USING (client_ref, service, provider_id, service_month)
        JOIN fall f ON f.client_ref = l.client_ref AND f.service = l.service AND f.old_id = l.provider_id
          AND o.m > f.old_m - to_months($last_months) AND o.m <= f.old_m
        LEFT JOIN (SELECT client_ref, max(coalesce(valid_to, DATE '9999-12-31')) AS until FROM core_clients GROUP BY 1) k
          ON k.client_ref = f.client_ref
        LEFT JOIN core_absences a ON a.client_ref = f.client_ref
          AND a.from_at < f.m + INTERVAL 1 MONTH AND coalesce(a.to_at, f.m) >= f.m
        WHERE l.is_delivered AND l.booked_month <= f.known_month AND amount_at_risk_sek >= $least_sek
        QUALIFY row_number() OVER (PARTITION BY l.line_id ORDER BY f.m) = 1
    """,
    example="""
        core_absences
        client_ref | kind     | from_at          | to_at
        C3         | hospital | 2026-03-02 10:00 | 2026-03-20 10:00
        core_compensation_lines
        line_id | client_ref | provider_id | booked_month | amount_sek | registered_minutes | granted_minutes
        A0      | C1         | P1          | 2025-10      | 8000.00    | 1000               | 1100
        F1      | C1         | P1          | 2025-11      | 8000.00    | 1000               | 1100
        F2      | C1         | P1          | 2025-12      | 8000.00    | 1000               | 1100
        F3      | C1         | P1          | 2026-01      | 8000.00    | 1000               | 1100
        A1      | C1         | P1          | 2026-02      | 4000.00    | 500                | 1100
        A2      | C1         | P2          | 2026-02      | 4000.00    | 500                | 1100
        A3      | C1         | P2          | 2026-03      | 4000.00    | 500                | 1100
        X1      | C2         | P1          | 2026-02      | 8000.00    | 1000               | 1100
        A4      | C2         | P2          | 2026-03      | 4000.00    | 500                | 600
        X2      | C3         | P1          | 2026-02      | 8000.00    | 1000               | 1100
        A5      | C3         | P2          | 2026-03      | 4000.00    | 500                | 1100
        A6      | C4         | P1          | 2026-02      | 8000.00    | 1000               | 1100
        A7      | C4         | P2          | 2026-03      | 4000.00    | 610                | 1100
        X3      | C6         | P1          | 2026-02      | 8000.00    | 1000               |
        B1      | C6         | P2          | 2026-03      | 2000.00    | 300                |
        A8      | C5         | M1          | 2026-02      | 8000.00    | 1000               | 1100
        A9      | C5         | M2          | 2026-03      | 4000.00    | 500                | 1100
        core_clients
        client_ref | area | valid_from | valid_to
        C6         | A1   | 2020-01-01 | 2026-03-10
        core_providers
        provider_id | org_no
        M1          | 212000-0001
        M2          | 212000-0001
    """,
    flags=dict.fromkeys(("F1", "F2", "F3"), "4000.00")
    | {"X1": "explained: nytt beslut om mindre tid", "X2": "explained: frånvaro", "X3": "explained: brukarens omsorg upphörde"},
    shown={"F1": "0.5 | F1 A3 F2 F3"},
    source="typology T23: a district court gave weight to hours that fell when the contract ended; new code",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)  # fmt: skip
