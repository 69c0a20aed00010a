"""Draw the cases of one seed into one ledger and write the inbox they lie in."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Literal

from benchmarks.injected import again, payees
from benchmarks.injected.again import Make
from benchmarks.injected.facts import Facts
from benchmarks.injected.ledger import Ledger
from benchmarks.injected.world import Case, World, spread

TRIES = 200


@dataclass(frozen=True)
class Kind:
    """One kind of error, and which ledgers it is made in: those with invoice numbers, those without, or both.

    A kind that is not pooled is shown apart: the ledger lacks what would tell the error from two like purchases.
    """

    name: str
    make: Make
    ledgers: Literal["numbered", "unnumbered", "both"] = "numbered"
    is_pooled: bool = True


def kinds(limits: Sequence[Decimal]) -> list[Kind]:
    """Return every kind, splits under the limits given."""
    return [
        Kind("twice: same number", again.same_number),
        Kind("twice: number retyped", again.retyped_number),
        Kind("twice: one digit mistyped", again.number_typo),
        Kind("twice: other supplier record", again.other_record),
        Kind("twice: other department", again.other_department),
        Kind("twice: other channel, 30-45 days", again.other_channel),
        Kind("digits swapped", again.swapped),
        Kind("decimal shifted", again.shifted),
        Kind("reminder paid too", again.reminder),
        Kind("split under a limit", partial(payees.split, limits=list(limits)), "both"),
        Kind("ghost supplier", payees.ghost),
        Kind("near-namesake", payees.namesake, "both"),
        Kind("twice: number hidden or absent", again.without_number, "both", is_pooled=False),
        Kind("ghost supplier: numbers absent", payees.ghost, "unnumbered", is_pooled=False),
    ]


def inject(facts: Facts, source: str, seed: int, per_kind: int, chosen: Sequence[Kind]) -> list[Case]:
    """Return `per_kind` cases of each kind with their rows; the same arguments give the same cases.

    Kinds that are not for the ledger are left out. Raises ValueError when a kind finds no
    place in a month after many draws.
    """
    world = World(facts, random.Random(f"{source}|{seed}"))  # noqa: S311
    cases = []
    for kind in chosen:
        if kind.ledgers not in ("both", "numbered" if facts.numbers else "unnumbered"):
            continue
        for month in spread(facts.months, per_kind, world.rng):
            made = next((m for m in (kind.make(world, month) for _ in range(TRIES)) if m), None)
            if made is None:
                raise ValueError(f"{source}, seed {seed}: no place for '{kind.name}' in {month}")
            rows, amount, detail = made
            cases.append(Case(kind.name, source, seed, month, tuple(rows), amount, detail))
    return cases


def write_inbox(ledger: Ledger, cases: Sequence[Case], folder: Path) -> None:
    """Write every file of the ledger with the cases' rows into the folder, as .csv.gz."""
    folder.mkdir(parents=True, exist_ok=True)
    added: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for row in (row for case in cases for row in case.rows):
        added[row.file.name].append(row.cells)
    for file in ledger.files:
        (folder / file.name).write_bytes(file.with_rows(added[file.name]))
