"""Sensitivity and uncertainty on functions whose answers are known, through the code that analyses runs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from flowsim.experiment.variance import components, shrunk, split
from flowsim.rng import stream
from flowsim.sweeps.morris import trajectories
from flowsim.sweeps.outcomes import possible_of_outcome
from flowsim.uncertain.draw import hypercube
from flowsim.uncertain.effects import morris, ranks, tornado
from flowsim.uncertain.knowing import everything, knowing, spline, value_of_deciding
from flowsim.uncertain.sobol import indices, sample

pytestmark = pytest.mark.theory

A, B = 7.0, 0.1


def ishigami(unit):
    x = math.pi * (2.0 * unit - 1.0)
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_sobol_indices_of_the_ishigami_function():
    """Ishigami and Homma (1990): variances of the parts are known in closed form."""
    names = ["a", "b", "c"]
    points = sample(names, 2048, 1)
    first, total = indices(names, ishigami(points), 1)
    v1, v2 = (1.0 + B * math.pi**4 / 5.0) ** 2 / 2.0, A**2 / 8.0
    v13 = B**2 * math.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    v = v1 + v2 + v13
    # 2,048 scrambled points give each index to within about 0.02
    assert first[:, 0] == pytest.approx([v1 / v, v2 / v, 0.0], abs=0.03)
    assert total[:, 0] == pytest.approx([(v1 + v13) / v, v2 / v, v13 / v], abs=0.03)


def test_sobol_indices_of_what_never_varies_are_nought():
    first, total = indices(["a", "b"], np.ones(32 * 4), 1)
    assert (first == 0.0).all()
    assert (total == 0.0).all()


def test_elementary_effects_of_a_linear_function_are_its_slopes():
    points = trajectories(3, 8, 4, 5)
    found = morris(["a", "b", "c"], points, points @ np.array([2.0, -3.0, 0.0]), 1)
    assert [found[name].size for name in "abc"] == pytest.approx([2.0, 3.0, 0.0])
    assert [found[name].more["mu"] for name in "abc"] == pytest.approx([2.0, -3.0, 0.0])
    assert [found[name].more["sigma"] for name in "abc"] == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)


def test_elementary_effects_are_those_of_salib():
    from SALib.analyze import morris as theirs

    names, points = ["a", "b", "c"], trajectories(3, 20, 4, 5)
    problem = {"num_vars": 3, "names": names, "bounds": [[0.0, 1.0]] * 3}
    values = ishigami(points)
    found, known = morris(names, points, values, 1), theirs.analyze(problem, points, values, num_levels=4)
    assert [found[name].size for name in names] == pytest.approx(list(known["mu_star"]))
    assert [found[name].more["sigma"] for name in names] == pytest.approx(list(known["sigma"]))


def columns(names, count, seed=1):
    return np.column_stack([hypercube(count, seed, name) for name in names])


def test_partial_rank_correlation_finds_what_others_hide():
    """y = 10 a + b: of b alone the ranks show little, with a held it is all."""
    x = columns("ab", 200)
    found = ranks(["a", "b"], x, 10.0 * x[:, 0] + x[:, 1])
    assert found["b"].more["spearman"] < 0.3
    assert found["b"].size > 0.5
    assert found["a"].size > 0.99


def test_partial_rank_correlation_of_two_unknowns_is_the_textbook_one():
    luck = stream(1, 0, "test")
    x = luck.random((60, 2))
    y = x[:, 0] + 0.5 * luck.random(60)
    found = ranks(["a", "b"], x, y)
    r = np.corrcoef(np.column_stack([x, y]).argsort(axis=0).argsort(axis=0), rowvar=False)
    by_hand = (r[0, 2] - r[0, 1] * r[1, 2]) / math.sqrt((1 - r[0, 1] ** 2) * (1 - r[1, 2] ** 2))
    assert found["a"].size == pytest.approx(by_hand)


def test_noise_is_not_called_a_rank_correlation():
    """Fifty unknowns without effect: none stands out, as what is clear holds for all together."""
    names = [f"x{n}" for n in range(50)]
    found = ranks(names, columns(names, 200), stream(3, 0, "noise").random(200))
    assert [name for name in names if found[name].clear] == []


def test_a_tornado_has_the_swings_of_the_function():
    values = np.array([[5.0, 6.0], [3.0, 4.0], [9.0, 10.0], [5.0, 6.0], [5.0, 6.0]])
    found = tornado(values, {"a": (1, 2), "b": (3, 4)})
    assert (found["a"].size, found["a"].more["at_low"], found["a"].more["at_high"]) == (6.0, -2.0, 4.0)
    assert (found["b"].size, found["b"].clear) == (0.0, False)


def test_no_swing_of_a_share_is_wider_than_a_share():
    values = np.array([[0.5, 0.6], [0.0, 0.3], [1.0, 0.7]])
    found = tornado(values, {"a": (1, 2)}, possible_of_outcome("wait_over_4h_share", values.ravel()))
    assert (found["a"].size, found["a"].low, found["a"].high) == (pytest.approx(0.7), 0.0, 1.0)
    assert found["a"].more["at_low_ci_low"] == -1.0


def test_a_small_elementary_effect_that_is_all_chance_does_not_stand_out():
    """Noise alone has a mean size, and a bootstrap that never reaches nought."""
    points = trajectories(2, 10, 4, 5)
    noise = stream(4, 0, "noise").normal(0.0, 1.0, (len(points), 5))
    found = morris(["a", "b"], points, 10.0 * points[:, :1] + noise, 1)
    assert found["b"].low > 0.0
    assert (found["a"].clear, found["b"].clear) == (True, False)


def test_the_interval_of_a_share_of_variance_ends_where_shares_end():
    names = ["a", "b"]
    points = sample(names, 32, 1)
    first, total = indices(names, points[:, 0] + 0.01 * points[:, 1], 1)
    both = np.vstack([first, total])
    assert (both[:, 1:] >= 0.0).all()
    assert (both[:, 1:] <= 1.0).all()
    assert total[0, 2] == 1.0


def test_the_value_of_knowing_a_normal_unknown_is_the_known_one():
    """Net benefit m + s z, z standard normal: EVPPI = s φ(m/s) − |m| Φ(−|m|/s) (unit normal loss)."""
    from scipy.stats import norm

    x = norm.ppf(columns("ab", 2000))
    m, s = 0.5, 1.0
    noise = stream(2, 0, "noise").normal(0.0, 2.0, 2000)
    found = knowing(["a", "b"], x, m + s * x[:, 0] + noise, 1)
    exact = s * norm.pdf(m / s) - m * norm.cdf(-m / s)
    assert abs(found["a"].value - exact) < 3.0 * found["a"].se
    assert found["a"].clear


def test_knowing_what_has_no_effect_is_worth_nothing_above_noise():
    names = [f"x{n}" for n in range(20)]
    net = 0.1 + stream(2, 0, "noise").normal(0.0, 1.0, 200)
    found = knowing(names, columns(names, 200), net, 1)
    assert [name for name in names if found[name].clear] == []


def test_knowing_is_worth_nothing_where_the_decision_is_plain():
    x = columns("a", 100)
    assert knowing(["a"], x, 10.0 + x[:, 0], 1)["a"].value == 0.0


def test_knowing_everything_is_worth_what_two_points_say():
    """Half of the sets gain 3, half lose 1: choose it, mean 1; knowing all, 1.5."""
    net = np.array([3.0, -1.0] * 10)
    assert everything(net, net) == pytest.approx(0.5)
    assert value_of_deciding(net) == pytest.approx(0.5)


def test_a_natural_spline_is_straight_beyond_its_knots():
    basis = spline(np.linspace(0.0, 1.0, 201))
    assert np.abs(np.diff(basis[-8:], n=2, axis=0)).max() < 1e-9
    assert basis.shape[1] == 5


def synthetic(sets, per_set, unknown_sd, chance_sd, seed=1):
    luck = stream(seed, 0, "synthetic")
    table = 10.0 + luck.normal(0.0, unknown_sd, (sets, 1)) + luck.normal(0.0, chance_sd, (sets, per_set))
    return table.ravel()


def test_the_two_parts_of_variance_are_found():
    """4,000 sets of 2: the standard error of either variance is about 3 %."""
    found = split(synthetic(4000, 2, 3.0, 4.0), 2)
    assert found.unknown_sd == pytest.approx(3.0, rel=0.05)
    assert found.chance_sd == pytest.approx(4.0, rel=0.05)
    assert found.share == pytest.approx(9.0 / 25.0, abs=0.03)


def test_the_range_of_what_is_not_known_holds_no_chance():
    """5 % and 95 % of a normal unknown: 10 ∓ 1.645 × 3, though means of two runs spread over sd 4.1."""
    found = split(synthetic(4000, 2, 3.0, 4.0), 2)
    assert (found.low, found.high) == pytest.approx((10.0 - 4.93, 10.0 + 4.93), abs=0.25)


def test_the_split_is_that_of_a_table_worked_by_hand():
    """Rows (1, 3) and (7, 9): MSW = 2, MSB = 36, so between = 17 and within = 2."""
    table = np.array([[1.0, 3.0], [7.0, 9.0]])
    assert components(table) == pytest.approx((17.0, 2.0))
    assert shrunk(table) == pytest.approx([5.0 - 3.0 * math.sqrt(17 / 18), 5.0 + 3.0 * math.sqrt(17 / 18)])


def test_chance_alone_is_not_called_unknown():
    """Between sets there is nothing but chance: its share is at most a few per cent, and often none."""
    shares = [split(synthetic(200, 2, 0.0, 1.0, seed), 2).share for seed in range(20)]
    assert sorted(shares)[10] < 0.05


def test_one_replication_a_set_tells_nothing_apart():
    assert math.isnan(split(synthetic(10, 1, 1.0, 1.0), 1).share)


def test_a_set_with_a_missing_value_is_left_out():
    assert split(np.array([1.0, 3.0, math.nan, 9.0, 7.0, 9.0]), 2).sets == 2
