"""Tasks in worker processes, by joblib."""

from __future__ import annotations

import os
import signal
import threading
import time
import warnings
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from flowsim.interrupts import heed

WORTH_WORKERS = 1.5
"""Seconds that must be won before worker processes are started unasked; starting them takes 0.5 to 1 s."""
_GLANCE = 0.5  # seconds between looks at whether the parent lives
BUSY = threading.Lock()
"""Held by a task that a worker whose parent has died shall finish first."""


@contextmanager
def workers(jobs: int) -> Iterator[None]:
    """So many worker processes of this machine, as joblib's own inside the block; they end with this process."""
    from multiprocessing.resource_tracker import ensure_running

    from joblib import parallel_config

    ensure_running()  # begun together with the workers, it would undo what :func:`_held_back` does

    own: dict[str, Any] = {"initializer": _begin, "initargs": (os.getpid(),)}
    with parallel_config(backend="loky", n_jobs=jobs, inner_max_num_threads=1, **own):
        yield


def results(tasks: Iterable[Any], *, ordered: bool = True) -> Generator[Any]:
    """Results of delayed tasks as they are finished, in their order or in none.

    Must be called inside :func:`workers` or another of joblib's backends. When nobody wants the rest any more (the user
    has stopped, or an error is on its way), what is under way is given up without a word.
    """
    from joblib import Parallel

    found: Any = None
    try:
        with _held_back():  # Ctrl-C that came meanwhile is raised at its end
            found = Parallel(return_as="generator" if ordered else "generator_unordered")(tasks)
        for one in found:
            yield one
            heed()
    finally:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*(still being processed|but not used)", category=UserWarning)
            if found is not None:
                found.close()


@contextmanager
def _held_back() -> Iterator[None]:
    """Keep Ctrl-C waiting while workers are born, who thus never hear it: loading, they would tell of it at length."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def jobs_that_pay(seconds: float, left: int) -> int:
    """How many worker processes pay for so many tasks that take so many seconds each; 1 is this process."""
    if seconds * left < WORTH_WORKERS:
        return 1  # without importing joblib
    from joblib import cpu_count

    cores = max(1, int(cpu_count()))
    return cores if seconds * left * (1.0 - 1.0 / cores) > WORTH_WORKERS else 1


def _begin(parent: int) -> None:
    """What a new worker does first: leave Ctrl-C to its parent, and end with it.

    Ctrl-C reaches all of a terminal's processes. A parent that was killed can tell nobody, and may be dead before its
    worker has begun; the worker would hold memory and pipes for minutes more.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_GLANCE)
        with BUSY:
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
