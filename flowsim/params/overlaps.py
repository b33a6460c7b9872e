"""Initiatives against the rest of a scenario: names that are not there, parts that are missing, chances beyond 1."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from flowsim.params.initiatives import Initiative
from flowsim.params.people import PATHWAYS, SUPPORTED
from flowsim.params.values import schedule_of

if TYPE_CHECKING:
    from flowsim.params.scenario import Scenario

Floats = NDArray[np.float64]


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
    return [*found, *_beyond_one(s)]


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
        "delay": ("delay of leaving", any(one.delay is not None for one in s.leaving.values())),
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
    """A share by day that initiatives multiply, and for whom it is a chance; of every cohort if none is named."""

    effect: str
    path: str
    share: Floats
    cohort: str | None
    pathways: frozenset[str]


def _days(s: Scenario) -> Floats:
    return np.arange(math.ceil(s.clock.horizon), dtype=np.float64)


def _chances(s: Scenario) -> Iterator[_Chance]:
    everyone, always = frozenset(PATHWAYS), np.ones(len(_days(s)))
    for name, cohort in s.cohorts.items():
        if cohort.readmission is not None:
            path, back = f"cohorts.{name}.readmission", cohort.readmission
            yield _Chance("readmission", f"{path}.supported_share", always * back.supported_share, name, SUPPORTED)
            rest, unsupported = everyone - SUPPORTED, always * back.unsupported_share
            yield _Chance("readmission", f"{path}.unsupported_share", unsupported, name, rest)
    for pathway, effect in (s.d2a.pathways if s.d2a else {}).items():
        path = f"d2a.pathways.{pathway}.accepted_share"
        yield _Chance("d2a_accepted", path, always * effect.accepted_share, None, frozenset({pathway}))
    if s.front_door is not None:
        share = schedule_of(s.front_door.turned_round_share, s.clock.start).at_all(_days(s))
        yield _Chance("front_door", "front_door.turned_round_share", share, None, frozenset(s.front_door.pathways))


def _beyond_one(s: Scenario) -> Iterator[str]:
    """Initiatives that are on and on some day together multiply somebody's chance beyond 1."""
    on = {name: one for name, one in s.initiatives.items() if one.on}
    for chance in _chances(s):
        raising = {name: one for name, one in on.items() if getattr(one.multiplies, chance.effect) > 1.0}
        if not raising:
            continue
        factors = {name: _by_day(s, one, chance.effect) for name, one in raising.items()}
        beyond = [(names, _most(chance, [factors[name] for name in names])) for names in _met(s, chance, raising)]
        names, (share, was) = max(beyond, key=lambda found: found[1][0], default=((), (0.0, 0.0)))
        if share > 1.0 + 1e-9:
            yield (
                f"initiatives.{names[-1]}.multiplies.{chance.effect}: {' and '.join(names)} "
                f"{'together make' if len(names) > 1 else 'makes'} {share:.3g} of {chance.path} {was:g}; it cannot be "
                f"above 1, so {'together ' if len(names) > 1 else ''}at most × {_rounded_down(1.0 / was):g}"
            )


def _by_day(s: Scenario, one: Initiative, effect: str) -> Floats:
    strength = schedule_of(one.strength, s.clock.start).at_all(_days(s))
    return np.asarray(1.0 + (float(getattr(one.multiplies, effect)) - 1.0) * strength)


def _most(chance: _Chance, factors: list[Floats]) -> tuple[float, float]:
    """The greatest share that factors make on a day, and what it was without them."""
    made = chance.share * np.prod(factors, axis=0)
    worst = int(made.argmax())
    return float(made[worst]), float(chance.share[worst])


def _rounded_down(factor: float) -> float:
    return math.floor(factor * 1000.0) / 1000.0


def _met(s: Scenario, chance: _Chance, raising: dict[str, Initiative]) -> list[tuple[str, ...]]:
    """Which of these initiatives meet in one person, for every kind of person of whom it is a chance."""
    found: dict[tuple[str, ...], None] = {}
    for name in [chance.cohort] if chance.cohort is not None else s.cohorts:
        cohort = s.cohorts[name]
        in_cohort = _accepting(raising, "cohorts", name)
        for pathway in sorted(chance.pathways & set(cohort.pathways)):
            here = in_cohort & _accepting(raising, "pathways", pathway)
            for kind in _kinds(s, raising) if cohort.from_population else [_for_anyone(raising)]:
                found[tuple(one for one in raising if one in here & kind)] = None
    return [names for names in found if names]


def _for_anyone(raising: dict[str, Initiative]) -> frozenset[str]:
    """The initiatives without a list of residents."""
    lists = ("age_bands", "frailty", "networks", "practices")
    return frozenset(name for name, one in raising.items() if not any(getattr(one.reach, key) for key in lists))


def _kinds(s: Scenario, raising: dict[str, Initiative]) -> set[frozenset[str]]:
    """The initiatives that each kind of resident meets."""
    population = s.population
    if population is None:
        return {frozenset(raising)}
    networks = list(population.practices.networks)
    bands = {_accepting(raising, "age_bands", name) for name in population.age_bands}
    tiers = {_accepting(raising, "frailty", name) for name in population.frailty}
    places = {
        _accepting(raising, "practices", row + 1) & _accepting(raising, "networks", networks[row % len(networks)])
        for row in range(population.practices.count)
    }
    return {band & tier & place for band, tier, place in product(bands, tiers, places)}


def _accepting(raising: dict[str, Initiative], key: str, value: object) -> frozenset[str]:
    """The initiatives whose list of a kind is empty or names this."""
    return frozenset(
        name for name, one in raising.items() if not getattr(one.reach, key) or value in getattr(one.reach, key)
    )
