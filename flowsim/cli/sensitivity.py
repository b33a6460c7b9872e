"""`sensitivity`: which assumptions matter, and how good the evidence for them is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flowsim.cli.common import config_problems, progress, user_errors
from flowsim.cli.options import (
    AcceptOther,
    AsJson,
    Backend,
    DryRun,
    Jobs,
    Pictures,
    Quiet,
    Resume,
    Scheduler,
    Shard,
    resumed_at,
)
from flowsim.cli.sweeping import CHECKED, say_analysis, say_expected, shard_of, swept

if TYPE_CHECKING:
    from flowsim.uncertain.question import Question
    from flowsim.uncertain.sensitivity import Sensitivity

Folder = Annotated[Path | None, resumed_at("sensitivity-<name>")]
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
        question = _question(design, not (quiet or as_json))
        if dry_run:
            say_expected(question.study, as_json, _more(question))
            return
        from flowsim.uncertain.sensitivity import analyse

        asked = {"out": out, "jobs": jobs, "backend": backend, "scheduler": scheduler, "shard": part}
        asked |= {"resume": resume, "accept_other": accept_other, "pictures": pictures}
        done = swept(lambda options: analyse(question, options), not (quiet or as_json), **asked)
        _say(done, as_json, quiet)


def _question(design: Path, shown: bool) -> Question:
    from flowsim.uncertain.question import read_question

    with config_problems(), progress(shown, CHECKED) as tick:
        return read_question(design, tick)


def _more(question: Question) -> list[str]:
    """What a dry run says besides."""
    head = f"{question.design.method}: {len(question.found)} assumptions are varied"
    return [head, *(f"note: {text}" for text in question.notes)]


def _say(done: Sensitivity, as_json: bool, quiet: bool) -> None:
    from flowsim.cli.show_sensitivity import show
    from flowsim.uncertain.table import as_json as tree

    say_analysis(done, quiet, lambda: show(done), (lambda: tree(done)) if as_json else None)
