"""A wave: its points written as a sweep's design, run by ``flowsim.sweeps``, and read back as targets see them.

The designs stay in the folder of the calibration, so any wave can also be run, or shared between machines, by
``flowsim sweep FOLDER/wave-1.yaml --out FOLDER/wave-1 --shard 1/20``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from flowsim.calibration.question import Question
from flowsim.config.resolved import inline, resolved_yaml
from flowsim.experiment.statistics import Array, Estimate, estimate
from flowsim.experiment.tables import BED_DAYS
from flowsim.experiment.texts import csv_bytes
from flowsim.sweeps import Outcome, conduct, read_study
from flowsim.sweeps.api import Options
from flowsim.sweeps.files import write_whole
from flowsim.sweeps.outcomes import DIFF, needs_baseline, outcome_table

if TYPE_CHECKING:
    from flowsim.sweeps.execute import Progress

Row = tuple[float, ...]
"""Values of the parameters, in their order."""
SCENARIO, BASELINE, OVERLAY = "scenario.yaml", "baseline.yaml", "calibrated.yaml"


class CalibrationError(Exception):
    """A calibration cannot begin or go on; what was finished is kept."""


@dataclass(frozen=True)
class Wave:
    """Points that were run, and what they gave.

    Attributes
    ----------
    name : str
        ``wave-1`` and so on; ``final-3`` for the few sets run more often after wave 3.
    found : tuple of tuple of Estimate
        By point and target, over replications; of differences paired.
    failed : int
        Runs without result.
    """

    name: str
    rows: tuple[Row, ...]
    replications: int
    found: tuple[tuple[Estimate, ...], ...]
    failed: int

    def column(self, key: str) -> Array:
        """``mean``, ``sd`` or ``n`` by point (rows) and target."""
        return np.array([[getattr(one, key) for one in line] for line in self.found], dtype=float)


@dataclass
class Runner:
    """Runs waves into a folder.

    Attributes
    ----------
    total : int
        Runs that may be needed in all, for the progress.
    """

    question: Question
    folder: Path
    options: Options
    total: int
    done: int = field(default=0)

    def prepare(self) -> None:
        """Write the scenarios in full, so that the folder needs no other file."""
        write_whole(self.folder / SCENARIO, resolved_yaml(self.question.loaded).encode())
        if self.question.baseline is not None:
            write_whole(self.folder / BASELINE, resolved_yaml(self.question.baseline).encode())

    def run(self, name: str, rows: Sequence[Row], replications: int) -> Wave:
        """Run points that are not there yet, and give all of them.

        Raises
        ------
        KeyboardInterrupt
            If the user stopped it; what was finished is kept.
        CalibrationError
            If the sweep cannot go on.
        """
        write_whole(self.folder / f"{name}.csv", self._table(rows))
        own = self._swept(name, SCENARIO, replications)
        base = self._swept(f"{name}-baseline", BASELINE, replications, name) if self.question.baseline else None
        outcomes = [one.measure for one in self.question.targets]
        window = self.question.loaded.scenario.clock.window_days
        mine, theirs = _values(own), _values(base) if base is not None else {}
        found = []
        for point in range(len(rows)):
            _, table = outcome_table(outcomes, mine.get(point, {}), theirs.get(point), window)
            found.append(tuple(estimate(column) for column in table.T) if len(table) else (_NOTHING,) * len(outcomes))
        failed = sum(len(one.failures) for one in (own, base) if one is not None)
        return Wave(name, tuple(rows), replications, tuple(found), failed)

    def _swept(self, name: str, scenario: str, replications: int, table: str = "") -> Outcome:
        path = self.folder / f"{name}.yaml"
        write_whole(path, self._design(name, scenario, replications, table or name).encode())
        before, tell = self.done, self.options.progress
        progress: Progress | None = None
        if tell is not None:
            progress = lambda done, _total: tell(before + done, self.total)  # noqa: E731
        study = read_study(path)
        outcome = conduct(study, replace(self.options, out=self.folder / name, progress=progress))
        if outcome.stopped:
            raise KeyboardInterrupt
        if outcome.stop:
            raise CalibrationError(outcome.stop)
        self.done += len(study.points) * replications
        return outcome

    def _table(self, rows: Sequence[Row]) -> bytes:
        lines = [self.question.values(row) for row in rows]
        return csv_bytes(list(lines[0]), (line.values() for line in lines))

    def _design(self, name: str, scenario: str, replications: int, table: str) -> str:
        lines = [
            f"# written by flowsim calibrate from {self.question.file!r}; the points follow from the waves before",
            f"name: {inline(name)}",
            f"scenario: {scenario}",
            "method: table",
            f"table: {table}.csv",
            f"seed: {self.question.seed}",
            f"replications: {replications}",
            f"outcomes: {inline(_measures(self.question))}",
        ]
        return "\n".join(lines) + "\n"


_NOTHING = Estimate(math.nan, math.nan, 0, math.nan, math.nan)


def _measures(question: Question) -> list[str]:
    """Measures that the targets are made of."""
    names = [
        BED_DAYS if needs_baseline(one.measure) and not one.measure.startswith(DIFF) else one.measure.removeprefix(DIFF)
        for one in question.targets
    ]
    return list(dict.fromkeys(names))


def _values(outcome: Outcome) -> dict[int, dict[int, dict[str, float]]]:
    """Measures by point and replication."""
    frame = outcome.frame()
    found: dict[int, dict[int, dict[str, float]]] = {}
    columns = (frame[name].tolist() for name in ("point", "replication", "measure", "value"))
    for point, replication, measure, value in zip(*columns, strict=True):
        found.setdefault(point, {}).setdefault(replication, {})[measure] = value
    return found
