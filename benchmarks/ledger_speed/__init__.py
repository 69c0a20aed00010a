"""How fast a real ledger becomes a ranked list, beside the same stages in vectorised pandas with equal output."""

from datetime import date
from pathlib import Path
from typing import Any

from fut.limit import Limit
from fut.settings import Municipality, Settings, Source

CURRENCY = {"devon": "GBP", "orebro": "SEK"}
FEES: dict[Any, int] = {"reminder_fee": 60, "collection_fee": 180}  # of every day, in the ledger's own currency
SUBSET = (
    "SP01", "SP02", "SP03", "SP04", "SP05", "SP06", "SP07", "SP09", "SP10", "SP18", "SP21", "SP27", "SP30", "SP31",
    "SP32", "SP34", "SP41", "SP42", "SP43",
)  # fmt: skip
"""The indicators that exist in both versions."""

POSTINGS = ("source_file", "payment_id", "account_no", "pence")
PAYMENTS = (
    "payment_id", "booked_month", "booking_date", "buyer_id", "supplier_key", "entity_key", "supplier_name", "name_key",
    "is_redacted", "voucher_no", "invoice_no", "ref_clean", "ref_number", "pence", "posting_count", "account_no",
    "account_text", "department", "netted_month", "netted_by", "is_live", "rhythm", "same_amount_before",
    "gap_days", "copies_same_day", "payee_month_count",
)  # fmt: skip
PAIRS = (
    "payment_id", "earlier_id", "booked_month", "block", "entity_key", "pence", "earlier_pence", "days_apart",
    "months_apart", "is_same_payee", "is_same_supplier_key", "is_same_buyer", "is_same_department", "is_same_account",
    "ref_relation", "is_expected",
)  # fmt: skip
FLAGS = ("indicator", "subject_id", "month", "value", "pence_at_risk", "evidence", "payments")
COVERAGE = ("indicator", "month", "rows_tested", "rows_untested", "pence_tested", "pence_untested")
SCORES = ("payment_id", "booked_month", "score", "model_percentile")
FILES = ("source_file", "rows_in", "pence_in", "rows_quarantine", "pence_quarantine")


def month_files(data: Path, months: str) -> list[Path]:
    """Return Devon's published files of the months `2019-01..2019-12`, in order."""
    first, last = (month.replace("-", "") for month in months.split(".."))
    found = sorted((data / "devon_2011_2021" / "published").glob("DCCSpendingOver500_*.csv.gz"))
    return [path for path in found if first <= path.name.split("_")[1][:6] <= last]


def settings(folder: Path, dialect: str) -> Settings:
    """Return what both versions run with: the ledger in `folder`/inbox, its currency and its fees."""
    fees = tuple(Limit(kind, date(2000, 1, 1), amount_sek=amount) for kind, amount in FEES.items())
    return Settings(
        Municipality(dialect, dialect.capitalize()), (Source("ledger", dialect),), folder / "inbox", folder / "var",
        currency=CURRENCY[dialect], limits=fees, is_demo=True,
    )  # fmt: skip
