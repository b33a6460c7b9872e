"""Initiatives against the rest of a scenario: names that are not there, parts that are missing, chances beyond 1."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import product
from typing import TYPE_CHECKING, Any

from flowsim.params.initiatives import Initiative
from flowsim.params.people import PATHWAYS, SUPPORTED
from flowsim.params.values import schedule_of

if TYPE_CHECKING:
    from flowsim.params.scenario import Scenario

_LISTS = ("cohorts", "networks", "practices", "age_bands", "frailty", "pathways")


def about_initiatives(s: Scenario) -> list[str]:
    """A line ``path: problem`` for everything wrong with the initiatives of a scenario.

    Names are checked whether an initiative is on or not; whether there is something to multiply, and whether those on
    multiply a chance beyond 1 together, only for those that are on.
    """
    found = []
    for name, one in s.initiatives.items():
        found += [f"initiatives.{name}.reach.{line}" for line in _strangers(s, one)]
        if one.on:
            found += [f"initiatives.{name}.{line}" for line in _nothing_there(s, one)]
    return found + _beyond_one(s)


def _strangers(s: Scenario, one: Initiative) -> Iterator[str]:
    """Names that nobody in the scenario bears."""
    population = s.population
    known: dict[str, list[str]] = {
        "cohorts": list(s.cohorts),
        "networks": list(population.practices.networks) if population else [],
        "age_bands": list(population.age_bands) if population else [],
        "frailty": list(population.frailty) if population else [],
    }
    kinds = {"cohorts": "a cohort", "networks": "a network", "age_bands": "an age band", "frailty": "a frailty tier"}
    for key, names in known.items():
        for name in getattr(one.reach, key):
            if name not in names:
                near = get_close_matches(name, names, 1)
                hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names) or 'none'}"
                yield f"{key}: {name!r} is not {kinds[key]}; {hint}"
    count = population.practices.count if population else 0
    yield from (
        f"practices: there is no practice {number} of {count}" for number in one.reach.practices if number > count
    )
    if one.multiplies.presentations > 1.0 and one.reach.pathways:
        yield "pathways: who is added to presentations is decided before their pathway; leave the list empty"


def _nothing_there(s: Scenario, one: Initiative) -> Iterator[str]:
    """Effects on parts that the scenario does not have."""
    parts = {
        "package_hours": ("home_care", s.home_care is not None),
        "readmission": ("readmission of a cohort", any(cohort.readmission for cohort in s.cohorts.values())),
        "d2a_accepted": ("d2a", s.d2a is not None),
        "front_door": ("front_door", s.front_door is not None),
    }
    for key, (part, there) in parts.items():
        if getattr(one.multiplies, key) != 1.0 and not there:
            yield f"multiplies.{key}: there is no {part} to multiply"
    if s.life is None and (one.adds.life_slots or one.adds.life_referrals_share):
        yield "adds: there is no life to add to"
    elif one.adds.life_slots and s.life and (s.life.by_locality or s.life.visits_per_day is not None):
        yield "adds.life_slots: LIFE must be one pool counted in slots, not split by locality nor in visits"


@dataclass(frozen=True)
class _Chance:
    """A share that initiatives multiply, and for whom it is a chance."""

    effect: str
    path: str
    share: float
    cohort: str | None
    pathways: frozenset[str]


def _chances(s: Scenario) -> Iterator[_Chance]:
    everyone = frozenset(PATHWAYS)
    for name, cohort in s.cohorts.items():
        if cohort.readmission is not None:
            path, back = f"cohorts.{name}.readmission", cohort.readmission
            yield _Chance("readmission", f"{path}.supported_share", back.supported_share, name, SUPPORTED)
            unsupported = everyone - SUPPORTED
            yield _Chance("readmission", f"{path}.unsupported_share", back.unsupported_share, name, unsupported)
    for pathway, effect in (s.d2a.pathways if s.d2a else {}).items():
        path = f"d2a.pathways.{pathway}.accepted_share"
        yield _Chance("d2a_accepted", path, effect.accepted_share, None, frozenset({pathway}))
    if s.front_door is not None:
        top = schedule_of(s.front_door.turned_round_share, s.clock.start).top(s.clock.horizon)
        yield _Chance("front_door", "front_door.turned_round_share", top, None, frozenset(s.front_door.pathways))


def _beyond_one(s: Scenario) -> list[str]:
    """Initiatives that are on and together multiply somebody's chance beyond 1."""
    found = []
    on = {name: one for name, one in s.initiatives.items() if one.on}
    for chance in _chances(s):
        raising = {name: _peak(s, one, chance.effect) for name, one in on.items()}
        raising = {name: factor for name, factor in raising.items() if factor > 1.0}
        names, factor = _worst(s, chance, {name: on[name] for name in raising}, raising)
        if chance.share * factor > 1.0 + 1e-9:
            found.append(
                f"initiatives.{names[-1]}.multiplies.{chance.effect}: {' and '.join(names)} together make "
                f"{chance.share * factor:.3g} of {chance.path} {chance.share:g}; it cannot be above 1"
            )
    return found


def _peak(s: Scenario, one: Initiative, effect: str) -> float:
    """The factor at the greatest strength the initiative comes to in the run."""
    strength = schedule_of(one.strength, s.clock.start).top(s.clock.horizon)
    return 1.0 + (float(getattr(one.multiplies, effect)) - 1.0) * strength


def _worst(
    s: Scenario, chance: _Chance, raising: dict[str, Initiative], factors: dict[str, float]
) -> tuple[list[str], float]:
    """The initiatives that meet in one kind of person and multiply the most there, and by how much."""
    worst: tuple[list[str], float] = ([], 1.0)
    reaching = list(raising.values())
    if not reaching:
        return worst
    networks = list(s.population.practices.networks) if s.population else []
    sides = [_values([one.reach.model_dump()[key] for one in reaching]) for key in _LISTS]
    for cell in product(*sides):
        who = dict(zip(_LISTS, cell, strict=True))
        if who["pathways"] not in (None, *chance.pathways) or chance.cohort not in (
            None,
            who["cohorts"] or chance.cohort,
        ):
            continue
        if who["practices"] and who["networks"] and networks[(who["practices"] - 1) % len(networks)] != who["networks"]:
            continue
        met = [name for name, one in raising.items() if _meets(one, who, chance, networks)]
        factor = math.prod(factors[name] for name in met)
        if factor > worst[1]:
            worst = met, factor
    return worst


def _values(lists: list[Any]) -> list[Any]:
    """Every name that some initiative lists, and None for people that no list names."""
    return [None, *dict.fromkeys(name for one in lists for name in one)]


def _meets(one: Initiative, who: dict[str, Any], chance: _Chance, networks: list[str]) -> bool:
    """Whether an initiative reaches a kind of person, given by one name of each list or None."""
    if one.reach.pathways and who["pathways"] not in one.reach.pathways:
        return False
    cohort = who["cohorts"] or chance.cohort
    if one.reach.cohorts and cohort not in one.reach.cohorts:
        return False
    network = who["networks"]
    if network is None and who["practices"]:
        network = networks[(who["practices"] - 1) % len(networks)]
    named = {
        "networks": network,
        "practices": who["practices"],
        "age_bands": who["age_bands"],
        "frailty": who["frailty"],
    }
    return all(not getattr(one.reach, key) or value in getattr(one.reach, key) for key, value in named.items())
