"""What can go wrong with an act, as the officer is told."""

from dataclasses import dataclass, field


class RefusedError(Exception):
    """The user may not do this (403); the text says why, in Swedish."""


class MissingError(Exception):
    """There is no such thing (404)."""


@dataclass
class ConflictError(Exception):
    """Somebody else was first (409): who did what, and when."""

    who: str
    what: str
    at: str

    def __str__(self) -> str:
        """Return the sentence the officer reads."""
        return f"{self.who} hann före: {self.what} {self.at}. Din text är kvar; läs igenom och spara igen."


@dataclass
class InvalidError(Exception):
    """The form cannot be accepted (422): what is wrong, by field; `fields['']` is about the whole."""

    fields: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return all that is wrong as one text."""
        return " ".join(self.fields.values())
