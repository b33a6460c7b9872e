"""`export`: results in the formats of neighbours."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flowsim.cli.common import InputError, user_errors


def export(
    run_dir: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="A folder that run, compare or sweep wrote.")],
    to: Annotated[str, typer.Option("--to", metavar="TARGET", help="csv.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="PLACE", help="Where to; by default inside the run folder.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there already.")] = False,
) -> None:
    """Write results in another format.

    \b
    csv     replications, daily numbers, bed days saved by cause, as CSV files

    \b
    Example
      flowsim export runs/mine --to csv --out tables
    """
    with user_errors():
        from flowsim.exports import ExportError, Options
        from flowsim.exports import export as export_to

        try:
            files = export_to(run_dir, to, out, Options(force=force))
        except ExportError as error:
            raise InputError(str(error)) from None
        for file in files:
            typer.echo(f"wrote {file}")
