"""Factors on costs that sources state of initiatives: which of them the bills apply, and why not the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowsim.money.initiatives import mean_strength, on
from flowsim.money.ledger import Year
from flowsim.params.initiatives import Reach

if TYPE_CHECKING:
    from flowsim.params import Scenario
    from flowsim.params.initiatives import Initiative
    from flowsim.params.programmes import Cost

FACTORS = ("scenario", "initiative", "cost_of", "factor", "applied", "because")
"""What is said of each factor."""

_IN_THE_FLOW: Mapping[str, tuple[str, ...]] = {
    "home_care_hour": ("package_hours",),
    "core_bed_day": ("presentations", "clinical_stay", "delay"),
    "escalation_bed_day": ("presentations", "clinical_stay", "delay"),
}
"""Effects of an initiative that change how much there is to bill, by what is billed."""


@dataclass(frozen=True, slots=True)
class Discount:
    """A factor that is applied to a unit cost: the share of it that is not paid, by payer and year."""

    name: str
    item: str
    shares: Mapping[str, float]
    amounts: Mapping[str, float]


def discounts(scenario: Scenario, years: Sequence[Year], funded: Sequence[str] = ()) -> list[Discount]:
    """Factors of initiatives that are on and are applied, at their strength of each year."""
    found = []
    for name, one in on(scenario):
        for item, factor in one.cost_factors.items():
            if factor != 1.0 and not _why_not(scenario, one, item, factor, funded):
                off = {year.label: (1.0 - factor) * mean_strength(scenario, one, year) for year in years}
                found.append(Discount(f"{name}: {item} × {factor:g}", item, _payers(scenario, item), off))
    return found


def stated_factors(scenarios: Iterable[Scenario], funded: Sequence[str] = ()) -> list[Mapping[str, Any]]:
    """A row for every factor of initiatives that are on, with what keeps it from being applied, if anything does."""
    rows: list[Mapping[str, Any]] = []
    for scenario in scenarios:
        for name, one in on(scenario):
            for item, factor in one.cost_factors.items():
                why = "it is 1" if factor == 1.0 else _why_not(scenario, one, item, factor, funded)
                said = (scenario.name, name, item, factor, "no" if why else "yes", why or f"to every pound of {item}")
                rows.append(dict(zip(FACTORS, said, strict=True)))
    return rows


def _why_not(scenario: Scenario, one: Initiative, what: str, factor: float, funded: Sequence[str]) -> str:
    """Why a factor is not applied; nothing if it is."""
    items = scenario.costs.items if scenario.costs is not None else {}
    near = [item for item in items if what == item or what.startswith(f"{item}_")]
    if not near:
        return "the run bills nothing of that name, so there is no sum to take it of"
    item = max(near, key=len)
    already = _already(one, items[item])
    if already:
        return _twice(item, already, factor)
    if what != item:
        return (
            f"the run does not bill by {what.removeprefix(item).strip('_')}; call it {item} to take it of every pound"
        )
    if one.reach != Reach():
        return "it is for some people only, whose costs the run does not keep apart"
    return f"the package fund pays for {item}" if item in funded else ""


def _already(one: Initiative, cost: Cost) -> dict[str, float]:
    """Effects of the initiative that the bills of an item show by themselves."""
    effects = {effect: float(getattr(one.multiplies, effect)) for effect in _IN_THE_FLOW.get(cost.per, ())}
    return {effect: factor for effect, factor in effects.items() if factor != 1.0}


def _twice(item: str, already: Mapping[str, float], factor: float) -> str:
    """That an effect is in the bills, and how the two fit where they can be held against each other."""
    effects = " and ".join(f"{effect.replace('_', ' ')} × {one:g}" for effect, one in already.items())
    said = f"{effects} is in the bills of {item} already; with it the saving would count twice"
    hours = already.get("package_hours")
    if hours and abs(hours - factor) > 1e-9:
        said += f" (the two agree if an hour then costs {100 * (factor / hours - 1.0):+.0f} %)"
    return said


def _payers(scenario: Scenario, item: str) -> dict[str, float]:
    """Who pays an item, and which share of it: home care that the council buys is partly paid by people."""
    assert scenario.costs is not None
    cost, care = scenario.costs.items[item], scenario.home_care
    if cost.per == "home_care_hour" and cost.payer == "council" and care is not None:
        return {"council": care.council_share, "self": 1.0 - care.council_share}
    return {cost.payer: 1.0}
