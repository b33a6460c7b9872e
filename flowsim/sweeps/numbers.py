"""The numbers of cases, read back from verified shards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flowsim.sweeps.outcomes import Values
from flowsim.sweeps.shards import NUMBERS, Block, Store
from flowsim.sweeps.study import BASELINE, Study

if TYPE_CHECKING:
    from flowsim.sweeps.execute import Ledger


class Numbers:
    """Measures by case and replication; those of the baseline are remembered, as every point is held against it."""

    def __init__(self, study: Study, store: Store, ledger: Ledger) -> None:
        self.study, self.store, self.ledger = study, store, ledger
        self._base: tuple[int, Values] = (0, {})

    def of(self, case: int) -> Values:
        """Measures of each replication of a case that is done.

        Raises
        ------
        BadShardError
            If a shard was damaged since it was found.
        """
        if case != BASELINE:
            return self._read(case)
        known = sum(block.key(NUMBERS) in self.ledger.shards for block in self.blocks(case))
        if self._base[0] != known:
            self._base = (known, self._read(case))
        return self._base[1]

    def blocks(self, case: int) -> list[Block]:
        """Blocks asked of a case, in order."""
        fingerprint, seed = self.study.fingerprint(case), self.study.design.seed
        return [Block(fingerprint, seed, first, last) for first, last in self.ledger.spans.get(case, [])]

    def tables(self, case: int, place: int) -> Iterator[Any]:
        """Tables of one part (its place among those kept) of a case, in order of replication."""
        for block in self.blocks(case):
            names = self.ledger.shards.get(block.key(NUMBERS))
            if names is not None:
                yield self.store.read(names[place]).table

    def _read(self, case: int) -> Values:
        values: dict[int, dict[str, float]] = {}
        for table in self.tables(case, 0):
            columns = (table.column(name).to_pylist() for name in ("replication", "measure"))
            numbers = table.column("value").to_numpy().tolist()
            for replication, measure, value in zip(*columns, numbers, strict=True):
                values.setdefault(replication, {})[measure] = value
        return values
