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
from flowsim.kernel import ARRIVE, Environment
from flowsim.params.scenario import Scenario
from flowsim.population import Plan, make_plan
from flowsim.population.spell import Spell


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
    plan = make_plan(scenario, seed, replication, builder.wards())
    return run_plan(builder, plan, seed, replication)


def run_plan(builder: Builder, plan: Plan, seed: int, replication: int) -> EventLog:
    """Let planned people through the world of a builder (used once)."""
    world = builder.world(plan)
    with _quiet_collector():
        _let_in(world.env, world, plan.spells)
        world.env.run_to(round(builder.s.clock.horizon * DAY))
        return gather(builder, world, plan, seed, replication)


def _let_in(env: Environment, world, spells: list[Spell]) -> None:  # type: ignore[no-untyped-def]
    """Each arrival plans the next, so that the calendar stays short."""
    coming: Iterator[Spell] = iter(spells)

    def arrive(spell: Spell) -> None:
        env.start(life_story(world, spell))
        plan_next()

    def plan_next() -> None:
        spell = next(coming, None)
        if spell is not None:
            env.at(spell.at, lambda _: arrive(spell), ARRIVE)

    plan_next()


@contextmanager
def _quiet_collector() -> Iterator[None]:
    """No garbage collection while the clock runs: a run makes much that lives and little that dies in cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
