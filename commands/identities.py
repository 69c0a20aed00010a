"""Fill the vault of identities, which only a logged reveal in the officers' application opens.

Reads the inbox's originals and writes who stands behind each token, sealed, to var/vault. The vault holds what the
inbox holds: an identity whose originals have been removed is gone after the next filling.
"""

import argparse
from typing import TYPE_CHECKING

from commands._options import add_settings, files_of, settings_of
from commands._screen import progress

if TYPE_CHECKING:
    from fut.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_settings(parser)


def execute(args: argparse.Namespace) -> int:
    """Fill the vault and print how many identities it holds, never which."""
    settings = settings_of(args)
    print(fill(settings))
    return 0


def fill(settings: "Settings") -> str:
    """Fill the vault from the inbox; returns the line that says with how many identities."""
    import reporting.filled_list  # the inbox's forms, told apart from tables
    import reporting.outcomes_form  # noqa: F401
    from fut.identities import gather
    from fut.keys import key_of
    from review.vault import Identity, Vault

    key = key_of(settings)
    with progress(files_of(settings)) as tick:
        gathered = gather(settings, key, tick)
    vault = Vault(settings, key)
    vault.fill(Identity(token, text, source) for token, (source, text) in gathered.found.items())
    people = sum(1 for source, _ in gathered.found.values() if not source)
    return (
        f"vault {vault.path.name}: {len(gathered.found)} identities from {gathered.files} files, {people} of them "
        f"personal numbers ({settings.municipality.name})"
    )
