"""Experiments that come with a design: each can be run as it stands, and its page says what came of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from experiments.pages import wrapped
from experiments.whose_assumption_matters import page
from flowsim.sweeps import expected, read_study
from flowsim.uncertain.question import read_question

pytestmark = pytest.mark.docs

ROOT = Path(__file__).parents[2] / "experiments"
DESIGNS = {path.parent.name: path for path in sorted(ROOT.glob("*/design.yaml"))}
_DECISIONS = ("solve", "select", "front", "sensitivity")


def _tree(name: str) -> dict[str, Any]:
    tree: dict[str, Any] = YAML(typ="safe").load(DESIGNS[name].read_text(encoding="utf-8"))
    return tree


SENSITIVITY = "whose_assumption_matters"
SWEEPS = [name for name in DESIGNS if not set(_DECISIONS) & set(_tree(name)) and name != SENSITIVITY]


def _page(name: str) -> str:
    return (ROOT / name / "README.md").read_text(encoding="utf-8")


def test_the_four_worked_sweeps_are_there() -> None:
    assert {"huddle_pace_effect", "life_capacity", "d2a_order_dates", "escalation_trigger_winter"} <= set(SWEEPS)


@pytest.mark.parametrize("name", SWEEPS)
def test_a_sweep_passes_its_checks_and_is_small_enough_for_a_laptop(name: str) -> None:
    study = read_study(DESIGNS[name])

    assert study.design.name == name
    assert 1 < len(study.points) * study.design.first_look <= 400


def test_the_second_design_of_discharge_to_assess_can_be_run_too() -> None:
    study = read_study(ROOT / "d2a_order_dates" / "enough_slots.yaml")

    assert len(study.points) == 4


def test_a_dry_run_of_a_sweep_says_its_points_and_runs() -> None:
    found = expected(read_study(DESIGNS["d2a_order_dates"]))

    assert (found.points, found.runs) == (12, 130)  # the baseline is run too
    assert 0 < found.seconds_per_run < 60


@pytest.mark.parametrize("name", SWEEPS)
def test_the_page_of_a_sweep_says_question_command_time_and_answer(name: str) -> None:
    page = _page(name)

    for heading in ("**Question.**", "**Command.**", "**Run time.**", "**Answer.**"):
        assert heading in page, heading
    assert f"flowsim sweep experiments/{name}/design.yaml" in page


@pytest.mark.parametrize("name", SWEEPS)
def test_the_page_of_a_sweep_shows_pictures_that_are_there(name: str) -> None:
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", _page(name))

    assert "picture.png" in shown
    assert all((ROOT / name / one).read_bytes().startswith(b"\x89PNG") for one in shown)


@pytest.mark.parametrize(("file", "most"), [("design.yaml", 1_600), ("knowing.yaml", 400)])
def test_the_sensitivity_analyses_pass_their_checks_and_are_small_enough_for_a_laptop(file: str, most: int) -> None:
    question = read_question(ROOT / SENSITIVITY / file)
    scenarios = len(dict.fromkeys(question.study.fingerprints))

    assert scenarios * question.design.replications <= most


def test_the_page_of_the_sensitivity_analysis_says_question_command_time_and_answer() -> None:
    page = _page(SENSITIVITY)

    for heading in ("**Question.**", "**Command.**", "**Run time.**", "**Answer.**"):
        assert heading in page, heading
    assert f"flowsim sensitivity experiments/{SENSITIVITY}/design.yaml" in page.replace("\n", " ")


def test_the_page_and_the_register_are_those_of_the_kept_results() -> None:
    """What the script writes from its results and the evidence is what stands there."""
    found = json.loads((ROOT / SENSITIVITY / "results.json").read_text(encoding="utf-8"))
    assumptions = (ROOT.parent / "docs" / "assumptions.md").read_text(encoding="utf-8")

    assert page.page(found) == _page(SENSITIVITY)
    assert wrapped(page.register(found)).strip() in assumptions
