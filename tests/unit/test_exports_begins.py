"""Days in which nothing of a programme has begun say so, and when it does; every table of a run is a CSV file."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import recorded
from logs import World

from flowsim.events import EventLog
from flowsim.experiment import Comparison
from flowsim.experiment.folder import write
from flowsim.experiment.tracked import Cube
from flowsim.exports import export
from flowsim.exports.begins import later
from flowsim.measures import TRACKERS

pytestmark = pytest.mark.unit


def world(life: float, huddle: float = math.inf) -> EventLog:
    """Sixty days from 1 January 2018 in which somebody begins with LIFE and a practice with its Huddle."""
    made = World(horizon=60.0)
    row = made.spell(at=1.0, ready=2.0, discharged=3.0, pathway="P2_home")
    made.stay(row, "Ward 1", 1.0, 3.0)
    if math.isfinite(life):
        made.stay(row, "LIFE", life, life + 5.0)
    return dataclasses.replace(made.log(), practices_live=(huddle, math.inf))


def test_days_before_anything_begins_say_when_it_does_and_which_days_show_it() -> None:
    log = world(life=30.5, huddle=20.0)
    begun = [log.start + pd.Timedelta(days=day) for day in (20, 30, 46, 60)]
    said = later(log, (0.0, 14.0))
    assert all(f"{one.day} {one:%B %Y}" in said for one in begun[:2])
    assert said.endswith(f"--window {begun[2]}:{begun[3]}.")


@pytest.mark.parametrize("window", [(0.0, 31.0), (25.0, 39.0)])
def test_days_in_which_something_runs_say_nothing(window: tuple[float, float]) -> None:
    assert later(world(life=30.0, huddle=20.0), window) == ""


def test_a_world_without_programmes_says_nothing() -> None:
    assert later(world(life=math.inf), (0.0, 14.0)) == ""


def test_dashboards_and_the_summary_are_csv_files_too(tmp_path: Path) -> None:
    columns = tuple(TRACKERS["life"][1])
    cube = Cube(("=cmd",), ("2017-04",), columns, np.ones((2, 3, 1, 1, len(columns))))
    outcome = Comparison(dataclasses.replace(recorded.of_two(), trackers={"life": cube}))
    write(outcome, tmp_path / "run", configs={one.name: recorded.TEXT for one in outcome.scenarios})
    paths = {path.name: path for path in export(tmp_path / "run", "csv")}
    assert {"summary.csv", "tracker.life.csv"} <= set(paths)
    table = pd.read_csv(paths["tracker.life.csv"])
    assert (set(table["entrance"]), len(table)) == ({"'=cmd"}, 2)
