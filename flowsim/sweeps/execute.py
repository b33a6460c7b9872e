"""Runs what a sweep still lacks: blocks of replications, in rounds where a precision is asked for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from flowsim.experiment.precision import Target, next_look
from flowsim.sweeps.backends import Pool, run_tasks
from flowsim.sweeps.folder import Folder
from flowsim.sweeps.numbers import Numbers
from flowsim.sweeps.outcomes import outcome_table
from flowsim.sweeps.problems import StoreError
from flowsim.sweeps.shards import NUMBERS, Block
from flowsim.sweeps.study import BASELINE, Study
from flowsim.sweeps.version import code_version
from flowsim.sweeps.work import Receipt, Task, found, tree_text

Progress = Callable[[int, int], None]
"""Called with (runs done, runs known to be needed)."""
Piece = tuple[Block, int]
"""A block, and the first case that needs it."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A run without result, and why; point -1 is the baseline."""

    point: int
    replication: int
    reason: str

    def __str__(self) -> str:
        """Which run failed and why, in a line."""
        name = "baseline" if self.point < 0 else f"point {self.point}"
        return f"{name}, replication {self.replication}: {self.reason}"


@dataclass
class Ledger:
    """What has been done: replications asked of each case, shards by key, failures by key."""

    spans: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    shards: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lost: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    short: list[int] = field(default_factory=list)
    """Points whose precision was not met with the most replications allowed."""


class Execution:
    """One go at a sweep in a folder.

    Parameters
    ----------
    shard : (number from 1, of how many), optional
        Only a part of the work: every so-many-th block, or, with a precision, every so-many-th point.
    resume : bool
        Use what is there.
    """

    def __init__(
        self,
        study: Study,
        folder: Folder,
        pool: Pool,
        shard: tuple[int, int] | None = None,
        resume: bool = True,
        progress: Progress | None = None,
    ) -> None:
        self.study, self.folder, self.pool = study, folder, pool
        self.shard, self.resume, self.progress = shard, resume, progress
        self.ledger = Ledger()
        self.numbers = Numbers(study, folder.store, self.ledger)
        self.done = 0

    def run(self) -> Ledger:
        """Do all that is to be done; what is finished is on disk at every moment."""
        study = self.study
        self._put_strangers_aside()
        for case in study.cases():
            self.ledger.spans[case] = self._cut(0, study.design.first_look)
        self._fill(self._pieces())
        number, of = self.shard or (1, 1)
        while self._extend(self._more(range(number - 1, len(study.points), of))):
            self._fill(self._pieces())
        return self.ledger

    def complete(self) -> bool:
        """Whether every block of every part is done or known to fail; looks on disk for what others have done."""
        listed = self.folder.store.names()
        while all(self._known(block) or self._look(block, listed, final=True) for block, _ in self._pieces()):
            if self.shard is None or not self._extend(self._more(range(len(self.study.points)))):
                return True
        return False

    def _extend(self, more: Mapping[int, int]) -> bool:
        """Ask more replications of cases; says whether any are."""
        for case, count in more.items():
            spans = self.ledger.spans[case]
            spans += self._cut(spans[-1][1], count)
        return bool(more)

    def _put_strangers_aside(self) -> None:
        for name in self.folder.store.names().get("", []):
            self.folder.store.put_aside(name)
            self.folder.log(f"rejected: {name}: is no shard of a sweep")

    def _cut(self, first: int, last: int) -> list[tuple[int, int]]:
        size = self.folder.block
        return [(at, min(at + size, last)) for at in range(first, last, size)]

    def _pieces(self) -> list[Piece]:
        """All blocks asked for, each once, in a fixed order."""
        pieces: dict[str, Piece] = {}
        seed = self.study.design.seed
        for case, spans in self.ledger.spans.items():
            fingerprint = self.study.fingerprint(case)
            for first, last in spans:
                block = Block(fingerprint, seed, first, last)
                pieces.setdefault(block.key(NUMBERS), (block, case))
        return list(pieces.values())

    def _fill(self, pieces: list[Piece]) -> None:
        """Run the blocks of this shard that are not there yet."""
        mine = self._mine(pieces)
        listed = self.folder.store.names() if self.resume else {}
        todo = [piece for piece in mine if not self._known(piece[0]) and not self._look(piece[0], listed)]
        runs = {block.key(NUMBERS): block.last - block.first for block, _ in mine}
        self.done = sum(runs.values()) - sum(block.last - block.first for block, _ in todo)
        self._tell(sum(runs.values()))
        for receipt in run_tasks(todo, self._task, self.pool, self.folder.log):
            self._note(receipt)
            self.done += runs[receipt.key]
            self._tell(sum(runs.values()))
            if receipt.stop:
                raise StoreError(receipt.stop)

    def _mine(self, pieces: list[Piece]) -> list[Piece]:
        if self.shard is None:
            return pieces
        number, of = self.shard
        if self.study.design.precision is None:
            return pieces[number - 1 :: of]
        return [piece for piece in pieces if piece[1] == BASELINE or piece[1] % of == number - 1]

    def _tell(self, total: int) -> None:
        if self.progress is not None:
            self.progress(self.done, total)

    def _known(self, block: Block) -> bool:
        key = block.key(NUMBERS)
        return key in self.ledger.shards or key in self.ledger.lost

    def _look(self, block: Block, listed: Mapping[str, list[str]], *, final: bool = False) -> bool:
        """Find a block on disk; one with failures only counts if nobody is to try it again."""
        key = block.key(NUMBERS)
        there = found(self.folder.store, block, self.study.design.parts, listed)
        for text in there.rejected:
            self.folder.log(f"rejected: {text}; it will be computed again")
        if not there.shards or (there.lost and not final):
            return False
        self.ledger.shards[key] = there.shards
        if there.lost:
            self.ledger.lost[key] = list(there.lost)
        return True

    def _task(self, piece: Piece) -> Task:
        block, case = piece
        folder = str(self.folder.path.absolute())
        parts, anew = self.study.design.parts, not self.resume
        return Task(block, case, tree_text(self.study.at(case)), folder, parts, code_version(), anew)

    def _note(self, receipt: Receipt) -> None:
        if receipt.shards:
            self.ledger.shards[receipt.key] = receipt.shards
        for text in receipt.rejected:
            self.folder.log(f"rejected: {text}; it was computed again")
        if receipt.lost:
            self.ledger.lost[receipt.key] = [(one.replication, one.reason) for one in receipt.lost]
            for one in receipt.lost:
                self.folder.log(f"failed twice: replication {one.replication}: {one.reason}")
                for line in one.trace.splitlines():
                    self.folder.log(f"    {line}")

    def _more(self, points: Iterable[int]) -> dict[int, int]:
        """Replications these points need next, if more than they have; they follow from the numbers alone."""
        if self.study.design.precision is None:
            return {}
        wanted = {point: self._next_look(point) for point in points}
        more = {point: count for point, count in wanted.items() if count > self.ledger.spans[point][-1][1]}
        if more and self.study.baseline is not None:
            more = {BASELINE: self._whole_blocks(max(more.values())), **more}
        return more

    def _whole_blocks(self, count: int) -> int:
        """Replications of the baseline, as many blocks of full size: so its blocks are the same for every part."""
        first, size = self.study.design.first_look, self.folder.block
        return max(first + math.ceil((count - first) / size) * size, self.ledger.spans[BASELINE][-1][1])

    def _next_look(self, point: int) -> int:
        """Replications at the next look at this point; as many as there are if it needs no more."""
        precision = self.study.design.precision
        asked = self.ledger.spans[point][-1][1]
        if precision is None or point in self.ledger.short:
            return asked
        base = self.numbers.of(BASELINE) if self.study.baseline else None
        _, table = outcome_table([precision.measure], self.numbers.of(point), base, self.study.window_days(point))
        if not len(table):
            return asked
        rows = np.pad(table, ((0, asked - len(table)), (0, 0)), constant_values=math.nan)  # failed ones are no values
        look = next_look(rows, Target(precision.share, relative=True), precision.at_most)
        if look.count == asked and not look.met:
            self.ledger.short.append(point)
        return look.count


def failures(study: Study, ledger: Ledger) -> list[Failed]:
    """All runs without result, in order of points and replications."""
    listed = []
    for case, spans in ledger.spans.items():
        for first, last in spans:
            key = Block(study.fingerprint(case), study.design.seed, first, last).key(NUMBERS)
            listed += [Failed(case, number, why) for number, why in ledger.lost.get(key, [])]
    return listed
