"""What the README and the shipped configurations say is true: every block runs."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import flowsim as fs
from flowsim.config.problems import ConfigError

pytestmark = pytest.mark.docs

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MONEY = ROOT / "configs" / "money"
OTHERS = ("broken.yaml", "claims.yaml", "evidence.yaml")
SCENARIOS = sorted(path for path in ROOT.glob("configs/**/*.yaml") if path.name not in OTHERS and path.parent != MONEY)


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def flowsim(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flowsim", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.parametrize("line", [line for block in blocks("bash") for line in block.splitlines() if line.strip()])
def test_every_command_of_the_readme_runs(line: str, tmp_path: Path) -> None:
    program, *arguments = shlex.split(line, comments=True)
    assert program == ".venv/bin/flowsim"
    done = flowsim(arguments, tmp_path)
    assert done.returncode == 0, done.stderr
    if "life_small --set" in line:  # the answer that is quoted
        (quoted,) = re.findall(r"^> (.*?)\n\n", README, re.MULTILINE | re.DOTALL)
        assert _words(quoted.replace("\n> ", " ")) in _words(done.stdout)


def _words(text: str) -> str:
    return " ".join(text.split())


def test_the_python_block_runs() -> None:
    (block,) = blocks("python")
    exec(compile(block, "README.md", "exec"), {})
    assert "fs.compare" in block


def test_the_overlay_of_the_readme_is_a_scenario(tmp_path: Path) -> None:
    (block,) = blocks("yaml")
    path = tmp_path / "study.yaml"
    path.write_text(block, encoding="utf-8")
    assert fs.load(path).name == "later_and_smaller"


def test_the_readme_has_the_two_commands() -> None:
    (block,) = blocks("console")
    first, second = block.strip().splitlines()
    assert first.endswith(".venv/bin/flowsim compare configs/do_nothing.yaml configs/transition_year.yaml")
    assert second == "python3 -m venv .venv && .venv/bin/pip install -e '.[dev]' && .venv/bin/pytest"


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_shipped_configuration_runs_a_short_while(path: Path) -> None:
    scenario = fs.load(path)
    days = min(60.0, scenario.clock.horizon)
    short = scenario.with_(clock={"warm_up_days": 0, "window_days": days})
    assert len(fs.simulate(short, seed=0).spell["at"]) > 0


def test_the_broken_configuration_is_refused() -> None:
    with pytest.raises(ConfigError, match="did you mean slots"):
        fs.load(ROOT / "configs" / "broken.yaml")


def test_links_of_the_documents_lead_somewhere() -> None:
    for page in [
        ROOT / "README.md",
        *sorted((ROOT / "docs").glob("*.md")),
        *sorted(ROOT.glob("experiments/*/README.md")),
    ]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page}: {target}"
