"""Which pseudonym key a municipality has: the demo's public one, or its own from the environment or a file."""

from fut.pseudonym import DEMO_KEY, load_key
from fut.settings import Settings


def key_of(settings: Settings, create: bool = False) -> bytes:
    """Return the key; with `create` a missing file is made. Raises ConfigError or StoreError as `load_key` does."""
    if settings.is_demo:
        return DEMO_KEY
    path = settings.key_file or settings.var / "secrets" / f"{settings.municipality.id}.key"
    return load_key(path=path, create=create)
