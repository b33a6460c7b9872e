"""Huddles: the weekly meetings of live practices, whom they take on, and whom that keeps out of hospital."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from flowsim.clock import DAY
from flowsim.kernel import Environment, Moment, Steps
from flowsim.params.programmes import Caseload

if TYPE_CHECKING:
    from flowsim.params.programmes import Huddles
    from flowsim.population.people import People
    from flowsim.population.spell import Spell


class HuddleTeam:
    """The meetings of all practices.

    Each practice meets every week from the day it goes live. A meeting reviews its case slots and takes on new people:
    some lately home from hospital, the others from the top of the practice's list by risk of presenting. Fractions of a
    case carry over to the next meeting. In the ``caseload`` model a supported person's presentations are averted with
    a chance; in the ``practice_rate`` model the plan has already decided, and meetings only count.
    """

    def __init__(self, env: Environment, huddles: Huddles, people: People, live: list[float]) -> None:
        self.env = env
        self.meetings = huddles.meetings
        self.caseload = huddles.effect if isinstance(huddles.effect, Caseload) else None
        self.supported_until: dict[int, int] = {}
        self.held: list[tuple[int, int, int, int]] = []
        self.supports: list[tuple[int, int, int, int]] = []
        self._recent: dict[int, deque[tuple[int, int]]] = {}
        self._people = people
        self._live = live

    def begin(self) -> None:
        """Start the meetings of every practice that goes live."""
        for practice, day in enumerate(self._live):
            if day < float("inf"):
                first = max(round(day * DAY), 0)
                self.env.at(first, partial(self._go_live, practice))

    def _go_live(self, practice: int, _: Moment) -> None:
        self.env.start(self.practice(practice))

    def practice(self, practice: int) -> Steps:
        """A practice's Huddles, one after the other."""
        cases = new = 0.0
        risk_list = deque(self._by_risk(practice))
        self._recent[practice] = deque()
        while True:
            cases += self.meetings.cases
            new += self.meetings.new_people
            taken = self._take_on(practice, int(new + 1e-9), risk_list)
            self.held.append((practice, self.env._now, int(cases + 1e-9), taken))
            cases -= int(cases + 1e-9)
            new -= int(new + 1e-9)
            yield self.env.hold(round(self.meetings.every_days * DAY))

    def averts(self, spell: Spell) -> bool:
        """Whether support keeps this person out of hospital now."""
        if self.caseload is None:
            return False
        return self._is_supported(spell.supported_person) and spell.huddle_luck < self.caseload.averted_share

    def sent_home(self, spell: Spell) -> None:
        """Remember a discharge, for the practice's next meetings."""
        recent = self._recent.get(spell.practice)
        if recent is not None and spell.person == spell.supported_person:
            recent.append((spell.person, self.env._now))

    def _take_on(self, practice: int, count: int, risk_list: deque[int]) -> int:
        taken = 0
        for _ in range(int(count * self.meetings.recent_discharge_share + 0.5)):
            person = self._recently_home(practice)
            if person is None:
                break
            self._support(person, practice)
            taken += 1
        for _ in range(len(risk_list)):
            if taken >= count:
                break
            person = risk_list[0]
            risk_list.rotate(-1)
            if not self._is_supported(person):
                self._support(person, practice)
                taken += 1
        return taken

    def _is_supported(self, person: int) -> bool:
        return self.supported_until.get(person, -1) > self.env._now

    def _recently_home(self, practice: int) -> int | None:
        recent = self._recent[practice]
        oldest = self.env._now - round(self.meetings.recent_days * DAY)
        while recent:
            person, at = recent.popleft()
            if at >= oldest and not self._is_supported(person):
                return person
        return None

    def _support(self, person: int, practice: int) -> None:
        until = self.env._now + round(self.meetings.support_days * DAY)
        self.supported_until[person] = until
        self.supports.append((person, practice, self.env._now, until))

    def _by_risk(self, practice: int) -> list[int]:
        members = np.flatnonzero(self._people.practice == practice)
        order = np.argsort(-self._people.weight[members], kind="stable")
        return [int(person) for person in members[order]]
