"""The two experiments: replications of one scenario, and several scenarios on the same people."""

from __future__ import annotations

import time
from collections.abc import Sequence

from flowsim.experiment.comparison import Comparison
from flowsim.experiment.record import Record, gathered
from flowsim.experiment.replicate import Finished, Progress, replicate
from flowsim.experiment.results import Results
from flowsim.params import Scenario

MOST_REPLICATIONS = 100_000
MOST_JOBS = 1_024
LARGEST_SEED = 2**63 - 1


def run(
    scenario: Scenario,
    replications: int = 30,
    seed: int = 1,
    jobs: int | None = None,
    *,
    progress: Progress | None = None,
) -> Results:
    """Replications of one scenario.

    Parameters
    ----------
    replications : int
        At least 1; intervals need 2.
    seed : int
        At least 0; replication ``r`` of a seed is the same in every experiment.
    jobs : int, optional
        Worker processes (1: this process). Results do not depend on it. By default all cores, if that pays.
    progress : callable, optional
        Called with (done, in all) after each replication.

    Raises
    ------
    ValueError
        If a number is out of range. What goes wrong in a replication is not raised: see ``.failures``.
    """
    return Results(_experiment([scenario], replications, seed, jobs, progress))


def compare(
    base: Scenario,
    *alternatives: Scenario,
    replications: int = 30,
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """A base and its alternatives, every replication on the same people and luck (common random numbers).

    Alternatives that bear the name of another scenario are told apart by a number: ``winter``, ``winter_2``.
    Parameters and errors are those of :func:`run`; further, at least one alternative is needed, and all scenarios must
    have the same clock.
    """
    if not alternatives:
        raise ValueError("compare: give at least one alternative")
    for other in alternatives:
        if other.clock != base.clock:
            raise ValueError(f"compare: the clock of {other.name!r} differs from that of {base.name!r}")
    scenarios = told_apart([base, *alternatives])
    return Comparison(_experiment(scenarios, replications, seed, jobs, progress))


def told_apart(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """The same scenarios with names that differ."""
    taken: list[str] = []
    found = []
    for scenario in scenarios:
        name, number = scenario.name, 2
        while name in taken:
            name, number = f"{scenario.name}_{number}", number + 1
        taken.append(name)
        found.append(scenario if name == scenario.name else scenario.model_copy(update={"name": name}))
    return found


def check_numbers(replications: int, seed: int, jobs: int | None) -> None:
    """Raise ValueError, naming the argument and its range, if one of the numbers cannot be used."""
    limits = (
        ("replications", replications, 1, MOST_REPLICATIONS),
        ("seed", seed, 0, LARGEST_SEED),
        ("jobs", 1 if jobs is None else jobs, 1, MOST_JOBS),
    )
    for name, value, low, high in limits:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"{name} must be a whole number from {low} to {high}, not {value!r}")


def _experiment(
    scenarios: Sequence[Scenario], replications: int, seed: int, jobs: int | None, progress: Progress | None
) -> Record:
    check_numbers(replications, seed, jobs)
    began = time.perf_counter()
    warnings = _stability(scenarios)
    finished, stopped = _gather(scenarios, replications, seed, jobs, progress)
    return gathered(scenarios, seed, replications, finished, warnings, time.perf_counter() - began, stopped)


def _stability(scenarios: Sequence[Scenario]) -> list[str]:
    from flowsim.config.stability import stability

    found = [f"{scenario.name}: {text}" for scenario in scenarios for text in stability(scenario)]
    return list(dict.fromkeys([*found, *_other_demand(scenarios)]))


def _other_demand(scenarios: Sequence[Scenario]) -> list[str]:
    """Say when people would fall ill differently: then a difference is not the programme's alone."""
    base, *others = scenarios
    arrivals = {name: cohort.arrivals for name, cohort in base.cohorts.items()}
    return [
        f"{other.name}: people present at another rate than in {base.name}; part of the difference is that demand"
        for other in others
        if {name: cohort.arrivals for name, cohort in other.cohorts.items()} != arrivals
    ]


def _gather(
    scenarios: Sequence[Scenario], replications: int, seed: int, jobs: int | None, progress: Progress | None
) -> tuple[list[Finished], bool]:
    finished: list[Finished] = []
    stream = replicate(scenarios, range(replications), seed, jobs)
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
