"""One replication of a run folder made again, as a run folder keeps numbers and no event log."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flowsim.exports import ExportError, Options

if TYPE_CHECKING:
    from flowsim.events import EventLog
    from flowsim.experiment.record import Record
    from flowsim.params import Scenario

Window = tuple[float, float]
"""First and last moment, in days since the start of the run's clock."""


@dataclass(frozen=True)
class Again:
    """A replication made again, how many replications the folder holds, and which this is, in words."""

    scenario: Scenario
    log: EventLog
    window: Window
    replications: int
    which: str

    @property
    def dates(self) -> tuple[dt.date, dt.date]:
        """The window by date, its end not in it."""
        first, last = (self.log.start + dt.timedelta(days=math.ceil(day)) for day in self.window)
        return first, last


def again(run_dir: Path, options: Options, days: int | None = None) -> Again:
    """Run one replication of a run folder again, and hold its numbers against those the folder keeps.

    Parameters
    ----------
    options : Options
        ``scenario`` (the last one if not given), ``replication`` and ``window``.
    days : int, optional
        Length of the window if none is asked for: so many days from the start of the measured window; all of the
        measured window if None.

    Raises
    ------
    ExportError
        If the folder cannot be read, has no such scenario, replication or dates, or does not keep the same numbers.
    """
    from flowsim.experiment.folder import FolderError
    from flowsim.experiment.reading import read

    try:
        results, configs, _ = read(run_dir)
    except FolderError as error:
        raise ExportError(str(error)) from error
    record = results.record
    name = _chosen(run_dir, record, options)
    scenario = configs[name].scenario
    window = window_of(options.window, scenario, days)  # before the run, which takes longer
    drawn = _drawn(run_dir, scenario, record, name, options.replication)
    log = _run(run_dir, drawn.model_copy(update={"name": name}), record, options.replication)
    return Again(scenario, log, window, len(record.replications), _which(record, options.replication))


def _drawn(run_dir: Path, scenario: Scenario, record: Record, name: str, replication: int) -> Scenario:
    """The scenario as it is in the parameter set of a replication; itself if none were drawn."""
    if record.sets is None:
        return scenario
    import json

    from flowsim.sweeps.study import scenario_at

    laid = record.sets.laid[replication // record.sets.per_set][record.names.index(name)]
    try:
        return scenario_at(scenario.tree(), json.loads(laid))
    except ValueError as error:
        raise ExportError(f"{run_dir}: replication {replication} is no scenario of this version: {error}") from error


def _which(record: Record, replication: int) -> str:
    """A replication in words, with its parameter set if such were drawn; sets count from 0, as in the folder."""
    words = f"replication {replication} of seed {record.seed}"
    if record.sets is None:
        return words
    number = replication // record.sets.per_set
    return f"{words} (parameter set {number} of those drawn, 0 to {len(record.sets.values) - 1})"


def window_of(text: str | None, scenario: Scenario, days: int | None = None) -> Window:
    """Moments of ``2018-01-08:2018-01-22``: from the midnight that begins the first date to that of the second.

    Raises
    ------
    ExportError
        If it is no such thing, empty, or not within the run.
    """
    clock = scenario.clock
    if text is None:
        first, last = clock.window
        return float(first), float(last if days is None else min(last, first + days))
    ends = text.split(":")
    try:
        begin, end = (dt.date.fromisoformat(one.strip()) for one in ends)
    except ValueError:
        raise ExportError(f"--window {text}: is not two dates such as 2018-01-08:2018-01-22") from None
    edge = clock.start + dt.timedelta(days=math.floor(clock.horizon))
    if end <= begin:
        raise ExportError(f"--window {text}: ends before it has begun")
    if not clock.start <= begin < end <= edge:
        raise ExportError(f"--window {text}: is not within the run, which is from {clock.start} to {edge}")
    return float((begin - clock.start).days), float((end - clock.start).days)


def _chosen(run_dir: Path, record: Record, options: Options) -> str:
    """Name of the scenario, if it and the replication are there."""
    from flowsim.config.problems import did_you_mean

    names = [scenario.name for scenario in record.scenarios]
    if record.sets is not None and not record.sets.laid:
        raise ExportError(
            f"{run_dir}: its replications are of parameter sets that were drawn (--uncertain), and it does not keep "
            "what these lay over the configuration; run its command again with this version"
        )
    name = options.scenario if options.scenario is not None else names[-1]
    problems = []
    if name not in names:
        problems.append(f"--scenario {name}: is not in {run_dir}; {did_you_mean(name, names, 'there are')}")
    if options.replication not in record.replications:
        there = _ranges(record.replications)
        problems.append(f"--replication {options.replication}: was not run in {run_dir}; there are {there}")
    if problems:
        raise ExportError("\n".join(problems))
    return name


def _ranges(numbers: tuple[int, ...]) -> str:
    """Numbers in words: "0 to 9", or one by one where some are missing."""
    if list(numbers) == list(range(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]} to {numbers[-1]}"
    return ", ".join(map(str, numbers))


def _run(run_dir: Path, scenario: Scenario, record: Record, replication: int) -> EventLog:
    from flowsim.experiment.replicate import replication_of

    logs: list[EventLog] = []
    done = replication_of([scenario], record.seed, replication, shown=logs.append)
    if not logs:
        raise ExportError(f"replication {replication} of {scenario.name} fails: {done.failures[0].reason}")
    of_scenario = [one.name for one in record.scenarios].index(scenario.name)
    kept = record.values[of_scenario, record.replications.index(replication)].tolist()
    _hold(run_dir, dict(zip(record.measures, kept, strict=True)), done.runs[0].values)
    return logs[0]


def _hold(run_dir: Path, kept: Mapping[str, float], now: Mapping[str, float]) -> None:
    """Refuse a replication that is not the one whose numbers are kept; measures added since are no difference."""
    other = [name for name, value in kept.items() if name not in now or not _same(value, now[name])]
    if other:
        name = other[0]
        raise ExportError(
            f"{run_dir}: run again, this replication does not give the numbers kept there: {name} is "
            f"{now.get(name, 'not measured')}, kept is {kept[name]}; {len(other)} of {len(kept)} measures differ. "
            "The program was changed since; run it anew"
        )


def _same(one: float, other: float) -> bool:
    return one == other or (math.isnan(one) and math.isnan(other))
