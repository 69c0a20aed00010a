"""Parameters of dishonest actors: how many, when, how strong at easy, medium and hard. Source: [spec 11.7]."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Levels:
    """One parameter at the three difficulties."""

    easy: float
    medium: float
    hard: float

    def at(self, difficulty: str) -> float:
        """Return the value for easy, medium or hard."""
        return float(getattr(self, difficulty))


@dataclass(frozen=True)
class Frauds:
    """Shares are of visits unless noted; amounts in SEK."""

    # who and when
    provider_share: float = 2 / 13  # of private providers
    supplier_share: float = 0.004
    combination_share: float = 0.60  # dishonest providers with two typologies or more
    careful_share: float = 0.25  # hard only: half the strength
    careful_factor: float = 0.5
    before_start_share: float = 0.5  # fraud present since before the first month
    ramp_months: tuple[int, int] = (1, 4)
    letter_months: tuple[int, int] = (6, 12)  # months after onset until a control letter
    stop_share: float = 0.5
    adapted_factor: float = 0.6  # strength after a letter for those who go on

    # home care: weight of each typology among dishonest providers
    weights: tuple[tuple[str, float], ...] = (
        ("T01", 0.17), ("T01b", 0.14), ("T03", 0.08), ("T06", 0.17), ("T07", 0.13), ("T10", 0.09),
        ("T12", 0.07), ("T14", 0.08), ("T21", 0.07),
    )  # fmt: skip
    t01_share: Levels = Levels(0.05, 0.02, 0.01)
    t01b_share: Levels = Levels(0.20, 0.10, 0.05)
    t01b_borrowed: Levels = Levels(0.30, 0.15, 0.0)  # of extra logins: identity of another provider's carer
    t01b_visits_per_shift: int = 11
    t03_share: Levels = Levels(0.10, 0.03, 0.01)
    t06_pad: Levels = Levels(0.20, 0.10, 0.05)  # minutes added / minutes
    t06_to_plan: Levels = Levels(0.40, 0.20, 0.10)  # share of visits logged as planned
    t06_to_plan_chance: float = 0.5  # of actors: log to plan instead of padding
    t06_real_of_plan: tuple[float, float] = (0.55, 0.92)
    t07_share: Levels = Levels(0.40, 0.20, 0.10)
    t07_real_of_plan: tuple[float, float] = (0.35, 0.90)
    t07_not_done: float = 0.15
    t10_share: Levels = Levels(0.05, 0.03, 0.01)
    t12_clients: Levels = Levels(10, 5, 3)
    t12_client_cap: float = 0.25  # of the provider's clients
    t12_factor: Levels = Levels(1.8, 1.4, 1.2)
    t14_share: Levels = Levels(0.9, 0.5, 0.2)  # of visits inside absences
    t21_share: Levels = Levels(0.12, 0.06, 0.04)  # declined visits claimed / planned visits
    t28_chance: float = 0.6  # a phoenix company enters (medium and large presets always)
    t28_shared: Levels = Levels(3, 2, 1)  # of person, account, phone, address
    t28_gap_months: tuple[int, int] = (1, 6)

    # suppliers
    supplier_weights: tuple[tuple[str, float], ...] = (
        ("T36", 0.24), ("T39", 0.10), ("T40", 0.12), ("T41", 0.14), ("T43", 0.14), ("T47", 0.12), ("T49", 0.14),
    )  # fmt: skip
    t36_count: tuple[int, int] = (3, 12)  # duplicates per actor over the horizon
    t36_sek: tuple[float, float] = (5_000, 200_000)
    t39_sek: tuple[float, float] = (80_000, 900_000)
    t39_days: tuple[int, int] = (3, 20)
    t39_change_back: Levels = Levels(0.9, 0.6, 0.3)
    t40_sek: tuple[float, float] = (2_000, 15_000)
    t40_count: tuple[int, int] = (6, 20)
    t41_parts: tuple[int, int] = (2, 6)
    t41_of_limit: tuple[Levels, Levels] = (Levels(0.95, 0.90, 0.70), Levels(0.995, 0.99, 0.97))
    t41_days: int = 10
    t41_rounds: tuple[int, int] = (2, 5)
    t41_overprice: float = 0.15  # the loss: what a competing offer would have saved [assumed]
    t43_total_sek: tuple[float, float] = (400_000, 3_000_000)
    t43_round: Levels = Levels(0.9, 0.5, 0.15)  # share of round amounts
    t43_months: tuple[int, int] = (3, 8)
    t47_invoices: tuple[int, int] = (15, 60)
    t47_sek: tuple[float, float] = (5_000, 45_000)
    t49_price: Levels = Levels(0.25, 0.15, 0.08)
    t49_hours: Levels = Levels(0.20, 0.12, 0.05)
