"""A carer's visits for two providers share time although the homes lie apart."""

from datetime import date

from core.per_line import BY_VISIT, HIT_VISITS, per_line
from core.two_places import in_two_places
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC13",
    title=Text("Samma medarbetare, två utförare", "One carer, two providers"),
    means=Text(
        "Samma medarbetare är registrerad hos brukare till två utförare samtidigt, mer än {least_minutes} minuter. "
        "Beloppet läggs på det besök som drog ut längst över planen, annars på det som är svagast styrkt.",
        "One carer is registered with clients of two providers at once, for more than {least_minutes} minutes. The "
        "sum is laid on the visit that ran longest beyond its plan, else on the one proved worst.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text("Utloggningen glömdes och rättades inte.", "The log-out was forgotten and not corrected."),
        Text("Två personer har fått samma id hos utförarna.", "Two people were given the same id by the providers."),
    ),
    do=Text(
        "Jämför låshändelser, schema och lön hos båda utförarna.",
        "Compare lock events, rosters and pay with both providers.",
    ),
    evidence_class="H",
    family="carer_time",
    prior=Prior(8, 4, "judgement: as HC12, but the clock of one provider cannot excuse the other; no hits to measure"),
    review_minutes=40,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="performed_count > 0",
        missing="visits.actual_start",
        needs=("visits", "visits.carer_ref"),
    ),
    params={
        "least_minutes": Param(10, "minutes", "clocks and tags differ by some minutes"),
        "long_minutes": Param(30, "minutes", "so much longer beyond its plan than the other: a forgotten log-out"),
        "far_m": Param(200, "metre", "catalogue HC22; positions drift by tens of metres"),
        "least_sek": Param(500, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(in_two_places(is_one_provider=False), "$least_sek", paid_by="visit"),
    example="""
        core_visits
        visit_id | client_ref | provider_id | actual_start     | actual_end       | planned_start    | planned_end
        A1       | C1         | P1          | 2026-03-10 08:00 | 2026-03-10 09:20 | 2026-03-10 08:00 | 2026-03-10 08:40
        A2       | C2         | P2          | 2026-03-10 08:40 | 2026-03-10 09:20 | 2026-03-10 08:40 | 2026-03-10 09:20
        B1       | C3         | P1          | 2026-03-10 10:00 | 2026-03-10 10:30 | 2026-03-10 10:00 | 2026-03-10 10:30
        B2       | C4         | P2          | 2026-03-10 10:25 | 2026-03-10 11:00 | 2026-03-10 10:30 | 2026-03-10 11:00
        D1       | C5         | P1          | 2026-03-10 12:00 | 2026-03-10 12:30 | 2026-03-10 12:00 | 2026-03-10 12:30
        D2       | C6         | P2          | 2026-03-10 12:00 | 2026-03-10 12:30 | 2026-03-10 12:00 | 2026-03-10 12:30
        E1       | C7         | P1          | 2026-03-10 13:00 | 2026-03-10 13:30 | 2026-03-10 13:00 | 2026-03-10 13:30
        E2       | C8         | P2          | 2026-03-10 13:00 | 2026-03-10 13:30 | 2026-03-10 13:00 | 2026-03-10 13:30
        F1       | C9         | P1          | 2026-03-10 15:00 | 2026-03-10 15:30 | 2026-03-10 15:00 | 2026-03-10 15:30
        F2       | C10        | P1          | 2026-03-10 15:00 | 2026-03-10 15:30 | 2026-03-10 15:00 | 2026-03-10 15:30
        G1       | C11        | P1          | 2026-03-31 22:00 | 2026-04-01 02:00 | 2026-03-31 22:00 | 2026-03-31 23:00
        G2       | C12        | P2          | 2026-04-01 00:00 | 2026-04-01 02:00 | 2026-04-01 00:00 | 2026-04-01 02:00
        J1       | C17        | M1          | 2026-03-10 18:00 | 2026-03-10 18:30 | 2026-03-10 18:00 | 2026-03-10 18:30
        J2       | C18        | M2          | 2026-03-10 18:00 | 2026-03-10 18:30 | 2026-03-10 18:00 | 2026-03-10 18:30
        core_providers
        provider_id | org_no
        M1          | 212000-0001
        M2          | 212000-0001
        core_visit_overlaps
        subject | visit_id | other_id | overlap_minutes | is_same_provider | is_same_building | service_month
        carer   | A2       | A1       | 40              | false            | false            | 2026-03
        carer   | B2       | B1       | 5               | false            | false            | 2026-03
        carer   | D2       | D1       | 30              | false            | true             | 2026-03
        carer   | E2       | E1       | 30              | false            | false            | 2026-03
        carer   | F2       | F1       | 30              | true             | false            | 2026-03
        carer   | G2       | G1       | 120             | false            | false            | 2026-04
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
    """,
    flags={
        "LA1": "1200.00",
        "LE1": "750.00",
        "LE2": "750.00",
        "LG2": "1350.00",
        "LD1": "explained: samma byggnad",
        "LD2": "explained: samma byggnad",
    },
    shown={"LA1": "1 | A1 A2"},
    source="Indicator catalogue HC13; conflict reports across providers in electronic visit verification",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
