"""Questions answered by simulation: the answer in numbers, in a sentence, and the folder it is kept in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np

from flowsim.decide import front_words
from flowsim.decide.front import Fronted, Tried, answer_front
from flowsim.decide.front_question import FrontQuestion
from flowsim.decide.keeping import Samples
from flowsim.decide.question import SelectQuestion, SolveQuestion
from flowsim.decide.selection import Selection, under_rules
from flowsim.decide.simulated import Simulated, Tick
from flowsim.decide.solving import Solution, most_tried, solve
from flowsim.experiment.statistics import Estimate, estimate
from flowsim.experiment.words import number
from flowsim.measures import describe

Value = int | dt.date
Question = SelectQuestion | SolveQuestion | FrontQuestion


@dataclass(frozen=True, slots=True)
class Selected:
    """The answer to a selection.

    Attributes
    ----------
    means : tuple of Estimate
        Mean of every scenario with its 95 % interval.
    gaps : tuple of Estimate
        Every scenario less the chosen one, over the replications both have, paired; 0 for the chosen one itself.
    """

    question: SelectQuestion
    selection: Selection
    means: tuple[Estimate, ...]
    gaps: tuple[Estimate, ...]

    @property
    def best(self) -> str:
        """Name of the chosen scenario."""
        return self.question.scenarios[self.selection.best].name

    def sentence(self) -> str:
        """The answer in words."""
        asked, found = self.question, self.selection
        unit = describe(asked.measure).unit
        size = "largest" if asked.rules.goal == "max" else "smallest"
        mean = number(found.means[found.best], unit)
        if found.sure:
            promise = f"with probability at least {found.probability:g} if it leads by {asked.rules.indifference:g}"
            verb = "has"
        else:
            promise = f"probability about {found.probability:.2f}, an estimate and no promise"
            verb = "probably has"
        what = f"the {size} mean {asked.measure} ({mean} {unit}) of {len(asked.scenarios)} scenarios"
        return f"{self.best} {verb} {what}, {promise}; {found.why}."

    def tree(self) -> dict[str, Any]:
        """The answer as JSON holds it."""
        asked, found = self.question, self.selection
        names = [one.name for one in asked.scenarios]
        return {
            "question": "select",
            "measure": asked.measure,
            "goal": asked.rules.goal,
            "best": self.best,
            "sure": found.sure,
            "probability": found.probability,
            "indifference": found.indifference,
            "method": found.method,
            "why": found.why,
            "scenarios": {name: _numbers(one) for name, one in zip(names, self.means, strict=True)},
            "less_the_best": {name: _numbers(one) for name, one in zip(names, self.gaps, strict=True)},
            "history": [{"total": one.total, "in": [names[at] for at in one.systems]} for one in found.history],
            "replications": sum(found.samples),
            "seed": asked.seed,
            "fingerprint": {one.name: one.fingerprint for one in asked.scenarios},
        }


@dataclass(frozen=True, slots=True)
class Solved:
    """The answer to a search for the first value that meets a constraint."""

    question: SolveQuestion
    solution: Solution[Value]

    def sentence(self) -> str:
        """The answer in words."""
        asked, found = self.question, self.solution
        words = f"{asked.scenario}: {found.why}"
        if found.value is not None:
            low, high = found.interval
            kind = "share" if asked.constraint.chance is not None else "mean"
            words += f"; there the {kind} is {found.estimate:.4g} ({low:.4g} to {high:.4g})"
        head = f"{asked.parameter} = {found.value}" if found.value is not None else f"no value of {asked.parameter}"
        doubt = (
            " is enough; so may be an undecided one"
            if found.value is not None and not found.warnings
            else " (not sure)"
        )
        return f"{head}{'' if found.sure else doubt}. {words}."

    def tree(self) -> dict[str, Any]:
        """The answer as JSON holds it."""
        asked, found = self.question, self.solution
        return {
            "question": "solve",
            "scenario": asked.scenario,
            "parameter": asked.parameter,
            "constraint": str(asked.constraint),
            "value": _plain(found.value),
            "sure": found.sure,
            "confidence": asked.confidence,
            "estimate": found.estimate,
            "ci_low": found.interval[0],
            "ci_high": found.interval[1],
            "undecided": [_plain(one) for one in found.undecided],
            "why": found.why,
            "warnings": list(found.warnings),
            "evaluations": [
                {
                    "value": _plain(one.value),
                    "meets": one.verdict.meets,
                    "estimate": one.verdict.estimate,
                    "ci_low": one.verdict.low,
                    "ci_high": one.verdict.high,
                    "n": one.verdict.replications,
                }
                for one in found.evaluations
            ],
            "replications": found.replications,
            "seed": asked.seed,
        }


@dataclass(frozen=True, slots=True)
class Front:
    """The answer to a question for what nothing beats."""

    found: Fronted

    def sentence(self) -> str:
        """The answer in words."""
        return front_words.sentence(self.found)

    def tree(self) -> dict[str, Any]:
        """The answer as JSON holds it."""
        return front_words.tree_of(self.found)


Answer = Selected | Solved | Front


def answer(draw: Simulated, asked: Question) -> Answer:
    """Answer a question from the runs of :func:`drawing`.

    Raises
    ------
    SampleError
        If a replication fails or its measure is undefined.
    ConfigError
        If a value between the ends of a search for the first that is enough cannot be.
    SearchMissingError
        If optuna is needed for and not installed.
    """
    if isinstance(asked, SelectQuestion):
        return answer_select(draw, asked)
    if isinstance(asked, SolveQuestion):
        return answer_solve(draw, asked)
    if not isinstance(draw, Tried):
        raise TypeError(f"a front is answered from the runs of drawing(), not {type(draw).__name__}")
    return Front(answer_front(draw))


def answer_select(draw: Simulated, asked: SelectQuestion) -> Selected:
    """Run a selection.

    Raises
    ------
    SampleError
        If a replication fails or its measure is undefined.
    """
    found = under_rules(draw, len(asked.scenarios), asked.rules)
    columns = [np.array([draw(at, one) for one in range(n)]) for at, n in enumerate(found.samples)]
    best = columns[found.best]
    gaps = [column[: len(best)] - best[: len(column)] for column in columns]
    return Selected(asked, found, tuple(map(estimate, columns)), tuple(map(estimate, gaps)))


def answer_solve(draw: Simulated, asked: SolveQuestion) -> Solved:
    """Run a search; errors as :func:`answer_select`, and ConfigError if a value between the ends cannot be."""
    found: Solution[Value] = solve(
        draw,
        list(asked.values),
        asked.constraint,
        confidence=asked.confidence,
        first_stage=asked.first_stage,
        at_most=asked.at_most,
    )
    return Solved(asked, found)


def drawing(asked: Question, jobs: int | None = None, tick: Tick | None = None) -> Simulated:
    """The runs of the model a question is answered from."""
    if isinstance(asked, FrontQuestion):
        return Tried(asked, jobs, tick)
    if isinstance(asked, SelectQuestion):
        scenarios = asked.scenarios
        return Simulated(lambda at: scenarios[at], [asked.measure], asked.seed, jobs, tick)
    row, build = asked.values, asked.build
    return Simulated(lambda at: build(row[at]), [asked.constraint.name], asked.seed, jobs, tick)


def samples(draw: Simulated, asked: Question) -> Samples:
    """Every number drawn, for :func:`.keeping.keep`."""
    if isinstance(asked, FrontQuestion):
        return Samples([draw.scenarios[at].name for at in sorted(draw.scenarios)], asked.measures, draw.drawn)
    return Samples(labels(asked), ("value",), draw.drawn)


def most(asked: Question) -> int:
    """Replications that may be needed in all."""
    if isinstance(asked, FrontQuestion):
        return asked.points * asked.replications
    if isinstance(asked, SelectQuestion):
        return asked.rules.at_most
    return asked.at_most * min(len(asked.values), most_tried(len(asked.values)))


def labels(asked: SelectQuestion | SolveQuestion) -> list[str]:
    """What each system is called: scenario names, or values of the parameter."""
    if isinstance(asked, SelectQuestion):
        return [one.name for one in asked.scenarios]
    return [str(value) for value in asked.values]


def _numbers(found: Estimate) -> dict[str, float | int | None]:
    low, high = (None if np.isnan(one) else one for one in (found.low, found.high))
    return {"mean": found.mean, "ci_low": low, "ci_high": high, "sd": found.sd, "n": found.n}


def _plain(value: Value | None) -> int | str | None:
    return value.isoformat() if isinstance(value, dt.date) else value
