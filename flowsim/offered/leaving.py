"""How long people who are fit keep the bed: until the meeting, then until the next place is arranged; and D2A."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from flowsim.offered.flows import Flows
from flowsim.offered.laws import Floats, after, at_once, law_of, quantiles, still
from flowsim.params.hospital import Hospital, Meeting
from flowsim.params.people import Pathway

_MANY = 1e4  # beds; how many a unit without limit counts as among the others


class Left(NamedTuple):
    """People a day who have left hospital, by the way they left."""

    by_d2a: Floats
    old_way: Floats


@dataclass(frozen=True)
class Leaving:
    """From fit to gone in one scenario; on wards that have D2A, for those who accept, by D2A."""

    flows: Flows

    @cached_property
    def meeting(self) -> Floats:
        """Law of the days from fit to signed off."""
        hospital = self.flows.scenario.hospital
        mean = meeting_days(hospital.meeting) if hospital and hospital.meeting else 0.0
        return law_of(np.array([mean]), size=len(self.flows.days))

    def delay(self, pathway: Pathway, *, by_d2a: bool) -> Floats:
        """Law of the days from ready to asking for the next place; D2A takes the same share off everybody's."""
        s, size = self.flows.scenario, len(self.flows.days)
        leaving = s.leaving.get(pathway)
        if leaving is None or leaving.delay is None:
            return at_once(size)
        effect = s.d2a.pathways.get(pathway) if by_d2a and s.d2a else None
        rest = 1.0 - effect.saved_days / leaving.delay.mean if effect and leaving.delay.mean else 1.0
        return law_of(quantiles(leaving.delay) * rest, size=size)

    def gone(self, pathway: Pathway, ready: Floats, served: Floats) -> Left:
        """Those who leave by day, of so many ready, of whom D2A serves so many."""
        by_d2a = after(served, self.delay(pathway, by_d2a=True))
        return Left(by_d2a, after(ready - served, self.delay(pathway, by_d2a=False)))

    def beds(self, pathway: Pathway, ready: Floats, served: Floats) -> Floats:
        """Beds held by day by those who are ready but not gone."""
        by_d2a = after(served, still(self.delay(pathway, by_d2a=True)))
        return by_d2a + after(ready - served, still(self.delay(pathway, by_d2a=False)))

    def live(self, pathway: Pathway, early: float = 0.0) -> Floats:
        """Share by day of the people of a pathway who lie where D2A is live when they are ready.

        Parameters
        ----------
        early : float
            Share of them who are ready before they would move from an assessment unit to a ward.
        """
        d2a, hospital = self.flows.scenario.d2a, self.flows.scenario.hospital
        effect = d2a.pathways.get(pathway) if d2a else None
        if d2a is None or effect is None or hospital is None:
            return np.zeros(len(self.flows.days))
        shares = self._by_unit(hospital, early)
        order = [*d2a.order, *(name for name in shares if name not in d2a.order)]
        reached = np.concatenate([[0.0], np.cumsum([shares[name] for name in order])])
        units = np.interp(self.flows.dated(d2a.units_live), np.arange(len(reached)), reached)
        return np.asarray(units * (self.flows.days >= (effect.start - self.flows.scenario.clock.start).days))

    def _by_unit(self, hospital: Hospital, early: float) -> dict[str, float]:
        """Shares of people by unit: on wards and in assessment units by beds, as if none were full."""
        assessment = hospital.assessment.units if hospital.assessment else {}
        if not hospital.wards or not assessment:
            early = float(not hospital.wards)
        found: dict[str, float] = {}
        for share, units in ((1.0 - early, hospital.wards), (early, assessment)):
            beds = {name: min(float(self.flows.dated(one).max()), _MANY) for name, one in units.items()}
            found |= {name: share * number / max(sum(beds.values()), 1.0) for name, number in beds.items()}
        return found


def meeting_days(meeting: Meeting) -> float:
    """Mean days from fit to leaving, for somebody fit at any moment of the week alike."""
    hours = meeting.leaving_hours
    leaving = np.interp((np.arange(48) + 0.5) / 48, np.linspace(0.0, 1.0, len(hours)), hours)
    fit = (np.arange(48) + 0.5) / 2
    too_late = fit[:, None] > leaving[None, :]
    chances = np.array(meeting.weekday_factors) / max(meeting.weekday_factors)
    further = np.zeros(7)
    for _ in range(7 * 60):  # days until signed off, from each weekday: tomorrow's and one more unless signed off today
        further = (1.0 - chances) * (1.0 + np.roll(further, -1))
    to_hour = (leaving[None, :] - fit[:, None]) / 24.0 + too_late
    return float(to_hour.mean() + further.mean())
