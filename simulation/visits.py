"""The month's visits as columns: what was registered beside what really happened."""

from collections.abc import Mapping

import numpy as np

STATUSES = ("performed", "declined", "cancelled", "blank", "absent", "none")
PERFORMED, DECLINED, CANCELLED, BLANK, ABSENT, NONE = range(6)
METHODS = ("lock", "tag", "qr", "gps", "phone", "manual", "edited")
LOCK, TAG, QR, GPS, PHONE, MANUAL, EDITED = range(7)
REASONS = ("", "forgot", "phone_dead", "tag_missing", "new_client", "new_lock", "technical", "no_coverage",
           "changed_visit", "outside_home", "other")  # fmt: skip
EDITORS = ("", "carer", "admin")

NULL = -1
"""Missing minute, carer, device, partner or decision."""

COLUMNS: dict[str, tuple[type, float]] = {
    "key": (np.int64, NULL),
    "provider": (np.int16, NULL),
    "client": (np.int32, NULL),
    "carer": (np.int32, NULL),
    "planned_carer": (np.int32, NULL),
    "service": (np.int8, NULL),
    "task": (np.int8, NULL),
    "shift": (np.int8, NULL),
    "planned_start": (np.int64, NULL),
    "planned_end": (np.int64, NULL),
    "start": (np.int64, NULL),
    "end": (np.int64, NULL),
    "status": (np.int8, PERFORMED),
    "double": (np.bool_, False),
    "pair": (np.int64, NULL),
    "decision": (np.int32, NULL),
    "start_method": (np.int8, NULL),
    "end_method": (np.int8, NULL),
    "reason": (np.int8, 0),
    "registered_at": (np.int64, NULL),
    "edited_at": (np.int64, NULL),
    "edited_by": (np.int8, 0),
    "edit_from": (np.int64, NULL),
    "distance_start": (np.float32, np.nan),
    "distance_end": (np.float32, np.nan),
    "place_x": (np.int32, 0),
    "place_y": (np.int32, 0),
    "device": (np.int32, NULL),
    "real_status": (np.int8, NONE),
    "real_start": (np.int64, NULL),
    "real_end": (np.int64, NULL),
    "real_client": (np.int32, NULL),
    "real_service": (np.int8, NULL),
    "real_task": (np.int8, NULL),
    "truth": (np.int16, 0),
    "delivery": (np.int8, 0),
}
"""Column -> (type, default). Minutes are UTC; `real_*` say what happened, NONE when nothing did; `truth` indexes
`truth.CAUSES`; `delivery` is 0 on time, 1 a month late, 2 never, 3 twice."""


class Visits:
    """Equal-length arrays by the names of COLUMNS; rows are addressed by position, partners by `key`."""

    def __init__(self, columns: Mapping[str, np.ndarray]):
        size = len(next(iter(columns.values())))
        self._data = {
            name: np.asarray(columns[name], kind) if name in columns else np.full(size, default, kind)
            for name, (kind, default) in COLUMNS.items()
        }
        if "key" not in columns:
            self._data["key"] = np.arange(size, dtype=np.int64)

    def __len__(self) -> int:
        return len(self._data["key"])

    def __getitem__(self, name: str) -> np.ndarray:
        return self._data[name]

    def __setitem__(self, name: str, values: np.ndarray) -> None:
        self._data[name] = np.asarray(values, COLUMNS[name][0])

    def take(self, rows: np.ndarray) -> "Visits":
        """Return the rows at these positions (or of this mask), keys kept."""
        return Visits({name: values[rows] for name, values in self._data.items()})

    def add(self, rows: "Visits") -> np.ndarray:
        """Append rows under new keys and return their positions; `pair` of the rows is kept as given."""
        first = int(self._data["key"].max(initial=-1)) + 1
        start = len(self)
        rows._data["key"] = first + np.arange(len(rows), dtype=np.int64)
        self._data = {name: np.concatenate([values, rows[name]]) for name, values in self._data.items()}
        return np.arange(start, len(self))

    def sort(self, order: np.ndarray) -> None:
        """Reorder all rows and number them anew; `pair` follows."""
        old = self._data["key"][order]
        self._data = {name: values[order] for name, values in self._data.items()}
        new = np.full(int(old.max(initial=-1)) + 1, NULL, np.int64)
        new[old] = np.arange(len(old))
        paired = self._data["pair"] >= 0
        self._data["pair"][paired] = new[self._data["pair"][paired]]
        self._data["key"] = np.arange(len(old), dtype=np.int64)

    @property
    def minutes(self) -> np.ndarray:
        """Registered minutes; 0 where a start or stop is missing."""
        both = (self["start"] != NULL) & (self["end"] != NULL)
        return np.where(both, self["end"] - self["start"], 0)

    @property
    def planned_minutes(self) -> np.ndarray:
        """Planned minutes; 0 where nothing was planned."""
        return np.where(self["planned_start"] != NULL, self["planned_end"] - self["planned_start"], 0)
