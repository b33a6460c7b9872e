"""Trajectories for screening: each step changes one parameter, so that elementary effects can be read off."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from flowsim.rng import stream

Table = NDArray[np.float64]


def trajectories(parameters: int, count: int, levels: int, seed: int) -> Table:
    """Points of the unit cube, ``parameters + 1`` rows for each trajectory.

    Source: Morris (1991), Factorial sampling plans for preliminary computational experiments, Technometrics 33(2),
    161 to 174, with the step ``levels / (2 (levels − 1))`` recommended there for an even number of levels.
    """
    luck = stream(seed, 0, "design", "morris")
    step = levels / (2.0 * (levels - 1.0))
    starts = np.arange(levels // 2) / (levels - 1.0)
    rows = [_trajectory(parameters, step, starts, luck) for _ in range(count)]
    return np.concatenate(rows).clip(0.0, 1.0)


def _trajectory(parameters: int, step: float, starts: Table, luck: np.random.Generator) -> Table:
    base = luck.choice(starts, size=parameters)
    signs = luck.choice(np.array([-1.0, 1.0]), size=parameters)
    order = luck.permutation(parameters)
    lower = np.tri(parameters + 1, parameters, k=-1)
    moves = (step / 2.0) * ((2.0 * lower - 1.0) * signs + 1.0)
    return np.asarray((base + moves)[:, order])
