"""`sweep` and `replay`: many points, and one run of them again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flowsim.cli.common import SOME_FAILED, InputError, config_problems, leave, progress, user_errors
from flowsim.cli.options import (
    AcceptOther,
    AsJson,
    Backend,
    DryRun,
    Jobs,
    Pictures,
    Quiet,
    Replication,
    Resume,
    Scheduler,
    Shard,
    resumed_at,
)
from flowsim.cli.sweeping import CHECKED, end, say_expected, shard_of, swept

if TYPE_CHECKING:
    from flowsim.sweeps import Outcome, Study

Design = Annotated[str, typer.Argument(metavar="DESIGN", help="A design.yaml; see experiments/*/design.yaml.")]
Folder = Annotated[Path | None, resumed_at("sweep-<name>")]


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
    """Run a design: many points, all on the same people.

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
        study = _study(design, not (quiet or as_json))
        if dry_run:
            say_expected(study, as_json)
            return
        from flowsim.sweeps import conduct

        asked = {"out": out, "jobs": jobs, "backend": backend, "scheduler": scheduler, "shard": part}
        asked |= {"resume": resume, "accept_other": accept_other, "pictures": pictures}
        _say(swept(lambda options: conduct(study, options), not (quiet or as_json), **asked), as_json, quiet)


def replay(
    run_dir: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="The folder of a sweep or an analysis.")],
    point: Annotated[str, typer.Option("--point", metavar="P", help="Number of the point from 0, or: baseline.")],
    replication: Replication,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where the event log is written.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make exactly one run of a sweep again, with its event log.

    Its measures are held against those stored, bit for bit. Folders of sweep, attribute and sensitivity are taken, and
    of calibrate that of a wave; a replication of run or compare is made again by `export` and `animate`.

    \b
    Examples
      flowsim replay runs/sweep-life_capacity --point 2 --replication 7
      flowsim replay runs/attribute-do_nothing-transition_year --point baseline --replication 0
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


def _study(design: str, shown: bool) -> Study:
    from flowsim.sweeps import read_study

    with config_problems(), progress(shown, CHECKED) as tick:
        return read_study(design, tick)


def _say(outcome: Outcome, as_json: bool, quiet: bool) -> None:
    from flowsim.cli.show_sweep import outcome_json, show_outcome

    if as_json:
        typer.echo(outcome_json(outcome))
    else:
        show_outcome(outcome, quiet)
    end(outcome)
