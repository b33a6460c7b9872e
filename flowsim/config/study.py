"""Beginning a study of one's own, and the schema by which editors complete configurations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from flowsim.config.load import EXTENDS
from flowsim.config.meaning import field_meanings
from flowsim.config.problems import ConfigError, Mark, problem_at
from flowsim.frozen import Frozen
from flowsim.params import Scenario

_STUDY = """\
# My study: a scenario that states only what differs from one that is shipped.
# Shipped ones to extend: do_nothing, transition_year, sceptical, adverse, winter_pressure, huddles_fast, life_small.
# `flowsim explain my_study.yaml` lists everything that can be changed, in which unit, and who says so.
extends: transition_year.yaml
name: my_study
title: LIFE grows to 120 slots, a month later than it did

life:
  slots:                     # a dated value: steps from one number to the next
    from: 0
    steps:
      2017-09-25: 60
      2017-12-16: 100
      2018-02-01: 120

# More to try (take the # away):
# huddles:
#   effect: {model: practice_rate, rate_ratio: 1.0}      # Huddles without effect
# cohorts:
#   over_65:
#     arrivals:
#       level: {from: 1.0, steps: {2017-12-01: 1.08}}    # 8 % more presentations from December
"""

_README = """\
# A flowsim study

In this folder (`cd` into it first):

```console
flowsim check my_study.yaml                        # all mistakes at once, and what will run short
flowsim explain my_study.yaml life                 # every parameter: value, unit, meaning, source
flowsim compare do_nothing my_study.yaml           # bed days saved against doing nothing, with intervals
flowsim compare do_nothing my_study.yaml --set life.slots=140
flowsim trace my_study.yaml --replication 0 --person 100
```

`my_study.yaml` extends a shipped scenario. Files beside it can be extended by their name.
Each run writes a folder under `runs/` with a report, tables and a manifest of what exactly ran.
"""


def init(directory: str | Path) -> list[Path]:
    """Make a study folder with a first scenario and a README; gives the files written.

    Raises
    ------
    ConfigError
        If the folder cannot be made or already holds one of the files; nothing is overwritten.
    """
    folder = Path(directory)
    files = {folder / "my_study.yaml": _STUDY, folder / "README.md": _README}
    there = [path for path in files if path.exists() or path.is_symlink()]
    if there:
        hint = "name another folder, nothing is overwritten"
        raise ConfigError([problem_at(Mark(str(path)), (), "is already there", hint) for path in there])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in files.items():
            with path.open("x", encoding="utf-8") as stream:
                stream.write(text)
    except OSError as error:
        message = f"a study cannot be made here: {error.strerror or error}"
        raise ConfigError([problem_at(Mark(str(folder)), (), message)]) from None
    return list(files)


def schema() -> dict[str, Any]:
    """JSON Schema of a configuration file, for editors: nothing is required, as an overlay may state any part."""
    whole = Scenario.model_json_schema(by_alias=True)
    whole["properties"] = {
        EXTENDS: {
            "type": "string",
            "title": "Extends",
            "description": "A file beside this one, or a shipped scenario, over which this one is laid.",
        },
        **whole["properties"],
    }
    _describe(whole)
    _relax(whole)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole}


def _describe(whole: dict[str, Any]) -> None:
    """Say of every field what it is, so that editors show it."""
    classes = {model.__name__: model for model in _models(Frozen)}
    for name, node in [(Scenario.__name__, whole), *whole["$defs"].items()]:
        says = field_meanings(classes[name]) if name in classes else {}
        for key, field in node.get("properties", {}).items():
            if key in says:
                field["description"] = says[key]


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for under in model.__subclasses__():
        yield under
        yield from _models(under)


def _relax(node: Any) -> None:
    if isinstance(node, dict):
        required = node.get("required")
        if isinstance(required, list):
            fixed = {key for key, one in node.get("properties", {}).items() if "const" in one}
            node["required"] = [key for key in required if key in fixed and key in ("shape", "model", "form")]
            if not node["required"]:
                del node["required"]
        for value in node.values():
            _relax(value)
    elif isinstance(node, list):
        for value in node:
            _relax(value)
