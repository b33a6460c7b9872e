"""Money: volumes of the window at the prices the caller gives."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from flowsim.measures.community import (
    home_care_hours,
    life_starts,
    placement_weeks,
    reablement_starts,
    step_down_bed_days,
)
from flowsim.measures.escalation import escalation_bed_days
from flowsim.measures.flow import core_bed_days
from flowsim.measures.outcomes import huddles_held
from flowsim.measures.registry import Measure
from flowsim.measures.view import View

Price = tuple[str, str, float, str]
"""Item, what it is paid for (a key of DRIVERS), pounds for one, payer."""

DRIVERS: dict[str, Callable[[View], float]] = {
    "core_bed_day": core_bed_days,
    "escalation_bed_day": escalation_bed_days,
    "life_start": life_starts,
    "reablement_start": reablement_starts,
    "home_care_hour": home_care_hours,
    "placement_week": placement_weeks,
    "step_down_bed_day": step_down_bed_days,
    "huddle": huddles_held,
}

COST_TOTAL = Measure(
    "cost_total", "pounds", "lower", "Cost of the window: the sum of all priced items; NaN if no prices were given."
)


def cost_measure(name: str) -> Measure:
    """The measure of a cost, ``cost_<item>`` or ``cost_payer_<payer>``."""
    if name == COST_TOTAL.id:
        return COST_TOTAL
    payer = name.removeprefix("cost_payer_")
    if payer != name:
        return Measure(name, "pounds", "lower", f"Cost of the window paid by {payer.replace('_', ' ')}.")
    item = name.removeprefix("cost_").replace("_", " ")
    return Measure(name, "pounds", "lower", f"Cost of the window: {item}, volume times price.")


def money(v: View, prices: Sequence[Price] | None) -> dict[str, float]:
    """Total cost, cost by item in the order given, and by payer in order of first appearance.

    Raises
    ------
    ValueError
        For a price of something that is not counted.
    """
    if prices is None:
        return {COST_TOTAL.id: math.nan}
    items: dict[str, float] = {}
    payers: dict[str, float] = {}
    for item, driver, pounds, payer in prices:
        if driver not in DRIVERS:
            raise ValueError(f"cost {item!r} is per {driver!r}; it must be per one of {', '.join(DRIVERS)}")
        cost = pounds * DRIVERS[driver](v)
        items[f"cost_{item}"] = items.get(f"cost_{item}", 0.0) + cost
        payers[f"cost_payer_{payer}"] = payers.get(f"cost_payer_{payer}", 0.0) + cost
    return {COST_TOTAL.id: math.fsum(items.values()), **items, **payers}
