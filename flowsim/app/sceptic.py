"""What a sceptic would set: the shipped sceptical scenario, and of D2A what its evidence holds to be most likely."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from flowsim.app.levers import Value
from flowsim.app.reading import levers_of
from flowsim.app.state import Start
from flowsim.app.words import plain
from flowsim.config.files import packaged
from flowsim.config.load import read
from flowsim.config.translate import split_path
from flowsim.plots.words import MINUS

SCENARIO, REPORTED = "sceptical.yaml", "transition_year.yaml"
"""The shipped scenario of a sceptic, and the one as reported: what they differ in is the sceptic's."""

_FEWER, _AVERTED, _SAVED = "huddles.fewer", "huddles.averted", "d2a.saved_days"


@cache
def _stated() -> Mapping[str, Value]:
    """Each lever that stands elsewhere in the sceptical scenario than in the one as reported."""
    theirs, ours = (levers_of(read(str(packaged() / name)).scenario)[1] for name in (REPORTED, SCENARIO))
    return {name: value for name, value in ours.items() if theirs.get(name) != value}


def sceptical(start: Start) -> dict[str, Value]:
    """The sceptical setting of the levers this scenario has; none is moved to a bolder value than it has.

    The sceptical scenario leaves D2A as it was reported: of that it is the most likely value of the evidence, which is
    a part of the claim. Where Huddles act on supported people alone, no effect on a practice is none on them, either.
    """
    wanted = dict(_stated())
    wanted |= {_AVERTED: wanted[_FEWER]} if _FEWER in wanted else {}
    paths = {lever.id: lever.path for lever in start.levers}
    row = start.evidence.of(split_path(paths[_SAVED], {})) if _SAVED in paths else None
    wanted |= {_SAVED: row.spread.mode} if row is not None and row.spread.mode is not None else {}
    found: dict[str, Value] = {}
    for name, value in wanted.items():
        initial = start.initial.get(name)
        if isinstance(initial, (int, float)) and isinstance(value, (int, float)):
            found[name] = min(float(value), float(initial))
    return found


def meaning(start: Start, values: Mapping[str, Value]) -> str:
    """What the sceptic's button does, for the reader: every lever it moves, and where to."""
    if not values:
        return "This plan has none of the effects that public evidence doubts."
    titles = {lever.id: lever.title for lever in start.levers}
    places = {name: f"{value:g}".replace("-", MINUS) for name, value in values.items()}
    said = "; ".join(f"“{plain(titles[name])}” at {place}" for name, place in places.items())
    return (
        "The effects the page begins with are claims of those who ran the programmes. This sets what public evidence "
        f"leads one to expect: {said}."
    )
