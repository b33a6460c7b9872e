"""Queues with known answers: Erlang's two formulae and Cobham's for priorities."""

from __future__ import annotations

from math import factorial

import numpy as np
import pytest
from samples import agrees, bed_waits, replicate, world

from flowsim.events import DIVERTED

pytestmark = pytest.mark.theory


def erlang_b(servers: int, load: float) -> float:
    """Share lost of a system without waiting room."""
    terms = [load**k / factorial(k) for k in range(servers + 1)]
    return terms[-1] / sum(terms)


def erlang_c(servers: int, load: float) -> float:
    """Chance of waiting in M/M/c."""
    lost, busy = erlang_b(servers, load), load / servers
    return lost / (1.0 - busy * (1.0 - lost))


@pytest.fixture(scope="module")
def mmc() -> np.ndarray:
    def read(log):
        _, waits = bed_waits(log)
        return waits.mean(), (waits > 0).mean()

    return replicate(world("mmc"), 16, read)


def test_mean_wait_of_mmc_is_erlangs(mmc):
    assert agrees(mmc[:, 0], erlang_c(5, 4.0) / (5.0 - 4.0))


def test_chance_of_waiting_in_mmc_is_erlangs(mmc):
    assert agrees(mmc[:, 1], erlang_c(5, 4.0))


def test_share_diverted_without_waiting_room_is_erlangs_whatever_the_spread_of_stays():
    def read(log):
        inside = log.spell["at"] >= log.window[0]
        return (log.spell["door"][inside] == DIVERTED).mean()

    assert agrees(replicate(world("erlang_loss"), 12, read), erlang_b(5, 4.0))


def test_waits_by_priority_are_cobhams():
    def read(log):
        spells, waits = bed_waits(log, margin=100.0)
        routine = log.spell["cohort"][spells] == log.cohorts.index("routine")
        return waits[~routine].mean(), waits[routine].mean()

    waits = replicate(world("priority"), 16, read)
    base, urgent, everyone = erlang_c(5, 4.0) / 5.0, 1.5 / 5.0, 4.0 / 5.0
    assert agrees(waits[:, 0], base / (1.0 - urgent))
    assert agrees(waits[:, 1], base / ((1.0 - urgent) * (1.0 - everyone)))


def test_erlangs_formulae_have_their_textbook_values():
    assert erlang_b(5, 4.0) == pytest.approx(0.19907, abs=5e-6)
    assert erlang_c(5, 4.0) == pytest.approx(0.55411, abs=5e-6)
