"""`trace`: one life, told."""

from __future__ import annotations

from typing import Annotated

import typer

from flowsim.cli.common import InputError, read_all, user_errors
from flowsim.cli.options import Config, Replication, Seed, Settings


def trace(
    config: Config,
    other: Annotated[str, typer.Argument(metavar="[ALT]", help="The same person in a second world.")] = "",
    replication: Replication = 0,
    person: Annotated[int, typer.Option("--person", "-p", metavar="ID", min=0, help="Number of the person.")] = 0,
    seed: Seed = 1,
    settings: Settings = None,
) -> None:
    """Tell one life in dated sentences.

    With two configurations: the same person in both worlds.

    \b
    Examples
      flowsim trace do_nothing --replication 0 --person 120
      flowsim trace do_nothing transition_year -r 3 -p 42
    """
    with user_errors():
        loadeds = read_all([config, other] if other else [config], tuple(settings or ()))
        from flowsim.story import tell

        try:
            text = tell([one.scenario for one in loadeds], seed=seed, replication=replication, person=person)
        except (KeyError, ValueError) as error:
            raise InputError(str(error.args[0] if error.args else error)) from None
        typer.echo(text)
