"""Beds lost to waiting: how many acute beds are held by people who wait for LIFE, a step-down bed and the like.

Beds and the services behind them can each have room and still not do the work together, because whoever waits for a
service keeps the bed. What counts is how many beds are held while the hospital works as hard as it can: with no bed
ever empty, the number in a service and before it is a birth-death chain, since n people in treatment ask for it n
times as often as one does. With exponential durations and one service, the rest of the beds over the mean stay is
exactly the most that can pass (Neuts, 1981, Matrix-Geometric Solutions, theorem 3.1.1: stable if less than that comes);
with others it is near. Several services are taken one at a time, each with the beds that the others leave.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flowsim.offered.laws import Floats
from flowsim.offered.loads import Load

LONGEST_DAYS = 90.0
"""Longest stay in a service whose line is counted; before longer ones a line takes years to reach its mean."""

_ROUNDS = 50
_ENOUGH = 1e-4  # beds
_FAR = 12.0  # standard deviations of a Poisson number; what lies beyond does not happen
_LONGEST_LINE = 20_000.0  # people; a chain of more states would take seconds


@dataclass(frozen=True)
class Asked:
    """A service in one period: people it would hold at the present demand, people it can hold, and its line.

    ``in_bed`` is the share of those who ask from an acute bed. Those who give up do so after ``valve`` of a mean time
    in the service, on average, and stay in bed for ``rest`` of one.
    """

    service: str
    need: float
    capacity: float
    in_bed: float
    valve: float = math.inf
    rest: float = 0.0


def asked(load: Load, rows: np.ndarray, month: int) -> Asked | None:
    """A load in one month, if people may wait for it in bed; ``rows`` says the month of each day."""
    line = load.line
    if line is None or line.days > LONGEST_DAYS or line.days <= 0.0:
        return None
    days = rows == month
    need, capacity = float(load.need[days].mean()) / line.units, float(load.capacity[days].mean()) / line.units
    in_bed = float(line.in_bed[days].mean())
    if in_bed <= 0.0 or need <= 0.0 or math.isinf(capacity):
        return None
    valve = math.inf if line.valve_days is None else max(line.valve_days / line.days, 1e-6)
    return Asked(load.service, need, capacity, in_bed, valve, line.rest_days / line.days)


def held_beds(beds: float, need: float, services: Sequence[Asked]) -> dict[str, float]:
    """Beds held by people who wait, by service, while no bed is ever empty.

    Parameters
    ----------
    beds : float
        Acute beds there are.
    need : float
        Beds that would be needed at the present demand if nobody ever waited.
    """
    held = {one.service: 0.0 for one in services}
    for _ in range(_ROUNDS):
        before = dict(held)
        for one in services:
            others = sum(number for name, number in held.items() if name != one.service)
            held[one.service] = _held(one, max(beds - others, 0.0), need)
        if all(abs(held[name] - before[name]) < _ENOUGH for name in held):
            break
    return held


def _held(one: Asked, beds: float, need: float) -> float:
    """Mean beds held by the line of one service: its birth-death chain, in units of a mean time in the service."""
    at_most = one.need * (one.in_bed * beds / need + 1.0 - one.in_bed)
    if beds <= 0.0 or one.capacity > at_most + _FAR * (1.0 + math.sqrt(at_most)):
        return 0.0
    lowest = max(math.floor(one.capacity - 4.0 * _FAR * (1.0 + math.sqrt(one.capacity))), 0)  # hardly ever fewer
    highest = math.ceil(one.capacity + min(beds / one.in_bed + 100.0, _LONGEST_LINE))
    number: Floats = np.arange(lowest, highest, dtype=np.float64)
    waiting = np.maximum(number - one.capacity, 0.0)
    blocked = np.minimum(one.in_bed * waiting, beds)
    come = one.need * (one.in_bed * (beds - blocked) / need + 1.0 - one.in_bed)
    give_up = waiting / one.valve
    go = np.minimum(number, one.capacity) + give_up
    with np.errstate(divide="ignore"):
        weight = np.concatenate([[0.0], np.cumsum(np.log(come[:-1]) - np.log(go[1:]))])
    chance = np.exp(weight - weight.max())
    chance /= chance.sum()
    back = one.in_bed * float(chance @ give_up) * one.rest
    return min(float(chance @ blocked) + back, beds)
