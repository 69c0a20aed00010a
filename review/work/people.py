"""Who a user is and what each role may do. Permissions are what pages ask for; roles are what administrators give."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """What a person does; one may have several."""

    OFFICER = "officer"
    LEAD = "lead"
    CONTROLLER = "controller"
    AUDITOR = "auditor"
    ENGINEER = "engineer"
    ADMIN = "admin"


ROLES_SV = {
    Role.OFFICER: "Handläggare",
    Role.LEAD: "Ansvarig",
    Role.CONTROLLER: "Controller",
    Role.AUDITOR: "Revisor",
    Role.ENGINEER: "Dataingenjör",
    Role.ADMIN: "Administratör",
}


class May(StrEnum):
    """One thing a page or an act asks for."""

    ENTER = "enter"  # anyone signed in
    SEE_PAYMENTS = "see_payments"
    WORK = "work"
    LEAD = "lead"
    SEE_RESULTS = "see_results"
    SEE_RUNS = "see_runs"
    SEE_LOG = "see_log"
    REVEAL = "reveal"
    MANAGE = "manage"


GRANTS: dict[Role, frozenset[May]] = {
    Role.OFFICER: frozenset({May.SEE_PAYMENTS, May.WORK, May.SEE_RESULTS, May.SEE_RUNS, May.REVEAL}),
    Role.LEAD: frozenset({May.SEE_PAYMENTS, May.WORK, May.LEAD, May.SEE_RESULTS, May.SEE_RUNS, May.REVEAL}),
    Role.CONTROLLER: frozenset({May.SEE_PAYMENTS, May.SEE_RESULTS, May.SEE_RUNS}),
    Role.AUDITOR: frozenset({May.SEE_PAYMENTS, May.SEE_RESULTS, May.SEE_RUNS, May.SEE_LOG}),
    Role.ENGINEER: frozenset({May.SEE_RUNS}),
    Role.ADMIN: frozenset({May.MANAGE}),
}


@dataclass(frozen=True, slots=True)
class User:
    """A person signed in."""

    id: int
    name: str
    roles: frozenset[Role]
    login: str = ""

    def may(self, what: May) -> bool:
        """Whether one of the user's roles grants it."""
        return what is May.ENTER or any(what in GRANTS[role] for role in self.roles)


def user_of(row: Any) -> User:
    """Return the user a row of `users` holds; roles that no longer exist are left out."""
    known = {str(role) for role in Role}
    return User(row.id, row.name, frozenset(Role(r) for r in row.roles.split() if r in known), row.login)
