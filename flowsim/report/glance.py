"""The first screen: the title that says the finding, a few figures a board asks for, and how each is read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowsim.measures import OCCUPANCY
from flowsim.plots.differences import Difference, differences_of, direction
from flowsim.plots.words import NONE, is_money, label, measure_label, number, quantity

if TYPE_CHECKING:
    import pandas as pd

COMPARED = ("beds_equivalent", "escalation_days_open", "packages_started", "cost_total")
ALONE = ("beds_occupied_mean", "escalation_days_open", "packages_started", "cost_total")
"""Figures of the first screen, of a comparison and of one scenario; those that were not measured are left out."""

_NAMES = {"escalation_days_open": "Days with escalation beds open", "packages_started": "Care packages started"}
_NAMES |= {"cost_total": "Cost of care, before programme costs", "beds_occupied_mean": "Beds in use on an average day"}
_NAMES |= {"beds_equivalent": "Beds that would do the same"}
_NOUNS = {"escalation_days_open": "days", "packages_started": "packages", "beds_equivalent": "beds"}
UNCLEAR = "no clear difference"
BEDS = f"bed days saved over the days measured, at a usual occupancy of {100 * OCCUPANCY:.0f}\u00a0%"
"""What beds equivalent are."""
_MILLION = 999_500.0


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure: what it is, its value, its interval, and what it is held against."""

    name: str
    value: str
    interval: str
    against: str = ""
    verdict: str = ""


def tiles(summary: pd.DataFrame) -> list[tuple[str, list[Tile]]]:
    """For each alternative (or the one scenario) the figures of the first screen."""
    names = [str(name) for name in summary["scenario"].drop_duplicates()]
    if len(names) < 2:
        rows: list[Any] = list(summary.itertuples(index=False))
        known = {str(row.measure): row for row in rows if math.isfinite(float(row.mean))}
        return [(names[0], [_own(known[one]) for one in ALONE if one in known])] if names else []
    found: dict[str, list[Tile]] = {name: [] for name in names[1:]}
    for one in sorted(differences_of(summary), key=lambda one: _place(one.measure)):
        if one.measure in COMPARED:
            found[one.alternative].append(_difference(one, label(names[0])))
    return list(found.items())


def headline(summary: pd.DataFrame) -> str:
    """The finding as the title of the page."""
    names = [str(name) for name in summary["scenario"].drop_duplicates()]
    if len(names) < 2:
        return _alone(summary, names)
    saved = [one for one in differences_of(summary) if one.measure == "bed_days_saved"]
    clear = [one for one in saved if one.clear and math.isfinite(one.mean)]
    base = label(names[0])
    if not clear:
        return f"{_none_of([label(name) for name in names[1:]])} clear difference to bed days against {base}"
    best = max(clear, key=lambda one: one.mean)
    how = "" if math.isfinite(best.low) else ", in one replication"
    if best.mean < 0 and len(clear) < len(saved):  # what is unclear need not need more
        return f"None of the alternatives clearly saves bed days against {base}"
    if best.mean < 0:
        which = "" if len(names) == 2 else " the fewest more of the alternatives:"
        return f"{label(best.alternative)} needs{which} {said(-best.mean)} more bed days than {base}{how}"
    if len(names) == 2:
        return f"{label(best.alternative)} saves {said(best.mean)} bed days against {base}{how}"
    return f"{label(best.alternative)} saves the most bed days of {len(names) - 1} alternatives: {said(best.mean)}{how}"


def _none_of(names: list[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} makes no"
    who = f"Neither {names[0]} nor {names[1]}" if len(names) == 2 else "None of the alternatives"
    return f"{who} makes a"


def said(value: float) -> str:
    """A number of days or people in a title."""
    return number(value, 0 if abs(value) >= 10 else 1)


def pounds(value: float, *, signed: bool = False) -> str:
    """Pounds as a board reads them: "£1.51 million", "−£212,000"; a dash where there is no number."""
    if not math.isfinite(value):
        return NONE
    if abs(value) >= _MILLION:
        text = quantity(value, "pounds", signed=signed)
        sign = text[0] if text[0] != "£" else ""
        size = abs(value) / 1e6
        return f"{sign}£{number(size, 1 if size >= 10 else 2)}\u00a0million"
    step = 1_000.0 if abs(value) >= 10_000 else 1.0
    return quantity(round(value / step) * step, "pounds", signed=signed)


def _alone(summary: pd.DataFrame, names: list[str]) -> str:
    rows = summary[summary["measure"] == "beds_occupied_mean"]
    if not names:
        return "No scenario"
    if not len(rows) or not math.isfinite(float(rows["mean"].iloc[0])):
        return label(names[0])
    return f"{label(names[0])} uses {number(float(rows['mean'].iloc[0]))} beds on an average day"


def _place(measure: str) -> int:
    return COMPARED.index(measure) if measure in COMPARED else len(COMPARED)


def _words(value: float, unit: str, *others: float, signed: bool = False) -> str:
    return pounds(value, signed=signed) if is_money(unit) else quantity(value, unit, *others, signed=signed)


def _difference(one: Difference, base: str) -> Tile:
    """More or fewer in words, so that no sign has to be read; of beds equivalent the number itself."""
    name = _NAMES.get(one.measure, measure_label(one.measure))
    if one.measure == "beds_equivalent":
        value = number(one.mean, 1)
        ends = _ends(one.low, one.high, one.unit)
        verdict = one.verdict("higher")
        if verdict == UNCLEAR:
            return Tile(name, UNCLEAR, f"{value}; {ends}", BEDS)
        return Tile(name, value, ends, BEDS, verdict)
    more = "more" if one.mean > 0 else "less" if is_money(one.unit) else "fewer"
    own = one.base + one.mean
    held = f"{_words(own, one.unit, one.base)} instead of {_words(one.base, one.unit, own)} ({base})"
    mean = f"{_words(abs(one.mean), one.unit)} {more}" if one.mean else "no difference"
    ends = _more_or_fewer(one, "less" if is_money(one.unit) else "fewer")
    verdict = one.verdict(direction(one.measure))
    if verdict == UNCLEAR:  # the number of something unclear is no headline
        return Tile(name, UNCLEAR, f"{mean}; {ends}" if one.mean else ends, held)
    return Tile(name, mean, ends, held, verdict)


def _own(row: Any) -> Tile:
    mean, unit = float(row.mean), str(row.unit)
    name = _NAMES.get(str(row.measure), measure_label(str(row.measure)))
    noun = _NOUNS.get(str(row.measure), "")
    value = _words(mean, unit, float(row.ci_low))
    return Tile(name, f"{value} {noun}".strip(), _ends(float(row.ci_low), float(row.ci_high), unit))


_NO_INTERVAL = "one replication, so no interval"


def _more_or_fewer(one: Difference, fewer: str) -> str:
    """The interval of a difference without signs: "37 to 107 fewer", or "20 fewer to 3 more"."""
    if not (math.isfinite(one.low) and math.isfinite(one.high)):
        return _NO_INTERVAL
    low, high = (_words(abs(end), one.unit, one.low, one.high) for end in (one.low, one.high))
    if one.high <= 0:
        return f"95\u00a0% interval {high} to {low} {fewer}"
    return (
        f"95\u00a0% interval {low} {fewer} to {high} more"
        if one.low < 0
        else f"95\u00a0% interval {low} to {high} more"
    )


def _ends(low: float, high: float, unit: str) -> str:
    if not (math.isfinite(low) and math.isfinite(high)):
        return _NO_INTERVAL
    first, last = (_words(end, unit, low, high) for end in (low, high))
    return f"95\u00a0% interval {first} to {last}"
