"""How long people who left hospital with support are still at home: readmission and death end support."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from flowsim.params.people import Cohort

Floats = NDArray[np.float64]


def still_home(cohort: Cohort, days: Floats, again_share: float) -> Floats:
    """Chance of neither readmission nor death within so many days of leaving with support.

    Parameters
    ----------
    again_share : float
        Share of people with support who are readmitted within 30 days.
    """
    chance = np.ones(len(days))
    if cohort.readmission is not None:
        again = cohort.readmission
        rate = _rate_for_half(again.half_by_days)
        within = np.expm1(-rate * np.minimum(days, 30.0)) / math.expm1(-30.0 * rate)
        chance = chance - again_share * within
    if cohort.death_after_discharge is not None:
        lives = cohort.death_after_discharge.supported.at((np.arange(2000) + 0.5) / 2000)
        chance = chance * (1.0 - np.searchsorted(np.sort(lives), days) / 2000)
    return np.asarray(chance)


def _rate_for_half(day: float) -> float:
    """Daily hazard at which half of those readmitted within 30 days are by the given day; by halving."""
    low, high = 1e-9, 50.0
    for _ in range(100):
        middle = (low + high) / 2
        early = math.expm1(-day * middle) / math.expm1(-30.0 * middle) < 0.5
        low, high = (middle, high) if early else (low, middle)
    return low
