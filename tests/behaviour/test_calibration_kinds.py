"""Calibrations of each kind on a small ward: differences, the other method, other people's files, the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import flowsim as fs
from flowsim.cli.app import app

pytestmark = pytest.mark.behaviour

RATE, STAY = "cohorts.everyone.arrivals.per_day", "cohorts.everyone.pathways.P0.stay.mean_days"
SHORT = {"clock.warm_up_days": 5, "clock.window_days": 40}
WAIT = {
    "name": "wait saved",
    "measure": "diff:wait_for_bed_hours_mean",
    "value": -10,
    "tolerance": 5,
    "unit": "hours",
    "source": "a test",
}
BEDS = {**WAIT, "name": "=beds", "measure": "core_beds_occupied_mean", "value": 3.6, "tolerance": 0.3, "unit": "beds"}


def _targets(folder: Path, **changes: object) -> Path:
    tree = {
        "scenario": "theory/mmc",
        "set": SHORT,
        "parameters": {RATE: {"low": 3.0, "high": 4.5}},
        "targets": [BEDS],
        "points": 5,
        "replications": 4,
        "final_replications": 4,
        "waves": 1,
        "seed": 0,
        **changes,
    }
    path = folder / "targets.yaml"
    path.write_text(json.dumps(tree), encoding="utf-8")  # every JSON file is a YAML file
    return path


def test_a_difference_is_taken_on_the_same_people_with_the_same_parameters(tmp_path: Path) -> None:
    (tmp_path / "six.yaml").write_text("extends: theory/mmc.yaml\nname: six\nhospital: {wards: {Ward: 6}}\n")
    asked = _targets(tmp_path, scenario="six.yaml", baseline="theory/mmc", targets=[WAIT])
    found = fs.calibrate(asked, tmp_path / "out", jobs=1)
    best = found.findings.parameters[0].best
    words = [*(f"{path}={value}" for path, value in SHORT.items()), f"{RATE}={best}"]
    five, six = fs.load("theory/mmc", words), fs.load(tmp_path / "six.yaml", words)
    both = fs.compare(five, six, replications=4, seed=0, jobs=1).summary()
    one = both[(both["scenario"] == "six") & (both["measure"] == "wait_for_bed_hours_mean")]["diff_mean"].item()

    assert found.findings.targets[0].found.mean == pytest.approx(one, rel=1e-9)


def test_an_overlay_of_a_file_of_ones_own_stands_by_itself(tmp_path: Path) -> None:
    (tmp_path / "six.yaml").write_text("extends: theory/mmc.yaml\nname: six\nhospital: {wards: {Ward: 6}}\n")
    found = fs.calibrate(_targets(tmp_path, scenario="six.yaml"), tmp_path / "out", jobs=1)
    (tmp_path / "six.yaml").unlink()

    assert found.scenario.hospital.wards == {"Ward": 6}
    assert found.scenario.name == "six_calibrated"


def test_an_overlay_of_a_shipped_scenario_extends_it(tmp_path: Path) -> None:
    tree = json.loads(_targets(tmp_path, points=4).read_text(encoding="utf-8"))
    del tree["set"]
    (tmp_path / "targets.yaml").write_text(json.dumps(tree), encoding="utf-8")
    fs.calibrate(tmp_path / "targets.yaml", tmp_path / "out", jobs=1)

    assert "\nextends: theory/mmc.yaml\n" in (tmp_path / "out" / "calibrated.yaml").read_text(encoding="utf-8")


def test_the_other_method_proposes_points_from_those_it_knows(tmp_path: Path) -> None:
    parameters = [{"path": RATE, "low": 3.0, "high": 4.5}, {"path": STAY, "low": 0.8, "high": 1.05}]
    asked = _targets(tmp_path, method="optuna", waves=2, points=6, parameters=parameters)
    found = fs.calibrate(asked, tmp_path / "out", jobs=1)
    again = fs.calibrate(asked, tmp_path / "again", jobs=1)

    assert [len(wave.rows) for wave in found.search.waves] == [6, 6]
    assert found.search.waves[1].rows == again.search.waves[1].rows


def test_the_command_prints_its_answer_as_json_and_no_cell_is_a_formula(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["calibrate", str(_targets(tmp_path)), "--out", str(tmp_path / "out"), "--json"])
    said = json.loads(result.stdout)

    assert result.exit_code == 0, result.output
    assert [one["target"] for one in said["targets"]] == ["=beds"]
    assert said["waves"][0] == {"name": "wave-1", "points": 5, "replications": 4}
    assert (tmp_path / "out" / "targets.csv").read_text(encoding="utf-8").splitlines()[1].startswith("'=beds")


def test_the_command_ends_by_naming_the_overlay_which_passes_its_check(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["calibrate", str(_targets(tmp_path)), "--out", str(tmp_path / "out")])
    path = Path(result.stdout.splitlines()[-1].removeprefix("overlay: "))

    assert result.exit_code == 0, result.output
    assert CliRunner().invoke(app, ["check", str(path)]).exit_code == 0


def test_bad_targets_end_with_2_and_leave_nothing(tmp_path: Path) -> None:
    asked = _targets(tmp_path, points=2)
    result = CliRunner().invoke(app, ["calibrate", str(asked), "--out", str(tmp_path / "out")])

    assert (result.exit_code, result.stdout) == (2, "")
    assert "2 points are too few for 1 parameters" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_target_that_no_run_has_a_number_for_is_named_after_the_first_wave(tmp_path: Path) -> None:
    nobody = {**BEDS, "name": "stay of nobody", "measure": "length_of_stay_d2a_mean", "unit": "days"}
    words = [
        "calibrate",
        str(_targets(tmp_path, targets=[BEDS, nobody])),
        "--jobs",
        "1",
        "--out",
        str(tmp_path / "out"),
    ]
    result = CliRunner().invoke(app, words)

    assert "no run has a number for stay of nobody: name another measure" in result.stderr
    assert not list((tmp_path / "out").glob("final*"))
