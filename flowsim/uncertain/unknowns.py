"""Unknowns: what of one or several scenarios is not known, as their evidence says; and where each acts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flowsim.config.evidence import Correlation, Evidence, EvidenceTable
from flowsim.config.explain import row_of
from flowsim.config.problems import KeyPath, did_you_mean, dotted
from flowsim.config.settings import SET
from flowsim.config.spread import ABSOLUTE, RELATIVE, Spread
from flowsim.params import Scenario
from flowsim.params.scenario import BY_HAND
from flowsim.params.tree import wholes


@dataclass(frozen=True, slots=True)
class Unknown:
    """One thing that is drawn: a row of evidence, or one number under a row that draws each for itself.

    Attributes
    ----------
    name : str
        Path of the row (``transition_year:life.slots``), or of the number.
    ends : (low, high)
        What it is drawn between: see :func:`flowsim.uncertain.marginals.quantile`.
    centre : float
        Where it stands as configured: the number itself, or what leaves numbers as they are (factor 1, term 0).
    """

    name: str
    row: Evidence
    spread: Spread
    ends: tuple[float, float]
    centre: float

    @property
    def grade(self) -> str:
        """Grade of its evidence."""
        return self.row.grade


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a scenario: the value an overlay replaces whole, the way to it inside, and who moves it.

    ``group`` names the shares that it adds to one with; ``unknown`` is empty if it is held.
    """

    whole: KeyPath
    inside: KeyPath
    value: float
    integer: bool
    unknown: str
    row: Evidence
    limits: tuple[float, float] | None
    group: KeyPath = ()


@dataclass(frozen=True)
class World:
    """A scenario with its numbers that can move."""

    scenario: Scenario
    tree: dict[str, Any]
    numbers: tuple[Number, ...]


class UnknownError(ValueError):
    """What shall be varied cannot be; the message says why and what can."""


@dataclass(frozen=True)
class Unknowns:
    """All unknowns of some scenarios, each once, in order of appearance.

    Attributes
    ----------
    held : tuple of str
        What would vary but is held, and why.
    """

    found: tuple[Unknown, ...]
    worlds: tuple[World, ...]
    correlations: tuple[Correlation, ...]
    held: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(one.name for one in self.found)

    def only(self, names: Sequence[str]) -> Unknowns:
        """Those of these names, in their order; the others stay as configured."""
        chosen = {one.name: one for one in self.found}
        pairs = tuple(one for one in self.correlations if one.first in names and one.second in names)
        return Unknowns(tuple(chosen[name] for name in names), self.worlds, pairs, self.held)


def unknowns_of(scenarios: Sequence[Scenario], table: EvidenceTable, vary: Sequence[str] = ()) -> Unknowns:
    """What is not known of these scenarios.

    A number that somebody set by hand (``--set``, ``with_``) is taken as meant, and held; so is one outside the range
    of its evidence. A what-if is held too, unless it is asked for.

    Parameters
    ----------
    table : EvidenceTable
        From :func:`flowsim.config.evidence.load_evidence`.
    vary : sequence of str
        Paths, of parameters or rows, that are varied in any case.

    Raises
    ------
    UnknownError
        If a path of ``vary`` names nothing, or nothing that can be varied.
    """
    trees = [scenario.tree() for scenario in scenarios]
    numbers = [list(_numbers(one, tree, table)) for one, tree in zip(scenarios, trees, strict=True)]
    asked = _Asked(vary, [number for listed in numbers for number in listed])
    found: dict[str, Unknown] = {}
    held: dict[str, None] = {}
    worlds = []
    for scenario, tree, listed in zip(scenarios, trees, numbers, strict=True):
        placed = [_placed(one, asked, found, held) for one in listed]
        worlds.append(World(scenario, tree, tuple(number for number in placed if number is not None)))
    asked.check(worlds)
    pairs = tuple(one for one in table.correlations if one.first in found and one.second in found)
    return Unknowns(tuple(found.values()), tuple(worlds), pairs, tuple(held))


def rows_in_force(scenario: Scenario, table: EvidenceTable, path: str) -> list[Evidence]:
    """The rows behind the numbers that a path names in a scenario."""
    found = [number.row for number in _numbers(scenario, scenario.tree(), table) if _names(path, number)]
    return list(dict.fromkeys(found))


class _Asked:
    """The paths that somebody asked to vary, and which of them named something.

    Where a path names numbers with evidence of an overlay's own, what base says of it when it is off is not meant.
    """

    def __init__(self, vary: Sequence[str], numbers: Sequence[_Found]) -> None:
        self.vary = tuple(vary)
        self.met: dict[str, bool] = {}
        self.overlaid = {one for one in vary for number in numbers if ":" in number.row.path and _names(one, number)}

    def holds(self, number: _Found) -> bool:
        """Whether this number was asked for."""
        for one in self.vary:
            off = one in self.overlaid and ":" not in number.row.path and number.row.spread.word == "what-if"
            if _names(one, number) and not off:
                self.met[one] = self.met.get(one, False) or number.row.spread.word != "fixed"
                return True
        return False

    def check(self, worlds: Sequence[World]) -> None:
        """Raise if a path named nothing that can vary."""
        for one in self.vary:
            if one not in self.met:
                known = [dotted((*number.whole, *number.inside)) for world in worlds for number in world.numbers]
                raise UnknownError(f"{one}: no number with evidence is called so; {did_you_mean(one, known)}")
            if not self.met[one]:
                raise UnknownError(f"{one}: its evidence says fixed: known, or so by definition")


def _names(path: str, number: _Found) -> bool:
    """Whether a path that somebody wrote means this number, its row, or something above either."""
    return any(one == path or one.startswith(f"{path}.") for one in (number.row.path, dotted(number.path), number.name))


@dataclass(frozen=True, slots=True)
class _Found:
    """A number with its row, before it is decided whether it varies."""

    whole: KeyPath
    inside: KeyPath
    value: float
    integer: bool
    row: Evidence
    origin: str
    dated: bool

    @property
    def path(self) -> KeyPath:
        """Its whole path."""
        return (*self.whole, *self.inside)

    @property
    def name(self) -> str:
        """Its path, with the overlay that the row speaks of."""
        overlay, colon, _ = self.row.path.rpartition(":")
        return f"{overlay}{colon}{dotted(self.path)}"


def _numbers(scenario: Scenario, tree: Mapping[str, Any], table: EvidenceTable) -> Iterator[_Found]:
    origins = scenario.origins
    for whole, value in wholes(tree):
        dated = isinstance(value, Mapping) and "from" in value
        for inside, number in _leaves(value):
            path = (*whole, *inside)
            origin = _origin(path, origins)
            row = row_of(table, path, origin.rpartition(":")[0])
            if row is not None:
                yield _Found(whole, inside, float(number), isinstance(number, int), row, origin, dated)


def _leaves(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, float]]:
    if isinstance(value, (Mapping, list)):
        rows = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, under in rows:
            yield from _leaves(under, (*path, str(key)))
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield path, value


def _origin(path: KeyPath, origins: Mapping[str, str]) -> str:
    """Where a number was set; of a list, where the list was."""
    for size in range(len(path), 0, -1):
        found = origins.get(dotted(path[:size]))
        if found is not None:
            return found
    return ""


def _placed(number: _Found, asked: _Asked, found: dict[str, Unknown], held: dict[str, None]) -> Number | None:
    """The number with its unknown, which is added if it is new; None if nothing can ever move it."""
    row, spread = number.row, number.row.spread
    wanted = asked.holds(number)
    if spread.word == "what-if" and wanted and spread.asked is not None:
        spread = spread.asked
    if number.value == 0.0 and (number.dated or spread.word == "shares"):
        return None  # what has not begun, or does not happen, is not varied
    why = "" if wanted else _why_held(number, spread)
    if why:
        held[f"{dotted(number.whole)}: {why}"] = None
    name = number.name if spread.each or spread.word == "shares" else row.path
    moves = spread.varied and not why
    if moves and name not in found:
        found[name] = _unknown(name, number, spread)
    group = _group(number) if row.spread.word == "shares" else ()
    limits = _limits(number, spread)
    return Number(number.whole, number.inside, number.value, number.integer, name if moves else "", row, limits, group)


def _why_held(number: _Found, spread: Spread) -> str:
    if not spread.varied:
        return ""
    if number.origin.startswith(SET) or number.origin == BY_HAND:
        return "held as set by hand"
    ends = _ends(number, spread)
    if spread.word in ABSOLUTE and not ends[0] <= number.value <= ends[1]:
        return f"held at {number.value:g}, which lies outside the {ends[0]:g} to {ends[1]:g} of its evidence"
    return ""


def _unknown(name: str, number: _Found, spread: Spread) -> Unknown:
    ends = _ends(number, spread)
    if spread.word in ABSOLUTE and not ends[0] <= number.value <= ends[1]:
        raise UnknownError(f"{name}: its range {ends[0]:g} to {ends[1]:g} excludes its value {number.value:g}")
    centre = {"scale": 1.0, "shift": 0.0}.get(spread.word, number.value)
    return Unknown(name, number.row, spread, ends, centre)


def _ends(number: _Found, spread: Spread) -> tuple[float, float]:
    if spread.width is not None:
        return max(0.0, number.value - spread.width), min(1.0, number.value + spread.width)
    low, high = (spread.low, spread.high) if spread.low is not None else (number.row.low, number.row.high)
    if low is None or high is None:
        raise UnknownError(f"{number.row.path}: has no low and high between which it could be varied")
    return float(low), float(high)


def _limits(number: _Found, spread: Spread) -> tuple[float, float] | None:
    """Between which a scaled or shifted number, or a share of a group, is held."""
    if spread.word == "shares":
        return _ends(number, spread)
    low, high = number.row.low, number.row.high
    if spread.word not in RELATIVE or low is None or high is None or not low <= number.value <= high:
        return None
    return float(low), float(high)


def _group(number: _Found) -> KeyPath:
    """The shares that one adds to one with: those of its brothers (``….*.share``), or of its own list or mapping."""
    path = number.path
    return (*path[:-2], "*", path[-1]) if path[-1] == "share" else path[:-1]
