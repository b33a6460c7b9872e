"""Small random systems for Hypothesis: every part may be there, be scarce, change by date, or be missing."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from flowsim.events import EventLog
from flowsim.params import Scenario

SHORT = settings(
    max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
NOBODY = {"package": 0.0, "placement": 0.0, "none": 1.0}
NEEDS = {"package": 0.4, "placement": 0.2, "none": 0.4}
SHARES = {"P0": 0.3, "P1": 0.15, "P2_home": 0.25, "P2_bed": 0.15, "P3": 0.1, "escalation_route": 0.05}
START = "2017-01-02"


def days(mean: float, shape: str = "exponential") -> dict[str, Any]:
    """A duration with this mean."""
    return {"shape": shape, "mean_days": mean} | ({"sigma": 0.8} if shape == "lognormal" else {})


def capacities(low: int, high: int) -> st.SearchStrategy[Any]:
    """A number of places, which may change by date or be without limit."""
    number = st.integers(low, high)
    dated = st.builds(
        lambda first, then, last: {"from": first, "steps": {"2017-01-09": then, "2017-01-20": last}},
        number,
        number,
        number,
    )
    return st.one_of(number, number, dated, st.just("unlimited"))


def maybe(part: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A part, or none."""
    return st.one_of(part, part, st.none())


populations = st.just(
    {
        "people": 400,
        "practices": {"count": 5, "list_size_cv": 0.5, "networks": {"N1": "north", "N2": "south"}},
        "age_bands": {
            "65-84": {"share": 0.8, "presentations_per_1000": 150},
            "85+": {"share": 0.2, "presentations_per_1000": 470},
        },
        "frailty": {"fit": {"share": 0.6, "hazard_ratio": 1.0}, "frail": {"share": 0.4, "hazard_ratio": 3.0}},
    }
)

cohorts = st.fixed_dictionaries(
    {
        "from_population": st.just(True),
        "a_and_e_share": st.sampled_from([0.5, 1.0]),
        "arrivals": st.fixed_dictionaries(
            {
                "per_day": st.sampled_from([0.5, 1.5, 3.0]),
                "hour_shares": st.sampled_from([None, [0.1, 0.2, 0.4, 0.3]]),
                "day_noise_cv": st.sampled_from([0.0, 0.3]),
            }
        ),
        "pathways": st.sampled_from([1.0, 3.0]).map(
            lambda mean: {name: {"share": share, "stay": days(mean, "lognormal")} for name, share in SHARES.items()}
        ),
        "death_in_hospital": maybe(st.just({"share": 0.1, "stay": days(2.0)})),
        "zero_day": maybe(st.just({"share": 0.3, "stay": {"shape": "uniform", "low_days": 0.1, "high_days": 0.8}})),
        "readmission": maybe(st.just({"unsupported_share": 0.2, "supported_share": 0.5, "half_by_days": 5})),
        "death_after_discharge": maybe(st.just({"unsupported": days(60.0), "supported": days(20.0)})),
    }
)

meetings = st.just({"hour": 9, "weekday_factors": [0.8, 1.1, 1.2, 1.2, 1.4, 0.8, 0.4], "leaving_hours": [10, 14, 21]})
escalations = st.fixed_dictionaries(
    {
        "cap": capacities(0, 3),
        "open_at_occupancy": st.sampled_from([None, 1.0, 1.2]),
        "open_after_wait_hours": st.sampled_from([None, 4]),
        "close_below": st.sampled_from([0.5, 0.9]),
        "close_after_days": st.sampled_from([1, 3]),
    }
)
hospitals = st.fixed_dictionaries(
    {
        "wards": st.fixed_dictionaries({"A": capacities(0, 5), "B": capacities(0, 4)}),
        "assessment": maybe(
            st.fixed_dictionaries(
                {"units": st.fixed_dictionaries({"AMU": capacities(0, 2)}), "stay": st.just(days(0.7))}
            )
        ),
        "max_waiting": st.sampled_from([None, None, 0, 4]),
        "escalation": maybe(escalations),
        "meeting": maybe(meetings),
    }
)
leavings = st.fixed_dictionaries(
    {},
    optional={
        "P1": st.just({"delay": days(0.8), "assessment_days": 0.4, "arranging": "equipment"}),
        "P2_home": st.just({"delay": days(4.0), "assessment_days": 3.0}),
        "P3": st.just({"delay": days(3.0), "arranging": "placement", "weekend_starts": False}),
    },
)
d2as = capacities(0, 2).map(  # of two wards
    lambda units: {
        "units_live": units,
        "pathways": {
            name: {"start": "2017-01-05", "accepted_share": 0.8, "saved_days": 0.0}
            for name in ("P2_home", "P2_bed", "P3")
        },
    }
)
localities = st.one_of(
    st.none(), st.none(), st.fixed_dictionaries({"north": capacities(0, 3), "south": capacities(0, 3)})
)
visits = st.just({"responders": 1, "from_hour": 8, "to_hour": 22, "response": days(0.05), "visit_minutes": 90})
lives = st.fixed_dictionaries(
    {
        "slots": capacities(0, 4),
        "visits_per_day": st.one_of(st.none(), capacities(4, 12)),
        "by_locality": localities,
        "cap_days": st.just(10.0),
        "episode": st.sampled_from([days(6.0), {"shape": "ends_by_cap", "sigma": 0.4, "ended_share": 0.6}]),
        "exit_wait": maybe(st.just(days(2.0))),
        "at_cap": st.just(NEEDS),
        "priority": st.sampled_from([[], ["hospital", "front_door", "community"], ["community", "hospital"]]),
        "valve": maybe(st.just({"after_days": 2.0})),
        "first_visit": maybe(visits),
        "community_per_day": st.sampled_from([0.0, 0.5]),
        "community_patience_days": st.sampled_from([None, 0.0, 3.0]),
    }
)
reablements = st.just(
    {"share": 0.5, "capacity": 2, "cap_days": 10, "episode": days(6.0), "exit_wait": days(2.0), "at_cap": NEEDS}
)
step_downs = st.fixed_dictionaries(
    {"beds": capacities(0, 4), "by_locality": localities, "stay": st.just(days(5.0)), "outcome": st.just(NEEDS)}
)
placements = capacities(0, 6).map(lambda places: {"capacity": places, "stay": days(20.0)})
home_cares = capacities(0, 6).map(
    lambda places: {
        "capacity": places,
        "hours_per_week": {"mean": 12, "cv": 0.7},
        "stay": days(15.0),
        "community_per_day": 0.2,
    }
)
doors = st.just({"turned_round_share": 0.4, "pathways": ["P0", "P1"], "from_hour": 8, "to_hour": 20, "weekends": False})
effects = st.sampled_from(
    [
        {"model": "practice_rate", "rate_ratio": 0.6, "ramp_days": 5},
        {"model": "practice_rate", "rate_ratio": 1.6},
        {"model": "caseload", "averted_share": 0.5},
    ]
)
huddles = effects.map(
    lambda effect: {
        "rollout": {"form": "pace", "start": "2017-01-04", "per_week": 2, "up_to": 4},
        "effect": effect,
        "meetings": {
            "every_days": 7,
            "cases": 8.2,
            "new_people": 2.7,
            "support_days": 90,
            "recent_discharge_share": 0.5,
            "recent_days": 28,
        },
    }
)
inflows = st.sampled_from(
    [{}, {"ready": {"to": "P2_home", "per_day": 0.4}, "beds": {"to": "step_down", "per_day": 0.2, "regular": True}}]
)
initials = st.sampled_from(
    [
        {},
        {
            "beds": {"P0": 2, "P2_home": 1},
            "waiting_for_bed": 2,
            "life": 2,
            "waiting_for_life": 1,
            "step_down": 1,
            "waiting_for_step_down": 1,
            "placements": 2,
            "home_care": 3,
        },
    ]
)


@st.composite
def trees(draw: st.DrawFn) -> dict[str, Any]:
    """A whole world as a configuration would state it; about a hundred spells."""
    life = draw(maybe(lives))
    return {
        "name": "random",
        "clock": {
            "start": START,
            "warm_up_days": draw(st.sampled_from([0, 7])),
            "window_days": draw(st.integers(15, 45)),
        },
        "population": draw(populations),
        "cohorts": {"over_65": draw(cohorts)},
        "hospital": draw(hospitals),
        "leaving": draw(leavings),
        "d2a": draw(maybe(d2as)),
        "life": life,
        "front_door": draw(maybe(doors)) if life else None,
        "reablement": draw(maybe(reablements)),
        "step_down": draw(maybe(step_downs)),
        "placements": draw(maybe(placements)),
        "home_care": draw(maybe(home_cares)),
        "huddles": draw(maybe(huddles)),
        "inflows": draw(inflows),
        "initial": draw(initials),
    }


def systems() -> st.SearchStrategy[Scenario]:
    """Small random scenarios."""
    return trees().map(Scenario.model_validate)


seeds = st.integers(0, 1000)


def unlimited(scenario: Scenario) -> Scenario:
    """The same world with places for everybody."""
    tree = scenario.tree()
    tree["hospital"]["wards"] = dict.fromkeys(tree["hospital"]["wards"], "unlimited")
    for part, keys in {
        "life": ("slots", "visits_per_day"),
        "reablement": ("capacity",),
        "step_down": ("beds",),
        "placements": ("capacity",),
        "home_care": ("capacity",),
    }.items():
        if tree[part] is not None:
            tree[part] |= dict.fromkeys((key for key in keys if tree[part][key] is not None), "unlimited")
            tree[part] |= {"by_locality": None} if "by_locality" in tree[part] else {}
    if tree["life"] and tree["life"]["first_visit"]:
        tree["life"]["first_visit"]["responders"] = "unlimited"
    if tree["hospital"]["assessment"]:
        tree["hospital"]["assessment"]["units"] = {"AMU": "unlimited"}
    return Scenario.model_validate(tree)


def area(begin: np.ndarray, end: np.ndarray) -> float:
    """Area under the number between their begin and end, walked from event to event."""
    moments = np.concatenate([begin, end])
    change = np.concatenate([np.ones(len(begin)), -np.ones(len(end))])
    order = np.argsort(moments, kind="stable")
    return float((np.diff(moments[order]) * np.cumsum(change[order])[:-1]).sum()) if len(moments) else 0.0


TABLES = ("spell", "stay", "delay", "unit", "meeting", "support")


def same(one: EventLog, two: EventLog, *tables: str) -> bool:
    """Whether two logs hold the same bytes in every column."""
    return all(
        getattr(one, table)[name].tobytes() == getattr(two, table)[name].tobytes()
        for table in tables or TABLES
        for name in getattr(one, table)
    )
