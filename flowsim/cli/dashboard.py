"""`dashboard`: the trackers and the outcome framework of a run folder, on a terminal and as CSV files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flowsim.cli.common import InputError, new_folder, user_errors
from flowsim.cli.options import OneScenario, RunDir

if TYPE_CHECKING:
    from flowsim.experiment import Results


def dashboard(
    run_dir: RunDir,
    scenario: OneScenario = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Also write every table, of all scenarios, as CSV here.")
    ] = None,
) -> None:
    """Show the dashboards of a run.

    The Huddle tracker, the LIFE tracker, journeys across both and outcomes, by month on average over the replications;
    and the outcome framework: what the model can compute, and why not the rest. The report has them with pictures.

    \b
    Examples
      flowsim dashboard runs/20261122-101500-do_nothing-transition_year
      flowsim dashboard runs/mine --scenario transition_year --out dashboards
    """
    with user_errors():
        from flowsim.experiment.folder import FolderError
        from flowsim.experiment.reading import read
        from flowsim.exports import ExportError

        try:
            results, _, _ = read(run_dir)
        except FolderError as error:
            raise InputError(str(error)) from None
        if not results.record.trackers:
            raise InputError(f"{run_dir}: holds no dashboards; run it again with this version")
        name = _chosen(results, run_dir, scenario)
        folder = new_folder(out, "dashboard") if out is not None else None
        from flowsim.cli.show_dashboard import show, write

        show(results, name)
        if folder is not None:
            try:
                files = write(results, folder)
            except ExportError as error:
                raise InputError(str(error)) from None
            for file in files:
                typer.echo(f"wrote {file}")


def _chosen(results: Results, run_dir: Path, scenario: str | None) -> str:
    from flowsim.config.problems import did_you_mean

    names = results.record.names
    if scenario is not None and scenario not in names:
        raise InputError(f"--scenario {scenario}: is not in {run_dir}; {did_you_mean(scenario, names, 'there are')}")
    return names[-1] if scenario is None else scenario
