"""`replay` of every folder that runs points: attributions, sensitivity analyses, waves of a calibration."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import flowsim as fs
from flowsim.attribution import Asked, attributed, question_of
from flowsim.cli.app import app
from flowsim.params import Scenario
from flowsim.params.tree import switched
from flowsim.sweeps import SweepError, replay
from flowsim.sweeps.api import Options
from flowsim.uncertain.question import read_question
from flowsim.uncertain.sensitivity import analyse

pytestmark = pytest.mark.unit

SHORT = ["clock.warm_up_days=2", "clock.window_days=5"]
RATE = "cohorts.everyone.arrivals.per_day"
NOBODY = {"phase": "3", "on": True, "multiplies": {"presentations": 0.0}}
BEFORE: dict[str, Any] = {"first": NOBODY | {"on": False}, "gone": NOBODY | {"multiplies": {"presentations": 0.9}}}
AFTER: dict[str, Any] = {
    "second": NOBODY | {"multiplies": {"presentations": 0.5}},
    "first": NOBODY,
    "talk": {"phase": "1", "on": True, "note": "no number in the sources"},
}
"""One that is switched on, one more, one that is no longer there, one that changes nothing, in another order."""


def world(name: str, **more: Any) -> Scenario:
    return fs.load("theory/mmc", SHORT).with_(name=name, **more)


@pytest.fixture(scope="module")
def attribution(tmp_path_factory) -> Path:
    base, full = world("base", initiatives=BEFORE), world("full", initiatives=AFTER)
    question = question_of(base, full, Asked(shapley=True, replications=2, seed=0))
    return attributed(question, Options(tmp_path_factory.mktemp("parts") / "out", 1, pictures=False)).folder


@pytest.mark.parametrize("replication", [0, 1])
def test_every_point_of_an_attribution_is_replayed_bit_for_bit(attribution, tmp_path, replication):
    count = len(json.loads((attribution / "points.json").read_text()))
    done = [replay(attribution, point, replication, tmp_path / "log") for point in range(-1, count)]
    assert [(one.same, one.different) for one in done] == [(True, [])] * (count + 1)


@pytest.mark.parametrize("alternative", ["transition_year", "ten_year/all_phases"])
def test_points_of_a_programme_come_back_from_what_a_folder_keeps(alternative):
    """As scenarios alone, for a run of them takes long: their fingerprints are those of the study."""
    base = {"transition_year": "do_nothing", "ten_year/all_phases": "ten_year/do_nothing"}[alternative]
    study = question_of(fs.load(base), fs.load(alternative), Asked(replications=1)).study
    kept = json.loads(json.dumps({"base": study.at(-1).tree(), "all": study.scenario.tree(), **study.switches}))
    for point in range(len(study.points)):
        on = study.points.values(point)
        paths = [path for name, held in kept["parts"].items() if on[name] for path in held]
        tree = switched(kept["base"], kept["all"], [*paths, *(kept["rest"] if all(on.values()) else ())])
        assert Scenario.model_validate(tree).fingerprint == study.fingerprint(point)


def test_a_ledger_that_does_not_say_its_parts_is_refused(attribution, tmp_path):
    tree = json.loads((attribution / "sweep.json").read_text())
    del tree["switches"]
    (tmp_path / "sweep.json").write_text(json.dumps(tree))
    (tmp_path / "points.json").write_bytes((attribution / "points.json").read_bytes())
    with pytest.raises(SweepError, match=r"sweep.json does not say what its parts are; run the same command"):
        replay(tmp_path, 0, 0)


def test_points_of_a_sensitivity_analysis_are_replayed_in_both_worlds(tmp_path):
    tree = {
        "name": "tiny",
        "scenario": "theory/mmc",
        "baseline": "theory/mmc",
        "settings": SHORT,
        "method": "tornado",
        "parameters": {RATE: {"low": 2, "high": 6}},
        "replications": 2,
        "outcomes": ["bed_days_saved"],
    }
    (tmp_path / "design.yaml").write_text(json.dumps(tree))
    done = analyse(read_question(tmp_path / "design.yaml"), Options(tmp_path / "out", 1, pictures=False))
    points = range(len(done.question.study.points))
    assert [replay(done.folder, point, 1).same for point in points] == [True] * 6


def test_points_of_a_wave_are_replayed_and_the_folder_above_names_them(tmp_path):
    target = {"name": "beds", "measure": "core_beds_occupied_mean", "value": 3.6, "unit": "beds", "tolerance": 0.1}
    tree = {
        "title": "One ward",
        "scenario": "theory/mmc",
        "set": {"clock.warm_up_days": 2, "clock.window_days": 5, "clock.start": "2018-02-01"},
        "parameters": [{"path": RATE, "low": 3.0, "high": 4.5}],
        "targets": [target | {"source": "a test"}],
        **{"points": 5, "replications": 4, "final_replications": 4, "waves": 1, "seed": 0},
    }
    (tmp_path / "targets.yaml").write_text(json.dumps(tree))
    folder = fs.calibrate(tmp_path / "targets.yaml", tmp_path / "out", jobs=1).folder
    assert replay(folder / "wave-1", 4, 2).same is True
    result = CliRunner().invoke(app, ["replay", str(folder), "--point", "0", "--replication", "0"])
    assert result.exit_code == 2
    assert "it holds those of final-1, wave-1: give one of them" in result.stderr
