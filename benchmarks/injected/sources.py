"""The ledgers errors are injected into, and the windows to develop on and to report on, which share no month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from benchmarks.injected.facts import Facts
from benchmarks.injected.ledger import read_ledger
from fut.dialect import dialect
from fut.limit import Limit, LimitKind
from fut.settings import Capacity, Municipality, Settings, Source
from indicators import library

# the first year is what a municipality loads when it starts: new payees, habits and look-backs need it
HISTORY_MONTHS = 12
# the library's thresholds are kronor, these ledgers are pounds; fees and round units are no matter of currency
KRONOR_PER_POUND = 12
KEPT = ("room_sek", "unit_sek")
FEES: dict[LimitKind, int] = {"reminder_fee": 60, "collection_fee": 180}
QUARTERS = ("jan-mar", "apr-jun", "jul-sep", "oct-dec")


@dataclass(frozen=True)
class LedgerSource:
    """One council's published ledger: its files, the years of each window, and cases of each kind in one seed."""

    name: str
    title: str
    folder: str
    pattern: str
    parts: tuple[str, ...]
    windows: dict[str, tuple[int, int]]
    per_kind: int

    def file_names(self, window: str) -> list[str]:
        """Return the published files of a window, in order of time."""
        return [self.pattern.format(year=y, part=p) for y in self.windows[window] for p in self.parts]

    def months(self, window: str) -> list[str]:
        """Return the months whose lists are judged: the second year, the first being history."""
        return [f"{y}-{m:02d}" for y in self.windows[window] for m in range(1, 13)][HISTORY_MONTHS:]


# The procurement threshold is the one in force for sub-central bodies; the approval limits are examples, as the
# councils' own are not published.
DIRECT_AWARD = ((2014, 172514), (2016, 164176), (2018, 181302))
APPROVALS = {"manager": 10_000, "head_of_service": 50_000}
SPLIT_LIMITS = [Decimal(limit) for limit in (*APPROVALS.values(),)]

SOURCES = (
    LedgerSource(
        "devon", "Devon County Council", "devon_2011_2021", "DCCSpendingOver500_{year}{part}.csv.gz",
        tuple(f"{month:02d}" for month in range(1, 13)), {"develop": (2015, 2016), "report": (2018, 2019)}, 6,
    ),
    LedgerSource(
        "oxford", "Oxford City Council", "oxford_spending", "expenditure-over-500-{part}-{year}.csv.gz",
        QUARTERS, {"develop": (2014, 2015), "report": (2016, 2017)}, 4,
    ),
)  # fmt: skip


def read_facts(source: LedgerSource, window: str, data: Path) -> Facts:
    """Read a window of a published ledger."""
    folder = data / source.folder / "published"
    return Facts(read_ledger(folder, source.file_names(window), dialect(source.name)), source.months(window))


def limits() -> Sequence[Limit]:
    """Return the dated limits a municipality would state in its settings."""
    since = date(2011, 1, 1)
    return (
        *(Limit("direct_award", date(year, 1, 1), date(year + 1, 12, 31), amount_sek=amount)
          for year, amount in DIRECT_AWARD),
        *(Limit("approval", since, role=role, amount_sek=amount) for role, amount in APPROVALS.items()),
        *(Limit(kind, since, amount_sek=amount) for kind, amount in FEES.items()),
    )  # fmt: skip


def in_pounds() -> dict[str, dict[str, float]]:
    """Return every indicator's thresholds in kronor, restated in pounds as the settings of such a ledger would."""
    return {
        code: stated
        for code, indicator in library().items()
        if (stated := {
            name: float(max(1, round(param.default / KRONOR_PER_POUND)))
            for name, param in indicator.params.items()
            if param.unit == "sek" and name not in KEPT and not isinstance(param.default, str)
        })
    }  # fmt: skip


def settings(source: LedgerSource, folder: Path, is_restated: bool = True) -> Settings:
    """Return the settings of a run in the folder, with hours enough that no list is cut.

    Without `is_restated` the library's thresholds stay as they are shipped, kronor read as pounds.
    """
    return Settings(
        Municipality(source.name, source.title), (Source("ledger", source.name),), folder / "inbox", folder / "var",
        currency="GBP", capacity=Capacity(hours_per_month=100_000, control_share=0, longest_list=100_000),
        limits=tuple(limits()), indicators=in_pounds() if is_restated else {}, is_demo=True,
    )  # fmt: skip
