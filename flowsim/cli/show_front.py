"""A front on the screen and in its folder: the points that nothing beats, the table of all, the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowsim.decide.answers import Answer
    from flowsim.decide.front import Fronted
    from flowsim.plots.front import Picture

NOTE = "grey: other points tried; filled: clearly beaten by none (paired 95 % intervals); hollow: by the means"


def rows_of(found: Fronted) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the table: points of the front, their means, and the price of the step from the one before."""
    from flowsim.decide.front_words import price, short_names
    from flowsim.experiment.words import number
    from flowsim.measures import describe

    asked = found.question
    steps = {step.end: step for step in found.exchanges()}
    units = [describe(name).unit for name in asked.measures]
    heads = [f"{name}, {unit}" for name, unit in zip(asked.measures, units, strict=True)]
    head = [*short_names([one.path for one in asked.varied]), *heads, "clear"]
    head += ["step, for one of the second"] if steps else []
    rows = []
    for at in found.order:
        means = [number(one.mean, unit) for one, unit in zip(found.estimates(at), units, strict=True)]
        row = [*(str(choice.cell) for choice in found.points[at]), *means, "yes" if found.clear[at] else "no"]
        rows.append([*row, *([price(found, steps[at]) if at in steps else ""] if steps else [])])
    return head, rows


def files_of(found: Answer) -> dict[str, bytes]:
    """Further files of an answer: of a front its table and its picture."""
    from flowsim.decide.answers import Front

    if not isinstance(found, Front):
        return {}
    from flowsim.decide.front_words import csv_of
    from flowsim.plots.front import png

    return {"front.csv": csv_of(found.found), "front.png": png(picture_of(found.found))}


def picture_of(found: Fronted) -> Picture:
    """What there is to draw of a front: its first two objectives."""
    from flowsim.decide.front_words import headline, shared, short
    from flowsim.measures import describe
    from flowsim.plots.front import Named, Picture

    asked = found.question
    first, second = asked.measures[:2]
    places = [(left, up) for left, up in (found.means[:, :2] * asked.signs[:2]).tolist()]
    common = shared(found)
    return Picture(
        finding=headline(found),
        note=NOTE,
        common=f"everywhere on the front: {common}" if common else "",
        axes=((first, describe(first).unit), (second, describe(second).unit)),
        points=places,
        front=[Named(places[at], short(found, at), bool(found.clear[at])) for at in found.order],
        better=("lower" if asked.signs[0] > 0.0 else "higher", "lower" if asked.signs[1] > 0.0 else "higher"),
        joined=len(asked.measures) == 2,
    )
