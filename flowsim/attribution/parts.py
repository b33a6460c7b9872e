"""Parts of a programme: what two scenarios differ in, cut so that each piece can be switched on and off by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from flowsim.config.problems import KeyPath, dotted
from flowsim.params import Scenario
from flowsim.params.initiatives import Initiative
from flowsim.params.tree import INITIATIVES, switched, wholes

_NAMES = (("name",), ("title",))
ALL, INTERACTION = "all", "interaction"
"""What is no part of its own: all parts together, and what the parts alone leave of it."""
_TAKEN = (ALL, INTERACTION, "point", "replication", "measure", "value")  # columns of the tables
SECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("huddles", "Huddles", ("huddles",)),
    ("d2a", "Discharge to Assess (D2A)", ("d2a",)),
    ("front_door", "LIFE at the front door", ("front_door",)),
    ("life_capacity", "LIFE capacity", ("life.slots", "life.visits_per_day", "life.by_locality", "life.first_visit")),
    (
        "life_episodes",
        "LIFE episodes",
        ("life.episode", "life.at_cap", "life.cap_days", "life.exit_wait"),
    ),
    ("life_referrals", "Referrals to LIFE from home", ("life.community_per_day", "life.community_patience_days")),
    ("life", "LIFE", ("life",)),
    ("people", "Who presents", ("cohorts", "inflows", "scripted", "population")),
    ("hospital", "Hospital beds and rules", ("hospital",)),
    ("leaving", "The old way of leaving hospital", ("leaving",)),
    ("reablement", "Reablement before LIFE", ("reablement",)),
    ("step_down", "Step-down beds", ("step_down",)),
    ("placements", "Placements", ("placements",)),
    ("home_care", "Home care", ("home_care",)),
    ("start", "Who is there at the start", ("initial",)),
    ("unit_costs", "Unit costs", ("costs",)),
)
"""Parts found by themselves: name, title, and what of a configuration belongs to it; the first that fits."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is switched together: its name, what it is, and the paths that go from the base's values to its own."""

    name: str
    title: str
    paths: tuple[KeyPath, ...]


@dataclass(frozen=True, slots=True)
class Idle:
    """An initiative that is on and can change nothing in these runs, and why."""

    name: str
    title: str
    why: str


class PartsError(ValueError):
    """Two scenarios cannot be taken apart so; the message has a line for each reason."""


@dataclass(frozen=True)
class Programme:
    """Everything in which an alternative differs from its base, in parts.

    Attributes
    ----------
    parts : tuple of Part
        Can be switched one by one.
    idle : tuple of Idle
        Initiatives that change nothing in a run; they come with all parts together.
    rest : tuple of path
        What changes nothing else: idle initiatives, and those that are off in both.
    """

    base: Scenario
    alternative: Scenario
    parts: tuple[Part, ...]
    idle: tuple[Idle, ...]
    rest: tuple[KeyPath, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parts."""
        return tuple(part.name for part in self.parts)

    @property
    def everything(self) -> int:
        """The set of all parts. A set is a number whose bits, from the lowest, say which parts are on."""
        return (1 << len(self.parts)) - 1

    def scenario(self, on: int) -> Scenario:
        """The base with these parts of the alternative: none is the base, all are the alternative, exactly.

        Raises
        ------
        PartsError
            If that is no valid scenario.
        """
        if not on:
            return self.base
        chosen = [part for place, part in enumerate(self.parts) if on >> place & 1]
        paths = [*(path for part in chosen for path in part.paths), *(self.rest if on == self.everything else ())]
        return _laid(self._trees, paths, " and ".join(part.name for part in chosen))

    @cached_property
    def _trees(self) -> tuple[dict[str, Any], dict[str, Any]]:
        return self.base.tree(), self.alternative.tree()


def programme_of(base: Scenario, alternative: Scenario, named: Mapping[str, Sequence[str]] | None = None) -> Programme:
    """What an alternative adds to a base, in parts.

    Parameters
    ----------
    named : mapping of name to dotted paths, optional
        Parts of one's own: each holds all that differs at or under its paths. What is left is cut by :data:`SECTIONS`,
        and each initiative is a part. Parts that are valid only together are one part.

    Raises
    ------
    PartsError
        With every reason why not: other clocks, no difference, a path at which nothing differs.
    """
    if base.clock != alternative.clock:
        raise PartsError(f"the clock of {alternative.name!r} differs from that of {base.name!r}")
    idle, rest = _idle(base, alternative)
    left = [path for path in _apart(base.tree(), alternative.tree()) if path not in rest]
    own = _named(named or {}, left)
    taken = [path for part in own for path in part.paths]
    found = _by_section(base, alternative, [path for path in left if path not in taken])
    clash = [part.name for part in found if part.name in [one.name for one in own]]
    if clash:
        raise PartsError("\n".join(f"part {name}: is the name of another part too; choose another" for name in clash))
    if not own and not found:
        what = f"; no effect: {', '.join(one.name for one in idle)}" if idle else ""
        raise PartsError(f"{alternative.name!r} differs from {base.name!r} in nothing that a run could tell{what}")
    return _joined(Programme(base, alternative, (*own, *found), idle, rest))


def _apart(one: Any, other: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Paths of the largest values in which two trees differ and that an overlay would replace whole."""
    if one == other or path in _NAMES:
        return
    if _is_one_value(one) or _is_one_value(other) or (len(path) == 2 and path[0] == INITIATIVES):
        yield path
        return
    for key in dict.fromkeys([*other, *one]):
        if key in one and key in other:
            yield from _apart(one[key], other[key], (*path, key))
        else:
            yield (*path, key)


def _is_one_value(tree: Any) -> bool:
    return not isinstance(tree, Mapping) or (bool(tree) and next(wholes(tree))[0] == ())


def _idle(base: Scenario, alternative: Scenario) -> tuple[tuple[Idle, ...], tuple[KeyPath, ...]]:
    """Initiatives that the alternative switches on in vain, and the paths of all that change nothing."""
    idle, rest = [], []
    for name in dict.fromkeys([*alternative.initiatives, *base.initiatives]):
        before, now = base.initiatives.get(name), alternative.initiatives.get(name)
        if before == now or any(_acts(scenario, name) for scenario in (base, alternative)):
            continue
        rest.append((INITIATIVES, name))
        if now is not None and now.on and not (before is not None and before.on):
            idle.append(Idle(name, now.title or name, _why_idle(now)))
    return tuple(idle), tuple(rest)


def _why_idle(one: Initiative) -> str:
    """Why an initiative that is on changes nothing in these runs: it begins after them, say, or ended before."""
    if one.moves:
        return "not in force in these runs"
    money = one.savings or one.costs or one.cost_factors
    return "money only, see flowsim money" if money else "no effect stated"


def _acts(scenario: Scenario, name: str) -> bool:
    """Whether an initiative is on, has an effect, and is in force on a day of the run."""
    one, clock = scenario.initiatives.get(name), scenario.clock
    return one is not None and one.on and one.moves and one.in_force(clock.start, clock.horizon)


def _named(named: Mapping[str, Sequence[str]], left: Sequence[KeyPath]) -> tuple[Part, ...]:
    """The parts of one's own; what is wrong with all of them at once."""
    found, wrong, owner = [], list[str](), dict[KeyPath, str]()
    for name, stated in named.items():
        if not name.isidentifier() or name in _TAKEN:
            wrong.append(f"part {name!r}: is no name for a part; give letters, digits and _")
        paths: list[KeyPath] = []
        for text in stated:
            under = [path for path in left if dotted(path) == text or dotted(path).startswith(f"{text}.")]
            wrong += [] if under else [f"part {name}: {text}: {_why_nothing(text, left)}"]
            wrong += [f"part {name}: {dotted(p)}: belongs to part {owner[p]} already" for p in under if p in owner]
            owner |= dict.fromkeys(under, name)
            paths += under
        wrong += [] if stated else [f"part {name}: names no path"]
        found.append(Part(name, name.replace("_", " "), tuple(paths)))
    if wrong:
        raise PartsError("\n".join(wrong))
    return tuple(found)


def _why_nothing(text: str, left: Sequence[KeyPath]) -> str:
    whole = next((dotted(path) for path in left if text.startswith(f"{dotted(path)}.")), None)
    if whole is not None:
        return f"{whole} is one value and cannot be taken apart; name {whole}"
    return f"nothing differs there; what differs: {', '.join(map(dotted, left))}"


def _by_section(base: Scenario, alternative: Scenario, paths: Iterable[KeyPath]) -> tuple[Part, ...]:
    found: dict[str, tuple[str, list[KeyPath]]] = {}
    order = {name: place for place, (name, _, _) in enumerate(SECTIONS)}
    for path in paths:
        name, title = _section(path)
        if path[0] == INITIATIVES:
            one = alternative.initiatives.get(path[1]) or base.initiatives[path[1]]
            name, title = path[1], one.title or path[1]
            name = f"initiative_{name}" if name in (*order, *_TAKEN) else name
        found.setdefault(name, (title, []))[1].append(path)
    ranked = sorted(
        found.items(), key=lambda item: order.get(item[0], len(order))
    )  # stable: initiatives in their order
    return tuple(Part(name, title, tuple(held)) for name, (title, held) in ranked)


def _section(path: KeyPath) -> tuple[str, str]:
    text = dotted(path)
    for name, title, begins in SECTIONS:
        if any(text == one or text.startswith(f"{one}.") for one in begins):
            return name, "Other rules of LIFE" if name == "life" and len(path) > 1 else title
    return path[0], path[0].replace("_", " ")


def _joined(programme: Programme) -> Programme:
    """The same with parts that are valid only together made one: the front door needs LIFE, whose slots it uses."""
    parts = list(programme.parts)
    for part in programme.parts:
        if part not in parts or _stands(programme, part.paths):
            continue
        for other in parts:
            if other is not part and _stands(programme, (*other.paths, *part.paths)):
                both = Part(
                    f"{other.name}_and_{part.name}", f"{other.title}, {part.title}", (*other.paths, *part.paths)
                )
                parts = [both if one is other else one for one in parts if one is not part]
                break
    return Programme(programme.base, programme.alternative, tuple(parts), programme.idle, programme.rest)


def _stands(programme: Programme, paths: Sequence[KeyPath]) -> bool:
    """Whether these paths can be switched on alone, and off alone."""
    others = [path for part in programme.parts for path in part.paths if path not in paths]
    if not others:
        return True
    try:
        _laid(programme._trees, paths, "")
        _laid(programme._trees, others, "")
    except PartsError:
        return False
    return True


def _laid(trees: tuple[dict[str, Any], dict[str, Any]], paths: Sequence[KeyPath], words: str) -> Scenario:
    """The first tree with the values of the second at these paths, as a scenario."""
    try:
        return Scenario.model_validate(switched(*trees, paths))
    except ValidationError as error:
        reasons = "; ".join(str(one["msg"]).removeprefix("Value error, ") for one in error.errors()[:2])
        message = f"{words} without the other parts is no valid scenario: {reasons}; make them one part"
        raise PartsError(message.replace("\n", "; ")) from None
