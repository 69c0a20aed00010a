"""Errors a user can mend: one line each, a fixed exit code, never a value from the data."""

from collections.abc import Iterable
from difflib import get_close_matches


class FutError(Exception):
    """Base of all errors shown to a user as one line; `exit_code` is what the command returns."""

    exit_code = 1


class UsageError(FutError):
    """The command was called wrongly (exit code 2)."""

    exit_code = 2


class InputError(FutError):
    """Input data cannot be read, or a failed check blocks the month (exit code 3)."""

    exit_code = 3


class ConfigError(FutError):
    """Settings, a contract, an indicator or a dialect is wrong (exit code 4)."""

    exit_code = 4


class StoreError(FutError):
    """The warehouse or the disk cannot be used (exit code 5)."""

    exit_code = 5


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ", did you mean 'x'?" for the nearest known name, or a list of what is known."""
    known = sorted(set(known))
    lowered = {item.lower(): item for item in known}
    near = get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    if near:
        return f", did you mean '{lowered[near[0]]}'?"
    shown = ", ".join(known[:12]) + (" ..." if len(known) > 12 else "")
    return f"; known: {shown}" if known else ""
