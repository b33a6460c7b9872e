"""Decisions stopped by the user: what was run is kept, and the exit code says so."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from waiting import until_busy

pytestmark = pytest.mark.behaviour

WORLD = "scenario: theory/mmc, set: {clock.warm_up_days: 10, clock.window_days: 400}, seed: 0"
WARD = "hospital.wards.Ward"
DESIGNS = {
    "select": f"{{{WORLD}, parameter: {WARD}, values: [4, 5], measure: bed_days, goal: min, indifference: 0.001,"
    " first_stage: 50000, at_most: 1000000}",
    "solve": f"{{{WORLD}, parameter: {WARD}, low: 4, high: 6, first_stage: 50000, at_most: 50000,"
    " constraint: {measure: bed_days, at_most: 1}}",
    "front": f"{{{WORLD}, parameters: {{{WARD}: {{values: [4, 5]}}}}, minimise: [bed_days, wait_for_bed_hours_mean],"
    " replications: 50000}",
}
BUSY = 4.0
"""Seconds of processor time after which imports are over and replications are finished."""


def stopped(begin: Callable[..., subprocess.Popen[str]], folder: Path, command: str, jobs: int) -> tuple[int, str]:
    """Exit code and standard error of a command that is stopped by Ctrl-C on its way."""
    (folder / "design.yaml").write_text(f"{command}: {DESIGNS[command]}\n", encoding="utf-8")
    words = [sys.executable, "-m", "flowsim", command, "design.yaml", "--out", "kept", "--jobs", str(jobs), "-q"]
    running = begin(words, cwd=folder, text=True, stderr=subprocess.PIPE)
    until_busy(running.pid, BUSY * jobs)
    os.killpg(running.pid, signal.SIGINT)
    said = running.communicate(timeout=60)[1]
    return running.returncode, said


@pytest.mark.parametrize(("command", "jobs"), [("select", 1), ("solve", 1), ("front", 1), ("front", 2)])
def test_what_was_run_is_kept(begin, tmp_path, command, jobs):
    code, said = stopped(begin, tmp_path, command, jobs)
    assert code == 130, said
    tree = json.loads((tmp_path / "kept" / "answer.json").read_text(encoding="utf-8"))
    with (tmp_path / "kept" / "samples.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert tree["stopped"] is True
    assert len(rows) == tree["replications"] > 0
    assert f"{len(rows)} replications" in said
