"""What is said of mutants is what was measured."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.docs

ROOT = Path(__file__).parents[2]
HERE = ROOT / "experiments" / "mutation"
KINDS = ("same result", "wording", "types only", "not tested")


def measured() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads((HERE / "results.json").read_text(encoding="utf-8"))["modules"]
    return found


def listed() -> list[dict[str, str]]:
    with (HERE / "survivors.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_exactly_the_survivors_are_listed() -> None:
    survived = [
        (module, str(one["line"]), one["function"], one["before"], one["after"])
        for module, known in measured().items()
        for one in known["survivors"]
    ]

    assert [tuple(row.values())[:5] for row in listed()] == survived


def test_every_survivor_is_explained() -> None:
    assert [row for row in listed() if not row["reason"].startswith(tuple(f"{kind}: " for kind in KINDS))] == []


def test_nine_of_ten_mutants_were_killed_in_every_part() -> None:
    for part in ("pools", "journey", "population", "measures"):
        mine = [known for module, known in measured().items() if module.split("/")[1].removesuffix(".py") == part]
        tried, alive = sum(one["tried"] for one in mine), sum(len(one["survivors"]) for one in mine)
        assert tried >= 100, part
        assert 1 - alive / tried >= 0.9, part


def test_the_page_says_how_many_were_tried_and_killed() -> None:
    tried = sum(one["tried"] for one in measured().values())
    alive = len(listed())
    page = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")

    assert f"{100 * (tried - alive) / tried:.1f} % of {tried:,} mutants were killed" in " ".join(page.split())


def test_the_page_of_the_experiment_says_question_command_and_answer() -> None:
    page = (HERE / "README.md").read_text(encoding="utf-8")

    assert [heading for heading in ("**Question.**", "**Command.**", "**Answer.**") if heading not in page] == []
    assert "python -m experiments.mutation.run" in page
