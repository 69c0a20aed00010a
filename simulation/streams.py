"""Independent random streams: one per purpose and month, so that adding a table shifts no other."""

import zlib

import numpy as np


def stream(seed: int, purpose: str, *key: int) -> np.random.Generator:
    """Return the generator of one purpose (and month, actor ...) under a seed.

    Equal arguments give equal draws; different purposes or keys are independent (SeedSequence spawn keys).
    """
    spawn_key = (zlib.crc32(purpose.encode()), *(int(part) & 0xFFFFFFFF for part in key))
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(int(seed), spawn_key=spawn_key)))
