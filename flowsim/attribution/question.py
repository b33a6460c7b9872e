"""Which sets of parts an attribution must run, as a sweep whose points they are; checked before anything is run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flowsim.attribution.parts import PartsError, Programme, programme_of
from flowsim.attribution.shapley import MOST_EXACT, Order, paired_orders, sets_of
from flowsim.experiment.tables import BED_DAYS_SAVED
from flowsim.measures import COMPARED
from flowsim.params import Scenario
from flowsim.sweeps.design import Design
from flowsim.sweeps.outcomes import DIFF, wrong_outcome
from flowsim.sweeps.points import points_of_table
from flowsim.sweeps.study import BASELINE, Study
from flowsim.sweeps.telling import Tell, told

MEASURES = (BED_DAYS_SAVED,)
ORDERS = 64
"""Orders drawn where there are too many parts for all sets; as many runs as eight parts have, or a few times that."""
MOST_ORDERS, MOST_PARTS = 10_000, 62


@dataclass(frozen=True)
class Sets(Study):
    """A sweep whose points are sets of parts that are on; the baseline is none of them."""

    programme: Programme | None = None
    sets: tuple[int, ...] = ()

    def at(self, point: int) -> Scenario:
        """The scenario of a set, or of none."""
        if point == BASELINE or self.programme is None:
            return super().at(point)
        return self.programme.scenario(self.sets[point])

    @property
    def switches(self) -> dict[str, Any]:
        """Paths of each part, and of what comes with all of them."""
        if self.programme is None:
            return {}
        return {"parts": {part.name: part.paths for part in self.programme.parts}, "rest": self.programme.rest}


@dataclass(frozen=True)
class Question:
    """A checked attribution.

    Attributes
    ----------
    measures : tuple of str
        What the parts shall explain: measures, as differences from the base, or bed days saved and beds equivalent.
    sets : tuple of int
        The set of parts at each point of the study; see :meth:`.Programme.scenario`.
    shapley : bool
        Whether Shapley values are asked for.
    orders : tuple of orders
        Those sampled for them; none if all sets are run.
    """

    programme: Programme
    measures: tuple[str, ...]
    sets: tuple[int, ...]
    shapley: bool
    orders: tuple[Order, ...]
    study: Sets


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of two scenarios.

    Attributes
    ----------
    parts : mapping of name to paths
        Parts of one's own; see :func:`.programme_of`.
    orders : int
        How many orders are sampled for Shapley values of more than eight parts; half are the reverse of the others.
    """

    measures: tuple[str, ...] = MEASURES
    parts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    shapley: bool = False
    orders: int = ORDERS
    replications: int = 30
    seed: int = 1


def question_of(base: Scenario, alternative: Scenario, asked: Asked, tell: Tell | None = None) -> Question:
    """Check what is asked, and lay out the runs it needs; ``tell`` is called with (sets checked, in all) now and then.

    Raises
    ------
    PartsError
        With a line for every reason why not.
    """
    wrong = _wrong(asked, base, alternative)
    try:
        programme = programme_of(base, alternative, asked.parts)
        if len(programme.parts) > MOST_PARTS:
            wrong.append(f"there are {len(programme.parts)} parts, and at most {MOST_PARTS} can be run; join some")
    except PartsError as error:
        wrong.append(str(error))
    if wrong:
        raise PartsError("\n".join(wrong))
    count = len(programme.parts)
    sampling = asked.shapley and count > MOST_EXACT
    orders = tuple(paired_orders(count, asked.orders // 2, asked.seed)) if sampling else ()
    measures = tuple(dict.fromkeys(name.removeprefix(DIFF) for name in asked.measures))
    sets = _sets(count, asked.shapley, orders)
    study = _study(programme, measures, sets, asked, tell)
    return Question(programme, measures, sets, asked.shapley, orders, study)


def outcome_of(measure: str) -> str:
    """The outcome of a sweep that is a measure's difference from the base."""
    return measure if measure in COMPARED else f"{DIFF}{measure}"


def _wrong(asked: Asked, *scenarios: Scenario) -> list[str]:
    """What is wrong with orders and measures, a line each."""
    found = [] if asked.measures else ["measures: name at least one"]
    for name in asked.measures:
        wrong = {one.name: wrong_outcome(name, one, compared=True) for one in scenarios}
        for scenario, faults in wrong.items():
            if faults is not None:
                where = "" if all(wrong.values()) else f"{scenario}: "
                found.append("; ".join(text for text in (f"{where}{faults[0]}", faults[1]) if text))
    found = list(dict.fromkeys(found))
    orders = asked.orders
    if isinstance(orders, bool) or not isinstance(orders, int) or not 4 <= orders <= MOST_ORDERS or orders % 2:
        found.append(f"orders must be an even number from 4 to {MOST_ORDERS}, not {orders!r}")
    return found


def _sets(count: int, shapley: bool, orders: Sequence[Order]) -> tuple[int, ...]:
    """Sets that are run: each part alone, all but each, all; and those that Shapley values need besides."""
    everything = (1 << count) - 1
    alone = [1 << place for place in range(count)]
    last = [everything - one for one in alone]
    more = sets_of(count, orders) if shapley else []
    return tuple(one for one in dict.fromkeys([*alone, *last, everything, *more]) if one)


def _study(programme: Programme, measures: Sequence[str], sets: Sequence[int], asked: Asked, tell: Tell | None) -> Sets:
    base, alternative = programme.base, programme.alternative
    prints, wrong = [], list[str]()
    for one in told(sets, tell):
        try:
            prints.append(programme.scenario(one).fingerprint)
        except PartsError as error:
            wrong.append(str(error))
    if wrong:
        raise PartsError("\n".join(wrong[:20]))
    design = Design(
        name=f"attribute {base.name} {alternative.name}"[:100],
        question=f"Which part of {alternative.name} makes which difference from {base.name}?",
        scenario=alternative.name,
        baseline=base.name,
        method="table",
        seed=asked.seed,
        replications=asked.replications,
        outcomes=tuple(outcome_of(name) for name in measures),
    )
    rows = [[one >> place & 1 for place in range(len(programme.parts))] for one in sets]
    points = points_of_table(programme.names, rows)
    return Sets(design, "", alternative, {}, base, points, tuple(prints), programme=programme, sets=tuple(sets))
