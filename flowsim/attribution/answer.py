"""What an attribution finds: each part alone, each last, what is left as interaction, and Shapley values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from flowsim.attribution.parts import ALL, INTERACTION
from flowsim.attribution.question import Question, outcome_of
from flowsim.attribution.shapley import exact, sampled
from flowsim.experiment.statistics import Array, Estimate, estimate
from flowsim.sweeps import Outcome
from flowsim.sweeps.outcomes import possible_of_outcome, unit_of_outcome

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

ALONE, LAST, SHAPLEY, TOGETHER = "alone", "last", "shapley", "together"
COLUMNS = ("part", "title", "measure", "unit", "effect", "mean", "ci_low", "ci_high", "sd", "n", "sampling_se", "note")
Worth = Mapping[int, Array]
"""Difference from the base (replication,) of each set of parts that was run."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One part's effect on one measure, seen in one way.

    Attributes
    ----------
    part : str
        Name of the part; ``all`` together, or their ``interaction``: all together less the sum of each alone.
    effect : str
        ``alone`` (added to the base), ``last`` (missing from the alternative), ``shapley``; ``together`` and
        ``interaction`` of all.
    values : array (replication,)
        Paired differences; ``replications`` say of which replications.
    sampling_se : float
        Standard error of a Shapley value for not having run all orders; NaN where there is none.
    """

    part: str
    title: str
    measure: str
    effect: str
    values: Array
    replications: tuple[int, ...]
    found: Estimate
    sampling_se: float = math.nan
    note: str = ""

    @property
    def unit(self) -> str:
        """Unit of the measure."""
        return unit_of_outcome(self.measure)


@dataclass
class Attribution:
    """Effects of the parts of a programme; printed, it says what was found.

    Attributes
    ----------
    effects : list of Effect
        By measure: each part in each way, then all together and the interaction.
    outcome : Outcome
        The sweep behind it: failures, whether it is complete or was stopped.
    """

    question: Question
    outcome: Outcome
    effects: list[Effect] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where it is kept, if it is."""
        return self.outcome.folder

    @property
    def parts(self) -> dict[str, str]:
        """The parts that were switched: name and what it is."""
        return {part.name: part.title for part in self.question.programme.parts}

    def of(self, measure: str, effect: str) -> list[Effect]:
        """Effects on a measure seen in one way, in order of the parts."""
        return [one for one in self.effects if (one.measure, one.effect) == (measure, effect)]

    def summary(self) -> pd.DataFrame:
        """One row for each part, measure and way of seeing it, with 95 % intervals over replications.

        Returns
        -------
        DataFrame
            Columns part, title, measure, unit, effect (alone, last, shapley; together, interaction), mean, ci_low,
            ci_high, sd, n, sampling_se, note. Parts that were not run, as nothing is stated of them, are 0.
        """
        import pandas as pd

        return pd.DataFrame(rows(self), columns=list(COLUMNS))

    @property
    def replications(self) -> pd.DataFrame:
        """The same in each replication: part, measure, effect, replication, value.

        In each, Shapley values add up to all together; so do the effects alone with the interaction.
        """
        import pandas as pd

        lines = [
            (one.part, one.measure, one.effect, number, value)
            for one in self.effects
            for number, value in zip(one.replications, one.values.tolist(), strict=True)
        ]
        return pd.DataFrame(lines, columns=["part", "measure", "effect", "replication", "value"])

    def plot(self, measure: str | None = None, ax: Axes | None = None) -> Axes:
        """Draw the parts of a measure (the first asked for by default) with their intervals."""
        from flowsim.plots.parts import parts_of_difference

        return parts_of_difference(self.summary(), measure or self.question.measures[0], ax=ax)

    def sentences(self) -> list[str]:
        """What was found, in words."""
        from flowsim.attribution.words import sentences

        return sentences(self)

    def __repr__(self) -> str:
        return "\n".join(self.sentences()) or "not complete yet"


def rows(done: Attribution) -> list[tuple[Any, ...]]:
    """Rows of the summary, as :data:`COLUMNS` says."""
    return [
        (
            *_name(one),
            one.found.mean,
            one.found.low,
            one.found.high,
            one.found.sd,
            one.found.n,
            one.sampling_se,
            one.note,
        )
        for one in done.effects
    ]


def _name(one: Effect) -> tuple[str, ...]:
    return one.part, one.title, one.measure, one.unit, one.effect


def effects_of(question: Question, outcome: Outcome) -> list[Effect]:
    """All effects, from the runs of a complete sweep.

    A replication counts for a measure if every set was run in it and has the measure, so that all is paired.
    """
    frame = outcome.frame()
    columns = {name: frame[name].to_numpy() for name in ("point", "replication", "measure", "value")}
    found = []
    for measure in question.measures:
        mine = columns["measure"] == outcome_of(measure)
        worth, numbers = _worth(question, *(columns[name][mine] for name in ("point", "replication", "value")))
        found += list(_effects(question, measure, worth, numbers))
    return found


def _worth(question: Question, points: Array, replications: Array, values: Array) -> tuple[Worth, tuple[int, ...]]:
    """What each set makes of a measure, and in which replications all sets have it."""
    table = np.full((len(question.sets), question.study.design.first_look), math.nan)
    table[points.astype(int), replications.astype(int)] = values
    whole = np.flatnonzero(~np.isnan(table).any(axis=0))
    worth = {one: table[place, whole] for place, one in enumerate(question.sets)}
    return {0: np.zeros(len(whole)), **worth}, tuple(int(one) for one in whole)


def _effects(question: Question, measure: str, worth: Worth, numbers: tuple[int, ...]) -> Iterator[Effect]:
    programme = question.programme
    everything, count = worth[programme.everything], len(programme.parts)
    alone = np.array([worth[1 << place] for place in range(count)])
    last = np.array([everything - worth[programme.everything - (1 << place)] for place in range(count)])
    ways = {ALONE: (alone, np.full(count, math.nan)), LAST: (last, np.full(count, math.nan))}
    if question.shapley:
        sought = sampled(worth, question.orders) if question.orders else (exact(worth, count), np.full(count, math.nan))
        ways[SHAPLEY] = sought
    for way, (values, errors) in ways.items():
        for place, part in enumerate(programme.parts):
            found = _estimate(measure, values[place])
            yield Effect(
                part.name, part.title, measure, way, values[place], numbers, found, float(errors[place])
            )  # fmt: skip
        for one in programme.idle:
            nothing = np.zeros(len(numbers))
            yield Effect(one.name, one.title, measure, way, nothing, numbers, estimate(nothing), note=one.why)
    title = "All parts together"
    yield Effect(ALL, title, measure, TOGETHER, everything, numbers, _estimate(measure, everything))
    left = everything - alone.sum(axis=0)
    yield Effect(INTERACTION, "Interaction", measure, INTERACTION, left, numbers, estimate(left))


def _estimate(measure: str, values: Array) -> Estimate:
    return estimate(values, possible=possible_of_outcome(outcome_of(measure), values))
