"""The cheapest of those that meet a target, from numbers of runs; knows nothing of the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flowsim.decide.verdict import Constraint, Verdict, verdict
from flowsim.experiment.statistics import Array, Estimate, estimate
from flowsim.rng import stream

RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen one of some mixes (None: no mix is sure to meet the target) and what the choice rests on.

    Attributes
    ----------
    verdicts : tuple of Verdict
        Whether each meets the target; bounds of all hold together.
    dearer : tuple of Estimate
        Cost of each less that of the chosen one, paired; empty without one.
    again : float
        Share of resamples of the replications in which this mix is the cheapest of those whose mean meets the target.
    """

    best: int | None
    verdicts: tuple[Verdict, ...]
    dearer: tuple[Estimate, ...]
    again: float


def still_in_question(costs: Array, values: Array, constraint: Constraint, error: float, most: int) -> list[int]:
    """Mixes worth running again: the cheapest whose mean meets the target, and of the cheaper ones the nearest to it.

    Parameters
    ----------
    costs, values : array (mixes, replications)
    error : float
        Of the bound by which a mix that misses the target may still meet it.
    most : int
        How many of the cheapest; half as many of the cheaper ones; and the cheapest that surely meets the target. If no
        mean meets it, the cheapest that may.
    """
    verdicts = [verdict(row.tolist(), constraint, error) for row in values]
    order = sorted(range(len(costs)), key=lambda at: (float(costs[at].mean()), at))
    may = [at for at in order if verdicts[at].meets is not False]
    good = [at for at in may if constraint.met_by(verdicts[at].estimate)][:most]
    if not good:
        return sorted(may[:most])
    cheaper = [at for at in may[: may.index(good[0])] if at not in good]
    nearest = sorted(cheaper, key=lambda at: abs(verdicts[at].estimate - constraint.limit))[: most // 2]
    sure = [at for at in order if verdicts[at].meets][:1]
    return sorted({*good, *nearest, *sure})


def choose(costs: Array, values: Array, constraint: Constraint, error: float, name: str) -> Choice:
    """The cheapest mix that surely meets the target.

    Parameters
    ----------
    costs, values : array (mixes, replications)
        Of fresh replications, paired.
    error : float
        That any mix is said to meet the target and does not (Bonferroni).
    name : str
        Of the question, for the luck of resampling.
    """
    verdicts = tuple(verdict(row.tolist(), constraint, error / len(values)) for row in values)
    meets = [at for at, one in enumerate(verdicts) if one.meets]
    if not meets:
        return Choice(None, verdicts, (), 0.0)
    best = min(meets, key=lambda at: (float(costs[at].mean()), at))
    dearer = tuple(estimate(row - costs[best]) for row in costs)
    return Choice(best, verdicts, dearer, _chosen_again(costs, values, constraint, best, name))


def _chosen_again(costs: Array, values: Array, constraint: Constraint, best: int, name: str) -> float:
    """How often resampled replications (all mixes the same ones) point to the same mix."""
    count = costs.shape[1]
    rows = stream(1, 0, f"winter_mix:{name}").integers(0, count, size=(RESAMPLES, count))
    found = [cheapest(costs[:, row].mean(axis=1), values[:, row].mean(axis=1), constraint) for row in rows]
    return found.count(best) / RESAMPLES


def cheapest(costs: Array, values: Array, constraint: Constraint) -> int | None:
    """By means alone: the cheapest of those that meet a target."""
    meets: Sequence[int] = [at for at, value in enumerate(values) if constraint.met_by(float(value))]
    return min(meets, key=lambda at: (float(costs[at]), at)) if meets else None
