"""A sensitivity analysis from its design to its findings; its runs are a sweep."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from flowsim.experiment.folder import plain
from flowsim.experiment.statistics import Array, Estimate, estimate
from flowsim.experiment.variance import shrunk
from flowsim.sweeps import Outcome, SweepError, conduct
from flowsim.sweeps.api import Options
from flowsim.sweeps.outcomes import needs_baseline, outcome_table, possible_of_outcome, unit_of_outcome
from flowsim.uncertain.effects import Effect, morris, ranks, tornado
from flowsim.uncertain.knowing import Knowing, benefits, everything, knowing
from flowsim.uncertain.marginals import quantile
from flowsim.uncertain.question import Question, read_question
from flowsim.uncertain.unknowns import Unknown

if TYPE_CHECKING:
    import pandas as pd

Values = dict[int, dict[int, dict[str, float]]]


@dataclass(frozen=True, slots=True)
class Found:
    """One assumption and one outcome."""

    outcome: str
    unit: str
    unknown: Unknown
    effect: Effect


@dataclass(frozen=True, slots=True)
class Known:
    """One assumption and what it is worth to know it."""

    unknown: Unknown
    knowing: Knowing


@dataclass
class Sensitivity:
    """What came of a sensitivity analysis.

    Attributes
    ----------
    effects : list of Found
        By outcome, the largest first.
    answers : dict of outcome to Estimate
        The outcome itself: as configured (tornado), else over all points.
    means : dict of outcome to list
        Mean over the replications of each point; NaN where all failed.
    known : list of Known
        Value of knowing, the largest first; empty without a decision.
    all_known : float
        Value of knowing everything.
    outcome : Outcome
        The sweep behind it: folder, failures, whether it is complete or was stopped.
    """

    question: Question
    outcome: Outcome
    effects: list[Found] = field(default_factory=list)
    answers: dict[str, Estimate] = field(default_factory=dict)
    means: dict[str, list[float]] = field(default_factory=dict)
    known: list[Known] = field(default_factory=list)
    all_known: float = 0.0
    net: Estimate | None = None
    pictures: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return self.outcome.folder

    @property
    def unit(self) -> str:
        """Unit of the decision's outcome."""
        decision = self.question.design.decision
        return unit_of_outcome(decision.outcome) if decision else ""

    def of(self, outcome: str) -> list[Found]:
        """Effects on one outcome, the largest first."""
        return [one for one in self.effects if one.outcome == outcome]

    def frame(self) -> pd.DataFrame:
        """The table of ``sensitivity.csv``."""
        import pandas as pd

        from flowsim.uncertain.table import columns, rows

        return pd.DataFrame(rows(self), columns=columns(self))


def default_path(question: Question) -> Path:
    """``runs/sensitivity-<name>``: always the same, so that the same command resumes."""
    return Path("runs") / f"sensitivity-{plain(question.design.name)}"


def sensitivity(
    design: str | os.PathLike[str],
    out: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    backend: str = "loky",
) -> Sensitivity:
    """Find which assumptions matter, as a design asks.

    Parameters
    ----------
    out : path, optional
        Folder; ``runs/sensitivity-<name>`` by default. What is finished there is not run again.
    jobs, backend : int, str
        As for :func:`flowsim.sweeps.sweep`.

    Raises
    ------
    flowsim.config.problems.ConfigError
        With every fault of the design; nothing was run.
    flowsim.sweeps.SweepError
        If the folder or the backend cannot be used, or runs failed that the method cannot do without.
    """
    found = analyse(read_question(design), Options(Path(out) if out is not None else None, jobs, backend))
    found.outcome.raise_stop()
    return found


def analyse(question: Question, options: Options) -> Sensitivity:
    """Run what is lacking, and find the effects once all is there; files are written into the folder.

    Raises
    ------
    SweepError
        Before anything is run, if the folder cannot be used. What goes wrong later is in the outcome.
    """
    chosen = replace(options, out=options.out or default_path(question), pictures=False)
    done = Sensitivity(question, conduct(question.study, chosen))
    if not done.outcome.complete:
        return done
    try:
        _fill(done)
    except SweepError as error:
        done.outcome.stop = str(error)
        return done
    from flowsim.uncertain.pictures import write_pictures
    from flowsim.uncertain.table import write_tables

    write_tables(done)
    if options.pictures:
        done.pictures = write_pictures(done)
    return done


def _fill(done: Sensitivity) -> None:
    question, design = done.question, done.question.design
    values = _values(done.outcome)
    tables = {outcome: _table(question, values, outcome) for outcome in design.asked}
    inputs = _inputs(question)
    for outcome in design.outcomes:
        table = tables[outcome]
        done.means[outcome] = np.nanmean(table, axis=1).tolist()
        answers = table[0] if design.method == "tornado" else np.nanmean(table, axis=1)
        done.answers[outcome] = estimate(answers, possible=possible_of_outcome(outcome, table.ravel()))
        found = _effects(question, inputs, table, outcome)
        listed = [Found(outcome, unit_of_outcome(outcome), one, found[one.name]) for one in question.found]
        done.effects += sorted(listed, key=lambda one: -abs(one.effect.size))
    if design.decision is not None:
        _decide(done, inputs, benefits(tables[design.decision.outcome], design.decision))


def _decide(done: Sensitivity, inputs: Array, net: Array) -> None:
    means = np.nanmean(net, axis=1)
    found = knowing(done.question.unknowns.names, inputs, means, done.question.design.seed)
    listed = [Known(one, found[one.name]) for one in done.question.found]
    done.known = sorted(listed, key=lambda one: -one.knowing.value)
    rest = without_people(net)
    done.all_known = everything(rest.mean(axis=1), shrunk(rest)) if len(rest) else math.nan
    done.net = estimate(means)


def without_people(net: Array) -> Array:
    """Net benefits (set, replication) less what the people of a replication, the same in every set, do to all of them.

    What is left varies between the replications of a set by chance alone; sets with a failed run are left out.
    """
    whole = net[~np.isnan(net).any(axis=1)]
    return np.asarray(whole - whole.mean(axis=0) + whole.mean())


def _effects(question: Question, inputs: Array, table: Array, outcome: str) -> dict[str, Effect]:
    design, names = question.design, question.unknowns.names
    if design.method == "tornado":
        return tornado(table, question.layout.ends, possible_of_outcome(outcome, table.ravel()))
    means = np.asarray(np.nanmean(table, axis=1))
    if np.isnan(means).any():
        raise SweepError(f"{outcome}: has no value at {int(np.isnan(means).sum())} points; {design.method} needs all")
    if design.method == "morris":
        return morris(names, question.layout.quantiles, table, design.seed)
    if design.method == "rank":
        return ranks(names, inputs, means)
    from flowsim.uncertain.sobol import indices

    first, total = indices(names, means, design.seed)
    keys = ("first", "first_ci_low", "first_ci_high")
    return {
        name: Effect(whole[0], whole[1], whole[2], whole[1] > 0.0, dict(zip(keys, own, strict=True)))
        for name, own, whole in zip(names, first.tolist(), total.tolist(), strict=True)
    }


def _inputs(question: Question) -> Array:
    """What was drawn at each point (point, unknown); empty for a tornado."""
    table = question.layout.quantiles
    rows = [
        [quantile(one.spread, one.ends, one.centre, u) for one, u in zip(question.found, row.tolist(), strict=True)]
        for row in table
    ]
    return np.array(rows, dtype=float).reshape(table.shape)


def _values(outcome: Outcome) -> Values:
    """Measures by point and replication."""
    found: Values = {}
    frame = outcome.frame()
    columns = (frame[name].tolist() for name in ("point", "replication", "measure", "value"))
    for point, replication, measure, value in zip(*columns, strict=True):
        found.setdefault(point, {}).setdefault(replication, {})[measure] = value
    return found


def _table(question: Question, values: Mapping[int, Mapping[int, Mapping[str, float]]], outcome: str) -> Array:
    """An outcome (point, replication); NaN where a run failed."""
    count, window = len(question.layout.points), question.unknowns.worlds[0].scenario.clock.window_days
    table = np.full((count, question.design.replications), np.nan)
    for point in range(count):
        base = values.get(point + count) if needs_baseline(outcome) else None
        numbers, column = outcome_table([outcome], values.get(point, {}), base, window)
        table[point, numbers] = column[:, 0]
    return table
