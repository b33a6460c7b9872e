"""A small SimPy model of a Dask cluster that runs a sweep: the sweep's process, the scheduler, workers, tasks."""

from __future__ import annotations

import random
from collections.abc import Callable, Generator
from dataclasses import dataclass

import simpy


@dataclass(frozen=True, slots=True)
class Cluster:
    """What the time a sweep takes depends on, besides its tasks; seconds. Each process has a core of its own.

    Attributes
    ----------
    client, scheduler : float
        Processor time that the sweep's process and the scheduler spend on one task, half of it before the task and
        half after. Each does one thing at a time.
    worker : float
        Processor time a worker spends on a task besides its work: unpacking it, looking through the folder.
    delay : float
        How long a task and its receipt are on their way in all; no processor is busy meanwhile.
    """

    workers: int
    client: float
    scheduler: float
    worker: float = 0.0
    delay: float = 0.0


def lengths(mean: float, spread: float, seed: int) -> Callable[[], float]:
    """Gives task lengths, one at a call: gamma with this mean and coefficient of variation, or all alike."""
    if spread == 0.0:
        return lambda: mean
    luck, shape = random.Random(seed), spread**-2
    return lambda: luck.gammavariate(shape, mean / shape)


def makespan(cluster: Cluster, tasks: int, mean: float, spread: float = 0.0, seed: int = 1) -> float:
    """Seconds from the first task given out to the last receipt.

    As with joblib at most two tasks a worker are out at once. Workers take from one common queue, as Dask's do in
    effect, which hand tasks on to idle ones.
    """
    env = simpy.Environment()
    client, scheduler = simpy.Resource(env, 1), simpy.Resource(env, 1)
    workers, room = simpy.Resource(env, cluster.workers), simpy.Container(env, init=2 * cluster.workers)
    length = lengths(mean, spread, seed)

    def use(place: simpy.Resource, seconds: float) -> Generator[simpy.Event, None, None]:
        with place.request() as turn:
            yield turn
            yield env.timeout(seconds)

    def task(seconds: float) -> Generator[simpy.Event, None, None]:
        yield from use(scheduler, cluster.scheduler / 2)
        yield env.timeout(cluster.delay / 2)
        yield from use(workers, cluster.worker + seconds)
        yield env.timeout(cluster.delay / 2)
        yield from use(scheduler, cluster.scheduler / 2)
        yield from use(client, cluster.client / 2)
        yield room.put(1)

    def sweep() -> Generator[simpy.Event, None, None]:
        for _ in range(tasks):
            yield room.get(1)
            yield from use(client, cluster.client / 2)
            env.process(task(length()))

    env.process(sweep())
    env.run()
    return float(env.now)


def job_array(jobs: int, tasks: int, mean: float, spread: float = 0.0, start: float = 0.0, seed: int = 1) -> float:
    """Seconds until the last of a job array is done, all begun at once; each has every ``jobs``-th task from its own.

    Parameters
    ----------
    start : float
        What each job spends besides its tasks.
    """
    length = lengths(mean, spread, seed)
    ends = [start] * jobs
    for number in range(tasks):
        ends[number % jobs] += length()
    return max(ends)
