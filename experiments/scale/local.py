"""A real Dask cluster on this machine, and what giving out a task costs on it."""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from experiments.scale.cluster import Cluster, makespan
from flowsim.sweeps.backends import Pool, ready
from flowsim.sweeps.shards import Block
from flowsim.sweeps.study import Study
from flowsim.sweeps.version import code_version
from flowsim.sweeps.work import Task, tree_text

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Processes:
    """Process numbers of a cluster, and the file that says where its scheduler is."""

    file: Path
    scheduler: int
    workers: tuple[int, ...]


@dataclass(frozen=True)
class Spent:
    """What some tasks took: seconds on the clock, and processor seconds of each part of the cluster."""

    clock: float
    client: float
    scheduler: float
    workers: float


@contextlib.contextmanager
def dask_here(root: Path, workers: int) -> Iterator[Processes]:
    """A scheduler and workers of one thread each, every one a process of its own, ended with the block."""
    from distributed import Client

    file = root / "scheduler.json"
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    dask = [sys.executable, "-m", "dask"]
    scheduler = [*dask, "scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    worker = [*dask, "worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": root, "env": paths}
    running = [subprocess.Popen(command, **quiet) for command in (scheduler, *[worker] * workers)]
    try:
        while not file.exists():
            time.sleep(0.1)
        with Client(scheduler_file=str(file)) as client:
            client.wait_for_workers(workers, timeout=120)
        yield Processes(file, running[0].pid, tuple(one.pid for one in running[1:]))
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait()


def wait(task: Task, seconds: float) -> str:
    """A task that takes its time and no processor."""
    time.sleep(seconds)
    return task.folder


def run(study: Study, count: int, seconds: float, cluster: Processes) -> Spent:
    """Give out tasks made as a sweep makes them, in which workers only wait; singly, as those over a second are."""
    from joblib import Parallel, delayed

    def tasks() -> Iterator[Any]:
        for number in range(count):
            block = Block(study.fingerprint(0), 1, number, number + 1)
            yield delayed(wait)(Task(block, 0, tree_text(study.at(0)), "", ("numbers",), code_version()), seconds)

    def used() -> tuple[float, float, float, float]:
        times = _processor([cluster.scheduler]), _processor(cluster.workers)
        return time.perf_counter(), time.process_time(), *times

    before = used()
    for _ in Parallel(return_as="generator_unordered", batch_size=1)(tasks()):
        pass
    return Spent(*(after - first for after, first in zip(used(), before, strict=True)))


def _processor(pids: Sequence[int]) -> float:
    times = [psutil.Process(pid).cpu_times() for pid in pids]
    return float(sum(one.user + one.system for one in times))


def overhead(study: Study, batches: int, tasks: int = 100) -> dict[str, Any]:
    """What a task costs each part of a cluster of two workers, from batches of tasks that do nothing.

    Processor seconds are means; of the clock the quickest batch counts, as neighbours only add to it.
    """
    import cloudpickle

    with tempfile.TemporaryDirectory() as name, dask_here(Path(name), 2) as cluster:
        with ready(Pool("dask", -1, str(cluster.file))):
            run(study, 50, 0.0, cluster)
            spent = [run(study, tasks, 0.0, cluster) for _ in range(batches)]
        memory = max(psutil.Process(pid).memory_info().rss for pid in cluster.workers)
    task = Task(Block(study.fingerprint(0), 1, 0, 1), 0, tree_text(study.at(0)), "", ("numbers",), code_version())
    shares = {"client": "client", "scheduler": "scheduler", "worker": "workers"}
    busy = {part: statistics.mean(getattr(one, name) for one in spent) / tasks for part, name in shares.items()}
    memory_and_size = {"worker_mb": memory / 2**20, "task_bytes": len(cloudpickle.dumps(task))}
    clock = min(one.clock for one in spent) / tasks
    return {"tasks": batches * tasks, **memory_and_size, **busy, "clock": clock}


def delay_of(own: dict[str, Any]) -> float:
    """Seconds a task and its receipt are on their way: what tasks that do nothing took besides processor time.

    Four were out at once, two for each of two workers; so each took four times the clock's seconds a task.
    """
    return max(0.0, 4.0 * own["clock"] - own["client"] - own["scheduler"] - own["worker"])


def held_against(study: Study, own: dict[str, Any], workers: int, trials: Sequence[tuple[int, float]]) -> list[Any]:
    """Tasks of known length on a real cluster, by the clock, the quickest of five goes, beside what the model says."""
    model = Cluster(workers, own["client"], own["scheduler"], own["worker"], own["delay"])
    found = []
    with contextlib.ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cluster = stack.enter_context(dask_here(root, workers))
        stack.enter_context(ready(Pool("dask", -1, str(cluster.file))))
        run(study, 10 * workers, 0.0, cluster)
        for count, seconds in trials:
            spent = min((run(study, count, seconds, cluster) for _ in range(5)), key=lambda one: one.clock)
            busy = {"client": spent.client / count, "scheduler": spent.scheduler / count}
            trial = {"workers": workers, "tasks": count, "length": seconds, **busy}
            found.append({**trial, "clock": spent.clock, "model": makespan(model, count, seconds)})
    return found
