"""Streams of luck keyed by name, so that adding a decision moves no other."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_SMALLEST = 2.0**-54


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[int, ...]:
    digest = hashlib.sha256(name.encode("utf-8")).digest()
    return tuple(int.from_bytes(digest[i : i + 4], "big") for i in range(0, 16, 4))


def stream(seed: int, replication: int, *name: str | int) -> np.random.Generator:
    """Generator of one named decision.

    Parameters
    ----------
    seed, replication : int
        At least 0; 0 is a seed like any other.
    name : parts
        What is decided, such as ``("over_65", 0, "clinical stay")``. The name is hashed with SHA-256, so it does
        not depend on ``PYTHONHASHSEED`` or on the order in which streams are made.
    """
    words = _words("\x1f".join(str(part) for part in name))
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(replication, *words))))


def luck(seed: int, replication: int, size: int, *name: str | int) -> NDArray[np.float64]:
    """Quantiles in the open interval (0, 1); the first ``n`` do not depend on ``size``."""
    values = stream(seed, replication, *name).random(size)
    return np.maximum(values, _SMALLEST)
