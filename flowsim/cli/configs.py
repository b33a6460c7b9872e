"""`check`, `explain`, `init` and `schema`: configurations, before anything is run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flowsim.cli.common import InputError, config_problems, read_config, user_errors
from flowsim.cli.options import Config, Settings

if TYPE_CHECKING:
    from flowsim.config.explain import Row


def check(
    configs: Annotated[
        list[str], typer.Argument(metavar="CONFIG...", help="YAML files, or shipped scenarios: ten_year/all_phases.")
    ],
    settings: Settings = None,
) -> None:
    """Check configurations; run nothing.

    Names every problem with file, line, column and path, and warns of services offered more than they can do.

    \b
    Examples
      flowsim check configs/transition_year.yaml
      flowsim check transition_year sceptical
      flowsim check transition_year --set life.slots=40
      flowsim check ten_year/all_phases
    """
    with user_errors():
        problems = []
        for source in configs:
            try:
                loaded = read_config(source, tuple(settings or ()))
            except InputError as error:
                problems.append(str(error))
                continue
            from flowsim.offered.stability import stability

            typer.echo(f"{source}: ok")
            for text in stability(loaded.scenario):
                typer.echo(f"{source}: warning: {text}")
        if problems:
            raise InputError("\n".join(problems))


def explain(
    config: Config,
    path: Annotated[str, typer.Argument(metavar="[PATH]", help="A parameter or a part: life.slots, hospital.")] = "",
    settings: Settings = None,
) -> None:
    """Explain the parameters.

    Gives value, unit, meaning, where it was set, evidence, grade and range.

    \b
    Examples
      flowsim explain transition_year life.slots
      flowsim explain configs/do_nothing.yaml hospital.escalation
      flowsim explain sceptical
      flowsim explain ten_year/all_phases initiatives.buurtzorg
    """
    with user_errors():
        from flowsim.config.explain import explain as explained

        loaded = read_config(config, tuple(settings or ()))
        with config_problems():
            rows = explained(loaded, path or None)
        for before, row in zip([None, *rows], rows, strict=False):
            typer.echo(_explained(row, before))


def _explained(row: Row, before: Row | None) -> str:
    from flowsim.config.resolved import inline

    lines = [f"{row.path}: {inline(row.value)} {row.unit if row.value is not None else ''}".rstrip()]
    between = "" if row.low is None or row.high is None else f"between {row.low:g} and {row.high:g}"
    facts = [
        f"set in {row.origin}" if ":" in row.origin else f"set by {row.origin}",
        f"evidence: {row.evidence}" if row.evidence else "",
        f"grade {row.grade}" if row.grade else "",
        between,
        f"varies: {row.distribution}" if row.distribution else "",
    ]
    if before and row.evidence and _said(row) == _said(before):  # thirteen wards share a long row
        return "\n".join([*lines, f"    {facts[0]}; meaning and evidence as above"])
    lines += [f"    {text}" for text in (row.meaning, "; ".join(fact for fact in facts if fact)) if text]
    return "\n".join(lines)


def _said(row: Row) -> tuple[object, ...]:
    return row.meaning, row.evidence, row.grade, row.low, row.high, row.distribution


def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is new or empty.")],
) -> None:
    """Begin a study folder.

    It holds a configuration of your own to change.

    \b
    Example
      flowsim init my-study
    """
    with user_errors():
        from flowsim.config.study import init as begin

        with config_problems():
            files = begin(directory)
        for file in files:
            typer.echo(f"wrote {file}")


def schema() -> None:
    """Print the JSON Schema of configurations.

    Editors complete and check by it.

    \b
    Example
      flowsim schema > configs/schema.json
    """
    with user_errors():
        from flowsim.config.study import schema as json_schema

        typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
