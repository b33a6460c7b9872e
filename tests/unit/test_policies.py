"""Rules that decide: the morning meeting, where D2A is live, when practices go live, how long episodes are."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter
from scipy import stats

from flowsim.clock import DAY
from flowsim.params.community import EndsByCap
from flowsim.params.hospital import D2A, FrontDoor, Meeting
from flowsim.params.programmes import Huddles
from flowsim.policies import Coverage, DoorTeam, EpisodeLength, SignOff, practices_live

pytestmark = pytest.mark.unit

MONDAY = dt.date(2017, 1, 2)
NOON = DAY // 2
FACTORS = [0.80, 1.09, 1.21, 1.23, 1.40, 0.79, 0.0]


# -- the morning meeting -----------------------------------------------------------------------------------------------


def sign_off(factors: list[float], start: dt.date = MONDAY) -> SignOff:
    meeting = {"hour": 9, "weekday_factors": tuple(factors), "leaving_hours": [12, 12]}
    return SignOff(Meeting.model_validate(meeting), start)


@pytest.mark.parametrize(("fit", "day"), [(0.0, 0), (0.5, 0), (0.5 + 1e-12, 1), (0.9, 1), (3.2, 3)])
def test_whoever_is_fit_by_the_leaving_hour_leaves_that_day_the_others_the_next(fit, day):
    assert sign_off([1.0] * 7).ready_at(round(fit * DAY), 0.5, NOON) == day * DAY + NOON


def test_nobody_leaves_on_a_day_without_sign_off():
    rule = sign_off([0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0])
    days = [rule.ready_at(fit * DAY, luck, NOON) // DAY for fit in range(14) for luck in (0.001, 0.5, 0.999)]
    assert {day % 7 for day in days} == {1, 2, 3, 4}


def test_weekdays_of_leaving_follow_the_chances_of_the_meeting_day_by_day():
    """Fit on a Monday: each day's chance is its factor over the largest, of those not yet gone."""
    rule, people = sign_off(FACTORS), 100_000
    luck = (np.arange(people) + 0.5) / people
    days = np.array([rule.ready_at(0, float(u), NOON) // DAY for u in luck])
    stay = 1.0
    for day in range(12):
        chance = FACTORS[day % 7] / 1.40
        assert (days == day).mean() == pytest.approx(stay * chance, abs=2 / people)
        stay *= 1.0 - chance


def test_a_weekday_is_the_calendars_whatever_day_the_clock_starts():
    """Only Fridays: from a Wednesday start the first is day 2."""
    rule = sign_off([0, 0, 0, 0, 1, 0, 0], MONDAY + dt.timedelta(days=2))
    assert rule.ready_at(0, 0.5, NOON) == 2 * DAY + NOON


def test_more_luck_never_means_leaving_earlier():
    rule = sign_off(FACTORS)
    ready = [rule.ready_at(3 * DAY, luck, NOON) for luck in np.linspace(0.001, 0.999, 500)]
    assert ready == sorted(ready)


# -- D2A ---------------------------------------------------------------------------------------------------------------

UNITS = {"A": 2, "B": 3, "AMU": 0}
"""Units in the order of the configuration (wards first), with their rows among the places; escalation is row 9."""


def coverage(units_live: Any, order: tuple[str, ...] = ()) -> Coverage:
    d2a = {"units_live": units_live, "order": order, "pathways": {}}
    return Coverage(D2A.model_validate(d2a), UNITS, MONDAY)


@pytest.mark.parametrize("units", range(4))
def test_d2a_reaches_units_in_the_order_listed_and_escalation_beds_with_the_last(units):
    rule = coverage(units)
    assert [rule.live(row, 0) for row in (2, 3, 0, 9)] == [units > 0, units > 1, units > 2, units > 2]


def test_units_named_in_order_come_first():
    rule = coverage(1, ("AMU",))
    assert [rule.live(row, 0) for row in (2, 3, 0)] == [False, False, True]


def test_d2a_begins_in_a_unit_at_midnight_of_its_date():
    rule = coverage({"from": 0, "steps": {"2017-01-05": 1}})
    assert [rule.live(2, tick) for tick in (3 * DAY - 1, 3 * DAY)] == [False, True]


# -- front door --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "takes"), [(0.3, False), (0.5, True), (0.9, False), (5.5, False), (7.5, True)])
def test_the_team_at_the_door_takes_people_in_its_hours_and_on_its_days(day, takes):
    door = {"turned_round_share": 0.3, "pathways": ["P0"], "from_hour": 8, "to_hour": 20, "weekends": False}
    team = DoorTeam(FrontDoor.model_validate(door), MONDAY)
    assert team.takes(0.29, round(day * DAY)) is takes
    assert not team.takes(0.3, round(day * DAY))


# -- episodes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.18, 0.6, 0.8])
def test_the_stated_share_of_episodes_ends_before_the_cap(share):
    length = EpisodeLength(EndsByCap(shape="ends_by_cap", sigma=0.4, ended_share=share), 42.0, MONDAY)
    before, after = (length.ticks(float(stats.norm.ppf(u)), 0) for u in (share - 1e-6, share + 1e-6))
    assert before < 42 * DAY <= after


def test_the_share_that_ends_is_that_of_the_day_the_episode_begins():
    dated = {"shape": "ends_by_cap", "sigma": 0.4, "ended_share": {"from": 0.8, "steps": {"2017-01-12": 0.2}}}
    length = EpisodeLength(EndsByCap.model_validate(dated), 42.0, MONDAY)
    assert length.ticks(0.0, 9 * DAY) < 42 * DAY < length.ticks(0.0, 10 * DAY)


# -- rollouts ----------------------------------------------------------------------------------------------------------

SIZES = np.array([10, 40, 20, 40, 30, 5])
LUCK = np.array([0.6, 0.1, 0.9, 0.3, 0.2, 0.5])
NEVER = math.inf


def live(rollout: dict[str, Any], order: str = "as_listed", horizon: float = 1000.0) -> list[float]:
    meetings = {
        "every_days": 7,
        "cases": 8,
        "new_people": 2,
        "support_days": 90,
        "recent_discharge_share": 0.5,
        "recent_days": 28,
    }
    effect = {"model": "practice_rate", "rate_ratio": 0.9}
    huddles = TypeAdapter(Huddles).validate_python(
        {"rollout": rollout, "order": order, "effect": effect, "meetings": meetings}
    )
    return practices_live(huddles, SIZES, 3, LUCK, MONDAY, horizon)


def test_a_pace_brings_so_many_practices_a_week_up_to_a_number():
    pace = {"form": "pace", "start": "2017-01-09", "per_week": 2, "up_to": 5}
    assert live(pace) == [7, 11, 14, 18, 21, NEVER]


def test_a_pace_of_nothing_brings_no_practice():
    assert live({"form": "pace", "start": "2017-01-09", "per_week": 0, "up_to": 5}) == [NEVER] * 6


def test_points_are_reached_on_the_day_the_line_between_them_reaches_the_next_practice():
    points = {"form": "points", "points": {"2017-01-04": 1, "2017-01-12": 5}}
    assert live(points) == [2, 4, 6, 8, 10, NEVER]


def test_practices_by_name_go_live_on_their_dates_and_the_others_never():
    dates = {"form": "by_practice", "dates": {2: "2017-01-05", 6: "2017-03-01"}}
    assert live(dates) == [NEVER, 3, NEVER, NEVER, NEVER, 58]


@pytest.mark.parametrize(
    ("order", "rows"),
    [
        ("as_listed", [0, 1, 2, 3, 4, 5]),
        ("largest_first", [1, 3, 4, 2, 0, 5]),
        ("by_network", [0, 3, 1, 4, 2, 5]),
        ("random", [1, 4, 3, 5, 0, 2]),
    ],
)
def test_practices_go_live_in_the_order_chosen(order, rows):
    days = live({"form": "pace", "start": "2017-01-02", "per_week": 1, "up_to": 6}, order)
    assert sorted(range(6), key=lambda row: days[row]) == rows


@pytest.mark.parametrize("form", ["pace", "points"])
def test_more_coverage_only_adds_practices_or_brings_them_earlier(form):
    def days(count: int) -> list[float]:
        if form == "pace":
            return live({"form": "pace", "start": "2017-01-02", "per_week": 2, "up_to": count})
        return live({"form": "points", "points": {"2017-01-02": 0, "2017-02-01": count}})

    for fewer in range(6):
        assert all(more <= less for more, less in zip(days(fewer + 1), days(fewer), strict=True))


def test_practices_that_would_go_live_after_the_run_never_do():
    pace = {"form": "pace", "start": "2017-01-02", "per_week": 1, "up_to": 6}
    assert live(pace, horizon=14.0) == [0, 7, NEVER, NEVER, NEVER, NEVER]
