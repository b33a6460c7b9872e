"""The rollout of a scenario as configured, in words: when what goes live, and the effect assumed for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from flowsim.plots.words import NONE, date, number, pathway_label, sentence_case

Tree = Mapping[str, Any]

OFF = "none"
"""Said of a part that is left out or switched off."""


def programme(tree: Tree) -> list[tuple[str, str]]:
    """What is rolled out and what it is assumed to do: pairs of a heading and its value in words.

    Parameters
    ----------
    tree : mapping
        A scenario as plain values, as ``Scenario.tree()`` gives it. Headings are the same for every scenario.
    """
    return [(heading, say(tree)) for heading, say in _LINES]


def dated(value: Any, say: Callable[[float], str] = number) -> str:
    """A value or dated value in words: "0, then 60 from 25 September 2017, 100 from 16 November 2017"."""
    if value is None:
        return OFF
    if not isinstance(value, Mapping):
        return _value(value, say)
    if "steps" in value:
        steps = [f"{_value(later, say)} from {_date(when)}" for when, later in value["steps"].items()]
        return f"{_value(value['from'], say)}, then {', '.join(steps)}" if steps else _value(value["from"], say)
    start, end = _date(value["start"]), _date(value["end"])
    return f"{_value(value['from'], say)} until {start}, straight to {_value(value['to'], say)} on {end}"


def per_cent(share: float) -> str:
    """A share as "80 %"."""
    return number(100 * share, 0 if abs(100 * share - round(100 * share)) < 1e-9 else 1) + "\u00a0%"


def _value(value: Any, say: Callable[[float], str]) -> str:
    return value if isinstance(value, str) else say(float(value))


def _decimal(value: float) -> str:
    return number(value, 0 if value.is_integer() else 2)


def _date(value: Any) -> str:
    return date(value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)))


def _part(tree: Tree, *path: str) -> Any:
    for key in path:
        if not isinstance(tree, Mapping) or tree.get(key) is None:
            return None
        tree = tree[key]
    return tree


def _practices(tree: Tree) -> str:
    rollout = _part(tree, "huddles", "rollout")
    if rollout is None:
        return OFF
    if rollout["form"] == "points":
        points = list(rollout["points"].items())
        if not any(count for _, count in points):
            return OFF
        return "; ".join(f"{count} on {_date(when)}" for when, count in points)
    if rollout["form"] == "pace":
        pace = _decimal(float(rollout["per_week"]))
        return f"{pace} a week from {_date(rollout['start'])}, up to {rollout['up_to']}"
    days = sorted(str(when) for when in rollout["dates"].values())
    return f"{len(days)}, the first on {_date(days[0])}, the last on {_date(days[-1])}" if days else OFF


def _huddle_effect(tree: Tree) -> str:
    effect = _part(tree, "huddles", "effect")
    if effect is None or _practices(tree) == OFF:
        return NONE
    if effect["model"] == "practice_rate":
        ratio = float(effect["rate_ratio"])
        less = "fewer" if ratio < 1 else "more"
        said = "no effect" if ratio == 1.0 else f"{per_cent(abs(1 - ratio))} {less} presentations while live"
        return f"rate ratio {number(ratio, 2)}: {said}"
    meetings = tree["huddles"]["meetings"]
    averted, days = per_cent(float(effect["averted_share"])), _decimal(float(meetings["support_days"]))
    return f"{averted} of the presentations of a supported person averted, for {days} days"


def _d2a(tree: Tree) -> str:
    units = _part(tree, "d2a", "units_live")
    return OFF if not units else dated(units)


def _d2a_effect(tree: Tree) -> str:
    pathways = _part(tree, "d2a", "pathways")
    if not pathways or _d2a(tree) == OFF:
        return NONE
    return "; ".join(_saved(sentence_case(pathway_label(name)), one) for name, one in pathways.items())


def _saved(pathway: str, one: Tree) -> str:
    days, taken = _decimal(float(one["saved_days"])), per_cent(float(one["accepted_share"]))
    return f"{pathway}: {days} days off the delay of {taken} of people, from {_date(one['start'])}"


def _life(tree: Tree) -> str:
    visits = _part(tree, "life", "visits_per_day")
    said = _pools(tree, "life") or dated(_part(tree, "life", "slots") or None if visits is None else visits)
    return said if visits is None else f"{said} (visits a day)"


def _pools(tree: Tree, service: str) -> str:
    """Capacity by locality; empty for one pool."""
    pools = _part(tree, service, "by_locality") or {}
    return "; ".join(f"{sentence_case(name)}: {dated(capacity)}" for name, capacity in pools.items())


def _step_down(tree: Tree) -> str:
    return _pools(tree, "step_down") or sentence_case(dated(_part(tree, "step_down", "beds")))


def _life_ended(tree: Tree) -> str:
    ended = _part(tree, "life", "episode", "ended_share")
    return NONE if ended is None or _life(tree) == OFF else dated(ended, per_cent)


def _life_valve(tree: Tree) -> str:
    if _life(tree) == OFF:
        return NONE
    after = _part(tree, "life", "valve", "after_days")
    return "never: they wait" if after is None else f"after {_decimal(float(after))} days"


def _life_community(tree: Tree) -> str:
    return NONE if _life(tree) == OFF else dated(_part(tree, "life", "community_per_day"), _decimal)


def _front_door(tree: Tree) -> str:
    share = _part(tree, "front_door", "turned_round_share")
    return OFF if not share else dated(share, per_cent)


def _of(*path: str) -> Callable[[Tree], str]:
    return lambda tree: sentence_case(dated(_part(tree, *path)))


_LINES: tuple[tuple[str, Callable[[Tree], str]], ...] = (
    ("Huddles: practices live", _practices),
    ("Huddles: effect assumed", _huddle_effect),
    ("Discharge to Assess: units live", _d2a),
    ("Discharge to Assess: effect assumed", _d2a_effect),
    ("LIFE: slots", _life),
    ("LIFE: episodes assumed to end within the cap, without a package", _life_ended),
    ("LIFE: a person waiting goes back to the old process", _life_valve),
    ("LIFE: starts a day from the community", _life_community),
    ("Front door: share of suitable people turned round", _front_door),
    ("Step-down beds", _step_down),
    ("Escalation beds, at most", _of("hospital", "escalation", "cap")),
)
