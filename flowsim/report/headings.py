"""The headings of the page: the subject of each section and what was found, which the list of contents repeats."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowsim.plots.differences import Difference, differences_of
from flowsim.plots.words import label, measure_label, number
from flowsim.report.changed import GRADES, UNGRADED, changed_by_grade
from flowsim.report.numbers import Line

if TYPE_CHECKING:
    import pandas as pd

_SAID_TWICE = frozenset(measure_label(one) for one in ("bed_days_saved", "beds_equivalent"))
"""Bed days in other words: a picture counts them once, and so does the heading."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Subject of a section, as the contents name it, and its finding (none where the section is the finding)."""

    topic: str
    finding: str = ""


def headings(found: Mapping[str, Any], summary: pd.DataFrame) -> dict[str, Heading]:
    """The heading of each section there is, by its id, in the order of the page.

    Parameters
    ----------
    found : mapping
        What the page shows, as :func:`flowsim.report.page.content` puts it together.
    """
    said = said_of_two(summary)
    shown = {key: Heading(one.topic, said.get(key, one.finding)) for key, one in found["sections"].items()}
    rollout = shown.pop("rollout")
    front = {"asked": Heading("What was asked"), "answer": Heading("The answer")}
    count = len(found["cautions"])
    kinds = ", ".join(dict.fromkeys(one.kind.lower() for one in found["cautions"][:3]))
    front["cautions"] = Heading("Cautions", f"{count} to keep in mind, the gravest first: {kinds}")
    every = {
        **front,
        "differences": Heading("What changes", better_and_worse(found["differences"])),
        "unknown": Heading("What is not known, and what is chance", not_chance(found["unknown"])),
        "causes": Heading("Bed days saved by cause", largest_causes(found["causes"])),
        "yearly": Heading("Year by year", _first_finding(found["yearly"])),
        "money": Heading("Who saves what", found["money"].get("finding", "")),
        **shown,
        "rollout": rollout,
        "dashboards": Heading("Dashboards", _of_dashboards(found["dashboards"])),
        "assumptions": Heading("What is assumed, and how sure it is", assumed(found["changed"])),
        "measures": Heading("All measures", f"{sum(len(lines) for _, lines in found['groups'])} with their intervals"),
        "definitions": Heading("What the measures mean", "as the program counts them"),
        "again": Heading("How to do it again", "one command gives the same numbers, to the last digit"),
    }
    return {key: one for key, one in every.items() if key in shown or found.get(key, True)}


def said_of_two(summary: pd.DataFrame) -> dict[str, str]:
    """What a comparison of two found, by section; nothing of one scenario or of many, where pictures say it."""
    by_measure = {one.measure: one for one in differences_of(summary)}
    if summary["scenario"].nunique() != 2:
        return {}
    wanted = {
        "beds": ("beds_occupied_mean", "on an average day {} beds are in use"),
        "escalation": ("escalation_days_open", "escalation beds are open on {} days"),
        "packages": ("packages_started", "{} care packages begin"),
        "delays": ("delayed_bed_days", "people spend {} delayed days in a bed"),
    }
    return {key: _fewer(by_measure[one], words) for key, (one, words) in wanted.items() if one in by_measure}


def _fewer(one: Difference, words: str) -> str:
    """The words with "72 fewer" in their gap, what instead of what, and the interval; or that nothing is clear."""
    decimals = 0 if abs(one.mean) >= 10 else 1
    own, base = number(one.base + one.mean, decimals), number(one.base, decimals)
    if not one.clear:
        return f"{words.format(f'{own} or so')}, no clear difference from {base}"
    change = f"{number(abs(one.mean), decimals)} {'fewer' if one.mean < 0 else 'more'}"
    ends = sorted(abs(end) for end in (one.low, one.high))
    spread = f" (95\u00a0% interval {number(ends[0], decimals)} to {number(ends[1], decimals)} {change.split()[1]})"
    return f"{words.format(change)}: {own} instead of {base}{spread if math.isfinite(ends[0]) else ''}"


def largest_causes(causes: Sequence[tuple[str, Any, Sequence[Line]]]) -> str:
    """Which part saves most, by alternative."""
    said = []
    for name, picture, lines in causes:
        parts = [line for line in lines if line.name not in ("Total", "Interaction")]
        total = lines[-1].cells[0].value
        most = max(parts, key=lambda line: _number(line.cells[0].value), default=None)
        if most is None or _number(most.cells[0].value) <= 0 or _number(total) <= 0:
            said.append(picture.title)
        else:
            who = f"{label(name)}: " if len(causes) > 1 else ""
            said.append(f"{who}the largest part comes from {in_sentence(most.name)}: {most.cells[0].value} of {total}")
    return "; ".join(said)


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "").replace("\u2212", "-"))
    except ValueError:
        return 0.0


def in_sentence(cause: str) -> str:
    """A cause within a sentence: no capital but those of names."""
    return cause if cause in ("Huddles", "Discharge to Assess") else cause.lower()


def better_and_worse(differences: Sequence[tuple[str, Sequence[Line]]]) -> str:
    """How many headline measures are better, worse, or neither, by alternative."""
    said = []
    for name, lines in differences:
        lines = [line for line in lines if line.name not in _SAID_TWICE]
        counts = {kind: sum(line.verdict == kind for line in lines) for kind in ("better", "worse")}
        rest = len(lines) - sum(counts.values())
        words = [f"{count} {'is' if count == 1 else 'are'} {kind}" for kind, count in counts.items() if count]
        words += [f"{rest} without a clear difference"] if rest else []
        said.append(f"{label(name) + ': ' if len(differences) > 1 else ''}{', '.join(words)}")
    most = max((sum(line.name not in _SAID_TWICE for line in lines) for _, lines in differences), default=0)
    return f"of {most} headline measures {'; '.join(said)}" if said else ""


def not_chance(unknown: Sequence[tuple[str, Sequence[Line]]]) -> str:
    """The share of the first measure's variance that is not chance, by alternative."""
    said = [f"{lines[0].cells[-1].value} ({label(name)})" for name, lines in unknown if lines]
    return (
        f"share of the spread of {unknown[0][1][0].name.lower()} that is not chance: {', '.join(said)}" if said else ""
    )


def assumed(changed: Sequence[tuple[str, Sequence[Any]]]) -> str:
    """How many values the alternatives change, and how sure these are."""
    grades = changed_by_grade(changed)
    total = sum(grades.values())
    if not total:
        return "every parameter with its evidence"
    words = {"seed": "the Alliance's own plans or claims", UNGRADED: "without a row of evidence"}
    said = [
        f"{count} {'is' if count == 1 else 'are'} {words.get(grade, f'grade {grade} ({GRADES.get(grade)})')}"
        for grade, count in grades.items()
    ]
    who = "the alternative changes" if len(changed) == 1 else "the alternatives change"
    return f"of {number(total)} values that {who}, {', '.join(said)}"


def _first_finding(yearly: Mapping[str, Any]) -> str:
    return next((one.title for one in yearly.get("pictures", ())), "")


def _of_dashboards(dashboards: Mapping[str, Any]) -> str:
    titles = [one["picture"].title for one in dashboards.get("trackers", ()) if one["picture"]]
    return titles[0] if titles else "counts by month"
