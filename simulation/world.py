"""Everything that is fixed before the first month is simulated."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simulation.absences import Absences
from simulation.calendar import DAY, Clock, Days, Month
from simulation.geography import Areas
from simulation.needs import Decisions, Needs, Orders
from simulation.parameters import TASKS, Parameters, Scale
from simulation.population import Choices, Clients
from simulation.providers import Providers, Traits

_SPAN = 2**22


@dataclass
class World:
    """The municipality: who lives, decides, works and is commissioned; the draws that follow depend on `seed`."""

    p: Parameters
    scale: Scale
    preset: str
    difficulty: str
    seed: int
    errors: bool
    horizon: list[Month]
    clock: Clock
    days: Days
    areas: Areas
    providers: Providers
    traits: Traits
    clients: Clients
    choices: Choices
    absences: Absences
    needs: Needs = field(init=False)
    decisions: Decisions = field(init=False)
    orders: Orders = field(init=False)
    acts: list[Any] = field(default_factory=list)
    rota: Any = None
    _index: Any = None

    def task_of_need(self, need: Any) -> Any:
        """Return the task index of needs by row; a negative need is an alarm call."""
        tasks = np.array([TASKS.index(slot.task) for slot in self.p.demand.slots], np.int8)
        return np.where(need >= 0, tasks[self.needs.slot[need]], TASKS.index("alarm"))

    def decision_of(self, client: Any, service: Any, utc: Any) -> Any:
        """Return the decision of (client, service) in force at each UTC minute, or -1."""
        if self._index is None:
            key = (self.decisions.client.astype(np.int64) * 16 + self.decisions.service) * _SPAN
            order = np.argsort(key + self.decisions.from_day + _SPAN // 2, kind="stable")
            self._index = (order, (key + self.decisions.from_day + _SPAN // 2)[order])
        order, keys = self._index
        day = self.clock.to_local(utc) // DAY
        wanted = (np.asarray(client, np.int64) * 16 + service) * _SPAN + day + _SPAN // 2
        at = np.maximum(np.searchsorted(keys, wanted, side="right") - 1, 0)
        row = order[at]
        found = (self.decisions.client[row] == client) & (self.decisions.service[row] == service)
        found &= (self.decisions.from_day[row] <= day) & (self.decisions.to_day[row] >= day)
        return np.where(found, row, -1)
