"""What a sweep will take, from one run of its first point."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowsim.experiment.precision import FIRST_LOOK
from flowsim.sweeps.study import BASELINE, Study

if TYPE_CHECKING:
    from flowsim.experiment.replicate import Finished
    from flowsim.params import Scenario

SECONDS_A_TASK = 1.2
"""A task shall last longer than this, so that giving it out costs next to nothing."""
_BYTES_A_FILE, _BYTES_A_NUMBER, _BYTES_A_DAY, _BYTES_AN_EVENT = 3_000, 9, 4, 20  # as measured with zstd


@dataclass(frozen=True, slots=True)
class Expected:
    """What a sweep will take; runs, time and size are those of the first look if a precision is asked for.

    ``seconds`` is for one core, ``bytes`` for shards and results.
    """

    points: int
    runs: int
    most_runs: int
    seconds_per_run: float
    block: int
    seconds: float
    bytes: int


def expected(study: Study) -> Expected:
    """Run one replication of the first point, and of the baseline; keep nothing, and say what the sweep will take."""
    seconds, numbers, days, rows = _one_run(study)
    design = study.design
    block = block_of(study, seconds)
    distinct = len(dict.fromkeys(study.fingerprint(case) for case in study.cases()))
    runs = distinct * design.first_look
    most = distinct * (design.precision.at_most if design.precision else design.first_look)
    kept = [_BYTES_A_NUMBER * numbers]
    kept += [_BYTES_A_DAY * days] if "daily" in design.keep else []
    kept += [_BYTES_AN_EVENT * rows] if "events" in design.keep else []
    files = distinct * math.ceil(design.first_look / block) * len(kept)
    results = _BYTES_A_NUMBER * len(study.points) * design.first_look * len(design.outcomes)
    return Expected(
        points=len(study.points),
        runs=runs,
        most_runs=most,
        seconds_per_run=seconds,
        block=block,
        seconds=runs * seconds,
        bytes=round(files * _BYTES_A_FILE + runs * sum(kept) * (2 if len(kept) > 1 else 1) + results),
    )


def block_of(study: Study, seconds_per_run: float) -> int:
    """Replications of one task."""
    return min(max(1, math.ceil(SECONDS_A_TASK / max(seconds_per_run, 1e-4))), study.design.first_look)


def _one_run(study: Study) -> tuple[float, int, int, int]:
    """Seconds of a run (of the slower of point and baseline), and how many numbers, days and events it gives."""
    from flowsim.engine import simulate

    slowest, numbers, days, rows = 0.0, 0, 0, 0
    for case in ([BASELINE] if study.baseline else []) + [0]:
        scenario = study.at(case)
        finished, seconds = _timed(scenario, study.design.seed)
        slowest = max(slowest, seconds)
        for run in finished.runs:  # none if it failed, which is no reason not to run the others
            numbers = len(run.values)
            days = sum(len(column) for column in run.daily.values())
    if "events" in study.design.keep:
        began = time.perf_counter()
        rows = 4 * len(simulate(study.at(0), seed=study.design.seed, replication=FIRST_LOOK).stay["spell"])
        slowest += time.perf_counter() - began
    return slowest, numbers, days, rows


def _timed(scenario: Scenario, seed: int) -> tuple[Finished, float]:
    """A run and its seconds; a short one is run again, since the first of a process pays for imports."""
    from flowsim.experiment.replicate import replication_of

    seconds = math.inf
    for _ in range(2):
        began = time.perf_counter()
        finished = replication_of([scenario], seed, 0)
        seconds = min(seconds, time.perf_counter() - began)
        if seconds > SECONDS_A_TASK:
            break
    return finished, seconds
