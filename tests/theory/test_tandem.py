"""Acute beds, then step-down beds, with blocking after service: against its Markov chain, solved here."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from samples import agrees, mean_number, replicate, world

from flowsim.events import DIVERTED, REASONS

pytestmark = pytest.mark.theory

BEDS, STEP_DOWN, LINE = 3, 2, 4
ARRIVE, FIT, HOME = 2.0, 1.0, 1.0 / 0.8
"""Rates a day: presentations, becoming fit, leaving a step-down bed."""

State = tuple[int, int, int, int]
"""People waiting in A&E, in treatment, blocked in an acute bed, in a step-down bed."""


def moves(state: State) -> list[tuple[float, State]]:
    """Rates to other states. A freed acute bed goes at once to whoever waits."""
    waiting, ill, blocked, down = state

    def freed(ill: int, blocked: int, down: int) -> State:
        return (waiting - 1, ill + 1, blocked, down) if waiting else (0, ill, blocked, down)

    found = []
    if ill + blocked < BEDS:
        found.append((ARRIVE, (waiting, ill + 1, blocked, down)))
    elif waiting < LINE:
        found.append((ARRIVE, (waiting + 1, ill, blocked, down)))
    if ill and down < STEP_DOWN:
        found.append((ill * FIT, freed(ill - 1, blocked, down + 1)))
    elif ill:
        found.append((ill * FIT, (waiting, ill - 1, blocked + 1, down)))
    if blocked:
        found.append((down * HOME, freed(ill, blocked - 1, down)))
    elif down:
        found.append((down * HOME, (waiting, ill, 0, down - 1)))
    return found


@pytest.fixture(scope="module")
def exact() -> dict[str, float]:
    states = [
        (w, ill, blocked, down)
        for w, ill, blocked, down in product(range(LINE + 1), range(BEDS + 1), range(BEDS + 1), range(STEP_DOWN + 1))
        if ill + blocked <= BEDS and (w == 0 or ill + blocked == BEDS) and (blocked == 0 or down == STEP_DOWN)
    ]
    row = {state: number for number, state in enumerate(states)}
    rates = np.zeros((len(states), len(states)))
    for state in states:
        for rate, other in moves(state):
            rates[row[state], row[other]] += rate
            rates[row[state], row[state]] -= rate
    balance = np.vstack([rates.T, np.ones(len(states))])
    chance = np.linalg.lstsq(balance, np.append(np.zeros(len(states)), 1.0), rcond=None)[0]
    waiting, ill, blocked, down = (np.array(column) for column in zip(*states, strict=True))
    full = (waiting == LINE) & (ill + blocked == BEDS)
    return {
        "diverted": float(chance[full].sum()),
        "in acute beds": float(chance @ (ill + blocked)),
        "blocked": float(chance @ blocked),
        "in step-down beds": float(chance @ down),
        "waiting": float(chance @ waiting),
    }


@pytest.fixture(scope="module")
def found() -> dict[str, np.ndarray]:
    def read(log):
        start, end = log.window
        inside = log.spell["at"] >= start
        ward = log.of_kind("ward", "a_and_e")
        until = np.where(np.isnan(log.stay["entered"]), log.stay["left"], log.stay["entered"])
        waits = (np.minimum(until, end) - np.maximum(log.stay["queued"], start))[ward]
        blocked = log.delay["reason"] == REASONS.index("step_down")
        spans = np.minimum(log.delay["end"], end) - np.maximum(log.delay["start"], start)
        return (
            (log.spell["door"][inside] == DIVERTED).mean(),
            mean_number(log, "Ward"),
            spans[blocked & (spans > 0)].sum() / (end - start),
            mean_number(log, "Step-down beds"),
            waits[waits > 0].sum() / (end - start),
        )

    runs = replicate(world("tandem"), 12, read)
    names = ("diverted", "in acute beds", "blocked", "in step-down beds", "waiting")
    return dict(zip(names, runs.T, strict=True))


@pytest.mark.parametrize("measure", ["diverted", "in acute beds", "blocked", "in step-down beds", "waiting"])
def test_blocking_after_service_is_its_markov_chain(exact, found, measure):
    assert agrees(found[measure], exact[measure])


def test_the_chain_loses_what_does_not_pass_through(exact):
    assert ARRIVE * (1 - exact["diverted"]) == pytest.approx(exact["in step-down beds"] * HOME)
