"""Repeats of known systems, and whether their 95 % intervals cover the exact value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
from scipy import stats

import flowsim as fs
from experiments.coverage.systems import System, systems
from flowsim.experiment.precision import Target, replications_needed, target_of
from flowsim.experiment.record import Record, gathered
from flowsim.experiment.replicate import Finished, Run
from flowsim.experiment.statistics import estimate
from flowsim.experiment.stopping import stopping_of
from flowsim.experiment.tables import summary_rows
from flowsim.measures.flow import bed_days, beds_occupied_mean, core_occupancy, presentations, waiting_for_bed_mean
from flowsim.measures.outcomes import readmissions_30d_share
from flowsim.measures.view import View

FIXED = (10, 30)
LOOSE = Target(0.08, relative=True)
QUANTILE = 0.8

RULES = (presentations, bed_days, beds_occupied_mean, core_occupancy, waiting_for_bed_mean, readmissions_30d_share)
"""The measures looked at; all of them take a third of the time of a run."""

Covered = dict[str, tuple[bool, int]]
"""Whether the interval covered, and of how many replications it was."""


@cache
def all_systems() -> list[System]:
    """The systems, made once in each process."""
    return systems()


def finished(system: System, seed: int, number: int) -> Finished:
    """One replication as a worker of `run` hands it over, but without all that is not looked at."""
    views = [View(fs.simulate(scenario, seed=seed, replication=number)) for scenario in system.scenarios]
    return Finished(number, tuple(Run({rule.__name__: rule(v) for rule in RULES}, {}, ()) for v in views), ())


def record_of(system: System, seed: int, done: list[Finished]) -> Record:
    """What `run` or `compare` makes of the replications."""
    return gathered(system.scenarios, seed, len(done), done, [], 0.0, False)


def repeat(seed: int) -> Covered:
    """One repeat of every system under every rule."""
    found: Covered = {}
    for system in all_systems():
        done = [finished(system, seed, number) for number in range(max(FIXED))]
        for count in FIXED:
            found |= dict(_covered(system, record_of(system, seed, done[:count]), f"n = {count}"))
        if len(system.scenarios) > 1:
            found |= _quantile_covered(record_of(system, seed, done))
        stopping = stopping_of(system.scenarios, max(FIXED), system.precision, system.precision_measure)
        while (look := stopping.look(done)).count > len(done):
            done += [finished(system, seed, number) for number in range(len(done), look.count)]
        record = record_of(system, seed, done)
        found |= dict(_covered(system, record, "--precision"))
        found |= dict(_looked_early(system, record))
    return found


def _covered(system: System, record: Record, rule: str) -> Iterator[tuple[str, tuple[bool, int]]]:
    rows = {(row.scenario, row.measure): row for row in summary_rows(record)}
    for known in system.known:
        row = rows[system.scenarios[-1 if known.differs else 0].name, known.measure]
        one = row.diff if known.differs else row.own
        yield f"{known.name} | {rule}", (one.low <= known.exact <= one.high, one.n)


def _looked_early(system: System, record: Record) -> Iterator[tuple[str, tuple[bool, int]]]:
    """The same numbers, stopped at the first look from 3 replications on that meets the precision."""
    for known in system.known:
        values = record.of("bed_days" if known.differs else known.measure)
        values = values[0] - values[-1] if known.differs else values[0]
        for target, words in ((target_of(system.precision), ""), (LOOSE, ", loose")):
            count = replications_needed(values, target, first=3, ahead=False) or len(values)
            one = estimate(values[:count])
            yield f"{known.name} | first look at 3{words}", (one.low <= known.exact <= one.high, count)


def _quantile_covered(record: Record) -> Covered:
    """Presentations of the window are Poisson, so their quantile over replications is known."""
    exact = stats.poisson.ppf(QUANTILE, 10.0 * record.scenarios[0].clock.window_days)
    frame = fs.Results(replace(record, scenarios=record.scenarios[:1])).quantiles([QUANTILE]).set_index("measure")
    frame = frame.loc["presentations"]
    return {
        "quantile of presentations | n = 30": (bool(frame.ci_low <= exact <= frame.ci_high), len(record.replications))
    }


def measured(repeats: int, jobs: int) -> dict[str, dict[str, float]]:
    """Share of repeats that covered, and replications on average, by number and rule."""
    from joblib import Parallel, delayed

    tables = Parallel(n_jobs=jobs)(delayed(repeat)(seed) for seed in range(1, repeats + 1))
    return {
        name: {
            "covered": sum(table[name][0] for table in tables),
            "repeats": repeats,
            "replications": round(float(np.mean([table[name][1] for table in tables])), 1),
        }
        for name in tables[0]
    }
