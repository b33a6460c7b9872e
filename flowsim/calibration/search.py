"""From wave to wave: which points are run next, and what the emulators then leave of the space."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from flowsim.calibration.emulator import emulator
from flowsim.calibration.question import Question, fewest_points
from flowsim.calibration.space import Judge, Layer, Space, doubted, spread_out, surveyed
from flowsim.calibration.waves import CalibrationError, Row, Runner, Wave
from flowsim.experiment.statistics import Array
from flowsim.uncertain.draw import hypercube

FINALISTS = 4
"""Sets run with more replications at the end."""
_STABLE = 0.8  # share of the space of the wave before that is still left, from which more waves tell little
_FINEST = 0.05  # of a range: as much as must be left of it for its values to be rounded less
_APART = 0.02  # of a range, by which two finalists differ in some parameter


@dataclass
class Search:
    """All waves so far, the layers of emulators, and the space left after each wave."""

    question: Question
    waves: list[Wave] = field(default_factory=list)
    layers: list[Layer] = field(default_factory=list)
    spaces: list[Space] = field(default_factory=list)
    stable: bool = False

    @property
    def judge(self) -> Judge:
        """Judges implausibility by the targets of the question."""
        return Judge(self.question.targets, self.question.fitted, self.question.cut_off)

    def run(self, runner: Runner) -> Wave:
        """Run all waves and then the finalists, which are given back.

        Raises
        ------
        CalibrationError
            If no point of a wave has a number for a target that is fitted.
        """
        asked = self.question
        while len(self.waves) < asked.waves and not self.stable:
            name = f"wave-{len(self.waves) + 1}"
            self.waves.append(runner.run(name, self.proposed(), asked.replications))
            self._check_defined()
            self._learn()
        runner.total = runner.done + FINALISTS * asked.final_replications * (2 if asked.baseline else 1)
        return runner.run(f"final-{len(self.waves)}", self.finalists(), asked.final_replications)

    def _check_defined(self) -> None:
        unknown = np.asarray(np.isnan(self.waves[-1].column("mean")).all(axis=0))
        names = [self.question.targets[place].name for place in self.question.fitted if unknown[place]]
        if names:
            raise CalibrationError(f"no run has a number for {', '.join(names)}: name another measure, or hold it out")

    def proposed(self) -> list[Row]:
        """The points of the next wave; the first wave is a Latin hypercube after the scenario as configured."""
        asked = self.question
        if not self.waves:
            columns = [hypercube(asked.points - 1, asked.seed, one.path) for one in asked.parameters]
            shares = np.column_stack(columns)
            return [tuple(one.value for one in asked.parameters), *self.rows(shares)]
        if asked.method == "optuna":
            return self.rows(_by_optuna(self))
        space = self.spaces[-1]
        best = space.points[np.argsort(self.judge.sums(space.misses), kind="stable")[:1]]
        others = spread_out(space.points, asked.points - 1, asked.seed, len(self.waves))
        return self.rows(np.vstack([best, others]))

    def rows(self, shares: Array) -> list[Row]:
        """Values of points in the unit cube."""
        parameters = self.question.parameters
        return [tuple(one.at(float(s)) for one, s in zip(parameters, line, strict=True)) for line in shares]

    def shares(self, rows: Sequence[Row]) -> Array:
        """Points in the unit cube of values."""
        parameters = self.question.parameters
        return np.array([[one.share(v) for one, v in zip(parameters, row, strict=True)] for row in rows], dtype=float)

    def everything(self) -> tuple[Array, Array, Array]:
        """All points run so far in the unit cube, with mean and sd of each target."""
        points = np.vstack([self.shares(wave.rows) for wave in self.waves])
        means, sds = (np.vstack([wave.column(key) for wave in self.waves]) for key in ("mean", "sd"))
        return points, means, sds

    def misses(self) -> Array:
        """Misses of all points run so far, chance smoothed over points by the latest emulators."""
        points, means, _ = self.everything()
        return self.judge.misses(means, self._chance(self.layers[-1], points))

    def finalists(self) -> list[Row]:
        """The best points that were run and the best that were only emulated, rounded, no two much alike."""
        points, _, _ = self.everything()
        space = self.spaces[-1]
        chosen: list[Row] = []
        for pool, misses, count in ((points, self.misses(), FINALISTS // 2), (space.points, space.misses, FINALISTS)):
            for place in np.argsort(self.judge.sums(misses), kind="stable"):
                row = self._rounded(pool[place])
                if len(chosen) < count and all(self._apart(row, other) for other in chosen):
                    chosen.append(row)
        return chosen

    def _apart(self, row: Row, other: Row) -> bool:
        one, two = self.shares([row, other])
        return bool(np.max(np.abs(one - two)) > _APART)

    def _rounded(self, point: Array) -> Row:
        """Values with no more figures than the range left can bear."""
        space, values = self.spaces[-1], []
        for one, share, low, high in zip(self.question.parameters, point, space.low, space.high, strict=True):
            step = max((high - low) * (one.high - one.low), _FINEST * (one.high - one.low)) / 50.0
            digits = max(0, int(-np.floor(np.log10(step))))
            value = one.at(float(share))
            values.append(value if one.whole else min(max(round(value, digits), one.low), one.high))
        return tuple(values)

    def _learn(self) -> None:
        """Fit emulators to what lies in the box that is left, and look again."""
        asked = self.question
        points, means, sds = self.everything()
        low, high = np.zeros(points.shape[1]), np.ones(points.shape[1])
        if self.spaces:
            low, high = self.spaces[-1].low, self.spaces[-1].high
            if _inside(points, low, high).sum() < max(fewest_points(points.shape[1]), asked.points // 2):
                low, high = self.layers[-1].low, self.layers[-1].high
        inside = _inside(points, low, high)
        fitted = [
            emulator(points[inside], means[inside, place], sds[inside, place], asked.replications, low, high)
            for place in range(len(asked.targets))
        ]
        layer = Layer(low, high, tuple(fitted))
        misses = self.judge.misses(means, self._chance(layer, points))
        self.layers.append(doubted(self.judge, layer, points[inside], misses[inside]))
        self.spaces.append(surveyed(self.judge, self.layers, asked.seed))
        if len(self.spaces) > 1 and not self.spaces[-1].empty and asked.method != "optuna":
            self.stable = self.spaces[-1].share >= _STABLE * self.spaces[-2].share

    def _chance(self, layer: Layer, points: Array) -> Array:
        columns = [np.zeros(len(points)) if one is None else one.chance(points) for one in layer.emulators]
        return np.column_stack(columns)


def _inside(points: Array, low: Array, high: Array) -> Any:
    return ((points >= low - 1e-9) & (points <= high + 1e-9)).all(axis=1)


def _by_optuna(search: Search) -> Array:
    """The next points by a tree-structured Parzen estimator (Bergstra et al., 2011) that knows all points so far."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    asked = search.question
    names = [one.path for one in asked.parameters]
    share = optuna.distributions.FloatDistribution(0.0, 1.0)
    seed = (asked.seed * 1_000_003 + len(search.waves)) % 2**32
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", optuna.exceptions.ExperimentalWarning
        )  # of two options that have long been there
        sampler = optuna.samplers.TPESampler(seed=seed, multivariate=True, constant_liar=True)
    study = optuna.create_study(sampler=sampler)
    points, _, _ = search.everything()
    losses = np.minimum(search.judge.sums(search.misses()), 1e12)
    for point, loss in zip(points, losses, strict=True):
        params = {name: float(value) for name, value in zip(names, point, strict=True)}
        study.add_trial(
            optuna.trial.create_trial(params=params, distributions=dict.fromkeys(names, share), value=float(loss))
        )
    trials = [study.ask(dict.fromkeys(names, share)) for _ in range(asked.points)]
    return np.array([[one.params[name] for name in names] for one in trials])
