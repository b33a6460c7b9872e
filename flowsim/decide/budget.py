"""Selection with a fixed budget: replications go where they tell most about which system is best.

Source: Chen, Lin, Yücesan & Chick (2000), "Simulation budget allocation for further enhancing the efficiency of
ordinal optimization", Discrete Event Dynamic Systems 10, 251-270; the step by step form is "most starving" of Chen &
Lee (2011), Stochastic Simulation Optimization, section 3.4.
"""

from __future__ import annotations

import numpy as np

from flowsim.decide.sampling import Samples
from flowsim.decide.selection import Rules, Selection, Step, chosen
from flowsim.experiment.statistics import Array


def ocba(samples: Samples, rules: Rules) -> Selection:
    """Optimal computing budget allocation, from a first stage that has been drawn.

    The budget is spent in steps of one replication a system; after each the shares are worked out anew.
    """
    systems = len(samples.values)
    history = [Step(samples.total, tuple(range(systems)))]
    while samples.total < rules.at_most:
        variances = samples.variances()
        if not variances.any():
            break  # nothing varies: more replications tell nothing more
        wanted = shares(samples.means(), variances, rules.indifference)
        counts = np.array(samples.counts)
        for _ in range(min(systems, rules.at_most - samples.total)):
            counts[int(np.argmax(wanted * (counts.sum() + 1) - counts))] += 1
        before = samples.counts
        samples.fill([int(count) for count in counts])
        history.append(Step(samples.total, tuple(int(at) for at in np.flatnonzero(counts > np.array(before)))))
    found = chosen(samples, rules, tuple(range(systems)), history, "", sure=False)
    return _named(found, samples)


def shares(means: Array, variances: Array, indifference: float = 0.0) -> Array:
    """Shares of the budget: ``N_i / N_j = (σ_i/δ_i)² / (σ_j/δ_j)²`` for others than the best, whose own is
    ``N_b = σ_b √(Σ N_i² / σ_i²)``; δ_i is the distance of the means to the best, at least the indifference.

    Larger means are better; equal ones are told apart as if a millionth of the largest spread lay between them.
    """
    best = int(np.argmax(means))
    sd = np.sqrt(variances)
    least = max(indifference, 1e-6 * float(sd.max()))
    ratio = (sd / np.maximum(means[best] - means, least)) ** 2
    others = np.arange(len(means)) != best
    told = others & (sd > 0.0)
    ratio[best] = sd[best] * np.sqrt(np.sum((ratio[told] / sd[told]) ** 2)) if told.any() else 1.0
    total = float(ratio.sum())
    return np.asarray(ratio / total if total > 0.0 else np.full(len(means), 1.0 / len(means)))


def _named(found: Selection, samples: Samples) -> Selection:
    from dataclasses import replace

    what = "nothing varies" if not samples.variances().any() else f"budget of {samples.total} replications spent"
    return replace(found, why=f"{what}; ocba makes no promise, its probability is an estimate")
