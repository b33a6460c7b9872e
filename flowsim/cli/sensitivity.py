"""`sensitivity`: which assumptions matter, and how good the evidence for them is."""

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
from flowsim.cli.sweep import (
    AcceptOther,
    Backend,
    DryRun,
    Folder,
    Pictures,
    Resume,
    Scheduler,
    Shard,
    say_stop,
    shard_of,
)

if TYPE_CHECKING:
    from flowsim.sweeps.api import Options
    from flowsim.uncertain.question import Question
    from flowsim.uncertain.sensitivity import Sensitivity

Design = Annotated[
    Path, typer.Argument(metavar="DESIGN", help="A design; see experiments/whose_assumption_matters/design.yaml.")
]


def sensitivity(
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
    """Find which assumptions the answer hangs on.

    A design names outcomes and a method: tornado, morris, sobol (extra `sensitivity`) or rank (with a decision also the
    value of knowing). Ranges come from the evidence. Runs are those of a sweep: what is finished is kept.

    \b
    Examples
      flowsim sensitivity experiments/whose_assumption_matters/design.yaml --dry-run
      flowsim sensitivity design.yaml --shard 3/20 --out /shared/which
    """
    with user_errors():
        part = shard_of(shard)
        question = _question(design)
        if dry_run:
            _say_expected(question, as_json)
            return
        from flowsim.sweeps.api import Options

        with progress(shown=not quiet) as tick:
            options = Options(out, jobs, backend, scheduler, part, resume, accept_other, pictures, tick)
            done = _analysed(question, options)
        _say(done, as_json, quiet)
        if done.outcome.stopped:
            leave(STOPPED)
        if done.outcome.stop or done.outcome.failures:
            leave(SOME_FAILED)


def _question(design: Path) -> Question:
    from flowsim.uncertain.question import read_question

    with config_problems():
        return read_question(design)


def _analysed(question: Question, options: Options) -> Sensitivity:
    from flowsim.sweeps import SweepError
    from flowsim.uncertain.sensitivity import analyse

    try:
        return analyse(question, options)
    except SweepError as error:
        raise InputError(str(error)) from None


def _say_expected(question: Question, as_json: bool) -> None:
    from flowsim.cli.show_sweep import expected_json, show_expected
    from flowsim.sweeps import expected

    found = expected(question.study)
    if as_json:
        typer.echo(expected_json(found))
        return
    show_expected(question.study, found)
    typer.echo(f"{question.design.method}: {len(question.found)} assumptions are varied")
    for text in question.notes:
        typer.echo(f"note: {text}")


def _say(done: Sensitivity, as_json: bool, quiet: bool) -> None:
    if as_json:
        from flowsim.uncertain.table import as_json as tree

        typer.echo(tree(done))
    else:
        if done.effects and not quiet:
            from flowsim.cli.show_sensitivity import show

            show(done)
        typer.echo(f"{'results' if done.effects else 'not complete yet'}: {done.folder}")
    say_stop(done.outcome)
