"""`animate`: one replication of a run as a moving picture."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from flowsim.cli.common import InputError, user_errors
from flowsim.cli.options import Dates, OneScenario, Overwrite, Replication, RunDir

Every = Annotated[str, typer.Option("--every", metavar="6h", help="Time between snapshots, in whole hours.")]
_HOURS = re.compile(r"(\d{1,4}) ?h?")


def animate(
    run_dir: RunDir,
    scenario: OneScenario = None,
    replication: Replication = 0,
    window: Dates = None,
    every: Every = "6h",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="By default animation.html in the run folder.")
    ] = None,
    force: Overwrite = False,
) -> None:
    """Play one replication, hour by hour, as a page to watch.

    One HTML page that needs no network: who is in which bed or service. Two weeks from the start of the
    measured window are shown unless --window says otherwise. Needs vidigi: pip install 'croydon-flowsim[anim]'.

    \b
    Examples
      flowsim animate runs/mine
      flowsim animate runs/mine --scenario do_nothing --window 2018-01-08:2018-01-22 --every 4h --out winter.html
    """
    with user_errors():
        from flowsim.exports import ExportError, Options

        found = _HOURS.fullmatch(every.strip())
        if found is None or int(found[1]) < 1:
            raise InputError(f"--every {every}: is not a whole number of hours such as 6h")
        from flowsim.exports.animated_page import animate as animated

        chosen = Options(force, scenario, replication, window)
        try:
            path = animated(run_dir, out, chosen, int(found[1]))
        except ExportError as error:
            raise InputError(str(error)) from None
        typer.echo(f"wrote {path} ({path.stat().st_size / 1e6:.1f} MB)")
