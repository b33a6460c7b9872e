"""Fronts: every point run on the same people, those that nothing beats, and what a step along them costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from flowsim.decide.front_question import FrontQuestion, Point
from flowsim.decide.pareto import Setting, Truths, clearly_unbeaten, generations, unbeaten
from flowsim.decide.sampling import SampleError
from flowsim.decide.simulated import Simulated, Tick
from flowsim.experiment.statistics import Array, Estimate, estimate


class Tried(Simulated):
    """The runs of the points tried so far.

    Attributes
    ----------
    points : list of tuple
        Those that were run, in the order tried.
    impossible : list of (str, str)
        Points that a search chose and that cannot be, and why.
    """

    def __init__(self, asked: FrontQuestion, jobs: int | None = None, tick: Tick | None = None) -> None:
        super().__init__(lambda at: asked.build(self.points[at]), asked.measures, asked.seed, jobs, tick, ahead=False)
        self.asked = asked
        self.points: list[Point] = []
        self.impossible: list[tuple[str, str]] = []

    def run(self, points: Sequence[Point]) -> list[list[float] | None]:
        """Run some points; gives the mean of each objective with its sign such that less is better.

        Raises
        ------
        SampleError
            If a replication fails or a measure is undefined.
        """
        places = [self._place(point) for point in points]
        replications = range(self.asked.replications)
        self.prefetch([(at, one) for at in places if at is not None for one in replications])
        return [None if at is None else self.samples(at).mean(axis=0).tolist() for at in places]

    def samples(self, at: int) -> Array:
        """Objectives of each replication of a point, less being better: array (replications, objectives)."""
        rows = [self.drawn[(at, one)] for one in range(self.asked.replications)]
        return np.asarray(np.array(rows) * np.array(self.asked.signs))

    def _place(self, point: Point) -> int | None:
        try:
            scenario = self.asked.build(point)
        except ValueError as error:
            self.impossible.append((self.asked.label(point), str(error)))
            return None
        self.scenarios[len(self.points)] = scenario
        self.points.append(point)
        return len(self.points) - 1


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a step along a front of two objectives gives and takes, paired over the replications.

    Attributes
    ----------
    start, end : int
        Points, the one better in the first objective at the start.
    given, won : Estimate
        How much worse the first objective becomes, and how much better the second; above 0 both.
    rate, half : float
        The first for one of the second, with half a 95 % interval: the ratio of means, its error from the residuals
        ``given − rate × won`` (Cochran 1977, Sampling Techniques, 3rd ed., section 6.4).
    """

    start: int
    end: int
    given: Estimate
    won: Estimate
    rate: float
    half: float


@dataclass(frozen=True, slots=True)
class Fronted:
    """The answer: all points, and those that nothing beats.

    Attributes
    ----------
    samples : array (points, replications, objectives)
        Less is better.
    on, clear : array (points,)
        Whether no other point beats it by the means; whether, allowing for paired intervals, none may.
    """

    question: FrontQuestion
    points: tuple[Point, ...]
    samples: Array
    on: Truths
    clear: Truths
    impossible: tuple[tuple[str, str], ...]

    @property
    def means(self) -> Array:
        """Mean of each objective at each point, less being better."""
        return np.asarray(self.samples.mean(axis=1))

    @property
    def order(self) -> list[int]:
        """Points of the front, best in the first objective first."""
        means = self.means.tolist()
        return sorted((int(at) for at in np.flatnonzero(self.on)), key=lambda at: (means[at], at))

    def estimates(self, at: int) -> list[Estimate]:
        """Mean of each objective at a point, as measured, with its 95 % interval."""
        return [estimate(column) for column in (self.samples[at] * np.array(self.question.signs)).T]

    def exchange(self, start: int, end: int) -> Exchange:
        """The step from one point to another that differs in the second objective."""
        given = self.samples[end, :, 0] - self.samples[start, :, 0]
        won = self.samples[start, :, 1] - self.samples[end, :, 1]
        rate = float(given.mean() / won.mean())
        spread = estimate(given - rate * won)
        half = (spread.high - spread.low) / 2.0 / abs(float(won.mean()))
        return Exchange(start, end, estimate(given), estimate(won), rate, half)

    def exchanges(self) -> list[Exchange]:
        """Steps from each point of the front to the next that differs; none if there are more than two objectives."""
        if len(self.question.measures) != 2:
            return []
        means = self.means.tolist()
        distinct = {tuple(means[at]): at for at in reversed(self.order)}
        return [self.exchange(*step) for step in pairwise(reversed(distinct.values()))]


def answer_front(tried: Tried) -> Fronted:
    """Run all points of a grid, or those a search chooses, a generation at a time.

    Raises
    ------
    SampleError
        If a replication fails, its measure is undefined, or no point chosen can be.
    SearchMissingError
        If a search is asked for and optuna is not installed.
    """
    asked = tried.asked
    if asked.method == "grid":
        tried.run(asked.grid())
    else:
        ranges = {one.path: one.range for one in asked.varied}
        generations(
            lambda settings: tried.run([_point(asked, one) for one in settings]),
            ranges,
            points=asked.points,
            seed=asked.seed,
            objectives=len(asked.measures),
        )
    if not tried.points:
        raise SampleError(f"no point that was chosen can be: {'; '.join(map(': '.join, tried.impossible[:3]))}")
    samples = np.array([tried.samples(at) for at in range(len(tried.points))])
    on = unbeaten(samples.mean(axis=1))
    return Fronted(asked, tuple(tried.points), samples, on, clearly_unbeaten(samples), tuple(tried.impossible))


def _point(asked: FrontQuestion, setting: Setting) -> Point:
    return tuple(one.at(setting[one.path]) for one in asked.varied)
