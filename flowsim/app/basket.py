"""A basket of plans, each with the replications it already has, and what they give side by side."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flowsim.app.state import State
from flowsim.experiment.comparison import Comparison
from flowsim.experiment.replicate import Finished
from flowsim.experiment.runs import recorded, stability_of
from flowsim.params import Scenario


@dataclass(frozen=True)
class Item:
    """A plan that was kept: its state, what it was run against, and the finished replications of both."""

    state: State
    base: Scenario
    plan: Scenario
    seed: int
    finished: tuple[Finished, ...]

    @property
    def name(self) -> str:
        """What it is called."""
        return self.plan.name

    def fits(self, base: Scenario, seed: int) -> bool:
        """Whether it was run against this base with this seed, so that it can stand beside others."""
        return self.base.fingerprint == base.fingerprint and self.seed == seed

    def named(self, name: str) -> Item:
        """The same under another name."""
        state = replace(self.state, name=name)
        return replace(self, state=state, plan=self.plan.model_copy(update={"name": name}))


def free_name(name: str, taken: Sequence[str]) -> str:
    """The name, or with the first number behind it that no other plan bears."""
    found, number = name, 2
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found


def side_by_side(items: Sequence[Item]) -> Comparison | None:
    """All plans against their base, on the replications that all of them have; None if there are none.

    The numbers are those of one ``flowsim compare`` of the same files, as a scenario's run depends on no other's.

    Parameters
    ----------
    items : sequence of Item
        With the same base and seed, and names that differ.
    """
    count = min((len(one.finished) for one in items), default=0)
    if not count:
        return None
    began = time.perf_counter()
    scenarios = [items[0].base, *(one.plan for one in items)]
    finished = [_merged([one.finished[number] for one in items]) for number in range(count)]
    warnings = stability_of(scenarios)
    return Comparison(recorded(scenarios, items[0].seed, count, finished, warnings, time.perf_counter() - began))


def _merged(found: Sequence[Finished]) -> Finished:
    """One replication of base and every plan."""
    failures = tuple(dict.fromkeys(failure for one in found for failure in one.failures))
    if any(len(one.runs) < 2 for one in found):
        return Finished(found[0].replication, (), failures)
    return Finished(found[0].replication, (found[0].runs[0], *(one.runs[1] for one in found)), failures)
