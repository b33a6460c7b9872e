"""Sensitivity designs: what is wrong is named with its place; small worlds give findings, kept in a folder."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from flowsim.cli.app import app
from flowsim.config.problems import ConfigError
from flowsim.experiment.variance import shrunk
from flowsim.sweeps.api import Options
from flowsim.uncertain.knowing import everything
from flowsim.uncertain.question import read_question
from flowsim.uncertain.sensitivity import analyse, without_people
from flowsim.uncertain.words import sentences

pytestmark = pytest.mark.unit

EXPERIMENT = Path(__file__).parents[2] / "experiments" / "whose_assumption_matters"

WARD, RATE, STAY = (
    "hospital.wards.Ward",
    "cohorts.everyone.arrivals.per_day",
    "cohorts.everyone.pathways.P0.stay.mean_days",
)
TINY: dict[str, Any] = {
    "name": "tiny",
    "scenario": "theory/mmc",
    "settings": ["clock.warm_up_days=2", "clock.window_days=10"],
    "method": "tornado",
    "parameters": {RATE: {"low": 2, "high": 6}, STAY: {"low": 0.9, "high": 1.1}},
    "replications": 4,
    "outcomes": ["bed_days"],
}


def written(folder: Path, **changes: Any) -> Path:
    tree = {key: value for key, value in {**TINY, **changes}.items() if value is not None}
    path = folder / "design.yaml"
    text = json.dumps(tree, indent=1).replace("Infinity", ".inf").replace("NaN", ".nan")
    path.write_text(text, encoding="utf-8")
    return path


def analysed(folder: Path, **changes: Any):
    return analyse(read_question(written(folder, **changes)), Options(folder / "out", 1, pictures=False))


def test_a_tornado_ranks_assumptions_and_says_how_good_their_evidence_is(tmp_path):
    done = analysed(tmp_path)
    assert [one.unknown.name for one in done.of("bed_days")] == [RATE, STAY]
    assert done.of("bed_days")[0].effect.clear
    assert f"({RATE}), a grade D guess: swing" in sentences(done)[0]


def test_the_table_is_kept_with_a_row_for_each_assumption(tmp_path):
    done = analysed(tmp_path)
    with (done.folder / "sensitivity.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["parameter"], row["grade"], row["low"], row["high"]) for row in rows] == [
        (RATE, "D", "2.0", "6.0"),
        (STAY, "D", "0.9", "1.1"),
    ]
    assert float(rows[0]["size"]) == done.effects[0].effect.size


def test_what_is_finished_is_not_run_again(tmp_path):
    first = analysed(tmp_path)
    shards = {one.name: one.stat().st_mtime_ns for one in (first.folder / "shards").iterdir()}
    second = analysed(tmp_path)
    assert {one.name: one.stat().st_mtime_ns for one in (second.folder / "shards").iterdir()} == shards
    assert second.frame().equals(first.frame())


def test_base_and_scenario_take_each_point_together(tmp_path):
    """Both have the same ward and the same people at every point, so nothing is saved at any."""
    done = analysed(tmp_path, baseline="theory/mmc", outcomes=["bed_days_saved"])
    assert [one.effect.size for one in done.effects] == [0.0, 0.0]
    assert sentences(done) == ["Bed days saved: no assumption has an effect that stands out from chance."]


@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("morris", {"trajectories": 4}),
        ("sobol", {"points": 32}),
        ("rank", {"points": 24}),
    ],
)
def test_every_method_finds_what_moves_the_outcome(tmp_path, method, more):
    done = analysed(tmp_path, method=method, replications=1, **more)
    assert done.effects[0].unknown.name == RATE


def test_knowing_what_decides_is_worth_something(tmp_path):
    """A smaller ward saves bed days nowhere; but whether it has fewer waiting hangs on the rate alone."""
    (tmp_path / "alone.yaml").write_text("extends: theory/mmc.yaml\nname: alone\nhospital: {wards: {Ward: 9}}\n")
    done = analysed(
        tmp_path,
        scenario="alone.yaml",
        baseline="theory/mmc",
        method="rank",
        points=60,
        outcomes=["diff:wait_for_bed_hours_mean"],
        decision={"outcome": "diff:wait_for_bed_hours_mean", "better": "lower", "threshold": -20},
        parameters={RATE: {"low": 2, "high": 6}, STAY: {"low": 0.99, "high": 1.01}},
        replications=2,
    )
    assert (done.known[0].unknown.name, done.known[0].knowing.clear) == (RATE, True)
    assert "most worth knowing" in sentences(done)[-1]
    assert (done.folder / "value_of_knowing.csv").is_file()


def test_a_decision_that_is_not_taken_says_which_bound_is_missed(tmp_path):
    done = analysed(
        tmp_path,
        baseline="theory/mmc",
        method="rank",
        points=50,
        replications=2,
        decision={"outcome": "diff:bed_days", "better": "lower", "threshold": -5},
    )
    assert "would not be chosen (the difference in bed days is not lower than -5 on average)" in sentences(done)[-1]


def test_what_the_people_of_a_replication_do_to_all_sets_hides_no_value_of_knowing():
    """Sets gain 1 or lose 1; one winter adds 5 to all, the other takes 5 off: knowing all is worth 1/2, as without."""
    sets = np.tile([[1.0, 1.0], [-1.0, -1.0]], (25, 1))
    rest = without_people(sets + np.array([5.0, -5.0]))
    assert everything(rest.mean(axis=1), shrunk(rest)) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("changes", "where", "says"),
    [
        ({"replications": 1}, "replications", "give no interval"),
        ({"method": "morris", "trajectories": 2}, "trajectories", "too few"),
        ({"method": "sobol", "points": 33}, "points", "powers of two"),
        ({"method": "sobol", "points": 16}, "points", "at least 32"),
        ({"method": "rank", "points": 8}, "points", "too few for rank correlations"),
        ({"method": "rank", "points": 21}, "points", "too few to tell 2 assumptions apart; at least 22"),
        ({"method": "rank"}, "points", "is missing"),
        ({"method": "hope"}, "method", "unknown word 'hope'"),
        ({"parameters": ["life.slotz"]}, "parameters.life.slotz", "no number with evidence is called so"),
        ({"parameters": []}, "parameters", "names nothing to be varied"),
        ({"parameters": {RATE: {"low": 5, "high": 6}}}, f"parameters.{RATE}", "excludes its value 4"),
        ({"parameters": {RATE: {"low": 6, "high": 5}}}, f"parameters.{RATE}", "is empty"),
        ({"parameters": {RATE: {"low": 6}}}, f"parameters.{RATE}", "low and high"),
        ({"parameters": {WARD: {"low": 4, "high": math.inf}}}, f"parameters.{WARD}", "no two ends"),
        ({"parameters": {RATE: {"low": math.nan, "high": 6}}}, f"parameters.{RATE}", "no two ends"),
        ({"outcomes": ["bed_dayz"]}, "outcomes.0", "did you mean bed_days?"),
        ({"outcomes": ["bed_days_saved"]}, "outcomes.0", "needs a baseline"),
        ({"decision": {"outcome": "bed_days"}}, "decision", "means nothing to method tornado"),
        ({"scenario": "nowhere"}, "scenario", "cannot be used"),
        ({"grades": ["A"]}, "parameters", "nothing that is uncertain is left"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_what_is_wrong_with_a_design_is_named_with_its_place(tmp_path, changes, where, says):
    with pytest.raises(ConfigError) as caught:
        read_question(written(tmp_path, **changes))
    found = [one for one in caught.value.problems if one.path == where and says in f"{one.message}; {one.hint}"]
    assert [one.line > 0 for one in found] == [True], str(caught.value)


def test_a_path_means_the_row_of_the_overlay_that_sets_it():
    """What base says of LIFE when it is off is not varied beside it, and the baseline stays without LIFE."""
    question = read_question(EXPERIMENT / "design.yaml")
    names = question.unknowns.names
    assert {"transition_year:life.slots", "transition_year:life.episode.ended_share"} <= set(names)
    assert not {"life.slots", "life.episode.ended_share"} & set(names)


def test_numbers_that_a_row_draws_each_for_itself_are_one_subject_of_a_tornado(tmp_path):
    changes = {"scenario": "do_nothing", "parameters": ["cohorts.over_65.arrivals.weekday_factors"], "settings": []}
    question = read_question(written(tmp_path, **changes))
    assert [one.name for one in question.found] == ["cohorts.over_65.arrivals.weekday_factors"]
    assert len(question.unknowns.names) == 7


def test_all_faults_of_a_design_are_said_at_once(tmp_path):
    with pytest.raises(ConfigError) as caught:
        read_question(written(tmp_path, parameters=["a.b", "c.d"], outcomes=["bed_dayz"]))
    assert [one.path for one in caught.value.problems] == ["outcomes.0", "parameters.a.b", "parameters.c.d"]


def test_the_command_refuses_a_bad_design_and_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["sensitivity", str(written(tmp_path, replications=1))])
    assert result.exit_code == 2
    assert sorted(one.name for one in tmp_path.iterdir()) == ["design.yaml"]


def test_the_command_prints_findings_as_json(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["sensitivity", str(written(tmp_path)), "--json", "--jobs", "1"])
    tree = json.loads(result.stdout)
    assert (tree["effects"][0]["parameter"], tree["effects"][0]["grade"]) == (RATE, "D")
    assert tree["pictures"] == ["sensitivity-bed_days.png", "sensitivity-bed_days.svg"]


def test_a_dry_run_keeps_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["sensitivity", str(written(tmp_path)), "--dry-run"])
    assert "2 assumptions are varied" in result.stdout
    assert not (tmp_path / "runs").exists()
