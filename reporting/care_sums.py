"""What a month's home-care lines were paid beside what the rules give: sums for controllers, too little as well as too much."""

from dataclasses import dataclass, fields
from decimal import Decimal

import duckdb

from reporting.reading import Row

# a line that the rules give and nobody paid stands in the month of its visits
_SUMS = """SELECT booked_month, count(*) FILTER (is_delivered), coalesce(sum(amount_sek) FILTER (is_delivered), 0),
  count(*) FILTER (is_told), coalesce(sum(amount_sek) FILTER (is_told), 0),
  coalesce(sum(recalculated_sek) FILTER (is_told), 0), coalesce(sum(difference_sek) FILTER (is_told AND difference_sek > 0), 0),
  coalesce(-sum(difference_sek) FILTER (is_told AND difference_sek < 0), 0), count(*) FILTER (NOT is_delivered),
  coalesce(sum(recalculated_sek) FILTER (NOT is_delivered), 0)
FROM (SELECT *, is_delivered AND recalculated_sek IS NOT NULL AS is_told FROM core_compensation_lines
  WHERE booked_month IN (SELECT month FROM _shown_months)) GROUP BY 1"""


@dataclass(frozen=True, slots=True)
class CareSums:
    """Lines booked in a month; of those that could be recalculated, paid = due + too much - too little, to the öre."""

    lines: int
    paid_sek: Decimal
    told_lines: int
    told_paid_sek: Decimal
    due_sek: Decimal
    too_much_sek: Decimal
    too_little_sek: Decimal
    unpaid_lines: int
    unpaid_sek: Decimal

    def stated(self) -> dict[str, str]:
        """Return the sums as a manifest states them."""
        return {field.name: str(getattr(self, field.name)) for field in fields(self)}


def care_sums(connection: duckdb.DuckDBPyConnection) -> dict[str, CareSums]:
    """Return the sums of each month of `_shown_months` that has lines."""
    return {month: CareSums(*values) for month, *values in connection.execute(_SUMS).fetchall()}


def read_care_sums(said: Row | None) -> CareSums | None:
    """Return the sums as a manifest states them; None for a run without home care or made before they were told."""
    if not said:
        return None
    sums: Row = {name: Decimal(value) if name.endswith("_sek") else int(value) for name, value in said.items()}
    return CareSums(**sums)
