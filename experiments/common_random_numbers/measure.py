"""How many replications do common random numbers save? Prints a table and writes ``results.json`` beside itself.

    python experiments/common_random_numbers/measure.py [--pairs 80]

For each question two scenarios are run on the same people in every replication. The variance of the paired difference
is held against that of the difference between independent runs: base of replication r less alternative of every other
replication. As replications are independent, that is the sum of the two variances.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed

import flowsim as fs
from flowsim.measures import measure

HERE = Path(__file__).parent
CONFIGS = HERE.parents[1] / "configs"
MEASURES = (
    "bed_days",
    "beds_occupied_mean",
    "length_of_stay_mean",
    "admissions",
    "life_wait_days_mean",
    "life_starts",
    "life_fallbacks",
    "life_utilisation",
)
SEED = 2017


def questions() -> dict[str, tuple[fs.Scenario, fs.Scenario]]:
    """Base and alternative of each question."""
    neutral = fs.load(CONFIGS / "full_effect_neutral.yaml")
    full = fs.load(CONFIGS / "full_effect.yaml")
    year = fs.load(CONFIGS / "transition_year.yaml")
    no_effect = {"model": "practice_rate", "rate_ratio": 1.0}
    return {
        "five more LIFE slots, not binding (130, 135)": (neutral, neutral.with_(life={"slots": 135})),
        "five more LIFE slots, binding (100, 105)": (
            neutral.with_(life={"slots": 100}),
            neutral.with_(life={"slots": 105}),
        ),
        "Huddle rate ratio (1.00, 0.86)": (neutral, full),
        "Huddle rate ratio, transition year (1.00, 0.86)": (year.with_(huddles={"effect": no_effect}), year),
    }


def values(scenario: fs.Scenario, replication: int) -> list[float]:
    """Measures of one run."""
    found = measure(fs.simulate(scenario, seed=SEED, replication=replication))
    return [found[name] for name in MEASURES]


def gains(base: np.ndarray, other: np.ndarray) -> dict[str, dict[str, float | None]]:
    """For each measure: the mean paired difference, both spreads and the ratio of variances (None if always equal)."""
    found = {}
    for row, name in enumerate(MEASURES):
        difference = other[:, row] - base[:, row]
        paired = float(difference.var(ddof=1))
        independent = float(base[:, row].var(ddof=1) + other[:, row].var(ddof=1))
        found[name] = {
            "mean_difference": float(difference.mean()),
            "sd_paired": paired**0.5,
            "sd_independent": independent**0.5,
            "variance_ratio": independent / paired if paired > 0 else None,
            "pairs_that_differ": int((difference != 0).sum()),
        }
    return found


def main() -> None:
    """Measure everything, print it and write it down."""
    pairs = int(sys.argv[sys.argv.index("--pairs") + 1]) if "--pairs" in sys.argv else 80
    results = {"seed": SEED, "pairs": pairs}
    for question, scenarios in questions().items():
        runs = Parallel(n_jobs=2)(delayed(values)(one, number) for number in range(pairs) for one in scenarios)
        whole = np.array(runs).reshape(pairs, 2, len(MEASURES))
        results[question] = gains(whole[:, 0], whole[:, 1])
        print(f"\n{question}: {pairs} pairs")
        print(f"    {'':22}{'difference':>12}{'sd paired':>12}{'sd indep.':>12}{'ratio':>10}{'differ':>8}")
        for name, row in results[question].items():
            print(f"    {name:22}" + "".join(f"{value:12.3f}" for value in list(row.values())[:3]), end="")
            ratio = row["variance_ratio"]
            print(f"{'same' if ratio is None else f'{ratio:.1f}':>10}{row['pairs_that_differ']:8d}")
    (HERE / "results.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
