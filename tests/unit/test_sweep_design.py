"""Designs: what they mean, and everything that is refused before anything is run."""

from __future__ import annotations

import pytest
from tiny_sweeps import RATE, WARD, study, written

from flowsim.config.problems import ConfigError
from flowsim.sweeps import read_study

pytestmark = pytest.mark.unit

DAYS = {"clock.window_days": {"values": [9, 10]}}


def _refusal(path) -> str:
    with pytest.raises(ConfigError) as caught:
        read_study(path)
    return str(caught.value)


def test_a_point_is_the_scenario_with_its_values_laid_over_it(tmp_path):
    tiny = study(tmp_path)
    assert tiny.at(3).tree()["hospital"]["wards"] == {"Ward": 5}
    assert tiny.at(3).tree()["cohorts"]["everyone"]["arrivals"]["per_day"] == 4.0


def test_points_have_fingerprints_of_their_own(tmp_path):
    assert len(set(study(tmp_path).fingerprints)) == 4


def test_a_dated_value_is_a_parameter(tmp_path):
    path = "life.slots.steps.2018-01-01"
    found = study(tmp_path, scenario="transition_year", settings=None, parameters={path: {"values": [100, 150]}}).at(1)
    assert found.tree()["life"]["slots"]["steps"]["2018-01-01"] == 150


def test_a_whole_mapping_is_a_value_with_a_label(tmp_path):
    pace = {"form": "pace", "start": "2017-10-02", "per_week": 5, "up_to": 57}
    values = [{"label": "fast", "value": pace}]
    found = study(
        tmp_path, scenario="transition_year", settings=None, parameters={"huddles.rollout": {"values": values}}
    )
    assert found.points.cells(0) == {"huddles.rollout": "fast"}
    assert found.at(0).tree()["huddles"]["rollout"]["per_week"] == 5


def test_a_scenario_beside_the_design_is_found(tmp_path):
    (tmp_path / "mine.yaml").write_text("extends: theory/mmc.yaml\nname: mine\n")
    assert study(tmp_path, scenario="mine.yaml").scenario.name == "mine"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"parameters": {"hospital.wards.Wrad": {"values": [4]}}}, "did you mean hospital.wards.Ward?"),
        ({"parameters": {WARD: {"values": []}}}, f"parameters.{WARD}.values: is empty"),
        ({"parameters": {}}, "parameters: name at least one dotted path"),
        ({"parameters": {"name": {"values": ["a"]}}}, "changes no result"),
        ({"outcomes": ["bed_dys"]}, "outcomes.0: no measure is called 'bed_dys'; did you mean bed_days?"),
        ({"outcomes": ["bed_days_saved"]}, "is a difference and needs a baseline"),
        ({"outcomes": ["bed_days", "bed_days"]}, "bed_days is listed twice"),
        ({"replications": None}, "give either replications or precision"),
        ({"replications": 0}, "replications: must be greater than or equal to 1, not 0"),
        ({"scenario": "theory/mcm"}, "scenario: 'theory/mcm' cannot be used"),
        ({"metod": "grid"}, "metod: unknown key; did you mean method?"),
        ({"method": "gird"}, "method: unknown word 'gird'; did you mean grid?"),
        ({"points": 5}, "points: means nothing to method grid"),
        ({"keep": ["dayly"]}, "did you mean daily?"),
        (
            {"baseline": "theory/mmc", "parameters": {"clock.window_days": {"values": [9, 10]}}},
            "clock: differs from that of the baseline",
        ),
        ({"settings": ["clock.window_dayz=3"]}, "unknown path; did you mean clock.window_days?"),
        ({"precision": {"measure": "bed_days", "share": 0}}, "precision.share: must be greater than 0, not 0"),
        ({"seed": -1}, "seed: must be greater than or equal to 0, not -1"),
        ({"seed": 1.5}, "seed: must be a whole number, not 1.5"),
        ({"name": 5}, "name: must be text, not 5"),
        ({"outcomes": []}, "outcomes: is empty; list at least one"),
        ({"outcomes": "bed_days"}, "outcomes: must be a list, not 'bed_days'"),
        ({"parameters": {WARD: [4, 5]}}, f"parameters.{WARD}: must be a mapping, not a list"),
    ],
)
def test_a_faulty_design_is_refused(tmp_path, changes, words):
    assert words in _refusal(written(tmp_path, **changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"parameters": {WARD: {"low": 6, "high": 4}}}, "the range from 6 to 4 is empty"),
        ({"parameters": {WARD: {"low": 4}}}, "high: is missing"),
        ({"parameters": {WARD: {"low": 4, "high": 6, "values": [1]}}}, "stands beside values"),
        ({"parameters": {RATE: {"low": 0.0, "high": 6.0, "scale": "log"}}}, "must be above 0 on a log scale"),
        ({"points": 0}, "points: 0 points; from 1 to 1,000,000"),
        ({"points": 10**9}, "points: 1,000,000,000 points; from 1 to 1,000,000"),
        ({"points": None}, "points: is missing"),
        ({"method": "sobol", "points": 100}, "powers of two only: 64 or 128"),
        ({"method": "morris", "points": None, "levels": 5}, "levels: must be even, not 5"),
    ],
)
def test_a_faulty_sample_is_refused(tmp_path, changes, words):
    sample = {"method": "latin_hypercube", "points": 8, "parameters": {RATE: {"low": 2.0, "high": 4.0}}}
    assert words in _refusal(written(tmp_path, **{**sample, **changes}))


def test_a_grid_of_a_thousand_million_points_is_refused_with_its_number(tmp_path):
    many = {"values": list(range(1, 1001))}
    names = [WARD, "hospital.max_waiting", "clock.window_days"]
    text = _refusal(written(tmp_path, parameters=dict.fromkeys(names, many)))
    assert "1,000,000,000 points; at most 1,000,000" in text


def test_points_that_are_no_scenario_are_named(tmp_path):
    text = _refusal(written(tmp_path, parameters={WARD: {"values": [4, -5, "six"]}}))
    assert f"point 1 ({WARD}=-5)" in text
    assert f"point 2 ({WARD}=six)" in text


def test_all_faults_are_named_at_once_with_their_lines(tmp_path):
    path = written(tmp_path, outcomes=["bed_dys"], parameters={"hospital.wrads": {"values": [1]}})
    lines = _refusal(path).splitlines()
    assert len(lines) == 2
    assert all(line.startswith(f"{path}:") and line.split(":")[1].isdigit() for line in lines)


def test_two_values_with_one_label_are_refused(tmp_path):
    values = [{"label": "same", "value": 4}, {"label": "same", "value": 5}]
    assert "two values are called 'same'" in _refusal(written(tmp_path, parameters={WARD: {"values": values}}))


def test_a_table_is_read_from_beside_the_design(tmp_path):
    (tmp_path / "points.csv").write_text(f"{WARD},{RATE}\n4,3.5\n6,2\n")
    found = study(tmp_path, method="table", table="points.csv", parameters=None)
    assert [found.points.values(point) for point in range(2)] == [{WARD: 4, RATE: 3.5}, {WARD: 6, RATE: 2}]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "0 points"),
        (f"{WARD}\n", "0 points"),
        ("hospital.wrads\n4\n", "did you mean hospital.wards?"),
        (f"{WARD},{WARD}\n4,5\n", "is listed twice"),
        (f"{WARD}\n4,5\n", "2 cells under 1 names"),
        (f"{WARD}\n-4\n", f"point 0 ({WARD}=-4)"),
    ],
)
def test_a_faulty_table_is_refused(tmp_path, text, words):
    (tmp_path / "points.csv").write_text(text)
    assert words in _refusal(written(tmp_path, method="table", table="points.csv", parameters=None))


def test_a_faulty_line_of_a_table_is_named_by_its_number_in_the_file(tmp_path):
    (tmp_path / "points.csv").write_text(f"{WARD}\n\n4\n\n4,5\n")
    text = _refusal(written(tmp_path, method="table", table="points.csv", parameters=None))
    assert text == f"{tmp_path / 'points.csv'}:5: 2 cells under 1 names"


def test_a_fault_is_named_once(tmp_path):
    for changes in ({"outcomes": [5]}, {"method": "sobol", "points": 4, "parameters": {RATE: {"low": "x", "high": 4}}}):
        assert len(_refusal(written(tmp_path, **changes)).splitlines()) == 1


def test_a_missing_table_is_refused(tmp_path):
    assert "none.csv cannot be read" in _refusal(written(tmp_path, method="table", table="none.csv", parameters=None))
