"""What was wrong and what only looked wrong: the labels that evaluation reads and the pipeline never sees."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True)
class Cause:
    """One kind of error or fraud; `typology` is T01-T60 where the domain reference has one, else a slug."""

    typology: str
    intent: str  # error, fraud
    cause: str  # provider, municipality, system, supplier


CAUSES: tuple[Cause, ...] = (
    Cause("", "", ""),
    Cause("forgotten_logout", "error", "provider"),
    Cause("late_login", "error", "provider"),
    Cause("wrong_client", "error", "provider"),
    Cause("T18", "error", "system"),
    Cause("wrong_service", "error", "provider"),
    Cause("clock_shift", "error", "system"),
    Cause("missing_stop", "error", "provider"),
    Cause("T16", "error", "municipality"),
    Cause("T17", "error", "provider"),
    Cause("late_index", "error", "municipality"),
    Cause("T01", "fraud", "provider"),
    Cause("T01b", "fraud", "provider"),
    Cause("T03", "fraud", "provider"),
    Cause("T06", "fraud", "provider"),
    Cause("T07", "fraud", "provider"),
    Cause("T10", "fraud", "provider"),
    Cause("T12", "fraud", "provider"),
    Cause("T14", "fraud", "provider"),
    Cause("T21", "fraud", "provider"),
    Cause("T28", "fraud", "provider"),
    Cause("T36", "fraud", "supplier"),
    Cause("T39", "fraud", "supplier"),
    Cause("T40", "fraud", "supplier"),
    Cause("T41", "fraud", "supplier"),
    Cause("T43", "fraud", "supplier"),
    Cause("T47", "fraud", "municipality"),
    Cause("T49", "fraud", "supplier"),
    Cause("duplicate_paid", "error", "municipality"),
    Cause("digit_slip", "error", "municipality"),
    Cause("wrong_vat", "error", "supplier"),
)
_INDEX = {(cause.typology, cause.intent): number for number, cause in enumerate(CAUSES)}


def cause_number(typology: str, intent: str | None = None) -> int:
    """Return the index in CAUSES of a typology."""
    found = [n for (name, kind), n in _INDEX.items() if name == typology and intent in (None, kind)]
    return found[0]


LABELS = {
    "entity_type": pl.String,
    "entity_id": pl.String,
    "payment_id": pl.String,
    "typology": pl.String,
    "difficulty": pl.String,
    "service_month": pl.String,
    "error_ore": pl.Int64,
    "intent": pl.String,
    "cause": pl.String,
}
INNOCENT = {"entity_type": pl.String, "entity_id": pl.String, "why": pl.String}


@dataclass
class Truth:
    """Labels in the making. `entity_type`: compensation_line or invoice (these carry kronor), visit, provider,
    supplier, client, carer (these carry none)."""

    difficulty: str
    frames: list[pl.DataFrame] = field(default_factory=list)
    rows: list[tuple[str | int | None, ...]] = field(default_factory=list)
    innocent: list[tuple[str, str, str]] = field(default_factory=list)

    def label(
        self, entity_type: str, entity_id: str, typology: str, month: str | None, error_ore: int = 0,
        payment_id: str | None = None, intent: str | None = None,
    ) -> None:  # fmt: skip
        """Add one label."""
        cause = CAUSES[cause_number(typology, intent)]
        self.rows.append(
            (entity_type, entity_id, payment_id, typology, self.difficulty, month, int(error_ore), cause.intent,
             cause.cause)
        )  # fmt: skip

    def extend(self, frame: pl.DataFrame) -> None:
        """Add labels with the columns entity_type, entity_id, payment_id, cause_number, service_month, error_ore."""
        if not frame.height:
            return
        kinds = pl.DataFrame(
            {
                "cause_number": range(len(CAUSES)),
                "typology": [c.typology for c in CAUSES],
                "intent": [c.intent for c in CAUSES],
                "cause": [c.cause for c in CAUSES],
            },
            schema_overrides={"cause_number": pl.Int16},
        )
        joined = frame.with_columns(pl.col("cause_number").cast(pl.Int16)).join(
            kinds, on="cause_number", how="left", maintain_order="left"
        )
        self.frames.append(joined.with_columns(difficulty=pl.lit(self.difficulty)).select(list(LABELS)))

    def harmless(self, entity_type: str, entities: Iterable[str], why: str) -> None:
        """Add entities that look odd for a lawful reason."""
        self.innocent.extend((entity_type, entity, why) for entity in entities)

    def labels(self) -> pl.DataFrame:
        """Return `truth_labels` in a total order."""
        frame = pl.concat([*self.frames, pl.DataFrame(self.rows, schema=LABELS, orient="row")])
        return frame.sort(["entity_type", "service_month", "entity_id", "typology"], nulls_last=True)

    def innocents(self) -> pl.DataFrame:
        """Return `truth_innocent` in a total order."""
        return pl.DataFrame(self.innocent, schema=INNOCENT, orient="row").unique().sort(list(INNOCENT))
