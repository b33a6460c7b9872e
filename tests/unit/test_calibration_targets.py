"""What a targets file may say, and what is refused before anything is run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flowsim.calibration import Question, read_targets
from flowsim.config.problems import ConfigError

pytestmark = pytest.mark.unit

RATE = "cohorts.over_65.arrivals.per_day"
P2, P0 = "cohorts.over_65.pathways.P2_home.share", "cohorts.over_65.pathways.P0.share"
BEDS = {
    "name": "beds",
    "measure": "core_beds_occupied_mean",
    "value": 239,
    "tolerance": 9,
    "unit": "beds",
    "source": "a count",
}


def _file(folder: Path, **changes: Any) -> Path:
    tree = {"scenario": "do_nothing", "parameters": [RATE], "targets": [BEDS], **changes}
    path = folder / "targets.yaml"
    stated = {key: value for key, value in tree.items() if value is not None}
    path.write_text(json.dumps(stated, indent=1), encoding="utf-8")  # every JSON file is a YAML file
    return path


def _read(folder: Path, **changes: Any) -> Question:
    return read_targets(_file(folder, **changes))


def _refused(folder: Path, **changes: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        _read(folder, **changes)
    return str(caught.value)


def test_a_bare_path_takes_the_range_of_its_evidence(tmp_path):
    (one,) = _read(tmp_path).parameters

    assert (one.low, one.value, one.high, one.grade) == (21.3, 24.2, 27.9, "C")


def test_a_narrower_range_may_be_stated(tmp_path):
    (one,) = _read(tmp_path, parameters={RATE: {"low": 24, "high": 25}}).parameters

    assert (one.low, one.high, one.evidence) == (24, 25, (21.3, 27.9))


def test_a_whole_number_stays_whole(tmp_path):
    (one,) = _read(tmp_path, parameters=[{"path": "hospital.escalation.cap", "low": 40, "high": 61}]).parameters

    assert one.plain(one.at(0.51)) == 51
    assert isinstance(one.plain(one.at(0.51)), int)


def test_a_share_is_made_up_for_by_the_one_it_is_taken_from(tmp_path):
    asked = _read(tmp_path, parameters=[{"path": P2, "taken_from": P0}])

    assert asked.values([0.20]) == {P2: 0.20, P0: 0.59}


def test_a_share_that_nothing_makes_up_for_is_refused(tmp_path):
    said = _refused(tmp_path, parameters=[P2])

    assert f"{P2} = 0.22: cohorts.over_65: shares of pathways (live exits) must add to 1" in said
    assert "taken_from" in said


def test_a_value_that_its_measure_can_never_take_is_refused(tmp_path):
    share = {**BEDS, "name": "share", "measure": "wait_over_4h_share", "unit": "share", "value": 17.0, "tolerance": 1.0}
    said = _refused(tmp_path, targets=[{**BEDS, "value": -239}, share])

    assert "targets.0.value: core_beds_occupied_mean can be from 0 on, never -239" in said
    assert "targets.1.value: wait_over_4h_share can be from 0 to 1, never 17" in said


def test_a_standard_deviation_is_another_way_to_state_a_tolerance(tmp_path):
    stated = {key: value for key, value in BEDS.items() if key != "tolerance"}
    (one,) = _read(tmp_path, targets=[{**stated, "sd": 2.0}]).targets

    assert one.sd == pytest.approx(2.0)
    assert one.tolerance == pytest.approx(3.92, abs=0.001)


def test_ten_points_for_each_parameter_are_taken_if_nothing_is_said(tmp_path):
    assert _read(tmp_path).points == 10


def test_more_waves_are_the_same_question(tmp_path):
    few, many = _read(tmp_path, waves=2), _read(tmp_path, waves=5)

    assert few.fingerprint == many.fingerprint
    assert few.fingerprint != _read(tmp_path, seed=7).fingerprint


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"parameters": ["cohorts.over_65.arrivals.per_dai"]}, "did you mean cohorts.over_65.arrivals.per_day?"),
        ({"parameters": [{"path": RATE, "low": 25, "high": 26}]}, f"excludes the configured value of {RATE}, 24.2"),
        ({"parameters": [{"path": RATE, "low": 20, "high": 26}]}, f"beyond the evidence for {RATE}, 21.3 to 27.9"),
        ({"parameters": [{"path": RATE, "outside_evidence": True}]}, "needs a reason"),
        ({"parameters": [{"path": RATE, "low": 27, "high": 22}]}, "is empty; low must be below high"),
        ({"parameters": ["hospital.stay_factors"]}, "unknown path"),
        ({"parameters": ["life.taper"]}, "has no number to start from, but a mapping"),
        ({"parameters": ["costs.price_year"]}, "has no number to start from, but '2016/17'"),
        ({"parameters": ["population.people"]}, "its evidence allows this value only"),
        ({"parameters": [RATE, RATE]}, f"{RATE} is listed twice"),
        ({"parameters": [{"path": RATE, "hihg": 26}]}, "unknown key; did you mean high?"),
        ({"parameters": []}, "parameters: is empty"),
        ({"parameters": None}, "parameters: is missing"),
        ({"points": 3}, "3 points are too few for 1 parameters; at least 4"),
        ({"replications": 1}, "1 cannot show chance; at least 4 of each point"),
        ({"targets": []}, "targets: is empty"),
        ({"targets": [{**BEDS, "hold_out": True}]}, "every target is held out"),
        ({"targets": [BEDS, BEDS]}, "two targets are called 'beds'"),
        ({"targets": [{**BEDS, "measure": "core_beds_ocupied_mean"}]}, "did you mean core_beds_occupied_mean?"),
        ({"targets": [{**BEDS, "measure": "diff:bed_days"}]}, "is a difference and needs a baseline"),
        ({"targets": [{**BEDS, "unit": "days"}]}, "core_beds_occupied_mean is counted in beds, not in days"),
        ({"targets": [{**BEDS, "sd": 3}]}, "must have one of tolerance and sd"),
        ({"targets": [{**BEDS, "tolerance": 0}]}, "must be a number above 0"),
        ({"targets": [{key: value for key, value in BEDS.items() if key != "source"}]}, "source: is missing"),
        ({"scenario": "do_nothin"}, "scenario: do_nothin: there is no such file"),
        ({"scenario": None}, "scenario: is missing"),
        ({"baseline": "nowhere"}, "baseline: nowhere: there is no such file"),
        ({"method": "optimal"}, "'optimal' is not one of the choices"),
        ({"wave": 3}, "unknown key; did you mean waves?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(tmp_path, changes, said):
    assert said in _refused(tmp_path, **changes)


def test_all_faults_are_told_at_once_with_their_places(tmp_path):
    path = tmp_path / "targets.yaml"
    path.write_text("scenario: do_nothing\nparameters:\n  - life.slotz\ntargets: []\nwave: 2\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_targets(path)
    places = [(one.line, one.column) for one in caught.value.problems]

    assert places == [(3, 5), (4, 1), (5, 1)]
