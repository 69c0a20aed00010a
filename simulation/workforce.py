"""Carers: positions, who holds them, and the rota that gives each route of the month a carer.

Positions of a team stand on a circle. On day d the day shift takes the arc from 0, the evening shift the arc
after it, the night shift the next; each day the arcs move by a step. So a person works some days, then some
evenings, then is off, and never works an evening before a morning. Regular staff and hourly staff have a circle each.
"""

from dataclasses import dataclass, field

import numpy as np

from simulation.calendar import Month
from simulation.demand import EARLY_SHIFT, LATE_SHIFT
from simulation.parameters import Parameters
from simulation.schedule import Crews
from simulation.streams import stream
from simulation.world import TEAMS

_REGULAR, _HOURLY = 0, 1
_GOLDEN = 0.6180339887
_CODE_STEP, _CODE_MODULUS = 70_657, 1_000_003


@dataclass
class Carers:
    """Carers by index; days are day numbers. `relative_of` and `household` are client indices or -1."""

    provider: list[int] = field(default_factory=list)
    from_day: list[int] = field(default_factory=list)
    to_day: list[int] = field(default_factory=list)
    fte: list[float] = field(default_factory=list)
    wage_ore: list[int] = field(default_factory=list)
    trained: list[bool] = field(default_factory=list)
    relative_of: list[int] = field(default_factory=list)
    household: list[int] = field(default_factory=list)
    ghost: list[bool] = field(default_factory=list)
    last_day: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.provider)

    def hire(self, provider: int, from_day: int, to_day: int, fte: float, wage_ore: int, trained: bool) -> int:
        """Add a carer and return the index."""
        self.provider.append(provider)
        self.from_day.append(from_day)
        self.to_day.append(to_day)
        self.fte.append(fte)
        self.wage_ore.append(wage_ore)
        self.trained.append(trained)
        self.relative_of.append(-1)
        self.household.append(-1)
        self.ghost.append(False)
        self.last_day.append(-1)
        return len(self.provider) - 1


def carer_codes(count: int) -> list[str]:
    """Return carer ids in an order that does not tell when or why a carer was added."""
    return [f"W{(n * _CODE_STEP + 31_337) % _CODE_MODULUS:06d}" for n in range(count)]


class Rota:
    """Positions per team and circle, and their holders; grows as months ask for more carers."""

    def __init__(self, p: Parameters, seed: int, horizon: list[Month]):
        self._p, self._seed, self._horizon = p, seed, horizon
        self.carers = Carers()
        self._size: dict[tuple[int, int], int] = {}
        self._held: dict[tuple[int, int], int] = {}
        self._first: list[int] = []  # first holder row of each position
        self._holder_from: list[list[int]] = []
        self._holder: list[list[int]] = []
        self._rng = stream(seed, "positions")
        self._wages: dict[int, int] = {}

    def pay(self, provider: np.ndarray, gross_ore: np.ndarray) -> None:
        """Add wages to the providers' totals."""
        for number, amount in zip(provider.tolist(), gross_ore.tolist(), strict=True):
            self._wages[number] = self._wages.get(number, 0) + amount

    def wages_ore(self, providers: int) -> np.ndarray:
        """Return gross wages paid so far, by provider."""
        return np.array([self._wages.get(number, 0) for number in range(providers)], np.int64)

    def assign(self, month: Month, crews: Crews, team: np.ndarray, crew: np.ndarray, day: np.ndarray,
               shift: np.ndarray) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
        """Return (carer, planned carer) of each visit; they differ where the planned one is on sick leave."""
        rows = _shift_rows(crews)
        work = self._p.workforce
        rng = stream(self._seed, "rota", month.key)
        regular = np.ceil(rows["needed"] * work.regular_share - 1e-9).astype(np.int64)
        hourly = rows["needed"] - regular
        base_r, total_r = _arcs(rows, regular)
        base_h, total_h = _arcs(rows, hourly)
        sizes = [self._sizes(rows, total, share, circle) for total, share, circle in (
            (total_r, work.regular_days, _REGULAR), (total_h, work.hourly_days, _HOURLY))]  # fmt: skip
        start = np.cumsum(rows["needed"]) - rows["needed"]
        row = np.repeat(np.arange(len(start)), rows["needed"])
        index = np.arange(len(row)) - start[row]
        is_regular = index < regular[row]
        relative = np.where(is_regular, base_r[row] + index, base_h[row] + index - regular[row])
        who, on = rows["team"][row], rows["day"][row]
        position = self._turn(who, on, relative, is_regular, sizes, month)
        near = np.lexsort((position * _GOLDEN % 1.0, row))  # each position keeps to its end of the team's area
        position, is_regular = position[near], is_regular[near]
        planned = self._holder_on(position, on)
        share = self._p.dynamics.absent_carers
        sick_share = share[0] if month.number <= 3 else share[2] if month.number == 7 else share[1]
        blocks = rng.random((len(self._first), 10)) < sick_share
        sick = blocks[position, (on - month.first + 4) // 4 % 10] & is_regular
        carer = planned.copy()
        at = np.flatnonzero(sick)
        day_key = who[at] * 2**32 + on[at]
        by = np.argsort(day_key, kind="stable")
        rank = np.arange(len(at)) - np.searchsorted(day_key[by], day_key[by], side="left")
        at = at[by]
        size = sizes[_HOURLY][who[at]]
        free = size - 1 - rank
        fits = free >= total_h[row[at]]
        at, free = at[fits], free[fits]
        stand_in = self._turn(who[at], on[at], free, np.zeros(len(at), bool), sizes, month)
        carer[at] = self._holder_on(stand_in, on[at])
        shift_day = np.where(shift == EARLY_SHIFT, day - 1, day)
        shift_kind = np.where(shift == EARLY_SHIFT, LATE_SHIFT, shift)
        wanted = _row_key(team, shift_day, shift_kind)
        have = _row_key(rows["team"], rows["day"], rows["shift"])
        line = start[np.searchsorted(have, wanted)] + crew
        return carer[line], planned[line]

    def _sizes(self, rows: dict[str, np.ndarray], total: np.ndarray, share: float, circle: int) -> np.ndarray:
        """Return the circle's size per team, hiring for new positions; with room to grow."""
        teams = int(rows["team"].max(initial=-1)) + 1
        mean = np.bincount(rows["team"], total, teams) / np.maximum(np.bincount(rows["team"], minlength=teams), 1)
        most = np.zeros(teams, np.int64)
        np.maximum.at(most, rows["team"], total)
        wanted = np.maximum(np.ceil(mean / share).astype(np.int64), most + 1)
        for team in np.unique(rows["team"]).tolist():
            old = self._size.get((team, circle), 0)
            if not old or wanted[team] > old or wanted[team] < 0.80 * old:
                self._size[team, circle] = int(wanted[team] * 1.05) + 1
            wanted[team] = self._size[team, circle]
        return wanted

    def _turn(self, who: np.ndarray, on: np.ndarray, relative: np.ndarray, regular: np.ndarray,
              sizes: list[np.ndarray], month: Month) -> np.ndarray:  # fmt: skip
        """Return the position number at a place on the circle of a day."""
        size = np.where(regular, sizes[_REGULAR][who], sizes[_HOURLY][who])
        step = np.maximum(np.where(regular, size // 9, size // 6), 1)
        place = (relative - on * step) % size
        circle = np.where(regular, _REGULAR, _HOURLY)
        key = (who.astype(np.int64) * 2 + circle) * 2**20 + place
        unique, back = np.unique(key, return_inverse=True)
        number = [self._position(int(k) // 2**21, int(k) // 2**20 % 2, int(k) % 2**20, month) for k in unique]
        return np.array(number, np.int64)[back]

    def _position(self, team: int, circle: int, place: int, month: Month) -> int:
        """Return a position's number; the first time it is met, hire its holders for the rest of the horizon."""
        key = (team * 2 + circle) * 2**20 + place
        if (key, 0) in self._held:
            return self._held[key, 0]
        rng, work, last = self._rng, self._p.workforce, self._horizon[-1].last
        tenure = 365 / self._p.dynamics.carer_turnover_year
        since = month.first - int(rng.exponential(tenure)) if month.index == 0 else month.first - 3
        leave = month.first + int(rng.exponential(tenure))
        starts, holders = [], []
        low, high = (0.6, 1.0) if circle == _REGULAR else (0.1, 0.35)
        while True:
            wage = int(100 * rng.uniform(*work.hourly_wage_sek))
            fte = round(float(rng.uniform(low, high)), 2)
            to_day = leave if leave < last else last + 1
            trained = bool(rng.random() < work.trained_share)
            starts.append(-(2**30) if not starts else since)
            holders.append(self.carers.hire(team // TEAMS, since, to_day, fte, wage, trained))
            if to_day > last:
                break
            since, leave = leave + 1, leave + 1 + int(rng.exponential(tenure))
        self._held[key, 0] = len(self._first)
        self._first.append(len(self._first))
        self._holder_from.append(starts)
        self._holder.append(holders)
        return self._held[key, 0]

    def _holder_on(self, position: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Return the carer who holds each position on a day."""
        number = np.repeat(np.arange(len(self._holder)), [len(h) for h in self._holder])
        since = np.concatenate([np.array(h) for h in self._holder_from]) + 2**31
        key = number * 2**33 + since
        found = np.searchsorted(key, position * 2**33 + day + 2**31, side="right") - 1
        return np.concatenate([np.array(h) for h in self._holder])[found]


def _shift_rows(crews: Crews) -> dict[str, np.ndarray]:
    """Return one row per team, shift day and shift (the two halves of a night joined), sorted."""
    day = np.where(crews.shift == EARLY_SHIFT, crews.day - 1, crews.day)
    shift = np.where(crews.shift == EARLY_SHIFT, LATE_SHIFT, crews.shift)
    half = _row_key(crews.team, crews.day, crews.shift) * 2 + (crews.shift == EARLY_SHIFT)
    unique, back = np.unique(half, return_inverse=True)
    summed = np.bincount(back, crews.needed).astype(np.int64)
    first = np.unique(back, return_index=True)[1]
    key = _row_key(crews.team, day, shift)[first]
    keys, again = np.unique(key, return_inverse=True)
    needed = np.zeros(len(keys), np.int64)
    np.maximum.at(needed, again, summed)
    del unique
    return {
        "team": (keys // 2**28).astype(np.int64), "day": keys // 4 % 2**26 - 2**20, "shift": keys % 4,
        "needed": needed,
    }  # fmt: skip


def _row_key(team: np.ndarray, day: np.ndarray, shift: np.ndarray) -> np.ndarray:
    return (team.astype(np.int64) * 2**26 + day + 2**20) * 4 + shift


def _arcs(rows: dict[str, np.ndarray], needed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where each shift's arc starts on its day's circle, and the day's total."""
    key = rows["team"] * 2**28 + rows["day"] + 2**20
    change = np.flatnonzero(np.diff(key, prepend=-1))
    many = np.diff(np.append(change, len(key)))
    total = np.cumsum(needed) - needed
    base = total - np.repeat(total[change], many)
    whole = np.add.reduceat(needed, change)
    return base, np.repeat(whole, many)
