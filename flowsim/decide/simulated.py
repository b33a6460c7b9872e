"""Samples by simulation: one measure of one replication of one scenario, in this process or in workers."""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool

from flowsim.decide.sampling import SampleError
from flowsim.experiment.replicate import replication_of
from flowsim.params import Scenario

Tick = Callable[[int], None]
"""Called with the number of replications done so far."""

BLOCKS_EACH = 4
"""Tasks for each worker in one batch, so that none waits long for another at its end."""
SLOW = 0.05
"""Seconds of a replication from which worker processes are started unasked."""


class Simulated:
    """A draw (see :mod:`.sampling`) whose numbers come from runs of the model.

    Parameters
    ----------
    build : callable
        The scenario of each system by its number; asked once.
    measure : str
        Name of the measure.
    jobs : int, optional
        Worker processes; 1 works in this process. By default all cores, if a replication takes long enough.
    """

    def __init__(
        self,
        build: Callable[[int], Scenario],
        measure: str,
        seed: int,
        jobs: int | None = None,
        tick: Tick | None = None,
    ) -> None:
        self.build, self.measure, self.seed, self.jobs, self.tick = build, measure, seed, jobs, tick
        self.scenarios: dict[int, Scenario] = {}
        self.drawn: dict[tuple[int, int], float] = {}

    def __call__(self, system: int, replication: int) -> float:
        """One number; computed here if it was not foreseen."""
        pair = (system, replication)
        if pair not in self.drawn:
            self._keep(pair, value_of(self.scenario(system), self.seed, replication, self.measure))
        return self.drawn[pair]

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
            self._in_workers(self._ahead(todo, 2 * jobs), jobs)

    def _ahead(self, todo: list[tuple[int, int]], wanted: int) -> list[tuple[int, int]]:
        rounds = math.ceil(wanted / len(todo))
        more = [(system, number + ahead) for ahead in range(1, rounds) for system, number in todo]
        return [*todo, *(pair for pair in dict.fromkeys(more) if pair not in self.drawn and pair not in todo)]

    def _in_workers(self, todo: list[tuple[int, int]], jobs: int) -> None:
        from joblib import Parallel, delayed, parallel_config

        blocks = _blocks(todo, math.ceil(len(todo) / (BLOCKS_EACH * jobs)))
        tasks = (
            delayed(_task)(self.scenario(block[0][0]), self.seed, [number for _, number in block], self.measure)
            for block in blocks
        )
        try:
            with parallel_config(backend="loky", n_jobs=jobs, inner_max_num_threads=1):
                for block, values in zip(blocks, Parallel(return_as="generator")(tasks), strict=True):
                    for pair, value in zip(block, values, strict=True):
                        self._keep(pair, value)
        except BrokenProcessPool as error:
            raise SampleError("a worker process died; perhaps memory ran out: try fewer --jobs") from error

    def _keep(self, pair: tuple[int, int], value: float | str) -> None:
        if isinstance(value, str):
            raise SampleError(f"{self.scenario(pair[0]).name}, replication {pair[1]}: {value}")
        if not math.isfinite(value):
            name = self.scenario(pair[0]).name
            raise SampleError(f"{name}, replication {pair[1]}: {self.measure} is {value}, which cannot be compared")
        self.drawn[pair] = value
        if self.tick is not None:
            self.tick(len(self.drawn))


def value_of(scenario: Scenario, seed: int, replication: int, measure: str) -> float | str:
    """The measure of one replication, or why there is none."""
    done = replication_of([scenario], seed, replication)
    if done.failures:
        return done.failures[0].reason
    return done.runs[0].values.get(measure, math.nan)


def _blocks(todo: list[tuple[int, int]], size: int) -> list[list[tuple[int, int]]]:
    """Pairs of one system together, at most so many: a scenario costs as much to send as a short run."""
    by_system: dict[int, list[tuple[int, int]]] = {}
    for pair in todo:
        by_system.setdefault(pair[0], []).append(pair)
    return [pairs[at : at + size] for pairs in by_system.values() for at in range(0, len(pairs), size)]


def _task(scenario: Scenario, seed: int, replications: list[int], measure: str) -> list[float | str]:
    # Ctrl-C reaches the whole process group: the parent decides, so that workers do not print tracebacks.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return [value_of(scenario, seed, one, measure) for one in replications]


def _cores() -> int:
    from joblib import cpu_count

    return max(1, int(cpu_count()))
