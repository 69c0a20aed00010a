"""A client's visits share time although no double staffing was granted."""

from datetime import date

from core.per_line import BY_VISIT, HIT_VISITS, per_line
from core.two_places import TWO_AT_ONE_CLIENT
from fut.indicator import Indicator, Param, Prior, Scope, Text

INDICATOR = Indicator(
    code="HC15",
    title=Text("Två besök samtidigt", "Two visits at once"),
    means=Text(
        "Brukaren har två besök samtidigt i mer än {least_minutes} minuter: samma medarbetare i båda, ett av dem utan "
        "beslut, eller ett som drog ut mer än {long_minutes} minuter längre över planen än det andra.",
        "The client has two visits at once for more than {least_minutes} minutes: one carer in both, one of them "
        "without a decision, or one that ran {long_minutes} minutes longer beyond its plan than the other.",
    ),
    measured=HIT_VISITS,
    innocent=(
        Text(
            "Besöket registrerades två gånger vid synkronisering.",
            "The visit was registered twice by a synchronisation.",
        ),
        Text("Två medarbetare behövdes akut den gången.", "Two carers were needed that once."),
    ),
    do=Text(
        "Var det ett besök eller två? Se medarbetare, lås och plan. Betala tiden en gång.",
        "Was it one visit or two? Look at carers, locks and plan. Pay the time once.",
    ),
    evidence_class="H",
    family="client_time",
    prior=Prior(8, 2, "simulated municipality, development seeds: 0.86 of hits by half of the sum; nothing published"),
    review_minutes=20,
    scope=Scope(
        table="core_compensation_lines",
        where=BY_VISIT,
        testable="performed_count > 0",
        missing="visits.actual_start",
        needs=("visits", "decisions"),
    ),
    params={
        "least_minutes": Param(15, "minutes", "handovers take some minutes"),
        "least_share": Param(0.5, "share", "less is a visit that came early or ran late"),
        "long_minutes": Param(30, "minutes", "so much longer beyond its plan than the other: a forgotten log-out"),
        "linked_share": Param(0.9, "share", "a provider that ties its visits to decisions seldom leaves one out"),
        "least_sek": Param(500, "sek", "smaller sums are not worth an officer's time"),
    },
    sql=per_line(
        TWO_AT_ONE_CLIENT,
        "$least_sek",
        paid_by="visit",
    ),
    example="""
        core_visits
        visit_id | provider_id | carer_ref | service | is_double_granted | decision_id | actual_start | actual_end
        A1 | P1 | W1 | care  | false | B1 | 2026-03-10 08:00 | 2026-03-10 08:40
        A2 | P1 | W1 | care  | false | B1 | 2026-03-10 08:00 | 2026-03-10 08:40
        B1 | P1 | W1 | care  | false | B1 | 2026-03-10 10:00 | 2026-03-10 10:40
        B2 | P1 | W2 | care  | false | B1 | 2026-03-10 10:30 | 2026-03-10 11:10
        D1 | P1 | W1 | care  | true  | B1 | 2026-03-10 12:00 | 2026-03-10 12:30
        D2 | P1 | W2 | care  | true  | B1 | 2026-03-10 12:00 | 2026-03-10 12:30
        E1 | P1 | W1 | care  | false | B1 | 2026-03-10 14:00 | 2026-03-10 14:30
        E2 | P1 | W2 | alarm | false | B1 | 2026-03-10 14:00 | 2026-03-10 14:30
        F1 | P1 | W1 | care  | false | B1 | 2026-03-11 08:00 | 2026-03-11 08:30
        F2 | P1 | W2 | care  | false | B1 | 2026-03-11 08:00 | 2026-03-11 08:30
        G1 | P1 | W1 | care  | false |    | 2026-03-11 10:00 | 2026-03-11 10:30
        G2 | P1 | W2 | care  | false | B1 | 2026-03-11 10:00 | 2026-03-11 10:30
        H1 | P2 | W3 | care  | false |    | 2026-03-11 10:00 | 2026-03-11 10:30
        H2 | P2 | W4 | care  | false |    | 2026-03-11 10:00 | 2026-03-11 10:30
        I1 | P1 | W1 | care  | false | B1 | 2026-03-11 12:00 | 2026-03-11 15:00
        I2 | P1 | W2 | care  | false | B1 | 2026-03-11 13:00 | 2026-03-11 13:30
        core_visit_overlaps
        subject | visit_id | other_id | overlap_minutes | is_pair | is_same_carer
        client  | A2       | A1       | 40              | false   | true
        client  | B2       | B1       | 10              | false   | false
        client  | D2       | D1       | 30              | false   | false
        client  | E2       | E1       | 30              | false   | false
        client  | F2       | F1       | 30              | false   | false
        client  | G2       | G1       | 30              | false   | false
        client  | H2       | H1       | 30              | false   | false
        client  | I2       | I1       | 30              | false   | false
        core_visit_pay
        visit_id | line_id | paid_sek
        A1       | LA      | 800.00
        A2       | LA      | 800.00
        B2       | LB      | 800.00
        D2       | LD      | 800.00
        E2       | LE      | 800.00
        F2       | LF      | 800.00
        G1       | LG      | 800.00
        G2       | LG2     | 800.00
        H2       | LH      | 800.00
        I1       | LI      | 4800.00
        I2       | LI2     | 800.00
    """,
    flags={
        "LA": "800.00",
        "LD": "explained: dubbelbemanning",
        "LE": "explained: larm, natt, sjukvård",
        "LF": "explained: två beviljade besök",
        "LG": "800.00",
        "LH": "800.00",
        "LI": "800.00",
    },
    shown={"LA": "1 | A2 A1"},
    source="Indicator catalogue HC15",
    authored_by="futvakt",
    checked_by="futvakt statistics",
    review_by=date(2027, 11, 1),
)
