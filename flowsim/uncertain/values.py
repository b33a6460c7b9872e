"""From quantiles of the unknowns to the values of a scenario."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from typing import Any

from flowsim.config.problems import KeyPath, dotted
from flowsim.uncertain.marginals import quantile, tidy
from flowsim.uncertain.unknowns import Number, Unknown, World

_HALVINGS = 100
_LARGEST = 1e12
_NEAR = 1e-9


def drawn(unknowns: Sequence[Unknown], quantiles: Mapping[str, float]) -> dict[str, float]:
    """What each unknown is at its quantile: a number, or the factor or term for those under its row."""
    return {
        one.name: tidy(quantile(one.spread, one.ends, one.centre, quantiles[one.name]))
        for one in unknowns
        if one.name in quantiles
    }


def values_of(world: World, unknowns: Mapping[str, Unknown], quantiles: Mapping[str, float]) -> dict[str, Any]:
    """Values to be laid over a world, by dotted path, for these quantiles; unknowns without one stay as configured.

    Whole numbers are rounded (evenly spread ones are all equally likely). Of shares that add to one, those drawn are
    multiplied by one factor, each held in its range, so that they do; if only some are drawn, these are taken as they
    are and the others share what is left, in proportion.
    """
    chosen = drawn(list(unknowns.values()), quantiles)
    groups: dict[KeyPath, list[Number]] = {}
    found: dict[KeyPath, Any] = {}
    for number in world.numbers:
        if number.group:
            groups.setdefault(number.group, []).append(number)
        elif number.unknown in chosen:
            one = unknowns[number.unknown]
            _put(found, world, number, _moved(number, one, chosen[one.name], quantiles[one.name]))
    for members in groups.values():
        if any(member.unknown in chosen for member in members):
            for member, share in zip(members, shared(members, chosen), strict=True):
                _put(found, world, member, share)
    return {dotted(path): value for path, value in found.items()}


def _put(found: dict[KeyPath, Any], world: World, number: Number, value: float) -> None:
    plain = math.floor(value + 0.5) if number.integer else tidy(value)
    if not number.inside:
        found[number.whole] = plain
        return
    if number.whole not in found:
        tree: Any = world.tree
        for key in number.whole:
            tree = tree[key]
        found[number.whole] = copy.deepcopy(tree)
    holder = found[number.whole]
    for key in number.inside[:-1]:
        holder = holder[int(key) if isinstance(holder, list) else key]
    last = number.inside[-1]
    holder[int(last) if isinstance(holder, list) else last] = plain


def _moved(number: Number, unknown: Unknown, value: float, u: float) -> float:
    word, (low, high) = unknown.spread.word, unknown.ends
    if word == "uniform" and number.integer:
        return min(math.floor(low + u * (high - low + 1.0)), high)
    moved = number.value * value if word == "scale" else number.value + value if word == "shift" else value
    if number.limits is not None:
        moved = min(max(moved, number.limits[0]), number.limits[1])
    return moved


def shared(members: Sequence[Number], chosen: Mapping[str, float]) -> list[float]:
    """Shares of a group that add to one, given those drawn; one that is held stays."""
    held = [member.value if not member.unknown else None for member in members]
    free = [member for member in members if member.unknown]
    total = 1.0 - math.fsum(one for one in held if one is not None)
    moved = iter(_free(free, [chosen.get(member.unknown) for member in free], total))
    found = [tidy(next(moved) if one is None else one) for one in held]
    largest = max((place for place, one in enumerate(held) if one is None), key=lambda place: found[place])
    found[largest] = tidy(1.0 - math.fsum(one for place, one in enumerate(found) if place != largest))
    return found


def _free(members: Sequence[Number], drawn_ones: Sequence[float | None], total: float) -> list[float]:
    taken = [one for one in drawn_ones if one is not None]
    if len(taken) == len(members):
        return scaled_to(total, taken, [member.limits or (0.0, 1.0) for member in members])
    left = math.fsum(member.value for member, one in zip(members, drawn_ones, strict=True) if one is None)
    rest = (total - math.fsum(taken)) / left
    if rest < 0.0:
        raise ValueError(f"{dotted(members[0].group)}: the shares drawn add to more than {total:.3g}")
    return [member.value * rest if one is None else one for member, one in zip(members, drawn_ones, strict=True)]


def scaled_to(total: float, shares: Sequence[float], limits: Sequence[tuple[float, float]]) -> list[float]:
    """The shares times one factor, each held between its limits, so that they add to a total.

    Raises
    ------
    ValueError
        If the limits do not allow it.
    """
    least, most = (math.fsum(ends) for ends in zip(*limits, strict=True))
    if not least - _NEAR <= total <= most + _NEAR:
        raise ValueError(f"shares between {least:.4g} and {most:.4g} together cannot add to {total:.4g}")

    def at(factor: float) -> list[float]:
        return [min(max(one * factor, low), high) for one, (low, high) in zip(shares, limits, strict=True)]

    under, over = 0.0, 1.0
    while math.fsum(at(over)) < total - _NEAR and over < _LARGEST:
        over *= 2.0
    for _ in range(_HALVINGS):
        middle = (under + over) / 2.0
        under, over = (middle, over) if math.fsum(at(middle)) < total else (under, middle)
    return at(over)
