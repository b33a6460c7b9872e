"""`export`: results in the formats of neighbours."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flowsim.cli.common import InputError, user_errors
from flowsim.cli.options import Dates, OneScenario, Overwrite, Replication

Folder = Annotated[Path, typer.Argument(metavar="RUN_DIR", help="A folder that run, compare or sweep wrote.")]
To = Annotated[str, typer.Option("--to", metavar="TARGET", help="xlsx, csv, vidigi, pm4py, bupar or salib.")]
Place = Annotated[
    Path | None, typer.Option("--out", metavar="PLACE", help="A folder, or a file; by default inside the run folder.")
]


def export(
    run_dir: Folder,
    to: To,
    out: Place = None,
    force: Overwrite = False,
    scenario: OneScenario = None,
    replication: Replication = 0,
    window: Dates = None,
) -> None:
    """Write results in another format.

    \b
    xlsx    the workbook: cover, contents, notes and one table a sheet
    csv     replications, daily numbers, bed days saved by cause, as CSV files
    vidigi  one replication: where each person is, in hours, a layout of places, settings to draw them with
    pm4py   one replication: an event a row under the names of pm4py (XES)
    bupar   one replication: an activity a row for bupaR's activitylog()
    salib   of a sweep or a sensitivity analysis: problem, samples and outcomes for SALib

    Of those of one replication --scenario, --replication and --window say which; by default the last scenario,
    replication 0, the measured window (vidigi: its first two weeks). Files are written into a folder; xlsx, pm4py and
    bupar, one table each, also to a file that is named: --out board.xlsx, --out log.csv.

    \b
    Examples
      flowsim export runs/mine --to xlsx --out for_the_board.xlsx
      flowsim export runs/mine --to csv --out tables
      flowsim export runs/mine --to vidigi --scenario do_nothing --window 2018-01-08:2018-01-22
      flowsim export runs/sweep-mine --to salib
    """
    with user_errors():
        from flowsim.exports import ExportError, Options
        from flowsim.exports import export as export_to

        try:
            files = export_to(run_dir, to, out, Options(force, scenario, replication, window))
        except ExportError as error:
            raise InputError(str(error)) from None
        for file in files:
            typer.echo(f"wrote {file}")
