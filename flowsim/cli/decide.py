"""`select`, `solve` and `front`: which is best, how much is enough, and what nothing beats."""

from __future__ import annotations

import json
import sys
import time
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
    user_errors,
)
from flowsim.cli.options import AsJson, Jobs, Out, Quiet

if TYPE_CHECKING:
    from flowsim.decide.answers import Answer, Question
    from flowsim.decide.simulated import Simulated

Design = Annotated[Path, typer.Argument(metavar="DESIGN", help="A YAML file that asks the question.")]


def select(design: Design, jobs: Jobs = None, out: Out = None, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Choose the best of several scenarios.

    Runs as many replications as the promise needs, all on the same people: the chosen one is the best with the
    stated probability if it leads by what matters.

    \b
    Examples
      flowsim select experiments/which_rollout/design.yaml
      flowsim select my_design.yaml --jobs 4 --json
    """
    with user_errors():
        from flowsim.decide.question import read_select

        _conduct(design, _question(read_select, design), jobs, out, as_json, quiet)


def solve(design: Design, jobs: Jobs = None, out: Out = None, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Find the smallest capacity or the latest date that is enough.

    Bisects on the same people until a constraint such as P(escalation_beds_p95 <= 10) >= 0.95 is decided with the
    stated confidence; what could not be decided is said.

    \b
    Examples
      flowsim solve experiments/life_for_escalation/design.yaml
      flowsim solve my_design.yaml --out runs/slots
    """
    with user_errors():
        from flowsim.decide.question import read_solve

        _conduct(design, _question(read_solve, design), jobs, out, as_json, quiet)


def front(design: Design, jobs: Jobs = None, out: Out = None, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Find the settings that nothing beats in every respect.

    Runs points of a grid, or those a search chooses (needs optuna), all on the same people; says what a step among the
    best costs, and keeps a table of all points with a picture: cost against escalation bed days, for example.

    \b
    Examples
      flowsim front experiments/cost_escalation_front/design.yaml
      flowsim front my_design.yaml --jobs 2 --out runs/front
    """
    with user_errors():
        from flowsim.decide.front_question import read_front

        _conduct(design, _question(read_front, design), jobs, out, as_json, quiet)


def _question(reader: Any, design: Path) -> Any:
    with config_problems():
        return reader(design)


def _conduct(design: Path, asked: Question, jobs: int | None, out: Path | None, as_json: bool, quiet: bool) -> None:
    from flowsim.cli.show_front import files_of
    from flowsim.config.problems import ConfigError
    from flowsim.decide.answers import answer, drawing, most
    from flowsim.decide.pareto import SearchMissingError
    from flowsim.decide.sampling import SampleError

    text, folder = design.read_text(encoding="utf-8-sig"), new_folder(out, design.absolute().parent.name or "decision")
    began = time.perf_counter()
    with progress(shown=not (quiet or as_json)) as tick:
        draw = drawing(asked, jobs, lambda done: tick(done, most(asked)))
        keep = _Keeper(folder, text, asked, draw, as_json)
        try:
            found = answer(draw, asked)
        except SampleError as error:
            keep.unfinished({"failed": str(error)}, f"failed: {error}")
            leave(SOME_FAILED)
        except (ConfigError, SearchMissingError) as error:
            raise InputError(str(error)) from None
        except KeyboardInterrupt:
            keep.unfinished({"stopped": True}, "stopped")
            leave(STOPPED)
    seconds = round(time.perf_counter() - began, 1)
    tree = {**found.tree(), "answer": found.sentence(), "seconds": seconds, "run_dir": str(folder)}
    keep(tree, files_of(found))
    if as_json:
        typer.echo(json.dumps(tree, indent=2, ensure_ascii=False, allow_nan=False))
    else:
        _tell(found, folder, quiet)


def _tell(found: Answer, folder: Path, quiet: bool) -> None:
    if not quiet:
        _show(found)
    typer.echo(f"answer: {folder / 'answer.json'}")


class _Keeper:
    """Writes the folder of a decision: the answer, or what was run before it was stopped."""

    def __init__(self, folder: Path, design: str, asked: Question, draw: Simulated, as_json: bool) -> None:
        self.folder, self.design, self.asked, self.draw, self.as_json = folder, design, asked, draw, as_json

    def __call__(self, tree: dict[str, Any], files: dict[str, bytes]) -> None:
        from flowsim.decide.answers import samples
        from flowsim.decide.keeping import keep
        from flowsim.experiment.folder import FolderError

        try:
            keep(self.folder, tree, self.design, samples(self.draw, self.asked), ["flowsim", *sys.argv[1:]], files)
        except FolderError as error:
            typer.echo(f"the answer could not be kept: {error}", err=True)
            typer.echo(json.dumps(tree, ensure_ascii=False), err=True)
            leave(NOT_KEPT)

    def unfinished(self, why: dict[str, Any], words: str) -> None:
        """Keep the finished replications without an answer, and say so."""
        done = len(self.draw.drawn)
        tree = {**why, "replications": done, "run_dir": str(self.folder)}
        self(tree, {})
        if self.as_json:
            typer.echo(json.dumps(tree, indent=2, ensure_ascii=False))
        typer.echo(f"{words}; {done} replications that were finished are kept in {self.folder}", err=True)


def _show(found: Answer) -> None:
    from rich.console import Console
    from rich.text import Text

    from flowsim.cli.tables import text_table

    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    console.print(text_table(*_rows(found)))
    console.print(Text(found.sentence(), style="bold"))
    for text in found.tree().get("warnings", []):
        console.print(Text(f"caution: {text}"))


def _rows(found: Answer) -> tuple[list[str], list[list[str]]]:
    from flowsim.cli.show_front import rows_of
    from flowsim.decide.answers import Front, Selected
    from flowsim.experiment.words import change, interval, number
    from flowsim.measures import describe

    if isinstance(found, Front):
        return rows_of(found.found)
    if isinstance(found, Selected):
        unit = describe(found.question.measure).unit
        head = ["scenario", f"mean {found.question.measure}, {unit}", "less the best", "95 % interval", "replications"]
        rows = []
        for one, mean, gap in zip(found.question.scenarios, found.means, found.gaps, strict=True):
            cells = ["best", ""] if one.name == found.best else [change(gap.mean, unit), interval(gap, unit, change)]
            rows.append([one.name, number(mean.mean, unit), *cells, str(mean.n)])
        return head, rows
    words = {True: "yes", False: "no", None: "undecided"}
    kind = "share" if found.question.constraint.chance is not None else "mean"
    head = [found.question.parameter, kind, "interval of the decision", "replications", "meets it"]
    return head, [
        [
            str(one.value),
            f"{one.verdict.estimate:.4g}",
            f"{one.verdict.low:.4g} to {one.verdict.high:.4g}",
            str(one.verdict.replications),
            words[one.verdict.meets],
        ]
        for one in found.solution.evaluations
    ]
