"""Wards small enough to be solved, as in ``experiments/exact_what_ifs`` but with fewer replications."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.chains import Chain
from experiments.exact_what_ifs.measure import Answer, answered
from experiments.exact_what_ifs.questions import QUESTIONS
from experiments.exact_what_ifs.wards import Ward

pytestmark = pytest.mark.theory

HOME_FIRST, STEP_DOWN, FIRST_DAYS = QUESTIONS
D2A, *_, VALVE = HOME_FIRST.alternatives


@pytest.fixture(scope="module")
def year() -> Answer:
    """The old process, D2A, and D2A with a valve."""
    return answered(replace(HOME_FIRST, alternatives=(D2A, VALVE)), 40, seed=1)


@pytest.fixture(scope="module")
def fortnight() -> Answer:
    """The first days of an empty ward."""
    return answered(FIRST_DAYS, 10, seed=1)


@pytest.mark.parametrize("question", ["year", "fortnight"])
def test_every_measure_is_within_four_standard_errors_of_its_exact_value(question: str, request) -> None:
    found: Answer = request.getfixturevalue(question)
    assert len(found.rows) > 30
    assert [row for row in found.rows if not row.agrees] == []


@pytest.mark.parametrize("question", ["year", "fortnight"])
def test_every_paired_difference_is_within_four_standard_errors_of_the_exact_one(question: str, request) -> None:
    found: Answer = request.getfixturevalue(question)
    assert [one for one in found.differences if abs(one.z) > 4.0] == []


def test_intervals_of_differences_cover_the_exact_ones_as_often_as_they_say(year: Answer) -> None:
    told = [one for one in year.differences if one.informative]
    missed = sum(not one.covers for one in told)
    assert missed <= 2  # of some twenty at 97.5 %, which go together: three would be a fault in 500


def test_runs_are_long_enough_for_agreement_to_mean_something(year: Answer) -> None:
    assert max(row.relative_error for row in year.rows if row.exact) < 0.08


def test_blocking_behind_blocking_is_solved_for_everybody_who_comes_in() -> None:
    """What comes in goes out: people sent elsewhere and admitted are those who present, but for who still waits."""
    exact = replace(STEP_DOWN.base, beds=2, room=1).exact
    assert exact["admissions"] + exact["diverted"] == pytest.approx(exact["presentations"], abs=0.05)


def test_a_ward_that_is_no_markov_chain_is_refused() -> None:
    with pytest.raises(ValueError, match="with a valve, saved = delay"):
        Ward("half a delay", accepted=0.5, valve=True)


def test_a_chain_spends_its_time_as_its_transient_solution_says() -> None:
    """On and off at rates 1 and 3, beginning off: on for 1/4 (1 − (1 − e^−4t) / 4t) of the first t days."""
    chain = Chain(0, lambda state: [(1.0, 1)] if state == 0 else [(3.0, 0)])
    assert chain.mean_over(0.0, 0.5, float) == pytest.approx(0.25 * (1 - 0.864664716763387 / 2), abs=1e-12)
    assert chain.mean(float) == pytest.approx(0.25)
