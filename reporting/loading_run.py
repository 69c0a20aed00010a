"""What a run tells of itself beside the list: coverage, drift, repairs, reconciliation."""

from decimal import Decimal

from reporting import model as m
from reporting.reading import Row, Tables, money, text, texts
from reporting.words import ALARMS


def read_coverage(tables: Tables, month: str, indicators: dict[str, m.Indicator]) -> list[m.Coverage]:
    """Return what each indicator could and could not test in the month, by code."""
    rows = [r for r in tables.rows("coverage") if r.get("month", month) == month]
    return [
        m.Coverage(
            indicator=r["indicator"],
            title=indicators[r["indicator"]].title if r["indicator"] in indicators else r["indicator"],
            status=r["status"],
            rows_tested=r.get("rows_tested") or 0,
            rows_untested=r.get("rows_untested") or 0,
            sek_tested=money(r["sek_tested"]) or Decimal(0),
            sek_untested=money(r["sek_untested"]) or Decimal(0),
            missing=texts(r.get("missing")),
            fire_rate=r.get("fire_rate"),
            alarm=ALARMS.get(text(r.get("alarm")), text(r.get("alarm"))),
        )
        for r in sorted(rows, key=lambda r: r["indicator"])
    ]


def read_drift(tables: Tables) -> list[m.DriftPoint]:
    """Return every measure by table, measure and month."""
    names = ("table", "measure", "month", "value", "lower", "upper", "status")
    rows = sorted(tables.rows("drift"), key=lambda r: (r["table"], r["measure"], r["month"]))
    return [m.DriftPoint(*(r[name] for name in names)) for r in rows]


def read_repairs(tables: Tables) -> list[m.RepairSummary]:
    """Return the repairs by table, column and kind."""
    rows = sorted(tables.rows("repairs"), key=lambda r: (r["table"], r["column"], r["kind"]))
    return [m.RepairSummary(r["table"], r["column"], r["kind"], r["rows"]) for r in rows]


def read_reconciliation(said: Row | None) -> m.Reconciliation | None:
    """Return how the run adds up, as its manifest states it."""
    if not said:
        return None
    names = ("in_sek", "core_sek", "quarantine_sek", "totals_sek", "superseded_sek")
    return m.Reconciliation(*(money(said.get(name)) or Decimal(0) for name in names))
