"""Parameter sets: a Latin hypercube of the unknowns, correlated where stated, each point a valid set of scenarios.

Sources: McKay, Beckman and Conover (1979), Technometrics 21(2), 239 to 245 (Latin hypercube); Iman and Conover (1982),
Communications in Statistics B 11(3), 311 to 334 (rank correlation by rearranging, which leaves every margin as it is).
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from flowsim.config.evidence import Correlation
from flowsim.experiment.statistics import Array
from flowsim.params import Scenario
from flowsim.rng import luck, stream
from flowsim.sweeps.study import scenario_at
from flowsim.sweeps.telling import Tell, told
from flowsim.uncertain.unknowns import UnknownError, Unknowns
from flowsim.uncertain.values import drawn, values_of

_TRIES = 200  # draws of one set before its rules are held to leave no room


@dataclass(frozen=True)
class ParameterSets:
    """Drawn sets.

    Attributes
    ----------
    quantiles : array (set, unknown)
    redrawn : dict of rule to int
        How many draws broke which rule of the model, and were drawn again.
    """

    unknowns: Unknowns
    quantiles: Array
    redrawn: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.quantiles)

    def at(self, number: int) -> dict[str, float]:
        """Quantile of each unknown in one set."""
        return dict(zip(self.unknowns.names, self.quantiles[number].tolist(), strict=True))

    def values(self, number: int) -> list[dict[str, Any]]:
        """What one set lays over each scenario, by dotted path."""
        known = {one.name: one for one in self.unknowns.found}
        return [values_of(world, known, self.at(number)) for world in self.unknowns.worlds]

    def texts(self) -> tuple[tuple[str, ...], ...]:
        """The same of all sets as JSON, by set and scenario: what a run folder keeps to make each again exactly."""
        return tuple(tuple(json.dumps(one) for one in self.values(number)) for number in range(len(self)))

    def scenarios(self, number: int) -> list[Scenario]:
        """Each scenario as it is in one set."""
        return worlds_at(self.unknowns, self.at(number))

    def table(self) -> Array:
        """What was drawn (set, unknown): numbers, or factors and terms for those under a row."""
        rows = [list(drawn(self.unknowns.found, self.at(number)).values()) for number in range(len(self))]
        return np.array(rows, dtype=float).reshape(len(self), len(self.unknowns.found))

    def notes(self) -> list[str]:
        """What was held or drawn again, in words."""
        found = list(self.unknowns.held)
        if self.redrawn:
            rules = ", ".join(f"{rule} ({count})" for rule, count in sorted(self.redrawn.items()))
            found.append(f"drawn again, as the first draw broke a rule of the model: {rules}")
        return found


def worlds_at(unknowns: Unknowns, quantiles: Mapping[str, float]) -> list[Scenario]:
    """The scenarios at these quantiles; those without one stay as configured.

    Raises
    ------
    ValueError
        If the values break a rule of the model; the message names it.
    """
    known = {one.name: one for one in unknowns.found}
    return [scenario_at(world.tree, values_of(world, known, quantiles)) for world in unknowns.worlds]


def draw(unknowns: Unknowns, count: int, seed: int, tell: Tell | None = None) -> ParameterSets:
    """Draw parameter sets; the same for the same seed and unknowns, on any machine.

    A set that breaks a rule of the model (an assessment longer than the delay it is part of) is drawn again by itself,
    and counted. ``tell`` is called with (sets drawn, in all) now and then.

    Raises
    ------
    UnknownError
        If nothing is unknown, correlations contradict each other, or no valid set is found.
    """
    if not unknowns.found:
        raise UnknownError("nothing is uncertain here: no number of these scenarios has evidence that it varies")
    names = unknowns.names
    table = np.column_stack([hypercube(count, seed, name) for name in names])
    factors = correlated(names, unknowns.correlations)
    for columns, factor in factors:
        table[:, columns] = rearranged(table[:, columns], factor)
    redrawn: Counter[str] = Counter()
    for number in told(range(count), tell):
        _make_valid(unknowns, table, number, factors, seed, redrawn)
    return ParameterSets(unknowns, table, dict(redrawn))


def hypercube(count: int, seed: int, name: str) -> Array:
    """One column: a point in each of ``count`` equal parts of (0, 1), in the order of the unknown's own luck."""
    order = stream(seed, 0, "uncertain", name).permutation(count)
    return np.asarray((order + luck(seed, 0, count, "uncertain", name, "within")) / count)


def correlated(names: Sequence[str], pairs: Sequence[Correlation]) -> list[tuple[list[int], Array]]:
    """Unknowns that hang together, each as their columns and the Cholesky factor of their normal correlations.

    A rank correlation ρ is that of normal scores correlated by 2 sin(π ρ / 6) (Pearson 1907).

    Raises
    ------
    UnknownError
        If no numbers can be correlated so.
    """
    found = []
    for cluster in _clusters(names, pairs):
        matrix = np.eye(len(cluster))
        for pair in pairs:
            if pair.first in cluster:
                i, j = cluster.index(pair.first), cluster.index(pair.second)
                matrix[i, j] = matrix[j, i] = 2.0 * math.sin(math.pi * pair.rank / 6.0)
        try:
            factor = np.linalg.cholesky(matrix)
        except np.linalg.LinAlgError:
            raise UnknownError(f"the correlations of {', '.join(cluster)} contradict each other") from None
        found.append(([names.index(name) for name in cluster], np.asarray(factor)))
    return found


def _clusters(names: Sequence[str], pairs: Sequence[Correlation]) -> list[list[str]]:
    groups: list[list[str]] = []
    for pair in pairs:
        touched = [group for group in groups if pair.first in group or pair.second in group]
        groups = [group for group in groups if group not in touched]
        groups.append([*dict.fromkeys([name for group in touched for name in group] + [pair.first, pair.second])])
    return [sorted(group, key=list(names).index) for group in groups]


def rearranged(table: Array, factor: Array) -> Array:
    """The same columns, each in another order, so that their rank correlations come near those asked."""
    from scipy.special import ndtri

    count = len(table)
    ranks = table.argsort(axis=0).argsort(axis=0)
    scores = np.asarray(ndtri((ranks + 1.0) / (count + 1.0)))
    target = scores @ factor.T
    if count > 2 * table.shape[1]:  # enough points to undo the chance correlations of the sample itself
        own = np.linalg.cholesky(np.corrcoef(scores, rowvar=False))
        target = scores @ np.linalg.inv(own).T @ factor.T
    order = target.argsort(axis=0).argsort(axis=0)
    return np.take_along_axis(np.sort(table, axis=0), order, axis=0)


def _make_valid(
    unknowns: Unknowns,
    table: Array,
    number: int,
    factors: Sequence[tuple[list[int], Array]],
    seed: int,
    redrawn: Counter[str],
) -> None:
    message = ""
    for attempt in range(_TRIES):
        if attempt:
            table[number] = _again(unknowns.names, number, attempt, factors, seed)
        try:
            worlds_at(unknowns, dict(zip(unknowns.names, table[number].tolist(), strict=True)))
        except ValueError as error:
            message = str(error)
            redrawn[message.partition(": ")[0]] += 1
            continue
        return
    raise UnknownError(f"no valid parameter set was found in {_TRIES} draws: {message}")


def _again(
    names: Sequence[str], number: int, attempt: int, factors: Sequence[tuple[list[int], Array]], seed: int
) -> Array:
    """Another point, of independent draws, correlated by a Gaussian copula."""
    from scipy.special import ndtr, ndtri

    point = np.array([float(luck(seed, attempt, 1, "uncertain again", number, name)[0]) for name in names])
    for columns, factor in factors:
        point[columns] = ndtr(factor @ ndtri(point[columns]))
    return point
