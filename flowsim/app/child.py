"""A process that works for the page: it is handed one run after another, and hands back what each gave.

It imports what it needs at once, so that it may stand ready before there is work. It ends when it is told to, and when
the page's process is gone: its standard input then closes.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowsim.params import Scenario


@dataclass(frozen=True, slots=True)
class Task:
    """What a child shall simulate: one scenario in one replication."""

    scenario: Scenario
    seed: int
    replication: int


def main() -> None:
    """Do the tasks that come by standard input, in their order, and leave with the page."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the page decides
    out, sys.stdout = sys.stdout.buffer, sys.stderr  # nothing but results may go there
    _get_ready()
    tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()
    threading.Thread(target=_hear, args=(tasks,), daemon=True).start()
    from flowsim.experiment.replicate import alone

    while True:
        task = tasks.get()
        try:
            pickle.dump(alone(task.scenario, task.seed, task.replication), out, protocol=pickle.HIGHEST_PROTOCOL)
            out.flush()
        except BrokenPipeError:
            os._exit(1)


def _get_ready() -> None:
    """Import what every run needs, some of it only once it goes."""
    import scipy.special  # noqa: F401

    import flowsim.engine
    import flowsim.measures
    import flowsim.params  # noqa: F401


def _hear(tasks: queue.SimpleQueue[Task]) -> None:
    """Take tasks until standard input closes; then nobody wants what is in hand, and it need not be finished."""
    try:
        while True:
            tasks.put(pickle.load(sys.stdin.buffer))  # noqa: S301 - written by the page that started this process
    finally:
        os._exit(0)  # at once: the main thread cannot be asked to end


def environment() -> dict[str, str]:
    """What a process needs to import what this one can, whatever lies in the folder it works in."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


if __name__ == "__main__":
    main()
