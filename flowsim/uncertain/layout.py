"""The points of each method, as quantiles of the unknowns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from flowsim.experiment.statistics import Array
from flowsim.sweeps.morris import trajectories
from flowsim.sweeps.telling import Tell, told
from flowsim.uncertain.design import SensitivityDesign
from flowsim.uncertain.draw import draw, worlds_at
from flowsim.uncertain.marginals import CENTRAL, FITTED, quantile
from flowsim.uncertain.unknowns import Unknown, UnknownError, Unknowns

EDGE = (1.0 - CENTRAL) / 2.0
_INNER = 0.0005  # quantiles nearer to 0 or 1 would be endless for a normal law
_STEPS = 20  # in which a point that breaks a rule is drawn back towards the configured values


@dataclass(frozen=True)
class Layout:
    """Points of a method.

    Attributes
    ----------
    points : tuple of mapping
        Quantiles of the unknowns that are not as configured, by name.
    quantiles : array (point, unknown)
        What the method itself works with; empty for a tornado.
    subjects : tuple of Unknown
        What effects are found for: the unknowns; in a tornado all numbers of a row that draws each for itself are one.
    ends : mapping of name to (point at the low end, point at the high end)
        Of the subjects of a tornado; point 0 is as configured.
    """

    points: tuple[Mapping[str, float], ...]
    quantiles: Array
    subjects: tuple[Unknown, ...]
    ends: Mapping[str, tuple[int, int]]
    notes: tuple[str, ...] = ()


def layout_of(design: SensitivityDesign, unknowns: Unknowns, tell: Tell | None = None) -> Layout:
    """The points of a design; ``tell`` is called with (points laid out, in all) now and then.

    Raises
    ------
    UnknownError
        If a method lacks what it needs, or no valid point can be found.
    """
    if design.method == "tornado":
        return _tornado(unknowns)
    if design.method == "rank":
        sets = draw(unknowns, design.points or 0, design.seed, tell)
        notes = tuple(note for note in sets.notes() if note not in unknowns.held)
        points = tuple(sets.at(number) for number in range(len(sets)))
        return Layout(points, sets.quantiles, unknowns.found, {}, notes)
    if design.method == "morris":
        unit = trajectories(len(unknowns.found), design.trajectories, design.levels, design.seed)
        table = EDGE + CENTRAL * unit
    else:
        from flowsim.uncertain.sobol import sample

        table = np.clip(sample(list(unknowns.names), design.points or 0, design.seed), _INNER, 1.0 - _INNER)
    asked = [dict(zip(unknowns.names, row.tolist(), strict=True)) for row in table]
    mended = [mend(unknowns, point) for point in told(asked, tell)]
    count = sum(one is not point for one, point in zip(mended, asked, strict=True))
    notes = (f"{count} of {len(asked)} points broke a rule of the model and were drawn back from it",) if count else ()
    return Layout(tuple(mended), table, unknowns.found, {}, notes)


def _tornado(unknowns: Unknowns) -> Layout:
    points: list[Mapping[str, float]] = [{}]
    ends, notes = {}, []
    groups: dict[str, list[Unknown]] = {}
    for one in unknowns.found:
        groups.setdefault(one.row.path if one.spread.each else one.name, []).append(one)
    subjects = tuple(replace(members[0], name=name) for name, members in groups.items())
    for one in subjects:
        edge = EDGE if one.spread.word in FITTED else 0.0
        places = []
        for end, name in ((edge, "low"), (1.0 - edge, "high")):
            point = dict.fromkeys([member.name for member in groups[one.name]], end)
            found = mend(unknowns, point)
            if found is not point:
                said = _said(groups[one.name][0], found)
                notes.append(f"{one.name}: its {name} end breaks a rule of the model; {said} was taken")
            places.append(len(points))
            points.append(found)
        ends[one.name] = (places[0], places[1])
    return Layout(tuple(points), np.zeros((0, 0)), subjects, ends, tuple(notes))


def _said(one: Unknown, point: Mapping[str, float]) -> str:
    return f"{quantile(one.spread, one.ends, one.centre, point[one.name]):.4g}"


def mend(unknowns: Unknowns, point: Mapping[str, float]) -> Mapping[str, float]:
    """The point itself if the model accepts it, else the first on the way to the configured values that it does.

    Raises
    ------
    UnknownError
        If none is.
    """
    message = ""
    for step in range(_STEPS + 1):
        moved = point if not step else _between(unknowns.found, point, step / _STEPS)
        try:
            worlds_at(unknowns, moved)
        except ValueError as error:
            message = str(error)
            continue
        return moved
    raise UnknownError(f"{', '.join(point)}: {message}")


def _between(found: Sequence[Unknown], point: Mapping[str, float], share: float) -> dict[str, float]:
    centres = {one.name: centre_of(one) for one in found if one.name in point}
    return {name: u + share * (centres[name] - u) for name, u in point.items()}


def centre_of(one: Unknown) -> float:
    """Quantile at which an unknown is as configured."""
    under, over = (EDGE, 1.0 - EDGE) if one.spread.word in FITTED else (0.0, 1.0)
    for _ in range(60):
        middle = (under + over) / 2.0
        low = quantile(one.spread, one.ends, one.centre, middle) < one.centre
        under, over = (middle, over) if low else (under, middle)
    return (under + over) / 2.0
