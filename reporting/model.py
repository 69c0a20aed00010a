"""A published run as officers read it: small frozen records that the Excel list and the HTML report share.

Money is Decimal in the ledger's currency, shares are fractions, months `YYYY-MM`. Payments of the random
control arm carry no rank, score, reason, flag or evidence: `load_snapshot` drops it, no writer can leak it.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from reporting.care_sums import CareSums

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator's texts, slots in `means` already filled with the run's parameters."""

    code: str
    title: str
    area: str = ""
    evidence_class: str = ""
    family: str = ""
    means: str = ""
    innocent: tuple[str, ...] = ()
    do: str = ""
    review_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a listed payment: `share` of its expected error, kronor at risk."""

    code: str
    title: str
    share: float | None
    amount_sek: Decimal | None


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One source row; `columns` are (label, shown value), `cited_by` the indicators whose flags name the row."""

    row_id: str
    source_file: str
    source_line: int | None
    columns: Pairs
    cited_by: tuple[str, ...] = ()

    @property
    def is_cited(self) -> bool:
        """Whether a flag names the row."""
        return bool(self.cited_by)


@dataclass(frozen=True, slots=True)
class EvidenceTable:
    """Evidence rows of one table; `left_out` counts rows not shown."""

    table: str
    label: str
    rows: tuple[EvidenceRow, ...]
    left_out: int = 0

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the column labels of all rows in order of first appearance."""
        return tuple(dict.fromkeys(label for row in self.rows for label, _ in row.columns))


@dataclass(frozen=True, slots=True)
class Flag:
    """One urvalsträff on a payment with the indicator's texts filled by this flag's own parameters.

    `measured` is the name of what it measured and the shown value, both "" where there is nothing to measure.
    """

    flag_id: str
    code: str
    title: str
    evidence_class: str
    means: str
    verdict: str
    explained_by: str
    missing_field: str
    amount_at_risk_sek: Decimal | None
    row_ids: tuple[str, ...] = ()
    measured: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Peer:
    """One feature beside the payee's own history and its peers, shown values; `unit` where they do not tell it."""

    label: str
    value: str
    own_median: str
    peer_median: str
    peer_p95: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class RankedPayment:
    """One line of the list; `service`, `recalculation` and `days` are those of a home-care line.

    `profile` tells where the payee deviates from its peers, `bundle` holds the ranks of all the list's payments to the payee in the month, empty when there is no other.
    """

    payment_id: str
    arm: str
    payee_ref: str
    payee_name: str
    risk_area: str
    service_month: str
    booked_month: str
    amount_sek: Decimal
    date: str = ""
    rank: int | None = None
    amount_at_risk_sek: Decimal | None = None
    error_probability: float | None = None
    expected_error_sek: Decimal | None = None
    review_minutes: int | None = None
    model_percentile: float | None = None
    reasons: tuple[Reason, ...] = ()
    speaks_against: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    evidence: tuple[EvidenceTable, ...] = ()
    peers: tuple[Peer, ...] = ()
    profile: tuple[str, ...] = ()
    facts: Pairs = ()
    bundle: tuple[int, ...] = ()
    service: str = ""
    recalculation: tuple[str, ...] = ()
    days: tuple[Pairs, ...] = ()

    @property
    def is_control(self) -> bool:
        """Whether the payment was drawn by lot."""
        return self.arm == "random"


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one indicator could and could not test."""

    indicator: str
    title: str
    status: str
    rows_tested: int
    rows_untested: int
    sek_tested: Decimal
    sek_untested: Decimal
    missing: tuple[str, ...] = ()
    fire_rate: float | None = None
    alarm: str = ""


@dataclass(frozen=True, slots=True)
class DriftPoint:
    """One measure of one table in one month with its fences."""

    table: str
    measure: str
    month: str
    value: float | None
    lower: float | None
    upper: float | None
    status: str


@dataclass(frozen=True, slots=True)
class QuarantineSummary:
    """Rows of one table set aside by one rule; no amount when none of them could be read."""

    table: str
    rule: str
    severity: str
    rows: int
    amount_sek: Decimal | None


@dataclass(frozen=True, slots=True)
class RepairSummary:
    """Repairs of one kind in one column."""

    table: str
    column: str
    kind: str
    rows: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """In = core + quarantine + recognised totals + superseded deliveries, to the smallest unit."""

    in_sek: Decimal
    core_sek: Decimal
    quarantine_sek: Decimal
    totals_sek: Decimal
    superseded_sek: Decimal

    @property
    def difference_sek(self) -> Decimal:
        """Return what is unexplained; zero when the run adds up."""
        return self.in_sek - self.core_sek - self.quarantine_sek - self.totals_sek - self.superseded_sek


@dataclass(frozen=True, slots=True)
class Baseline:
    """How one way of ordering fared on decided payments; the interval is that of `precision_share`."""

    name: str
    payments: int | None = None
    precision_share: float | None = None
    lower_share: float | None = None
    upper_share: float | None = None
    found_sek: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value of law, agreement or local rule in force in the month: its name, how much, until when, who says so."""

    name: str
    value: str
    valid_from: str
    valid_to: str
    source: str
    verified: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published run.

    `absent` names files the folder lacks: a missing table is never shown as zero. `capacity_minutes` is
    the time left for payments chosen by risk when the control arm has had its share; payments at least as probably
    wrong as `likely_probability` stand first.
    """

    run_id: str
    municipality: str
    month: str
    currency: str = "SEK"
    attribution: str = ""
    code_version: str = ""
    capacity_minutes: int | None = None
    likely_probability: float | None = None
    ranked: tuple[RankedPayment, ...] = ()
    indicators: dict[str, Indicator] = field(default_factory=dict)
    coverage: tuple[Coverage, ...] = ()
    drift: tuple[DriftPoint, ...] = ()
    quarantine: tuple[QuarantineSummary, ...] = ()
    repairs: tuple[RepairSummary, ...] = ()
    reconciliation: Reconciliation | None = None
    care: CareSums | None = None
    baselines: tuple[Baseline, ...] = ()
    row_counts: Pairs = ()
    settings_rows: Pairs = ()
    limits: tuple[DatedValue, ...] = ()
    inputs: Pairs = ()
    previous_manifest: str = ""
    erased_on: str = ""
    absent: tuple[str, ...] = ()

    @property
    def listed(self) -> tuple[RankedPayment, ...]:
        """Return the payments chosen by risk, best first."""
        return tuple(p for p in self.ranked if not p.is_control)

    @property
    def control(self) -> tuple[RankedPayment, ...]:
        """Return the random control arm, in an order that says nothing."""
        return tuple(p for p in self.ranked if p.is_control)

    @property
    def expected_error_sek(self) -> Decimal:
        """Return the expected error of the listed payments, signs dropped as the order drops them."""
        return sum((abs(p.expected_error_sek or Decimal(0)) for p in self.listed), Decimal(0))

    @property
    def expected_too_low_sek(self) -> Decimal:
        """Return the part of `expected_error_sek` that was paid too little, as a positive amount."""
        return -sum((min(p.expected_error_sek or Decimal(0), Decimal(0)) for p in self.listed), Decimal(0))

    @property
    def review_minutes(self) -> int:
        """Return the minutes a review of the payments chosen by risk is expected to take."""
        return sum(p.review_minutes or 0 for p in self.listed)


def load_snapshot(folder: Path) -> Snapshot:
    """Read a published snapshot folder (`<municipality>/<month>/<run>/`).

    Raises InputError naming the file, and the column when one is missing.
    """
    from reporting.loading import read_snapshot  # polars only when a snapshot is read

    return read_snapshot(folder)
