"""Evidence that a row of values is not in order: that more of it does worse, on the same people."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TypeVar

import numpy as np

from flowsim.decide.verdict import Constraint, Verdict

V = TypeVar("V")


def disorder(
    columns: Sequence[Sequence[float]],
    verdicts: Mapping[int, Verdict],
    values: Sequence[V],
    constraint: Constraint,
    error: float,
) -> tuple[str, ...]:
    """A sentence for each two tried values of which the later does worse beyond chance.

    Replications are paired by number. For a share: exact sign test of the replications in which only one of the two
    meets the limit (McNemar); for a mean: paired t. The error is split over the pairs (Bonferroni).
    """
    pairs = list(combinations(sorted(verdicts), 2))
    found = []
    for first, later in pairs:
        n = min(verdicts[first].replications, verdicts[later].replications)
        if _worse(columns[first][:n], columns[later][:n], constraint) < error / len(pairs):
            found.append(
                f"not in order: {values[later]} does worse than {values[first]} on the same {n} replications; "
                "a bisection cannot be trusted here"
            )
    return tuple(found)


def _worse(first: Sequence[float], later: Sequence[float], constraint: Constraint) -> float:
    """How likely the later column would look at least so much worse if it were not."""
    from scipy.special import bdtrc, stdtr

    if constraint.chance is not None:
        verdicts = [(constraint.met_by(a), constraint.met_by(b)) for a, b in zip(first, later, strict=True)]
        lost, won = verdicts.count((True, False)), verdicts.count((False, True))
        return float(bdtrc(lost - 1, lost + won, 0.5)) if lost else 1.0
    sign = 1.0 if constraint.side == "at_most" else -1.0
    change = sign * (np.array(later) - np.array(first))
    if change.min() == change.max():
        return 0.0 if change[0] > 0.0 else 1.0
    t = float(change.mean() / (change.std(ddof=1) / math.sqrt(len(change))))
    return float(stdtr(len(change) - 1, -t))
