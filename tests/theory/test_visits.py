"""LIFE counted in visits a day that taper over the episode: by hand, and in the mean."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from samples import SEED, agrees

import flowsim as fs
from flowsim.params import Scenario

pytestmark = pytest.mark.theory


def life_only(
    days: float, visits: Any, inflow: dict[str, Any] | None, episode: dict[str, Any], **parts: Any
) -> Scenario:
    """A world of LIFE in visits, nothing else."""
    return Scenario.model_validate(
        {
            "name": "visits",
            "clock": {"start": "2017-01-02", "warm_up_days": 0, "window_days": days},
            "inflows": {"referrals": {"to": "life", **inflow}} if inflow else {},
            "life": {
                "slots": 0,
                "visits_per_day": visits,
                "taper": {"first": 4, "last": 1},
                "episode": episode,
                "at_cap": {"package": 1.0, "placement": 0.0},
            },
            **parts,
        }
    )


def person_visits(log) -> float:
    """Visits a day in use, added up over the run."""
    total = 0.0
    for spell in np.unique(log.unit["spell"]):
        rows = log.unit["spell"] == spell
        at, units = log.unit["at"][rows], log.unit["units"][rows]
        total += float((np.append(at[1:], log.horizon) - at) @ units)
    return total


def test_visits_fall_in_equal_parts_and_the_next_person_waits_for_four():
    """Five visits a day. The first person (day 0.5, 8 days) uses 4, 3, 2, 1 for two days each; the second needs 4."""
    inflow = {"table": {"2017-01-02": 1, "2017-01-03": 1}, "regular": True}
    log = fs.simulate(life_only(30, 5, inflow, {"shape": "fixed", "days": 8.0}), SEED, 0)
    first = log.unit["spell"] == 0
    assert list(zip(log.unit["at"][first].tolist(), log.unit["units"][first].tolist(), strict=True)) == [
        (0.5, 4),
        (2.5, 3),
        (4.5, 2),
        (6.5, 1),
        (8.5, 0),
    ]
    assert log.stay["queued"].tolist() == [0.5, 1.5]
    assert log.stay["entered"].tolist() == [0.5, 6.5]
    assert log.stay["left"].tolist() == [8.5, 14.5]


def test_visits_of_an_episode_are_its_length_times_their_mean():
    inflow = {"table": {"2017-01-02": 5}}
    log = fs.simulate(life_only(30, "unlimited", inflow, {"shape": "fixed", "days": 12.0}), SEED, 1)
    people = len(log.spell["at"])
    assert people > 0
    assert person_visits(log) == pytest.approx(people * 12.0 * 2.5)


def test_people_with_life_at_the_start_use_the_visits_of_so_far_into_their_episode():
    """Found in progress, a person is at a uniform moment of the episode: 2.5 visits on average, 1 to 4 alike."""
    episode = {"shape": "lognormal", "median_days": 20.0, "sigma": 0.3}
    log = fs.simulate(life_only(100, "unlimited", None, episode, initial={"life": 2000}), SEED, 0)
    at_start = log.unit["units"][:2000]
    assert agrees(at_start, 2.5)
    early, late = (set(log.unit["spell"][:2000][at_start == units].tolist()) for units in (4, 1))
    left = dict(zip(log.stay["spell"].tolist(), log.stay["left"].tolist(), strict=True))
    assert np.mean([left[spell] for spell in sorted(early)]) > np.mean([left[spell] for spell in sorted(late)])
