"""What a sample says of an exact value."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

SEED = 20170403
FALSE_ALARM = 1e-4
"""Chance that a right model fails one comparison; seeds are fixed, so it is met once or never."""


def agrees(sample: Sequence[float] | np.ndarray, exact: float) -> bool:
    """Whether a sample of independent means may have this expectation: within t standard errors (two-sided)."""
    values = np.asarray(sample, dtype=float)
    error = values.std(ddof=1) / np.sqrt(len(values))
    allowed = stats.t.ppf(1.0 - FALSE_ALARM / 2.0, len(values) - 1) * error
    print(f"mean {values.mean():.5f}, exact {exact:.5f}, allowed ± {allowed:.5f}")  # shown when a test fails
    return bool(abs(values.mean() - exact) <= allowed)


def chi_square_agrees(observed: np.ndarray, expected: np.ndarray) -> bool:
    """Whether independent Poisson counts may have these means."""
    score = float(((observed - expected) ** 2 / expected).sum())
    low, high = stats.chi2.ppf([FALSE_ALARM / 2, 1 - FALSE_ALARM / 2], observed.size)
    print(f"chi-square {score:.1f} must lie in {low:.1f} to {high:.1f}")
    return bool(low <= score <= high)
