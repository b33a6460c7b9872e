"""What a measure is, and how functions become measures: the docstring of each is its definition, written once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from flowsim.measures.view import View

Better = Literal["higher", "lower", "neutral"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A number a run is read by: its public name, unit, which direction is better, and what exactly it counts."""

    id: str
    unit: str
    better: Better
    definition: str


Rule = Callable[["View"], float]


class Register:
    """Measures of one subject, in the order they are written down."""

    def __init__(self) -> None:
        self.measures: dict[str, Measure] = {}
        self.rules: dict[str, Rule] = {}

    def add(self, unit: str, better: Better) -> Callable[[Rule], Rule]:
        """Decorator: the function's name is the measure's id, its docstring the definition."""

        def keep(rule: Rule) -> Rule:
            """Register the function and give it back unchanged."""
            self.put(rule.__name__, unit, better, rule.__doc__ or "", rule)
            return rule

        return keep

    def put(self, name: str, unit: str, better: Better, definition: str, rule: Rule) -> None:
        """Add a measure by name; refuses a name that is taken."""
        if name in self.measures:
            raise ValueError(f"measure {name!r} is defined twice")
        self.measures[name] = Measure(name, unit, better, " ".join(definition.split()))
        self.rules[name] = rule
