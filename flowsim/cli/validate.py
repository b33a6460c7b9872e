"""`validate`: every dated fact and claim of the sources, reported against simulated."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowsim.cli.common import (
    NOT_KEPT,
    SOME_FAILED,
    STOPPED,
    InputError,
    config_problems,
    leave,
    new_folder,
    progress,
    say_failures,
    user_errors,
)
from flowsim.cli.options import AsJson, Jobs, Out, Quiet, Replications, Seed

if TYPE_CHECKING:
    from flowsim.claims import Claims, Validation

ClaimsFile = Annotated[
    str | None, typer.Option("--claims", metavar="FILE", help="A YAML file of claims; by default those of the sources.")
]
Markdown = Annotated[bool, typer.Option("--markdown", help="Print the page in Markdown instead of the table.")]


def validate(
    claims: ClaimsFile = None,
    replications: Replications = 30,
    seed: Seed = 1,
    jobs: Jobs = None,
    out: Out = None,
    markdown: Markdown = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Hold the facts and claims of the sources against the model.

    Runs the scenarios they speak of on the same people, and says of each claim what was reported, what is simulated
    with its interval, whether it is reproduced, within reach or contradicted, and why; and how often such a change is
    seen by chance, season or selection alone.

    \b
    Examples
      flowsim validate
      flowsim validate -n 100 --seed 7 --out runs/claims
      flowsim validate --claims my_claims.yaml --json
    """
    with user_errors():
        _check(replications)
        question = _question(claims)
        folder = new_folder(out, "claims")
        with progress(shown=not (quiet or as_json)) as tick:
            from flowsim.claims import conduct

            found = conduct(question, replications, seed, jobs, tick)
        if found.stopped and not found.replications:
            typer.echo("stopped before the first replication was finished; nothing was written", err=True)
            leave(STOPPED)
        tree = _keep(found, folder)
        _say(found, tree, folder, markdown=markdown, as_json=as_json, quiet=quiet)
        if found.stopped or found.failures:
            leave(STOPPED if found.stopped else SOME_FAILED)


def _check(replications: int) -> None:
    from flowsim.claims.conduct import check_enough

    try:
        check_enough(replications)
    except ValueError as error:
        raise InputError(str(error)) from None


def _question(claims: str | None) -> Claims:
    from flowsim.claims import read_claims

    with config_problems():
        return read_claims(claims)


def _keep(found: Validation, folder: Path) -> dict[str, Any]:
    from flowsim.claims.keeping import keep
    from flowsim.experiment.folder import FolderError
    from flowsim.plots.claims import write_picture

    try:
        return keep(found, folder, ["flowsim", *sys.argv[1:]], lambda part: write_picture(found.frame(), part))
    except FolderError as error:
        from flowsim.claims.words import markdown

        typer.echo(f"the folder could not be written, these results are not kept: {error}", err=True)
        typer.echo(markdown(found), err=True)
        leave(NOT_KEPT)


def _say(found: Validation, tree: dict[str, Any], folder: Path, *, markdown: bool, as_json: bool, quiet: bool) -> None:
    if as_json:
        typer.echo(json.dumps(tree, indent=2, ensure_ascii=False, allow_nan=False))
        return
    if markdown:
        from flowsim.claims.words import markdown as page

        typer.echo(page(found))
    elif not quiet:
        from flowsim.cli.show_claims import show

        show(found)
    say_failures(found.failures, folder / "answer.json")
    if found.stopped:
        done = len(found.replications)
        typer.echo(f"stopped after {done} of {found.asked} replications; they are kept in {folder}", err=True)
    if not markdown:
        typer.echo(f"claims: {folder / 'claims.md'}")
