"""How often something happens: shares of replications with their intervals, and the range a single run may fall in.

Sources: Wilson 1927, Probable inference, the law of succession, and statistical inference, JASA 22, 209-212 (shares);
Hanley and Lippman-Hand 1983, If nothing goes wrong, is everything all right?, JAMA 249, 1743-1745 (none of n); David
and Nagaraja, Order Statistics (3rd ed., 2003), section 7.3 (the range of the next value).
"""

from __future__ import annotations

import math

import numpy as np

from flowsim.experiment.statistics import LEVEL, Array, wilson_ends


def wilson(hits: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Wilson's interval of a share: within 0 and 1, and of some width even if none or all of ``n`` are hits.

    Raises
    ------
    ValueError
        If there are more hits than cases, or a number is negative.
    """
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} hits of {n} is no share")
    if n == 0:
        return 0.0, 1.0
    from scipy.special import ndtri  # scipy.stats would take a second to import

    z = float(ndtri(0.5 + level / 2.0))
    low, high = wilson_ends(np.array(hits / n), np.array(z * z / n))
    return float(low), float(high)


def rule_of_three(n: int) -> float:
    """The share that 0 of ``n`` cases still allow, with 95 % confidence: about 3 of n."""
    return min(3.0 / n, 1.0) if n else 1.0


def single_run_range(values: Array, level: float = LEVEL) -> tuple[float, float]:
    """Range in which one more replication falls with at least this chance, as far as so few can say.

    Of n values in order the next one lies between the k-th from below and from above with chance (n + 1 - 2k) /
    (n + 1), whatever their distribution. Up to 39 values these are the lowest and the highest: of 30, 94 %. NaN are
    left out; of no value the range is NaN.
    """
    known = np.sort(np.asarray(values, dtype=float)[~np.isnan(values)])
    if not known.size:
        return math.nan, math.nan
    k = max(int((known.size + 1) * (1.0 - level) / 2.0 + 1e-9), 1)
    return float(known[k - 1]), float(known[-k])
