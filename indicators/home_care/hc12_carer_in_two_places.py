"""A carer's visits for one provider share time although the homes lie apart."""

from datetime import date

from core.per_line import BY_VISIT, HIT_VISITS, per_line
from core.two_places import in_two_places
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC12",
    title=Text("Samtidiga besök, samma medarbetare", "One carer, two visits"),
    means=Text(
        "Samma medarbetare är registrerad hos två brukare i skilda hem samtidigt, mer än {least_minutes} minuter. "
        "Beloppet läggs på det besök som drog ut längst över planen, annars på det som är svagast styrkt.",
        "One carer is registered with two clients in separate homes at once, for more than {least_minutes} minutes. "
        "The sum is laid on the visit that ran longest beyond its plan, else on the one proved worst.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text("Utloggningen glömdes och rättades inte.", "The log-out was forgotten and not corrected."),
        Text("Ett lånat inlogg: två personer var på plats.", "A borrowed log-in: two people were there."),
        Text("Gruppaktivitet eller promenad med flera brukare.", "A group activity or walk with several clients."),
    ),
    do=Text(
        "Jämför besöken minut för minut med plan, låshändelser och lön. Vilket av besöken kan ha ägt rum?",
        "Compare the visits minute by minute with plan, lock events and pay. Which of them can have taken place?",
    ),
    evidence_class="H",
    family="carer_time",
    prior=Prior(
        8,
        2,
        "simulated municipality, development seeds: 0.94 of hits by half of the sum, 0.79 alone; nothing published",
    ),
    review_minutes=30,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="performed_count > 0",
        missing="visits.actual_start",
        needs=("visits", "visits.carer_ref"),
    ),
    params={
        "least_minutes": Param(10, "minutes", "catalogue HC12 says 2; clocks and handovers differ by some"),
        "long_minutes": Param(30, "minutes", "so much longer beyond its plan than the other: a forgotten log-out"),
        "far_m": Param(200, "metre", "catalogue HC22; positions drift by tens of metres"),
        "least_sek": Param(500, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(in_two_places(is_one_provider=True), "$least_sek", paid_by="visit"),
    example="""
        core_visits
        visit_id | client_ref | provider_id | actual_start     | actual_end       | planned_start    | planned_end      | service | is_manual
        A1       | C1         | P1          | 2026-03-10 08:00 | 2026-03-10 09:20 | 2026-03-10 08:00 | 2026-03-10 08:40 | care    | false
        A2       | C2         | P1          | 2026-03-10 08:40 | 2026-03-10 09:20 | 2026-03-10 08:40 | 2026-03-10 09:20 | care    | false
        B1       | C3         | P1          | 2026-03-10 10:00 | 2026-03-10 10:30 | 2026-03-10 10:00 | 2026-03-10 10:30 | care    | false
        B2       | C4         | P1          | 2026-03-10 10:25 | 2026-03-10 11:00 | 2026-03-10 10:30 | 2026-03-10 11:00 | care    | false
        D1       | C5         | P1          | 2026-03-10 12:00 | 2026-03-10 12:30 | 2026-03-10 12:00 | 2026-03-10 12:30 | care    | false
        D2       | C6         | P1          | 2026-03-10 12:00 | 2026-03-10 12:30 | 2026-03-10 12:00 | 2026-03-10 12:30 | care    | false
        E1       | C7         | P1          | 2026-03-10 13:00 | 2026-03-10 13:30 | 2026-03-10 13:00 | 2026-03-10 13:30 | care    | false
        E2       | C8         | P1          | 2026-03-10 13:00 | 2026-03-10 13:30 | 2026-03-10 13:00 | 2026-03-10 13:30 | care    | false
        F1       | C9         | P1          | 2026-03-10 15:00 | 2026-03-10 15:30 | 2026-03-10 15:00 | 2026-03-10 15:30 | care    | false
        F2       | C10        | P2          | 2026-03-10 15:00 | 2026-03-10 15:30 | 2026-03-10 15:00 | 2026-03-10 15:30 | care    | false
        G1       | C11        | P1          | 2026-03-31 22:00 | 2026-04-01 02:00 | 2026-03-31 22:00 | 2026-03-31 23:00 | care    | false
        G2       | C12        | P1          | 2026-04-01 00:00 | 2026-04-01 02:00 | 2026-04-01 00:00 | 2026-04-01 02:00 | care    | false
        H1       | C13        | P1          | 2026-03-10 01:00 | 2026-03-10 01:30 | 2026-03-10 01:00 | 2026-03-10 01:30 | night   | false
        H2       | C14        | P1          | 2026-03-10 01:00 | 2026-03-10 01:30 | 2026-03-10 01:00 | 2026-03-10 01:30 | night   | false
        I1       | C15        | P1          | 2026-03-10 17:00 | 2026-03-10 17:30 | 2026-03-10 17:00 | 2026-03-10 17:30 | care    | true
        I2       | C16        | P1          | 2026-03-10 17:00 | 2026-03-10 17:45 | 2026-03-10 17:00 | 2026-03-10 17:30 | care    | false
        J1       | C17        | M1          | 2026-03-10 18:00 | 2026-03-10 18:30 | 2026-03-10 18:00 | 2026-03-10 18:30 | care    | false
        J2       | C18        | M2          | 2026-03-10 18:00 | 2026-03-10 18:30 | 2026-03-10 18:00 | 2026-03-10 18:30 | care    | false
        core_providers
        provider_id | org_no
        M1          | 212000-0001
        M2          | 212000-0001
        core_visit_overlaps
        subject | visit_id | other_id | overlap_minutes | is_same_provider | is_same_building | service_month
        carer   | A2       | A1       | 40              | true             | false            | 2026-03
        carer   | B2       | B1       | 5               | true             | false            | 2026-03
        carer   | D2       | D1       | 30              | true             | true             | 2026-03
        carer   | E2       | E1       | 30              | true             | false            | 2026-03
        carer   | F2       | F1       | 30              | false            | false            | 2026-03
        carer   | G2       | G1       | 120             | true             | false            | 2026-04
        carer   | H2       | H1       | 30              | true             | false            | 2026-03
        carer   | I2       | I1       | 30              | true             | false            | 2026-03
        carer   | J2       | J1       | 30              | false            | false            | 2026-03
        core_visit_pay
        visit_id | line_id | paid_sek
        A1       | LA1     | 2400.00
        A2       | LA2     | 1200.00
        B1       | LB1     | 2700.00
        B2       | LB2     | 2700.00
        D1       | LD1     | 750.00
        D2       | LD2     | 750.00
        E1       | LE1     | 750.00
        E2       | LE2     | 750.00
        F1       | LF1     | 750.00
        F2       | LF2     | 750.00
        G1       | LG1     | 2700.00
        G2       | LG2     | 1350.00
        J1       | LJ1     | 750.00
        J2       | LJ2     | 750.00
        H1       | LH      | 750.00
        H2       | LH      | 750.00
        I1       | LI1     | 750.00
        I2       | LI2     | 750.00
    """,
    flags={
        "LJ1": "750.00",
        "LJ2": "750.00",
        "LA1": "1200.00",
        "LE1": "750.00",
        "LE2": "750.00",
        "LG2": "1350.00",
        "LI1": "750.00",
        "LH": "explained: nattpatrull",
        "LD1": "explained: samma byggnad",
        "LD2": "explained: samma byggnad",
    },
    shown={"LA1": "1 | A1 A2", "LG2": "1 | G2 G1"},
    source="Indicator catalogue HC12; electronic visit verification systems refuse such pairs",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
