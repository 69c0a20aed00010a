"""A visit is registered as performed while the client was in hospital, respite care or away."""

from datetime import date

from core.per_line import HIT_VISITS, per_line
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC20",
    title=Text("Besök under frånvaro", "Visit during absence"),
    means=Text(
        "Besök är registrerade som utförda medan brukaren enligt frånvaroregistret var på sjukhus, "
        "korttidsboende eller bortrest. De första och sista {margin_hours} timmarna av frånvaron "
        "räknas inte.",
        "Visits are registered as performed while the absence register has the client in hospital, "
        "respite care or away. The first and last {margin_hours} hours of the absence do not count.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text(
            "Frånvaron registrerades med fel dag eller avslutades för sent.",
            "The absence was entered with a wrong day or ended late.",
        ),
        Text("Besöket registrerades på fel brukare.", "The visit was registered on the wrong client."),
        Text(
            "Inköp, tvätt eller städning gjordes i hemmet medan brukaren var borta.",
            "Shopping, laundry or cleaning was done while the client was away.",
        ),
    ),
    do=Text(
        "Jämför med inskrivning och utskrivning. Vem var på plats, och hur registrerades besöket?",
        "Compare with admission and discharge. Who was there, and how was the visit registered?",
    ),
    evidence_class="H",
    family="absence",
    prior=Prior(12, 8, "simulated municipality, development seed: 0.13 of 39 hits by 500 kr, 0.69 by half of the sum"),
    review_minutes=20,
    scope=Scope(
        table="core_compensation_lines",
        where="amount_sek > 0",
        testable="performed_count > 0",
        missing="visits.actual_start",
        needs=("visits", "absences"),
    ),
    params={
        "margin_hours": Param(
            2, "hours", "catalogue HC20: the days of admission and discharge are care days up to the hour"
        ),
        "least_sek": Param(100, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        """
        SELECT v.visit_id, 1 AS share, NULL AS missing_field, CASE WHEN v.task IN ('shopping', 'laundry', 'cleaning')
               OR v.task IS NULL AND v.service = 'domestic' THEN 'hemmet sköttes under frånvaron' WHEN v.service = 'alarm' THEN 'larm' END AS explained_by
        FROM core_visits v JOIN core_absences a ON a.client_ref = v.client_ref
             -- a register with dates alone says 00:00: then the first and the last day do not count
             AND v.actual_start >= a.from_at + CASE WHEN a.from_at = a.from_at::DATE THEN INTERVAL 1 DAY
                                                    ELSE to_hours($margin_hours) END
             AND (a.to_at IS NULL OR v.actual_start < a.to_at - CASE WHEN a.to_at = a.to_at::DATE THEN INTERVAL 0 DAY
                                                                     ELSE to_hours($margin_hours) END)
        WHERE v.status = 'performed' AND a.kind IN ('hospital', 'respite', 'travel')
        """,
        "$least_sek",
    ),
    example="""
        core_absences
        client_ref | kind     | from_at          | to_at
        C1         | hospital | 2026-03-10 14:00 | 2026-03-13 11:00
        C2         | travel   | 2026-03-20 00:00 | 2026-03-22 00:00
        C3         | deceased | 2026-03-10 14:00 |
        core_visits
        visit_id | client_ref | status    | task     | actual_start     | planned_start    | service
        A1       | C1         | performed | meal     | 2026-03-10 15:59 | 2026-03-10 16:00   | care
        F1       | C1         | performed | meal     | 2026-03-10 16:00 | 2026-03-10 16:00   | care
        A2       | C1         | performed | meal     | 2026-03-13 09:00 | 2026-03-13 09:00   | care
        A3       | C1         | absent    | meal     |                  | 2026-03-12 09:00   | care
        X1       | C1         | performed | shopping | 2026-03-11 09:00 | 2026-03-11 09:00   | care
        A4       | C2         | performed | meal     | 2026-03-20 21:00 | 2026-03-20 21:00   | care
        F2       | C2         | performed | meal     | 2026-03-21 08:00 | 2026-03-21 08:00   | care
        A5       | C2         | performed | meal     | 2026-03-22 08:00 | 2026-03-22 08:00   | care
        A6       | C3         | performed | meal     | 2026-03-12 08:00 | 2026-03-12 08:00   | care
        X2       | C1         | performed |          | 2026-03-11 12:00 | 2026-03-11 12:00 | domestic
        F3       | C1         | performed |          | 2026-03-11 13:00 | 2026-03-11 13:00 | care
        core_visit_pay
        visit_id | line_id | paid_sek
        A1       | L1      | 200.00
        F1       | L1      | 150.00
        A2       | L1      | 200.00
        A3       | L1      | 80.00
        X1       | L2      | 300.00
        A4       | L3      | 200.00
        F2       | L3      | 120.00
        A5       | L3      | 200.00
        A6       | L4      | 200.00
        X2       | L5      | 200.00
        F3       | L6      | 200.00
    """,
    flags={
        "L1": "150.00",
        "L2": "explained: hemmet sköttes under frånvaron",
        "L3": "120.00",
        "L5": "explained: hemmet sköttes under frånvaron",
        "L6": "200.00",
    },
    source="Indicator catalogue HC20; typology T14; Medicare, the National Fraud Initiative and visit "
    "verification systems match so",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
