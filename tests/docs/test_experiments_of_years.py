"""The winter mix and the ten years: pages are those of the kept numbers, and a choice is what its numbers say."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from experiments.pages import wrapped
from experiments.ten_years import page as ten_years
from experiments.winter_mix import choice
from experiments.winter_mix import page as winter_mix
from experiments.winter_mix.costs import terms
from flowsim.decide.front_question import read_front
from flowsim.decide.verdict import Constraint

pytestmark = pytest.mark.docs

ROOT = Path(__file__).parents[2] / "experiments"
AT_MOST_10 = Constraint(10.0, name="beds")


def _page(name: str) -> str:
    return (ROOT / name / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["winter_mix", "ten_years"])
def test_a_page_says_question_command_time_and_answer_and_shows_its_pictures(name: str) -> None:
    page = _page(name)

    for heading in ("**Question.**", "**Command.**", "**Answer.**"):
        assert heading in page, heading
    assert re.search(r"\*\*Command\.\*\*.*\b\d[\d,]* (s|minutes)\b", page)
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page)
    assert shown
    assert all((ROOT / name / one).read_bytes().startswith(b"\x89PNG") for one in shown)


@pytest.mark.parametrize("section", ["answer", "question", "targets", "prices"])
def test_the_page_of_the_winter_mix_is_that_of_the_kept_numbers(section: str) -> None:
    assert wrapped(winter_mix.sections()[section]).strip() in _page("winter_mix")


def test_the_page_of_the_ten_years_is_that_of_the_kept_numbers() -> None:
    found = json.loads((ROOT / "ten_years" / "results.json").read_text(encoding="utf-8"))

    for name, text in ten_years.sections(found).items():
        assert wrapped(text).strip() in _page("ten_years"), name


def test_the_design_of_the_winter_mix_can_be_run_as_it_stands() -> None:
    asked = read_front(ROOT / "winter_mix" / "design.yaml")
    first = asked.build(asked.grid()[0])

    assert len(asked.grid()) == 75
    assert (first.clock.window_days, terms()["target"]["measure"]) == (182, "escalation_beds_p95")


def test_the_choice_is_the_cheapest_that_surely_meets_the_target() -> None:
    spread = np.array([-1.0, 0.0, 1.0, 0.0])
    costs = np.array([1.0, 2.0, 3.0])[:, None] + np.zeros(4)
    beds = np.array([9.9, 5.0, 1.0])[:, None] + spread  # the first may be above 10

    found = choice.choose(costs, beds, AT_MOST_10, 0.05, "test")

    assert found.best == 1
    assert [one.meets for one in found.verdicts] == [None, True, True]
    assert [one.mean for one in found.dearer] == [-1.0, 0.0, 1.0]
    assert 0.0 < found.again < 1.0  # some resamples have the first below 10


def test_without_a_mix_that_surely_meets_the_target_nothing_is_chosen() -> None:
    found = choice.choose(np.ones((2, 3)), np.full((2, 3), 11.0), AT_MOST_10, 0.05, "test")

    assert (found.best, found.dearer) == (None, ())


def test_what_is_run_again_holds_the_cheapest_that_surely_meets_the_target() -> None:
    costs = np.arange(4.0)[:, None] + np.zeros(4)
    beds = np.array([20.0, 9.9, 9.9, 1.0])[:, None] + np.array([-1.0, 0.0, 1.0, 0.0])

    assert choice.still_in_question(costs, beds, AT_MOST_10, 0.05, 1) == [1, 3]
