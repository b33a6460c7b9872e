"""Base worlds that are kept: moving a lever of the plan leaves them as they are, so they need not be simulated again.

What is kept is what the same scenario, seed and replication would give again, to the last bit; so whose it is does not
matter, and all sessions of a page share one store of limited size.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable

from flowsim.experiment.replicate import Alone
from flowsim.params import Scenario

MOST_BYTES = 256 * 2**20
"""What all that is kept may take: 30 replications of a year and more, seven or eight of ten years."""


def key_of(base: Scenario, seed: int) -> Hashable:
    """What all replications of a base depend on; failures say its name."""
    return (base.name, base.fingerprint, seed)


class Bases:
    """Replications of base worlds, the first of each and those used last, within a limit.

    Parameters
    ----------
    most : int
        Bytes that all event logs may take.
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most, self._bytes = most, 0
        self._kept: dict[Hashable, dict[int, Alone]] = {}  # used longest ago first
        self._lock = threading.Lock()

    @property
    def bytes(self) -> int:
        """What they take."""
        return self._bytes

    def of(self, key: Hashable) -> dict[int, Alone]:
        """All that is kept of a base, by replication; it now is the base used last."""
        with self._lock:
            if key in self._kept:
                self._kept[key] = self._kept.pop(key)
            return dict(self._kept.get(key, {}))

    def keep(self, key: Hashable, replication: int, one: Alone) -> None:
        """Keep a replication if it did not fail and there is room, for which those of other bases must go first."""
        size = _bytes_of(one)
        with self._lock:
            mine = self._kept.get(key, {})
            if not size or replication in mine or sum(map(_bytes_of, mine.values())) + size > self._most:
                return
            while self._bytes + size > self._most:
                self._drop_last(next(other for other in self._kept if other != key))
            self._kept.setdefault(key, {})[replication] = one
            self._bytes += size

    def _drop_last(self, key: Hashable) -> None:
        """Let go of a base's last replication: a new answer begins with the first."""
        mine = self._kept[key]
        self._bytes -= _bytes_of(mine.pop(max(mine)))
        if not mine:
            del self._kept[key]


def _bytes_of(one: Alone) -> int:
    """What its event log takes; 0 if it failed."""
    if one.log is None:
        return 0
    log = one.log
    tables = (log.spell, log.stay, log.delay, log.unit, log.meeting, log.support, log.reach)
    return sum(column.nbytes for table in tables for column in table.values())


BASES = Bases()
"""Those of this process."""
