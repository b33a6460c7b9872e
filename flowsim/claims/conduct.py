"""Running what the claims need, and judging them."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from flowsim.claims.claim import Claims, Reading
from flowsim.claims.reader import read_claims
from flowsim.claims.scene import Scene
from flowsim.claims.verdict import Judged, judge
from flowsim.events import EventLog
from flowsim.experiment.replicate import Failure, Finished, Progress, Run, replicate
from flowsim.experiment.runs import check_numbers
from flowsim.experiment.statistics import Array
from flowsim.params import Scenario

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Validation:
    """Claims held against runs.

    Attributes
    ----------
    values : mapping of reading key to array (replications)
        Every number read, in order of ``replications``.
    stopped : bool
        The user stopped before all replications were done.
    """

    claims: Claims
    replications: tuple[int, ...]
    values: Mapping[str, Array]
    seed: int
    asked: int
    failures: tuple[Failure, ...] = ()
    stopped: bool = False
    seconds: float = 0.0

    @cached_property
    def judged(self) -> tuple[Judged, ...]:
        """Each claim with its verdict, in the order of the file."""
        return tuple(judge(claim, self.values) for claim in self.claims.claims)

    def frame(self) -> pd.DataFrame:
        """One row per claim; see :func:`flowsim.claims.words.frame_of`."""
        from flowsim.claims.words import frame_of

        return frame_of(self)


FEWEST = 2
"""Replications, of fewer of which no interval can be had, and so no verdict."""


def check_enough(replications: int) -> None:
    """Raise ``ValueError`` if so few replications give no verdict."""
    if replications == 1:
        raise ValueError(f"validate needs {FEWEST} replications or more, not 1: one alone has no interval to judge by")


def conduct(
    claims: Claims,
    replications: int = 30,
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Validation:
    """Run every scenario the claims speak of on the same people, and judge the claims.

    Ctrl-C ends it with what was finished by then. What goes wrong in a replication is not raised: see ``.failures``.

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    check_numbers(replications, seed, jobs)
    began = time.perf_counter()
    finished, stopped = _finished(claims, replications, seed, jobs, progress)
    whole = [one for one in finished if not one.failures]
    keys = list(claims.readings())
    values = {key: np.array([one.readings[key] for one in whole], dtype=float) for key in keys}
    return Validation(
        claims=claims,
        replications=tuple(one.replication for one in whole),
        values=values,
        seed=seed,
        asked=replications,
        failures=tuple(failure for one in finished for failure in one.failures),
        stopped=stopped,
        seconds=time.perf_counter() - began,
    )


def _finished(
    claims: Claims, replications: int, seed: int, jobs: int | None, progress: Progress | None
) -> tuple[list[Finished], bool]:
    """The replications done, and whether the user stopped them."""
    if not claims.scenarios:
        return [], False
    read = partial(_readings, claims.scenarios, claims.readings())
    stream = replicate(claims.scenarios, range(replications), seed, jobs, read)
    finished: list[Finished] = []
    try:
        for one in stream:
            finished.append(one)
            if progress is not None:
                progress(len(finished), replications)
    except KeyboardInterrupt:
        return finished, True
    finally:
        stream.close()
    return finished, False


def _readings(
    scenarios: Sequence[Scenario], readings: Mapping[str, Reading], logs: Sequence[EventLog], runs: Sequence[Run]
) -> dict[str, float]:
    """Every number that the claims need of one replication."""
    scenes = {
        scenario.name: Scene(log, run.values, run.daily, scenario)
        for scenario, log, run in zip(scenarios, logs, runs, strict=True)
    }
    return {key: float(reading.of(scenes)) for key, reading in readings.items()}


def validate(
    claims: str | os.PathLike[str] | None = None,
    replications: int = 30,
    seed: int = 1,
    jobs: int | None = None,
    *,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Every dated fact and claim of the sources: reported, simulated with interval, verdict, why.

    Parameters
    ----------
    claims : path, optional
        A file of claims; the shipped ones by default. See :func:`flowsim.claims.reader.read_claims`.
    replications, seed, jobs, progress
        As for :func:`flowsim.run`.

    Returns
    -------
    DataFrame
        One row per claim, in the order of the file; its columns are those of :func:`flowsim.claims.words.frame_of`.

    Raises
    ------
    ConfigError
        If the file has faults; all of them at once.
    ValueError
        If a number is out of range, or there are fewer than two replications.
    """
    check_enough(replications)
    return conduct(read_claims(claims), replications, seed, jobs, progress).frame()
