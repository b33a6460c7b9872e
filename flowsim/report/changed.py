"""What the compared scenarios change, value by value, each with the evidence for it and its grade."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowsim.plots.words import NONE, number
from flowsim.report.programme import dated

if TYPE_CHECKING:
    from flowsim.config.evidence import Evidence, EvidenceTable
    from flowsim.config.explain import Row
    from flowsim.params import Scenario

GRADES = {
    "A": "official figure",
    "B": "published study or local record",
    "C": "worked out from studies and figures",
    "D": "our own assumption",
    "seed": "plan, count or claim of the Alliance's own papers",
}
"""What a grade of evidence means."""

UNGRADED = "none"
"""Stands for the grade of a value that no row of evidence speaks of."""

_DEFAULT = "default"
_NAMING = ("name", "title", "note", "phase")


@dataclass(frozen=True, slots=True)
class Change:
    """A value that an alternative sets otherwise than the base, and what speaks for it."""

    path: str
    meaning: str
    unit: str
    base: str
    own: str
    grade: str
    source: str
    span: str


def changes(scenarios: Sequence[Scenario], configs: Mapping[str, Any]) -> list[tuple[str, list[Change]]]:
    """For each alternative every value it sets otherwise than the base.

    Parameters
    ----------
    configs : mapping of scenario name to text
        The resolved configurations, which say where each value was set; without one of them the evidence is that of
        the parameter.
    """
    explained = [_rows(scenario, configs.get(scenario.name)) for scenario in scenarios]
    base = explained[0] if explained else {}
    return [(scenario.name, _changes(base, own)) for scenario, own in zip(scenarios[1:], explained[1:], strict=True)]


def changed_by_grade(changed: Sequence[tuple[str, Sequence[Change]]]) -> dict[str, int]:
    """How many values of all alternatives together are of each grade; a value set by several counts once."""
    found = {(one.path, one.own): one.grade for _, each in changed for one in each}
    order = [*GRADES, UNGRADED]
    return {grade: count for grade in order if (count := list(found.values()).count(grade))}


def assumptions() -> dict[str, list[Evidence]]:
    """The evidence for the shipped parameters by grade, the surest first; empty if none is shipped."""
    rows = _table().rows
    return {grade: [row for row in rows if row.grade == grade] for grade in sorted({row.grade for row in rows})}


@functools.cache
def _table() -> EvidenceTable:
    """The shipped evidence, read once."""
    from flowsim.config.evidence import load_evidence

    return load_evidence()


def _rows(scenario: Scenario, text: Any) -> dict[str, tuple[Row, Any]]:
    """Each parameter with its value; the dates of a plan that is listed by date are one parameter."""
    from flowsim.config.explain import explain
    from flowsim.config.resolved import restored

    try:
        loaded = restored(scenario, text if isinstance(text, str) else None)
    except ValueError:  # a text that is not the scenario's
        loaded = restored(scenario, None)
    found: dict[str, tuple[Row, Any]] = {}
    for row in explain(loaded, evidence=_table()):
        above, _, last = row.path.rpartition(".")
        if last in _NAMING:
            continue
        if _is_date(last):
            first, points = found.get(above, (row, {}))
            found[above] = (first, {**points, last: row.value})
        else:
            found[row.path] = (row, row.value)
    return found


def _changes(base: Mapping[str, tuple[Row, Any]], own: Mapping[str, tuple[Row, Any]]) -> list[Change]:
    nothing = (None, None)
    found = []
    for path in dict.fromkeys([*own, *base]):
        if _of_no_effect(path, base, own):
            continue
        (_, before), (row, after) = base.get(path, nothing), own.get(path, nothing)
        left_alone = path not in base and row is not None and row.origin == _DEFAULT
        if before != after and not left_alone:  # a part that is new has no values of its own but those it sets
            said = row or base[path][0]
            found.append(
                Change(
                    path=path,
                    meaning=said.meaning,
                    unit=said.unit,
                    base=words(before),
                    own=words(after),
                    grade=said.grade or UNGRADED,
                    source=said.evidence,
                    span=span(said.low, said.high),
                )
            )
    return found


def _of_no_effect(path: str, base: Mapping[str, tuple[Row, Any]], own: Mapping[str, tuple[Row, Any]]) -> bool:
    """Whether this is of an initiative that is off in both, a switch that the base has not, or of no initiative."""
    part, _, rest = path.partition(".")
    if part != "initiatives" or not rest:
        return part == "initiatives"
    switch = f"initiatives.{rest.partition('.')[0]}.on"
    off = not any(side[switch][1] for side in (base, own) if switch in side)
    return off or (path == switch and path not in base)


def words(value: Any) -> str:
    """A value of a configuration for reading: dated ones in words, lists with commas, none as "none"."""
    if isinstance(value, Mapping):
        if "from" in value:
            return dated(value, _decimal)
        return "; ".join(f"{words(one)} on {_day(key)}" if _is_date(key) else f"{key}: {words(one)}"
                         for key, one in value.items()) or "none"  # fmt: skip
    if isinstance(value, (list, tuple)):
        return ", ".join(words(one) for one in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return _decimal(float(value))
    return "none" if value is None else str(value)


def span(low: float | None, high: float | None) -> str:
    """The range of a row of evidence."""
    return NONE if low is None or high is None else f"{_decimal(low)} to {_decimal(high)}"


def _decimal(value: float) -> str:
    return number(value) if value == int(value) else f"{value:,.6g}"


def _is_date(key: Any) -> bool:
    try:
        dt.date.fromisoformat(str(key))
    except ValueError:
        return False
    return True


def _day(key: Any) -> str:
    day = dt.date.fromisoformat(str(key))
    return f"{day.day} {day:%b %Y}"
