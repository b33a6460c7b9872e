"""Who asks for which service, by day: from hospital, from the door of A&E, from home, and those of the first day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from flowsim.offered.at_first import AtFirst
from flowsim.offered.flows import Flows
from flowsim.offered.laws import LUCK, Floats, after, found_in_progress, law_of, quantiles, through_the_day
from flowsim.offered.leaving import Leaving, Left
from flowsim.offered.passage import Passage
from flowsim.offered.streams import Stream
from flowsim.offered.teams import Team
from flowsim.params import Scenario
from flowsim.params.community import Life, StepDown
from flowsim.params.people import Pathway
from flowsim.params.values import schedule_of


@dataclass(frozen=True)
class Ways:
    """Streams of people to each service of a scenario."""

    flows: Flows

    @property
    def scenario(self) -> Scenario:
        """The scenario in question."""
        return self.flows.scenario

    @cached_property
    def leaving(self) -> Leaving:
        """What keeps the fit in bed."""
        return Leaving(self.flows)

    @cached_property
    def passages(self) -> list[Passage]:
        """Each cohort's way through hospital."""
        return [Passage(self.leaving, name) for name in self.scenario.cohorts]

    def beds(self) -> Floats:
        """Acute beds needed by day."""
        return sum((one.beds() for one in self.passages), AtFirst(self.leaving).beds())

    def law(self, days: Floats) -> Floats:
        """Law of durations that are equally likely."""
        return law_of(days, size=len(self.flows.days))

    # -- out of hospital, or ready to leave one that is not modelled ---------------------------------------------------

    def _from_bed(self, pathway: Pathway, *, by_d2a: bool) -> list[Stream]:
        def one_way(left: Left) -> Floats:
            return left.by_d2a if by_d2a else left.old_way

        coming = [one for one in self.passages if pathway in one.cohort.pathways]
        found = [Stream(one_way(one.left(pathway)), one.at_home(pathway), from_bed=True) for one in coming]
        if self.scenario.initial.beds.get(pathway):
            found.append(Stream(one_way(AtFirst(self.leaving).left(pathway)), from_bed=True))
        return found

    def _joining(self, pathway: Pathway, *, by_d2a: bool) -> list[Stream]:
        """People who join ready to leave: already assessed, so D2A serves all of them once it has begun."""
        s = self.scenario
        effect = s.d2a.pathways.get(pathway) if s.d2a else None
        begun = self.flows.days >= ((effect.start - s.clock.start).days if effect else 0)
        served = begun & (pathway != "P2_home" or s.life is not None)
        this_way, delay = served == by_d2a, self.leaving.delay(pathway, by_d2a=by_d2a)
        found = [
            Stream(after(through_the_day(flow) * this_way, delay), locality=where or "")
            for where, flow in self.flows.inflows(pathway)
        ]
        return found + [one for one in self._in_line(pathway) if this_way[0]]

    def _in_line(self, pathway: Pathway) -> list[Stream]:
        """Those waiting for the service of a pathway when the run begins."""
        s = self.scenario
        if pathway == "P2_home":
            return self._dealt(s.initial.waiting_for_life, s.life)
        return self._dealt(s.initial.waiting_for_step_down, s.step_down) if pathway == "P2_bed" else []

    def _dealt(self, count: int, service: Life | StepDown | None) -> list[Stream]:
        """People of the first day by locality, in proportion to what a service has there."""
        pools = (service.by_locality if service is not None else None) or {"": 1}
        places = [min(schedule_of(one, self.scenario.clock.start).at(0.0), 1e6) for one in pools.values()]
        weights = places if sum(places) > 0 else [1.0] * len(pools)
        at_first = np.arange(len(self.flows.days)) == 0
        shares = zip(pools, weights, strict=True)
        return [Stream(at_first * (count * one / sum(weights)), locality=name) for name, one in shares] if count else []

    def leavers(self, pathway: Pathway, *, by_d2a: bool) -> list[Stream]:
        """Everybody who leaves by a pathway, with D2A or by the old process."""
        return self._from_bed(pathway, by_d2a=by_d2a) + self._joining(pathway, by_d2a=by_d2a)

    def referred(self, to: str) -> list[Stream]:
        """People referred straight to a service."""
        return [Stream(through_the_day(flow), locality=where or "") for where, flow in self.flows.inflows(to)]

    # -- to each service -----------------------------------------------------------------------------------------------

    def to_life(self) -> list[Stream]:
        """People who ask for LIFE."""
        door = [
            Stream(one.turned_round(pathway), one.at_home(pathway))
            for one in self.passages
            for pathway in one.cohort.pathways
            if one.turned_round(pathway).any()
        ]
        return [*self.leavers("P2_home", by_d2a=True), *door, *self.referred("life")]

    def old_way(self) -> list[Stream]:
        """People of the home pathway who go home without LIFE."""
        return self.leavers("P2_home", by_d2a=False)

    def to_reablement(self) -> list[Stream]:
        """Those of them who get the reablement of before LIFE."""
        service = self.scenario.reablement
        return [one.part(service.share) for one in self.old_way()] if service is not None else []

    def to_step_down(self) -> list[Stream]:
        """People who need intermediate care in a bed."""
        both = [*self.leavers("P2_bed", by_d2a=True), *self.leavers("P2_bed", by_d2a=False)]
        return [*both, *self.referred("step_down")]

    def assessed(self) -> list[Stream]:
        """People of P3 who are assessed in a step-down bed."""
        return self.leavers("P3", by_d2a=True) if self.scenario.step_down is not None else []

    def to_placements(self) -> list[Stream]:
        """People who ask for a placement."""
        service, found = self.scenario.step_down, self.leavers("P3", by_d2a=False)
        if service is None:
            found += self.leavers("P3", by_d2a=True)
        else:
            stay = self.law(quantiles(service.p3_stay or service.stay))
            found += [one.then(stay) for one in self.assessed()]
        return [*found, *self.referred("placement"), *self._after_support("placement")]

    def to_home_care(self) -> list[Stream]:
        """People who ask for a package of home care."""
        service = self.scenario.reablement
        at_once = 1.0 - (service.share if service is not None else 0.0)
        first = [one.part(at_once) for one in self.old_way()]
        return [*first, *self.referred("home_care"), *self._after_support("package")]

    def _after_support(self, need: str) -> list[Stream]:
        """Those who need something after LIFE, reablement or a step-down bed, with those of the first day."""
        s, found = self.scenario, list[Stream]()
        if s.life is not None:
            team = Team(self.flows, s.life)
            found += [later for one in self.to_life() for later in team.then(one, need)]
            found += [team.then_at_first(s.initial.life, need)] if s.initial.life else []
        if s.reablement is not None:
            before = Team(self.flows, s.reablement)
            found += [later for one in self.to_reablement() for later in before.then(one, need)]
        if s.step_down is not None:
            share = getattr(s.step_down.outcome, need)
            found += [one.then(self.step_down_stay(), share) for one in self.to_step_down()]
            first = self._dealt(s.initial.step_down, s.step_down)
            found += [one.then(self.step_down_rest(), share) for one in first]
        return found

    def step_down_stay(self) -> Floats:
        """Law of a stay in a step-down bed."""
        service = self.scenario.step_down
        assert service is not None
        return self.law(np.minimum(service.stay.at(LUCK), service.cap_days))

    def step_down_rest(self) -> Floats:
        """Law of what is left of it to those of the first day."""
        service = self.scenario.step_down
        assert service is not None
        return found_in_progress(service.stay, cap=service.cap_days, size=len(self.flows.days))

    def there_at_first(self, service: str, locality: str) -> float:
        """People who have LIFE or a step-down bed when the run begins, by locality; all if it has no name."""
        dealt = self._dealt(getattr(self.scenario.initial, service), getattr(self.scenario, service))
        return sum(float(one.per_day[0]) for one in self.of(dealt, locality))

    def lives_in(self, locality: str) -> float:
        """Share of residents who live in a locality, by the practices there."""
        population = self.scenario.population
        if population is None:
            return 0.0
        networks = list(population.practices.networks.values())
        dealt = Counter(networks[row % len(networks)] for row in range(population.practices.count))
        return dealt[locality] / population.practices.count

    def of(self, streams: Sequence[Stream], locality: str) -> list[Stream]:
        """What of some streams belongs to a locality; everything if it has no name, as there is but one place."""
        if not locality:
            return list(streams)
        share = self.lives_in(locality)
        return [one.part(share) if not one.locality else one for one in streams if one.locality in ("", locality)]
