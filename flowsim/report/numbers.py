"""The tables of the report: which measures, in which groups, each value with its interval and unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowsim.measures import COMPARED, OCCUPANCY
from flowsim.plots.causes import cause_label, causes_of
from flowsim.plots.differences import HEADLINES, Difference, differences_of, direction
from flowsim.plots.words import NONE, decimals_in, interval, is_money, is_share, label, measure_label, number, quantity

if TYPE_CHECKING:
    import pandas as pd

    from flowsim.measures import Measure

GROUPS = ("Flow", "Escalation", "LIFE and packages", "Outcomes", "Huddles", "Money")
_BEGINNINGS = (
    ("escalation", "Escalation"),
    ("life", "LIFE and packages"),
    ("package", "LIFE and packages"),
    ("no_long_term", "LIFE and packages"),
    ("step_down", "LIFE and packages"),
    ("placement", "LIFE and packages"),
    ("home_care", "LIFE and packages"),
    ("reablement", "LIFE and packages"),
    ("readmission", "Outcomes"),
    ("at_home", "Outcomes"),
    ("death", "Outcomes"),
    ("huddle", "Huddles"),
    ("cases", "Huddles"),
    ("people_supported", "Huddles"),
    ("cost", "Money"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as words, with its interval as words (empty when there is none)."""

    value: str
    interval: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: what it is, its unit, and its cells."""

    name: str
    unit: str
    cells: tuple[Cell, ...]
    verdict: str = ""


def group_of(measure: str) -> str:
    """Which of :data:`GROUPS` a measure belongs to, by its public name."""
    return next((group for beginning, group in _BEGINNINGS if measure.startswith(beginning)), "Flow")


def unit_words(unit: str) -> str:
    """A unit for a table: shares are shown as per cent, pounds carry their sign."""
    return "per cent" if is_share(unit) else "pounds" if is_money(unit) else unit


def all_measures(summary: pd.DataFrame) -> list[tuple[str, list[Line]]]:
    """Every measure by group; per scenario mean and interval, then per alternative the difference from the base."""
    every = [str(measure) for measure in summary["measure"].drop_duplicates() if measure not in COMPARED]
    groups: dict[str, list[Line]] = {group: [] for group in GROUPS}
    for measure, line in zip(every, lines_of(summary, every), strict=True):
        groups[group_of(measure)].append(line)
    return [(group, lines) for group, lines in groups.items() if lines]


def lines_of(summary: pd.DataFrame, measures: Sequence[str]) -> list[Line]:
    """Lines of these measures, those that were measured: per scenario mean and interval, then the differences."""
    scenarios = [str(name) for name in summary["scenario"].drop_duplicates()]
    by_key = {(str(row.scenario), str(row.measure)): row for row in _rows(summary)}
    differences = {(one.alternative, one.measure): one for one in differences_of(summary)}
    found = []
    for measure in measures:
        rows = [by_key.get((name, measure)) for name in scenarios]
        unit = next((str(row.unit) for row in rows if row is not None), None)
        if unit is None:
            continue
        against = [differences.get((name, measure)) for name in scenarios[1:]]
        decimals = _decimals(rows, against)
        cells = [_estimate(row, decimals) for row in rows]
        cells += [_difference(one, decimals) for one in against]
        found.append(Line(measure_label(measure), unit_words(unit), tuple(cells)))
    return found


def heads_of(summary: pd.DataFrame) -> list[str]:
    """Headings of the cells of :func:`lines_of`."""
    names = [label(str(name)) for name in summary["scenario"].drop_duplicates()]
    return [*names, *("Difference" if len(names) == 2 else f"Difference, {name}" for name in names[1:])]


def headline_differences(summary: pd.DataFrame) -> list[tuple[str, list[Line]]]:
    """For each alternative the headline measures: base, alternative, difference with interval, and what that means."""
    means = {(str(row.scenario), str(row.measure)): row for row in _rows(summary)}
    found: dict[str, list[Line]] = {}
    wanted = [*COMPARED, *HEADLINES]
    base_name = str(summary["scenario"].iloc[0]) if len(summary) else ""
    for one in sorted(differences_of(summary), key=lambda one: _place(one.measure, wanted)):
        if one.measure in wanted:
            better = direction(one.measure)
            own, base = means.get((one.alternative, one.measure)), means.get((base_name, one.measure))
            decimals = _decimals([base, own], [one])
            cells = (_mean(base, decimals), _mean(own, decimals), _difference(one, decimals))
            line = Line(measure_label(one.measure), unit_words(one.unit), cells, one.verdict(better))
            found.setdefault(one.alternative, []).append(line)
    names = [str(name) for name in summary["scenario"].drop_duplicates()]
    return [(name, found[name]) for name in names if name in found]


def causes(attribution: pd.DataFrame, alternative: str) -> list[Line]:
    """Bed days saved by cause with intervals and what each cause counts, interaction and total last."""
    from flowsim.measures import CAUSES, INITIATIVES

    meanings = {**CAUSES, **INITIATIVES}
    return [
        Line(
            cause_label(cause),
            "bed days",
            (Cell(number(mean), interval(low, high, "days", decimals=0)), Cell(meanings.get(cause, ""))),
        )
        for cause, mean, low, high in causes_of(attribution, alternative)
    ]


def answers(summary: pd.DataFrame, days: float) -> list[str]:
    """One sentence for each alternative: what it saves, with its interval; without alternatives, the beds in use."""
    names = [str(name) for name in summary["scenario"].drop_duplicates()]
    if len(names) < 2:
        return [_state(summary, names[0])] if names else []
    saved = {one.alternative: one for one in differences_of(summary) if one.measure == "bed_days_saved"}
    beds = {one.alternative: one for one in differences_of(summary) if one.measure == "beds_equivalent"}
    return [
        _answer(label(names[0]), label(name), saved[name], beds.get(name), days)
        if name in saved
        else f"{label(name)}: bed days were not measured."
        for name in names[1:]
    ]


def definitions(summary: pd.DataFrame) -> list[Measure]:
    """The definitions of the measures in the summary, in its order; each measure once."""
    found = [_described(str(name)) for name in summary["measure"].drop_duplicates()]
    return [one for one in found if one is not None]


def _answer(base: str, name: str, saved: Difference, beds: Difference | None, days: float) -> str:
    spread = f"95\u00a0% interval {interval(saved.low, saved.high, saved.unit, saved.mean)}"
    if not math.isfinite(saved.low):
        spread = "one replication, so no interval"
    over = "in one day" if days == 1.0 else f"in {number(days)} days"
    if not saved.clear:
        if saved.mean == 0.0:
            return f"{name} has exactly as many bed days as {base} {over}."
        mean = quantity(saved.mean, saved.unit)
        return f"{name} makes no clear difference to bed days: {mean} saved against {base} {over} ({spread})."
    verb = "saves" if saved.mean > 0 else "needs"
    what = "bed days" if saved.mean > 0 else "more bed days"
    if saved.mean < 0:
        spread = f"95\u00a0% interval {interval(-saved.high, -saved.low, saved.unit, saved.mean)}"
    equal = (
        f", equal to {number(abs(beds.mean), 1)} beds at {100 * OCCUPANCY:.0f}\u00a0% occupancy"
        if beds is not None
        else ""
    )
    return f"{name} {verb} {quantity(abs(saved.mean), saved.unit)} {what} against {base} {over} ({spread}){equal}."


def _state(summary: pd.DataFrame, name: str) -> str:
    rows = {str(row.measure): row for row in _rows(summary)}
    said = []
    for measure, what in (("beds_occupied_mean", "beds"), ("escalation_beds_mean", "escalation beds")):
        row = rows.get(measure)
        if row is not None and math.isfinite(float(row.mean)):
            ends = interval(float(row.ci_low), float(row.ci_high), str(row.unit), float(row.mean))
            spread = "one replication, so no interval" if ends == NONE else f"95\u00a0% interval {ends}"
            said.append(f"{quantity(float(row.mean), str(row.unit))} {what} ({spread})")
    return f"{label(name)}: on an average day {' and '.join(said)} are in use." if said else f"{label(name)} was run."


def _rows(frame: pd.DataFrame) -> list[Any]:
    return list(frame.itertuples(index=False))


def _place(measure: str, wanted: Sequence[str]) -> int:
    return wanted.index(measure) if measure in wanted else len(wanted)


def _described(measure: str) -> Measure | None:
    from flowsim.measures import describe

    try:
        return describe(measure)
    except KeyError:  # written by a version that knew other measures
        return None


def _decimals(rows: Sequence[Any], differences: Sequence[Difference | None]) -> int:
    """Decimals for a whole line, so that its differences can be checked against its means."""
    known = [one for one in differences if one is not None]
    units = [str(row.unit) for row in rows if row is not None] + [one.unit for one in known]
    means = decimals_in(units[0], *(float(row.mean) for row in rows if row is not None))
    return max(means, *(decimals_in(one.unit, one.mean, one.low, one.high) for one in known), 0)


def _estimate(row: Any, decimals: int) -> Cell:
    if row is None or not math.isfinite(float(row.mean)):
        return Cell(NONE)
    mean, low, high, unit = float(row.mean), float(row.ci_low), float(row.ci_high), str(row.unit)
    ends = interval(low, high, unit, decimals=decimals)
    return Cell(quantity(mean, unit, decimals=decimals), "" if ends == NONE else ends)


def _mean(row: Any, decimals: int) -> Cell:
    return Cell(_estimate(row, decimals).value)


def _difference(one: Difference | None, decimals: int) -> Cell:
    if one is None:
        return Cell(NONE)
    ends = interval(one.low, one.high, one.unit, signed=True, decimals=decimals)
    return Cell(quantity(one.mean, one.unit, signed=True, decimals=decimals), "" if ends == NONE else ends)
