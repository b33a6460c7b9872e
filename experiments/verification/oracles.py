"""The same networks in Ciw, an independent simulator: flowsim and Ciw against each other, where no formula reaches.

Ciw: Palmer, Knight, Harper and Hawa (2019), Ciw: an open-source discrete event simulation library, Journal of
Simulation 13(1), 68-82. A development dependency; its global random state stays in this module.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import flowsim as fs
from experiments.agreement import LIMIT, error_figure, figure, standard_error
from experiments.pages import table
from experiments.verification.case import cohort, exponential, tiny
from experiments.verification.networks import read_tandem, tandem
from experiments.verification.queues import waits_by_cohort
from flowsim.events import EventLog
from flowsim.params import Scenario


@dataclass(frozen=True)
class Pair:
    """A quantity as both programs estimate it."""

    system: str
    quantity: str
    ours: float
    our_error: float
    theirs: float
    their_error: float

    @property
    def z(self) -> float:
        """The difference over the standard error of both together."""
        return (self.ours - self.theirs) / math.hypot(self.our_error, self.their_error)

    @property
    def agrees(self) -> bool:
        """Whether they lie within four such errors."""
        return abs(self.z) <= LIMIT


@dataclass(frozen=True)
class Match:
    """One network, described to both programs; ``theirs`` runs Ciw once, with a seed."""

    system: str
    scenario: Scenario
    quantities: Sequence[str]
    ours: Callable[[EventLog], Sequence[float]]
    network: dict[str, Any]
    read: Callable[[list[Any], tuple[float, float]], Sequence[float]] = field(repr=False)

    def pairs(self, replications: int, seed: int) -> list[Pair]:
        """Both programs, as many replications of each."""
        ours = np.array([self.ours(fs.simulate(self.scenario, seed, number)) for number in range(replications)])
        theirs = np.array([self.theirs(seed + number) for number in range(replications)])
        return [
            Pair(
                self.system,
                name,
                float(ours[:, column].mean()),
                standard_error(ours[:, column]),
                float(theirs[:, column].mean()),
                standard_error(theirs[:, column]),
            )
            for column, name in enumerate(self.quantities)
        ]

    def theirs(self, seed: int) -> Sequence[float]:
        """The quantities of one run of Ciw over the same window."""
        import ciw

        ciw.seed(seed)
        network = ciw.create_network(**self.network)
        simulation = ciw.Simulation(network)
        start, end = self.scenario.clock.window
        simulation.simulate_until_max_time(end + _AFTER)  # by then whoever was inside at the edge has left
        return self.read(simulation.get_all_records(), (start, end))


_AFTER = 60.0
TANDEM = ("share diverted", "in acute beds", "blocked", "in step-down beds", "waiting in A&E")


def tandem_match() -> Match:
    """The tandem that is also solved as a Markov chain."""
    import ciw

    rates = [ciw.dists.Exponential(1.0), ciw.dists.Exponential(1.25)]
    network = _tandem_network(2.0, rates, [[0.0, 1.0], [0.0, 0.0]])
    return Match(
        "3 acute, 2 step-down beds, exponential", tandem().scenario, TANDEM, read_tandem, network, _tandem_read
    )


def skewed_tandem_match() -> Match:
    """The same beds with lognormal stays, and half of the people going straight home: no formula is known."""
    import ciw

    ill = {"shape": "lognormal", "mean_days": 1.0, "sigma": 0.9}
    everyone = cohort(2.5, stay=ill)
    everyone["pathways"] = {name: {"share": 0.5, "stay": ill} for name in ("P0", "P2_bed")}
    scenario = tiny(
        "skewed",
        1000,
        50,
        cohorts={"everyone": everyone},
        hospital={"max_waiting": 4, "wards": {"Ward": 3}},
        step_down={
            "beds": 2,
            "stay": {"shape": "lognormal", "mean_days": 1.5, "sigma": 0.6},
            "cap_days": 3650,
            "outcome": {"package": 0.0, "placement": 0.0, "none": 1.0},
        },
    )
    stays = [ciw.dists.Lognormal(-(0.9**2) / 2, 0.9), ciw.dists.Lognormal(math.log(1.5) - 0.6**2 / 2, 0.6)]
    network = _tandem_network(2.5, stays, [[0.0, 0.5], [0.0, 0.0]])
    return Match(
        "3 acute, 2 step-down beds, lognormal, two ways out", scenario, TANDEM, read_tandem, network, _tandem_read
    )


def priority_match() -> Match:
    """Four beds, two classes whose lognormal and exponential stays differ: Cobham's formula does not reach this."""
    import ciw

    slow = {"shape": "lognormal", "mean_days": 2.0, "sigma": 0.8}
    groups = {"urgent": cohort(1.2, stay=exponential(0.8), priority=1), "routine": cohort(1.1, stay=slow, priority=2)}
    scenario = tiny("two classes", 1000, 100, cohorts=groups, hospital={"wards": {"Ward": 4}})
    network = {
        "arrival_distributions": {"urgent": [ciw.dists.Exponential(1.2)], "routine": [ciw.dists.Exponential(1.1)]},
        "service_distributions": {
            "urgent": [ciw.dists.Exponential(1.25)],
            "routine": [ciw.dists.Lognormal(math.log(2.0) - 0.8**2 / 2, 0.8)],
        },
        "number_of_servers": [4],
        "priority_classes": {"urgent": 0, "routine": 1},
    }
    waits = ("urgent wait, days", "routine wait, days")
    return Match("4 beds, two priorities, stays differ", scenario, waits, waits_by_cohort, network, _priority_read)


def _tandem_network(per_day: float, stays: Sequence[Any], routing: Sequence[Sequence[float]]) -> dict[str, Any]:
    import ciw

    return {
        "arrival_distributions": [ciw.dists.Exponential(per_day), None],
        "service_distributions": list(stays),
        "routing": [list(row) for row in routing],
        "number_of_servers": [3, 2],
        "queue_capacities": [4, 0],
    }


def _area(spans: Sequence[tuple[float, float]], window: tuple[float, float]) -> float:
    start, end = window
    times = np.array(spans, dtype=float).reshape(-1, 2)
    inside = np.minimum(times[:, 1], end) - np.maximum(times[:, 0], start)
    return float(inside[inside > 0].sum() / (end - start))


def _tandem_read(records: list[Any], window: tuple[float, float]) -> Sequence[float]:
    start, end = window
    came = [one for one in records if one.node == 1 and start <= one.arrival_date < end]
    kept = [one for one in records if one.record_type == "service"]
    ward, down = ([one for one in kept if one.node == node] for node in (1, 2))
    return (
        sum(one.record_type == "rejection" for one in came) / len(came),
        _area([(one.service_start_date, one.exit_date) for one in ward], window),
        _area([(one.service_end_date, one.exit_date) for one in ward], window),
        _area([(one.service_start_date, one.exit_date) for one in down], window),
        _area([(one.arrival_date, one.service_start_date) for one in ward], window),
    )


def _priority_read(records: list[Any], window: tuple[float, float]) -> Sequence[float]:
    start, end = window
    kept = [one for one in records if one.record_type == "service" and start <= one.arrival_date < end - 100.0]
    return [
        float(np.mean([one.waiting_time for one in kept if one.customer_class == name]))
        for name in ("urgent", "routine")
    ]


def pairs_table(pairs: Sequence[Pair]) -> str:
    """Pairs as a Markdown table."""
    numbers = ["flowsim", "Ciw", "Difference, in standard errors of both"]
    lines, before = [], ""
    for one in pairs:
        ours = f"{figure(one.ours)} ± {error_figure(one.our_error)}"
        theirs = f"{figure(one.theirs)} ± {error_figure(one.their_error)}"
        system = "" if one.system == before else one.system
        verdict = "agree" if one.agrees else "**differ**"
        lines.append([system, one.quantity, ours, theirs, f"{one.z:+.2f}", verdict])
        before = one.system
    return table(["System", "Quantity", *numbers, "Verdict"], lines, numbers)


MATCHES: tuple[Callable[[], Match], ...] = (tandem_match, skewed_tandem_match, priority_match)
