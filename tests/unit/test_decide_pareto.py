"""The Pareto front, and the search for it."""

from __future__ import annotations

import sys

import pandas as pd
import pytest

from flowsim.decide import pareto_front
from flowsim.decide.pareto import SearchMissingError, search

pytestmark = pytest.mark.unit

POINTS = pd.DataFrame({"name": list("abcde"), "cost": [1.0, 2.0, 3.0, 2.0, 4.0], "days": [9.0, 5.0, 5.0, 5.0, 1.0]})


def test_only_points_that_nothing_beats_are_kept_and_equal_ones_all():
    assert list(pareto_front(POINTS, ["cost", "days"])["name"]) == ["a", "b", "d", "e"]


def test_more_may_be_better():
    assert list(pareto_front(POINTS, ["cost"], ["days"])["name"]) == ["a"]


def test_a_point_that_its_interval_might_lose_is_not_clear():
    table = pd.DataFrame({"x": [1.0, 2.0, 9.0], "y": [9.0, 8.9, 1.0], "x_half": [0.1] * 3, "y_half": [0.3] * 3})
    assert list(pareto_front(table, ["x", "y"])["clear"]) == [True, False, True]


@pytest.mark.parametrize(("columns", "words"), [(["cst"], "no column 'cst'"), ([], "at least one column")])
def test_columns_that_are_not_there_are_named(columns, words):
    with pytest.raises(ValueError, match=words):
        pareto_front(POINTS, columns)


def test_a_number_that_is_missing_is_named():
    with pytest.raises(ValueError, match="cost is not a number in row 1"):
        pareto_front(pd.DataFrame({"cost": [1.0, float("nan")]}), ["cost"])


@pytest.mark.filterwarnings("default")  # of optuna's own dependencies
def test_a_search_comes_near_the_front_and_is_the_same_again():
    def work(at):
        return [at["slots"] ** 2 + at["share"], (at["slots"] - 4) ** 2 + at["share"]]

    ranges = {"slots": (0, 20), "share": (0.0, 1.0)}
    found = search(work, ranges, points=120, seed=0, names=["cost", "days"])
    again = search(work, ranges, points=120, seed=0, names=["cost", "days"])
    pd.testing.assert_frame_equal(found, again)
    assert pareto_front(found, ["cost", "days"])["slots"].between(0, 4).all()


@pytest.mark.parametrize("ranges", [{}, {"slots": (5, 3)}])
def test_empty_ranges_are_refused(ranges):
    with pytest.raises(ValueError, match="range"):
        search(lambda _: [0.0], ranges, points=5, names=["cost"])


def test_a_search_without_optuna_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(SearchMissingError, match="pip install"):
        search(lambda _: [0.0], {"slots": (0, 1)}, points=5, names=["cost"])
