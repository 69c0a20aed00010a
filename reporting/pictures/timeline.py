"""Timeline: a home-care line day by day, planned against registered against paid, days of absence hatched."""

import calendar
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from reporting.format import date, hours, kr, kr_short, month_name, plural
from reporting.pictures.base import WIDE, Board, rounded, scale, text_width, ticks
from reporting.words import ABSENCES

Minutes = Decimal | int | float
WEEKDAYS = ("må", "ti", "on", "to", "fr", "lö", "sö")
STEPS = (15, 30, 60, 120, 180, 240, 360, 480, 720, 1440)


@dataclass(frozen=True, slots=True)
class VisitDay:
    """One day of a line, as out/visit_days has it: minutes planned, registered and paid after the rules, and kronor."""

    visit_date: dt.date
    visits: int
    performed: int
    planned_minutes: Minutes
    registered_minutes: Minutes
    billable_minutes: Minutes
    paid_sek: Decimal
    by_hand: int = 0
    absence: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "VisitDay":
        """Return a row of out/visit_days."""
        said = {field.name: row[field.name] for field in fields(cls) if field.name != "absence"}
        return cls(**said, absence=row.get("absence") or "")

    @property
    def away(self) -> str:
        """Return in Swedish why the client was away; empty when at home."""
        return ABSENCES.get(self.absence, self.absence) if self.absence else ""

    @property
    def undone(self) -> int:
        """Return how many of the visits were not performed."""
        return self.visits - self.performed


def visit_timeline(days: Sequence[VisitDay], currency: str = "SEK", width: int = WIDE, ident: str = "dagar") -> str:
    """Draw every day of the months the line's days lie in: columns when wide, rows when narrow.

    A day stands once in `days`. Paid minutes are left out of a line whose visits have none although kronor are paid:
    it is paid for granted time, or could not be recalculated.
    """
    rows = sorted(days, key=lambda d: d.visit_date)
    title = "Dag för dag: planerad, registrerad och ersatt tid"
    if not rows:
        board = Board(ident, title, "Inga besök.", width)
        board.text(0, board.y + 14, "Inga besök.")
        board.y += 20
        return board.svg()
    by_minutes = any(d.billable_minutes for d in rows) or not any(d.paid_sek for d in rows)
    told = _totals(rows, by_minutes, currency)
    board = Board(ident, title, f"{told}. {_sentences(rows, by_minutes, currency)}.", width, told)
    _legend(board, rows, by_minutes)
    frame = _Frame(board, _calendar(rows), {d.visit_date: d for d in rows}, by_minutes, currency)
    if width < 480:
        _draw_rows(frame)
    else:
        _draw_columns(frame)
    return board.svg(4)


@dataclass(frozen=True, slots=True)
class _Frame:
    board: Board
    dates: list[dt.date]
    days: dict[dt.date, VisitDay]
    by_minutes: bool
    currency: str

    def hour_axis(self, most: int) -> list[float]:
        longest = max(max(float(m) for m in _minutes(d)) for d in self.days.values())
        step = next((s for s in STEPS if longest <= s * most), STEPS[-1])
        return [float(i * step) for i in range(max(1, -int(-longest // step)) + 1)]


def _minutes(day: VisitDay) -> tuple[Minutes, Minutes, Minutes]:
    return day.planned_minutes, day.registered_minutes, day.billable_minutes


def _calendar(rows: Sequence[VisitDay]) -> list[dt.date]:
    first, last = rows[0].visit_date.replace(day=1), rows[-1].visit_date
    last = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    return [first + dt.timedelta(days=i) for i in range((last - first).days + 1)]


def _totals(rows: Sequence[VisitDay], by_minutes: bool, currency: str) -> str:
    names = ("Planerat", "registrerat", "ersatt")[: 3 if by_minutes else 2]
    minutes = [f"{name} {hours(sum(Decimal(str(_minutes(d)[i])) for d in rows))}" for i, name in enumerate(names)]
    paid = kr(sum((d.paid_sek for d in rows), Decimal(0)), currency)
    return f"{', '.join(minutes)}, {paid}{'' if by_minutes else ' (ersatt tid finns inte per dag)'}"


def _sentences(rows: Sequence[VisitDay], by_minutes: bool, currency: str) -> str:
    said = []
    for day in rows:
        planned, registered, billable = map(hours, _minutes(day))
        paid = f"ersatt {billable}, " if by_minutes else ""
        aside = [f"{plural(day.undone, 'besök', 'besök')} ej utfört"] if day.undone else []
        aside += [f"{plural(day.by_hand, 'besök', 'besök')} för hand"] if day.by_hand else []
        aside += [f"frånvaro: {day.away.lower()}"] if day.away else []
        kronor = kr(day.paid_sek, currency, ore=True)
        said.append(
            ", ".join([f"{date(day.visit_date)}: planerat {planned}, registrerat {registered}, {paid}{kronor}", *aside])
        )
    return "; ".join(said)


def _legend(board: Board, rows: Sequence[VisitDay], by_minutes: bool) -> None:
    entries = [
        (lambda x, y: board.bar(x, y, 26, 12, "pplan"), "Planerad"),
        (lambda x, y: board.bar(x, y + 3, 26, 6, "p1"), "Registrerad"),
    ]
    if by_minutes:
        entries.append((lambda x, y: board.line([(x + 2, y + 6), (x + 24, y + 6)], "ppaid"), "Ersatt"))
    if kinds := sorted({d.away.lower() for d in rows if d.absence}):
        entries.append((lambda x, y: board.hatched(x, y, 26, 12, "pab", "pal"), f"Frånvaro: {', '.join(kinds)}"))
    if any(d.by_hand for d in rows):
        entries.append((lambda x, y: _hand(board, x + 13, y + 6), "Registrerat för hand"))
    if any(d.undone for d in rows):
        entries.append((lambda x, y: _cross(board, x + 13, y + 6), "Besök ej utfört"))
    board.legend(entries)


def _hand(board: Board, x: float, y: float) -> None:
    corners = ((x, y - 4.5), (x + 4.5, y + 4), (x - 4.5, y + 4))
    board.add("polygon", "p4", points=" ".join(f"{rounded(a)},{rounded(b)}" for a, b in corners))


def _cross(board: Board, x: float, y: float) -> None:
    board.add("path", "pno", d=f"M{rounded(x - 4)} {rounded(y - 4)}l8 8m0 -8l-8 8")


def _draw_columns(frame: _Frame) -> None:
    board, axis = frame.board, frame.hour_axis(4)
    low, high = _kronor(frame)
    money = ticks(low, high, 2)
    left = max(text_width(t, 12) for t in [*map(hours, axis), *(kr_short(v, frame.currency) for v in money)]) + 8
    step = (board.width - left) / len(frame.dates)
    top, height = board.y + 4, 170
    marks = _mark_rows(frame)
    floor = top + height + 16 * len(marks) + 12
    y = scale(0, axis[-1], top + height, top)
    y_money = scale(money[0], money[-1], floor + 78, floor + 14)
    for i, day in enumerate(frame.dates):
        x = left + i * step
        if day.weekday() >= 5:
            board.bar(x, top, step, height, "pend")
        if (found := frame.days.get(day)) and found.absence:
            board.hatched(x, top, step, height, "pab", "pal")
    for value in axis:
        board.line([(left, y(value)), (board.width, y(value))], "pg" if value else "px")
        board.text(left - 6, y(value) + 4, hours(value), "pa pv", "end")
    board.text(left, floor + 6, "Ersättning per dag", "pa")
    for value in money:
        board.line([(left, y_money(value)), (board.width, y_money(value))], "pg" if value else "px")
        board.text(left - 6, y_money(value) + 4, kr_short(value, frame.currency), "pa pv", "end")
    for i, day in enumerate(frame.dates):
        found, middle = frame.days.get(day), left + (i + 0.5) * step
        if found is None:
            continue
        planned, registered, billable = (y(float(m)) for m in _minutes(found))
        if found.planned_minutes:
            board.add("rect", "pplan", x=middle - step * 0.38, y=planned, width=step * 0.76, height=y(0) - planned)
        if found.registered_minutes:
            board.add("rect", "p1", x=middle - step * 0.18, y=registered, width=step * 0.36, height=y(0) - registered)
        if frame.by_minutes:
            board.line([(middle - step * 0.46, billable), (middle + step * 0.46, billable)], "ppaid")
        for n, (has, draw) in enumerate(marks):
            if has(found):
                draw(board, middle, top + height + 11 + 16 * n)
        if found.paid_sek:
            ends = sorted((y_money(float(found.paid_sek)), y_money(0)))
            board.add("rect", "p3", x=middle - step * 0.28, y=ends[0], width=step * 0.56, height=ends[1] - ends[0])
    names = [str(d.day) for d in frame.dates]
    places = [left + (i + 0.5) * step for i in range(len(names))]
    if step > 18:
        for place, name in zip(places, names, strict=True):
            board.text(place, floor + 95, name, "pa pv", "middle")
    else:
        board.x_labels(places, names, floor + 95, left)
    board.text(board.width, floor + 112, _span(frame.dates), "pa", "end")
    board.y = floor + 114


def _mark_rows(frame: _Frame) -> list[tuple[Callable[[VisitDay], int], Callable[[Board, float, float], None]]]:
    kinds = (lambda d: d.by_hand, _hand), (lambda d: d.undone, _cross)
    return [(has, draw) for has, draw in kinds if any(has(d) for d in frame.days.values())]


def _kronor(frame: _Frame) -> tuple[float, float]:
    paid = [float(d.paid_sek) for d in frame.days.values()]
    return min([*paid, 0.0]), max([*paid, 0.0])


def _span(dates: Sequence[dt.date]) -> str:
    first, last = month_name(dates[0]), month_name(dates[-1])
    return first if first == last else f"{first}–{last}"


def _draw_rows(frame: _Frame) -> None:
    board, axis = frame.board, frame.hour_axis(3)
    marks = _mark_rows(frame)
    shown = {day: kr_short(found.paid_sek, frame.currency) for day, found in frame.days.items()}
    left, right = 46.0, board.width - max(text_width(v, 12) for v in shown.values()) - 6 - 13 * len(marks)
    x = scale(0, axis[-1], left, right)
    board.text(0, board.y + 10, _span(frame.dates), "pa")
    board.y += 18
    board.x_labels([x(v) for v in axis], [hours(v) for v in axis], board.y + 10, left)
    top, row = board.y + 16, 18
    bottom = top + row * len(frame.dates)
    for i, day in enumerate(frame.dates):
        if (found := frame.days.get(day)) and found.absence:
            board.hatched(left, top + i * row, right - left, row, "pab", "pal")
        elif day.weekday() >= 5:
            board.bar(left, top + i * row, right - left, row, "pend")
    for value in axis:
        board.line([(x(value), top), (x(value), bottom)], "pg" if value else "px")
    for i, day in enumerate(frame.dates):
        y, found = top + i * row, frame.days.get(day)
        board.text(0, y + 13, f"{WEEKDAYS[day.weekday()]} {day.day}", "pa pv")
        if found is None:
            continue
        planned, registered, billable = (x(float(m)) for m in _minutes(found))
        if found.planned_minutes:
            board.bar(left, y + 3, planned - left, 12, "pplan")
        if found.registered_minutes:
            board.bar(left, y + 6, registered - left, 6, "p1")
        if frame.by_minutes:
            board.line([(billable, y + 1.5), (billable, y + 16.5)], "ppaid")
        for n, (has, draw) in enumerate(marks):
            if has(found):
                draw(board, right + 9 + 13 * n, y + 9)
        board.text(board.width, y + 13, shown[day], "pa pv", "end")
    board.y = bottom + 4
