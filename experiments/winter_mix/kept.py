"""The numbers that run.py keeps, as arrays by mix and replication."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.winter_mix.costs import terms
from flowsim.decide.verdict import Constraint
from flowsim.experiment.statistics import Array

HERE = Path(__file__).parent
LEVERS = ("life_slots", "huddles_a_week", "front_door_hours")
Mix = tuple[int, int, int]
"""LIFE slots, practices a week, hours a day of the team in A&E."""
MILLION = 1e6


@dataclass(frozen=True)
class Numbers:
    """What was kept of one world: by mix and replication."""

    frame: pd.DataFrame

    @cached_property
    def mixes(self) -> list[Mix]:
        """In the order run."""
        slots, pace, hours = (self.frame[name].tolist() for name in LEVERS)
        return list(dict.fromkeys(zip(slots, pace, hours, strict=True)))

    def column(self, name: str) -> Array:
        """A column by mix and replication."""
        return self.frame[name].to_numpy(dtype=float).reshape(len(self.mixes), -1)

    @property
    def values(self) -> Array:
        """The measure of the target."""
        return self.column("value")

    def cost(self, left_out: Iterable[str], times: dict[str, float] | None = None) -> Array:
        """Pounds of all lines but some; a line is multiplied by what ``times`` says of it."""
        names = [one for one in self.frame.columns if one.startswith("cost_")]
        kept = [one for one in names if one.removeprefix("cost_") not in left_out]
        factors = times or {}
        return np.asarray(sum(self.column(one) * factors.get(one.removeprefix("cost_"), 1.0) for one in kept))


def numbers(file: str, world: str) -> Numbers:
    """Those of a file that are of a world; none of a file that is not there yet."""
    path = HERE / file
    frame = pd.read_csv(path) if path.exists() else pd.DataFrame({"world": [], **{name: [] for name in LEVERS}})
    return Numbers(frame[frame["world"] == world].reset_index(drop=True))


def constraint(at_most: float | None = None) -> Constraint:
    """The target, or another limit of the same measure."""
    target = terms()["target"]
    return Constraint(float(target["at_most"] if at_most is None else at_most), name=target["measure"])
