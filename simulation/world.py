"""Everything that is fixed before the first month is simulated."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simulation.absences import Absences
from simulation.calendar import DAY, Clock, Days, Month
from simulation.geography import Areas, spatial_order
from simulation.needs import Decisions, Needs, Orders
from simulation.parameters import TASKS, Parameters, Scale
from simulation.population import Choices, Clients
from simulation.providers import Providers, Traits

TEAMS = 64
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
    _teams: Any = None

    def task_of_need(self, need: Any) -> Any:
        """Return the task index of needs by row; a negative need is an alarm call."""
        tasks = np.array([TASKS.index(slot.task) for slot in self.p.demand.slots], np.int8)
        return np.where(need >= 0, tasks[self.needs.slot[need]], TASKS.index("alarm"))

    def team_of(self, provider: Any, client: Any, is_night: Any, is_double: Any) -> Any:
        """Return the team of each visit, provider * TEAMS + n: clients by place; nights and pairs have their own."""
        if self._teams is None:
            weight, homes = self.providers.weight, self.clients.homes
            count = np.round(weight * self.scale.clients / self.p.workforce.team_clients).clip(1, TEAMS - 2)
            order = np.argsort(spatial_order(homes.x_m, homes.y_m), kind="stable")
            place = np.empty(len(order))
            place[order] = np.arange(len(order)) / len(order)
            self._teams = (count, place)
        count, place = self._teams
        number = np.where(is_double, TEAMS - 2, np.floor(place[client] * count[provider]))
        number = np.where(is_night, TEAMS - 1, number)
        return (np.asarray(provider, np.int64) * TEAMS + number).astype(np.int64)

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
