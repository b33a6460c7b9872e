"""Replications, here or in worker processes: every scenario of an experiment on the same people.

One task is one replication of *all* scenarios, so that pairing and attribution need no log to leave the worker; only
numbers come back. They come in order of replication, whatever the workers do.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from flowsim.events import EventLog
from flowsim.experiment.parallel import jobs_that_pay, results, workers
from flowsim.experiment.statistics import Array
from flowsim.interrupts import heed
from flowsim.params import Scenario

if TYPE_CHECKING:
    from flowsim.measures.money import Price
    from flowsim.measures.trackers import Tracker

Progress = Callable[[int, int], None]
"""Called with (replications done, replications in all)."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a replication gave no result; ``trace`` is for the log."""

    scenario: str
    replication: int
    reason: str
    trace: str = ""

    def __str__(self) -> str:
        """Which run failed and why, in a line."""
        return f"{self.scenario}, replication {self.replication}: {self.reason}"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One self-check of one run, with its numbers."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Run:
    """The numbers of one scenario in one replication; ``parts`` attributes its bed days saved against the base.

    ``yearly`` are the measures of each financial year, if the window is long; ``trackers`` the dashboards by month.
    """

    values: dict[str, float]
    daily: dict[str, Array]
    checks: tuple[CheckResult, ...]
    parts: dict[str, float] = field(default_factory=dict)
    yearly: dict[str, dict[str, float]] = field(default_factory=dict)
    trackers: dict[str, Tracker] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finished:
    """One replication of all scenarios; if any failed, ``failures`` say so and it is left out of the results.

    ``readings`` are what a :data:`Reader` found.
    """

    replication: int
    runs: tuple[Run, ...]
    failures: tuple[Failure, ...]
    readings: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alone:
    """One scenario of a replication by itself; if it failed there is no log, and it goes no further."""

    run: Run | None
    log: EventLog | None
    failures: tuple[Failure, ...]


Reader = Callable[[Sequence[EventLog], Sequence[Run]], dict[str, float]]
"""Reads more of a replication than its measures, from the logs and numbers of all scenarios; it goes to the workers."""


Worlds = Sequence[Scenario] | Callable[[int], Sequence[Scenario]]
"""Scenarios, the base first; or those of each replication, where they differ in what is not known."""


def replicate(
    scenarios: Worlds,
    replications: Sequence[int],
    seed: int,
    jobs: int | None,
    read: Reader | None = None,
) -> Generator[Finished]:
    """Finished replications, in the order asked for.

    Parameters
    ----------
    scenarios : Worlds
        The base first; or what gives those of a replication.
    replications : sequence of int
        Their numbers.
    jobs : int, optional
        Worker processes; 1 works in this process. By default as many as there are cores, if that pays.
    read : Reader, optional
        Reads each replication where it was run, as logs do not leave the workers.
    """
    todo = list(replications)
    if jobs is None and todo:
        began = time.perf_counter()
        first = todo.pop(0)
        yield replication_of(_of(scenarios, first), seed, first, read=read)
        jobs = jobs_that_pay(time.perf_counter() - began, len(todo))
    jobs = min(jobs or 1, len(todo))
    if jobs <= 1:
        for number in todo:
            yield replication_of(_of(scenarios, number), seed, number, read=read)
    else:
        yield from _in_workers(scenarios, todo, seed, jobs, read)


def _of(worlds: Worlds, number: int) -> Sequence[Scenario]:
    return worlds(number) if callable(worlds) else worlds


def replication_of(
    scenarios: Sequence[Scenario],
    seed: int,
    replication: int,
    shown: Callable[[EventLog], None] | None = None,
    read: Reader | None = None,
) -> Finished:
    """One replication of all scenarios; what goes wrong is kept as a failure, so that the others go on.

    Parameters
    ----------
    shown : callable, optional
        Is shown the event log of each scenario once its numbers are taken.
    read : Reader, optional
        Reads the logs of all scenarios, if none failed.
    """
    each = (alone(scenario, seed, replication, shown) for scenario in scenarios)  # the next when the last went well
    done = joined(scenarios, replication, each, read)
    heed()  # what looks like a failure may be a request to stop that a library took for its own
    return done


def alone(scenario: Scenario, seed: int, replication: int, shown: Callable[[EventLog], None] | None = None) -> Alone:
    """One scenario of a replication: what :func:`joined` makes a replication of, wherever each was simulated.

    Parameters
    ----------
    shown : callable, optional
        Is shown the event log once its numbers are taken.
    """
    from flowsim.engine import simulate

    run = None
    try:
        log = simulate(scenario, seed=seed, replication=replication)
        run = _numbers(scenario, log)
        if shown is not None:
            shown(log)
    except Exception as error:  # noqa: BLE001 - whatever went wrong belongs to this replication alone
        return Alone(run, None, (_failure(scenario, replication, error),))
    return Alone(run, log, _broken(scenario, replication, run))


def joined(
    scenarios: Sequence[Scenario], replication: int, each: Iterable[Alone], read: Reader | None = None
) -> Finished:
    """A replication of all scenarios from each alone, base first: the others' bed days saved are attributed.

    Parameters
    ----------
    each : iterable of Alone
        In order of the scenarios; none is asked for after one that failed.
    read : Reader, optional
        Reads the logs of all scenarios, if none failed.
    """
    runs: list[Run] = []
    failures: list[Failure] = []
    logs: list[EventLog] = []
    base = None
    for scenario, found in zip(scenarios, each, strict=False):
        one = found if base is None else _against(base, found, scenario, replication)
        runs += [one.run] if one.run is not None else []
        failures += one.failures
        if one.log is None:
            break
        base = one.log if base is None else base
        logs += [one.log] if read is not None else []
    return _read(Finished(replication, tuple(runs), tuple(failures)), scenarios, logs, read)


def _against(base: EventLog, one: Alone, scenario: Scenario, replication: int) -> Alone:
    """The same with its bed days saved against the base, by cause."""
    from flowsim.measures import attribution

    if one.run is None or one.log is None:
        return one
    try:
        return replace(one, run=replace(one.run, parts=attribution(base, one.log)))
    except Exception as error:  # noqa: BLE001 - as above
        return Alone(None, None, (_failure(scenario, replication, error),))


def _broken(scenario: Scenario, replication: int, run: Run) -> tuple[Failure, ...]:
    """The self-checks that failed."""
    return tuple(
        Failure(scenario.name, replication, f"self-check {check.name!r} failed: {check.detail}")
        for check in run.checks
        if not check.ok
    )


def _read(done: Finished, scenarios: Sequence[Scenario], logs: Sequence[EventLog], read: Reader | None) -> Finished:
    """The same with its readings; if they fail, so has the replication."""
    if read is None or done.failures:
        return done
    try:
        return replace(done, readings=read(logs, done.runs))
    except Exception as error:  # noqa: BLE001 - as above
        return replace(done, failures=(_failure(scenarios[0], done.replication, error),))


def _failure(scenario: Scenario, replication: int, error: Exception) -> Failure:
    """What went wrong, said within the handler that caught it."""
    return Failure(scenario.name, replication, f"{type(error).__name__}: {error}", traceback.format_exc())


def _numbers(scenario: Scenario, log: EventLog) -> Run:
    from flowsim.measures import checks, daily, measure, trackers, yearly

    care = scenario.home_care
    limits = {"package_limits": (care.small_below_hours, care.large_above_hours)} if care is not None else {}
    prices = _prices(scenario) or None
    values = measure(log, costs=prices, **limits)
    return Run(
        values=values,
        daily=daily(log),
        checks=tuple(CheckResult(check.name, check.ok, check.detail) for check in checks(log, values)),
        yearly=yearly(log, costs=prices, **limits),
        trackers=trackers(log, **limits),
    )


def _prices(scenario: Scenario) -> list[Price]:
    """Item, driver, pounds and payer of each cost; home care that the council buys is partly paid by people."""
    council = scenario.home_care.council_share if scenario.home_care is not None else 1.0
    found: list[Price] = []
    for name, cost in scenario.costs.items.items() if scenario.costs is not None else ():
        if cost.per == "home_care_hour" and cost.payer == "council" and council < 1.0:
            found.append((name, cost.per, cost.pounds * council, "council"))
            found.append((name, cost.per, cost.pounds * (1.0 - council), "self"))
        else:
            found.append((name, cost.per, cost.pounds, cost.payer))
    return found


def _in_workers(
    scenarios: Worlds, todo: Sequence[int], seed: int, jobs: int, read: Reader | None
) -> Generator[Finished]:
    from joblib import delayed

    done = 0
    tasks = (delayed(_task)(_of(scenarios, number), seed, number, read) for number in todo)
    try:
        with workers(jobs):
            for one in results(tasks):
                yield one
                done += 1
    except BrokenProcessPool as error:
        # A worker was killed, mostly for want of memory: what it had in hand cannot be known, so all the rest failed.
        reason = f"a worker process died ({type(error).__name__}); perhaps memory ran out: try fewer --jobs"
        for number in todo[done:]:
            yield Finished(number, (), (Failure(_of(scenarios, number)[0].name, number, reason, str(error)),))


def _task(scenarios: Sequence[Scenario], seed: int, number: int, read: Reader | None) -> Finished:
    return replication_of(scenarios, seed, number, read=read)
