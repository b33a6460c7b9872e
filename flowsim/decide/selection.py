"""Ranking and selection: which of k systems has the best mean, with a probability that the choice is right.

Methods
-------
``kn``      fully sequential, variances of the first stage (Kim & Nelson 2001); the default, as its promise is proved
            for any number of replications and any correlation
``kn++``    the same with variances updated as it goes (Kim & Nelson 2006): fewer replications, proved only as they grow
``rinott``  two stages (Rinott 1978)
``ocba``    a fixed budget, spent where it tells most (Chen et al. 2000)

The first three promise: if the best mean is better than all others by at least the *indifference*, it is chosen with
at least the *confidence*, for normal samples. OCBA promises nothing; it says how likely its choice is right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from flowsim.decide.sampling import Draw, Goal, Samples
from flowsim.experiment.statistics import Array

Method = Literal["kn", "kn++", "rinott", "ocba"]
METHODS: tuple[str, ...] = get_args(Method)
DEFAULT_METHOD: Method = "kn"
FIRST_STAGE = 10
"""Replications of each system before anything is decided."""
MOST_SYSTEMS = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """A moment of a selection: replications of all systems so far, and the systems still in question."""

    total: int
    systems: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """The chosen system and what the choice rests on.

    Attributes
    ----------
    best : int
        The chosen system; of equal ones the first.
    samples, means : tuple
        Replications and mean of each system.
    probability : float
        If ``sure``: the confidence asked for. Else an estimate of the probability that the chosen system is the best
        or within the indifference of it.
    sure : bool
        Whether the promise of the method holds; ``why`` says what stands against it, or what it is.
    """

    best: int
    samples: tuple[int, ...]
    means: tuple[float, ...]
    method: Method
    probability: float
    indifference: float
    sure: bool
    why: str
    history: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a selection is asked: see :func:`select`."""

    method: Method = DEFAULT_METHOD
    goal: Goal = "max"
    indifference: float = 0.0
    confidence: float = 0.95
    first_stage: int = FIRST_STAGE
    at_most: int = 100_000

    def check(self, systems: int) -> None:
        """Raise ValueError, naming the rule, if these cannot be used for so many systems."""
        needs_zone = self.method != "ocba"
        faults = (
            (not 2 <= systems <= MOST_SYSTEMS, f"there must be 2 to {MOST_SYSTEMS} systems, not {systems}"),
            (self.method not in METHODS, f"method must be one of {', '.join(METHODS)}, not {self.method!r}"),
            (self.goal not in get_args(Goal), f"goal must be max or min, not {self.goal!r}"),
            (not 0.0 <= self.indifference < float("inf"), f"indifference must be at least 0, not {self.indifference}"),
            (needs_zone and not self.indifference, f"{self.method} needs an indifference above 0"),
            (
                not 1.0 / max(systems, 2) < self.confidence < 1.0,
                f"confidence must be between 1/{systems} (guessing) and 1, not {self.confidence}",
            ),
            (self.first_stage < 2, f"first_stage must be at least 2, not {self.first_stage}"),
            (
                self.at_most < systems * self.first_stage,
                f"at_most must be at least {systems * self.first_stage} (first_stage of each system), "
                f"not {self.at_most}",
            ),
        )
        for fault, message in faults:
            if fault:
                raise ValueError(message)


def select(
    draw: Draw,
    systems: int,
    *,
    method: Method = DEFAULT_METHOD,
    goal: Goal = "max",
    indifference: float = 0.0,
    confidence: float = 0.95,
    first_stage: int = FIRST_STAGE,
    at_most: int = 100_000,
) -> Selection:
    """Choose the system with the largest (or smallest) mean.

    Parameters
    ----------
    draw : callable
        ``draw(system, replication)``; the same replication has the same luck in every system. A method
        ``prefetch(pairs)``, if it has one, is told first what will be drawn.
    indifference : float
        The smallest difference of means that matters, in the unit of the samples; ``ocba`` needs none.
    confidence : float
        Probability of a right choice, between 1/systems and 1.
    first_stage : int
        Replications of each system before anything is decided, at least 2.
    at_most : int
        Replications of all systems together; the whole budget of ``ocba``. If the others reach it, they give the best
        so far, not ``sure``.

    Raises
    ------
    ValueError, SampleError
        If a number is out of range; if a sample is NaN or infinite.
    """
    rules = Rules(method, goal, indifference, confidence, first_stage, at_most)
    rules.check(systems)
    return under_rules(draw, systems, rules)


def under_rules(draw: Draw, systems: int, rules: Rules) -> Selection:
    """As :func:`select`, from rules that have been checked."""
    from flowsim.decide.budget import ocba
    from flowsim.decide.sequential import sequential
    from flowsim.decide.twostage import rinott

    samples = Samples(draw, systems, rules.goal)
    samples.fill([rules.first_stage] * systems)
    if rules.method == "ocba":
        return ocba(samples, rules)
    return rinott(samples, rules) if rules.method == "rinott" else sequential(samples, rules)


def chosen(
    samples: Samples, rules: Rules, among: tuple[int, ...], history: list[Step], why: str, *, sure: bool
) -> Selection:
    """The selection whose best is the one with the largest mean among some systems."""
    means = samples.means()
    best = max(among, key=lambda system: (means[system], -system))
    probability = rules.confidence if sure else probability_right(samples, best, rules.indifference)
    return Selection(
        best=best,
        samples=tuple(samples.counts),
        means=tuple(float(mean) * samples.sign for mean in means),
        method=rules.method,
        probability=probability,
        indifference=rules.indifference,
        sure=sure,
        why=why,
        history=tuple(history),
    )


def probability_right(samples: Samples, best: int, indifference: float = 0.0) -> float:
    """Estimated probability that a system is the best, or within the indifference of the best.

    1 − Σ Φ(−(x̄_b − x̄_i + δ) / √(s_b²/n_b + s_i²/n_i)) over the others: the approximate probability of correct
    selection of Chen et al. (2000), with the indifference zone of Branke, Chick & Schmidt (2007), "Selecting a
    selection procedure", Management Science 53(12). Taken as if samples were independent, so cautious under common
    random numbers. At least 0.
    """
    from scipy.special import ndtr

    means, spread = samples.means(), samples.variances() / np.array(samples.counts)
    others = np.arange(len(means)) != best
    gap: Array = (means[best] - means + indifference)[others]
    error = np.sqrt(spread[best] + spread)[others]
    known = error > 0.0
    wrong = np.where(known, ndtr(-gap / np.where(known, error, 1.0)), (gap < 0.0).astype(float))
    return float(max(0.0, 1.0 - wrong.sum()))
