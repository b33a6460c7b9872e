"""All measures of one run, and those that compare two."""

from __future__ import annotations

from collections.abc import Sequence

from flowsim.events import EventLog
from flowsim.measures.community import LARGE_ABOVE, SMALL_BELOW, community, package_sizes
from flowsim.measures.escalation import escalation
from flowsim.measures.flow import flow
from flowsim.measures.money import COST_TOTAL, Price, cost_measure, money
from flowsim.measures.outcomes import huddles, outcomes
from flowsim.measures.reach import PEOPLE_REACHED, people_reached, reach_measure
from flowsim.measures.registry import Measure
from flowsim.measures.view import View, Window

_SUBJECTS = (flow, escalation, community, outcomes, huddles)

MEASURES: dict[str, Measure] = {
    **{name: one for subject in _SUBJECTS for name, one in subject.measures.items()},
    COST_TOTAL.id: COST_TOTAL,
}
"""Every measure in the order it is shown; costs by item and payer follow, named by the prices given."""

COMPARED: dict[str, Measure] = {
    one.id: one
    for one in (
        Measure(
            "bed_days_saved",
            "days",
            "higher",
            "Acute bed days, core and escalation, of the base scenario in the window less those of the alternative in "
            "the same window, with the same people.",
        ),
        Measure(
            "beds_equivalent",
            "beds",
            "higher",
            "Beds that would do the same: bed days saved over the days of the window and the occupancy beds run at.",
        ),
    )
}

OCCUPANCY = 0.934
"""Occupancy at which the reported 15,000 bed days are 44 beds."""


def measure(
    log: EventLog,
    window: Window | None = None,
    costs: Sequence[Price] | None = None,
    package_limits: tuple[float, float] = (SMALL_BELOW, LARGE_ABOVE),
) -> dict[str, float]:
    """Every measure of a run: those of ``MEASURES``, people reached by initiatives, costs by item and payer.

    Parameters
    ----------
    log : EventLog
        The record of the run.
    window : tuple of days, optional
        Half-open ``[start, end)``; the log's own window by default. People still inside at its end count up to it.
    costs : sequence of (item, driver, pounds, payer), optional
        Prices; without them ``cost_total`` is NaN and no other cost is given.
    package_limits : tuple of hours a week
        Packages are small below the first and large above the second.

    Returns
    -------
    dict
        Floats by id; a ratio of nothing is NaN.

    Raises
    ------
    ValueError
        If the window is not within the run, or a price is for something not counted.
    """
    view = View(log, window)
    values = {name: rule(view) for subject in _SUBJECTS for name, rule in subject.rules.items()}
    sizes = package_sizes(view, *package_limits)
    values.update({f"packages_{size}": number for size, number in sizes.items()})
    return {**values, **people_reached(view), **money(view, costs)}


def describe(name: str) -> Measure:
    """The measure of this id: one of ``MEASURES``, of ``COMPARED``, people reached by an initiative, or a cost.

    Raises
    ------
    KeyError
        If there is none.
    """
    if name in MEASURES or name in COMPARED:
        return {**MEASURES, **COMPARED}[name]
    if name.startswith(PEOPLE_REACHED):
        return reach_measure(name)
    if name.startswith("cost_"):
        return cost_measure(name)
    raise KeyError(f"no measure is called {name!r}")
