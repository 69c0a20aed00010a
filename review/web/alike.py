"""What rows say alike is said once above them, so that a table holds what tells them apart and fits beside the panel."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.format import MISSING, NBSP, currency_sign

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Parted:
    """`alike` is what every row says, (label, shown value); `labels` head the rest, those of `amounts` to the right."""

    alike: tuple[tuple[str, str], ...]
    labels: tuple[str, ...]
    amounts: frozenset[str]


def parted(rows: Sequence[Pairs], currency: str = "SEK") -> Parted:
    """Return what several rows say alike and the labels of the rest: the first always, and amounts, to be compared.

    A row is (label, shown value) pairs and need not have every label; one row alone says nothing alike.
    """
    cells, sign = [dict(row) for row in rows], NBSP + currency_sign(currency)
    labels = tuple(dict.fromkeys(label for row in rows for label, _ in row))
    told = {label: {row.get(label, MISSING) for row in cells} for label in labels}
    amounts = frozenset(n for n, said in told.items() if any(v.endswith(sign) for v in said) and
                        all(v.endswith(sign) or v == MISSING for v in said))  # fmt: skip
    same = [n for n in labels[1:] if n not in amounts and len(told[n]) == 1] if len(rows) > 1 else []
    return Parted(tuple((n, next(iter(told[n]))) for n in same), tuple(n for n in labels if n not in same), amounts)
