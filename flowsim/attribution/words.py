"""An attribution in sentences: the whole, the parts that make it, what they do to each other, what was not run."""

from __future__ import annotations

import math
from collections.abc import Sequence

from flowsim.attribution.answer import ALONE, LAST, SHAPLEY, TOGETHER, Attribution, Effect
from flowsim.attribution.parts import INTERACTION
from flowsim.experiment.words import change, interval

_SHOWN = 4  # parts in one sentence; all are in the table


def sentences(done: Attribution) -> list[str]:
    """What was found, measure by measure; nothing if the runs are not complete."""
    if not done.effects:
        return []
    found = [text for measure in done.question.measures for text in _about(done, measure)]
    idle = done.question.programme.idle
    for why in dict.fromkeys(one.why for one in idle):
        names = [one.name for one in idle if one.why == why]
        found.append(f"Not run, as they change nothing ({why}): {', '.join(names)}.")
    return found


def _about(done: Attribution, measure: str) -> list[str]:
    programme = done.question.programme
    (whole,), (left,) = done.of(measure, TOGETHER), done.of(measure, INTERACTION)
    head = f"{programme.alternative.name} against {programme.base.name}, {_readable(measure)}"
    if not whole.found.n:
        return [f"{head}: there is no replication in which every set of parts has a value."]
    count = len(programme.parts)
    made = f"by its {count} parts together" if count > 1 else f"by its one part, {programme.parts[0].name}"
    found = [f"{head}: {said(whole)} {made}."]
    if count == 1:
        return found
    way = SHAPLEY if done.question.shapley else ALONE
    listed = [one for one in done.of(measure, way) if not one.note]
    words = "By Shapley value" if way == SHAPLEY else "Alone"
    found.append(f"{words}: {_list(listed)}.")
    return [*found, _interaction(whole, left), *_needing(done, measure)]


def _readable(measure: str) -> str:
    return measure.replace("_", " ")


def said(one: Effect) -> str:
    """An effect with its interval."""
    spread = f" (95 % interval {interval(one.found, one.unit, change)})" if one.found.n > 1 else ""
    return f"{change(one.found.mean, one.unit)}{spread}"


def _list(listed: Sequence[Effect]) -> str:
    ranked = sorted((one for one in listed if one.found.mean != 0.0), key=lambda one: -abs(one.found.mean))
    texts = [f"{one.part} {change(one.found.mean, one.unit)}" for one in ranked[:_SHOWN]]
    texts += [f"{len(ranked) - _SHOWN} smaller"] if len(ranked) > _SHOWN else []
    nothing = [one.part for one in listed if one.found.mean == 0.0]
    return "; ".join([", ".join(texts)] * bool(texts) + [f"nothing by {', '.join(nothing)}"] * bool(nothing))


def clear(one: Effect) -> bool:
    """Whether its interval leaves out no effect."""
    return not math.isnan(one.found.low) and (one.found.low > 0.0 or one.found.high < 0.0)


def _interaction(whole: Effect, left: Effect) -> str:
    size = said(left)
    if math.isnan(left.found.low):
        return f"Interaction is {size}; one replication gives no interval."
    if not clear(left):
        return f"What the parts do alone adds up to the whole but for {size}, which is no clear interaction."
    if (left.found.mean > 0.0) == (whole.found.mean > 0.0):
        return f"Interaction is {size}: together the parts do more than the sum of each alone."
    return f"Interaction is {size}: together the parts do less than the sum of each alone."


def _needing(done: Attribution, measure: str) -> list[str]:
    """Parts whose effect clearly turns round between being alone and being added to all others."""
    last = {one.part: one for one in done.of(measure, LAST)}
    turned = [
        f"{one.part} (alone {change(one.found.mean, one.unit)}, last {change(last[one.part].found.mean, one.unit)})"
        for one in done.of(measure, ALONE)
        if clear(one) and clear(last[one.part]) and (one.found.mean > 0.0) != (last[one.part].found.mean > 0.0)
    ]
    return [f"What it does turns round once the others are there: {', '.join(turned)}."] if turned else []
