"""The whole description of a run: one frozen value."""

from __future__ import annotations

import hashlib
import json
import math
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from flowsim.clock import MAX_DAYS
from flowsim.frozen import Frozen
from flowsim.params.community import HomeCare, Life, Placements, Reablement, StepDown
from flowsim.params.hospital import D2A, FrontDoor, Hospital, Leaving
from flowsim.params.initiatives import Initiative, InitiativeName
from flowsim.params.overlaps import about_initiatives
from flowsim.params.people import Cohort, Inflow, Initial, Pathway, Population, Scripted
from flowsim.params.programmes import ByPractice, Costs, Huddles
from flowsim.params.size import too_many
from flowsim.params.tree import overlay, wholes
from flowsim.params.values import Date, schedule_of

MODEL_VERSION = 1
"""Raised whenever the same configuration and seed would give other results."""


_FIRST_YEAR, _LAST_YEAR = 1900, 2200  # the calendar of every day of a run can then be written


BY_HAND = "with_"
"""Origin of a value that :meth:`Scenario.with_` stated."""


class Clock(Frozen):
    """When the run begins, how long it warms up and how long it is measured."""

    start: Date
    """First day of the run."""
    warm_up_days: Annotated[float, Field(ge=0, le=MAX_DAYS)]
    """Days run before anything is measured."""
    window_days: Annotated[float, Field(gt=0, le=MAX_DAYS)]
    """Days measured."""

    @model_validator(mode="after")
    def _length(self) -> Clock:
        if self.horizon > MAX_DAYS:
            raise ValueError(f"warm-up and window last {self.horizon:g} days; at most {MAX_DAYS:g} can be run")
        if not _FIRST_YEAR <= self.start.year <= _LAST_YEAR:
            raise ValueError(f"start {self.start} is not between the years {_FIRST_YEAR} and {_LAST_YEAR}")
        return self

    @property
    def horizon(self) -> float:
        """Days from start to the end of the window."""
        return self.warm_up_days + self.window_days

    @property
    def window(self) -> tuple[float, float]:
        """The measured days ``[start, end)``."""
        return self.warm_up_days, self.horizon


def _one_line(name: str) -> str:
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in name):
        raise ValueError("must be on one line, without control characters")
    return name


class Scenario(Frozen):
    """A complete, validated description of a world: people, hospital, community, programmes, clock.

    Values are frozen; :meth:`with_` makes a variant. Parts set to ``null`` do not exist in that world.
    """

    name: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_one_line)]
    """Short name, used in tables, pictures and file names."""
    title: str = ""
    """What the scenario is, in words."""
    clock: Clock
    """When the run begins and what is measured."""
    population: Population | None = None
    """Residents and their practices."""
    cohorts: dict[str, Cohort] = Field(default_factory=dict)
    """Groups of people who present at hospital."""
    inflows: dict[str, Inflow] = Field(default_factory=dict)
    """People who join in mid-flow."""
    scripted: Annotated[tuple[Scripted, ...], Field(strict=False)] = ()
    """People whose whole life is written down."""
    initial: Initial = Initial()
    """People already there when the clock starts."""
    hospital: Hospital | None = None
    """Acute beds and the rules about them."""
    leaving: dict[Pathway, Leaving] = Field(default_factory=dict)
    """The old process of leaving hospital, by pathway."""
    d2a: D2A | None = None
    """Discharge to Assess."""
    front_door: FrontDoor | None = None
    """LIFE staff in A&E."""
    life: Life | None = None
    """The LIFE team."""
    reablement: Reablement | None = None
    """The reablement before LIFE."""
    step_down: StepDown | None = None
    """Intermediate-care beds."""
    placements: Placements | None = None
    """Places in care homes."""
    home_care: HomeCare | None = None
    """Long-term packages of home care."""
    huddles: Huddles | None = None
    """The weekly meetings of GP practices."""
    initiatives: dict[InitiativeName, Initiative] = Field(default_factory=dict)
    """Programmes beyond these, by name, in the order in which they avert presentations."""
    costs: Costs | None = None
    """Unit costs."""

    _origins: dict[str, str] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _whole(self) -> Scenario:
        problems = [*_about_people(self), *_about_programmes(self), *_about_localities(self), *too_many(self)]
        problems += about_initiatives(self)
        if problems:
            raise ValueError("\n".join(problems))  # one per line: "path: problem"
        return self

    def with_(self, **changes: Any) -> Scenario:
        """A variant in which the given parts differ, as in ``base.with_(life={"slots": 140})``.

        Mappings are merged as overlays are; anything else replaces. The old value is unchanged.

        Raises
        ------
        pydantic.ValidationError
            If the variant is not a valid scenario; an unknown key is one reason.
        """
        variant = Scenario.model_validate(overlay(self.tree(), changes))
        stated = [".".join(path) for path, _ in wholes(changes)]
        kept = {path: text for path, text in self._origins.items() if not _under(path, stated)}
        variant._origins.update({**kept, **dict.fromkeys(stated, BY_HAND)})
        return variant

    @property
    def origins(self) -> dict[str, str]:
        """Where each stated value was set, by dotted path: ``configs/base.yaml:12``, ``--set``, or ``with_``."""
        return dict(self._origins)

    def tree(self) -> dict[str, Any]:
        """The scenario as plain mappings, lists, numbers and words, as a configuration file would state it."""
        return self.model_dump(mode="json", by_alias=True)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.tree() == other.tree()

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of everything that can change results: all but the names."""
        tree = {key: value for key, value in self.tree().items() if key not in ("name", "title")}
        if not self.initiatives:  # a scenario without them is the one it was before there were any; so with ageing
            del tree["initiatives"]
        if self.population is not None and self.population.ageing is None:
            del tree["population"]["ageing"]
        text = json.dumps([MODEL_VERSION, tree], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _under(path: str, stated: list[str]) -> bool:
    return any(path == one or path.startswith(f"{one}.") for one in stated)


def _about_people(s: Scenario) -> list[str]:
    found = []
    if s.hospital is None and (s.cohorts or s.scripted or s.initial.beds or s.initial.waiting_for_bed):
        found.append("hospital: cohorts, scripted and initial people in beds need a hospital; without one use inflows")
    if s.population is None and any(cohort.from_population for cohort in s.cohorts.values()):
        found.append("population: a cohort with from_population: true needs one")
    if sum(cohort.from_population for cohort in s.cohorts.values()) > 1:
        found.append("cohorts: only one cohort can be from_population")
    for name, cohort in s.cohorts.items():
        if cohort.stay_factors is not None and s.population is not None:
            for kind, known in (("age_bands", s.population.age_bands), ("frailty", s.population.frailty)):
                stated = set(getattr(cohort.stay_factors, kind))
                if stated != set(known):
                    found.append(f"cohorts.{name}.stay_factors.{kind}: must name exactly {sorted(known)}")
    for pathway, count in s.initial.beds.items():
        if count and not any(pathway in cohort.pathways for cohort in s.cohorts.values()):
            found.append(f"initial.beds.{pathway}: no cohort leaves by {pathway}, so how long they stay is not known")
    if s.initial.waiting_for_bed and not s.cohorts:
        found.append("initial.waiting_for_bed: there is no cohort, so how long they stay is not known")
    for row, person in enumerate(s.scripted):
        if s.hospital and person.home_ward is not None and person.home_ward not in s.hospital.wards:
            found.append(f"scripted.{row}.home_ward: {person.home_ward!r} is not a ward")
    return found


def _about_programmes(s: Scenario) -> list[str]:
    found = []
    if s.d2a is not None:
        units = s.hospital.units if s.hospital else {}
        found += [f"d2a.order: {unit!r} is not a unit" for unit in s.d2a.order if unit not in units]
        most = schedule_of(s.d2a.units_live, s.clock.start).top(s.clock.horizon)
        if len(units) < most < math.inf:
            found.append(f"d2a.units_live: {most:g} is more than the {len(units)} units; unlimited means all")
        for pathway, effect in s.d2a.pathways.items():
            leaving = s.leaving.get(pathway)
            mean = leaving.delay.mean if leaving and leaving.delay else 0.0
            if effect.saved_days > mean + 1e-9:
                found.append(
                    f"d2a.pathways.{pathway}.saved_days: {effect.saved_days:g} is more than the mean delay {mean:g}"
                )
    if s.huddles is not None:
        if s.population is None:
            found.append("huddles: need a population of practices")
        elif isinstance(s.huddles.rollout, ByPractice):
            count = s.population.practices.count
            late = [number for number in s.huddles.rollout.dates if number > count]
            found += [f"huddles.rollout.dates.{number}: there are only {count} practices" for number in late]
    if s.front_door is not None and s.life is None:
        found.append("front_door: needs life, whose slots it uses")
    return found


def _about_localities(s: Scenario) -> list[str]:
    known = set(s.population.practices.networks.values()) if s.population else set()
    known |= {inflow.locality for inflow in s.inflows.values() if inflow.locality}
    known |= {person.locality for person in s.scripted if person.locality}
    found = []
    split = [pools for part in (s.life, s.step_down) if part is not None and (pools := part.by_locality)]
    if len(split) == 2 and not set(split[0]) & set(split[1]):
        found.append("life.by_locality: has no locality in common with step_down.by_locality")
    for part in ("life", "step_down"):
        pools = getattr(getattr(s, part), "by_locality", None)
        if pools is not None and not known <= set(pools):
            found.append(f"{part}.by_locality: has no capacity for {', '.join(sorted(known - set(pools)))}")
        homeless = [name for name, cohort in s.cohorts.items() if not cohort.from_population]
        if not s.population:
            homeless += [name for name, inflow in s.inflows.items() if inflow.locality is None]
            if s.life is not None and s.life.community_per_day != 0.0:
                homeless.append("life.community_per_day")
        homeless += [f"scripted.{row}" for row, person in enumerate(s.scripted) if person.locality is None]
        if pools is not None and homeless:
            found.append(f"{part}.by_locality: nobody knows in which locality the people of {homeless[0]!r} live")
    return found
