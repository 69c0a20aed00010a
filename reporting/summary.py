"""What a run adds up to: the data behind its pictures, and the missing fields priced in kronor."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from reporting import svg
from reporting.model import Snapshot
from reporting.words import drift_name, table_label


@dataclass(frozen=True, slots=True)
class MissingField:
    """A field not delivered, the indicators it would open, the most kronor one of them could test."""

    field: str
    indicators: tuple[str, ...]
    untested_sek: Decimal


def missing_fields(snapshot: Snapshot) -> list[MissingField]:
    """Return the absent fields, the one behind most untested kronor first.

    Kronor are those of the indicator with most to test: several indicators test the same payments.
    """
    opens: dict[str, list[tuple[Decimal, str]]] = {}
    for row in snapshot.coverage:
        for name in row.missing:
            opens.setdefault(name, []).append((row.sek_untested, row.indicator))
    found = [MissingField(k, tuple(c for _, c in v), max(v)[0]) for k, v in opens.items()]
    return sorted(found, key=lambda m: (-m.untested_sek, m.field))


def reason_bars(snapshot: Snapshot) -> list[svg.ReasonBar]:
    """Return kronor at risk by indicator over the listed payments, signs dropped as the order drops them.

    One that moves money between two lines would else take itself out: what is too high on one is too low on the other.
    """
    amounts: dict[str, Decimal] = {}
    counts: dict[str, int] = {}
    titles: dict[str, str] = {}
    for payment in snapshot.listed:
        for reason in payment.reasons:
            amounts[reason.code] = amounts.get(reason.code, Decimal(0)) + abs(reason.amount_sek or 0)
            counts[reason.code] = counts.get(reason.code, 0) + 1
            titles[reason.code] = reason.title
    return [svg.ReasonBar(code, titles[code], amounts[code], counts[code]) for code in sorted(amounts)]


def coverage_bars(snapshot: Snapshot) -> list[svg.CoverageBar]:
    """Return tested and untested kronor by indicator."""
    return [svg.CoverageBar(r.indicator, r.title, r.sek_tested, r.sek_untested) for r in snapshot.coverage]


def drift_series(snapshot: Snapshot) -> list[svg.DriftSeries]:
    """Return the rows and kronor of each table month by month; other measures have no picture."""
    points = [p for p in snapshot.drift if p.measure in ("rows", "sek")]
    series = []
    for (table, measure), group in groupby(points, key=lambda p: (p.table, p.measure)):
        found = list(group)
        series.append(
            svg.DriftSeries(
                name=table_label(table),
                measure=drift_name(table, measure).lower(),
                is_money=measure != "rows",
                months=tuple(p.month for p in found),
                values=tuple(p.value for p in found),
                lower=tuple(p.lower for p in found),
                upper=tuple(p.upper for p in found),
                is_outside=tuple(p.status in ("failed", "accepted") for p in found),
            )
        )
    return series


def pictures(snapshot: Snapshot, width: int = svg.WIDE, ident: str = "bild") -> dict[str, str]:
    """Return the four pictures of a run as SVG: rank, reasons, coverage, drift."""
    money, listed = snapshot.currency, snapshot.listed
    return {
        "rank": svg.rank_curve(
            [p.expected_error_sek or Decimal(0) for p in listed],
            [p.review_minutes or 0 for p in listed],
            snapshot.capacity_minutes,
            currency=money,
            width=width,
            ident=f"{ident}-rang",
        ),
        "reasons": svg.reasons_bars(reason_bars(snapshot), money, width=width, ident=f"{ident}-skal"),
        "coverage": svg.coverage_bars(coverage_bars(snapshot), money, width=width, ident=f"{ident}-provat"),
        "drift": svg.drift_panels(drift_series(snapshot), money, width=width, ident=f"{ident}-drift"),
    }
