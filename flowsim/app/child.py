"""A process that works for the page: it is handed scenarios, and hands back one finished replication after another.

It ends when its work is done, when it is told to, and when the page's process is gone: its standard input then closes.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from flowsim.params import Scenario


@dataclass(frozen=True, slots=True)
class Job:
    """What a child shall do: all scenarios, base first, for each of the replications."""

    scenarios: tuple[Scenario, ...]
    seed: int
    replications: tuple[int, ...]


def work(job: Job, out: BinaryIO) -> None:
    """Write each finished replication as soon as it is there."""
    from flowsim.experiment.replicate import replication_of

    for number in job.replications:
        pickle.dump(replication_of(job.scenarios, job.seed, number), out)
        out.flush()


def main() -> None:
    """Read a job from standard input, do it, and leave with the page."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the page decides
    out, sys.stdout = sys.stdout.buffer, sys.stderr  # nothing but results may go there
    job = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by the page that started this process
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    try:
        work(job, out)
    except BrokenPipeError:
        os._exit(1)
    os._exit(0)  # at once: the thread that waits for the parent cannot be asked to end


def _leave_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


def environment() -> dict[str, str]:
    """What a process needs to import what this one can, whatever lies in the folder it works in."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def dealt(count: int, replications: Sequence[int]) -> list[tuple[int, ...]]:
    """The replications dealt to so many children in turn, so that they are finished in about their order."""
    hands = [tuple(replications[place::count]) for place in range(max(count, 1))]
    return [hand for hand in hands if hand]


if __name__ == "__main__":
    main()
