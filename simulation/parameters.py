"""All parameters of the simulated municipality, with units and sources, and one hash over them.

Sources in short: [domain] = figures of the project's domain reference (Socialstyrelsen, SKR, Stockholm and Solna
price lists), [spec] = measured on the prototype the simulator was specified from, [assumed] = a guess to be
replaced. Shares are 0-1. `Levels` holds easy, medium, hard.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field

from simulation.parameters_fraud import Frauds
from simulation.parameters_ledger import LedgerErrors, SupplierLedger

SERVICES = ("care", "domestic", "delegated_nursing", "escort", "respite", "night", "alarm")
TASKS = (
    "morning_care", "supervision", "meal", "evening_care", "shower", "cleaning", "shopping", "laundry",
    "walk", "escort", "respite", "medication", "night_round", "alarm",
)  # fmt: skip
DIFFICULTIES = ("easy", "medium", "hard")


@dataclass(frozen=True)
class Scale:
    """Size of one preset; counts are aims at the start, not exact [spec 11.1]."""

    inhabitants: int
    clients: int
    providers: int  # in-house units included
    in_house_units: int
    postings_per_month: int
    areas: int
    months: int


PRESETS = {
    "tiny": Scale(2_000, 40, 4, 1, 300, 3, 6),
    "small": Scale(25_000, 460, 8, 1, 6_000, 8, 18),
    "medium": Scale(100_000, 1_850, 14, 1, 25_000, 24, 24),
    "large": Scale(1_000_000, 18_000, 100, 8, 250_000, 120, 24),
}


@dataclass(frozen=True)
class Slot:
    """One recurring kind of visit: when (hour of day), how long (median minutes), how spread (lognormal sigma)."""

    name: str
    service: str
    task: str
    hour: float
    hour_sd: float
    minutes: float
    sigma: float
    every_weeks: int = 0  # 0: on the days of a weekday mask; n: once every n weeks
    outside_home: bool = False


@dataclass(frozen=True)
class Demand:
    """Who gets what, and when [spec 11.3, verified there against domain 1.4]."""

    slots: tuple[Slot, ...] = (
        Slot("morning", "care", "morning_care", 8.2, 0.9, 30.5, 0.32),
        Slot("check", "care", "supervision", 10.5, 0.5, 10, 0.22),
        Slot("lunch", "care", "meal", 12.2, 0.5, 18.5, 0.25),
        Slot("afternoon", "care", "supervision", 14.9, 0.5, 16.5, 0.25),
        Slot("dinner", "care", "meal", 17.0, 0.6, 18.5, 0.25),
        Slot("evening", "care", "evening_care", 20.2, 0.8, 24, 0.30),
        Slot("bedtime", "night", "night_round", 23.6, 0.3, 14, 0.25),
        Slot("night", "night", "night_round", 1.9, 0.6, 12, 0.22),
        Slot("shower", "care", "shower", 11.0, 1.5, 38, 0.25, 1),
        Slot("cleaning", "domestic", "cleaning", 11.2, 1.3, 78, 0.25, 2),
        Slot("shopping", "domestic", "shopping", 12.0, 1.2, 50, 0.30, 1, True),
        Slot("laundry", "domestic", "laundry", 11.2, 1.3, 70, 0.30, 2, True),
        Slot("walk", "escort", "walk", 13.2, 0.8, 40, 0.25, 1, True),
        Slot("escort", "escort", "escort", 11.5, 1.5, 95, 0.40, 4, True),
        Slot("respite", "respite", "respite", 11.5, 1.0, 150, 0.30, 1),
        Slot("medication", "delegated_nursing", "medication", 8.4, 0.8, 8, 0.22),
        Slot("alarm", "alarm", "alarm", 14.0, 4.0, 14, 0.40),
    )
    profiles: tuple[str, ...] = ("A", "B", "C", "D", "E")
    profile_share: tuple[float, ...] = (0.28, 0.285, 0.24, 0.15, 0.045)
    # chance that a client of profile A-E has the slot on a given weekday (daily slots) or at all (weekly slots)
    attend: tuple[tuple[str, tuple[float, float, float, float, float]], ...] = (
        ("morning", (0, 0.62, 1, 1, 1)),
        ("check", (0, 0, 0, 0.35, 1)),
        ("lunch", (0, 0, 0.72, 1, 1)),
        ("afternoon", (0, 0, 0, 0.75, 1)),
        ("dinner", (0, 0.20, 0.55, 1, 1)),
        ("evening", (0, 0.22, 0.9, 1, 1)),
        ("bedtime", (0, 0, 0, 0.03, 0.20)),
        ("night", (0, 0, 0, 0.35, 1)),
        ("shower", (0, 0.22, 0.6, 0.75, 0.8)),
        ("cleaning", (0.85, 0.65, 0.5, 0.45, 0.4)),
        ("shopping", (0.5, 0.45, 0.35, 0.25, 0.15)),
        ("laundry", (0.4, 0.4, 0.4, 0.35, 0.35)),
        ("walk", (0.05, 0.08, 0.12, 0.12, 0.05)),
        ("escort", (0.08, 0.08, 0.08, 0.05, 0.03)),
        ("respite", (0, 0.01, 0.03, 0.08, 0.10)),
        ("medication", (0, 0.03, 0.08, 0.11, 0.12)),
    )
    double_staffed: tuple[float, ...] = (0, 0, 0.03, 0.14, 0.50)  # share of clients, by profile
    client_factor_sd: float = 0.30  # lognormal, all durations of one client
    weekend_attend: float = 0.93  # families take over some weekend visits
    july_attend: float = 0.95
    christmas_service_attend: float = 0.93
    planned_of_granted: tuple[float, float] = (0.80, 0.98)  # client's planned minutes / granted minutes
    performed_of_planned: float = 1.025  # times the mean of the lognormal below
    performed_sigma: float = 0.24
    couple_share: float = 0.10  # clients living with another client [assumed]
    alarm_share: float = 0.70  # clients with a personal alarm
    alarm_calls_per_month: float = 0.35
    service_house_share: float = 0.18  # clients living in a service house [assumed]
    service_house_size: int = 14


@dataclass(frozen=True)
class Dynamics:
    """Change over time; per client and month unless noted [spec 11.3]."""

    new_share: float = 0.022
    end_share: float = 0.022
    end_death: float = 0.55
    end_residential: float = 0.35
    reassessed_share: float = 0.020
    reassessed_growth: tuple[float, float] = (0.92, 1.36)  # factor on minutes; +0.6 %/month for D and E
    hospital_share: float = 0.05
    hospital_days: float = 6.0  # geometric mean
    respite_share: float = 0.02
    respite_days: float = 10.0
    travel_share: float = 0.010
    travel_share_summer: float = 0.06
    travel_days: float = 9.0
    switch_share: float = 0.006
    merged_id_share: float = 0.001  # of clients over the horizon: a second client_ref for one person
    decision_lag_share: float = 0.03  # of new clients: visits start before the decision
    decision_lag_days: float = 4.0  # median
    carer_turnover_year: float = 0.28
    absent_carers: tuple[float, float, float] = (0.14, 0.08, 0.16)  # share of shifts: January-March, rest, July
    absent_days_kept_in_plan: int = 5


@dataclass(frozen=True)
class Workforce:
    """Shifts and staff [domain 1.4]: 12.8 visits a shift, 860 heads per 100,000 inhabitants."""

    team_clients: int = 55  # clients of one team
    block_minutes: tuple[int, ...] = (
        175,
        90,
        108,
        76,
        205,
        225,
    )  # work a route takes in each block of the day
    night_minutes: int = 330
    extra_minutes: int = 300
    route_travel: tuple[float, float, float] = (5.0, 6.5, 12.0)  # assumed per visit: urban, suburban, rural
    route_end: tuple[int, int, int, int] = (920, 1345, 1600, 400)  # visits planned later go to an extra route
    route_start: tuple[int, int, int, int] = (415, 880, 1325, 30)  # day, evening, late night, early night
    flex_minutes: tuple[int, int] = (25, 90)  # how much earlier than wished: care, planned work
    regular_share: float = 0.85  # of shifts worked by regular staff, the rest hourly
    regular_days: float = 0.65  # share of days a regular position works
    hourly_days: float = 0.40
    crew_overhead_hours: float = 0.7  # paid hours beyond first login to last logout: keys, documentation, breaks
    hourly_wage_sek: tuple[float, float] = (158.0, 192.0)  # gross, without fees [assumed, 2025]
    trained_share: float = 0.68


@dataclass(frozen=True)
class Geography:
    """Where clients live; distances in kilometres, speeds in km/h [assumed]."""

    urban_radius_km: float = 3.2  # at 100,000 inhabitants, grows with the square root
    suburban_radius_km: float = 6.5
    rural_radius_km: float = 19.0
    area_share: tuple[float, float, float] = (0.5, 0.3, 0.2)  # of areas: urban, suburban, rural
    client_share: tuple[float, float, float] = (0.56, 0.31, 0.13)
    road_factor: float = 1.3
    speed_kmh: tuple[float, float, float] = (17.0, 26.0, 50.0)
    door_minutes: float = 2.0


@dataclass(frozen=True)
class Providers:
    """Market [domain 1.1, 1.4]."""

    in_house_share: float = 0.58
    zipf: float = 0.8
    late_entry_share: float = 0.15  # of private providers: enters during the horizon
    early_exit_share: float = 0.10  # leaves during the horizon
    system_share: tuple[float, float, float] = (0.45, 0.35, 0.20)
    systems: tuple[str, str, str] = ("lock_system", "tag_app", "planning")
    lock_client_share: float = 0.75  # of lock-system clients that have a digital lock


@dataclass(frozen=True)
class Heterogeneity:
    """How honest providers differ, drawn once each, with monthly drift [spec 11.5]."""

    spread: tuple[float, float, float] = (0.15, 0.55, 1.0)  # easy, medium, hard: share of the full spread
    drift_sd: float = 0.10  # monthly, on the logarithm of every rate
    manual_median: float = 0.07
    manual_sigma: float = 0.80  # logit-normal
    forgotten_logout: float = 0.006
    forgotten_logout_sigma: float = 0.8
    plan_autofill: tuple[float, float] = (1.2, 6.0)  # Beta
    zero_gap_share: float = 0.30  # of providers
    zero_gap_high: tuple[float, float] = (0.05, 0.30)
    zero_gap_low: tuple[float, float] = (0.0, 0.02)
    duration_sigma: float = 0.050
    duration_month_sigma: float = 0.012
    position_failure: float = 0.02
    position_failure_sigma: float = 0.6
    late_edit: tuple[float, float] = (1.5, 12.0)  # Beta, share of manual rows edited after 72 h
    declined: tuple[float, float] = (0.01, 0.05)
    plan_of_planned: tuple[float, float] = (0.90, 1.04)  # provider's own planning style
    summer_manual_factor: float = 1.5  # July: substitutes type more
    start_jitter_minutes: float = 7.0


@dataclass(frozen=True)
class VisitErrors:
    """Honest errors in time records, per visit unless noted [spec 11.6]."""

    late_login: float = 0.010
    late_login_minutes: tuple[int, int] = (3, 16)
    forgotten_logout_minutes: float = 90.0  # mean of the exponential
    forgotten_logout_corrected: float = 0.5
    wrong_client: float = 0.002
    duplicate: float = 0.0015
    wrong_service: float = 0.010
    clock_shift_devices: float = 0.001
    offline_shift: float = 0.005
    cancelled: float = 0.006
    blank: float = 0.003
    missing_stop: float = 0.0004
    wrong_rate_line: float = 0.002  # compensation lines
    late_index_provider: float = 0.15  # providers that keep the old price one month
    rounding_quarter: float = 0.5  # chance per ten private providers that one rounds up for three months
    missing_delivery: float = 0.010  # provider-months
    late_delivery: float = 0.030
    doubled_delivery: float = 0.005
    hour_minute_mix: float = 0.005  # provider-months in dialect exports: hh.mm read as decimal hours


@dataclass(frozen=True)
class Money:
    """Prices in SEK without VAT at the start, raised yearly [domain 1.1; Solna, Stockholm and Tyreso lists]."""

    care_hour: tuple[float, float, float] = (468.0, 484.0, 571.0)  # urban, suburban, rural
    private_factor: float = 1.035  # VAT and overhead compensation
    evening_add: float = 14.0
    weekend_add: float = 28.0
    night_add: float = 96.0
    domestic_hour: tuple[float, float, float] = (412.0, 424.0, 486.0)
    nursing_hour: float = 468.0
    escort_hour: float = 402.0
    respite_hour: float = 388.0
    night_visit: float = 252.0
    alarm_month: float = 191.0
    index_months: tuple[int, int] = (1, 3)  # one is drawn: prices rise on 1 January or 1 March
    index_share: tuple[float, float] = (0.025, 0.045)
    flat_minutes: tuple[tuple[str, int], ...] = (("cleaning", 80), ("shopping", 55), ("laundry", 70))
    declined_share: tuple[tuple[str, float], ...] = (("cleaning", 0.75), ("other", 0.50), ("domestic", 0.55))
    absence_share_day_1: float = 0.75
    absence_share_later: float = 0.25
    absence_days: int = 5
    cap_share_of_granted: tuple[float, float] = (1.15, 1.10)  # first rule, second rule
    rule_change_day: tuple[int, int] = (9, 15)  # month and day the second rule set starts, mid-month
    new_client_minutes: int = 240
    cohabitant_share: float = 0.5
    double_staffing_factor: float = 2.0


@dataclass(frozen=True)
class Parameters:
    """Everything a simulation depends on beside preset, difficulty, seed, start and length."""

    demand: Demand = field(default_factory=Demand)
    dynamics: Dynamics = field(default_factory=Dynamics)
    workforce: Workforce = field(default_factory=Workforce)
    geography: Geography = field(default_factory=Geography)
    providers: Providers = field(default_factory=Providers)
    heterogeneity: Heterogeneity = field(default_factory=Heterogeneity)
    visit_errors: VisitErrors = field(default_factory=VisitErrors)
    money: Money = field(default_factory=Money)
    ledger: SupplierLedger = field(default_factory=SupplierLedger)
    ledger_errors: LedgerErrors = field(default_factory=LedgerErrors)
    frauds: Frauds = field(default_factory=Frauds)


PARAMETERS = Parameters()


def parameters_hash(parameters: Parameters = PARAMETERS) -> str:
    """Return 16 hex digits over all parameters and presets; equal exactly when every value is equal."""
    content = {
        "parameters": asdict(parameters),
        "presets": {name: asdict(scale) for name, scale in PRESETS.items()},
        "services": SERVICES,
        "tasks": TASKS,
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


FROZEN = "e638764b62a993db"
"""Hash of the parameters as they stood before detection was worked on; whoever changes a parameter changes this too,
and every published figure with it."""
