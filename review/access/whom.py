"""Who somebody else says has signed in, and a signing-in under way."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attempt:
    """A signing-in under way: what must come back from the provider, and where the person was going."""

    state: str
    nonce: str
    verifier: str
    onward: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who the provider says has signed in; `roles` None when it says nothing of roles."""

    subject: str
    name: str
    login: str
    roles: tuple[str, ...] | None
