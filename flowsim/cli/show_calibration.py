"""What a calibration found, on a terminal."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

import typer

from flowsim.cli.tables import text_table
from flowsim.experiment.words import interval, number

if TYPE_CHECKING:
    from rich.table import Table

    from flowsim.calibration import Calibration
    from flowsim.calibration.findings import ParameterFound, TargetFound


def show(found: Calibration, quiet: bool) -> None:
    """Print targets, parameters, waves, the answer and its cautions; quietly, only where the overlay is."""
    if not quiet:
        from rich.console import Console
        from rich.text import Text

        console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
        console.print(_targets(found))
        console.print(_parameters(found))
        console.print(Text(_waves(found)))
        console.print(Text(found.sentence(), style="bold"))
        for text in found.conflicts():
            console.print(Text(f"trade-off: {text}"))
        for text in found.cautions():
            console.print(Text(f"caution: {text}"))
    typer.echo(f"overlay: {found.folder / 'calibrated.yaml'}")


def _targets(found: Calibration) -> Table:
    head = ["target", "reported", "tolerance", "configured", "simulated", "95 % interval", "implausibility", "verdict"]
    return text_table(head, [_target(one) for one in found.findings.targets])


def _target(one: TargetFound) -> list[str]:
    unit = one.target.unit
    values = [number(value, unit) for value in (one.target.value, one.target.tolerance, one.configured.mean)]
    values[0] += "" if unit == "share" else f" {unit}"
    missed = "–" if math.isnan(one.miss) else f"{abs(one.miss):.2f}"
    verdict = f"{one.verdict} (held out)" if one.target.hold_out else one.verdict
    return [one.target.name, *values, number(one.found.mean, unit), interval(one.found, unit), missed, verdict]


def _parameters(found: Calibration) -> Table:
    head = ["parameter", "configured", "best", "range", "left of it", "narrowed by"]
    return text_table(head, [_parameter(one) for one in found.findings.parameters])


def _parameter(one: ParameterFound) -> list[str]:
    of = one.parameter
    left = "nothing" if math.isnan(one.low) else f"{one.low:.4g} to {one.high:.4g}"
    ends = f"{of.low:g} to {of.high:g}", left
    return [of.path, f"{of.value:g}", f"{one.best:g}", *ends, f"{100.0 * one.narrowed:.0f} %"]


def _waves(found: Calibration) -> str:
    from flowsim.calibration.words import share_left

    shares = ", ".join(share_left(one) for one in found.findings.shares)
    return f"space left after each wave: {shares}"
