"""When series settle, and how many replications measures need."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

import flowsim as fs
from flowsim.cli.app import app
from flowsim.experiment.enough import needs
from flowsim.experiment.warmup import moving_average, mser5, recommended, warm_up, welch_settles
from flowsim.params import Scenario
from flowsim.rng import stream

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def results() -> fs.Results:
    """A ward for everybody, stays of five days on average, from empty."""
    stay = {"shape": "exponential", "mean_days": 5.0}
    cohorts = {"all": {"arrivals": {"per_day": 4.0}, "pathways": {"P0": {"share": 1.0, "stay": stay}}}}
    clock = {"start": "2017-01-02", "warm_up_days": 20, "window_days": 60}
    tree = {"name": "ward", "clock": clock, "cohorts": cohorts, "hospital": {"wards": {"Ward": "unlimited"}}}
    return fs.run(Scenario.model_validate(tree), replications=20, jobs=1)


def course(rise: float, days: int = 200) -> np.ndarray:
    """A level that fills towards 100 with some noise."""
    return 100.0 * (1.0 - np.exp(-np.arange(days) / rise)) + stream(9, 0, "noise").standard_normal(days)


def test_a_moving_average_narrows_towards_both_ends():
    assert moving_average(np.array([0.0, 3.0, 6.0, 3.0, 3.0]), half=1).tolist() == [0.0, 3.0, 4.0, 4.0, 3.0]


def test_mser5_leaves_out_the_rise_and_no_more():
    assert 30 <= mser5(course(10.0)) <= 60  # after 30 days 5 % of the way is left, after 60 a quarter per cent
    assert mser5(stream(9, 1, "noise").standard_normal(200)) <= 40


def test_mser5_of_a_course_by_hand():
    days = np.repeat([0.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0], 5)
    assert mser5(days) == 5.0


def test_a_series_that_rises_to_the_end_does_not_settle():
    assert math.isnan(mser5(course(1000.0)))
    assert math.isnan(welch_settles(course(1000.0)))


def test_a_ward_settles_after_a_few_stays(results):
    rows = warm_up(results.record)
    assert [one.series for one in rows] == ["hospital"]
    assert 5 <= rows[0].mser5 <= 40
    assert recommended(rows) in range(7, 43, 7)
    assert list(results.warm_up().columns) == ["series", "first", "late", "mser5", "welch"]


def test_a_run_too_short_to_show_it_is_refused(results):
    short = replace(results.record, scenarios=(results.scenario.with_(clock={"window_days": 20}),))
    with pytest.raises(ValueError, match="50 days or more"):
        warm_up(short)


def test_needs_grow_as_the_square_of_the_precision(results):
    found = {(one.measure, one.share): one for one in needs(results.record)}
    fine, coarse = found["bed_days", 0.01], found["bed_days", 0.02]
    assert not fine.seen
    assert fine.replications == pytest.approx(4 * coarse.replications, rel=0.2)  # look-ahead apart
    assert list(results.precision_needed(0.1)["share"].unique()) == [0.1]


@pytest.mark.parametrize("command", ["warmup", "precision"])
def test_a_command_keeps_its_table_and_picture_and_prints_json_alone(command, tmp_path):
    words = [command, "do_nothing", "-n", "10", "--jobs", "1", "--json", "--out", str(tmp_path / "kept")]
    for value in ("clock.warm_up_days=5", "clock.window_days=50", "population.people=2000", "initial.home_care=10"):
        words += ["--set", value]
    result = CliRunner().invoke(app, [*words, "--set", "cohorts.over_65.arrivals.per_day=1"])
    assert result.exit_code == 0, result.output
    tree = json.loads(result.stdout)
    assert tree["series" if command == "warmup" else "measures"]
    kept = sorted(one.name for one in (tmp_path / "kept").iterdir())
    assert kept == sorted([f"{command}.csv", f"{command}.png", "config.resolved.yaml", "manifest.json"])


def test_the_verdict_names_its_rule_and_the_other_rule_where_that_disagrees(tmp_path):
    words = ["--set", "clock.warm_up_days=20", "--set", "clock.window_days=200", "-n", "5", "--jobs", "1"]
    result = CliRunner().invoke(app, ["warmup", "theory/mmc", *words, "--out", str(tmp_path / "out")])
    assert "not settled" in result.stdout
    assert "by MSER-5; the configured warm-up of 20 is enough by it" in result.stdout
    assert "by Welch's moving average waiting for bed, hospital settle later, or not" in result.stdout
