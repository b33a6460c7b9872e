"""What all commands share: exit codes, errors in the user's words, folders, progress.

Only the standard library and typer are imported here, so that ``flowsim --help`` answers at once.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from flowsim.config.load import Loaded

NOT_KEPT, BAD_INPUT, SOME_FAILED, STOPPED = 1, 2, 3, 130
"""Exit codes: results could not be written; nothing was run; some replications failed; stopped by the user."""


class InputError(Exception):
    """Something typed cannot be used; the message says what, in as many lines as there are problems."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked of a run or a comparison."""

    replications: int
    seed: int
    jobs: int | None
    out: Path | None
    settings: tuple[str, ...]
    as_json: bool
    quiet: bool
    force: bool
    precision: str | None = None
    precision_measure: str | None = None
    at_most: int | None = None
    uncertain: int | None = None
    vary: tuple[str, ...] = ()


@contextmanager
def user_errors() -> Iterator[None]:
    """Turn bad input into a message and exit code 2, and Ctrl-C into exit code 130, without a traceback."""
    try:
        yield
    except InputError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(BAD_INPUT) from None
    except BrokenPipeError:
        raise  # the reader has had enough (`| head`); nothing is wrong
    except OSError as error:  # of the machine: standard output on a full disk, a folder that vanished
        typer.echo(f"{error.filename or 'standard output'}: {error.strerror or error}", err=True)
        raise typer.Exit(BAD_INPUT if error.errno == errno.ENAMETOOLONG else NOT_KEPT) from None
    except KeyboardInterrupt:
        typer.echo("stopped", err=True)
        raise typer.Exit(STOPPED) from None


@contextmanager
def config_problems() -> Iterator[None]:
    """Take the problems of a file that is read inside the block as bad input."""
    from flowsim.config.problems import ConfigError

    try:
        yield
    except ConfigError as error:
        raise InputError(str(error)) from None


def read_config(source: str, settings: Sequence[str] = ()) -> Loaded:
    """A configuration with where each value came from; its problems are bad input."""
    from flowsim.config.load import read

    with config_problems():
        return read(source, settings)


def read_all(sources: Sequence[str], settings: Sequence[str]) -> list[Loaded]:
    """All configurations; the problems of all of them at once."""
    found, problems = [], []
    for source in sources:
        try:
            found.append(read_config(source, settings))
        except InputError as error:
            problems.append(str(error))
    if problems:
        raise InputError("\n".join(dict.fromkeys(problems)))
    return found


def say_failures(failures: Sequence[object], listed: Path, most: int = 10) -> None:
    """Say on standard error which runs failed and why; where they are all ``listed``, if they are many."""
    for one in failures[:most]:
        typer.echo(f"failed: {one}", err=True)
    if len(failures) > most:
        typer.echo(f"failed: and {len(failures) - most} more; see {listed}", err=True)


def leave(code: int) -> NoReturn:
    """End the command with an exit code."""
    raise typer.Exit(code)


def new_folder(out: Path | None, *subjects: str, force: bool | None = None) -> Path:
    """The folder of a command: as asked, or one under ``runs/`` named by date and subjects.

    ``force`` says whether an older one may be replaced; None where the command has no such option.
    """
    import datetime as dt

    from flowsim.experiment.folder import FolderError, check_folder, default_folder

    folder = out or default_folder(subjects, dt.datetime.now())
    try:
        check_folder(folder, force=force)
    except (FolderError, OSError) as error:
        raise InputError(str(error)) from None
    return folder


@contextmanager
def progress(shown: bool, what: str = "replications") -> Iterator[Callable[[int, int], None]]:
    """A function to call with (done, total) of ``what``: on a terminal it shows them and the time left."""
    if not shown or not sys.stderr.isatty():
        yield _unseen
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _unseen(_done: int, _total: int) -> None:
    """Progress that nobody looks at."""
