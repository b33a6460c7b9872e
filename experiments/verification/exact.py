"""Textbook answers: queues, loss, priority, impatience, blocking, people found in progress. Each with its source."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from scipy import integrate

Survival = Callable[[float], float]
"""Chance that a duration is longer."""


def erlang_b(servers: int, load: float) -> float:
    """Share lost without waiting room, whatever the spread of stays. Erlang (1917); Cooper (1981), section 3.3."""
    lost = 1.0
    for number in range(1, servers + 1):
        lost = load * lost / (number + load * lost)
    return lost


def erlang_c(servers: int, load: float) -> float:
    """Chance of waiting in M/M/c. Erlang (1917); Cooper, Introduction to Queueing Theory (1981), section 3.5."""
    lost, busy = erlang_b(servers, load), load / servers
    return lost / (1.0 - busy * (1.0 - lost))


def mmc_wait(servers: int, load: float, stay: float = 1.0) -> float:
    """Mean wait in M/M/c, those who do not wait included."""
    return erlang_c(servers, load) * stay / (servers - load)


def mmck(servers: int, room: int, load: float) -> dict[str, float]:
    """M/M/c with ``room`` waiting places, as a birth-death chain. Gross and Harris (1998), section 2.5.

    Returns
    -------
    dict
        ``lost`` share of arrivals, mean numbers ``served`` and ``waiting``.
    """
    weights = [1.0]
    for number in range(1, servers + room + 1):
        weights.append(weights[-1] * load / min(number, servers))
    chance = np.array(weights) / sum(weights)
    number = np.arange(len(chance))
    served = float(chance @ np.minimum(number, servers))
    return {"lost": float(chance[-1]), "served": served, "waiting": float(chance @ number) - served}


def pollaczek_khinchine(per_day: float, mean: float, square: float) -> float:
    """Mean wait in M/G/1 from the first two moments of the stay. Pollaczek (1930); Cooper (1981), section 5.8."""
    return per_day * square / (2.0 * (1.0 - per_day * mean))


def cobham(base: float, busy: Sequence[float]) -> list[float]:
    """Mean waits by class, first class first, nobody put out. Cobham (1954), Operations Research 2, 70-76.

    Parameters
    ----------
    base
        Mean time until the first release as an arrival finds it: Σ λ E[S²] / 2 with one server; with c servers and
        equal exponential stays Erlang C over c service rates.
    busy
        Share of all servers' time that each class takes.
    """
    waits, before = [], 0.0
    for share in busy:
        waits.append(base / ((1.0 - before) * (1.0 - before - share)))
        before += share
    return waits


def hunt(first: float, second: float) -> float:
    """Most that two stations of one server can do with no room between them, blocking after service; rates a day.

    Hunt (1956), Sequential arrays of waiting lines, Operations Research 4, 674-683: with equal rates 2/3 of a server's.
    """
    return first * second * (first + second) / (first**2 + first * second + second**2)


HUNT_THREE = 22.0 / 39.0
"""The same for three stations of equal rate, 0.5641 in Hunt's table."""


def saturated_tandem(places: Sequence[int], rates: Sequence[float]) -> float:
    """Most that stations in a row can do with no room between them: the Markov chain of those in service and blocked.

    Each station is (serving, blocked); whoever is done moves on if a place is free, and the first is never empty.
    """
    from experiments.chains import Chain

    def settled(state: list[list[int]]) -> tuple[tuple[int, int], ...]:
        for here in range(len(places) - 2, -1, -1):
            while state[here][1] and sum(state[here + 1]) < places[here + 1]:
                state[here][1] -= 1
                state[here + 1][0] += 1
        state[0][0] = places[0] - state[0][1]
        return tuple((one[0], one[1]) for one in state)

    def moves(state):  # type: ignore[no-untyped-def]
        for here, (serving, _) in enumerate(state):
            after = [list(one) for one in state]
            after[here][0] -= 1
            if here + 1 < len(places):
                after[here][1] += 1
            yield serving * rates[here], settled(after)

    start = ((places[0], 0), *(((0, 0),) * (len(places) - 1)))
    return Chain(start, moves).mean(lambda state: state[-1][0] * rates[-1])  # type: ignore[index]


def impatient(per_day: float, stay: float, servers: int, patience: Survival, longest: float) -> dict[str, float]:
    """M/M/n+G: people give up after a patience of any law. Baccelli and Hébuterne (1981); Zeltyn and Mandelbaum (2005),
    Call centers with impatient customers, Queueing Systems 51, 361-402, section 3. Exponential patience is Erlang A.

    Parameters
    ----------
    longest
        Days after which nobody is still waiting, or hardly anybody.

    Returns
    -------
    dict
        Share who ``give up``, mean numbers ``waiting`` and ``served``.
    """
    drain = servers / stay
    grid = np.linspace(0.0, longest, 20_001)
    waited = integrate.cumulative_trapezoid([patience(day) for day in grid.tolist()], grid, initial=0.0)
    weight = np.exp(per_day * waited - drain * grid)
    tail = math.exp(per_day * float(waited[-1]) - drain * longest) / drain
    j = float(integrate.simpson(weight, x=grid)) + tail
    jh = float(integrate.simpson(waited * weight, x=grid)) + float(waited[-1]) * tail
    idle = 1.0 / erlang_b(servers - 1, per_day * stay)
    give_up = (1.0 + (per_day - drain) * j) / (idle + per_day * j)
    return {
        "give up": give_up,
        "waiting": per_day * per_day * jh / (idle + per_day * j),
        "served": per_day * (1.0 - give_up) * stay,
    }


def infinite_servers(per_day: Callable[[float], float], survival: Survival, moment: float, step: float) -> float:
    """Mean number present at a moment of M_t/G/∞ that began empty, the rate being constant on each step.

    The number is Poisson: Eick, Massey and Whitt (1993), The physics of the M_t/G/∞ queue, Operations Research 41,
    731-742.
    """
    edges = np.append(np.arange(0.0, moment, step), moment)
    return sum(
        per_day(low) * integrate.quad(lambda day: survival(moment - day), low, high)[0]
        for low, high in pairwise(edges.tolist())
    )


def remaining(survival: Survival, mean: float, day: float) -> float:
    """Chance that the rest of a stay found in progress is at most so long. Cox, Renewal Theory (1962), section 5.3."""
    return float(integrate.quad(survival, 0.0, day, limit=200)[0]) / mean
