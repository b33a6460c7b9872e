"""Points of each method, and the files that neighbours read them from."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_sweeps import RATE, WARD, study

from flowsim.sweeps.morris import trajectories
from flowsim.sweeps.points import salib_problem

pytestmark = pytest.mark.unit

RANGES = {WARD: {"low": 3, "high": 8, "whole": True}, RATE: {"low": 2.0, "high": 4.0}}


def _column(points, place: int) -> list:
    return [row[place].value for row in points.rows]


def test_a_grid_has_every_combination_and_its_last_parameter_varies_fastest(tmp_path):
    points = study(tmp_path).points
    assert [tuple(points.values(number).values()) for number in range(4)] == [(4, 3.0), (4, 4.0), (5, 3.0), (5, 4.0)]


def test_a_latin_hypercube_has_one_point_in_each_slice(tmp_path):
    points = study(tmp_path, method="latin_hypercube", points=20, parameters=RANGES).points
    slices = [int((value - 2.0) / 0.1) for value in _column(points, 1)]
    assert sorted(slices) == list(range(20))


def test_sobol_points_are_balanced_over_halves(tmp_path):
    points = study(tmp_path, method="sobol", points=16, parameters=RANGES).points
    assert sum(value < 3.0 for value in _column(points, 1)) == 8


def test_whole_numbers_are_whole_and_within_their_range(tmp_path):
    wards = _column(study(tmp_path, method="sobol", points=64, parameters=RANGES).points, 0)
    assert {type(value) for value in wards} == {int}
    assert (min(wards), max(wards)) == (3, 8)


def test_a_log_scale_spreads_points_over_orders_of_magnitude(tmp_path):
    ranged = {RATE: {"low": 0.01, "high": 100.0, "scale": "log"}}
    points = study(tmp_path, method="latin_hypercube", points=8, parameters=ranged).points
    assert sum(value < 1.0 for value in _column(points, 0)) == 4
    assert salib_problem(points)["bounds"] == [[-2.0, 2.0]]


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol", "morris"])
def test_the_same_seed_gives_the_same_points_and_another_others(tmp_path, method):
    sample = {"method": method, "parameters": RANGES, **({} if method == "morris" else {"points": 8})}
    rows = [study(tmp_path, seed=seed, **sample).points.rows for seed in (0, 0, 1)]
    assert rows[0] == rows[1]
    assert rows[0] != rows[2]


def test_each_step_of_a_trajectory_moves_one_parameter_by_the_step_of_morris():
    table = trajectories(parameters=4, count=5, levels=4, seed=0).reshape(5, 5, 4)
    moves = np.abs(np.diff(table, axis=1))
    assert moves.max(axis=2) == pytest.approx(np.full((5, 4), 2 / 3))
    assert (np.count_nonzero(moves > 1e-9, axis=2) == 1).all()
    assert (np.count_nonzero(moves.sum(axis=1) > 1e-9, axis=1) == 4).all()


def test_trajectories_stay_on_the_levels():
    table = trajectories(parameters=3, count=20, levels=6, seed=1)
    assert table * 5 == pytest.approx(np.round(table * 5))


def test_morris_has_a_trajectory_of_one_point_more_than_parameters(tmp_path):
    assert len(study(tmp_path, method="morris", trajectories=3, parameters=RANGES).points) == 9


def test_the_problem_of_salib_names_bounds_and_order(tmp_path):
    problem = salib_problem(study(tmp_path, method="sobol", points=4, parameters=RANGES).points)
    assert problem == {
        "num_vars": 2,
        "names": [WARD, RATE],
        "bounds": [[3.0, 8.0], [2.0, 4.0]],
        "scales": ["linear", "linear"],
        "points": 4,
    }


def test_listed_values_of_a_sample_are_chosen_by_turns(tmp_path):
    listed = {RATE: {"values": [1.0, 2.0, 3.0, 4.0]}}
    points = study(tmp_path, method="latin_hypercube", points=8, parameters=listed).points
    assert sorted(_column(points, 0)) == [1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0]
