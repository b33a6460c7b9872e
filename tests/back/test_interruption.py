"""What is left when a run is stopped from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from waiting import until, until_busy

pytestmark = pytest.mark.back

BUSY = 4.0  # seconds of processor time after which imports are over and replications under way
PATIENCE = 60  # seconds until a command that should have ended counts as hanging


def _begun(begin, folder, jobs, busy=True):
    """A run far too long to end by itself, well on its way or just begun."""
    words = ["run", "do_nothing", "-n", "5000", "--jobs", str(jobs), "--out", "run"]
    how = {"cwd": folder, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    begun = begin([sys.executable, "-m", "flowsim", *words], **how)
    if busy:
        until_busy(begun.pid, BUSY * jobs)
    return begun


def test_a_run_asked_to_end_keeps_a_whole_folder_or_none(begin, tmp_path):
    run = _begun(begin, tmp_path, jobs=1)
    run.terminate()
    _, errors = run.communicate(timeout=PATIENCE)
    assert run.returncode == 130, errors
    assert [(one / "report.html").is_file() for one in tmp_path.iterdir()] in ([], [True])


def _born(process):
    """The workers of a process that have begun to load."""
    return [one for one in psutil.Process(process).children() if "popen_loky" in " ".join(one.cmdline())]


@pytest.mark.parametrize("at_work", [False, True])
def test_workers_leave_with_a_parent_that_was_killed(begin, tmp_path, at_work):
    run = _begun(begin, tmp_path, jobs=2, busy=at_work)
    until(lambda: _born(run.pid))
    run.kill()
    run.communicate(timeout=PATIENCE)  # ends once no worker holds the pipes any more
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_while_workers_load_is_told_in_one_line(begin, tmp_path):
    run = _begun(begin, tmp_path, jobs=2, busy=False)
    born = until(lambda: _born(run.pid))
    told = dict(line.split(":", 1) for line in Path(f"/proc/{born[0].pid}/status").read_text().splitlines())
    assert int(told["SigBlk"], 16) & 1 << signal.SIGINT - 1, "a worker that loads can be interrupted"
    os.killpg(run.pid, signal.SIGINT)
    _, errors = run.communicate(timeout=PATIENCE)
    assert (run.returncode, len(errors.splitlines())) == (130, 1), errors
