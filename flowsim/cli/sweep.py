"""`sweep` and `replay`: many points, and one run of them again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flowsim.cli.common import (
    SOME_FAILED,
    STOPPED,
    AsJson,
    InputError,
    Jobs,
    Quiet,
    config_problems,
    leave,
    progress,
    user_errors,
)

if TYPE_CHECKING:
    from flowsim.sweeps import Outcome, Study

Design = Annotated[str, typer.Argument(metavar="DESIGN", help="A design.yaml; see experiments/*/design.yaml.")]
Backend = Annotated[str, typer.Option("--backend", metavar="loky|dask|ray", help="Where the work is done.")]
Scheduler = Annotated[
    str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Dask scheduler; or set DASK_SCHEDULER_ADDRESS.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say points, runs, time and size; keep nothing.")]
Shard = Annotated[
    str | None, typer.Option("--shard", metavar="I/N", help="Only every N-th block, from the I-th: for job arrays.")
]
Folder = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Folder; by default runs/sweep-<name>. Resumes there.")
]
Resume = Annotated[bool, typer.Option("--resume/--no-resume", help="Use what is finished in the folder.")]
Pictures = Annotated[bool, typer.Option("--pictures/--no-pictures", help="Draw the outcomes.")]
AcceptOther = Annotated[
    bool, typer.Option("--accept-other-version", help="Go on in a folder begun by other code or another design.")
]


def sweep(
    design: Design,
    dry_run: DryRun = False,
    jobs: Jobs = None,
    backend: Backend = "loky",
    scheduler: Scheduler = None,
    shard: Shard = None,
    out: Folder = None,
    resume: Resume = True,
    pictures: Pictures = True,
    accept_other: AcceptOther = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Run a design: many points, each replicated on the same people.

    What is finished is kept at every moment: the same command goes on where it was stopped, here or on other machines
    that share the folder.

    \b
    Examples
      flowsim sweep experiments/life_capacity/design.yaml --dry-run
      flowsim sweep experiments/life_capacity/design.yaml --jobs 4 --out runs/life
      flowsim sweep design.yaml --shard 3/20 --out /shared/life
      flowsim sweep design.yaml --backend dask --scheduler tcp://head:8786 --out /shared/life
    """
    with user_errors():
        part = shard_of(shard)
        study = _study(design)
        if dry_run:
            _say_expected(study, as_json)
            return
        outcome = _conducted(study, out, jobs, backend, scheduler, part, resume, accept_other, pictures, not quiet)
        _say(outcome, as_json, quiet)
        if outcome.stopped:
            leave(STOPPED)
        if outcome.stop or outcome.failures:
            leave(SOME_FAILED)


def replay(
    run_dir: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="The folder of a sweep.")],
    point: Annotated[str, typer.Option("--point", metavar="P", help="Number of the point from 0, or: baseline.")],
    replication: Annotated[
        int, typer.Option("--replication", "-r", metavar="R", min=0, max=99_999, help="Number from 0.")
    ],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where the event log is written.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make exactly one run of a sweep again, with its event log.

    Its measures are held against those stored, bit for bit.

    \b
    Example
      flowsim replay runs/sweep-life_capacity --point 2 --replication 7
    """
    with user_errors():
        from flowsim.sweeps import SweepError
        from flowsim.sweeps import replay as again

        if point != "baseline" and not point.isdecimal():
            raise InputError(f"--point {point}: give a number from 0, or baseline")
        try:
            done = again(run_dir, -1 if point == "baseline" else int(point), replication, out)
        except SweepError as error:
            raise InputError(str(error)) from None
        from flowsim.cli.show_sweep import replayed_json, show_replayed

        typer.echo(replayed_json(done)) if as_json else show_replayed(done)
        if done.different:
            leave(SOME_FAILED)


def shard_of(shard: str | None) -> tuple[int, int] | None:
    """Number and count of ``--shard 3/20``; anything else is bad input."""
    if shard is None:
        return None
    number, _, of = shard.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise InputError(f"--shard {shard}: is not of the form I/N with I from 1 to N, such as 3/20")
    return int(number), int(of)


def _study(design: str) -> Study:
    from flowsim.sweeps import read_study

    with config_problems():
        return read_study(design)


def _conducted(
    study: Study,
    out: Path | None,
    jobs: int | None,
    backend: str,
    scheduler: str | None,
    shard: tuple[int, int] | None,
    resume: bool,
    accept_other: bool,
    pictures: bool,
    shown: bool,
) -> Outcome:
    from flowsim.sweeps import SweepError, conduct
    from flowsim.sweeps.api import Options

    with progress(shown=shown) as tick:
        options = Options(out, jobs, backend, scheduler, shard, resume, accept_other, pictures, tick)
        try:
            return conduct(study, options)
        except SweepError as error:
            raise InputError(str(error)) from None


def _say_expected(study: Study, as_json: bool) -> None:
    from flowsim.cli.show_sweep import expected_json, show_expected
    from flowsim.sweeps import expected

    found = expected(study)
    typer.echo(expected_json(found)) if as_json else show_expected(study, found)


def _say(outcome: Outcome, as_json: bool, quiet: bool) -> None:
    from flowsim.cli.show_sweep import outcome_json, show_outcome

    if as_json:
        typer.echo(outcome_json(outcome))
    else:
        show_outcome(outcome, quiet)
    say_stop(outcome)


def say_stop(outcome: Outcome) -> None:
    """Say on standard error which runs failed, and what stopped a sweep."""
    for one in outcome.failures[:10]:
        name = "baseline" if one.point < 0 else f"point {one.point}"
        typer.echo(f"failed: {name}, replication {one.replication}: {one.reason}", err=True)
    if len(outcome.failures) > 10:
        typer.echo(f"failed: and {len(outcome.failures) - 10} more; see {outcome.folder / 'run.log'}", err=True)
    if outcome.stop:
        typer.echo(f"stopped: {outcome.stop}; what was finished is kept, the same command goes on", err=True)
    if outcome.stopped:
        typer.echo("stopped by the user; what was finished is kept, the same command goes on", err=True)
