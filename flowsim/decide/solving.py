"""The first of a row of values that meets a constraint: smallest capacity, latest date; by bisection, error stated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flowsim.decide.order import disorder
from flowsim.decide.sampling import Draw, Samples
from flowsim.decide.verdict import Constraint, Verdict, judge

V = TypeVar("V")
FIRST = 20
AT_MOST = 400


@dataclass(frozen=True, slots=True)
class Evaluation(Generic[V]):
    """One value that was tried, and what was found there."""

    value: V
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Solution(Generic[V]):
    """The answer and what it rests on.

    Attributes
    ----------
    value : V or None
        The first value found to meet the constraint; None if none was.
    estimate, interval
        The share or mean there, with the bounds the decision used.
    undecided : tuple
        Values before it that may meet the constraint too: evidence did not suffice either way.
    evaluations : tuple of Evaluation
        Every value tried, in the order of the row.
    sure : bool
        Nothing was left undecided and nothing speaks against order; ``why`` says it in words.
    """

    value: V | None
    estimate: float
    interval: tuple[float, float]
    undecided: tuple[V, ...]
    evaluations: tuple[Evaluation[V], ...]
    sure: bool
    why: str
    warnings: tuple[str, ...] = ()

    @property
    def replications(self) -> int:
        """Replications of all values together."""
        return sum(one.verdict.replications for one in self.evaluations)


class _Row(Generic[V]):
    """Values with their verdicts so far."""

    def __init__(
        self, draw: Draw, values: Sequence[V], constraint: Constraint, error: float, looks: tuple[int, int]
    ) -> None:
        self.values, self.constraint, self.looks = values, constraint, looks
        self.samples = Samples(draw, len(values))
        self.error = error / most_tried(len(values))
        self.verdicts: dict[int, Verdict] = {}

    def meets(self, at: int) -> bool | None:
        """Whether the value at a place meets the constraint; None if that stays undecided."""
        if at not in self.verdicts:
            self.verdicts[at] = judge(lambda n: self._take(at, n), self.constraint, self.error, *self.looks)
        return self.verdicts[at].meets

    def _take(self, at: int, n: int) -> Sequence[float]:
        self.samples.fill_one(at, n)
        return self.samples.values[at][:n]


def most_tried(size: int) -> int:
    """Values that a bisection of a row may try at most: both ends, and twice the halvings."""
    return 2 + 2 * math.ceil(math.log2(max(size, 2)))


def solve(
    draw: Draw,
    values: Sequence[V],
    constraint: Constraint,
    *,
    confidence: float = 0.95,
    first_stage: int = FIRST,
    at_most: int = AT_MOST,
) -> Solution[V]:
    """The first value of a row that meets a constraint, if all values after it do and all before it do not.

    Bisection on common random numbers. The error 1 − confidence is split evenly over the values that may be tried and
    over the looks at each, so that all decisions together are right with the confidence, whatever the path. A value
    that cannot be decided is left undecided; the search then closes in on the undecided zone from both sides.

    Parameters
    ----------
    draw : callable
        ``draw(place in the row, replication)``; see :data:`flowsim.decide.sampling.Draw`.
    values : sequence
        From the least to the most likely to meet the constraint; a capacity rising, or dates falling.
    first_stage, at_most : int
        Replications of one value at the first look, and at the last.

    Raises
    ------
    ValueError
        If a number is out of range.
    SampleError
        If a sample is NaN or infinite.
    """
    _check(len(values), confidence, first_stage, at_most)
    row = _Row(draw, values, constraint, 1.0 - confidence, (first_stage, at_most))
    last = len(values) - 1
    if row.meets(last) is not True:
        return _none(row, last, confidence)
    if row.meets(0) is True:
        why = f"{values[0]}, the first value of the range, meets {constraint} already; widen the range to look further"
        return _answer(row, -1, 0, confidence, why)
    return _answer(row, *_bisect(row, 0 if row.meets(0) is False else -1, last), confidence)


def _check(size: int, confidence: float, first_stage: int, at_most: int) -> None:
    if size < 2:
        raise ValueError(f"there must be at least 2 values, not {size}")
    if not 0.5 <= confidence < 1.0:
        raise ValueError(f"confidence must be at least 0.5 and below 1, not {confidence}")
    if not 2 <= first_stage <= at_most:
        raise ValueError(f"first_stage must be at least 2 and at most at_most, not {first_stage} and {at_most}")


def _bisect(row: _Row[V], fails: int, meets: int) -> tuple[int, int]:
    """The last place known to fail and the first known to meet, between which nothing can be decided."""
    unsure = 0 if fails < 0 else None
    while unsure is None and meets - fails > 1:
        middle = (fails + meets) // 2
        found = row.meets(middle)
        if found is None:
            unsure = middle
        elif found:
            meets = middle
        else:
            fails = middle
    if unsure is None:
        return fails, meets
    at = unsure
    while meets - at > 1:
        middle = (at + meets) // 2
        if row.meets(middle) is True:
            meets = middle
        else:
            at = middle
            fails = middle if row.meets(middle) is False else fails
    at = unsure
    while at - fails > 1:
        middle = (fails + at) // 2
        if row.meets(middle) is False:
            fails = middle
        else:
            at = middle
    return fails, meets


def _none(row: _Row[V], last: int, confidence: float) -> Solution[V]:
    """Even the most favourable end is not known to meet the constraint."""
    end, first, wanted = row.values[last], row.values[0], row.constraint
    if row.meets(0) is True:
        why = f"{first} meets {wanted} and {end} does not: the constraint runs the other way; look from the other end"
    elif row.meets(last) is False:
        why = f"no value of the range meets {wanted}: {end}, its most favourable end, does not"
    else:
        why = f"{end}, the most favourable end of the range, cannot be decided for {wanted}; allow more replications"
    found = row.verdicts[last]
    undecided = (end,) if found.meets is None else ()
    sure = found.meets is False and row.meets(0) is not True
    interval = (found.low, found.high)
    return Solution(None, found.estimate, interval, undecided, _tried(row), sure, f"{why} ({confidence:g})")


def _answer(row: _Row[V], fails: int, meets: int, confidence: float, why: str = "") -> Solution[V]:
    warnings = disorder(row.samples.values, row.verdicts, row.values, row.constraint, 1.0 - confidence)
    undecided = tuple(row.values[fails + 1 : meets])
    value, found = row.values[meets], row.verdicts[meets]
    if undecided:
        which = f"{undecided[0]} to {undecided[-1]}" if len(undecided) > 1 else f"{undecided[0]}"
        why = f"{value} meets {row.constraint}; {which} cannot be decided"
        why += f" with at most {row.looks[1]} replications a value"
    elif not why:
        why = f"{value} meets {row.constraint} and {row.values[fails]} does not, with confidence {confidence:g}"
    sure = not undecided and not warnings
    interval = (found.low, found.high)
    return Solution(value, found.estimate, interval, undecided, _tried(row), sure, why, warnings)


def _tried(row: _Row[V]) -> tuple[Evaluation[V], ...]:
    return tuple(Evaluation(row.values[at], row.verdicts[at]) for at in sorted(row.verdicts))
