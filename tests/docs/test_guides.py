"""The guide for planners and the page for modellers from HSMA say what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from flowsim.app.levers import CHOSEN, GROUPS, LEVERS, ROLLED_OUT, choice_words
from flowsim.app.page import SECTIONS
from flowsim.cli.app import app

pytestmark = pytest.mark.docs

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
HSMA = (ROOT / "docs" / "hsma.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("experiments/*/README.md"))]


@pytest.mark.parametrize("block", re.findall(r"```python\n(.*?)```", HSMA, re.DOTALL))
def test_the_code_for_modellers_runs(block: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(block, "docs/hsma.md", "exec"), {})
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: "/".join(page.parts[-2:]))
def test_commands_a_page_names_exist(page: Path) -> None:
    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"(?:`|bin/)flowsim ([a-z]+)\b", page.read_text(encoding="utf-8")))
    assert named <= known


def test_the_guide_names_what_is_on_the_page() -> None:
    emphasised = set(re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", GUIDE))
    on_the_page = {*GROUPS, *SECTIONS, "Stop", "A sceptic's view", "Open", "all done", "base", "seed"}
    assert emphasised <= on_the_page
    assert len(emphasised & set(GROUPS)) >= 5
    assert len(emphasised & set(SECTIONS)) >= 5


def test_the_choices_that_the_guide_quotes_are_offered() -> None:
    words = re.findall(r'"([^"]* as set here)"', " ".join(GUIDE.split()))
    offered = [choice_words(lever, CHOSEN, "") for lever in LEVERS if lever.id in ROLLED_OUT]
    assert words
    assert [one for one in words if one not in offered] == []
