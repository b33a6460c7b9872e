"""How the people of a cohort pass through hospital, on average: who comes, leaves and comes back, and their beds.

Everybody who came on an earlier day of the run is followed (Eick, Massey and Whitt, 1993, The physics of the M_t/G/∞
queue). What initiatives make of a delay counts in full for beds, but not for the day on which somebody leaves. Nobody
is taken to wait for a bed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from flowsim.offered.flows import exit_share
from flowsim.offered.home import back_by, still_alive, still_home
from flowsim.offered.laws import LUCK, Floats, Stretched, after, law_of, quantiles, still, stretched, through_the_day
from flowsim.offered.leaving import Leaving, Left
from flowsim.params.people import SUPPORTED, Cohort, Pathway

_ENOUGH = 1e-7  # readmissions a day
_MOST = 60  # readmissions in a row; at a share of 1 they never end
_MONTH = np.linspace(0.0, 30.0, 3001)  # days within which a readmission falls


@dataclass(frozen=True)
class Passage:
    """Mean flows of one cohort, by day of the run."""

    leaving: Leaving
    name: str
    _stays: dict[Pathway | None, Stretched] = field(default_factory=dict)
    _shares: dict[Pathway, Floats] = field(default_factory=dict)

    @cached_property
    def cohort(self) -> Cohort:
        """The cohort in question."""
        return self.leaving.flows.scenario.cohorts[self.name]

    @cached_property
    def _size(self) -> int:
        return len(self.leaving.flows.days)

    # -- durations ---------------------------------------------------------------------------------------------------

    def _clinical_days(self, pathway: Pathway | None) -> tuple[Floats, Floats]:
        """Clinical days that stand for all people, and their shares."""
        ending = self.cohort.pathways[pathway] if pathway is not None else self.cohort.death_in_hospital
        assert ending is not None
        factors, shares = self.leaving.flows.expected.stretches(self.name)
        return np.outer(factors, quantiles(ending.stay)).ravel(), np.repeat(shares, len(LUCK))

    def _clinical(self, pathway: Pathway | None) -> Stretched:
        """Clinical days of those of a pathway who stay for more than part of a day; of None, until death."""
        if pathway not in self._stays:
            flows = self.leaving.flows
            factor = self._given(pathway, "clinical_stay", by_days=True)
            if flows.scenario.hospital is not None:
                factor = factor * flows.dated(flows.scenario.hospital.stay_factor)
            self._stays[pathway] = stretched(*self._clinical_days(pathway), factor)
        return self._stays[pathway]

    def _zero_day(self, pathway: Pathway | None) -> float:
        """Share of a pathway who stay for part of a day."""
        return self.cohort.zero_day.share if pathway == "P0" and self.cohort.zero_day else 0.0

    @cached_property
    def _part_of_a_day(self) -> Floats:
        assert self.cohort.zero_day is not None
        return law_of(quantiles(self.cohort.zero_day.stay), size=self._size)

    def _ready(self, pathway: Pathway, admitted: Floats) -> Floats:
        """People a day who are signed off, of so many admitted; zero-day stays do not wait for the meeting."""
        short = self._zero_day(pathway)
        ready = after(self._clinical(pathway).ended(admitted * (1.0 - short)), self.leaving.meeting)
        return ready + after(admitted * short, self._part_of_a_day) if short else ready

    def _until_back(self, pathway: Pathway) -> Floats:
        """Law of the days from leaving to the readmission of those who have one if they live; some die before it."""
        assert self.cohort.readmission is not None
        supported = pathway in SUPPORTED
        gaps = np.interp(LUCK, back_by(self.cohort.readmission, _MONTH), _MONTH)
        alive = still_alive(self.cohort, np.arange(self._size, dtype=np.float64), supported=supported)
        return law_of(gaps, size=self._size) * alive

    # -- who comes, and comes back -----------------------------------------------------------------------------------

    def turned_round(self, pathway: Pathway) -> Floats:
        """People of a pathway a day whom the front-door team sends home."""
        return through_the_day(self.leaving.flows.turned_round(self.name, pathway))

    def _first_admitted(self, pathway: Pathway | None) -> Floats:
        come = through_the_day(self.leaving.flows.presenting(self.name, pathway))
        return come - self.turned_round(pathway) if pathway is not None else come

    def admitted(self, pathway: Pathway | None) -> Floats:
        """People of a pathway admitted a day, readmissions among them; of None, of those who will die in hospital."""
        more = self._readmitted + self._waiting_at_first
        return self._first_admitted(pathway) + exit_share(self.cohort, pathway) * more

    @cached_property
    def _waiting_at_first(self) -> Floats:
        """People in the line of A&E when the run begins, who are of the first cohort; they do not come back."""
        s = self.leaving.flows.scenario
        count = s.initial.waiting_for_bed if self.name == next(iter(s.cohorts)) else 0
        return np.where(np.arange(self._size) == 0, float(count), 0.0)

    @cached_property
    def _readmitted(self) -> Floats:
        """Readmissions a day: behind first spells, behind these readmissions, and so on."""
        if self.cohort.readmission is None:
            return np.zeros(self._size)
        found = new = self._readmitted_behind_first()
        for _ in range(_MOST):
            if new.max(initial=0.0) < _ENOUGH:
                break
            new = self._behind({one: exit_share(self.cohort, one) * new for one in self.cohort.pathways})
            found = found + new
        return found

    def _readmitted_behind_first(self) -> Floats:
        ways = self.cohort.pathways
        at_door = [after(self.turned_round(one) * self._again(one), self._until_back(one)) for one in ways]
        return sum(at_door, self._behind({one: self._first_admitted(one) for one in ways}))

    def _behind(self, admitted: dict[Pathway, Floats]) -> Floats:
        """Readmissions a day that follow spells of so many admitted."""
        total = np.zeros(self._size)
        for pathway, flow in admitted.items():
            gone = self.left(pathway, flow * self._again(pathway))
            total += after(gone.by_d2a + gone.old_way, self._until_back(pathway))
        return total

    def _again(self, pathway: Pathway) -> Floats:
        """Chance by day of presenting that somebody of a pathway will be readmitted if they live."""
        again = self.cohort.readmission
        if again is None:
            return np.zeros(self._size)
        share = again.supported_share if pathway in SUPPORTED else again.unsupported_share
        return share * self._given(pathway, "readmission")

    def _given(self, pathway: Pathway | None, *effects: str, by_days: bool = False) -> Floats:
        return self.leaving.flows.given(self.name, pathway, *effects, by_days=by_days) * np.ones(self._size)

    # -- who leaves --------------------------------------------------------------------------------------------------

    def left(self, pathway: Pathway, admitted: Floats | None = None) -> Left:
        """People a day who leave by a pathway: of so many admitted a day, or of all."""
        flow = self.admitted(pathway) if admitted is None else admitted
        accepting = self._ready(pathway, flow * self._given(pathway, "d2a_accepted"))
        return self.leaving.gone(pathway, self._ready(pathway, flow), accepting * self._served(pathway))

    def _served(self, pathway: Pathway) -> Floats:
        """Share by day of those ready whom D2A would serve if initiatives moved nobody."""
        s = self.leaving.flows.scenario
        effect = s.d2a.pathways.get(pathway) if s.d2a else None
        if effect is None or (pathway == "P2_home" and s.life is None):
            return np.zeros(self._size)
        if pathway not in self._shares:
            live = self.leaving.live(pathway, self._early(pathway))
            self._shares[pathway] = effect.accepted_share * live
        return self._shares[pathway]

    def _early(self, pathway: Pathway) -> float:
        """Share of a pathway who are ready while they would be in an assessment unit."""
        hospital = self.leaving.flows.scenario.hospital
        if hospital is None or hospital.assessment is None:
            return 0.0
        days, shares = self._clinical_days(pathway)
        meeting = float(still(self.leaving.meeting).sum())
        longer = 1.0 - np.searchsorted(hospital.assessment.stay.at(LUCK), days + meeting) / len(LUCK)
        short = self._zero_day(pathway)
        return short + (1.0 - short) * float(longer @ shares / shares.sum())

    def at_home(self, pathway: Pathway) -> Floats:
        """Chance by days since leaving that neither readmission nor death has ended support."""
        come = self.leaving.flows.presenting(self.name, pathway)
        again = float(come @ self._again(pathway) / come.sum()) if come.sum() else 0.0
        days = np.arange(self._size, dtype=np.float64) + 0.5
        return still_home(self.cohort, days, again, supported=pathway in SUPPORTED)

    # -- beds --------------------------------------------------------------------------------------------------------

    def beds(self) -> Floats:
        """Acute beds needed by day."""
        need = self._clinical_beds(None) if self.cohort.death_in_hospital is not None else np.zeros(self._size)
        for pathway in self.cohort.pathways:
            need = need + self._clinical_beds(pathway) + self._meeting_beds(pathway) + self._delayed_beds(pathway)
        return need

    def _clinical_beds(self, pathway: Pathway | None) -> Floats:
        admitted, short = self.admitted(pathway), self._zero_day(pathway)
        need = self._clinical(pathway).there(admitted * (1.0 - short))
        return need + after(admitted * short, still(self._part_of_a_day)) if short else need

    def _meeting_beds(self, pathway: Pathway) -> Floats:
        fit = self._clinical(pathway).ended(self.admitted(pathway) * (1.0 - self._zero_day(pathway)))
        return after(fit, still(self.leaving.meeting))

    def _delayed_beds(self, pathway: Pathway) -> Floats:
        """Beds of those ready, each counted by what initiatives make of the delay."""
        admitted = self.admitted(pathway)
        ready = self._ready(pathway, admitted * self._given(pathway, "delay"))
        accepting = self._ready(pathway, admitted * self._given(pathway, "delay", "d2a_accepted"))
        return self.leaving.beds(pathway, ready, accepting * self._served(pathway))
