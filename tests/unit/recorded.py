"""Replications with made-up round numbers, as the workers hand them over."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from flowsim import report
from flowsim.config.load import load
from flowsim.experiment import Comparison
from flowsim.experiment.folder import seal, write
from flowsim.experiment.record import Record, gathered
from flowsim.experiment.replicate import CheckResult, Failure, Finished, Run
from flowsim.params import Scenario

BASE_BED_DAYS = (1000.0, 1200.0, 1100.0)
SAVED = (100.0, 120.0, 140.0)
HUDDLES = (60.0, 50.0, 40.0)


def scenario(name: str = "before") -> Scenario:
    """A shipped scenario measured over ten days, so that 934 bed days are 100 beds."""
    return load("do_nothing").with_(name=name, clock={"warm_up_days": 2.0, "window_days": 10.0})


def of_one() -> Record:
    """Three replications of one scenario."""
    return gathered([scenario()], 1, 3, [_finished(number, [_base(number)]) for number in range(3)], [], 1.5, False)


def of_two(after: str = "after") -> Record:
    """Three replications of two scenarios; the second saves SAVED bed days, HUDDLES of them by Huddles."""
    finished = [_finished(number, [_base(number), _after(number)]) for number in range(3)]
    return gathered([scenario(), scenario(after)], 1, 3, finished, ["before: LIFE is full"], 1.5, False)


def with_failure() -> Record:
    """The second of three replications failed."""
    finished = [_finished(number, [_base(number)]) for number in range(3)]
    finished[1] = Finished(1, (), (Failure("before", 1, "RuntimeError: made up", "Traceback: made up"),))
    return gathered([scenario()], 1, 3, finished, [], 1.5, False)


def of_none() -> Record:
    """Two scenarios, of which no replication finished."""
    finished = [Finished(0, (), (Failure("before", 0, "RuntimeError: made up"),))]
    return gathered([scenario(), scenario("after")], 1, 1, finished, [], 1.5, False)


TEXT = "extends: do_nothing.yaml\nclock: {start: 2016-10-03, warm_up_days: 2, window_days: 10}\n"


def run_folder(path: Path, after: str = "after") -> Path:
    """A run folder of two scenarios, with its report."""
    outcome, configs = Comparison(of_two(after)), {"before": TEXT, after: TEXT}
    manifest = write(outcome, path, configs=configs, command=["flowsim", "compare", "before", after])
    report.write(path, outcome, configs=configs, manifest=manifest)
    seal(path, manifest)
    return path


def _base(number: int) -> Run:
    return _run(BASE_BED_DAYS[number], {})


def _after(number: int) -> Run:
    saved, huddles = SAVED[number], HUDDLES[number]
    return _run(BASE_BED_DAYS[number] - saved, {"huddles": huddles, "interaction": saved - huddles, "total": saved})


def _run(bed_days: float, parts: dict[str, float]) -> Run:
    values = {"bed_days": bed_days, "length_of_stay_d2a_mean": float("nan")}
    checks = (CheckResult("people conserved", True, "5 came = 3 left + 2 inside"),)
    return Run(values, {"beds_core": np.arange(12) + bed_days / 100}, checks, parts)


def _finished(number: int, runs: list[Run]) -> Finished:
    return Finished(number, tuple(runs), ())
