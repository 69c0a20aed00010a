"""Who stands behind each token: read from the inbox's originals as loading reads them, and kept by nobody here."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from fut.errors import StoreError
from fut.inbox import DELIVERIES, REPAIRS, Loaded, as_tables, inbox_files
from fut.loading import InboxFile, Load
from fut.pseudonym import Pseudonymiser
from fut.settings import Settings
from fut.tokens import Known
from fut.warehouse import prepare


class Remembering(Pseudonymiser):
    """A pseudonymiser that remembers what each token was made of.

    `found` gives by token the source (the register whose own id it is, "" for a personal number) and the identity.
    """

    def __init__(self, key: bytes) -> None:
        super().__init__(key)
        self.found: dict[str, tuple[str, str]] = {}

    def _token(self, prefix: str, *parts: str) -> str:
        token = super()._token(prefix, *parts)
        self.found[token] = ("" if len(parts) == 1 else parts[0], parts[-1])
        return token


@dataclass
class Gathered:
    """Identities by token, as in `Remembering.found`, and how many files they come from."""

    found: dict[str, tuple[str, str]] = field(default_factory=dict)
    files: int = 0


def gather(settings: Settings, key: bytes, progress: Callable[[str], None] = lambda name: None) -> Gathered:
    """Read every file of the inbox and return the identities of its pseudonymised columns.

    The warehouse is not opened. Raises InputError, ConfigError or StoreError, none of which quotes a cell.
    """
    pseudonyms, ignored, tokens = Remembering(key), Loaded(), Known()
    groups: dict[tuple[str, str], list[InboxFile]] = {}
    for file in inbox_files(settings, ignored):
        if any(column.said("pseudonym") for column in file.target.columns):
            groups.setdefault((file.source.name, file.target.table), []).append(file)
    work = settings.scratch.with_suffix(".vault")
    try:
        shutil.rmtree(work, ignore_errors=True)  # of one that was killed
        work.mkdir(parents=True)
        with tempfile.TemporaryDirectory(dir=work, prefix="forms") as folder, duckdb.connect() as connection:
            prepare(connection, work)
            connection.execute(f"{DELIVERIES};{REPAIRS}")
            groups = as_tables(groups, Path(folder), ignored)
            for number, group in enumerate(groups.values()):
                load = Load(connection, group, number, pseudonyms, work, tokens)
                try:
                    load.stage(progress)
                finally:
                    load.close()
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise StoreError(f"folder {settings.var.name}: cannot be written ({type(error).__name__})") from None
    return Gathered(pseudonyms.found, sum(map(len, groups.values())))
