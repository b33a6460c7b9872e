"""Series that have not settled when the window ends are told, and those that have are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import flowsim as fs
from flowsim.experiment.record import Record, Sets, gathered
from flowsim.experiment.replicate import Finished, Run
from flowsim.experiment.trends import FEWEST_DAYS, expected, period, trends
from flowsim.params import Scenario
from flowsim.rng import stream

pytestmark = pytest.mark.unit

DAYS = 62


def ward(per_day: float, beds: int | str = 1, window: float = 60.0) -> Scenario:
    """One bed and exponential stays of a tenth of a day: ten people a day are as many as it can serve."""
    stay = {"shape": "exponential", "mean_days": 0.1}
    cohorts = {"all": {"arrivals": {"per_day": per_day}, "pathways": {"P0": {"share": 1.0, "stay": stay}}}}
    clock = {"start": "2017-01-02", "warm_up_days": 2, "window_days": window}
    tree = {"name": "ward", "clock": clock, "cohorts": cohorts, "hospital": {"wards": {"Ward": beds}}}
    return Scenario.model_validate(tree)


def made_up(series: str, course: np.ndarray, replications: int = 10, window: float = 60.0) -> Record:
    """A record whose one series follows a course, with noise that differs by replication."""
    noise = [stream(3, number, "noise").standard_normal(len(course)) for number in range(replications)]
    done = [Finished(n, (Run({}, {series: course + noise[n]}, ()),), ()) for n in range(replications)]
    return gathered([ward(5.0, window=window)], 1, replications, done, [], 0.0, False)


@pytest.mark.parametrize(("per_day", "replications"), [(11.0, 30), (13.0, 10)])
def test_an_overloaded_queue_is_told(per_day, replications):
    warnings = fs.run(ward(per_day), replications=replications, jobs=1).warnings
    assert any("the queue for a bed still grows at the end" in text for text in warnings)


@pytest.mark.parametrize("per_day", [5.0, 8.0])
def test_a_stable_queue_is_not(per_day):
    assert fs.run(ward(per_day), replications=10, jobs=1).warnings == []


def test_a_level_that_still_fills_is_told_and_once_it_has_settled_is_not():
    days = np.arange(DAYS) + 0.5
    told = trends(made_up("beds_core", 200.0 * (1.0 - np.exp(-days / 60.0))))
    assert [(one.series, one.queue, one.days) for one in told] == [("hospital", False, 20)]
    assert trends(made_up("beds_core", 200.0 * (1.0 - np.exp(-days / 5.0)))) == []


def test_a_place_that_begins_empty_is_held_against_what_it_would_hold_by_then():
    """Ten people a day who stay for twenty: 200 on each day, also on the first, when a run has still to fill."""
    stay = {"shape": "exponential", "mean_days": 20.0}
    scenario = ward(10.0, "unlimited").with_(cohorts={"all": {"pathways": {"P0": {"share": 1.0, "stay": stay}}}})
    assert expected(scenario)["hospital"] == pytest.approx(np.full(62, 200.0), rel=1e-4)


def test_a_service_is_expected_to_hold_no_more_than_it_has():
    """Ten people a day for ten days each are 100; the service has 60 slots, then enough."""
    life = {"slots": {"from": 60, "steps": {"2017-02-01": 150}}, "episode": {"shape": "fixed", "days": 10.0}}
    scenario = ward(5.0).with_(life=life | {"at_cap": {"package": 1.0, "placement": 0.0}, "community_per_day": 10.0})
    held = expected(scenario)["LIFE"]
    assert held[:27] == pytest.approx(np.full(27, 60.0))
    assert held[34:] == pytest.approx(np.full(len(held) - 34, 100.0), rel=1e-3)


def test_a_queue_that_shrinks_is_not_told():
    assert trends(made_up("life_waiting", np.linspace(80.0, 10.0, DAYS))) == []


def test_what_is_too_small_to_matter_is_not_told_however_sure():
    assert trends(made_up("beds_core", 200.0 + np.linspace(0.0, 20.0, DAYS))) == []


def test_a_level_that_follows_demand_is_not_told():
    record = made_up("beds_core", np.where(np.arange(DAYS) < 50, 100.0, 150.0))
    arrivals = {"per_day": {"from": 10.0, "steps": {"2017-02-21": 15.0}}}
    seasonal = record.scenarios[0].with_(cohorts={"all": {"arrivals": arrivals}})
    assert [one.series for one in trends(record)] == ["hospital"]
    assert trends(replace(record, scenarios=(seasonal,))) == []


def test_the_end_is_the_last_third_of_the_run_within_the_window():
    assert period(ward(5.0)) == range(42, 62)
    assert period(ward(5.0).with_(clock={"warm_up_days": 50})) == range(74, 110)
    assert period(ward(5.0).with_(clock={"warm_up_days": 500})) == range(500, 560)


def test_two_replications_or_a_few_days_tell_nothing():
    growing = np.linspace(0.0, 90.0, DAYS)
    assert trends(made_up("waiting_for_bed", growing, replications=2)) == []
    assert trends(made_up("waiting_for_bed", growing[:12], window=10.0)) == []
    assert len(period(ward(5.0, window=10.0))) < FEWEST_DAYS


def test_no_more_than_the_stated_share_of_quiet_experiments_is_told():
    still = np.full(DAYS, 50.0)
    told = 0
    for number in range(300):
        noise = 30.0 * stream(4, number, "noise").standard_normal((4, DAYS))
        done = [Finished(n, (Run({}, {"waiting_for_bed": still + noise[n]}, ()),), ()) for n in range(4)]
        told += bool(trends(gathered([ward(5.0)], 1, 4, done, [], 0.0, False)))
    assert told <= 9  # of 300 at 0.01 more than nine happen once in 1,000 times


def of_sets(courses: list[np.ndarray], series: str = "life_waiting", per_set: int = 2) -> Record:
    """A record of parameter sets, each with a course of its own and noise that differs by replication."""
    done = []
    for number, course in enumerate(course for course in courses for _ in range(per_set)):
        days = course + stream(6, number, "noise").standard_normal(len(course))
        done.append(Finished(number, (Run({}, {series: days}, ()),), ()))
    record = gathered([ward(5.0)], 1, len(done), done, [], 0.0, False)
    return replace(record, sets=Sets(per_set, (), (), np.zeros((len(courses), 0))))


STILL, GROWING = np.full(DAYS, 20.0), np.linspace(0.0, 120.0, DAYS)


def test_a_queue_that_grows_in_all_parameter_sets_is_told_of_their_average():
    (told,) = map(str, trends(of_sets([GROWING, GROWING + 5.0, 1.2 * GROWING])))
    assert told.startswith("ward: the queue for LIFE still grows at the end, by 41 to about 130 over its last 20 days ")
    assert "on average over parameter sets, clearly in 3 of 3 parameter sets: more come than can be served" in told


def test_a_queue_that_grows_in_some_parameter_sets_is_told_with_how_many():
    """One of eight: the sets differ so much that their average says nothing."""
    told = list(map(str, trends(of_sets([GROWING, *[STILL] * 7]))))
    assert told == [
        "ward: the queue for LIFE still grows at the end in 1 of 8 parameter sets: more come there than can be served"
    ]


def test_parameter_sets_that_differ_but_stay_as_they_are_tell_nothing():
    assert trends(of_sets([(1.0 + number) * STILL for number in range(8)])) == []


def test_two_parameter_sets_tell_nothing_however_many_their_replications():
    assert trends(of_sets([GROWING, GROWING], per_set=5)) == []


def test_no_more_than_the_stated_share_of_quiet_sets_is_told():
    told = 0
    for number in range(300):
        noise = 30.0 * stream(7, number, "noise").standard_normal((12, DAYS))
        done = [Finished(n, (Run({}, {"delayed": STILL + noise[n]}, ()),), ()) for n in range(12)]
        record = gathered([ward(5.0)], 1, 12, done, [], 0.0, False)
        told += bool(trends(replace(record, sets=Sets(2, (), (), np.zeros((6, 0))))))
    assert told <= 9  # as above
