"""Luck as a table: candidates × named decisions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flowsim.rng import luck

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def key_of(name: str, layer: int, rows: Ints) -> Ints:
    """Whole numbers that name candidates for good: the group's name (26 bits of its hash), its layer, the row in it.

    They lie above the numbers of residents and in no two groups of one run overlap but by a chance of about 1 in 10^8.
    """
    group = int.from_bytes(hashlib.sha256(name.encode("utf-8")).digest()[:4], "big") >> 6 | 1
    return (group << 36) + (layer << 24) + rows


@dataclass(frozen=True)
class Block:
    """Candidates that share streams: group and layer, how many were drawn, and which of them are kept."""

    name: str
    layer: int
    size: int
    rows: Ints


class Luck:
    """Quantiles of named decisions for the kept candidates of some blocks, in block order."""

    def __init__(self, seed: int, replication: int, blocks: list[Block]) -> None:
        self._seed = seed
        self._replication = replication
        self._blocks = blocks

    @property
    def size(self) -> int:
        """Number of kept candidates."""
        return sum(len(block.rows) for block in self._blocks)

    def only(self, rows: Ints) -> Luck:
        """The same luck for some of the candidates, by their rising row here; draws no further than they need."""
        blocks, before = [], 0
        for block in self._blocks:
            after = before + len(block.rows)
            first, last = np.searchsorted(rows, [before, after])
            if first < last:
                kept = block.rows[rows[first:last] - before]
                blocks.append(Block(block.name, block.layer, int(kept[-1]) + 1, kept))
            before = after
        return Luck(self._seed, self._replication, blocks)

    def keys(self) -> Ints:
        """Lasting names of the candidates."""
        parts = [key_of(block.name, block.layer, block.rows) for block in self._blocks]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

    def of(self, decision: str, depth: int = 0) -> Floats:
        """Quantiles of a decision in the spell of this depth (0 the first, 1 its readmission, ...)."""
        parts = [
            luck(self._seed, self._replication, block.size, block.name, block.layer, decision, depth)[block.rows]
            for block in self._blocks
        ]
        return np.concatenate(parts) if parts else np.zeros(0)
