"""What `sweep` and `replay` print: tables for people, and the same as JSON."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING, Any

import typer

from flowsim.experiment.statistics import Estimate
from flowsim.experiment.texts import finite
from flowsim.experiment.words import interval, number
from flowsim.sweeps.outcomes import unit_of_outcome

if TYPE_CHECKING:
    from flowsim.sweeps import Expected, Outcome, Replayed, Study

_ROWS = 60  # lines of the printed table; all are in summary.csv


def show_expected(study: Study, found: Expected) -> None:
    """What a sweep will take, in a few lines."""
    from joblib import cpu_count

    cores = int(cpu_count())
    runs = f"{found.runs:,}" + (f" at first, {found.most_runs:,} at most" if found.most_runs > found.runs else "")
    typer.echo(f"{study.design.name}: {study.design.method}, {found.points:,} points, {runs} runs")
    typer.echo(f"a run takes {found.seconds_per_run:.2f} s; a task is {found.block} of them")
    typer.echo(f"estimated time: {duration(found.seconds)} on one core, {duration(found.seconds / cores)} on {cores}")
    typer.echo(f"estimated size: {size(found.bytes)}")


def expected_json(found: Expected) -> str:
    """The same as JSON."""
    keys = ("points", "runs", "most_runs", "seconds_per_run", "block", "seconds", "bytes")
    return json.dumps({key: getattr(found, key) for key in keys}, indent=2)


def show_outcome(outcome: Outcome, quiet: bool) -> None:
    """The table of a sweep, its pictures, and where it is."""
    if not quiet:
        _table(outcome)
        for point in outcome.short:
            typer.echo(f"caution: point {point} did not reach the precision with the most replications allowed")
        for name in outcome.pictures:
            if name.endswith(".png"):
                typer.echo(f"picture: {outcome.folder / name}")
    if outcome.complete:
        typer.echo(f"results: {outcome.folder}")
    else:
        typer.echo(f"not complete yet: {outcome.folder}")


def _table(outcome: Outcome) -> None:
    from rich.console import Console

    from flowsim.cli.tables import text_table

    points = outcome.study.points
    title = outcome.study.design.question or outcome.study.design.name
    rows = []
    for point, name, one in outcome.summary[:_ROWS]:
        unit = unit_of_outcome(name)
        cells = [number(cell) if isinstance(cell, float) else str(cell) for cell in points.cells(point).values()]
        rows.append([str(point), *cells, name, unit, number(one.mean, unit), interval(one, unit), str(one.n)])
    head = ["point", *points.names, "outcome", "unit", "mean", "95 % interval", "n"]
    console = Console(width=shutil.get_terminal_size().columns if sys.stdout.isatty() else 120, highlight=False)
    console.print(text_table(head, rows, ("outcome", "unit", "95 % interval"), title))
    if len(outcome.summary) > _ROWS:
        console.print(f"… and {len(outcome.summary) - _ROWS} more lines in summary.csv")


def outcome_json(outcome: Outcome) -> str:
    """A sweep as JSON: parameters and outcomes of each point."""
    study = outcome.study
    points: dict[int, dict[str, Any]] = {}
    for point, name, one in outcome.summary:
        known = {"point": point, "parameters": study.points.cells(point), "outcomes": {}}
        points.setdefault(point, known)["outcomes"][name] = _numbers(one, unit_of_outcome(name))
    tree = {
        "name": study.design.name,
        "question": study.design.question,
        "points": list(points.values()),
        "complete": outcome.complete,
        "failures": [
            {"point": one.point, "replication": one.replication, "reason": one.reason} for one in outcome.failures
        ],
        "precision_not_met": outcome.short,
        "seed": study.design.seed,
        "pictures": outcome.pictures,
        "run_dir": str(outcome.folder),
    }
    return json.dumps(tree, indent=2, ensure_ascii=False, allow_nan=False)


def show_replayed(done: Replayed) -> None:
    """The measures of a run made again, and whether they are those stored."""
    from flowsim.experiment.tables import unit_of

    for name, value in done.values.items():
        unit = unit_of(name)
        typer.echo(f"{name:40} {number(value, unit):>16} {'' if unit == 'share' else unit}".rstrip())
    typer.echo(_verdict(done))
    if done.other_version:
        typer.echo(f"caution: not as when the sweep was begun: {', '.join(done.other_version)}")
    typer.echo(f"event log, {done.events:,} rows: {done.folder}")


def _verdict(done: Replayed) -> str:
    if done.same is None:
        return "this run is not stored, so there is nothing to hold it against"
    if done.same:
        return "all measures are those stored, bit for bit"
    return f"DIFFERENT from what is stored: {', '.join(done.different)}"


def replayed_json(done: Replayed) -> str:
    """The same as JSON."""
    tree = {
        "point": done.point,
        "replication": done.replication,
        "measures": {name: finite(value) for name, value in done.values.items()},
        "same_as_stored": done.same,
        "different": done.different,
        "other_version": list(done.other_version),
        "events": done.events,
        "folder": str(done.folder),
    }
    return json.dumps(tree, indent=2, ensure_ascii=False, allow_nan=False)


def duration(seconds: float) -> str:
    """A length of time as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:,.1f} h"


def size(count: float) -> str:
    """Bytes as people say them."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:,.3g} TB"


def _numbers(one: Estimate, unit: str) -> dict[str, Any]:
    numbers = {"mean": one.mean, "ci_low": one.low, "ci_high": one.high, "sd": one.sd}
    return {**{key: finite(value) for key, value in numbers.items()}, "n": one.n, "unit": unit}
