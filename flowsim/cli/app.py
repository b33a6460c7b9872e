"""The command `flowsim` and its parts."""

from __future__ import annotations

from typing import Annotated

import typer

from flowsim.cli.animate import animate
from flowsim.cli.attribute import attribute
from flowsim.cli.calibrate import calibrate
from flowsim.cli.configs import check, explain, init, schema
from flowsim.cli.dashboard import dashboard
from flowsim.cli.decide import front, select, solve
from flowsim.cli.doctor import doctor
from flowsim.cli.experiments import compare, report, run
from flowsim.cli.export import export
from flowsim.cli.money import money
from flowsim.cli.sensitivity import sensitivity
from flowsim.cli.stopping import precision, warmup
from flowsim.cli.sweep import replay, sweep
from flowsim.cli.trace import trace
from flowsim.cli.validate import validate
from flowsim.cli.whatif import app as what_if_page

app = typer.Typer(
    name="flowsim",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)

for _command in (
    run,
    compare,
    warmup,
    precision,
    check,
    explain,
    report,
    export,
    animate,
    dashboard,
    trace,
    solve,
    select,
    front,
    calibrate,
    validate,
    money,
    what_if_page,
    init,
    schema,
    doctor,
    sweep,
    replay,
    sensitivity,
    attribute,
):
    app.command()(_command)


def _version(wanted: bool) -> None:
    if wanted:
        from flowsim import __version__

        typer.echo(f"flowsim {__version__}")
        raise typer.Exit


@app.callback()
def flowsim(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Patient flow between hospital and home: bed days a rollout of Huddles, D2A and LIFE saves, and by what.

    \b
    Examples
      flowsim compare do_nothing transition_year       the main question
      flowsim check transition_year                    is the input right, will anything run short?
      flowsim explain transition_year life.slots       what does a number mean, and who says so?

    \b
    Scenarios that come with it
      do_nothing, transition_year, sceptical, adverse, winter_pressure, huddles_fast, life_small, d2a_only
      ten_year/do_nothing, ten_year/phase1, ten_year/all_phases, ten_year/sceptical_all_phases
    """
