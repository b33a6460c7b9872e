"""The two experiments: replications of one scenario, and several scenarios on the same people."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from flowsim.experiment.comparison import Comparison
from flowsim.experiment.precision import AT_MOST, Look
from flowsim.experiment.record import Record, gathered
from flowsim.experiment.replicate import Finished, Progress, Worlds, replicate
from flowsim.experiment.results import Results
from flowsim.experiment.stopping import Precision, Stopping, stopping_of
from flowsim.experiment.trends import trends
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
    precision: Precision | None = None,
    precision_measure: str | None = None,
    at_most: int = AT_MOST,
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
    precision : float or str, optional
        Go on until the half-width of the 95 % interval is at most this: ``0.05`` or ``"5%"`` of the mean, ``"50"`` in
        the unit of the measure; ``replications``: of the first look, at least 30 (:mod:`.experiment.precision`).
    precision_measure : str, optional
        Whose interval; bed days by default.
    at_most : int
        Replications after which the precision is given up, and the warnings say so.
    progress : callable, optional
        Called with (done, in all as far as known) after each replication.

    Raises
    ------
    ValueError
        If a number is out of range. What goes wrong in a replication is not raised: see ``.failures``.
    """
    check_scenarios("run", scenario)
    check_numbers(replications, seed, jobs, at_most)
    stopping = stopping_of([scenario], replications, precision, precision_measure, at_most)
    return Results(_experiment([scenario], replications, seed, jobs, progress, stopping))


def compare(
    base: Scenario,
    *alternatives: Scenario,
    replications: int = 30,
    seed: int = 1,
    jobs: int | None = None,
    precision: Precision | None = None,
    precision_measure: str | None = None,
    at_most: int = AT_MOST,
    progress: Progress | None = None,
) -> Comparison:
    """A base and its alternatives, every replication on the same people and luck (common random numbers).

    Alternatives that bear the name of another scenario are told apart by a number: ``winter``, ``winter_2``.
    Parameters and errors are those of :func:`run`, but that a precision is that of the paired difference, of bed days
    saved by default, and of every alternative. Further, at least one alternative is needed, and all scenarios must have
    the same clock.
    """
    check_comparable(base, alternatives)
    scenarios = told_apart([base, *alternatives])
    check_numbers(replications, seed, jobs, at_most)
    stopping = stopping_of(scenarios, replications, precision, precision_measure, at_most)
    return Comparison(_experiment(scenarios, replications, seed, jobs, progress, stopping))


def check_comparable(base: Scenario, alternatives: Sequence[Scenario]) -> None:
    """Raise ValueError if there is nothing to compare, or the clocks differ; TypeError if one is no scenario."""
    check_scenarios("compare", base, *alternatives)
    if not alternatives:
        raise ValueError("compare: give at least one alternative")
    for other in alternatives:
        if other.clock != base.clock:
            raise ValueError(f"compare: the clock of {other.name!r} differs from that of {base.name!r}")


def check_scenarios(what: str, *scenarios: object) -> None:
    """Raise TypeError, with the remedy, if something is no scenario: the name of a file, for one."""
    for one in scenarios:
        if not isinstance(one, Scenario):
            raise TypeError(f"{what}: {one!r} is no scenario; read it first: fs.load({str(one)!r})")


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


def check_numbers(replications: int, seed: int, jobs: int | None, at_most: int = AT_MOST) -> None:
    """Raise ValueError, naming the argument and its range, if one of the numbers cannot be used."""
    limits = (
        ("replications", replications, 1, MOST_REPLICATIONS),
        ("seed", seed, 0, LARGEST_SEED),
        ("jobs", 1 if jobs is None else jobs, 1, MOST_JOBS),
        ("at_most", at_most, 1, MOST_REPLICATIONS),
    )
    for name, value, low, high in limits:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"{name} must be a whole number from {low} to {high}, not {value!r}")


def _experiment(
    scenarios: Sequence[Scenario],
    replications: int,
    seed: int,
    jobs: int | None,
    progress: Progress | None,
    stopping: Stopping | None = None,
) -> Record:
    began = time.perf_counter()
    warnings = stability_of(scenarios)
    finished, stopped = gather(scenarios, replications, seed, jobs, progress)
    look = stopping.look(finished) if stopping and not stopped else None
    while stopping and look and look.count > len(finished):
        more, stopped = gather(scenarios, look.count, seed, jobs, progress, len(finished))
        finished += more
        look = stopping.look(finished) if not stopped else Look(look.count, met=True)
    asked = look.count if look else replications
    if stopping and look and not look.met:
        warnings.append(stopping.short(asked))
    return recorded(scenarios, seed, asked, finished, warnings, time.perf_counter() - began, stopped)


def recorded(
    scenarios: Sequence[Scenario],
    seed: int,
    asked: int,
    finished: Sequence[Finished],
    warnings: Sequence[str],
    seconds: float,
    stopped: bool = False,
) -> Record:
    """The record of finished replications, with cautions about what still moves at the end of the window.

    Parameters
    ----------
    warnings : sequence of str
        What :func:`stability_of` says of the scenarios.
    """
    return with_trends(gathered(scenarios, seed, asked, finished, warnings, seconds, stopped))


def with_trends(record: Record) -> Record:
    """The same with cautions about what still moves at the end of the window."""
    return replace(record, warnings=(*record.warnings, *map(str, trends(record))))


def stability_of(scenarios: Sequence[Scenario]) -> list[str]:
    """What to know of scenarios before they are run: overload, and demand or prices that are not the base's."""
    from flowsim.offered.stability import stability

    found = [f"{scenario.name}: {text}" for scenario in scenarios for text in stability(scenario)]
    return list(dict.fromkeys([*found, *_other_demand(scenarios), *_other_prices(scenarios)]))


def _other_demand(scenarios: Sequence[Scenario]) -> list[str]:
    """Say when people would fall ill differently: then a difference is not the programme's alone."""
    base, *others = scenarios
    arrivals = {name: cohort.arrivals for name, cohort in base.cohorts.items()}
    return [
        f"{other.name}: people present at another rate than in {base.name}; part of the difference is that demand"
        for other in others
        if {name: cohort.arrivals for name, cohort in other.cohorts.items()} != arrivals
    ]


def _other_prices(scenarios: Sequence[Scenario]) -> list[str]:
    """Say when things have another price, none any more, or one of another year: a difference in cost is that, too."""
    priced = [(one.name, one.costs) for one in scenarios if one.costs is not None]
    found = []
    for name, costs in priced[1:]:
        base, was = priced[0]
        moved = [item for item, cost in was.items.items() if costs.items.get(item) != cost]
        if costs.price_year != was.price_year:
            years = f"are at prices of {costs.price_year}, those of {base} at prices of {was.price_year}"
            found.append(f"{name}: unit costs {years}; their costs cannot be held against each other")
        elif moved:
            more = f"{name}: other unit costs or payers than in {base} ({', '.join(moved)})"
            found.append(f"{more}; part of the difference in cost is that")
    return found


def gather(
    scenarios: Worlds,
    replications: int,
    seed: int,
    jobs: int | None,
    progress: Progress | None,
    done: int = 0,
) -> tuple[list[Finished], bool]:
    """The replications from ``done`` on, and whether the user stopped them."""
    finished: list[Finished] = []
    stream = replicate(scenarios, range(done, replications), seed, jobs)
    try:
        for one in stream:
            finished.append(one)
            if progress is not None:
                progress(done + len(finished), replications)
    except KeyboardInterrupt:
        return finished, True
    finally:
        stream.close()
    return finished, False
