"""The worked calibration: its targets can be read as they stand, and its page says what came of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowsim.calibration import read_targets

pytestmark = pytest.mark.docs

FOLDER = Path(__file__).parents[2] / "experiments" / "calibrate_base_year"


def test_its_targets_pass_their_checks_and_are_small_enough_for_a_laptop() -> None:
    asked = read_targets(FOLDER / "targets.yaml")

    assert len(asked.parameters) >= 5
    assert [one.name for one in asked.targets if one.hold_out]
    assert asked.waves * asked.points * asked.replications <= 500


def test_its_page_says_question_command_and_answer_with_a_picture() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")

    for word in ("**Question.**", "**Command.**", "**Answer.**", "flowsim calibrate experiments/calibrate_base_year/"):
        assert word in page, word
    assert "](picture.png)" in page
    assert (FOLDER / "picture.png").read_bytes().startswith(b"\x89PNG")


def test_its_page_shows_every_target_and_parameter() -> None:
    page, asked = (FOLDER / "README.md").read_text(encoding="utf-8"), read_targets(FOLDER / "targets.yaml")

    missing = [
        one for one in [*(p.path for p in asked.parameters), *(t.name for t in asked.targets)] if one not in page
    ]
    assert missing == []
