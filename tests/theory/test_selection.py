"""Promises held: the share of right choices and of right solutions over many repeats whose truth is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from flowsim.decide import Constraint, select, solve

pytestmark = pytest.mark.theory

REPEATS = 300
PROMISED = 0.95
ALLOWED = PROMISED - 3.0 * math.sqrt(PROMISED * (1.0 - PROMISED) / REPEATS)
"""Three binomial standard errors under the promise: a method that just keeps it fails once in 700."""

WORLDS = {
    "two": (2, [1.0, 4.0], 0.0),
    "correlated": (5, [1.0, 2.0, 3.0, 3.5, 4.0], 0.7),
    "rising": (6, [1.0, 1.5, 2.0, 2.5, 3.0, 3.5], 0.0),
    "falling": (6, [3.5, 3.0, 2.5, 2.0, 1.5, 1.0], 0.0),
    "equal": (8, [2.0] * 8, 0.3),
}


def right(world: str, method: str, repeat: int) -> bool:
    """One repeat: the first system is better than all others by exactly the indifference."""
    k, sds, correlation = WORLDS[world]
    rng = np.random.default_rng([repeat, k])
    own, shared = rng.standard_normal((k, 2000)), rng.standard_normal((1, 2000))
    table = math.sqrt(1.0 - correlation) * own + math.sqrt(correlation) * shared
    table = table * np.array(sds)[:, None]
    table[0] += 1.0
    rows = table.tolist()
    return select(lambda at, one: rows[at][one], k, method=method, indifference=1.0).best == 0


@pytest.mark.parametrize("world", list(WORLDS))
@pytest.mark.parametrize("method", ["kn", "kn++", "rinott"])
def test_the_best_is_chosen_as_often_as_promised(world, method):
    assert sum(right(world, method, repeat) for repeat in range(REPEATS)) / REPEATS >= ALLOWED


@pytest.mark.parametrize("chance", [None, 0.8])
def test_solutions_that_are_sure_are_right_as_often_as_promised(chance):
    shift = 0.0 if chance is None else 0.8416212335729143  # the 80 % quantile
    truth = next(slots for slots in range(41) if 20.3 - slots + shift <= 0.0)
    wrong = 0
    for repeat in range(REPEATS):
        luck = np.random.default_rng(repeat).standard_normal(400).tolist()
        found = solve(lambda at, one: 20.3 - at + luck[one], range(41), Constraint(0.0, chance=chance))  # noqa: B023
        missed = found.value is None or not (found.value == truth or truth in found.undecided)
        wrong += missed
    assert wrong / REPEATS <= 1.0 - ALLOWED
