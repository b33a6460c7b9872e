"""Runs one replication of one scenario: builds the world, lets the people in, gathers the record."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from flowsim.build import Builder
from flowsim.clock import DAY
from flowsim.events import EventLog
from flowsim.gather import gather
from flowsim.journey import life_story
from flowsim.kernel import ARRIVE, Steps
from flowsim.params.scenario import Scenario
from flowsim.population import Plan, make_plan
from flowsim.population.spell import Spell
from flowsim.world import World


def simulate(scenario: Scenario, seed: int = 1, replication: int = 0) -> EventLog:
    """One run.

    Parameters
    ----------
    scenario : Scenario
    seed, replication : int
        At least 0. The same scenario, seed and replication give the same log, byte for byte; another scenario with the
        same seed and replication has the same people with the same luck.

    Raises
    ------
    BadDurationError
        If a duration is not finite and at least 0.
    CircularWaitError
        If people come to hold what each other needs and nothing can free them.
    ValueError
        If seed or replication is negative.
    """
    if seed < 0 or replication < 0:
        raise ValueError(f"seed and replication must be at least 0, not {seed} and {replication}")
    builder = Builder(scenario)
    with _quiet_collector():
        plan = make_plan(scenario, seed, replication, builder.wards())
        return run_plan(builder, plan, seed, replication)


def run_plan(builder: Builder, plan: Plan, seed: int, replication: int) -> EventLog:
    """Let planned people through the world of a builder (used once)."""
    world = builder.world(plan)
    with _quiet_collector():
        world.env.start(_arrivals(world, plan.spells))
        world.env.run_to(round(builder.s.clock.horizon * DAY))
        return gather(builder, world, plan, seed, replication)


def _arrivals(world: World, spells: list[Spell]) -> Steps:
    """Begin every story at its moment; each arrival plans the next, so that the calendar stays short."""
    env = world.env
    for spell in spells:
        yield env.hold(spell.at - env.now, ARRIVE)
        env.start(life_story(world, spell))


@contextmanager
def _quiet_collector() -> Iterator[None]:
    """No garbage collection meanwhile: planning and running make much that lives and little that dies in cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
