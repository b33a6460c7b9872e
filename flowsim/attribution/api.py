"""An attribution from two scenarios to its findings; its runs are a sweep."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from flowsim.attribution.answer import COLUMNS, Attribution, effects_of, rows
from flowsim.attribution.question import MEASURES, ORDERS, Asked, Question, question_of
from flowsim.experiment.folder import plain
from flowsim.experiment.runs import check_numbers
from flowsim.experiment.texts import csv_bytes
from flowsim.params import Scenario
from flowsim.sweeps import conduct
from flowsim.sweeps.api import Options
from flowsim.sweeps.execute import Progress
from flowsim.sweeps.files import write_figure, write_whole

TABLE = "parts.csv"


def attribute(
    base: Scenario,
    alternative: Scenario,
    *,
    measures: Sequence[str] = MEASURES,
    shapley: bool = False,
    replications: int = 30,
    seed: int = 1,
    jobs: int | None = None,
    parts: Mapping[str, Sequence[str]] | None = None,
    orders: int = ORDERS,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Attribution:
    """Attribute a difference to the parts of a programme by runs, all on the same people and luck.

    Each initiative that is on, Huddles, D2A, the front door, LIFE's capacity and whatever else differs is run alone
    (base and part) and last (alternative without it). What is not listed here is as for :func:`flowsim.compare`.

    Parameters
    ----------
    measures : sequence of str
        What is explained: bed days saved, or any measure, as its difference from the base.
    shapley : bool
        Also Shapley values: over all orders for up to eight parts (2^parts scenarios), else over sampled ``orders``.
    parts : mapping of name to dotted paths, optional
        Parts of one's own, such as ``{"d2a_with_life": ["d2a", "life"]}``; the rest is found as ever.
    out : path, optional
        Folder in which runs are kept, so that what is finished is not run again; nothing is kept by default.

    Raises
    ------
    ValueError, SweepError
        With a line for every reason why these cannot be taken apart so; or if the folder cannot be used.
    """
    check_numbers(replications, seed, jobs)
    names = (measures,) if isinstance(measures, str) else tuple(measures)
    question = question_of(base, alternative, Asked(names, parts or {}, shapley, orders, replications, seed))
    return _here(question, Path(out) if out else None, jobs, progress)


def _here(question: Question, out: Path | None, jobs: int | None, progress: Progress | None) -> Attribution:
    """Complete, in a folder that is kept or in a passing one; what stops it is raised."""
    with tempfile.TemporaryDirectory(prefix="flowsim-") as passing:
        folder = out or Path(passing) / "runs"
        done = attributed(question, Options(folder, jobs, pictures=False, progress=progress))
    done.outcome.raise_stop()
    return done


def default_path(question: Question) -> Path:
    """``runs/attribute-<base>-<alternative>``: always the same, so that the same command resumes."""
    programme = question.programme
    return Path("runs") / f"attribute-{plain(programme.base.name)}-{plain(programme.alternative.name)}"


def attributed(question: Question, options: Options) -> Attribution:
    """Run what is lacking, and find the effects once all is there; the table is written into the folder.

    Raises
    ------
    SweepError
        Before anything is run, if the folder cannot be used. What goes wrong later is in the outcome.
    """
    chosen = replace(options, out=options.out or default_path(question), pictures=False)
    done = Attribution(question, conduct(question.study, chosen))
    if not done.outcome.complete:
        return done
    found = effects_of(question, done.outcome)
    if not any(one.found.n for one in found):
        failures = done.outcome.failures
        why = f"; {failures[0].reason}" if failures else ""
        done.outcome.stop = f"there is no replication in which all runs have a value{why}"
        return done
    done.effects = found
    write_whole(done.folder / TABLE, csv_bytes(COLUMNS, rows(done)))
    if options.pictures:
        done.pictures = _write_pictures(done)
    return done


def _write_pictures(done: Attribution) -> list[str]:
    """Draw each measure as PNG and SVG in the folder; gives their names."""
    names = []
    for measure in done.question.measures:
        drawn = done.plot(measure).get_figure(root=True)
        if drawn is not None:
            names += write_figure(done.folder, f"parts-{plain(measure)}", drawn)
    return names
