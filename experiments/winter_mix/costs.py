"""What a mix costs the public system in the window, line by line: the model's bills, with teams paid by the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from flowsim.experiment.statistics import Array
from flowsim.money import Ledger, Year, read_terms
from flowsim.money.bills import PROGRAMME, UNIT_COSTS, bills, priced
from flowsim.money.prices import PEOPLE, UnitCost
from flowsim.money.runs import unit_costs
from flowsim.params import Scenario

WINTER = Year("2017/18", dt.date(2017, 10, 1), dt.date(2018, 4, 1))
"""The window of design.yaml."""
DOOR_OPENS = dt.date(2017, 10, 16)
"""When the team in A&E begins (transition_year)."""
EPISODES = "life"
"""The line that slots held open stand in place of."""
OWN = ("life_slots", "front_door_hours", "huddle_posts")


def terms() -> dict[str, Any]:
    """Target, worlds and prices of this experiment."""
    found: dict[str, Any] = YAML(typ="safe").load(Path(__file__).with_name("terms.yaml").read_text(encoding="utf-8"))
    return found


def wanted(costs: Sequence[UnitCost]) -> list[str]:
    """Measures of a run that its bill is made of."""
    payers = dict.fromkeys([*(one.payer for one in costs), "self"])
    return ["huddles_held", *(f"cost_{one.item}" for one in costs), *(f"cost_payer_{one}" for one in payers)]


def lines(scenario: Scenario, levers: tuple[int, int], values: Array) -> dict[str, Array]:
    """Pounds of each line of the public system's bill, by replication.

    Parameters
    ----------
    levers : tuple
        LIFE slots; hours a day of the team in A&E.
    values : array (replications, measures)
        In the order of :func:`wanted`.
    """
    costs, agreed = unit_costs(scenario), read_terms()
    numbers, replications = values[None, :, None, :], tuple(range(len(values)))
    book = Ledger((scenario.name,), replications, (WINTER,), tuple(wanted(costs)), numbers, costs[0].price_year)
    found = {one.item: np.zeros(len(values)) for one in costs if one.item != EPISODES} | slots_and_hours(levers, values)
    for one in bills(book, scenario.name, priced(book, costs, agreed), agreed):
        if one.payer == PEOPLE or one.name == EPISODES or one.kind not in (UNIT_COSTS, PROGRAMME):
            continue  # the package fund moves bills between payers and changes no sum
        name = "huddle_posts" if one.kind == PROGRAMME else one.name if one.name in found else "home_care"
        found[name] = found[name] + one.pounds[:, 0]
    return found


def slots_and_hours(levers: tuple[int, int], values: Array) -> dict[str, Array]:
    """Lines of the teams that are paid whether anybody comes or not, and room for the posts of Huddles."""
    prices = terms()["prices"]
    slots, hours = levers
    days = (WINTER.end - DOOR_OPENS).days
    paid = slots * WINTER.days * prices["life_slot_day"]["pounds"], hours * days * prices["front_door_hour"]["pounds"]
    return {name: np.full(len(values), pounds) for name, pounds in zip(OWN, (*paid, 0.0), strict=True)}
