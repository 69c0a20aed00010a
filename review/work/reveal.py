"""Revealing an identity: an act with a purpose, in the log before anybody sees the identity, which is never in it."""

import re

from fut.pseudonym import Pseudonymiser
from review.store.database import Change
from review.vault import TOKEN, Identity, Vault
from review.work.errors import InvalidError
from review.work.items import refuse_conflict
from review.work.people import User

SHORTEST_PURPOSE = 10
LONGEST_PURPOSE = 500


def reveal(change: Change, user: User, vault: Vault, key: bytes, token: str, purpose: str) -> Identity | None:
    """Return who a token stands for, None when the vault does not know it; both are logged.

    Raises InvalidError for a form that is not whole, RefusedError (jäv) and what `Vault.open_one` does.
    """
    token, purpose = token.strip(), " ".join(purpose.split())
    wrong: dict[str, str] = {}
    if not TOKEN.fullmatch(token):
        wrong |= {"token": "Skriv en beteckning som P-0123456789abcdef."}
    if not SHORTEST_PURPOSE <= len(purpose) <= LONGEST_PURPOSE:
        wrong["purpose"] = f"Skriv vad du behöver identiteten till, {SHORTEST_PURPOSE}–{LONGEST_PURPOSE} tecken."
    if wrong:
        raise InvalidError(wrong)
    refuse_conflict(change.connection, user, token)
    found = vault.open_one(token)
    said = _without(Pseudonymiser(key).text(purpose), found)
    change.record("identity.revealed" if found else "identity.sought", f"identity:{token}", purpose=said)
    return found


def _without(purpose: str, found: Identity | None) -> str:
    """Return the purpose with the identity, should somebody have written it there, replaced by its token."""
    if found is None or not found.text.strip():
        return purpose
    written = re.escape(" ".join(found.text.split()))
    return re.sub(rf"(?<!\w){written}(?!\w)", found.token, purpose, flags=re.IGNORECASE)
