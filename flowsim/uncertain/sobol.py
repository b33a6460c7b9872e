"""Sobol' indices through SALib, which is an extra.

Sources: Saltelli et al (2010), Computer Physics Communications 181, 259 to 270 (sampling and first-order estimator);
Jansen (1999), Computer Physics Communications 117, 35 to 43 (total effects); Iwanaga, Usher and Herman (2022),
Socio-Environmental Systems Modelling 4, 18155 (SALib 1.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from flowsim.experiment.statistics import LEVEL, Array
from flowsim.uncertain.unknowns import UnknownError

_RESAMPLES = 500  # of the bootstrap behind the intervals


def sample(names: Sequence[str], points: int, seed: int) -> Array:
    """Points of the unit cube, ``points × (unknowns + 2)`` of them.

    Raises
    ------
    UnknownError
        If SALib is not installed.
    """
    try:
        from SALib.sample import sobol
    except ImportError:
        raise UnknownError("method sobol needs SALib; pip install 'croydon-flowsim[sensitivity]'") from None
    return np.asarray(sobol.sample(_problem(names), points, calc_second_order=False, seed=seed), dtype=float)


def indices(names: Sequence[str], values: Array, seed: int) -> tuple[Array, Array]:
    """First-order and total index of each unknown, each as rows of (estimate, low, high) of the 95 % interval.

    An interval ends at 0 and 1, as a share of variance does; an estimate may lie beyond, by chance.

    Parameters
    ----------
    values : array (point)
        The outcome at the points of :func:`sample`, in their order. If it never varies, all indices are nought.
    """
    from SALib.analyze import sobol

    if np.ptp(values) == 0.0:
        nothing = np.zeros((len(names), 3))
        return nothing, nothing
    found: Any = sobol.analyze(
        _problem(names), values, calc_second_order=False, num_resamples=_RESAMPLES, conf_level=LEVEL, seed=seed
    )
    return _within(found["S1"], found["S1_conf"]), _within(found["ST"], found["ST_conf"])


def _within(shares: Array, half: Array) -> Array:
    return np.column_stack([shares, np.clip(shares - half, 0.0, 1.0), np.clip(shares + half, 0.0, 1.0)])


def _problem(names: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
