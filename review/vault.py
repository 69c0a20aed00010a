"""The vault: who stands behind a token, each identity sealed by itself in a file that nothing else of ours opens.

AES-256-GCM under a key that HKDF-SHA256 (RFC 5869) derives from the municipality's pseudonym key, so that the file is
worth nothing without it; the token is sealed along, so that no identity can be moved to another token.
"""

import json
import os
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fut.errors import ConfigError, StoreError
from fut.settings import Settings

FILL = "run: fut identities"
NONCE_BYTES = 12
TOKEN = re.compile("[PLU]-[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a token stands for; `source` is the register whose own id it is, "" for a personal number."""

    token: str
    text: str
    source: str = ""

    def __repr__(self) -> str:
        return f"Identity({self.token})"  # what ends up in a log by mistake says nothing


def path_of(settings: Settings) -> Path:
    """Return the municipality's vault file."""
    return settings.var / "vault" / f"{settings.municipality.id}.sqlite"


class Vault:
    """One municipality's vault under its pseudonym key."""

    def __init__(self, settings: Settings, key: bytes) -> None:
        """Derive the key; no file is opened."""
        # here, since few requests open the vault and the server's memory is counted
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        self.path, self._about = path_of(settings), settings.municipality.id.encode()
        derived = HKDF(SHA256(), 32, salt=self._about, info=b"futvakt vault 1").derive(key)
        self._cipher = AESGCM(derived)

    def fill(self, identities: Iterable[Identity]) -> None:
        """Write a new vault in the old one's place, readable by its owner alone. Raises StoreError."""
        new = self.path.with_suffix(".new")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new.unlink(missing_ok=True)
            os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            connection = sqlite3.connect(new, isolation_level=None)
            try:
                connection.execute("PRAGMA journal_mode = OFF")
                connection.execute("BEGIN")
                connection.execute("CREATE TABLE vault (token TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID")
                connection.executemany(
                    "INSERT INTO vault VALUES (?, ?)", ((i.token, self._seal(i)) for i in identities)
                )
                connection.execute("COMMIT")
            finally:
                connection.close()
            new.replace(self.path)
        except (OSError, sqlite3.Error) as error:
            new.unlink(missing_ok=True)
            raise StoreError(f"vault {self.path.name}: cannot be written ({type(error).__name__})") from None

    def open_one(self, token: str) -> Identity | None:
        """Return who a token stands for, None when the vault does not know it.

        Raises StoreError when there is no vault that can be read, ConfigError when it is sealed under another key.
        """
        if not self.path.is_file():
            raise StoreError(f"vault {self.path.name}: does not exist, {FILL}")
        try:
            connection = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True)
            try:
                row = connection.execute("SELECT sealed FROM vault WHERE token = ?", (token,)).fetchone()
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise StoreError(f"vault {self.path.name}: cannot be read ({type(error).__name__}), {FILL}") from None
        return self._opened(token, row[0]) if row else None

    def _seal(self, identity: Identity) -> bytes:
        nonce, said = os.urandom(NONCE_BYTES), json.dumps([identity.source, identity.text]).encode()
        return nonce + self._cipher.encrypt(nonce, said, self._about + b"\0" + identity.token.encode())

    def _opened(self, token: str, sealed: bytes) -> Identity:
        from cryptography.exceptions import InvalidTag

        about = self._about + b"\0" + token.encode()
        try:
            source, text = json.loads(self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about))
        except (InvalidTag, ValueError):
            raise ConfigError(f"vault {self.path.name}: sealed under another pseudonym key, {FILL}") from None
        return Identity(token, text, source)
