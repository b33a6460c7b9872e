"""Emulators, implausibility and what is left, on surfaces that are known."""

from __future__ import annotations

import numpy as np
import pytest

from flowsim.calibration.aims import HALF_WIDTH, Target
from flowsim.calibration.emulator import emulator, surface
from flowsim.calibration.findings import _conflicts
from flowsim.calibration.space import Judge, Layer, boxed, doubted, spread_out, surveyed
from flowsim.rng import stream

pytestmark = pytest.mark.unit

LOW, HIGH = np.zeros(2), np.ones(2)
POINTS = stream(0, 0, "test", "points").random((30, 2))
ELSEWHERE = stream(0, 1, "test", "points").random((50, 2))


def _target(value: float, sd: float, name: str = "one", hold_out: bool = False) -> Target:
    return Target(name, "bed_days", value, sd * HALF_WIDTH, 0.0, "days", "a test", hold_out)


def _judge(*targets: Target, cut_off: float = 3.0) -> Judge:
    return Judge(targets, tuple(place for place, one in enumerate(targets) if not one.hold_out), cut_off)


def _line(points):
    return 10.0 * points[:, 0]


def test_a_quadratic_surface_is_found_exactly():
    def curve(points):
        return 3.0 + points[:, 0] ** 2 - 2.0 * points[:, 0] * points[:, 1]

    fitted = surface(POINTS, curve(POINTS), LOW, HIGH)

    assert fitted.kind == "full"
    assert fitted.at(ELSEWHERE)[0] == pytest.approx(curve(ELSEWHERE), abs=1e-4)


def test_noise_alone_is_not_taken_for_a_surface():
    fitted = surface(POINTS, stream(0, 0, "test", "noise").normal(size=30), LOW, HIGH)

    assert fitted.explained < 0.2


def test_the_variance_of_an_emulator_covers_its_errors():
    noise = stream(0, 2, "test", "noise").normal(size=30)
    mean, variance = surface(POINTS, _line(POINTS) + noise, LOW, HIGH).at(ELSEWHERE)

    assert np.mean(np.abs(mean - _line(ELSEWHERE)) < 2.0 * np.sqrt(variance)) > 0.9


def test_an_emulator_is_less_sure_away_from_what_was_run():
    fitted = surface(POINTS, _line(POINTS) + stream(0, 0, "test", "noise").normal(size=30), LOW, HIGH)
    _, variance = fitted.at(np.array([[0.5, 0.5], [2.0, 2.0]]))

    assert variance[1] > variance[0]


def test_points_without_a_number_are_left_out():
    values = _line(POINTS)
    values[:5] = np.nan
    found = emulator(POINTS, values, np.ones(30), 4, LOW, HIGH)

    assert found is not None
    assert found.at(ELSEWHERE)[0] == pytest.approx(_line(ELSEWHERE), abs=1e-3)


def test_there_is_no_emulator_of_what_is_hardly_ever_defined():
    values = np.full(30, np.nan)
    values[:3] = 1.0

    assert emulator(POINTS, values, np.ones(30), 4, LOW, HIGH) is None


def test_chance_falls_with_replications():
    found = emulator(POINTS, _line(POINTS), np.full(30, 2.0), 5, LOW, HIGH)

    assert found is not None
    assert found.chance(ELSEWHERE) == pytest.approx(np.full(50, 1.6), rel=1e-6)  # 2² / 5, widened by 4 / 2


def test_implausibility_counts_chance_tolerance_and_discrepancy():
    target = Target("one", "bed_days", 10.0, 2.0 * HALF_WIDTH, 3.0, "days", "a test", False)
    misses = _judge(target).misses(np.array([[23.0]]), np.array([[36.0]]))

    assert misses[0, 0] == pytest.approx((23.0 - 10.0) / (36.0 + 4.0 + 9.0) ** 0.5)


def test_a_target_that_is_held_out_rules_nothing_out():
    judge = _judge(_target(0.0, 1.0), _target(0.0, 1.0, "two", hold_out=True))

    assert judge.worst(np.array([[1.0, 99.0]])).tolist() == [1.0]


def _surveyed(value: float, sd: float):
    """What a target leaves of the unit square, whose first side is emulated as 0 to 10."""
    layer = Layer(LOW, HIGH, (emulator(POINTS, _line(POINTS), np.zeros(30), 4, LOW, HIGH),))
    return surveyed(_judge(_target(value, sd)), [layer], seed=0)


def test_what_is_left_is_where_the_target_can_be_met():
    space = _surveyed(5.0, 0.1)

    assert not space.empty
    assert space.share == pytest.approx(
        0.06, abs=0.006
    )  # 5 ± 0.3 of 10; 10,000 candidates, so a standard error of 0.0024
    assert space.points[:, 0].min() > 0.46
    assert space.points[:, 1].max() > 0.95


def test_a_small_rest_is_searched_again_in_its_own_box():
    space = _surveyed(5.0, 0.002)

    assert len(space.points) > 500
    assert space.share == pytest.approx(0.0012, rel=0.2)


def test_where_nothing_is_left_the_points_that_miss_least_stay():
    space = _surveyed(20.0, 0.5)

    assert (space.share, space.empty) == (0.0, True)
    assert space.points[:, 0].min() > 0.9


def test_an_emulator_is_never_believed_against_a_run():
    judge = _judge(_target(5.0, 0.1))
    layer = Layer(LOW, HIGH, (emulator(POINTS, _line(POINTS), np.zeros(30), 4, LOW, HIGH),))
    far = np.array([[0.9, 0.5]])

    assert not judge.left([layer], far).any()
    assert judge.left([doubted(judge, layer, far, np.array([[0.5]]))], far).all()


def test_a_box_is_wide_where_few_points_were_found():
    one = boxed(np.array([[0.5, 0.5]]), LOW, HIGH)
    many = boxed(np.full((1000, 2), 0.5), LOW, HIGH)

    assert (one[0].tolist(), one[1].tolist()) == ([0.0, 0.0], [1.0, 1.0])
    assert many[1][0] - many[0][0] < 0.01


def test_the_next_points_are_spread_out():
    chosen = spread_out(stream(0, 0, "test", "many").random((2000, 2)), 10, seed=0, wave=1)
    gaps = np.sqrt(((chosen[:, None] - chosen) ** 2).sum(axis=2))

    assert gaps[~np.eye(10, dtype=bool)].min() > 0.2  # ten random points are closer than 0.1 as a rule


def test_the_smallest_groups_in_conflict_are_named():
    pool = np.array([[0.0, 9.0, 0.0, 9.0], [9.0, 0.0, 0.0, 9.0]])  # the first two never together, the last never

    assert _conflicts(pool, 3.0) == [(3,), (0, 1)]
