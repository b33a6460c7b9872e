"""What is read off measures, series by day and settings."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np

from flowsim.claims.scene import COUNT, Scenes, computation


@computation(scenario="scenario", measure="measure")
def measure(scenes: Scenes, scenario: str, measure: str) -> float:
    """A measure of the scenario over its window."""
    return float(scenes[scenario].values[measure])


@computation(base="scenario", scenario="scenario", measure="measure")
def saved(scenes: Scenes, base: str, scenario: str, measure: str) -> float:
    """A measure of the base less that of the scenario, on the same people."""
    return float(scenes[base].values[measure] - scenes[scenario].values[measure])


@computation(base="scenario", scenario="scenario", measure="measure")
def change(scenes: Scenes, base: str, scenario: str, measure: str) -> float:
    """A measure of the scenario relative to the base: 0 is no change, -0.2 is 20 % less; on the same people."""
    before = float(scenes[base].values[measure])
    return (float(scenes[scenario].values[measure]) - before) / before if before else math.nan


@computation(scenario="scenario", path="path", date="date")
def setting(scenes: Scenes, scenario: str, path: str, date: dt.date) -> float:
    """A number of the configuration on a date: nothing random is in it."""
    return scenes[scenario].setting(path, date)


@computation(bounds=COUNT, scenario="scenario", series="series", date="date")
def on_date(scenes: Scenes, scenario: str, series: str, date: dt.date) -> float:
    """A series by day on a date."""
    return float(scenes[scenario].series(series)[scenes[scenario].day(date)])


@computation(scenario="scenario", series="series", first="date", last="date")
def fall(scenes: Scenes, scenario: str, series: str, first: dt.date, last: dt.date) -> float:
    """How much a series by day fell from the first date to the last."""
    scene = scenes[scenario]
    days = scene.series(series)
    return float(days[scene.day(first)] - days[scene.day(last)])


@computation(bounds=COUNT, scenario="scenario", series="series", days="whole")
def largest_fall(scenes: Scenes, scenario: str, series: str, days: int) -> float:
    """The largest fall of a series between two days of the window that lie so many days apart; 0 if it never fell."""
    scene = scenes[scenario]
    start, end = (int(np.ceil(scene.log.window[0])), int(np.floor(scene.log.window[1])))
    window = scene.series(series)[start:end]
    return float(np.max(window[:-days] - window[days:], initial=0.0))


@computation(base="scenario", scenario="scenario", series="series", date="date")
def saved_on(scenes: Scenes, base: str, scenario: str, series: str, date: dt.date) -> float:
    """A series of the base less that of the scenario on a date, on the same people."""
    day = scenes[base].day(date)
    return float(scenes[base].series(series)[day] - scenes[scenario].series(series)[day])


@computation(base="scenario", scenario="scenario", series="series", first="date", last="date")
def saved_between(scenes: Scenes, base: str, scenario: str, series: str, first: dt.date, last: dt.date) -> float:
    """A series of the base less that of the scenario, averaged from the first date to the last."""
    low, high = scenes[base].day(first), scenes[base].day(last) + 1
    return float(np.mean(scenes[base].series(series)[low:high] - scenes[scenario].series(series)[low:high]))


@computation(bounds=COUNT, scenario="scenario", date="date")
def life_starts_by(scenes: Scenes, scenario: str, date: dt.date) -> float:
    """People who had got a LIFE slot by the end of a date, by whichever entrance."""
    return float((scenes[scenario].stay("entered", "life") < scenes[scenario].end_of(date)).sum())
