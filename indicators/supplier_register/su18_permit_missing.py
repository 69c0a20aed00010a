"""A private provider was paid for visits on dates without a permit for home care."""

from datetime import date

from core.per_line import HIT_VISITS, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="SU18",
    title=Text("Tillstånd saknas", "Permit missing"),
    means=Text(
        "Den privata utföraren hade inget gällande tillstånd för hemtjänst hos IVO den dag besöket gjordes.",
        "The private provider held no valid permit for home care from the inspectorate on the day of the visit.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text("Ansökan om ändring prövas och driften får fortsätta.", "A change is being examined and work may go on."),
        Text(
            "Verksamheten drivs under ett annat organisationsnummer.",
            "The business is run under another organisation number.",
        ),
    ),
    do=Text(
        "Slå upp tillståndet hos IVO för datumet. Saknas det: stoppa utbetalningen och kontakta juristen.",
        "Look the permit up with the inspectorate for the date. Without one, stop the payment and ask the lawyer.",
    ),
    evidence_class="R",
    family="register",
    prior=Prior(6, 6, "judgement: register lag explains about half; the simulated municipality has no such case"),
    review_minutes=30,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="visit_count > 0",
        missing="permits",
        needs=("visits", "permits", "providers"),
    ),
    params={
        "least_sek": Param(100, "sek", "a whole gap adds up; single visits do not matter"),
    },
    sql=per_line(
        """
        WITH day AS (
            SELECT DISTINCT v.provider_id, v.visit_date, p.org_no
            FROM core_visits v JOIN core_providers p USING (provider_id) WHERE p.regime = 'private'
        ), uncovered AS (
            SELECT d.provider_id, d.visit_date, bool_or(t.status IN ('pending', 'appealed')) AS is_pending
            FROM (FROM day ANTI JOIN core_permits t ON t.org_no = day.org_no AND t.service = 'home_care'
                  AND visit_date BETWEEN t.valid_from AND coalesce(t.valid_to, DATE '9999-12-31')
                  -- an ended permit whose last day nobody filled in
                  AND visit_date <= coalesce(CASE WHEN t.status IN ('revoked', 'expired') THEN t.status_date END, visit_date)
                  AND coalesce(t.status NOT IN ('pending', 'appealed'), TRUE)) d
              LEFT JOIN core_permits t ON t.org_no = d.org_no AND t.service = 'home_care'
                AND d.visit_date >= t.status_date
            GROUP BY d.provider_id, d.visit_date
        )
        SELECT visit_id, 1 AS share, NULL AS missing_field,
               CASE WHEN is_pending THEN 'ärendet prövas' END AS explained_by
        FROM core_visits JOIN uncovered USING (provider_id, visit_date) WHERE status <> 'cancelled'
        """,
        "$least_sek",
    ),
    example="""
        core_providers
        provider_id | org_no      | name | regime   | valid_from
        P1          | 559900-0001 | A    | private  | 2020-01-01
        P2          | 559900-0002 | B    | private  | 2020-01-01
        P3          | 559900-0003 | C    | private  | 2020-01-01
        P4          | 219900-0004 | D    | in_house | 2020-01-01
        P5          | 559900-0005 | E    | private  | 2020-01-01
        core_permits
        permit_id | org_no      | service   | valid_from | valid_to   | status  | status_date
        T1        | 559900-0001 | home_care | 2020-01-01 | 2026-03-09 | revoked | 2026-03-09
        T2        | 559900-0002 | home_care | 2020-01-01 |            | valid   | 2020-01-01
        T3        | 559900-0003 | home_care | 2020-01-01 | 2026-02-28 | expired | 2026-02-28
        T4        | 559900-0003 | home_care | 2026-02-15 |            | pending | 2026-02-15
        T5        | 559900-0005 | home_care | 2020-01-01 |            | revoked | 2026-03-09
        core_visits
        visit_id | provider_id | actual_start     | actual_end
        A1       | P1          | 2026-03-09 08:00 | 2026-03-09 09:00
        A2       | P1          | 2026-03-10 08:00 | 2026-03-10 09:00
        B1       | P2          | 2026-03-10 08:00 | 2026-03-10 09:00
        C1       | P3          | 2026-03-10 08:00 | 2026-03-10 09:00
        D1       | P4          | 2026-03-10 08:00 | 2026-03-10 09:00
        E1       | P5          | 2026-03-09 08:00 | 2026-03-09 09:00
        E2       | P5          | 2026-03-10 08:00 | 2026-03-10 09:00
        core_visit_pay
        visit_id | line_id | paid_sek
        A1       | LA      | 500.00
        A2       | LA      | 500.00
        B1       | LB      | 500.00
        C1       | LC      | 500.00
        D1       | LD      | 500.00
        E1       | LE      | 500.00
        E2       | LE      | 500.00
    """,
    flags={"LA": "500.00", "LE": "500.00", "LC": "explained: ärendet prövas"},
    source="Indicator catalogue SU18; permits for home care are required of private providers since 2019",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
