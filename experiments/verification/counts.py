"""How many replications are enough, as flowsim and sim-tools count them from the same results.

sim-tools: Monks and Harper, sim-tools: fundamental tools for discrete-event simulation in Python; its algorithm is that
of Hoad, Robinson and Davies (2010). A development dependency.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import flowsim as fs
from experiments.pages import table
from experiments.verification.cases import CASES
from flowsim.experiment.precision import Target, replications_needed

ENOUGH = 200
TARGETS = (0.1, 0.05, 0.03)
SERIES = {"mmc": (0, 2), "mmck": (0, 2), "tandem": (2,)}
"""Cases, and which of their quantities."""


@dataclass(frozen=True)
class Count:
    """Replications needed for a half-width of so much of the mean."""

    system: str
    quantity: str
    target: float
    ours: int
    theirs: int


class _Kept:
    """Results that are there already, handed out one by one, as sim-tools asks for them."""

    def __init__(self, values: np.ndarray) -> None:
        self.values = values

    def single_run(self, number: int) -> dict[str, float]:
        return {"value": float(self.values[number])}


def counts(seed: int, enough: int = ENOUGH) -> list[Count]:
    """Both counts, by quantity and target, of those that so many replications can meet."""
    found = []
    for name, columns in SERIES.items():
        case = CASES[name]()
        values = np.array([case.read(fs.simulate(case.scenario, seed, number)) for number in range(enough)])
        for column in columns:
            for target in TARGETS:
                ours = replications_needed(values[:, column], Target(target, relative=True))
                if ours is not None and ours < 100:  # beyond, sim-tools 1.3 looks ahead by 5 however many there are
                    theirs = _theirs(values[:, column], target, enough)
                    found.append(Count(case.system, list(case.exact)[column], target, ours, theirs))
    return found


def _theirs(values: np.ndarray, target: float, enough: int) -> int:
    from sim_tools.output_analysis import ReplicationsAlgorithm

    algorithm = ReplicationsAlgorithm(half_width_precision=target, look_ahead=5, replication_budget=enough)
    found, _ = algorithm.select(_Kept(values), ["value"])
    return int(found["value"])


def counts_table(found: list[Count]) -> str:
    """Counts as a Markdown table."""
    numbers = ["Half-width", "flowsim", "sim-tools"]
    rows = [[one.system, one.quantity, f"{one.target:.0%}", one.ours, one.theirs] for one in found]
    return table(["System", "Quantity", *numbers], rows, numbers)
