"""What commands share whose runs are those of a sweep: dry run, options, what stops them, and how they end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import typer

from flowsim.cli.common import SOME_FAILED, STOPPED, InputError, leave, progress, say_failures

if TYPE_CHECKING:
    from pathlib import Path

    from flowsim.sweeps import Outcome, Study
    from flowsim.sweeps.api import Options

CHECKED = "points checked"
GOES_ON = "what was finished is kept, the same command goes on"

Found = TypeVar("Found")


class Analysis(Protocol):
    """What an analysis gives whose runs are a sweep: effects, none before all is run."""

    effects: list[Any]
    outcome: Outcome

    @property
    def folder(self) -> Path:
        """Where it is kept."""


def shard_of(shard: str | None) -> tuple[int, int] | None:
    """Number and count of ``--shard 3/20``; anything else is bad input."""
    if shard is None:
        return None
    number, _, of = shard.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise InputError(f"--shard {shard}: is not of the form I/N with I from 1 to N, such as 3/20")
    return int(number), int(of)


def say_expected(study: Study, as_json: bool, more: Iterable[str] = ()) -> None:
    """Print what the runs of a study will take, and for people a few lines more."""
    from flowsim.cli.show_sweep import expected_json, show_expected
    from flowsim.sweeps import expected

    found = expected(study)
    if as_json:
        typer.echo(expected_json(found))
        return
    show_expected(study, found)
    for line in more:
        typer.echo(line)


def swept(run: Callable[[Options], Found], shown: bool, **asked: Any) -> Found:
    """Run with these :class:`~flowsim.sweeps.api.Options` and progress; a folder that cannot be used is bad input."""
    from flowsim.sweeps import SweepError
    from flowsim.sweeps.api import Options

    with progress(shown) as tick:
        try:
            return run(Options(**asked, progress=tick))
        except SweepError as error:
            raise InputError(str(error)) from None


def say_analysis(done: Analysis, quiet: bool, show: Callable[[], None], tree: Callable[[], str] | None) -> None:
    """Print an analysis, as JSON if there is a ``tree``, or its tables and the folder; then end as its runs did."""
    if tree is not None:
        typer.echo(tree())
    else:
        if done.effects and not quiet:
            show()
        typer.echo(f"{'results' if done.effects else 'not complete yet'}: {done.folder}")
    end(done.outcome)


def end(outcome: Outcome) -> None:
    """Say on standard error which runs failed and what stopped a sweep; leave with the exit code for it."""
    say_failures(outcome.failures, outcome.folder / "run.log")
    if outcome.stop:
        typer.echo(f"stopped: {outcome.stop}; {GOES_ON}", err=True)
    if outcome.stopped:
        typer.echo(f"stopped by the user; {GOES_ON}", err=True)
        leave(STOPPED)
    if outcome.stop or outcome.failures:
        leave(SOME_FAILED)
