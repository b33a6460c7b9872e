"""How many people are on each practice's list: data of the place, not luck, so the same in every run."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from flowsim.params.people import Population


def practice_sizes(population: Population) -> NDArray[np.int64]:
    """People on each practice's list: lognormal quantiles in an order that mixes networks, adding up exactly.

    The sizes are data of the place, not luck: the same in every run. Largest remainders keep the total.
    """
    from scipy.special import ndtri

    count = population.practices.count
    sigma = math.sqrt(math.log1p(population.practices.list_size_cv**2))
    places = (np.arange(count) * 0.6180339887498949 + 0.5 / count) % 1.0  # evenly spread, in no order
    quantiles = (np.argsort(np.argsort(places)) + 0.5) / count
    weights = np.exp(sigma * ndtri(quantiles))
    exact = weights / weights.sum() * population.people
    sizes: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    short = population.people - int(sizes.sum())
    sizes[np.argsort(sizes - exact, kind="stable")[:short]] += 1
    return sizes
