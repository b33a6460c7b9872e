"""A front in words and files: what it means in a sentence, as JSON, as a table of all points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flowsim.decide.front import Exchange, Fronted
from flowsim.experiment.statistics import Estimate
from flowsim.experiment.texts import csv_bytes
from flowsim.experiment.words import number
from flowsim.measures import describe

FLAGS = ("on_front", "clear")


def sentence(found: Fronted) -> str:
    """The answer in words: how many points are left, and what a step along them costs."""
    left, clear = len(found.order), int(found.clear.sum())
    return f"{left} of {len(found.points)} points are beaten by none, {clear} of them clearly. {headline(found)}"


def headline(found: Fronted) -> str:
    """What the front means, in one sentence."""
    order, measures, steps = found.order, found.question.measures, found.exchanges()
    if steps:
        return _trade(found, steps)
    if len({tuple(found.means[at].tolist()) for at in order}) == 1:
        others = f", as are {len(order) - 1} points with the same numbers," if len(order) > 1 else ""
        return f"Nothing has to be traded: {short(found, order[0])}{others} is best in every objective."
    bests = [min(order, key=lambda at, place=place: found.means[at, place]) for place in range(len(measures))]  # type: ignore[misc]
    return (
        "; ".join(f"best in {plain(name)}: {short(found, at)}" for name, at in zip(measures, bests, strict=True)) + "."
    )


def _trade(found: Fronted, steps: Sequence[Exchange]) -> str:
    whole = steps[0] if len(steps) == 1 else found.exchange(steps[0].start, steps[-1].end)
    text = f"From {short(found, whole.start)} to {short(found, whole.end)}, {exchange_words(found, whole)}"
    if len(steps) > 1:
        text += f"; {_rate(found, steps[0])} in the first step, {_rate(found, steps[-1])} in the last"
    return f"{text}."


def exchange_words(found: Fronted, step: Exchange) -> str:
    """A step along a front: how much of the second objective for how much of the first, and the price of one."""
    (first, second), (worse, better) = found.question.measures, _directions(found)
    low, high = (amount(size_of_one(second) * (step.rate + side * step.half), first) for side in (-1.0, 1.0))
    won, given = _counted(step.won.mean, second, better), _counted(step.given.mean, first, worse)
    return f"{won} for {given}: {_rate(found, step)} (95 % interval {low} to {high})"


def price(found: Fronted, step: Exchange) -> str:
    """The price of one of the second objective with its 95 % interval."""
    first, second = found.question.measures
    one = size_of_one(second)
    low, high = (amount(one * (step.rate + side * step.half), first) for side in (-1.0, 1.0))
    return f"{amount(step.rate * one, first)} ({low} to {high})"


def _rate(found: Fronted, step: Exchange) -> str:
    first, second = found.question.measures
    return f"{amount(step.rate * size_of_one(second), first)} each"


def _counted(value: float, measure: str, direction: str) -> str:
    """So much more or less of a measure; a unit that its name ends with is said once."""
    words, name, unit = amount(value, measure), plain(measure), describe(measure).unit
    if words.endswith(f" {unit}") and name.endswith(f" {unit}"):
        return f"{words.removesuffix(f' {unit}')} {name} {direction}"
    return f"{words} {direction} {name}"


def _directions(found: Fronted) -> tuple[str, str]:
    first, second = found.question.signs
    return ("more" if first > 0.0 else "less"), ("less" if second > 0.0 else "more")


def size_of_one(measure: str) -> float:
    """One of what a measure counts, as a price is said for it: of shares a percentage point."""
    return 0.01 if describe(measure).unit == "share" else 1.0


def amount(value: float, measure: str) -> str:
    """A number with its unit: pounds with their sign and without pence, shares as per cent."""
    unit = describe(measure).unit
    if unit == "pounds":
        return f"{'−' if round(value) < 0 else ''}£{abs(value):,.0f}"
    words = number(round(value) if abs(value) >= 100.0 else value, unit)
    return words if unit == "share" else f"{words} {unit}"


def plain(measure: str) -> str:
    """A measure's name in a sentence."""
    return "cost in total" if measure == "cost_total" else measure.replace("_", " ")


def short(found: Fronted, at: int) -> str:
    """A point in short words: the last parts of the paths, of those parameters that vary on the front."""
    names = short_names([one.path for one in found.question.varied])
    places = varying(found) or range(len(names))
    return ", ".join(f"{names[place]} {found.points[at][place].cell}" for place in places)


def shared(found: Fronted) -> str:
    """What all points of the front have in common, where others differ; empty if nothing."""
    names, places = short_names([one.path for one in found.question.varied]), varying(found)
    first = found.points[found.order[0]]
    same = [place for place in range(len(names)) if place not in places] if places else []
    return ", ".join(f"{names[place]} {first[place].cell}" for place in same)


def varying(found: Fronted) -> list[int]:
    """Places of the parameters that differ between points of the front."""
    cells = [[str(choice.cell) for choice in found.points[at]] for at in found.order]
    return [place for place in range(len(found.question.varied)) if len({row[place] for row in cells}) > 1]


def short_names(paths: Sequence[str]) -> list[str]:
    """The last parts of dotted paths, as many as tell them apart; ``life.slots`` is "slots"."""
    parts = [path.split(".") for path in paths]
    found = []
    for own in parts:
        sizes = range(1, len(own) + 1)
        size = next((one for one in sizes if sum(other[-one:] == own[-one:] for other in parts) == 1), len(own))
        found.append(" ".join(own[-size:]).replace("_", " "))
    return found


def tree_of(found: Fronted) -> dict[str, Any]:
    """The answer as JSON holds it."""
    asked = found.question
    return {
        "question": "front",
        "scenario": asked.scenario,
        "method": asked.method,
        "minimise": list(asked.minimise),
        "maximise": list(asked.maximise),
        "parameters": [one.path for one in asked.varied],
        "points": len(found.points),
        "front": [_point(found, at) for at in found.order],
        "exchanges": [_exchange(found, one) for one in found.exchanges()],
        "impossible": [{"point": point, "why": why} for point, why in found.impossible],
        "warnings": cautions(found),
        "replications": found.samples.shape[0] * found.samples.shape[1],
        "seed": asked.seed,
    }


def cautions(found: Fronted) -> list[str]:
    """What a reader should know of what could not be."""
    if not found.impossible:
        return []
    point, why = found.impossible[0]
    return [f"{len(found.impossible)} points that the search chose cannot be; the first, {point}: {why}"]


def _point(found: Fronted, at: int) -> dict[str, Any]:
    asked = found.question
    numbers = {
        name: {**_numbers(one), "unit": describe(name).unit}
        for name, one in zip(asked.measures, found.estimates(at), strict=True)
    }
    cells = {one.path: choice.cell for one, choice in zip(asked.varied, found.points[at], strict=True)}
    return {"point": at, "parameters": cells, **numbers, "clear": bool(found.clear[at])}


def _exchange(found: Fronted, step: Exchange) -> dict[str, Any]:
    first, second = found.question.measures
    numbers = {f"{first}_worse": _numbers(step.given), f"{second}_better": _numbers(step.won)}
    price = {"rate": step.rate, "rate_low": step.rate - step.half, "rate_high": step.rate + step.half}
    return {"from": step.start, "to": step.end, **numbers, **price}


def _numbers(found: Estimate) -> dict[str, float | int]:
    return {"mean": found.mean, "ci_low": found.low, "ci_high": found.high, "sd": found.sd, "n": found.n}


def table(found: Fronted) -> list[dict[str, Any]]:
    """All points in the order tried: parameters, mean and half-interval of each objective, on the front, clear."""
    rows = []
    for at, point in enumerate(found.points):
        row: dict[str, Any] = {"point": at}
        row |= {one.path: choice.cell for one, choice in zip(found.question.varied, point, strict=True)}
        for name, one in zip(found.question.measures, found.estimates(at), strict=True):
            row |= {name: one.mean, f"{name}_half": (one.high - one.low) / 2.0}
        rows.append({**row, **dict(zip(FLAGS, (bool(found.on[at]), bool(found.clear[at])), strict=True))})
    return rows


def csv_of(found: Fronted) -> bytes:
    """``front.csv``: the table of all points."""
    rows = table(found)
    return csv_bytes(list(rows[0]), (row.values() for row in rows))
