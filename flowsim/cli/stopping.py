"""`warmup` and `precision`: how long a run takes to settle, and how many replications are enough."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from flowsim.cli.common import (
    NOT_KEPT,
    STOPPED,
    InputError,
    Options,
    leave,
    new_folder,
    progress,
    read_config,
    user_errors,
)
from flowsim.cli.options import AsJson, Config, Force, Jobs, Out, Quiet, Replications, Seed, Settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from flowsim.config.load import Loaded
    from flowsim.experiment.record import Record
    from flowsim.experiment.warmup import Settling

FEWEST_TO_SETTLE, FEWEST_FOR_SPREAD = 5, 10
"""Fewer replications show neither where a mean settles nor how much it varies."""
Found = tuple[dict[str, Any], list[dict[str, Any]], Callable[[], "Figure"], list[str]]
"""What was found, its table, its picture, and sentences about it."""


def warmup(
    config: Config,
    replications: Replications = 20,
    seed: Seed = 1,
    jobs: Jobs = None,
    out: Out = None,
    settings: Settings = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    force: Force = False,
) -> None:
    """How long must a scenario warm up?

    Daily series averaged over replications, what demand and rollouts explain taken off: MSER-5 and Welch's moving
    average say when each queue and level settles. A folder with table and picture is kept.

    \b
    Examples
      flowsim warmup do_nothing
      flowsim warmup do_nothing --set clock.warm_up_days=60 --json
    """
    with user_errors():
        asked = Options(replications, seed, jobs, out, tuple(settings or ()), as_json, quiet, force)
        _conduct("warmup", config, asked, FEWEST_TO_SETTLE, _settling)


def precision(
    config: Config,
    replications: Replications = 50,
    seed: Seed = 1,
    jobs: Jobs = None,
    out: Out = None,
    settings: Settings = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    force: Force = False,
) -> None:
    """How many replications are enough?

    The confidence-interval method on a pilot: replications from which on the 95 % interval of each main measure stays
    within 1, 2 and 5 % of its mean. A folder with table and picture is kept.

    \b
    Examples
      flowsim precision do_nothing
      flowsim precision transition_year -n 100 --json
    """
    with user_errors():
        asked = Options(replications, seed, jobs, out, tuple(settings or ()), as_json, quiet, force)
        _conduct("precision", config, asked, FEWEST_FOR_SPREAD, _narrowing)


def _conduct(command: str, source: str, asked: Options, fewest: int, find: Callable[[Record], Found]) -> None:
    """Read, run, find, keep and say."""
    from flowsim.experiment.folder import FolderError

    if asked.replications < fewest:
        raise InputError(f"{command} needs {fewest} replications or more, not {asked.replications}")
    loaded = read_config(source, asked.settings)
    _check_length(command, loaded)
    folder = new_folder(asked.out, command, loaded.scenario.name, force=asked.force)
    record = _record(loaded, asked)
    try:
        tree, rows, picture, sentences = find(record)
    except ValueError as error:
        raise InputError(str(error)) from None
    tree |= {"warnings": _cautions(record), "seed": asked.seed, "replications": len(record.replications)}
    tree |= {"fingerprint": loaded.scenario.fingerprint, "run_dir": str(folder)}
    try:
        _keep(command, folder, loaded, asked, tree, rows, picture())
    except (FolderError, OSError) as error:
        typer.echo(f"the folder could not be written, these results are not kept: {error}", err=True)
        leave(NOT_KEPT)
    _say(command, folder, asked, tree, rows, sentences)
    if record.stopped:
        leave(STOPPED)


def _check_length(command: str, loaded: Loaded) -> None:
    from flowsim.experiment.warmup import FEWEST_DAYS

    days = math.floor(loaded.scenario.clock.horizon)
    if command == "warmup" and days < FEWEST_DAYS:
        raise InputError(f"warmup: a run of {days} days is too short to show where it settles; {FEWEST_DAYS} at least")


def _record(loaded: Loaded, asked: Options) -> Record:
    from flowsim.experiment import run

    with progress(shown=not (asked.quiet or asked.as_json)) as tick:
        try:
            record = run(loaded.scenario, asked.replications, asked.seed, asked.jobs, progress=tick).record
        except ValueError as error:
            raise InputError(str(error)) from None
    if len(record.replications) < 2:
        typer.echo("fewer than two replications finished; nothing was written", err=True)
        leave(STOPPED if record.stopped else NOT_KEPT)
    return record


def _cautions(record: Record) -> list[str]:
    from flowsim.experiment.words import cautions

    return cautions(record)


def _settling(record: Record) -> Found:
    from flowsim.experiment.warmup import courses, moving_average, recommended, warm_up
    from flowsim.plots.stopping import settling

    rows = warm_up(record)
    days, configured = recommended(rows), record.scenarios[0].clock.warm_up_days
    late = [one.series.replace("_", " ") for one in rows if math.isnan(one.mser5)]
    if late:
        verdict = f"{', '.join(late)} did not settle within half of the run: lengthen it, or look at the picture"
    elif days <= configured:
        verdict = f"all settle within {days:g} days by MSER-5; the configured warm-up of {configured:g} is enough by it"
    else:
        verdict = f"at least {days:g} days of warm-up are needed by MSER-5; {configured:g} are configured"
    found = courses(record)
    lines = {name: (one, moving_average(one)) for name, one in found.items()}
    tree = {
        "recommended_days": None if math.isnan(days) else days,
        "configured_days": configured,
        "series": {one.series: _finite(asdict(one)) for one in rows},
    }
    marks = {one.series: one.mser5 for one in rows}
    title = f"{record.names[0]}: {verdict}"
    said = [title, *_later_by_welch(rows, max(days, configured))] if not late else [title]
    return tree, [asdict(one) for one in rows], lambda: settling(lines, marks, configured, title), said


def _later_by_welch(rows: Sequence[Settling], enough: float) -> list[str]:
    """A sentence if the moving average comes to rest later than a warm-up that is enough by MSER-5."""
    later = [one.series.replace("_", " ") for one in rows if not one.welch <= enough]
    if not later:
        return []
    return [
        f"by Welch's moving average {', '.join(later)} settle later, or not: more replications or days make it smoother"
    ]


def _narrowing(record: Record) -> Found:
    from flowsim.experiment.enough import SHARES, half_width_shares, needs, pilot
    from flowsim.experiment.precision import half_widths
    from flowsim.plots.stopping import narrowing

    wanted = needs(record)
    if not wanted:
        raise InputError("precision: no main measure varies in this scenario")
    table = half_width_shares(record)
    rows: list[dict[str, Any]] = []
    for name, halves in table.items():
        need = {f"for_{100 * one.share:g}_per_cent": one.replications for one in wanted if one.measure == name}
        rows.append({"measure": name, **{f"half_width_after_{n}": half for n, half in halves.items()}, **need})
    lines = {}
    for name, values in pilot(record).items():
        mean, half = half_widths(values)
        lines[name] = half / abs(mean[-1])
    first = rows[0]
    counts = [f"{first[f'for_{100 * share:g}_per_cent']:,.0f} for {100 * share:g} %" for share in SHARES]
    title = f"{record.names[0]}, {str(first['measure']).replace('_', ' ')}: replications {', '.join(counts)}"
    said = f"{title}; more than {len(record.replications)} is worked out from the spread"
    tree = {"measures": {row["measure"]: {k: v for k, v in row.items() if k != "measure"} for row in rows}}
    return tree, rows, lambda: narrowing(dict(list(lines.items())[:6]), SHARES, title), [said]


def _keep(
    command: str,
    folder: Path,
    loaded: Loaded,
    asked: Options,
    tree: dict[str, Any],
    rows: Sequence[dict[str, Any]],
    picture: Figure,
) -> None:
    from flowsim.config.resolved import resolved_yaml
    from flowsim.experiment.folder import seal, whole
    from flowsim.experiment.manifest import origin
    from flowsim.experiment.texts import csv_bytes
    from flowsim.plots.style import png

    with whole(folder, force=asked.force) as part:
        (part / f"{command}.csv").write_bytes(csv_bytes(list(rows[0]), (row.values() for row in rows)))
        (part / "config.resolved.yaml").write_text(resolved_yaml(loaded), encoding="utf-8")
        (part / f"{command}.png").write_bytes(png(picture, dpi=130))
        seal(part, {**origin(["flowsim", *sys.argv[1:]]), **tree})


def _say(
    command: str,
    folder: Path,
    asked: Options,
    tree: dict[str, Any],
    rows: Sequence[dict[str, Any]],
    sentences: Iterable[str],
) -> None:
    if asked.as_json:
        typer.echo(json.dumps(tree, indent=2, ensure_ascii=False, allow_nan=False))
        return
    if not asked.quiet:
        _table(rows)
        for text in sentences:
            typer.echo(text)
        for text in tree["warnings"]:
            typer.echo(f"caution: {text}")
    typer.echo(f"picture: {folder / f'{command}.png'}")


def _table(rows: Sequence[dict[str, Any]]) -> None:
    from rich.console import Console

    from flowsim.cli.tables import text_table

    head = [name.replace("_", " ") for name in rows[0]]
    lines = [[_shown(name, value) for name, value in row.items()] for row in rows]
    Console(width=132, highlight=False).print(text_table(head, lines))


def _shown(name: str, value: Any) -> str:
    from flowsim.experiment.words import number

    if name in ("series", "measure"):
        return str(value).replace("_", " ")
    if name in ("mser5", "welch") and math.isnan(value):
        return "not settled"
    return number(value, "share" if name.startswith("half") else "")


def _finite(row: dict[str, Any]) -> dict[str, Any]:
    from flowsim.experiment.texts import finite

    return {name: finite(value) for name, value in row.items() if name != "series"}
