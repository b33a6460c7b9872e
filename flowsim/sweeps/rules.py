"""What every design is held to, of a sweep or of an analysis whose runs are one; each fault at its place."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from flowsim.config.files import Source, read_file
from flowsim.config.load import Loaded, read
from flowsim.config.problems import ConfigError, KeyPath, Problem
from flowsim.config.reader import Document
from flowsim.params import Scenario
from flowsim.sweeps.outcomes import wrong_outcome
from flowsim.sweeps.problems import fault, faults

Model = TypeVar("Model", bound=BaseModel)


class Stated(Protocol):
    """What these rules ask of a design."""

    @property
    def method(self) -> str:
        """How its points are made."""

    @property
    def points(self) -> int | None:
        """How many there are to be, where the method asks."""

    @property
    def levels(self) -> int:
        """Levels of Morris."""

    @property
    def settings(self) -> tuple[str, ...]:
        """Laid over its scenarios."""


def read_as(
    model: type[Model], path: str | os.PathLike[str], inner: Mapping[str, type[BaseModel]]
) -> tuple[Model | None, Document, list[Problem]]:
    """A design as its file states it, the document with its marks, and what is wrong with keys and types.

    Parameters
    ----------
    inner : mapping
        The model that stands under a key.
    """
    document = read_file(Source(Path(path), os.fspath(path)))
    problems = list(document.problems)
    if document.tree is None:
        return None, document, problems
    try:
        return model.model_validate(document.tree), document, problems
    except ValidationError as error:
        return None, document, problems + faults(error, document, {"": model, **inner})


def meaningless(design: Stated, document: Document, means: Mapping[str, Sequence[str]]) -> list[Problem]:
    """Keys that are stated and mean nothing to the method; ``means`` has the methods of each key that not all have."""
    stated = document.tree or {}
    return [
        fault(document, (key,), f"means nothing to method {design.method}", "leave it out")
        for key, methods in means.items()
        if key in stated and design.method not in methods
    ]


def missing_points(design: Stated, document: Document, methods: Sequence[str]) -> list[Problem]:
    """The fault of a design of one of these methods that does not say how many points it has."""
    if design.method not in methods or design.points is not None:
        return []
    return [fault(document, ("points",), "is missing", f"how many points shall {design.method} have?")]


def unbalanced(design: Stated, document: Document) -> list[Problem]:
    """Numbers of points and levels at which a Sobol' sequence or the steps of Morris are not balanced."""
    found = []
    if design.method == "sobol" and design.points and design.points & (design.points - 1):
        near = 1 << (design.points.bit_length() - 1)
        hint = f"it is balanced for powers of two only: {near} or {2 * near}"
        found.append(fault(document, ("points",), f"{design.points} points of a Sobol' sequence", hint))
    if design.method == "morris" and design.levels % 2:
        found.append(fault(document, ("levels",), f"must be even, not {design.levels}", "4 is usual"))
    return found


def listed_twice(names: Sequence[str], document: Document, key: str) -> list[Problem]:
    """A fault for each name that a list has more than once."""
    repeated = [name for place, name in enumerate(names) if name in names[:place]]
    return [fault(document, (key,), f"{name} is listed twice") for name in dict.fromkeys(repeated)]


def scenario_named(
    design: Stated, key: str, folder: Path, document: Document, problems: list[Problem]
) -> Loaded | None:
    """The scenario that a key of a design names, a file beside it or a shipped one; its faults are noted."""
    name = str(getattr(design, key))
    beside = folder / name
    try:
        return read(str(beside) if name and beside.is_file() else name, design.settings)
    except ConfigError as error:
        here = fault(document, (key,), f"{name!r} cannot be used:")
        problems += [one for one in (here, *error.problems) if one not in problems]
        return None


def wrong_outcomes(
    places: Iterable[tuple[KeyPath, str]], document: Document, scenario: Scenario, compared: bool
) -> list[Problem]:
    """A fault for each outcome, at its place, that a scenario has not, or not without a baseline."""
    found = []
    for where, name in places:
        wrong = wrong_outcome(name, scenario, compared)
        if wrong is not None:
            found.append(fault(document, where, *wrong))
    return found
