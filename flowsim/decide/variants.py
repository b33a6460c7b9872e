"""Scenarios that a design names: files, shipped ones, and values laid over them as ``--set`` does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flowsim.config.load import Loaded, read
from flowsim.config.problems import ConfigError, Problem
from flowsim.config.resolved import inline
from flowsim.decide.fields import Fields
from flowsim.decide.selection import MOST_SYSTEMS
from flowsim.experiment.runs import told_apart
from flowsim.params import Scenario


class Variants:
    """The scenarios of one part of a design.

    Parameters
    ----------
    part : Fields
        The part; faults are noted there.
    folder : Path
        Of the design; its scenarios may lie beside it.
    """

    def __init__(self, part: Fields, folder: Path) -> None:
        self.part, self.folder = part, folder
        self.over = settings_of(part)
        self.parameter = ""
        self.config = ""

    def several(self) -> list[Scenario]:
        """All scenarios of a selection, with names that differ."""
        found = self._values() if "parameter" in self.part.tree or "values" in self.part.tree else self._listed()
        if self.part.problems:
            return [one for one in found if one is not None]
        scenarios = [one for one in found if one is not None]
        if not 2 <= len(scenarios) <= MOST_SYSTEMS:
            self.part.note("", f"{len(scenarios)} scenarios cannot be compared", f"2 to {MOST_SYSTEMS} can")
        if any(one.clock != scenarios[0].clock for one in scenarios):
            self.part.note("", "the scenarios differ in their clock", "compare the same dates")
        return told_apart(scenarios)

    def _listed(self) -> list[Scenario | None]:
        found = []
        for at, entry in enumerate(self.part.listed("scenarios")):
            key = f"scenarios/{at}"
            if isinstance(entry, str):
                found.append(self.load(entry, (), key))
            elif isinstance(entry, dict):
                inner = Fields(self.part.document, (*self.part.path, "scenarios", str(at)), entry, self.part.problems)
                found.append(self._named(inner))
            else:
                self.part.note(key, "must be the name of a scenario, or {name, config, set}")
        return found

    def _named(self, inner: Fields) -> Scenario | None:
        config, name = inner.text("config"), inner.text("name", None)
        settings = settings_of(inner)
        inner.no_others()
        if config is None:
            return None
        found = self.load(config, settings, "config", inner)
        return found.model_copy(update={"name": name}) if found is not None and name else found

    def _values(self) -> list[Scenario | None]:
        config, parameter = self.part.text("scenario"), self.part.text("parameter", rule="a path such as life.slots")
        values = self.part.listed("values")
        if config is None or parameter is None:
            return []
        found = []
        for at, value in enumerate(values):
            one = self.load(config, (f"{parameter}={inline(value)}",), f"values/{at}")
            name = f"{parameter}={inline(value)}"
            found.append(one.model_copy(update={"name": name}) if one is not None else None)
        return found

    def ends(self, values: Sequence[int] | Sequence[dt.date]) -> list[Scenario]:
        """The scenario at both ends of the range of a solution; other values are read when they are tried."""
        config, parameter = self.part.text("scenario"), self.part.text("parameter", rule="a path such as life.slots")
        if config is None or parameter is None:
            return []
        self.config, self.parameter = config, parameter
        tried = [(f"{parameter}={values[at]}",) for at in (0, -1)] if values else [()]
        found = [self.load(config, one, "parameter" if one else "scenario") for one in tried]
        return [one for one in found if one is not None]

    def at(self, value: int | dt.date) -> Scenario:
        """The scenario with one value of the parameter; raises ConfigError if it cannot be."""
        return read(self._source(self.config), (*self.over, f"{self.parameter}={value}")).scenario

    def load(self, config: str, settings: Sequence[str], key: str, place: Fields | None = None) -> Scenario | None:
        """A scenario; what is wrong with its name or settings is noted at a key of the design."""
        found = self.loaded(config, settings, key, place)
        return found.scenario if found is not None else None

    def loaded(self, config: str, settings: Sequence[str], key: str, place: Fields | None = None) -> Loaded | None:
        """As :meth:`load`, with the tree that further values can be laid over."""
        try:
            return read(self._source(config), (*self.over, *settings))
        except ConfigError as error:
            for problem in error.problems:
                self._note(problem, config, key, place or self.part)
        return None

    def _source(self, config: str) -> str:
        """A file beside the design, or what any command would find by that name."""
        for candidate in (config, f"{config}.yaml"):
            try:
                if (self.folder / candidate).is_file():
                    return str(self.folder / candidate)
            except (OSError, ValueError):
                break
        return config

    def _note(self, problem: Problem, config: str, key: str, place: Fields) -> None:
        if problem.line:
            place.problems.append(problem)  # inside the file itself
            return
        key = "scenario" if not problem.file.startswith("--set") and "scenario" in place.tree else key
        about = f"{problem.path}: " if problem.path else f"{config}: "
        place.note(key, about + problem.message, problem.hint)


def settings_of(part: Fields) -> tuple[str, ...]:
    """``set: {life.slots: 140}`` as ``--set`` would write it."""
    inner = part.mapping("set", None)
    return tuple(f"{path}={inline(value)}" for path, value in inner.tree.items()) if inner is not None else ()


def measure_names(scenarios: Sequence[Scenario]) -> list[str]:
    """Measures that every one of the scenarios has: all the public ones, and costs by item and payer."""
    from flowsim.measures import MEASURES

    names = list(MEASURES)
    costs = [_cost_names(scenario) for scenario in scenarios]
    return names + [name for name in (costs[0] if costs else []) if all(name in one for one in costs)]


def _cost_names(scenario: Scenario) -> list[str]:
    items: dict[str, Any] = dict(scenario.costs.items) if scenario.costs is not None else {}
    payers = [one.payer for one in items.values()]
    if scenario.home_care is not None and scenario.home_care.council_share < 1.0 and "council" in payers:
        payers.append("self")  # people pay part of the care at home that the council arranges
    return [f"cost_{item}" for item in items] + [f"cost_payer_{payer}" for payer in dict.fromkeys(payers)]
