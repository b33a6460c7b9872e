"""The state of the page: where every lever stands. What it means is an overlay, which the command line reads as well.

Only what differs from the starting scenario is in the overlay, so a page on which nothing was moved is that scenario.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flowsim.app.levers import Lever, Value
from flowsim.app.meaning import changes_of
from flowsim.app.reading import levers_of
from flowsim.config.evidence import EvidenceTable, load_evidence
from flowsim.config.files import find, packaged
from flowsim.config.load import Loaded, Origin, read
from flowsim.config.problems import ConfigError, Mark, Problem, problem_at
from flowsim.config.resolved import inline
from flowsim.config.validate import all_faults, placed, validate
from flowsim.experiment.runs import told_apart
from flowsim.params import Scenario
from flowsim.params.tree import overlay, wholes

MINE = "my_plan"
"""What a plan is called that nobody has named."""
PAGE = "the page"
"""Origin of a value that a lever set."""

Tree = dict[str, Any]


@dataclass(frozen=True)
class Start:
    """What the page begins from: the world without the plan, the plan, its levers and where they stand.

    Attributes
    ----------
    base, plan : Loaded
        As the command line reads them.
    extends : dict
        For each of the two the file name that an overlay states to stand on it.
    levers : tuple of Lever
        Those the plan has.
    initial : dict of value by lever
        Where they stand in the plan.
    """

    base: Loaded
    plan: Loaded
    extends: Mapping[str, str]
    levers: tuple[Lever, ...]
    initial: Mapping[str, Value]

    @classmethod
    def of(cls, plan: str = "transition_year", base: str = "do_nothing") -> Start:
        """Read both configurations.

        Raises
        ------
        ConfigError
            With every problem of both files; or if they do not cover the same days.
        """
        found: list[Loaded] = []
        problems: list[Problem] = []
        for source in (base, plan):
            try:
                found.append(read(source))
            except ConfigError as error:
                problems += error.problems
        if problems:
            raise ConfigError(dict.fromkeys(problems))
        if found[0].scenario.clock != found[1].scenario.clock:
            hint = f"give a base with the same days: --base; {base} has others"
            raise ConfigError([problem_at(Mark(plan), ("clock",), f"differs from that of {base}", hint)])
        levers, initial = levers_of(found[1].scenario)
        return cls(found[0], found[1], {"base": _name_of(base), "plan": _name_of(plan)}, levers, initial)

    @cached_property
    def evidence(self) -> EvidenceTable:
        """The shipped evidence."""
        return load_evidence()

    @property
    def shipped(self) -> bool:
        """Whether both stand on shipped configurations, so that an overlay works in any folder."""
        return all(_is_shipped(self.sources[which]) for which in ("base", "plan"))

    @property
    def sources(self) -> dict[str, str]:
        """The files named, base and plan."""
        return {"base": self.base.chain[0], "plan": self.plan.chain[0]}


def _is_shipped(source: str) -> bool:
    return find(source).path.resolve().is_relative_to(packaged().resolve())


def _name_of(source: str) -> str:
    """What ``extends`` calls a file: a shipped one by its place among them, another by its name alone."""
    path = find(source).path.resolve()
    root = packaged().resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


@dataclass(frozen=True)
class State:
    """Where every lever stands, and what the plan is called."""

    start: Start
    values: Mapping[str, Value]
    name: str = ""

    @classmethod
    def of(cls, start: Start) -> State:
        """The page as it opens: nothing moved."""
        return cls(start, dict(start.initial))

    def with_(self, **moved: Value) -> State:
        """The same with some levers moved; a point in an id is written as two underscores."""
        return self.moved({name.replace("__", "."): value for name, value in moved.items()})

    def moved(self, values: Mapping[str, Value]) -> State:
        """The same with some levers moved.

        Raises
        ------
        KeyError
            If the starting scenario has no such lever.
        """
        strange = [name for name in values if name not in self.start.initial]
        if strange:
            raise KeyError(f"no lever {strange[0]!r}; there are {', '.join(self.start.initial)}")
        return replace(self, values={**self.values, **values})

    @property
    def changed(self) -> tuple[str, ...]:
        """Ids of the levers that were moved and act."""
        return tuple(one.id for one in self.start.levers if self.values[one.id] != self.start.initial[one.id]
                     and self.acts(one))  # fmt: skip

    def acts(self, lever: Lever) -> bool:
        """Whether a lever has anything to say while the others stand as they do."""
        return lever.under is None or self.values.get(lever.under[0]) == lever.under[1]

    @property
    def plan_name(self) -> str:
        """What the plan is called in tables: as typed, else as the starting scenario until a lever is moved."""
        own = self.start.plan.scenario.name
        changed = f"{own}_changed" if own == MINE else MINE
        return self.name or (changed if self.changed else own)

    def overlay(self, which: str = "plan") -> Tree:
        """What differs from the starting configuration of the ``plan`` or the ``base``: nothing if no lever was moved.

        The base only takes what holds with and without the plan: winter and, unless chosen otherwise, the rules for
        escalation beds.
        """
        return changes_of(self, which)

    def file(self, which: str = "plan") -> Tree:
        """The overlay as a configuration file states it, with what it extends and its name."""
        tree: Tree = {"extends": self.start.extends[which], "name": self.names[which]}
        changes = self.overlay(which)
        if changes:
            loaded = self.start.plan if which == "plan" else self.start.base
            title = loaded.scenario.title or loaded.scenario.name
            tree["title"] = f"{title} (changed on the what-if page)"
        return tree | changes

    @property
    def names(self) -> dict[str, str]:
        """Names of base and plan, told apart."""
        base = self.start.base.scenario.name
        plan = self.plan_name
        return {"base": base, "plan": f"{plan}_2" if plan == base else plan}

    def loaded(self, which: str = "plan") -> Loaded:
        """What the command line would make of the overlay, and where each value was set.

        Raises
        ------
        ConfigError
            With everything that is wrong with this combination, in words.
        """
        under = self.start.plan if which == "plan" else self.start.base
        over = {key: value for key, value in self.file(which).items() if key != "extends"}
        tree = overlay(under.tree, over)
        result = validate(tree)
        if not isinstance(result, Scenario):
            found = all_faults(tree, result, [under.tree])
            raise ConfigError(placed(found, {}, PAGE))
        kept = dict(under.origins)
        for path, _ in wholes(self.overlay(which)):
            name = ".".join(path)
            kept = {key: one for key, one in kept.items() if key != name and not key.startswith(f"{name}.")}
            kept[name] = Origin(PAGE, PAGE)
        return replace(under, scenario=result, tree=tree, origins=kept)

    def scenarios(self) -> tuple[Scenario, Scenario]:
        """Base and plan, ready to run.

        Raises
        ------
        ConfigError
            With everything that is wrong with either.
        """
        base, plan = told_apart([self.loaded("base").scenario, self.loaded("plan").scenario])
        return base, plan

    def to_yaml(self, which: str = "plan", note: str = "") -> str:
        """The overlay as a file; ``note`` is written above it as a comment, one line for each of its lines."""
        return "".join([*(f"# {line}\n" for line in note.splitlines()), *_lines(self.file(which))])


def _lines(tree: Mapping[str, Any], indent: str = "") -> list[str]:
    found = []
    for key, value in tree.items():
        if isinstance(value, Mapping) and value and not _on_one_line(value):
            found += [f"{indent}{key}:\n", *_lines(value, indent + "  ")]
        else:
            found.append(f"{indent}{key}: {inline(value)}\n")
    return found


def _on_one_line(tree: Mapping[str, Any]) -> bool:
    """Whether a mapping states a whole value, such as dated slots, which is best read on one line."""
    return any(key in tree for key in ("from", "shape", "model", "form"))
