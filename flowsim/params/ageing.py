"""How the age bands' shares of presentations move as bands grow apart."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from flowsim.params.people import Population

Floats = NDArray[np.float64]


def shares_at(population: Population, weights: Floats, at: Floats, start: dt.date) -> Floats:
    """Share of presentations by age band at each moment.

    Parameters
    ----------
    weights : array, one per band
        Hazard of all its people together before ageing.
    at : array
        Days since the start of the run.

    Returns
    -------
    array of moments × bands
        Rows add to 1.
    """
    ageing = population.ageing
    if ageing is None:
        return np.tile(weights / weights.sum(), (len(at), 1))
    growth = np.array([ageing.growth_per_year[name] for name in population.age_bands])
    years = np.maximum(at - (ageing.start - start).days, 0.0) / 365.25
    grown = weights * (1.0 + growth) ** years[:, None]
    return np.asarray(grown / grown.sum(axis=1, keepdims=True))
