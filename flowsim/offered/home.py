"""How long people who left hospital are still at home: readmission and death end whatever support they have."""

from __future__ import annotations

import math

import numpy as np

from flowsim.offered.laws import Floats
from flowsim.params.people import Cohort, Readmission

_LIVES = 2000  # quantiles of the time to death: it is long, and a twentieth of a day's deaths matters to nobody


def still_home(cohort: Cohort, days: Floats, again_share: float, *, supported: bool = True) -> Floats:
    """Chance of neither readmission nor death within so many days of leaving hospital.

    Parameters
    ----------
    again_share : float
        Share of these people who are readmitted within 30 days.
    supported : bool
        Whether they left with support, on whom death after discharge depends.
    """
    chance = np.ones(len(days))
    if cohort.readmission is not None:
        chance = chance - again_share * back_by(cohort.readmission, days)
    return np.asarray(chance * still_alive(cohort, days, supported=supported))


def back_by(again: Readmission, days: Floats) -> Floats:
    """Share of those readmitted within 30 days who are back within so many."""
    return np.asarray(np.expm1(-again.hazard * np.minimum(days, 30.0)) / math.expm1(-30.0 * again.hazard))


def still_alive(cohort: Cohort, days: Floats, *, supported: bool) -> Floats:
    """Chance of no death within so many days of leaving hospital alive."""
    if cohort.death_after_discharge is None:
        return np.ones(len(days))
    death = cohort.death_after_discharge
    lives = (death.supported if supported else death.unsupported).at((np.arange(_LIVES) + 0.5) / _LIVES)
    return np.asarray(1.0 - np.searchsorted(np.sort(lives), days) / _LIVES)
