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


def test_five_questions_are_answered() -> None:
    assert (PAGE.count("\n## "), len(COMMANDS), len(FILES)) == (5, 3, 3)
