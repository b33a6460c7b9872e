"""What the page of what-ifs tells a planner to write is accepted."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flowsim.cli.app import app

pytestmark = pytest.mark.docs

PAGE = (Path(__file__).parents[2] / "docs" / "what_ifs.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"```bash\nflowsim compare (.*?)\n```", PAGE)
PARTS = re.findall(r"```bash\nflowsim attribute (.*?)\n```", PAGE)
FILES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("arguments", COMMANDS)
def test_the_scenarios_of_a_what_if_are_accepted(arguments: str) -> None:
    done = CliRunner().invoke(app, ["check", *shlex.split(arguments)])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("text", FILES, ids=lambda text: re.findall(r"name: (\w+)", text)[0])
def test_the_file_of_a_what_if_is_accepted(text: str, tmp_path: Path) -> None:
    file = tmp_path / "study.yaml"
    file.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(app, ["check", str(file)])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("arguments", PARTS)
def test_the_parts_of_a_what_if_are_accepted(arguments: str) -> None:
    short = ["--set", "clock.warm_up_days=1", "--set", "clock.window_days=2", "--dry-run"]
    done = CliRunner().invoke(app, ["attribute", *shlex.split(arguments), *short])
    assert done.exit_code == 0, done.output


def test_six_questions_are_answered() -> None:
    assert (PAGE.count("\n## "), len(COMMANDS), len(PARTS), len(FILES)) == (6, 3, 2, 4)
