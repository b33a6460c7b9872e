"""Tasks in worker processes, by joblib."""

from __future__ import annotations

import os
import threading
import time
import warnings
from collections.abc import Generator, Iterable
from functools import cache
from typing import Any

from flowsim.interrupts import heed

WORTH_WORKERS = 1.5
"""Seconds that must be won before worker processes are started unasked; starting them takes 0.5 to 1 s."""


def results(tasks: Iterable[Any], *, ordered: bool = True) -> Generator[Any]:
    """Results of delayed tasks as they are finished, in their order or in none.

    Must be called inside :func:`joblib.parallel_config`. When nobody wants the rest any more (the user has stopped, or
    an error is on its way), what is under way is given up without a word.
    """
    from joblib import Parallel

    found = Parallel(return_as="generator" if ordered else "generator_unordered")(tasks)
    try:
        for one in found:
            yield one
            heed()
    finally:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*(still being processed|but not used)", category=UserWarning)
            found.close()


def jobs_that_pay(seconds: float, left: int) -> int:
    """How many worker processes pay for so many tasks that take so many seconds each; 1 is this process."""
    if seconds * left < WORTH_WORKERS:
        return 1  # without importing joblib
    from joblib import cpu_count

    cores = max(1, int(cpu_count()))
    return cores if seconds * left * (1.0 - 1.0 / cores) > WORTH_WORKERS else 1


@cache
def leave_with_parent() -> None:
    """End this worker when its parent is killed, instead of holding memory and pipes for minutes more."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
