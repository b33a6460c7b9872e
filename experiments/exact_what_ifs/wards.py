"""A ward small enough to be solved: as a configuration for flowsim, and as a Markov chain written apart from it.

Every duration is exponential, so what happens next depends on who is where and on nothing else. The chain knows only
the rules of ``docs/design.md``; it shares no line with the program.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from experiments.chains import Chain
from flowsim.params import Scenario

PATHWAYS = ("P0", "P2_home", "P2_bed")
P0, HOME, BED = range(3)
START = "2017-01-02"


@dataclass(frozen=True)
class Ward:
    """A ward, the LIFE team and the step-down beds behind it, home care behind those; people and days a day or days.

    Raises
    ------
    ValueError
        If the numbers make a ward that is no Markov chain of these states.

    Attributes
    ----------
    beds, escalation, room
        Core beds, extra beds, and how many may wait in A&E before people go elsewhere.
    shares, stays
        Share of the people and mean days until fit by pathway: ``P0``, ``P2_home``, ``P2_bed``.
    delay, saved, accepted
        Mean days of the old process of ``P2_home``, what D2A takes off it, the share who leave by D2A.
    valve
        Whether somebody who finds LIFE full goes back to the old process at once.
    turned_round
        Share of ``P2_home`` people whom the front-door team sends home if LIFE has a slot free.
    rate_ratio
        Presentations with Huddles over those without.
    package
        Share of step-down people who then need home care, and wait for it in the step-down bed.
    """

    name: str
    beds: int = 3
    escalation: int = 0
    room: int = 2
    per_day: float = 1.4
    shares: tuple[float, float, float] = (0.5, 0.5, 0.0)
    stays: tuple[float, float, float] = (1.0, 1.5, 1.5)
    delay: float = 1.2
    saved: float = 0.9
    accepted: float = 0.0
    slots: int = 2
    episode: float = 2.5
    valve: bool = False
    turned_round: float = 0.0
    rate_ratio: float = 1.0
    step_down: int = 2
    step_down_stay: float = 2.0
    package: float = 0.0
    home_care: int = 1
    package_stay: float = 2.0
    warm_up_days: float = 10.0
    window_days: float = 365.0

    def __post_init__(self) -> None:
        if self.package and self.accepted < 1.0 and self.shares[HOME]:
            raise ValueError("people of the old process would also ask for home care, which the chain does not know")
        if self.valve and self.saved < self.delay:
            raise ValueError("what is left of a delay already begun is not exponential: with a valve, saved = delay")

    # -- for flowsim ---------------------------------------------------------------------------------------------------

    @property
    def scenario(self) -> Scenario:
        """The configuration of this ward."""
        return Scenario.model_validate(self._people() | self._hospital() | self._community())

    def _people(self) -> dict[str, Any]:
        pathways = {
            name: {"share": share, "stay": _exponential(stay)}
            for name, share, stay in zip(PATHWAYS, self.shares, self.stays, strict=True)
        }
        return {
            "name": self.name,
            "clock": {"start": START, "warm_up_days": self.warm_up_days, "window_days": self.window_days},
            "population": _ONE_PRACTICE,
            "cohorts": {
                "everyone": {"from_population": True, "arrivals": {"per_day": self.per_day}, "pathways": pathways}
            },
            "huddles": None if self.rate_ratio == 1.0 else _HUDDLE | {"effect": _practice_rate(self.rate_ratio)},
        }

    def _hospital(self) -> dict[str, Any]:
        hospital: dict[str, Any] = {"wards": {"Ward": self.beds}, "max_waiting": self.room}
        if self.escalation:  # opened when first wanted, never closed again
            hospital["escalation"] = {"cap": self.escalation, "open_at_occupancy": 0.0, "close_below": 0.0}
        effect = {"start": "2016-01-01", "accepted_share": self.accepted, "saved_days": self.saved}
        return {
            "hospital": hospital,
            "leaving": {"P2_home": {"delay": _exponential(self.delay)}},
            "d2a": {"units_live": 1, "pathways": {"P2_home": effect}} if self.accepted else None,
            "front_door": {"turned_round_share": self.turned_round, "pathways": ["P2_home"]},
        }

    def _community(self) -> dict[str, Any]:
        nobody = {"package": 0.0, "placement": 0.0, "none": 1.0}
        return {
            "life": {
                "slots": self.slots,
                "episode": _exponential(self.episode),
                "cap_days": 3650,
                "at_cap": nobody,
                "valve": {"after_days": 0.0} if self.valve else None,
            },
            "step_down": {
                "beds": self.step_down,
                "stay": _exponential(self.step_down_stay),
                "cap_days": 3650,
                "outcome": {"package": self.package, "placement": 0.0, "none": 1.0 - self.package},
            },
            "home_care": _home_care(self.home_care, self.package_stay) if self.package else None,
        }

    # -- solved --------------------------------------------------------------------------------------------------------

    @cached_property
    def chain(self) -> Chain:
        """All states of the ward and the rates between them, beginning with an empty ward."""
        return Chain(EMPTY, lambda state: [(rate, after) for rate, after, _ in Rules(self).moves(state)])

    @cached_property
    def exact(self) -> dict[str, float]:
        """Expected value of each measure over the window, the empty start included."""
        spent = self.chain.spent(self.warm_up_days, self.warm_up_days + self.window_days)
        found = Counter[str]()
        for share, state in zip(spent.tolist(), self.chain.states, strict=True):
            for name, number in self._levels(state).items():
                found[name] += share * number
            for rate, _, what in Rules(self).moves(state):
                for name in what:
                    found[name] += share * rate * self.window_days
        found["bed_days"] = found["beds_occupied_mean"] * self.window_days
        found["presentations"] = self.per_day * self.window_days
        found["admissions_averted_huddle"] = (1.0 - self.rate_ratio) * found["presentations"]
        return dict(found)

    def _levels(self, state: State) -> dict[str, float]:
        return {
            "beds_occupied_mean": state.in_beds,
            "escalation_beds_mean": max(state.in_beds - self.beds, 0),
            "delayed_beds_mean": state.old + state.short + state.for_life + state.for_step_down,
            "delayed_bed_days_life": state.for_life * self.window_days,
            "delayed_bed_days_step_down": state.for_step_down * self.window_days,
            "waiting_for_bed_mean": len(state.line),
            "life_occupied_mean": state.life,
            "step_down_occupied_mean": state.step_down + state.held,
        }


class State(NamedTuple):
    """Who is where: pathways of those waiting in A&E, people in bed by pathway and phase, people in each service."""

    line: tuple[int, ...] = ()
    ill: tuple[int, int, int] = (0, 0, 0)
    old: int = 0
    short: int = 0
    for_life: int = 0
    for_step_down: int = 0
    life: int = 0
    step_down: int = 0
    held: int = 0
    home_care: int = 0

    @property
    def in_beds(self) -> int:
        """Acute beds in use."""
        return sum(self.ill) + self.old + self.short + self.for_life + self.for_step_down

    def plus(self, **changes: int) -> State:
        """The state with these numbers changed by so many."""
        return self._replace(**{name: getattr(self, name) + by for name, by in changes.items()})

    def with_ill(self, pathway: int, by: int) -> State:
        """The state with so many more people of a pathway in bed, not yet fit."""
        ill = list(self.ill)
        ill[pathway] += by
        return self._replace(ill=(ill[0], ill[1], ill[2]))


EMPTY = State()
Happening = tuple[float, State, tuple[str, ...]]
"""Rate, state afterwards, and what is counted."""


@dataclass(frozen=True)
class Rules:
    """What can happen next in a ward."""

    ward: Ward

    def moves(self, state: State) -> Iterator[Happening]:
        """Every move out of a state."""
        for rate, after, what in [*self._arrivals(state), *self._in_bed(state), *self._outside(state)]:
            if rate > 0.0:
                settled, more = self._settled(after)
                yield rate, settled, (*what, *more)

    def _arrivals(self, state: State) -> Iterator[Happening]:
        w = self.ward
        for pathway, share in enumerate(w.shares):
            rate = w.per_day * w.rate_ratio * share
            if pathway == HOME and state.life < w.slots and not state.for_life:
                home = w.turned_round * rate
                yield home, state.plus(life=1), ("admissions_averted_front_door", "life_starts")
                rate -= home
            if len(state.line) < w.room or state.in_beds < w.beds + w.escalation:
                yield rate, state._replace(line=(*state.line, pathway)), ()
            else:
                yield rate, state, ("diverted",)

    def _in_bed(self, state: State) -> Iterator[Happening]:
        w = self.ward
        fit = [number / stay for number, stay in zip(state.ill, w.stays, strict=True)]
        yield fit[P0], state.with_ill(P0, -1), ()
        yield fit[BED], state.with_ill(BED, -1).plus(for_step_down=1), ()
        home = state.with_ill(HOME, -1)
        yield fit[HOME] * (1.0 - w.accepted), home.plus(old=1), ()
        if w.saved < w.delay:
            yield fit[HOME] * w.accepted, home.plus(short=1), ()
            yield state.short / (w.delay - w.saved), *self._asks_for_life(state.plus(short=-1))
        else:
            yield fit[HOME] * w.accepted, *self._asks_for_life(home)
        yield state.old / w.delay, state.plus(old=-1), ()

    def _asks_for_life(self, state: State) -> tuple[State, tuple[str, ...]]:
        if self.ward.valve and state.life >= self.ward.slots:
            return state.plus(old=1), ("life_fallbacks",)
        return state.plus(for_life=1), ()

    def _outside(self, state: State) -> Iterator[Happening]:
        w = self.ward
        yield state.life / w.episode, state.plus(life=-1), ()
        done = state.step_down / w.step_down_stay
        yield done * (1.0 - w.package), state.plus(step_down=-1), ()
        yield done * w.package, state.plus(step_down=-1, held=1), ()
        yield state.home_care / w.package_stay, state.plus(home_care=-1), ()

    def _settled(self, state: State) -> tuple[State, list[str]]:
        """Everybody who can go on, gone on; each freed place lets in the next."""
        w, what = self.ward, []
        while True:
            if state.held and state.home_care < w.home_care:
                state = state.plus(held=-1, home_care=1)
                what.append("packages_started")
            elif state.for_step_down and state.step_down + state.held < w.step_down:
                state = state.plus(for_step_down=-1, step_down=1)
            elif state.for_life and state.life < w.slots:
                state = state.plus(for_life=-1, life=1)
                what += ["life_starts", "d2a_people"]
            elif state.line and state.in_beds < w.beds + w.escalation:
                state = state.with_ill(state.line[0], 1)._replace(line=state.line[1:])
                what.append("admissions")
            else:
                return state, what


_ONE_PRACTICE: dict[str, Any] = {
    "people": 100,
    "practices": {"count": 1, "list_size_cv": 0.0, "networks": {"N1": "all"}},
    "age_bands": {"65+": {"share": 1.0, "presentations_per_1000": 100}},
    "frailty": {"fit": {"share": 1.0, "hazard_ratio": 1.0}},
}
_HUDDLE: dict[str, Any] = {
    "rollout": {"form": "by_practice", "dates": {1: "2016-01-01"}},
    "meetings": {"cases": 1.0, "new_people": 0.1, "support_days": 30, "recent_discharge_share": 0.0, "recent_days": 28},
}


def _exponential(mean: float) -> dict[str, Any]:
    return {"shape": "exponential", "mean_days": mean}


def _practice_rate(ratio: float) -> dict[str, Any]:
    return {"model": "practice_rate", "rate_ratio": ratio}


def _home_care(capacity: int, stay: float) -> dict[str, Any]:
    return {"capacity": capacity, "stay": _exponential(stay), "hours_per_week": {"mean": 10, "cv": 0.5}}
