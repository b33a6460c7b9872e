"""Those in bed when the run begins: the beds they still need, and when they leave. None of them comes back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flowsim.offered.laws import Floats, after, found_in_progress, still
from flowsim.offered.leaving import Leaving, Left
from flowsim.params.people import Pathway


@dataclass(frozen=True)
class AtFirst:
    """Inpatients of the first day; each has the rest of a plain clinical stay before them, and accepts D2A."""

    leaving: Leaving

    def beds(self) -> Floats:
        """Acute beds they need by day."""
        need = np.zeros(len(self.leaving.flows.days))
        for pathway, count in self.leaving.flows.scenario.initial.beds.items():
            rest, ready = self._rest(pathway), self._ready(pathway)
            need += count * still(rest) + after(count * rest, still(self.leaving.meeting))
            need += self.leaving.beds(pathway, ready, ready * self._served(pathway))
        return need

    def left(self, pathway: Pathway) -> Left:
        """People a day who leave by a pathway."""
        ready = self._ready(pathway)
        return self.leaving.gone(pathway, ready, ready * self._served(pathway))

    def _ready(self, pathway: Pathway) -> Floats:
        count = self.leaving.flows.scenario.initial.beds.get(pathway, 0)
        return count * after(self._rest(pathway), self.leaving.meeting) if count else 0.0 * self.leaving.flows.days

    def _rest(self, pathway: Pathway) -> Floats:
        cohorts = self.leaving.flows.scenario.cohorts.values()
        stay = next(one.pathways[pathway].stay for one in cohorts if pathway in one.pathways)
        return found_in_progress(stay, size=len(self.leaving.flows.days))

    def _served(self, pathway: Pathway) -> Floats | float:
        """Share by day whom D2A serves: they have long been moved to a ward."""
        if pathway == "P2_home" and self.leaving.flows.scenario.life is None:
            return 0.0
        return self.leaving.live(pathway)
