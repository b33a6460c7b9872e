"""What the levers mean: from where they stand to the keys of a configuration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flowsim.app.levers import BOTH, CHOSEN, OFF, SEASONS
from flowsim.app.reading import d2a_pathway, last_day, level_at, winter_level, winters
from flowsim.params.tree import overlay

if TYPE_CHECKING:
    from flowsim.app.state import State
    from flowsim.params import Scenario

Tree = dict[str, Any]


def changes_of(state: State, which: str) -> Tree:
    """The overlay of a state on the ``plan`` or the ``base``: only what a moved lever sets."""
    found: Tree = {}
    both = [_winter] + ([_beds] if state.values.get("beds.where") == BOTH else [])
    for say in (*_PLAN, _beds, _winter) if which == "plan" else both:
        found = overlay(found, say(state, which))
    return found


def _moved(state: State, *names: str) -> bool:
    return any(state.values[name] != state.start.initial[name] for name in names if name in state.values)


def _world(state: State, which: str) -> Scenario:
    return (state.start.plan if which == "plan" else state.start.base).scenario


def _number(state: State, name: str) -> float:
    value = state.values[name]
    assert isinstance(value, (int, float)), name
    return float(value)


def _whole(state: State, name: str) -> int:
    return round(_number(state, name))


def _share(state: State, name: str) -> float:
    return round(_number(state, name) / 100, 6)


def _day(state: State, name: str) -> str:
    value = state.values[name]
    assert isinstance(value, dt.date), name
    return value.isoformat()


def _huddles(state: State, _which: str) -> Tree:
    found: Tree = {}
    choice = state.values.get("huddles.rollout")
    begin = state.start.plan.scenario.clock.start.isoformat()
    if choice == OFF:
        found["rollout"] = {"form": "points", "points": {begin: 0}}
    elif choice == CHOSEN and _moved(state, "huddles.rollout", "huddles.start", "huddles.per_week", "huddles.up_to"):
        pace = {"start": _day(state, "huddles.start"), "per_week": _number(state, "huddles.per_week")}
        found["rollout"] = {"form": "pace", **pace, "up_to": _whole(state, "huddles.up_to")}
    if _moved(state, "huddles.fewer"):
        found["effect"] = _effect(state, {"model": "practice_rate", "rate_ratio": 1 - _share(state, "huddles.fewer")})
    if _moved(state, "huddles.averted"):
        found["effect"] = {"model": "caseload", "averted_share": _share(state, "huddles.averted")}
    return {"huddles": found} if found else {}


def _effect(state: State, stated: Tree) -> Tree:
    """A rate ratio with the ramp that the starting scenario has, as an effect is replaced whole."""
    huddles = state.start.plan.scenario.huddles
    ramp = getattr(huddles.effect, "ramp_days", 0.0) if huddles is not None else 0.0
    stated["rate_ratio"] = round(stated["rate_ratio"], 6)
    return {**stated, **({"ramp_days": ramp} if ramp else {})}


def _d2a(state: State, _which: str) -> Tree:
    found: Tree = {}
    pathway = d2a_pathway(state.start.plan.scenario)
    if pathway is None or "d2a.rollout" not in state.values:
        return {}
    effect: Tree = {}
    choice = state.values["d2a.rollout"]
    if choice == OFF:
        found["units_live"] = 0
    elif choice == CHOSEN and _moved(state, "d2a.rollout", "d2a.wards", "d2a.start", "d2a.weeks"):
        wards, begins = state.values["d2a.wards"], state.values["d2a.start"]
        assert isinstance(wards, tuple)
        assert isinstance(begins, dt.date)
        found = {"units_live": _wards(len(wards), begins, _whole(state, "d2a.weeks")), "order": list(wards)}
        if begins < pathway[1].start:
            effect["start"] = begins.isoformat()
    if _moved(state, "d2a.accepted"):
        effect["accepted_share"] = _share(state, "d2a.accepted")
    if _moved(state, "d2a.saved_days"):
        effect["saved_days"] = round(_number(state, "d2a.saved_days"), 6)
    if effect:
        found["pathways"] = {pathway[0]: effect}
    return {"d2a": found} if found else {}


def _wards(count: int, begins: dt.date, weeks: int) -> int | Tree:
    """Wards live by date: one on the first day, the others evenly until the last week."""
    if not count:
        return 0
    if not weeks or count == 1:
        return {"from": 0, "steps": {begins.isoformat(): count}}
    days = [begins + dt.timedelta(days=round(7 * weeks * place / (count - 1))) for place in range(count)]
    return {"from": 0, "steps": {day.isoformat(): place + 1 for place, day in enumerate(days)}}


def _life(state: State, _which: str) -> Tree:
    life = state.start.plan.scenario.life
    found: Tree = {}
    choice = state.values.get("life.rollout")
    names = ["life.rollout", "life.opens", *(f"life.{season}" for season in SEASONS)]
    if choice == OFF:
        found["slots"] = 0
    elif choice == CHOSEN and _moved(state, *names):
        found["slots"] = {"from": 0, "steps": dict(_slots(state))}
    if _moved(state, "life.cap_days"):
        found["cap_days"] = _number(state, "life.cap_days")
    if life is not None and life.episode.shape == "ends_by_cap" and _moved(state, "life.ended"):
        ended = _share(state, "life.ended")
        found["episode"] = {"shape": "ends_by_cap", "sigma": life.episode.sigma, "ended_share": ended}
    return {"life": found} if found else {}


def _slots(state: State) -> Iterable[tuple[str, int]]:
    """Date and slots: on the day LIFE opens, then wherever a season with another number begins."""
    begins = state.values["life.opens"]
    assert isinstance(begins, dt.date)
    of_month = {month: season for season, months in SEASONS.items() for month in months}
    end, now = last_day(state.start.plan.scenario), None
    firsts = [dt.date(year, months[0], 1) for year in range(begins.year, end.year + 1) for months in SEASONS.values()]
    for day in [begins, *sorted(first for first in firsts if begins < first <= end)]:
        slots = _whole(state, f"life.{of_month[day.month]}")
        if slots != now:
            yield day.isoformat(), slots
        now = slots


def _door(state: State, _which: str) -> Tree:
    found: Tree = {}
    if _moved(state, "door.share", "door.start"):
        found["turned_round_share"] = {"from": 0.0, "steps": {_day(state, "door.start"): _share(state, "door.share")}}
    if _moved(state, "door.hours"):
        hours = state.values["door.hours"]
        assert isinstance(hours, tuple)
        found |= {"from_hour": float(hours[0]), "to_hour": float(hours[1])}
    return {"front_door": found} if found else {}


def _beds(state: State, which: str) -> Tree:
    hospital = _world(state, which).hospital
    if hospital is None or hospital.escalation is None:
        return {}
    found: Tree = {}
    if _moved(state, "beds.cap"):
        found["cap"] = _whole(state, "beds.cap")
    if _moved(state, "beds.opens_at"):
        found["open_at_occupancy"] = _share(state, "beds.opens_at")
    if _moved(state, "beds.opens_after"):
        found["open_after_wait_hours"] = _number(state, "beds.opens_after")
    return {"hospital": {"escalation": found}} if found else {}


def _winter(state: State, which: str) -> Tree:
    """The lever's level in every winter, and else what the scenario has; in the base, too: it is everybody's."""
    scenario = _world(state, which)
    if "winter.level" not in state.values or not (_moved(state, "winter.level") or which == "base"):
        return {}
    level = _share(state, "winter.level")
    found: Tree = {}
    for name, now in winter_level(scenario, next(winters(scenario))[0]).items():
        if now != level:
            found[name] = {"arrivals": {"level": _by_winter(scenario, name, level)}}
    return {"cohorts": found} if found else {}


def _by_winter(scenario: Scenario, cohort: str, level: float) -> Tree:
    steps: dict[str, float] = {}
    for first, last in winters(scenario):
        outside = level_at(scenario, first - dt.timedelta(days=1))[cohort]
        steps |= {first.isoformat(): level, last.isoformat(): outside}
    before = next(iter(winters(scenario)))[0] - dt.timedelta(days=1)
    return {"from": level_at(scenario, before)[cohort], "steps": steps}


_PLAN: tuple[Callable[[State, str], Tree], ...] = (_huddles, _d2a, _life, _door)
