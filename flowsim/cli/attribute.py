"""`attribute`: which part of a programme makes the difference, by runs of its parts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowsim.cli.common import InputError, progress, read_all, user_errors
from flowsim.cli.options import (
    AcceptOther,
    AsJson,
    DryRun,
    Jobs,
    Pictures,
    Quiet,
    Replications,
    Resume,
    Seed,
    Settings,
    resumed_at,
)
from flowsim.cli.sweeping import CHECKED, say_analysis, say_expected, swept

if TYPE_CHECKING:
    from flowsim.attribution import Attribution, Question

Folder = Annotated[Path | None, resumed_at("attribute-BASE-ALT")]
Base = Annotated[str, typer.Argument(metavar="BASE", help="What the programme is held against: do_nothing.")]
Alternative = Annotated[str, typer.Argument(metavar="ALT", help="The programme: transition_year, or a YAML file.")]
Measures = Annotated[
    list[str] | None,
    typer.Option("--measure", metavar="MEASURE", help="What to explain; bed_days_saved if not given. Repeatable."),
]
Shapley = Annotated[
    bool, typer.Option("--shapley", help="Also Shapley values: all sets of up to 8 parts, beyond that sampled orders.")
]
Orders = Annotated[
    int, typer.Option("--orders", metavar="N", help="Orders sampled for Shapley values of more than 8 parts.")
]
Parts = Annotated[
    list[str] | None,
    typer.Option("--part", metavar="NAME=PATH,…", help="A part of your own: d2a_with_life=d2a,life. Repeatable."),
]


def attribute(
    base: Base,
    alternative: Alternative,
    shapley: Shapley = False,
    measures: Measures = None,
    parts: Parts = None,
    replications: Replications = 30,
    seed: Seed = 1,
    settings: Settings = None,
    orders: Orders = 64,
    dry_run: DryRun = False,
    jobs: Jobs = None,
    out: Folder = None,
    resume: Resume = True,
    pictures: Pictures = True,
    accept_other: AcceptOther = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find which part of a programme makes the difference.

    Huddles, D2A, the front door, LIFE, every initiative that is on: each is run alone (added to BASE) and last (taken
    from ALT), all on the same people; what the parts alone leave of the whole is interaction. What is finished is kept.

    \b
    Examples
      flowsim attribute do_nothing transition_year --shapley -n 10
      flowsim attribute do_nothing transition_year --measure escalation_bed_days --part d2a_with_life=d2a,life
    """
    with user_errors():
        asked = {"parts": _named(parts or []), "shapley": shapley, "orders": orders}
        asked |= {"replications": replications, "seed": seed} | ({"measures": tuple(measures)} if measures else {})
        question = _question([base, alternative], settings or (), asked, not (quiet or as_json))
        if dry_run:
            say_expected(question.study, as_json, _more(question))
            return
        from flowsim.attribution import attributed

        how = {"out": out, "jobs": jobs, "resume": resume, "accept_other": accept_other, "pictures": pictures}
        _say(swept(lambda options: attributed(question, options), not (quiet or as_json), **how), as_json, quiet)


def _named(texts: list[str]) -> dict[str, list[str]]:
    """Parts of one's own: ``NAME=PATH,PATH``."""
    found: dict[str, list[str]] = {}
    for text in texts:
        name, sign, paths = text.partition("=")
        listed = [one.strip() for one in paths.split(",") if one.strip()]
        if not sign or not name.strip() or not listed:
            raise InputError(f"--part {text}: is not of the form NAME=PATH,PATH, such as d2a_with_life=d2a,life")
        if name.strip() in found:
            both = f"{name.strip()}={','.join([*found[name.strip()], *listed])}"
            remedy = f"to switch all of it together give --part {both}, else another name"
            raise InputError(f"--part {name.strip()}: is given twice; {remedy}")
        found[name.strip()] = listed
    return found


def _question(sources: Sequence[str], settings: Sequence[str], asked: dict[str, Any], shown: bool) -> Question:
    from flowsim.attribution import Asked, PartsError, question_of

    base, alternative = read_all(sources, settings)
    try:
        with progress(shown, CHECKED) as tick:
            return question_of(base.scenario, alternative.scenario, Asked(**asked), tick)
    except PartsError as error:
        raise InputError("\n".join(f"attribute: {line}" for line in str(error).splitlines())) from None


def _more(question: Question) -> list[str]:
    """What a dry run says besides."""
    programme = question.programme
    parts = [f"part {part.name}: {', '.join('.'.join(path) for path in part.paths)}" for part in programme.parts]
    return [*parts, *(f"not run: {one.name} ({one.why})" for one in programme.idle)]


def _say(done: Attribution, as_json: bool, quiet: bool) -> None:
    from flowsim.cli.show_attribution import as_json as tree
    from flowsim.cli.show_attribution import show

    say_analysis(done, quiet, lambda: show(done), (lambda: tree(done)) if as_json else None)
