"""Whom initiatives reach: one measure for each that is on, by its name."""

from __future__ import annotations

import math

import numpy as np

from flowsim.measures.outcomes import people_of
from flowsim.measures.registry import Measure
from flowsim.measures.view import View

PEOPLE_REACHED = "people_reached_"


def reach_measure(name: str) -> Measure:
    """The measure ``people_reached_<initiative>``."""
    title = name.removeprefix(PEOPLE_REACHED).replace("_", " ")
    return Measure(
        name,
        "people",
        "neutral",
        f"People whom the initiative {title} reached: those of its reach who presented (whether that was averted or "
        "not), were readmitted, or joined by referral in the window while it was on. Each counts once, at the greatest "
        "share of its full strength there was on a day they came: a half at half strength. Whether it did anything for "
        "them is not asked: half the hours of a package are nothing to those who need none.",
    )


def unless_given(name: str) -> float:
    """What a measure is where a run does not give it: initiatives that are not there reached nobody, else not known."""
    return 0.0 if name.startswith(PEOPLE_REACHED) else math.nan


def people_reached(v: View) -> dict[str, float]:
    """``people_reached_<initiative>`` of each that is on and helps people or is paid for those who come."""
    if not v.log.counting:
        return {}
    spell = v.log.reach["spell"].astype(np.intp)
    now = v.within(v.time("at"))[spell]
    person, which = people_of(v)[spell[now]], v.log.reach["initiative"].astype(np.intp)[now]
    strength = v.floats("reach", "strength")[now]
    found = {}
    for row, name in enumerate(v.log.counting):
        own = which == row
        people, number = np.unique(person[own], return_inverse=True)
        most = np.zeros(people.size)
        np.maximum.at(most, number, strength[own])
        found[PEOPLE_REACHED + name] = float(most.sum())
    return found
