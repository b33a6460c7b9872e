"""Samples by simulation: measures of one replication of one scenario, in this process or in workers."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool

from flowsim.decide.sampling import SampleError
from flowsim.experiment.parallel import results, workers
from flowsim.experiment.replicate import replication_of
from flowsim.interrupts import heed
from flowsim.params import Scenario

Tick = Callable[[int], None]
"""Called with the number of replications done so far."""

Row = tuple[float, ...]
"""The measures of one replication, in the order asked for."""

BLOCKS_EACH = 4
"""Tasks for each worker in one batch, so that none waits long for another at its end."""
LONGEST_BLOCK = 20
"""Replications of one task at most: what a worker has in hand is lost when the user stops."""
SLOW = 0.05
"""Seconds of a replication from which worker processes are started unasked."""


class Simulated:
    """A draw (see :mod:`.sampling`) whose numbers come from runs of the model.

    Parameters
    ----------
    build : callable
        The scenario of each system by its number; asked once.
    measures : sequence of str
        Names of the measures kept; the first is the number drawn.
    jobs : int, optional
        Worker processes; 1 works in this process. By default all cores, if a replication takes long enough.
    ahead : bool
        Whether idle workers may run replications that nobody asked for yet.

    Attributes
    ----------
    drawn : dict
        The measures of every (system, replication) that was run.
    """

    def __init__(
        self,
        build: Callable[[int], Scenario],
        measures: Sequence[str],
        seed: int,
        jobs: int | None = None,
        tick: Tick | None = None,
        *,
        ahead: bool = True,
    ) -> None:
        self.build, self.measures, self.seed, self.jobs, self.tick = build, tuple(measures), seed, jobs, tick
        self.ahead = ahead
        self.scenarios: dict[int, Scenario] = {}
        self.drawn: dict[tuple[int, int], Row] = {}

    def __call__(self, system: int, replication: int) -> float:
        """One number; computed here if it was not foreseen."""
        pair = (system, replication)
        if pair not in self.drawn:
            self._keep(pair, values_of(self.scenario(system), self.seed, replication, self.measures))
        return self.drawn[pair][0]

    def scenario(self, system: int) -> Scenario:
        """The scenario of a system."""
        if system not in self.scenarios:
            self.scenarios[system] = self.build(system)
        return self.scenarios[system]

    def prefetch(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Compute what is not known yet; if that leaves workers idle, a few replications further ahead too."""
        todo = [pair for pair in pairs if pair not in self.drawn]
        if todo and self.jobs is None:
            began = time.perf_counter()
            self(*todo.pop(0))
            self.jobs = _cores() if time.perf_counter() - began > SLOW else 1
        jobs = self.jobs or 1
        if jobs == 1 or not todo:
            for pair in todo:
                self(*pair)
        else:
            self._in_workers(self._ahead(todo, 2 * jobs) if self.ahead else todo, jobs)

    def _ahead(self, todo: list[tuple[int, int]], wanted: int) -> list[tuple[int, int]]:
        rounds = math.ceil(wanted / len(todo))
        more = [(system, number + ahead) for ahead in range(1, rounds) for system, number in todo]
        return [*todo, *(pair for pair in dict.fromkeys(more) if pair not in self.drawn and pair not in todo)]

    def _in_workers(self, todo: list[tuple[int, int]], jobs: int) -> None:
        from joblib import delayed

        blocks = _blocks(todo, min(math.ceil(len(todo) / (BLOCKS_EACH * jobs)), LONGEST_BLOCK))
        tasks = (
            delayed(_task)(self.scenario(block[0][0]), self.seed, [number for _, number in block], self.measures)
            for block in blocks
        )
        try:
            with workers(jobs):
                for block, rows in zip(blocks, results(tasks), strict=True):
                    for pair, row in zip(block, rows, strict=True):
                        self._keep(pair, row)
        except BrokenProcessPool as error:
            raise SampleError("a worker process died; perhaps memory ran out: try fewer --jobs") from error

    def _keep(self, pair: tuple[int, int], row: Row | str) -> None:
        where = f"{self.scenario(pair[0]).name}, replication {pair[1]}"
        if isinstance(row, str):
            raise SampleError(f"{where}: {row}")
        for measure, value in zip(self.measures, row, strict=True):
            if not math.isfinite(value):
                raise SampleError(f"{where}: {measure} is {value}, which cannot be compared")
        self.drawn[pair] = row
        if self.tick is not None:
            self.tick(len(self.drawn))
        heed()


def values_of(scenario: Scenario, seed: int, replication: int, measures: Sequence[str]) -> Row | str:
    """The measures of one replication, or why there are none."""
    done = replication_of([scenario], seed, replication)
    if done.failures:
        return done.failures[0].reason
    return tuple(done.runs[0].values.get(measure, math.nan) for measure in measures)


def _blocks(todo: list[tuple[int, int]], size: int) -> list[list[tuple[int, int]]]:
    """Pairs of one system together, at most so many: a scenario costs as much to send as a short run."""
    by_system: dict[int, list[tuple[int, int]]] = {}
    for pair in todo:
        by_system.setdefault(pair[0], []).append(pair)
    return [pairs[at : at + size] for pairs in by_system.values() for at in range(0, len(pairs), size)]


def _task(scenario: Scenario, seed: int, replications: list[int], measures: Sequence[str]) -> list[Row | str]:
    return [values_of(scenario, seed, one, measures) for one in replications]


def _cores() -> int:
    from joblib import cpu_count

    return max(1, int(cpu_count()))
