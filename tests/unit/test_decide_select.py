"""Ranking and selection: what each method chooses, from how much, and what it refuses."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from flowsim.decide import METHODS, SampleError, select
from flowsim.decide.budget import shares
from flowsim.decide.twostage import rinott_constant, within

pytestmark = pytest.mark.unit

BUDGET = {"ocba": 200}


def noisy(means, sds, seed=0, length=5000):
    """Normal systems as a draw."""
    table = np.random.default_rng(seed).normal(size=(len(means), length)) * np.array(sds)[:, None]
    table += np.array(means)[:, None]
    return lambda system, replication: float(table[system, replication])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("goal", "best"), [("max", 2), ("min", 0)])
def test_the_clear_best_is_chosen_for_either_goal(method, goal, best):
    draw = noisy([-5.0, 0.0, 5.0], [1.0, 2.0, 1.0])
    found = select(draw, 3, method=method, goal=goal, indifference=1.0, at_most=BUDGET.get(method, 10_000))
    assert found.best == best


@pytest.mark.parametrize("method", METHODS)
def test_means_are_those_of_the_samples_whatever_the_goal(method):
    draw = noisy([1.0, 3.0], [1.0, 1.0])
    found = select(draw, 2, method=method, goal="min", indifference=1.0, at_most=100)
    expected = [np.mean([draw(at, one) for one in range(count)]) for at, count in enumerate(found.samples)]
    assert found.means == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_systems_that_never_vary_are_told_apart_by_the_first_stage(method):
    found = select(lambda system, _: float(system == 3), 5, method=method, indifference=0.1, first_stage=4, at_most=500)
    assert (found.best, found.samples) == (3, (4,) * 5)


@pytest.mark.parametrize("method", METHODS)
def test_of_equal_systems_the_first_is_chosen(method):
    assert select(lambda *_: 2.0, 4, method=method, indifference=0.1).best == 0


@pytest.mark.parametrize("method", ["kn", "kn++"])
def test_systems_that_always_differ_by_the_same_need_only_the_first_stage(method):
    luck = noisy([0.0], [100.0])
    found = select(lambda at, one: luck(0, one) + 0.001 * at, 3, method=method, indifference=0.0001, first_stage=5)
    assert (found.best, found.samples) == (2, (5, 5, 5))


def test_a_hundred_systems_are_ranked():
    assert select(noisy(np.arange(100.0), [1.0] * 100), 100, indifference=1.0).best == 99


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_sample_that_is_no_number_is_named(method, bad):
    with pytest.raises(SampleError, match="system 1, replication 3"):
        select(lambda at, one: bad if (at, one) == (1, 3) else float(at), 2, method=method, indifference=1.0)


@pytest.mark.parametrize("method", ["kn", "kn++", "rinott"])
def test_a_promise_that_the_budget_does_not_allow_is_not_made(method):
    found = select(noisy([0.0, 0.1], [5.0, 5.0]), 2, method=method, indifference=0.1, at_most=50)
    assert (found.sure, sum(found.samples) <= 50, found.probability < 0.95) == (False, True, True)


def test_ocba_spends_its_budget_exactly():
    assert sum(select(noisy([0.0, 1.0, 2.0], [1.0, 2.0, 3.0]), 3, method="ocba", at_most=101).samples) == 101


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"indifference": 0.0}, "indifference above 0"),
        ({"indifference": -1.0}, "indifference"),
        ({"indifference": math.nan}, "indifference"),
        ({"confidence": 0.5}, "confidence"),
        ({"confidence": 1.0}, "confidence"),
        ({"first_stage": 1}, "first_stage"),
        ({"at_most": 19}, "at_most"),
        ({"method": "best"}, "method"),
        ({"goal": "most"}, "goal"),
    ],
)
def test_rules_out_of_range_are_refused_by_name(wrong, words):
    with pytest.raises(ValueError, match=words):
        select(lambda *_: 0.0, 2, **{"indifference": 1.0, **wrong})


def test_one_system_is_refused():
    with pytest.raises(ValueError, match="2 to 1000 systems"):
        select(lambda *_: 0.0, 1, indifference=1.0)


def test_the_draw_is_told_ahead_what_it_will_be_asked():
    class Foreseen:
        def __init__(self):
            self.known = []

        def prefetch(self, pairs):
            self.known += pairs

        def __call__(self, system, replication):
            assert (system, replication) in self.known
            return float(system) + replication % 3

    assert select(Foreseen(), 3, indifference=0.5).best == 2


def test_history_only_ever_loses_systems():
    found = select(noisy([0.0, 1.0, 2.0, 2.5], [1.0] * 4), 4, indifference=0.3)
    assert all(set(later.systems) < set(first.systems) for first, later in pairwise(found.history))


@pytest.mark.parametrize(("systems", "first_stage", "h"), [(2, 20, 2.453), (2, 10_001, math.sqrt(2) * 1.64485)])
def test_rinott_constant_is_that_of_the_tables(systems, first_stage, h):
    assert rinott_constant(systems, 0.95, first_stage) == pytest.approx(h, abs=1e-3)


@pytest.mark.parametrize("first_stage", [2, 3, 10, 50])
def test_rinott_constant_solves_its_integral_by_another_rule(first_stage):
    from scipy.integrate import quad
    from scipy.stats import chi2, norm

    h, free = rinott_constant(4, 0.9, first_stage), first_stage - 1
    law = chi2(free)

    def inner(u):
        y = law.ppf(u)
        found = quad(lambda v: norm.cdf(h / math.sqrt(free * (1 / law.ppf(v) + 1 / y))), 0, 1, limit=200)[0]
        return found**3

    nodes, weights = np.polynomial.legendre.leggauss(24)
    total = sum(w / 2 * inner((x + 1) / 2) for x, w in zip(nodes, weights, strict=True))
    assert total == pytest.approx(0.9, abs=2e-3)  # 24 nodes, steep at the edge for 1 degree of freedom


def test_ocba_shares_follow_the_published_ratio():
    found = shares(np.array([5.0, 4.0, 2.0]), np.array([1.0, 4.0, 9.0]))
    assert found[1] / found[2] == pytest.approx((2.0 / 1.0) ** 2 / (3.0 / 3.0) ** 2)
    assert found[0] == pytest.approx(1.0 * math.sqrt(found[1] ** 2 / 4.0 + found[2] ** 2 / 9.0))


def test_a_second_stage_beyond_the_budget_is_cut_in_proportion():
    assert within([10, 30, 50], 10, 60) == [10, 20, 30]
