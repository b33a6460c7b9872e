"""A sweep from its design to its tables."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from flowsim.experiment.parquet import read_table
from flowsim.experiment.statistics import Estimate
from flowsim.sweeps import folder as folders
from flowsim.sweeps.assemble import RESULTS, Assembly
from flowsim.sweeps.backends import BACKENDS, Pool, ready
from flowsim.sweeps.estimate import block_of, expected
from flowsim.sweeps.execute import Execution, Failed, Progress, failures
from flowsim.sweeps.files import locked
from flowsim.sweeps.manifest import write_manifest
from flowsim.sweeps.problems import SweepError
from flowsim.sweeps.shards import BadShardError
from flowsim.sweeps.study import Study, read_study

if TYPE_CHECKING:
    import pandas as pd

_WORTH_WORKERS = 3.0  # seconds of work from which on worker processes pay
_TRIES = 3  # goes at a sweep whose shards are damaged while it assembles them


@dataclass(frozen=True)
class Options:
    """How a sweep is run; nothing of it can change a result."""

    out: Path | None = None
    jobs: int | None = None
    backend: str = "loky"
    scheduler: str | None = None
    shard: tuple[int, int] | None = None
    resume: bool = True
    accept_other: bool = False
    pictures: bool = True
    progress: Progress | None = None


@dataclass
class Outcome:
    """What became of a sweep.

    Attributes
    ----------
    complete : bool
        Every block is done, or failed twice, and the tables are written.
    stopped, stop : bool, str
        The user stopped it; or why else it could not go on.
    short : list of int
        Points whose precision was not met with the most replications allowed.
    """

    study: Study
    folder: Path
    summary: list[tuple[int, str, Estimate]] = field(default_factory=list)
    failures: list[Failed] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    complete: bool = False
    stopped: bool = False
    stop: str = ""
    _frame: bytes = field(default=b"", repr=False)

    def frame(self) -> pd.DataFrame:
        """One row per point, replication and outcome: point, parameters, replication, measure, value.

        If the sweep is not complete, of the blocks that are done.
        """
        import io

        source = self.folder / RESULTS if self.complete else io.BytesIO(self._frame)
        found: pd.DataFrame = read_table(source).to_pandas(use_threads=False)
        return found

    def raise_stop(self) -> None:
        """Raise what stopped it, if anything did: in Python that is an exception, on the command line a message.

        Raises
        ------
        KeyboardInterrupt
            If the user stopped it.
        SweepError
            If it could not go on.
        """
        if self.stopped:
            raise KeyboardInterrupt
        if self.stop:
            raise SweepError(self.stop)


def sweep(
    design: str | os.PathLike[str],
    out: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    backend: str = "loky",
    scheduler: str | None = None,
    shard: tuple[int, int] | None = None,
    resume: bool = True,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Run a design and give its results: point, parameters, replication, measure, value.

    Parameters
    ----------
    out : path, optional
        Folder; ``runs/sweep-<name>`` by default. What is finished there is not run again, unless ``resume`` is off.
    jobs : int, optional
        Worker processes; by default all cores, if that pays. Results do not depend on it, nor on the backend.
    backend, scheduler : str
        ``loky`` (processes here), ``ray``, or ``dask`` with its scheduler (else from ``DASK_SCHEDULER_ADDRESS``).
    shard : (number, of), optional
        Run only a part, counted from 1; whoever does the last part writes the tables.

    Raises
    ------
    flowsim.config.problems.ConfigError
        With every fault of the design; nothing was run.
    flowsim.sweeps.SweepError
        If the folder or the backend cannot be used. Runs that fail are missing, and named in ``manifest.json``.
    """
    options = Options(
        Path(out) if out is not None else None, jobs, backend, scheduler, shard, resume, progress=progress
    )
    outcome = conduct(read_study(design), options)
    outcome.raise_stop()
    return outcome.frame()


def conduct(study: Study, options: Options) -> Outcome:
    """Run what a sweep lacks, and write its tables once all is there.

    Raises
    ------
    SweepError
        Before anything is run. What stops it later is in the outcome, since what was finished is kept.
    """
    _check(options)
    path = options.out or folders.default_path(study)
    block, seconds = _cut(study, path, options)
    outcome = Outcome(study, path)
    pool = Pool(options.backend, _jobs(study, seconds, options), options.scheduler)
    began = time.perf_counter()
    with ready(pool):  # before the folder is made: a cluster that cannot be reached leaves nothing behind
        folder = _opened(study, path, block, seconds, options)
        words = f"{len(study.points)} points, {pool.backend}, {pool.jobs} jobs, shard {options.shard or 'all'}"
        folder.log(f"began: {words}")
        for attempt in range(_TRIES):
            try:
                _go(study, folder, pool, options, outcome)
                break
            except BadShardError as error:
                folder.log(f"a shard was damaged meanwhile: {error}")
                outcome.stop = str(error) if attempt == _TRIES - 1 else ""
    folder.clean()
    folder.log(f"{_ending(outcome)} after {time.perf_counter() - began:.1f} s")
    return outcome


def _ending(outcome: Outcome) -> str:
    if outcome.stopped:
        return "stopped by the user"
    return f"stopped: {outcome.stop}" if outcome.stop else "complete" if outcome.complete else "this part is done"


def _go(study: Study, folder: folders.Folder, pool: Pool, options: Options, outcome: Outcome) -> None:
    execution = Execution(study, folder, pool, options.shard, options.resume, options.progress)
    try:
        execution.run()
    except KeyboardInterrupt:
        outcome.stopped = True
    except SweepError as error:
        outcome.stop = str(error)
    whole = not (outcome.stopped or outcome.stop) and execution.complete()
    outcome.failures = failures(study, execution.ledger)
    outcome.short = sorted(execution.ledger.short)
    assembly = Assembly(study, execution.numbers)
    if not whole:
        outcome._frame = assembly.results()
        outcome.summary = assembly.summary
        return
    try:
        _finish(assembly, execution, outcome, options)
    except SweepError as error:
        outcome.stop = str(error)
        outcome._frame, outcome.summary = assembly.results(), assembly.summary


def _finish(assembly: Assembly, execution: Execution, outcome: Outcome, options: Options) -> None:
    """Write tables, pictures and manifest; one process at a time."""
    path = outcome.folder
    with locked(path / folders.LOCK):
        assembly.write(path)
        outcome.summary = assembly.summary
        if options.pictures:
            from flowsim.sweeps.pictures import write_pictures

            outcome.pictures = write_pictures(outcome.study, assembly.summary, path)
        write_manifest(path, execution, outcome.failures, outcome.pictures, ["flowsim", *sys.argv[1:]])
    outcome.complete = True


def _cut(study: Study, path: Path, options: Options) -> tuple[int, float]:
    """Replications of a task and seconds of a run: as the folder says, or from a timed run."""
    folders.check(path, study, accept_other=options.accept_other)
    there = folders.recorded(path)
    if there is not None:
        return int(there["block"]), float(there["seconds_per_run"])
    seconds = expected(study).seconds_per_run
    return block_of(study, seconds), seconds


def _opened(study: Study, path: Path, block: int, seconds: float, options: Options) -> folders.Folder:
    folder = folders.open_folder(path, study, block, seconds, accept_other=options.accept_other)
    if folder.taken_over:
        folder.log(f"took over the folder of another sweep: {', '.join(folder.taken_over)} differed")
    return folder


def _check(options: Options) -> None:
    if options.backend not in BACKENDS:
        raise SweepError(f"no backend is called {options.backend!r}; there are {', '.join(BACKENDS)}")
    if options.jobs is not None and options.jobs < 1:
        raise SweepError(f"jobs must be at least 1, not {options.jobs}")
    if options.shard is not None and not 1 <= options.shard[0] <= options.shard[1]:
        raise SweepError(f"shard {options.shard[0]}/{options.shard[1]} is not between 1 and {options.shard[1]}")


def _jobs(study: Study, seconds_per_run: float, options: Options) -> int:
    if options.jobs is not None:
        return options.jobs
    if options.backend != "loky":
        return -1
    from joblib import cpu_count

    work = seconds_per_run * study.design.first_look * len(study.cases()) / (options.shard or (1, 1))[1]
    return max(1, int(cpu_count())) if work > _WORTH_WORKERS else 1
