"""Findings in words: what the answer hangs on, and how good the evidence for that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowsim.experiment.words import change, number
from flowsim.uncertain.unknowns import Unknown

if TYPE_CHECKING:
    from flowsim.uncertain.sensitivity import Found, Sensitivity

GRADES = {
    "A": "a grade A statistic",
    "B": "a grade B study",
    "C": "a grade C inference",
    "D": "a grade D guess",
    "seed": "a claim of the sources",
}
SIZES = {
    "tornado": "swing",
    "morris": "mean size of an elementary effect, mu*",
    "sobol": "total share of variance",
    "rank": "partial rank correlation",
}
"""What assumptions are ranked by."""


def grade_of(one: Unknown) -> str:
    """How good the evidence for an unknown is, in words."""
    return GRADES.get(one.grade, f"grade {one.grade}" if one.grade else "ungraded")


def assumption(one: Unknown) -> str:
    """What an unknown is, in the words of its evidence; of one number of several, also which."""
    meaning = one.row.meaning or one.name
    last = one.name.rpartition(".")[2]
    which = "" if one.name == one.row.path or last == "share" else f" ({last})"
    return f"{meaning}{which or _of_pattern(one)}"


def _of_pattern(one: Unknown) -> str:
    """The key that stood for ``*`` in the path of the row."""
    pattern, own = one.row.path.split("."), one.name.split(".")
    found = [key for star, key in zip(pattern, own, strict=False) if star == "*"]
    return f" ({', '.join(found)})" if found else ""


def readable(outcome: str) -> str:
    """An outcome's name for reading."""
    difference = outcome.startswith("diff:")
    name = outcome.removeprefix("diff:").replace("_", " ")
    return f"the difference in {name}" if difference else name


def size_words(found: Found, method: str) -> str:
    """How much an outcome hangs on an assumption, in its unit or as a share."""
    effect = found.effect
    if method in ("tornado", "morris"):
        return change(effect.size, found.unit)
    if method == "sobol":
        return f"{100 * effect.size:.0f} %"
    return number(round(effect.size, 2))


def meaning(done: Sensitivity) -> list[str]:
    """What the printed intervals are of, and what it takes to stand out."""
    design = done.question.design
    said = [_MEANING[design.method]]
    if design.method == "morris" and design.replications == 1:
        said.append("with one replication, chance cannot be told from small effects: 2 or more can")
    if done.known:
        said.append("the value of knowing stands out if no assumption reaches as much in 95 % of shuffled outcomes")
        if design.replications == 1:
            said.append("with one replication, the value of knowing everything holds the luck of that run as well")
    return said


_MEANING = {
    "tornado": "95 % intervals are of the mean over replications, for each assumption by itself; one stands out if the "
    "change to its low end, to its high end or between them is told from nothing, so up to 15 of 100 without effect do",
    "morris": "95 % intervals are of the mean size over trajectories, on the same people; an assumption stands out if "
    "its whole interval is above what chance makes of a single step",
    "sobol": "95 % intervals are of the share over other points, on the same people; an assumption stands out if its "
    "interval is above 0",
    "rank": "95 % intervals are of the correlation over other parameter sets, on the same people, for each assumption "
    "by itself; what stands out does so for all assumptions together",
}


def sentences(done: Sensitivity) -> list[str]:
    """One sentence for each outcome, and one for the decision."""
    found = [_about(done, outcome) for outcome in done.question.design.outcomes]
    return [*found, *_about_decision(done)]


def _about(done: Sensitivity, outcome: str) -> str:
    method = done.question.design.method
    top = [one for one in done.of(outcome) if one.effect.clear][:3]
    if not top:
        return f"{capital(readable(outcome))}: no assumption has an effect that stands out from chance."
    first, *others = top
    unit = f" {first.unit}" if method in ("tornado", "morris") and first.unit not in ("", "share") else ""
    text = f"{capital(readable(outcome))} hangs most on {assumption(first.unknown)} ({first.unknown.name}), "
    text += f"{GRADES.get(first.unknown.grade, 'ungraded')}: {SIZES[method]} {size_words(first, method)}{unit}"
    if others:
        rest = [
            f"{one.unknown.name} ({size_words(one, method)}, {GRADES.get(one.unknown.grade, 'ungraded')})"
            for one in others
        ]
        text += f"; then {' and '.join(rest)}"
    return f"{text}."


def _about_decision(done: Sensitivity) -> list[str]:
    decision = done.question.design.decision
    if decision is None or done.net is None:
        return []
    unit = "" if not done.known else done.unit
    name = done.question.unknowns.worlds[0].scenario.name
    chosen = done.net.mean > 0
    verdict, side = ("would be chosen", "is") if chosen else ("would not be chosen", "is not")
    side += f" {decision.better} than {decision.threshold:g}"
    text = f"With what is known now {name} {verdict} ({readable(decision.outcome)} {side} on average)"
    clear = [one for one in done.known if one.knowing.clear]
    if not clear:
        return [f"{text}, and knowing no single assumption would be worth more than chance explains."]
    top = clear[0]
    worth = f"{number(top.knowing.value, unit)} {unit}".strip()
    grade = grade_of(top.unknown)
    which = f"{assumption(top.unknown)} ({top.unknown.name}), {grade}"
    return [
        f"{text}; the assumption most worth knowing is {which}: {worth} "
        f"(standard error {number(top.knowing.se, unit)}) of the {number(done.all_known, unit)} for knowing everything."
    ]


def capital(text: str) -> str:
    """The words with a first capital."""
    return text[:1].upper() + text[1:]
