"""Has the run settled? Queues that grow and levels that still move at the end of the measured window.

A straight line is fitted to the days of the last third of the run (the measured part of it) in each replication; by how
much it rises there is one number a replication, and these are independent. A series is told if the whole t interval of
their mean lies beyond what matters in practice, so one that moves by less than that is told in at most ``FALSE_ALARM``
of experiments, all series and scenarios together (Bonferroni). What a level is expected to do, as demand has seasons
and programmes begin, is worked out from the mean flows of the scenario and taken off first. Stocks that nothing waits
for (placements, packages) take years to settle and are left out: only queues and the levels before them count.

Where parameters were drawn the means of sets are the independent numbers, so what is told is told of their average. A
queue may grow without end in some sets only, and the average say nothing: so those are counted, as told by the chance
that all sets share (pooled variance of their replications, Bonferroni over sets) and by each of their replications.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from flowsim.experiment.record import Record
from flowsim.experiment.statistics import Array, estimate, t_quantile
from flowsim.params import Scenario

FALSE_ALARM = 0.01
"""Chance that an experiment in which nothing moves by more than what matters is told of any series."""
PART = 1.0 / 3.0
"""Share of the run, at its end, that is looked at."""
FEWEST_DAYS = 14
"""Fewer days than this show no trend."""
_LEAD = 3 * 365
"""Days before a run that are followed to know what it would need if it had always gone on."""
SHARE, PEOPLE = 0.05, 1.0
"""What matters: a twentieth of the queue or level, and at least one person."""

QUEUES: dict[str, str] = {
    "waiting_for_bed": "the queue for a bed",
    "life_waiting": "the queue for LIFE",
    "delayed": "the number of people ready to leave but still in a bed",
}
"""Daily series of people who wait, in words."""
LEVELS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "hospital": (("beds_core", "beds_escalation", "waiting_for_bed"), "hospital", "the number of people in hospital"),
    "life": (("life_used",), "LIFE", "LIFE in use"),
    "step_down": (("step_down",), "step-down", "step-down beds in use"),
}
"""Levels: the series that add up to it, the service whose need it is held against, and words."""


@dataclass(frozen=True, slots=True)
class Trend:
    """A series that moves: by how many people over how many days at the end, with its interval.

    Attributes
    ----------
    sets, growing : int
        Parameter sets, none if none were drawn, and in how many of them a queue clearly grows.
    clear : bool
        Whether the mean moves: else only some sets do.
    """

    scenario: str
    series: str
    words: str
    queue: bool
    change: float
    low: float
    high: float
    mean: float
    days: int
    sets: int = 0
    growing: int = 0
    clear: bool = True

    def __str__(self) -> str:
        some = f"in {self.growing} of {self.sets} parameter sets" if self.growing else ""
        if not self.clear:
            return f"{self.scenario}: {self.words} still grows at the end {some}: more come there than can be served"
        moves = "grows" if self.change > 0 else "falls"
        size = f"by {abs(self.change):.0f} to about {self.mean + self.change / 2:.0f} over its last {self.days} days"
        if self.sets:
            size += f" on average over parameter sets{', clearly ' * bool(some)}{some}"
        if self.queue:
            return f"{self.scenario}: {self.words} still {moves} at the end, {size}: more come than can be served"
        return (
            f"{self.scenario}: {self.words} still {moves} at the end, {size}, more than demand explains: the means "
            "depend on when it is measured"
        )


def trends(record: Record) -> list[Trend]:
    """Series that still move at the end of the window, in all scenarios.

    None of fewer than three replications, or of fewer than three parameter sets where such were drawn.
    """
    if len(record.independent(np.array(record.replications))) < 3:
        return []
    looked = [[one for one in _at_end(record, at) if one.days.any()] for at in range(len(record.scenarios))]
    tests = max(sum(map(len, looked)), 1)
    told: list[Trend] = []
    for at, series in enumerate(looked):
        found = [one for one in (_trend(record, at, one, tests) for one in series) if one is not None]
        queueing = any(one.series == "waiting_for_bed" for one in found)
        told += [one for one in found if not (queueing and one.series == "hospital")]  # which holds that queue
    return told


@dataclass(frozen=True, slots=True)
class Looked:
    """A queue or level by replication and day, less what is expected of it; ``level`` is its mean."""

    name: str
    words: str
    queue: bool
    days: Array
    level: float


def _at_end(record: Record, at: int) -> Iterator[Looked]:
    days = period(record.scenarios[at])
    if len(days) >= FEWEST_DAYS:
        yield from looked_at(record, at, days)


def looked_at(record: Record, at: int, days: range) -> Iterator[Looked]:
    """Queues and levels of one scenario over some days, less what is expected of them."""
    scenario = record.scenarios[at]
    if not len(record.series) or days.stop > record.daily.shape[-1]:
        return
    part = record.daily[at][:, :, days.start : days.stop]
    for name, words in QUEUES.items():
        if name in record.series:
            rows = part[:, record.series.index(name)]
            yield Looked(name, words, True, rows, float(rows.mean()))
    needs = expected(scenario)
    for name, (series, service, words) in LEVELS.items():
        known = [record.series.index(one) for one in series if one in record.series]
        if not known or service not in needs:
            continue
        rows = part[:, known].sum(axis=1)
        need, level = needs[service][days.start : days.stop], float(rows.mean())
        swing = (need / need.mean() - 1.0) * level if need.mean() > 0 else np.zeros(len(need))
        yield Looked(name, words, False, rows - swing, level)


def period(scenario: Scenario) -> range:
    """Whole days of the last third of the run that lie in the measured window."""
    start, end = scenario.clock.window
    return range(math.ceil(max(start, end * (1.0 - PART))), math.floor(end))


def expected(scenario: Scenario) -> dict[str, Array]:
    """What each service would hold by day if the run had not begun with it; parts of a service add up.

    So a place that is still filling long after the first day stands out against what is expected of it. A service holds
    what it is asked for, at most what it has: its use grows with its slots. People in hospital include those in line.
    """
    from flowsim.offered.flows import Flows
    from flowsim.offered.loads import HOSPITAL, Loads

    found: dict[str, Array] = {}
    for load in Loads(Flows(scenario, lead=_LEAD)).all():
        service = load.service.split(" (")[0]
        held = load.need if service == HOSPITAL else np.minimum(load.need, load.capacity)
        found[service] = found.get(service, 0.0) + held[_LEAD:]
    return {service: _weekly(held) for service, held in found.items()}


def _weekly(need: Array) -> Array:
    """Means of seven days: people stay over the weekend on which fewer come."""
    return np.asarray(np.convolve(np.pad(need, 3, mode="edge"), np.full(7, 1.0 / 7.0), mode="valid"))


def _trend(record: Record, at: int, one: Looked, tests: int) -> Trend | None:
    if not np.isfinite(one.days).all():
        return None
    place = np.arange(one.days.shape[1]) - (one.days.shape[1] - 1) / 2.0
    changes = one.days @ place / float(place @ place) * (len(place) - 1)
    sides = 2 if one.queue else 1  # of a queue only growth is told
    own = record.independent(changes)
    found = estimate(own, level=1.0 - sides * FALSE_ALARM, comparisons=tests)
    matters = max(PEOPLE, SHARE * one.level)
    clear = found.low > matters or (found.high < -matters and not one.queue)
    growing = _growing(changes, one.days.mean(axis=1), record.sets.per_set, tests) if record.sets and one.queue else 0
    if not (clear or growing):
        return None
    usual = estimate(own)
    numbers = (found.mean, usual.low, usual.high, one.level)
    sets = (len(own) if record.sets else 0, growing, clear)
    return Trend(record.names[at], one.name, one.words, one.queue, *numbers, len(place), *sets)


def _growing(changes: Array, levels: Array, per_set: int, tests: int) -> int:
    """In how many sets a queue clearly grows, given by how much it does and how long it is in each replication."""
    table = changes.reshape(-1, per_set)
    means, count = table.mean(axis=1), len(table)
    chance = math.sqrt(float(((table - means[:, None]) ** 2).sum()) / (count * (per_set - 1)) / per_set)
    matters = np.maximum(PEOPLE, SHARE * levels.reshape(-1, per_set).mean(axis=1))
    sure = float(t_quantile(np.array([count * (per_set - 1) + 1]), 1.0 - FALSE_ALARM / (tests * count))[0]) * chance
    return int(((means - sure > matters) & (table.min(axis=1) > matters)).sum())
