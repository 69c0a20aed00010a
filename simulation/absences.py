"""When clients are away: hospital, respite care, travel, death, and moving out."""

from dataclasses import dataclass

import numpy as np

from simulation.calendar import DAY, Month
from simulation.parameters import Parameters
from simulation.population import END_REASONS, Clients
from simulation.streams import stream

KINDS = ("hospital", "respite", "travel", "deceased", "moved")


@dataclass(frozen=True)
class Absences:
    """Episodes by index, sorted by client and start; `from_at`, `to_at` local minutes (open: very late)."""

    client: np.ndarray
    kind: np.ndarray
    from_at: np.ndarray
    to_at: np.ndarray

    OPEN = 2**40


def make_absences(clients: Clients, horizon: list[Month], p: Parameters, seed: int) -> Absences:
    """Return the absences of all clients; a client's episodes do not overlap."""
    rng = stream(seed, "absences")
    dyn = p.dynamics
    client, kind, start, end = [], [], [], []
    for month in horizon:
        live = np.flatnonzero((clients.from_day <= month.first) & (clients.to_day > month.last))
        winter = 1.4 if month.number <= 3 else 1.0
        summer = dyn.travel_share_summer if month.number == 7 else dyn.travel_share
        plan = ((0, dyn.hospital_share * winter, dyn.hospital_days), (1, dyn.respite_share, dyn.respite_days),
                (2, summer, dyn.travel_days))  # fmt: skip
        for code, share, days in plan:
            share_of = np.full(len(live), share)
            if code == 0:
                share_of *= np.array([0.5, 0.8, 1.1, 1.4, 1.6])[clients.profile[live]]
            if code == 2:
                share_of *= np.array([2.0, 1.2, 0.6, 0.2, 0.1])[clients.profile[live]]
            away = live[rng.random(len(live)) < share_of]
            at = (month.first + rng.integers(0, month.days, len(away))) * DAY
            at += rng.integers(7 * 60, 21 * 60, len(away))
            length = rng.geometric(1 / days, len(away)) * DAY + rng.integers(-240, 240, len(away))
            client.append(away)
            kind.append(np.full(len(away), code))
            start.append(at)
            end.append(at + np.maximum(length, 300))
    for reason, code in (("deceased", 3), ("moved", 4)):
        gone = np.flatnonzero(clients.end_reason == END_REASONS.index(reason))
        client.append(gone)
        kind.append(np.full(len(gone), code))
        start.append(clients.to_day[gone] * DAY + rng.integers(0, DAY, len(gone)))
        end.append(np.full(len(gone), Absences.OPEN))
    table = np.stack([np.concatenate(part).astype(np.int64) for part in (client, kind, start, end)])
    table = table[:, np.lexsort((table[2], table[0]))]
    reach = np.maximum.accumulate(table[0] * Absences.OPEN * 2 + table[3])  # latest end so far of the same client
    before = np.concatenate([[-1], reach[:-1]])
    keep = (table[0] * Absences.OPEN * 2 + table[2] > before + 2 * DAY) | (table[1] >= 3)
    table = table[:, keep]
    final = np.flatnonzero(table[1] >= 3)
    for at in final:  # an episode that death or a move cuts short ends there
        if at and table[0, at - 1] == table[0, at]:
            table[3, at - 1] = min(table[3, at - 1], table[2, at])
    return Absences(table[0], table[1].astype(np.int8), table[2], table[3])


def absent_at(absences: Absences, client: np.ndarray, local: np.ndarray) -> np.ndarray:
    """Return the index of the absence that covers each (client, local minute), or -1."""
    scale = Absences.OPEN * 2
    at = np.searchsorted(absences.client * scale + absences.from_at, client * scale + local, side="right") - 1
    at = np.maximum(at, 0)
    if not len(absences.client):
        return np.full(len(client), -1)
    inside = (absences.client[at] == client) & (absences.from_at[at] <= local) & (local < absences.to_at[at])
    return np.where(inside, at, -1)
