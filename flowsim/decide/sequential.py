"""Fully sequential selection: one replication of every survivor a round, and whoever falls behind is out.

Sources: Kim & Nelson (2001), "A fully sequential procedure for indifference-zone selection in simulation", ACM TOMACS
11(3), 251-273 (KN); Kim & Nelson (2006), "On the asymptotic validity of fully sequential selection procedures for
steady-state simulation", Operations Research 54(3), 475-488 (KN++).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from flowsim.decide.sampling import Samples
from flowsim.decide.selection import Rules, Selection, Step, chosen
from flowsim.experiment.statistics import Array

GROWTH = 3
"""KN++ updates its variances when the replications have grown so many times since it last did.

The paper leaves the moments of updating open. At every round, a variance that happens to come out small ends the
procedure at once, and the promise is missed by up to a per cent (measured: experiments/selection); at 10, 30, 90, ...
replications it holds, for a tenth more of them.
"""


def sequential(samples: Samples, rules: Rules) -> Selection:
    """KN or KN++, from a first stage that has been drawn.

    After round r, system i stays if for every other survivor l
    ``Σ X_i ≥ Σ X_l − W_il``, with ``W_il = max(0, δ/2 · (h² S²_il / δ² − r))`` and ``h² = 2 η (n − 1)``,
    ``η = ½ ((2 α / (k − 1))^(−2 / (n − 1)) − 1)`` (c = 1). S²_il is the variance of the *differences* of i and l, so
    common random numbers help and are allowed (Bonferroni over pairs). KN takes S² and n from the first stage; KN++
    takes them anew as replications grow, so it needs fewer, and a first stage that was lucky is outgrown.
    """
    everyone = tuple(range(len(samples.values)))
    pairs = Pairs(len(everyone))
    for row in zip(*samples.values, strict=True):
        pairs.add(np.array(row), everyone)
    alive, history = everyone, [Step(samples.total, everyone)]
    updated, scaled = pairs.count, pairs.variances() * spread_factor(len(everyone), pairs.count, rules)
    while True:
        if rules.method == "kn++" and pairs.count >= GROWTH * updated:
            updated, scaled = pairs.count, pairs.variances() * spread_factor(len(everyone), pairs.count, rules)
        left = survivors(pairs, alive, scaled, rules)
        if left != alive:
            history.append(Step(samples.total, left))
        alive = left
        if len(alive) == 1 or _settled(scaled, alive, pairs.count, rules):
            why = f"{rules.method} ended after {pairs.count} replications of the survivors"
            return chosen(samples, rules, alive, history, why, sure=True)
        if samples.total + len(alive) > rules.at_most:
            why = f"at_most ended it at {samples.total} replications with {len(alive)} systems left"
            return chosen(samples, rules, alive, history, why, sure=False)
        pairs.add(samples.round(alive), alive)


def spread_factor(systems: int, n: int, rules: Rules) -> float:
    """``h²`` for c = 1, from n replications; it tends to −2 ln(2 α / (k − 1)) as n grows."""
    error = 2.0 * (1.0 - rules.confidence) / (systems - 1)
    eta = 0.5 * (math.pow(error, -2.0 / (n - 1)) - 1.0)
    return max(0.0, 2.0 * eta * (n - 1))


def survivors(pairs: Pairs, alive: tuple[int, ...], scaled: Array, rules: Rules) -> tuple[int, ...]:
    """Who is not behind any other survivor by more than the triangle allows; ``scaled`` is h² S² of each pair."""
    zone = rules.indifference
    rows = np.array(alive)
    allowed = np.maximum(0.0, zone / 2.0 * (scaled[np.ix_(rows, rows)] / zone**2 - pairs.count))
    lead = pairs.mean[np.ix_(rows, rows)] * pairs.count  # Σ X_i − Σ X_l
    stays = (lead >= -allowed).all(axis=1)
    return tuple(int(system) for system in rows[stays])


def _settled(scaled: Array, alive: tuple[int, ...], count: int, rules: Rules) -> bool:
    """Whether the triangle of every pair has closed: then the largest mean is taken."""
    rows = np.array(alive)
    return count > math.floor(float(scaled[np.ix_(rows, rows)].max()) / rules.indifference**2)


@dataclass(slots=True)
class Pairs:
    """Mean and sum of squares of the differences of every two systems, updated round by round (Welford 1962).

    Kept of the differences themselves, so that two systems that always differ by the same have variance 0 exactly.
    """

    systems: int
    count: int = 0
    mean: Array = field(init=False)
    squares: Array = field(init=False)

    def __post_init__(self) -> None:
        self.mean = np.zeros((self.systems, self.systems))
        self.squares = np.zeros((self.systems, self.systems))

    def add(self, values: Array, alive: tuple[int, ...]) -> None:
        """One more replication of the survivors; pairs with anyone else are left as they were."""
        self.count += 1
        grid = np.ix_(alive, alive)
        differences = values[:, None] - values[None, :]
        off = differences - self.mean[grid]
        self.mean[grid] += off / self.count
        self.squares[grid] += off * (differences - self.mean[grid])

    def variances(self) -> Array:
        """Variance of the differences of every two survivors (divisor n − 1)."""
        return self.squares / max(self.count - 1, 1)
